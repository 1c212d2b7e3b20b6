#include "source/parts.h"

#include <stdlib.h>

#include "source/ahead.h"
#include "source/members.h"
#include "source/opening.h"
#include "source/place.h"

struct parts {
	struct inputs *inputs;
	size_t next;
	struct input *input;	 /* whose parts are being read, or NULL */
	struct members *members; /* of an archive */
	const struct stream *stream;
	const char *current;
	bool broken;	   /* there is no part before, or it did not come to its end: nothing continues it */
	uint64_t done;	   /* bytes on disk of the inputs that are through */
	uint64_t not_logs; /* compressed files in directories that turned out to be none */
};

struct parts *parts_create(struct inputs *inputs)
{
	struct parts *parts = calloc(1, sizeof(*parts));

	if (!parts)
		return NULL;
	parts->inputs = inputs;
	parts->current = "";
	parts->broken = true;
	if (inputs->threads > 1) {
		struct ahead_inputs what = opening_ahead(inputs);
		inputs->ahead = ahead_create(inputs->threads, &what);
	}
	return parts;
}

void parts_destroy(struct parts *parts)
{
	if (!parts)
		return;
	members_destroy(parts->members);
	ahead_destroy(parts->inputs->ahead);
	parts->inputs->ahead = NULL;
	free(parts);
}

/* The input cannot be read, wholly or any further. */
static void give_up(struct parts *parts, struct stream *stream, bool broken)
{
	stream_close(stream);
	parts->done += parts->input ? parts->input->size : 0;
	parts->input = NULL;
	parts->broken |= broken;
}

static void note_shrank(struct parts *parts, const char *name, uint64_t left, uint64_t expected)
{
	summary_note(parts->inputs->summary, true, false,
		     "%s shrank while it was read: %lu of %lu bytes were left; if it was rotated, scan again",
		     place_shown(name).text, (unsigned long)left, (unsigned long)expected);
}

/* As text lies on disk: of a compressed file, nobody knows how much it holds. */
static uint64_t expected_of(const struct input *input)
{
	bool as_it_lies = input->content == CONTENT_TEXT || input->content == CONTENT_BINARY;

	return as_it_lies && input->path ? input->size : 0;
}

static void note_empty(struct parts *parts)
{
	bool only = parts->inputs->count == 1 && parts->inputs->failed == 0;

	if (expected_of(parts->input))
		note_shrank(parts, parts->input->name, 0, expected_of(parts->input));
	else if (parts->input->named)
		summary_note(parts->inputs->summary, false, only, "%s is empty: there is nothing to scan in it",
			     place_shown(parts->input->name).text);
}

static void note_vanished(struct parts *parts, const struct err *err)
{
	summary_note(parts->inputs->summary, true, false,
		     "cannot open %s any more: %s; it was there when the scan began, so scan again for what it held",
		     place_shown(parts->input->name).text, err->text);
}

static void note_binary(struct parts *parts, const char *what, const char *remedy)
{
	summary_note(parts->inputs->summary, false, true, "%s is %s and was not read; %s",
		     place_shown(parts->input->name).text, what, remedy);
}

/* Whether text or what looks binary is to be read as a log. */
static bool is_wanted(struct parts *parts, struct stream *stream, enum content content)
{
	const struct input *input = parts->input;

	if (opening_wants(parts->inputs, input, content, stream_peek(stream)))
		return true;
	if (input->named && content == CONTENT_BINARY)
		note_binary(parts, "binary", "name a log, or force its format with --source");
	parts->not_logs += !input->named && !input->chosen;
	return false;
}

static bool take_text(struct parts *parts, struct stream *stream, struct part *part)
{
	struct input *input = parts->input;
	enum format format = parts->inputs->format;

	*part = (struct part){
		.stream = stream,
		.expected = expected_of(input),
		.frame = {
			.origin.file = input->name,
			.host = input->host,
			.format = input->content == CONTENT_JOURNAL ? FORMAT_JOURNAL_EXPORT : format,
			.trust = place_trust(span_of(input->place)),
			.continues = input->continues && !parts->broken,
			.modified_ms = input->modified_ms,
		},
	};
	parts->stream = stream;
	parts->broken = false;
	return true;
}

static struct stream *open_stream(struct parts *parts, enum content *content, struct err *err)
{
	struct ahead *ahead = parts->inputs->ahead;
	struct stream *stream;

	if (ahead && ahead_take(ahead, parts->next - 1, &stream, content))
		return stream;
	return opening_stream(parts->input, ahead, content, err);
}

/* True: *part is the input. False: it has no part, or has members. */
static bool open_input(struct parts *parts, struct part *part)
{
	struct err err = { 0 };
	enum content content;
	struct stream *stream = open_stream(parts, &content, &err);

	parts->current = parts->input->name;
	if (!stream) {
		note_vanished(parts, &err);
		give_up(parts, NULL, true);
		return false;
	}
	bool broken = stream->head_end < 0 && content == CONTENT_EMPTY;
	if (content == CONTENT_TAR || content == CONTENT_ZIP) {
		parts->members = members_create(parts->inputs, parts->input, stream);
		return false;
	}
	if (content == CONTENT_JOURNAL && parts->input->path)
		return take_text(parts, stream, part);
	if (broken || ((content == CONTENT_TEXT || content == CONTENT_BINARY) && is_wanted(parts, stream, content)))
		return take_text(parts, stream, part);
	if (content == CONTENT_EMPTY)
		note_empty(parts);
	if (content == CONTENT_COMPRESSED)
		summary_note(parts->inputs->summary, true, false,
			     "%s begins as compressed data but cannot be decompressed; get a whole copy of it",
			     place_shown(parts->input->name).text);
	if (content == CONTENT_JOURNAL)
		note_binary(parts, "a journal in a pipe or compressed", "unpack it and name the file");
	give_up(parts, stream, content != CONTENT_EMPTY);
	return false;
}

static void note_not_logs(struct parts *parts)
{
	if (parts->not_logs)
		summary_note(parts->inputs->summary, false, false,
			     "%lu compressed files in directories do not look like logs and were skipped; name one to "
			     "have it read",
			     (unsigned long)parts->not_logs);
	parts->not_logs = 0;
}

static bool take_member(struct parts *parts, struct part *part)
{
	part->frame.continues &= !parts->broken;
	parts->broken = false;
	return true;
}

bool parts_next(struct parts *parts, struct part *part)
{
	for (;;) {
		if (parts->members && members_next(parts->members, part))
			return take_member(parts, part);
		if (parts->members) {
			members_destroy(parts->members);
			parts->members = NULL;
			give_up(parts, NULL, true);
		}
		if (parts->next == parts->inputs->count)
			break;
		parts->input = &parts->inputs->items[parts->next++];
		if (open_input(parts, part))
			return true;
	}
	note_not_logs(parts);
	return false;
}

static void note_broken(struct parts *parts, const struct part *part, const struct err *broke)
{
	const struct origin *origin = &part->frame.origin;

	summary_note(
		parts->inputs->summary, true, false,
		"%s%s%s is broken or cut short: %s; what could be read before that was scanned, get a whole copy for "
		"the rest",
		place_shown(origin->file).text, origin->member ? ": " : "",
		place_shown(origin->member ? origin->member : "").text, broke->text);
}

void parts_close(struct parts *parts, struct part *part, const struct err *broke)
{
	uint64_t read = stream_position(part->stream);

	if (broke->number)
		note_broken(parts, part, broke);
	else if (read < part->expected)
		note_shrank(parts, part->frame.origin.file, read, part->expected);
	stream_close(part->stream);
	part->stream = NULL;
	parts->stream = NULL;
	if (parts->members)
		parts->broken = broke->number;
	else
		give_up(parts, NULL, broke->number || read < part->expected);
}

void parts_show(struct parts *parts, uint64_t done)
{
	parts->done = done;
}

const char *parts_current(const struct parts *parts)
{
	return parts->current;
}

void parts_progress(const struct parts *parts, uint64_t *done, uint64_t *total)
{
	const struct inputs *inputs = parts->inputs;
	uint64_t here = parts->members ? members_done(parts->members) : 0;
	bool endless = false;

	if (parts->stream && !parts->members)
		here = stream_position(parts->stream);
	*total = 0;
	for (size_t i = 0; i < inputs->count; i++) {
		*total += inputs->items[i].size;
		endless |= !inputs->items[i].path && inputs->items[i].size == 0;
	}
	if (parts->input && here > parts->input->size && !endless)
		here = parts->input->size;
	*done = parts->done + here;
	*total = endless ? 0 : *total;
}
