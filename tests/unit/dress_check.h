/*
 * For tests of single dresses: decodes one document and looks at what it
 * queued. Private to tests/unit.
 */
#ifndef DRESS_CHECK_H
#define DRESS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "decode/dress.h"

static struct queue queue;
static struct frame check_frame = { .trust = TRUST_KERNEL };

static inline struct document document_of(struct span text)
{
	return (struct document){ text, { .file = "test" }, &check_frame };
}

static inline void forget(void)
{
	queue.count = 0;
	arena_reset(&queue.arena);
	assert_int_equal(queue.body.len, 0);
}

static inline int setup(void **state)
{
	check_frame = (struct frame){ .trust = TRUST_KERNEL };
	arena_init(&queue.arena, 0);
	return 0;
}

static inline int teardown(void **state)
{
	arena_finish(&queue.arena);
	buffer_finish(&queue.body);
	free(queue.items);
	queue = (struct queue){ 0 };
	return 0;
}

#define assert_span(span, literal) assert_span_at(span, literal, sizeof(literal) - 1, __LINE__)

static inline void assert_span_at(struct span got, const char *want, size_t len, int line)
{
	if (got.len == len && (len == 0 || memcmp(got.data, want, len) == 0))
		return;
	print_error("line %d\n want %.*s\n got  %.*s\n", line, (int)len, want, (int)got.len, got.data);
	fail();
}

/* Decodes `text`, and says what was expected when it is another result or number of records. */
#define assert_decodes(decode, bytes, result, records)                     \
	do {                                                               \
		struct document check_document = document_of(bytes);       \
		forget();                                                  \
		assert_int_equal(decode(&check_document, &queue), result); \
		assert_int_equal(queue.count, records);                    \
	} while (0)

#define assert_record(i, type_number, text)                          \
	do {                                                         \
		assert_int_equal(queue.items[i].kind, RECORD_AUDIT); \
		assert_int_equal(queue.items[i].type, type_number);  \
		assert_span(queue.items[i].body, text);              \
	} while (0)

#endif
