/*
 * For fuzzers of single dresses: runs one and checks what holds for any
 * input. Private to tests/fuzz.
 */
#ifndef DRESS_FUZZ_H
#define DRESS_FUZZ_H

#include <stdlib.h>

#include "decode/dress.h"
#include "model/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)        \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

/* Every byte is read, so that the sanitizer sees spans that point nowhere. */
static inline size_t touch(struct span s)
{
	size_t sum = 0;

	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.data[i];
	return sum;
}

static inline void check_record(const struct record *record, struct span input, struct arena *arena)
{
	struct span body = record->body;
	struct field field;
	size_t left = body.len;

	REQUIRE(record->raw.data >= input.data && record->raw.data + record->raw.len <= input.data + input.len);
	REQUIRE(record->origin.offset == (size_t)(record->raw.data - input.data));
	REQUIRE(record->trust <= TRUST_KERNEL);
	touch(record->node);
	touch(record->program);
	touch(record->message);
	touch(body);
	while (record->kind == RECORD_AUDIT && field_next(&body, &field)) {
		REQUIRE(body.len < left);
		left = body.len;
		touch(field_text(&field, arena));
	}
}

static inline void run_dress(enum dress_result (*decode)(const struct document *, struct queue *), struct span input)
{
	static struct queue queue;
	struct frame frame = { .bytes = input, .trust = TRUST_KERNEL };
	struct document document = { input, { .file = "fuzz" }, &frame };

	queue.count = 0;
	arena_reset(&queue.arena);
	enum dress_result result = decode(&document, &queue);
	REQUIRE(queue.body.len == 0);
	REQUIRE(result != DRESS_NOT_MINE || queue.count == 0);
	REQUIRE(result != DRESS_NO_EVENT || queue.count == 0);
	for (size_t i = 0; i < queue.count; i++)
		check_record(&queue.items[i], input, &queue.arena);
}

#endif
