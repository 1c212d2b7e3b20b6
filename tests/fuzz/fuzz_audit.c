/* One line through the audit, ausearch and syslog dresses, and their stamps: what they queue lies in the line or the queue. */
#include <stdlib.h>

#include "base/find.h"
#include "decode/dress.h"
#include "decode/marks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Touches all of it, so that the sanitizers see a span that points nowhere. */
static void touch(struct span s)
{
	static volatile unsigned char sum;

	for (size_t i = 0; i < s.len; i++)
		sum = (unsigned char)(sum + s.data[i]);
}

static void check(const struct document *document, struct queue *queue)
{
	for (size_t i = 0; i < queue->count; i++) {
		const struct record *record = &queue->items[i];
		require(record->trust <= document->frame->trust);
		require(record->raw.data >= document->text.data);
		require(record->raw.data + record->raw.len <= document->text.data + document->text.len);
		require(record->origin.offset == (uint64_t)(record->raw.data - document->text.data));
		touch(record->node);
		touch(record->body);
		touch(record->program);
		touch(record->message);
	}
	queue->count = 0;
	arena_reset(&queue->arena);
}

static void check_glue(struct span line)
{
	struct record record = { .trust = TRUST_KERNEL };
	bool forgeable;

	if (!audit_parse(line, &record))
		return;
	size_t from = (size_t)(record.body.data - line.data);
	size_t at = audit_glued(line, from, &forgeable);
	require(at == 0 || (at >= from && at < line.len));
	if (at)
		require(audit_parse(span_skip(line, at), &record));
}

/* The wide readers and their scalar twins. */
static void check_twins(struct span text)
{
	struct marks plain = marks_find_plain(text), marks = marks_find(text);
	struct span needle = span_first(text, text.len ? 1 + (unsigned char)text.data[0] % FIND_NEEDLE_MAX : 0);

	require(plain.newline == marks.newline && plain.separator == marks.separator && plain.second == marks.second);
	if (needle.len)
		require(span_find(span_skip(text, 1), needle) == find_plain(span_skip(text, 1), needle));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame = { .bytes = { (const char *)data, size },
			       .trust = TRUST_KERNEL,
			       .modified_ms = 1700000000000 };
	struct document document = { frame.bytes, { .file = "f" }, &frame };
	struct queue queue = { 0 };
	int64_t ms;

	arena_init(&queue.arena, 0);
	check_twins(frame.bytes);
	check_glue(frame.bytes);
	decode_audit(&document, &queue);
	check(&document, &queue);
	decode_syslog(&document, &queue);
	check(&document, &queue);
	decode_ausearch(&document, &queue);
	check(&document, &queue);
	require(stamp_iso(frame.bytes, &ms) <= size);
	require(stamp_bsd(frame.bytes, frame.modified_ms, &ms) <= size);
	require(stamp_ausearch(frame.bytes, &ms) <= size);
	arena_finish(&queue.arena);
	buffer_finish(&queue.body);
	free(queue.items);
	return 0;
}
