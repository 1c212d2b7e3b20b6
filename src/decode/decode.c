/*
 * The decoder from outside, and its short way: the usual line, raw audit text
 * that begins with "type=" or "node=", is parsed in place by next_raw() and
 * its record borrows from the frame. All else goes by lines.c or documents.c
 * through the queue.
 */
#include "decode/decode.h"

#include <stdlib.h>

#include "decode/decoder.h"
#include "decode/marks.h"

struct decoder *decoder_create(struct summary *summary)
{
	struct decoder *decoder = calloc(1, sizeof(*decoder));

	if (!decoder)
		return NULL;
	decoder->summary = summary;
	decoder->stream_start = true;
	arena_init(&decoder->queue.arena, 0);
	return decoder;
}

void decoder_destroy(struct decoder *decoder)
{
	if (!decoder)
		return;
	arena_finish(&decoder->queue.arena);
	buffer_finish(&decoder->queue.body);
	free(decoder->queue.items);
	buffer_finish(&decoder->held);
	buffer_finish(&decoder->csv_header);
	free(decoder);
}

void decoder_feed(struct decoder *decoder, const struct frame *frame)
{
	bool new_stream = frame->starts && !frame->continues;

	decoder->frame = *frame;
	decoder->host = span_of(frame->host);
	decoder->rest = frame->bytes;
	decoder->flush |= new_stream;
	decoder->reset |= new_stream;
	decoder->start = frame->bytes.data;
	if (frame->starts && decoder->open == OPEN_CSV)
		decoder->flush |=
			csv_is_defender_header(span_trim(span_first(frame->bytes, span_index(frame->bytes, '\n'))));
}

void decoder_end(struct decoder *decoder)
{
	decoder->rest = (struct span){ "", 0 };
	decoder->start = decoder->rest.data;
	decoder->flush = true;
}

static void skip_line(struct decoder *decoder, size_t newline)
{
	decoder->rest = span_skip(decoder->rest, newline + 1);
	decoder->summary->lines++;
}

/* The first line of a CSV file names its columns. */
static bool take_csv_header(struct decoder *decoder)
{
	size_t newline = span_index(decoder->rest, '\n');
	struct span line = span_trim(span_first(decoder->rest, newline));

	if (decoder->frame.format != FORMAT_CSV &&
	    (decoder->frame.format != FORMAT_AUTO || !csv_is_defender_header(line)))
		return false;
	buffer_add(&decoder->csv_header, line);
	skip_line(decoder, newline);
	return true;
}

/* A line, or the TAIL of the stream. */
static bool take_line(struct decoder *decoder)
{
	size_t newline = span_index(decoder->rest, '\n');
	struct span line = span_first(decoder->rest, newline);

	if (newline == decoder->rest.len && !decoder->frame.cut) {
		document_open(decoder, OPEN_TAIL);
		decoder->rest = span_skip(decoder->rest, newline);
		document_hold(decoder);
		return false;
	}
	if (newline < decoder->rest.len && document_take_group(decoder, line)) {
		if (decoder->open == OPEN_NONE)
			skip_line(decoder, newline);
		return true;
	}
	skip_line(decoder, newline);
	line_decode(decoder, decoder_document(decoder, line));
	return true;
}

/* Whatever is at rest, the long way. False when the frame is used up. */
static bool take_any(struct decoder *decoder)
{
	bool first = decoder->stream_start;

	if (first && span_starts(decoder->rest, SPAN("\xef\xbb\xbf")))
		decoder->rest = span_skip(decoder->rest, 3);
	decoder->stream_start = false;
	if (decoder->rest.len == 0)
		return false;
	return (first && take_csv_header(decoder)) || document_take(decoder) || take_line(decoder);
}

static void reset(struct decoder *decoder)
{
	decoder->reset = false;
	decoder->stream_start = true;
	decoder->separated = false;
	decoder->queue.audit_lost = 0;
	buffer_reset(&decoder->csv_header);
}

/* Fills the empty queue, or fails to because the frame is used up. */
static bool take(struct decoder *decoder)
{
	if (decoder->flush) {
		decoder->flush = false;
		document_flush(decoder);
		return true;
	}
	if (decoder->reset)
		reset(decoder);
	if (decoder->rest.len == 0)
		return false;
	char next = decoder->rest.data[0];
	decoder->summary->lines += decoder->unfinished && !(next && strchr(JSON_ARRAY_REST "\n", next));
	decoder->unfinished = false;
	if (decoder->open == OPEN_TAIL) {
		tail_join(decoder);
		return true;
	}
	return decoder->open == OPEN_NONE ? take_any(decoder) : document_continue(decoder);
}

static bool next_queued(struct decoder *decoder, struct record *record)
{
	struct queue *queue = &decoder->queue;

	if (queue->next == queue->count) {
		queue->next = queue->count = 0;
		if (queue->arena.used)
			arena_reset(&queue->arena);
		return false;
	}
	*record = queue->items[queue->next++];
	decoder->summary->records += record->kind == RECORD_AUDIT;
	decoder->summary->log_lines += record->kind == RECORD_LOG;
	return true;
}

static bool may_be_raw(const struct decoder *decoder)
{
	struct span rest = decoder->rest;

	return rest.len >= 5 && (memcmp(rest.data, "type=", 5) == 0 || memcmp(rest.data, "node=", 5) == 0) &&
	       decoder->open == OPEN_NONE && !decoder->separated && !decoder->flush && !decoder->reset &&
	       decoder->frame.format <= FORMAT_AUDIT;
}

/* The short way for a whole line of raw audit text that holds one record. */
static bool next_raw(struct decoder *decoder, struct record *record)
{
	struct span rest = decoder->rest, type;
	bool forgeable;

	if (!may_be_raw(decoder))
		return false;
	record->trust = decoder->frame.trust;
	record->node = decoder->host;
	const char *begin = audit_header(rest, &decoder->last_key, &type, record);
	if (!begin)
		return false;
	size_t header = (size_t)(begin - rest.data);
	struct marks marks = marks_find(span_skip(rest, header));
	size_t newline = header + marks.newline;
	struct span line = { rest.data, newline };
	if (newline == rest.len || (marks.second && audit_glued(line, header, &forgeable) != 0))
		return false;
	if (line.data[line.len - 1] == '\r')
		line.len--;
	audit_take_body(record, type, (struct span){ begin, marks.separator });
	record->whole_event = false;
	record->raw = line;
	record->origin = decoder->frame.origin;
	record->origin.offset += (uint64_t)(line.data - decoder->frame.bytes.data);
	record->program = record->message = (struct span){ "", 0 };
	record->pid = 0;
	record->lost = 0;
	decoder->stream_start = false;
	decoder->rest = span_skip(rest, newline + 1);
	decoder->summary->lines++;
	decoder->summary->records++;
	return true;
}

bool decoder_next(struct decoder *decoder, struct record *record)
{
	do {
		if (next_queued(decoder, record) || next_raw(decoder, record))
			return true;
	} while (take(decoder) || decoder->queue.next < decoder->queue.count);
	return false;
}
