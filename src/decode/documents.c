/*
 * Documents of several lines: JSON over more than one, entries of the
 * journal's export format, CSV rows with newlines in quotes, and the events
 * that ausearch prints. extent.c says where one ends; here they are held from
 * frame to frame, decoded, or given up as broken and their lines counted.
 */
#include "decode/decoder.h"

static uint64_t count_newlines(struct span text)
{
	uint64_t count = 0;

	for (size_t i; (i = span_index(text, '\n')) < text.len; text = span_skip(text, i + 1))
		count++;
	return count;
}

void decoder_undecoded(struct decoder *decoder, const char *kind, const struct document *document)
{
	decoder->summary->undecoded_lines += 1 + count_newlines(document->text);
	summary_count(decoder->summary->undecoded, kind, document->text, &document->origin);
}

struct document decoder_document(const struct decoder *decoder, struct span text)
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
		return decoder_document(decoder, here);
	if (here.data)
		buffer_add(&decoder->held, here);
	return (struct document){ buffer_span(&decoder->held), decoder->held_origin, &decoder->held_frame };
}

/* The frame ends inside of the open document. */
void document_hold(struct decoder *decoder)
{
	const char *end = decoder->frame.bytes.data + decoder->frame.bytes.len;

	if (decoder->held.len == 0) {
		decoder->held_frame = decoder->frame;
		decoder->held_origin = decoder_document(decoder, (struct span){ decoder->start, 0 }).origin;
	}
	buffer_add(&decoder->held, (struct span){ decoder->start, (size_t)(end - decoder->start) });
	decoder->start = end;
}

void document_close(struct decoder *decoder)
{
	decoder->open = OPEN_NONE;
	/* the bytes stay where they are until something is held again, which is not before the queue is empty */
	buffer_reset(&decoder->held);
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
		return result == DRESS_BROKEN	  ? "json broken"
		       : result == DRESS_NO_EVENT ? "json without an event"
						  : "json of no known kind";
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
		if (result != DRESS_DONE)
			decoder_undecoded(decoder, document_kind(decoder->open, result), &document);
		if (result == DRESS_NOT_MINE || result == DRESS_NO_EVENT)
			decoder->queue.count = before;
	}
	document_close(decoder);
}

/* What is open turned out to be none: all of it up to `end` is counted. */
static void give_up_document(struct decoder *decoder, const char *end)
{
	struct document document = open_document(decoder, end);

	decoder->summary->lines += count_newlines(document.text);
	decoder->unfinished = document.text.len && !span_ends(document.text, SPAN("\n"));
	document.text = span_trim(document.text);
	if (document.text.len)
		decoder_undecoded(decoder, document_kind(decoder->open, DRESS_BROKEN), &document);
	document_close(decoder);
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

/* Behind an element of a JSON array, up to the end of its line: ",", "]". */
static void skip_array_rest(struct decoder *decoder)
{
	size_t i = 0;

	while (i < decoder->rest.len && decoder->rest.data[i] != '\0' && strchr(JSON_ARRAY_REST, decoder->rest.data[i]))
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
static enum extent_result group_extent(struct decoder *decoder, struct span rest, size_t *used)
{
	for (*used = 0; *used < rest.len; decoder->group_lines++) {
		struct span line = span_skip(rest, *used);
		size_t newline = span_index(line, '\n');
		if (newline == line.len || decoder->group_lines == GROUP_LINES_MAX ||
		    !group_goes_on(decoder, span_first(line, newline)))
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
bool document_continue(struct decoder *decoder)
{
	enum open_kind kind = decoder->open;
	size_t used;
	enum extent_result result = extent_of_open(decoder, &used);

	if (result == EXTENT_MORE) {
		decoder->rest = span_skip(decoder->rest, decoder->rest.len);
		document_hold(decoder);
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

void document_open(struct decoder *decoder, enum open_kind kind)
{
	decoder->open = kind;
	decoder->start = decoder->rest.data;
	memset(&decoder->extent, 0, sizeof(decoder->extent));
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

/*
 * A single line that looks like all of a JSON object is decoded without a search for its end. Only tried where a
 * line starts: a line of many objects would be looked through once for each.
 */
static bool take_json_line(struct decoder *decoder)
{
	size_t newline = span_index(decoder->rest, '\n'), before = decoder->queue.count;
	struct span line = span_trim(span_first(decoder->rest, newline));

	if (line.len && line.data[line.len - 1] == ',')
		line.len--;
	if (line.len < 2 || line.data[line.len - 1] != '}')
		return false;
	struct document document = decoder_document(decoder, line);
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
bool document_take(struct decoder *decoder)
{
	struct span rest = decoder->rest;
	bool line_start = rest.data == decoder->frame.bytes.data || rest.data[-1] == '\n';
	size_t blanks = 0, skip;

	while (blanks < rest.len && (rest.data[blanks] == ' ' || rest.data[blanks] == '\t'))
		blanks++;
	struct span text = span_skip(rest, blanks);
	if (text.len == 0)
		return false;
	if (decoder_allows(decoder, FORMAT_JSON) && (skip = array_opening(text)) > 0 && skip < text.len &&
	    text.data[skip] == '{') {
		decoder->rest = span_skip(text, skip);
		return true;
	}
	if (decoder_allows(decoder, FORMAT_JSON) && text.data[0] == '{') {
		decoder->rest = text;
		if (!line_start || !take_json_line(decoder))
			document_open(decoder, OPEN_JSON);
		return true;
	}
	if (span_starts(rest, SPAN("__CURSOR=")) ? decoder_allows(decoder, FORMAT_JOURNAL_EXPORT)
						 : decoder->frame.format == FORMAT_JOURNAL_EXPORT) {
		document_open(decoder, OPEN_EXPORT);
		return true;
	}
	if (decoder->csv_header.len && decoder_allows(decoder, FORMAT_CSV) && !line_begins_header(text)) {
		document_open(decoder, OPEN_CSV);
		return true;
	}
	return false;
}

/* A line of ausearch's output opens a group; its "----" and "time->" go by. */
bool document_take_group(struct decoder *decoder, struct span line)
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
	document_open(decoder, OPEN_GROUP);
	memcpy(decoder->key, key.data, key.len);
	decoder->key_len = key.len;
	decoder->group_separated = separated;
	decoder->group_lines = 0;
	return true;
}

/* The end of a stream is the end of what is open. */
void document_flush(struct decoder *decoder)
{
	switch (decoder->open) {
	case OPEN_NONE:
		break;
	case OPEN_TAIL:
		tail_finish(decoder);
		break;
	case OPEN_JSON:
		give_up_document(decoder, decoder->start);
		break;
	case OPEN_EXPORT:
	case OPEN_CSV:
	case OPEN_GROUP:
		decoder->unfinished = !span_ends(buffer_span(&decoder->held), SPAN("\n"));
		finish_document(decoder, decoder->start);
		break;
	}
	decoder->summary->lines += decoder->unfinished;
	decoder->unfinished = false;
}
