/*
 * Every line is a message. Frames are cut at newlines; a line is decoded only
 * when its time, its host or its kind is wanted, by itself: what a line means
 * beside others is for those who ask for events.
 *
 * Literals that a message must hold are looked for in the whole frame, so
 * that lines without any cost no more than a search for bytes.
 */
#include <stdlib.h>

#include "engine/messages_parts.h"

/* What a line tells of itself. */
struct stamp {
	enum line_kind kind;
	int64_t time_ms;
	struct span host, program;
};

/* ---- stamps ---- */

static struct span keep(struct buffer *buffer, struct span text)
{
	buffer_reset(buffer);
	buffer_add(buffer, text);
	if (buffer->failed || !text.len)
		return (struct span){ 0 };
	return buffer_span(buffer);
}

/* Of several records of one line, the first that has a time tells. */
static void take_stamps(struct messages *messages, struct stamp *stamp)
{
	struct record record;

	while (decoder_next(messages->decoder, &record)) {
		if (stamp->kind != LINE_UNKNOWN && stamp->time_ms != TIME_UNKNOWN)
			continue;
		stamp->kind = record.kind == RECORD_AUDIT ? LINE_AUDIT : LINE_LOG;
		stamp->time_ms = record.time_ms;
		stamp->host = keep(&messages->host, record.node);
		stamp->program = keep(&messages->program, record.program);
	}
}

/* `line` with its newline. `first`: of its stream, which may be the header of a table. */
static void stamp_line(struct messages *messages, struct span line, bool first, struct stamp *stamp)
{
	struct frame alone = messages->frame;

	*stamp = (struct stamp){ .time_ms = TIME_UNKNOWN };
	alone.origin.offset += (uint64_t)(line.data - alone.bytes.data);
	alone.bytes = line;
	alone.starts = first;
	alone.continues = false;
	decoder_feed(messages->decoder, &alone);
	take_stamps(messages, stamp);
	decoder_end(messages->decoder);
	take_stamps(messages, stamp);
}

static bool is_audit_line(struct span line)
{
	return span_starts(line, SPAN("type=")) && span_find(span_first(line, 64), SPAN(" msg=audit(")) < 64;
}

static void fill_metadata(struct messages *messages, struct span line, struct message *message)
{
	struct message_needs needs = messages->options.needs;
	bool must_tell = needs.category && !messages->place.category.len;
	bool plain_audit = must_tell && is_audit_line(line);
	struct stamp stamp = { .kind = LINE_AUDIT, .time_ms = TIME_UNKNOWN };

	if (needs.time || needs.host || (must_tell && !plain_audit))
		stamp_line(messages, line, false, &stamp);
	message->time_ms = stamp.time_ms;
	message->host = stamp.host.len ? stamp.host : span_of(messages->frame.host);
	message->category =
		must_tell ? category_of_line(stamp.kind, stamp.program, message->raw) : messages->place.category;
	message->name = buffer_span(&messages->place.name);
}

/* ---- literals ---- */

/* The sift takes all of them, or none. */
static struct sift *create_sift(const struct literal *literals, size_t count)
{
	struct sift_text *texts = calloc(count + 1, sizeof(*texts));
	struct sift *sift = NULL;
	struct err ignored;

	for (size_t i = 0; texts && i < count; i++)
		texts[i] = (struct sift_text){ span_first(literals[i].text, SIFT_TEXT_MAX), literals[i].ignore_case,
					       false };
	if (texts)
		sift = sift_create(texts, count, &ignored);
	free(texts);
	return sift;
}

bool message_lines_init(struct messages *messages)
{
	const struct messages_options *options = &messages->options;
	struct literal_finder *finder = &messages->finder;

	if (options->unit != MESSAGE_LINE || !options->literal_count)
		return true;
	if (options->literal_count > 1 || options->literals[0].ignore_case) /* one by its bytes is found faster alone */
		finder->sift = create_sift(options->literals, options->literal_count);
	finder->wanted = finder->sift || options->literal_count <= LITERALS_SHORT_MAX;
	if (!finder->sift)
		return true;
	finder->places = calloc(LITERAL_PLACES, sizeof(*finder->places));
	return finder->places;
}

void message_lines_finish(struct messages *messages)
{
	sift_destroy(messages->finder.sift);
	free(messages->finder.places);
}

static void begin_frame(struct literal_finder *finder)
{
	finder->from = finder->count = finder->used = 0;
	memset(finder->next, 0, sizeof(finder->next));
}

/* The nearest place of any literal at or behind `from`; `end` when there is none. */
static const char *find_short(struct messages *messages, const char *from, const char *end)
{
	struct literal_finder *finder = &messages->finder;
	const char *nearest = end;

	for (size_t i = 0; i < messages->options.literal_count; i++) {
		const struct literal *literal = &messages->options.literals[i];
		struct span rest = { from, (size_t)(end - from) };
		if (!finder->next[i] || finder->next[i] < from)
			finder->next[i] = from + (literal->ignore_case ? span_find_nocase(rest, literal->text)
								       : span_find(rest, literal->text));
		if (finder->next[i] < nearest)
			nearest = finder->next[i];
	}
	return nearest;
}

static const char *find_sifted(struct messages *messages, const char *from, const char *end)
{
	struct literal_finder *finder = &messages->finder;
	struct span frame = messages->frame.bytes;

	for (;;) {
		for (; finder->used < finder->count; finder->used++)
			if (frame.data + finder->places[finder->used].at >= from)
				return frame.data + finder->places[finder->used].at;
		size_t before = finder->from;
		if (before == frame.len)
			return end;
		finder->used = 0;
		finder->count = sift_scan(finder->sift, frame, &finder->from, finder->places, LITERAL_PLACES);
		if (finder->from == before && !finder->count)
			return from;
	}
}

/* Blank lines are no messages, but those passed over are not looked at: they count as lines. */
static void skip_to_literal(struct messages *messages)
{
	struct span rest = messages->rest;
	const char *end = rest.data + rest.len;
	const char *at =
		messages->finder.sift ? find_sifted(messages, rest.data, end) : find_short(messages, rest.data, end);
	const char *newline = at > rest.data ? memrchr(rest.data, '\n', (size_t)(at - rest.data)) : NULL;
	size_t skipped = at == end ? rest.len : newline ? (size_t)(newline + 1 - rest.data) : 0;

	messages->count += span_count(span_first(rest, skipped), '\n');
	if (at == end && skipped && rest.data[skipped - 1] != '\n')
		messages->count++;
	messages->rest = span_skip(rest, skipped);
}

/* ---- lines ---- */

void message_lines_feed(struct messages *messages, const struct frame *frame)
{
	bool first = frame->starts && !frame->continues;
	struct stamp ignored;

	messages->frame = *frame;
	messages->rest = frame->bytes;
	message_place_set(messages, &frame->origin);
	begin_frame(&messages->finder);
	if (!first)
		return;
	if (span_starts(messages->rest, SPAN("\xef\xbb\xbf")))
		messages->rest = span_skip(messages->rest, 3);
	stamp_line(messages, span_first(frame->bytes, span_index(frame->bytes, '\n') + 1), true, &ignored);
}

bool message_lines_next(struct messages *messages, struct message *message)
{
	while (messages->rest.len) {
		if (messages->finder.wanted)
			skip_to_literal(messages);
		size_t newline = span_index(messages->rest, '\n');
		struct span line = span_first(messages->rest, newline + 1), raw = span_first(line, newline);
		messages->rest = span_skip(messages->rest, newline + 1);
		if (span_ends(raw, SPAN("\r")))
			raw.len--;
		if (!raw.len)
			continue;
		*message = (struct message){ .raw = raw, .selected = messages->finder.wanted };
		fill_metadata(messages, line, message);
		return true;
	}
	return false;
}
