/*
 * Lines: which dress one is in, what its kind is when it is in none, and
 * whether the last one of a stream goes on in the next.
 */
#include "decode/decoder.h"

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

bool line_begins_header(struct span text)
{
	return span_starts(text, SPAN("type=")) || span_starts(text, SPAN("node=")) || span_starts(text, SPAN("host="));
}

bool line_is_brackets(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0' || !strchr("[], \t", text.data[i]))
			return false;
	return true;
}

/* Text that is nobody's by design: separators, comments, what is around the elements of a JSON array. */
static bool is_filler(struct span text)
{
	return text.len == 0 || text.data[0] == '#' || span_starts(text, SPAN("---")) || line_is_brackets(text) ||
	       span_equal(text, SPAN("<no matches>"));
}

/* One line that is complete and belongs to no document. */
void line_decode(struct decoder *decoder, struct document document)
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
		if (!line_begins_header(trimmed))
			result = decode_syslog(&document, &decoder->queue);
		if (result == DRESS_NOT_MINE)
			result = decode_audit(&document, &decoder->queue);
	}
	if (result == DRESS_DONE)
		return;
	if (result != DRESS_BROKEN)
		decoder->queue.count = before;
	decoder_undecoded(decoder, kind_of_undecoded(trimmed), &document);
}

/* Whether a line makes sense without what stood before it. Its records are not kept. */
static bool stands_alone(struct decoder *decoder, struct span line)
{
	struct document document = decoder_document(decoder, line);
	uint64_t audit_lost = decoder->queue.audit_lost;
	size_t before = decoder->queue.count;
	struct record record = { 0 };

	if (line_begins_header(line))
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
	if (line_begins_header(line))
		return 0;
	return span_starts(line, SPAN("[")) ? 1 : 2;
}

/* The TAIL of the stream before, as a line of its own. */
void tail_finish(struct decoder *decoder)
{
	struct document document = { buffer_span(&decoder->held), decoder->held_origin, &decoder->held_frame };

	decoder->summary->lines++;
	line_decode(decoder, document);
	document_close(decoder);
}

/* The stream goes on: is its first line the other half of the TAIL? The inside of the TAIL's dress makes no new line. */
void tail_join(struct decoder *decoder)
{
	size_t newline = span_index(decoder->rest, '\n'), tail = decoder->held.len;
	struct span first = span_first(decoder->rest, newline);
	bool brackets = line_is_brackets(buffer_span(&decoder->held));
	bool complete = newline < decoder->rest.len || decoder->frame.cut || tail > EXTENT_BYTES_MAX;
	bool alone = decoder->frame.starts && wrapping_depth(first) >= wrapping_depth(buffer_span(&decoder->held)) &&
		     stands_alone(decoder, first);

	if (alone && !brackets && stands_alone(decoder, buffer_span(&decoder->held))) {
		tail_finish(decoder);
		return;
	}
	buffer_add(&decoder->held, first);
	if (span_starts(buffer_span(&decoder->held), SPAN("__CURSOR="))) { /* not a line but a document */
		decoder->held.len = tail;
		document_open(decoder, OPEN_EXPORT);
		export_extent(&decoder->extent.export, buffer_span(&decoder->held), &tail);
		return;
	}
	if ((alone || brackets) && !stands_alone(decoder, buffer_span(&decoder->held))) {
		decoder->held.len = tail;
		if (brackets) /* what is around the elements of a JSON array: the rest of that line follows */
			document_close(decoder);
		else
			tail_finish(decoder);
		return;
	}
	decoder->rest = span_skip(decoder->rest, newline + 1);
	decoder->start = decoder->rest.data;
	if (complete)
		tail_finish(decoder);
}
