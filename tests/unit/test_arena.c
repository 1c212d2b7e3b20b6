/* base/arena.c, base/buffer.c: memory of a batch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"

static void stays_put(void **state)
{
	struct arena arena;
	char *pieces[1000];

	arena_init(&arena, 128);
	for (unsigned i = 0; i < 1000; i++) {
		pieces[i] = arena_alloc(&arena, 1 + i % 200);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % 8, 0);
		memset(pieces[i], (int)(i & 0xff), 1 + i % 200);
	}
	for (unsigned i = 0; i < 1000; i++)
		for (unsigned k = 0; k < 1 + i % 200; k++)
			assert_int_equal((unsigned char)pieces[i][k], i & 0xff);
	arena_finish(&arena);
	arena_finish(&arena);
}

static void reset_forgets(void **state)
{
	struct arena arena;

	arena_init(&arena, 0);
	char *first = arena_alloc(&arena, 100);
	assert_non_null(arena_alloc(&arena, 1 << 20));
	assert_true(arena.used >= 100 + (1 << 20));
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	assert_ptr_equal(arena_alloc(&arena, 8), first);
	for (unsigned round = 0; round < 1000; round++) {
		arena_reset(&arena);
		for (unsigned i = 0; i < 10; i++)
			assert_non_null(arena_alloc(&arena, 60000));
	}
	arena_finish(&arena);
}

static void refuses(void **state)
{
	struct arena arena = { 0 };

	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX - 7));
	assert_null(arena_alloc(&arena, SIZE_MAX / 2));
	assert_non_null(arena_alloc(&arena, 0));
	arena_finish(&arena);
}

static void copies(void **state)
{
	struct arena arena = { 0 };
	char text[] = "a\0b";
	struct span copy = arena_copy(&arena, (struct span){ text, 3 });

	text[0] = 'x';
	assert_true(span_equal(copy, SPAN("a\0b")));
	copy = arena_copy(&arena, (struct span){ NULL, 0 });
	assert_non_null(copy.data);
	assert_int_equal(copy.len, 0);
	arena_finish(&arena);
}

static void buffer_grows(void **state)
{
	struct buffer buffer = { 0 };

	for (unsigned i = 0; i < 10000; i++)
		buffer_printf(&buffer, "%04u", i);
	assert_int_equal(buffer.len, 40000);
	assert_memory_equal(buffer.data + 4 * 4321, "4321", 4);
	buffer_reset(&buffer);
	buffer_text(&buffer, "x");
	buffer_add_byte(&buffer, 0);
	buffer_add(&buffer, (struct span){ 0 });
	assert_true(span_equal(buffer_span(&buffer), SPAN("x\0")));
	assert_false(buffer_reserve(&buffer, SIZE_MAX));
	assert_true(buffer.failed);
	buffer_text(&buffer, "y");
	assert_int_equal(buffer.len, 2);
	buffer_finish(&buffer);
	assert_false(buffer.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_put), cmocka_unit_test(reset_forgets), cmocka_unit_test(refuses),
		cmocka_unit_test(copies),    cmocka_unit_test(buffer_grows),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
