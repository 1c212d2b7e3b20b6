/*
 * Cuts frames into lines and documents, finds each one's dress, and hands out
 * records.
 *
 * The usual line, raw audit text that begins with "type=" or "node=", takes
 * the short way: next_raw() parses its header in place and the record borrows
 * from the frame. Everything else goes through the queue:
 *
 *            ┌────────── line of its own ──────────┐
 *   IDLE ────┤                                     ├──▶ queue ──▶ IDLE
 *            └─▶ OPEN (JSON, export, CSV, group) ──┘
 *                  │ frame used up         ▲
 *                  ▼                       │ next frame
 *                held (a copy of what there is so far)
 *
 * 1. While a document is open, its bytes are `held` and then the frame from
 *    `start` on; what is queued from a held document stays valid until the
 *    queue is empty.
 * 2. A stream's last line without a newline is held as a TAIL: if the next
 *    stream continues this one (a log cut into parts), both halves are one line.
 */
#include "decode/decode.h"

#include <stdlib.h>

#include "decode/dress.h"
#include "decode/extent.h"

enum open_kind {
	OPEN_NONE,
	OPEN_TAIL,
	OPEN_JSON,
	OPEN_EXPORT,
	OPEN_CSV,
	OPEN_GROUP, /* the lines of one event as ausearch prints it */
};

struct decoder {
	struct summary *summary;
	struct queue queue;
	struct frame frame;
	struct span host; /* the frame's */
	struct span rest; /* of the frame */

	enum open_kind open;
	union {
		struct json_extent json;
		struct export_extent export;
		struct csv_extent csv;
	} extent;
	const char *start;	  /* of the open document in this frame */
	struct buffer held;	  /* its bytes of earlier frames */
	struct frame held_frame;  /* the frame that it began in */
	struct origin held_origin;
	char key[64];		  /* OPEN_GROUP: what its lines have in msg=audit(…) */
	size_t key_len;

	struct buffer csv_header; /* empty when the stream has none */
	bool separated;		  /* the last line was ausearch's "----" */
	bool group_separated;	  /* as it was when the group opened */
	bool stream_start;	  /* no line of the stream has been seen */
	bool unfinished;	  /* the stream's last line lacks its newline and was decoded all the same */
	bool flush;		  /* the stream has ended: what is open is complete or broken */
	bool reset;		  /* … and a new one starts */
};

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
		decoder->flush |= csv_is_defender_header(span_trim(span_first(frame->bytes, span_index(frame->bytes, '\n'))));
}

void decoder_end(struct decoder *decoder)
{
	decoder->rest = (struct span){ "", 0 };
	decoder->start = decoder->rest.data;
	decoder->flush = true;
}

static uint64_t count_newlines(struct span text)
{
	uint64_t count = 0;

	for (size_t i; (i = span_index(text, '\n')) < text.len; text = span_skip(text, i + 1))
		count++;
	return count;
}

static void count_undecoded(struct decoder *decoder, const char *kind, const struct document *document)
{
	decoder->summary->undecoded_lines += 1 + count_newlines(document->text);
	summary_count(decoder->summary->undecoded, kind, document->text, &document->origin);
}

static bool is_binary(struct span text)
{
	struct span head = span_first(text, 256);
	size_t control = 0;

	for (size_t i = 0; i < head.len; i++) {
		unsigned char c = (unsigned char)head.data[i];
		if (c == 0)
			return true;
		control += c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != 0x1b && c != 0x1d;
	}
	return control * 8 > head.len;
}

static const char *kind_of_undecoded(struct span text)
{
	if (is_binary(text))
		return "binary";
	if (span_starts(text, SPAN("type=")) || span_find(text, SPAN("audit(")) < text.len)
		return "audit header broken";
	return "unknown text";
}

static struct document document_in_frame(const struct decoder *decoder, struct span text)
{
	struct document document = { text, decoder->frame.origin, &decoder->frame };

	document.origin.offset += (uint64_t)(text.data - decoder->frame.bytes.data);
	return document;
}

/* The open document up to `end` in this frame, made one piece if it began in an earlier one. */
static struct document open_document(struct decoder *decoder, const char *end)
{
	struct span here = { decoder->start, (size_t)(end - decoder->start) };

	if (decoder->held.len == 0)
		return document_in_frame(decoder, here);
	buffer_add(&decoder->held, here);
	return (struct document){ buffer_span(&decoder->held), decoder->held_origin, &decoder->held_frame };
}

/* The frame ends inside of the open document. */
static void hold(struct decoder *decoder)
{
	const char *end = decoder->frame.bytes.data + decoder->frame.bytes.len;

	if (decoder->held.len == 0) {
		decoder->held_frame = decoder->frame;
		decoder->held_origin = document_in_frame(decoder, (struct span){ decoder->start, 0 }).origin;
	}
	buffer_add(&decoder->held, (struct span){ decoder->start, (size_t)(end - decoder->start) });
	decoder->start = end;
}

static void close_document(struct decoder *decoder)
{
	decoder->open = OPEN_NONE;
	/* the bytes stay where they are until something is held again, which is not before the queue is empty */
	buffer_reset(&decoder->held);
}

static bool begins_header(struct span text)
{
	return span_starts(text, SPAN("type=")) || span_starts(text, SPAN("node=")) || span_starts(text, SPAN("host="));
}

static bool only_brackets(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0' || !strchr("[], \t", text.data[i]))
			return false;
	return true;
}

/* Text that is nobody's by design: separators, comments, what is around the elements of a JSON array. */
static bool is_filler(struct span text)
{
	return text.len == 0 || text.data[0] == '#' || span_starts(text, SPAN("---")) || only_brackets(text) ||
	       span_equal(text, SPAN("<no matches>"));
}

/* One line that is complete and belongs to no document. */
static void decode_line(struct decoder *decoder, struct document document)
{
	enum dress_result result = DRESS_NOT_MINE;
	size_t before = decoder->queue.count;

	if (span_ends(document.text, SPAN("\r")))
		document.text.len--;
	struct span trimmed = span_trim(document.text);
	if (is_filler(trimmed))
		return;
	if (document.frame->format >= FORMAT_JSON) {
		result = DRESS_NOT_MINE;
	} else if (ausearch_interpreted(trimmed)) {
		result = decode_ausearch(&document, &decoder->queue);
	} else {
		if (!begins_header(trimmed))
			result = decode_syslog(&document, &decoder->queue);
		if (result == DRESS_NOT_MINE)
			result = decode_audit(&document, &decoder->queue);
	}
	if (result == DRESS_DONE)
		return;
	decoder->queue.count = before;
	count_undecoded(decoder, kind_of_undecoded(trimmed), &document);
}

static enum dress_result decode_document(struct decoder *decoder, const struct document *document)
{
	switch (decoder->open) {
	case OPEN_JSON:
		return decode_json(document, &decoder->queue);
	case OPEN_EXPORT:
		return decode_journal_export(document, &decoder->queue);
	case OPEN_CSV:
		return decode_csv(document, buffer_span(&decoder->csv_header), &decoder->queue);
	case OPEN_GROUP:
		return decode_ausearch(document, &decoder->queue);
	case OPEN_NONE:
	case OPEN_TAIL:
		break;
	}
	return DRESS_NOT_MINE;
}

static const char *document_kind(enum open_kind open, enum dress_result result)
{
	switch (open) {
	case OPEN_JSON:
		return result == DRESS_BROKEN ? "json broken" : "json of no known kind";
	case OPEN_EXPORT:
		return "journal export entry broken";
	case OPEN_CSV:
		return result == DRESS_BROKEN ? "csv row broken" : "csv row of no known kind";
	case OPEN_GROUP:
	case OPEN_NONE:
	case OPEN_TAIL:
		break;
	}
	return "audit header broken";
}

/* The open document is all there; `end` is behind its last byte in this frame. */
static void finish_document(struct decoder *decoder, const char *end)
{
	struct document document = open_document(decoder, end);
	size_t before = decoder->queue.count;

	decoder->summary->lines += count_newlines(document.text);
	document.text = span_trim(document.text);
	if (document.text.len) {
		enum dress_result result = decode_document(decoder, &document);
		if (result != DRESS_DONE) {
			decoder->queue.count = before;
			count_undecoded(decoder, document_kind(decoder->open, result), &document);
		}
	}
	close_document(decoder);
}

/* What is open turned out to be none: all of it up to `end` is counted. */
static void give_up_document(struct decoder *decoder, const char *end)
{
	struct document document = open_document(decoder, end);

	decoder->summary->lines += count_newlines(document.text);
	document.text = span_trim(document.text);
	if (document.text.len)
		count_undecoded(decoder, document_kind(decoder->open, DRESS_BROKEN), &document);
	close_document(decoder);
}

/* The start of the line in which the byte at `at` stands, within what the open document has of this frame. */
static const char *line_begin(const struct decoder *decoder, const char *at)
{
	const char *newline = at > decoder->start ? memrchr(decoder->start, '\n', (size_t)(at - decoder->start)) : NULL;

	if (newline)
		return newline + 1;
	return decoder->held.len && decoder->held.data[decoder->held.len - 1] == '\n' ? decoder->start : NULL;
}

static const char *line_end(struct span rest)
{
	size_t newline = span_index(rest, '\n');

	return rest.data + newline + (newline < rest.len);
}

/* The byte at rest.data[used] does not belong to the open document: the line that it stands in is looked at anew. */
static void break_document(struct decoder *decoder, size_t used)
{
	const char *frame_end = decoder->rest.data + decoder->rest.len;
	const char *begin = line_begin(decoder, decoder->rest.data + used);

	if (!begin || (begin == decoder->start && decoder->held.len == 0))
		begin = line_end(span_skip(decoder->rest, used));
	give_up_document(decoder, begin);
	decoder->rest = (struct span){ begin, (size_t)(frame_end - begin) };
}

#define ARRAY_REST " \t\r,]"

/* Behind an element of a JSON array, up to the end of its line: ",", "]". */
static void skip_array_rest(struct decoder *decoder)
{
	size_t i = 0;

	while (i < decoder->rest.len && decoder->rest.data[i] != '\0' && strchr(ARRAY_REST, decoder->rest.data[i]))
		i++;
	decoder->unfinished = i == decoder->rest.len;
	if (i < decoder->rest.len && decoder->rest.data[i] == '\n') {
		decoder->summary->lines++;
		i++;
	}
	decoder->rest = span_skip(decoder->rest, i);
}

static bool group_goes_on(const struct decoder *decoder, struct span line)
{
	return span_equal(ausearch_key(line), (struct span){ decoder->key, decoder->key_len });
}

/* Lines of one event; "time->" in front of them has been skipped. */
static enum extent_result group_extent(const struct decoder *decoder, struct span rest, size_t *used)
{
	for (*used = 0; *used < rest.len;) {
		struct span line = span_skip(rest, *used);
		size_t newline = span_index(line, '\n');
		if (newline == line.len || !group_goes_on(decoder, span_first(line, newline)))
			return EXTENT_DONE;
		*used += newline + 1;
	}
	return EXTENT_MORE;
}

static void finish_group(struct decoder *decoder, bool separated)
{
	size_t before = decoder->queue.count;

	finish_document(decoder, decoder->rest.data);
	if (separated && decoder->group_separated && decoder->queue.count > before)
		decoder->queue.items[decoder->queue.count - 1].whole_event = true;
}

static enum extent_result extent_of_open(struct decoder *decoder, size_t *used)
{
	switch (decoder->open) {
	case OPEN_JSON:
		return json_extent(&decoder->extent.json, decoder->rest, used);
	case OPEN_EXPORT:
		return export_extent(&decoder->extent.export, decoder->rest, used);
	case OPEN_CSV:
		return csv_extent(&decoder->extent.csv, decoder->rest, used);
	case OPEN_GROUP:
		return group_extent(decoder, decoder->rest, used);
	case OPEN_NONE:
	case OPEN_TAIL:
		break;
	}
	*used = 0;
	return EXTENT_BROKEN;
}

/* Goes on with the open document; false when the frame is used up. */
static bool continue_document(struct decoder *decoder)
{
	enum open_kind kind = decoder->open;
	size_t used;
	enum extent_result result = extent_of_open(decoder, &used);

	if (result == EXTENT_MORE) {
		decoder->rest = span_skip(decoder->rest, decoder->rest.len);
		hold(decoder);
		if (decoder->held.failed || decoder->held.len > EXTENT_BYTES_MAX || decoder->frame.cut)
			give_up_document(decoder, decoder->start);
		return false;
	}
	if (result == EXTENT_BROKEN) {
		break_document(decoder, used);
		return true;
	}
	decoder->rest = span_skip(decoder->rest, used);
	if (kind == OPEN_GROUP) {
		finish_group(decoder, span_starts(decoder->rest, SPAN("----")));
	} else {
		finish_document(decoder, decoder->rest.data);
		if (kind == OPEN_JSON)
			skip_array_rest(decoder);
	}
	return true;
}

static void open_at_rest(struct decoder *decoder, enum open_kind kind)
{
	decoder->open = kind;
	decoder->start = decoder->rest.data;
	memset(&decoder->extent, 0, sizeof(decoder->extent));
}

static bool allows(const struct decoder *decoder, enum format format)
{
	return decoder->frame.format == FORMAT_AUTO || decoder->frame.format == format;
}

/* "[" in front of JSON's elements, and not dmesg's "[ 12.34] ". Returns what to skip. */
static size_t array_opening(struct span rest)
{
	size_t i = 1;

	if (rest.data[0] != '[')
		return 0;
	while (i < rest.len && (rest.data[i] == ' ' || rest.data[i] == '\t' || rest.data[i] == '\r'))
		i++;
	return i == rest.len || rest.data[i] == '{' || rest.data[i] == '\n' ? i : 0;
}

/* A single line that looks like all of a JSON object is decoded without a search for its end. */
static bool take_json_line(struct decoder *decoder)
{
	size_t newline = span_index(decoder->rest, '\n'), before = decoder->queue.count;
	struct span line = span_trim(span_first(decoder->rest, newline));

	if (line.len && line.data[line.len - 1] == ',')
		line.len--;
	if (line.len < 2 || line.data[line.len - 1] != '}')
		return false;
	struct document document = document_in_frame(decoder, line);
	if (decode_json(&document, &decoder->queue) != DRESS_DONE) {
		decoder->queue.count = before;
		return false;
	}
	decoder->summary->lines += newline < decoder->rest.len;
	decoder->unfinished = newline == decoder->rest.len;
	decoder->rest = span_skip(decoder->rest, newline + 1);
	return true;
}

/* Opens what begins at rest and may be more than a line. True when something was taken or opened. */
static bool take_document(struct decoder *decoder)
{
	struct span rest = decoder->rest;
	size_t blanks = 0, skip;

	while (blanks < rest.len && (rest.data[blanks] == ' ' || rest.data[blanks] == '\t'))
		blanks++;
	struct span text = span_skip(rest, blanks);
	if (text.len == 0)
		return false;
	if (allows(decoder, FORMAT_JSON) && (skip = array_opening(text)) > 0 && skip < text.len &&
	    text.data[skip] == '{') {
		decoder->rest = span_skip(text, skip);
		return true;
	}
	if (allows(decoder, FORMAT_JSON) && text.data[0] == '{') {
		decoder->rest = text;
		if (!take_json_line(decoder))
			open_at_rest(decoder, OPEN_JSON);
		return true;
	}
	if (span_starts(rest, SPAN("__CURSOR=")) ? allows(decoder, FORMAT_JOURNAL_EXPORT)
						 : decoder->frame.format == FORMAT_JOURNAL_EXPORT) {
		open_at_rest(decoder, OPEN_EXPORT);
		return true;
	}
	if (decoder->csv_header.len && allows(decoder, FORMAT_CSV) && !begins_header(text)) {
		open_at_rest(decoder, OPEN_CSV);
		return true;
	}
	return false;
}

/* A line of ausearch's output opens a group; its "----" and "time->" go by. */
static bool take_group(struct decoder *decoder, struct span line)
{
	if (span_starts(line, SPAN("----"))) {
		decoder->separated = true;
		return false;
	}
	if (decoder->separated && span_starts(line, SPAN("time->")))
		return true;
	bool separated = decoder->separated;
	struct span key = ausearch_key(line);
	decoder->separated = false;
	if (!key.len || key.len > sizeof(decoder->key) || !(separated || ausearch_interpreted(line)))
		return false;
	open_at_rest(decoder, OPEN_GROUP);
	memcpy(decoder->key, key.data, key.len);
	decoder->key_len = key.len;
	decoder->group_separated = separated;
	return true;
}

static void skip_line(struct decoder *decoder, size_t newline)
{
	decoder->rest = span_skip(decoder->rest, newline + 1);
	decoder->summary->lines++;
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
	size_t newline = span_index(decoder->rest, '\n');
	struct span line = span_first(decoder->rest, newline);
	if (first && (decoder->frame.format == FORMAT_CSV ||
		      (decoder->frame.format == FORMAT_AUTO && csv_is_defender_header(span_trim(line))))) {
		buffer_add(&decoder->csv_header, span_trim(line));
		skip_line(decoder, newline);
		return true;
	}
	if (take_document(decoder))
		return true;
	if (newline == decoder->rest.len && !decoder->frame.cut) {
		open_at_rest(decoder, OPEN_TAIL);
		decoder->rest = span_skip(decoder->rest, newline);
		hold(decoder);
		return false;
	}
	if (newline < decoder->rest.len && take_group(decoder, line)) {
		if (decoder->open == OPEN_NONE)
			skip_line(decoder, newline);
		return true;
	}
	skip_line(decoder, newline);
	decode_line(decoder, document_in_frame(decoder, line));
	return true;
}

/* Whether a line makes sense without what stood before it. Its records are not kept. */
static bool stands_alone(struct decoder *decoder, struct span line)
{
	struct document document = document_in_frame(decoder, line);
	uint64_t audit_lost = decoder->queue.audit_lost;
	size_t before = decoder->queue.count;
	struct record record = { 0 };

	if (begins_header(line))
		return audit_parse(line, &record) || ausearch_interpreted(line);
	if (line.len && (line.data[0] == '{' || span_starts(line, SPAN("----"))))
		return true;
	document.origin = decoder->frame.origin;
	bool alone = decode_syslog(&document, &decoder->queue) == DRESS_DONE;
	decoder->queue.count = before;
	decoder->queue.audit_lost = audit_lost;
	return alone;
}

/* Each can stand inside of the next: audit records, dmesg's lines, syslog's. */
static int wrapping_depth(struct span line)
{
	if (begins_header(line))
		return 0;
	return span_starts(line, SPAN("[")) ? 1 : 2;
}

/* The TAIL of the stream before, as a line of its own. */
static void finish_tail(struct decoder *decoder)
{
	struct document document = { buffer_span(&decoder->held), decoder->held_origin, &decoder->held_frame };

	decoder->summary->lines++;
	decode_line(decoder, document);
	close_document(decoder);
}

/* The stream goes on: is its first line the other half of the TAIL? The inside of the TAIL's dress makes no new line. */
static void join_tail(struct decoder *decoder)
{
	size_t newline = span_index(decoder->rest, '\n'), tail = decoder->held.len;
	struct span first = span_first(decoder->rest, newline);
	bool brackets = only_brackets(buffer_span(&decoder->held));
	bool complete = newline < decoder->rest.len || decoder->frame.cut;
	bool alone = decoder->frame.starts && wrapping_depth(first) >= wrapping_depth(buffer_span(&decoder->held)) &&
		     stands_alone(decoder, first);

	if (alone && !brackets && stands_alone(decoder, buffer_span(&decoder->held))) {
		finish_tail(decoder);
		return;
	}
	buffer_add(&decoder->held, first);
	if (span_starts(buffer_span(&decoder->held), SPAN("__CURSOR="))) { /* not a line but a document */
		decoder->held.len = tail;
		open_at_rest(decoder, OPEN_EXPORT);
		export_extent(&decoder->extent.export, buffer_span(&decoder->held), &tail);
		return;
	}
	if ((alone || brackets) && !stands_alone(decoder, buffer_span(&decoder->held))) {
		decoder->held.len = tail;
		if (brackets) /* what is around the elements of a JSON array: the rest of that line follows */
			close_document(decoder);
		else
			finish_tail(decoder);
		return;
	}
	decoder->rest = span_skip(decoder->rest, newline + 1);
	decoder->start = decoder->rest.data;
	if (complete)
		finish_tail(decoder);
}

/* The end of a stream is the end of what is open. */
static void flush(struct decoder *decoder)
{
	decoder->flush = false;
	decoder->summary->lines += decoder->unfinished;
	decoder->unfinished = false;
	switch (decoder->open) {
	case OPEN_NONE:
		break;
	case OPEN_TAIL:
		finish_tail(decoder);
		break;
	case OPEN_JSON:
		decoder->summary->lines++;
		give_up_document(decoder, decoder->start);
		break;
	case OPEN_EXPORT:
	case OPEN_CSV:
	case OPEN_GROUP:
		finish_document(decoder, decoder->start);
		break;
	}
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
		flush(decoder);
		return true;
	}
	if (decoder->reset)
		reset(decoder);
	if (decoder->rest.len == 0)
		return false;
	decoder->summary->lines += decoder->unfinished && !memchr(ARRAY_REST "\n", decoder->rest.data[0], 6);
	decoder->unfinished = false;
	if (decoder->open == OPEN_TAIL) {
		join_tail(decoder);
		return true;
	}
	return decoder->open == OPEN_NONE ? take_any(decoder) : continue_document(decoder);
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

/* The short way for a whole line of raw audit text that holds one record. */
static bool next_raw(struct decoder *decoder, struct record *record)
{
	struct span rest = decoder->rest;
	bool forgeable;

	if (rest.len < 5 || (memcmp(rest.data, "type=", 5) != 0 && memcmp(rest.data, "node=", 5) != 0))
		return false;
	if (decoder->open != OPEN_NONE || decoder->separated || decoder->flush || decoder->reset ||
	    decoder->frame.format > FORMAT_AUDIT)
		return false;
	const char *newline = memchr(rest.data, '\n', rest.len);
	if (!newline)
		return false;
	/* The loops below see the header once and the body twice: for 0x1d in audit_parse, for '(' in audit_glued. */
	struct span line = { rest.data, (size_t)(newline - rest.data) };
	if (line.len && newline[-1] == '\r')
		line.len--;
	record->trust = decoder->frame.trust;
	record->node = decoder->host;
	if (!audit_parse(line, record) ||
	    audit_glued(line, (size_t)(record->body.data - line.data), &forgeable) != 0)
		return false;
	record->whole_event = false;
	record->raw = line;
	record->origin = decoder->frame.origin;
	record->origin.offset += (uint64_t)(line.data - decoder->frame.bytes.data);
	record->program = record->message = (struct span){ "", 0 };
	record->pid = 0;
	record->lost = 0;
	decoder->rest = (struct span){ newline + 1, (size_t)(rest.data + rest.len - newline - 1) };
	decoder->stream_start = false;
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
