/*
 * Every line is a message. Frames are cut at newlines; a line is decoded only
 * when its time, its host or its kind is wanted, by itself: what a line means
 * beside others is for those who ask for events.
 *
 * Literals that a message must hold are looked for in the whole frame, so
 * that lines without any cost no more than a search for bytes.
 */
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

/* ---- lines ---- */

void message_lines_feed(struct messages *messages, const struct frame *frame)
{
	bool first = frame->starts && !frame->continues;
	struct stamp ignored;

	messages->frame = *frame;
	messages->rest = frame->bytes;
	message_place_set(messages, &frame->origin);
	messages->finder = (struct literal_finder){ .count = messages->options.literal_count };
	if (messages->finder.count > LITERALS_MAX)
		messages->finder.count = 0;
	if (!first)
		return;
	if (span_starts(messages->rest, SPAN("\xef\xbb\xbf")))
		messages->rest = span_skip(messages->rest, 3);
	stamp_line(messages, span_first(frame->bytes, span_index(frame->bytes, '\n') + 1), true, &ignored);
}

/* The nearest place of any literal at or behind `from`; `end` when there is none. */
static const char *find_literal(struct messages *messages, const char *from, const char *end)
{
	struct literal_finder *finder = &messages->finder;
	const char *nearest = end;

	for (size_t i = 0; i < finder->count; i++) {
		struct span literal = messages->options.literals[i];
		if (!finder->next[i] || finder->next[i] < from) {
			finder->next[i] = from + span_find((struct span){ from, (size_t)(end - from) }, literal);
		}
		if (finder->next[i] < nearest)
			nearest = finder->next[i];
	}
	return nearest;
}

/* Blank lines are no messages, but those passed over are not looked at: they count as lines. */
static void skip_to_literal(struct messages *messages)
{
	struct span rest = messages->rest;
	const char *end = rest.data + rest.len, *at = find_literal(messages, rest.data, end);
	const char *newline = at > rest.data ? memrchr(rest.data, '\n', (size_t)(at - rest.data)) : NULL;
	size_t skipped = at == end ? rest.len : newline ? (size_t)(newline + 1 - rest.data) : 0;

	messages->count += span_count(span_first(rest, skipped), '\n');
	if (at == end && skipped && rest.data[skipped - 1] != '\n')
		messages->count++;
	messages->rest = span_skip(rest, skipped);
}

bool message_lines_next(struct messages *messages, struct message *message)
{
	while (messages->rest.len) {
		if (messages->finder.count)
			skip_to_literal(messages);
		size_t newline = span_index(messages->rest, '\n');
		struct span line = span_first(messages->rest, newline + 1), raw = span_first(line, newline);
		messages->rest = span_skip(messages->rest, newline + 1);
		if (span_ends(raw, SPAN("\r")))
			raw.len--;
		if (!raw.len)
			continue;
		*message = (struct message){ .raw = raw, .selected = messages->finder.count };
		fill_metadata(messages, line, message);
		return true;
	}
	return false;
}
