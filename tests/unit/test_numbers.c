/* Sets of numbers: what was put is there, what is counted is what was new, and large numbers share places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sieve/numbers.h"

static struct numbers *create(void)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));

	assert_non_null(numbers);
	return numbers;
}

static void test_put(void **state)
{
	static const uint64_t some[] = { 0, 1, 63, 64, 65, 4096, (1u << NUMBERS_BITS) - 1 };
	struct numbers *numbers = create();

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		assert_false(numbers_have(numbers, some[i]));
		assert_true(numbers_put(numbers, some[i]));
		assert_true(numbers_have(numbers, some[i]));
		assert_false(numbers_put(numbers, some[i]));
		assert_int_equal(numbers->count, i + 1);
	}
	assert_false(numbers_have(numbers, 2));
	assert_false(numbers_have(numbers, 62));
	assert_false(numbers_have(numbers, 128));
	free(numbers);
}

/* Never less than was put. */
static void test_large(void **state)
{
	struct numbers *numbers = create();

	assert_true(numbers_put(numbers, UINT64_MAX));
	assert_true(numbers_have(numbers, UINT64_MAX));
	assert_true(numbers_have(numbers, (1u << NUMBERS_BITS) - 1));
	assert_false(numbers_put(numbers, ((uint64_t)1 << 40) - 1));
	assert_int_equal(numbers->count, 1);
	free(numbers);
}

static void test_add(void **state)
{
	struct numbers *all = create(), *more = create();

	assert_false(numbers_add(all, more));
	for (uint64_t i = 0; i < 1000; i += 3)
		numbers_put(all, i);
	for (uint64_t i = 0; i < 1000; i += 2)
		numbers_put(more, i);
	assert_true(numbers_add(all, more));
	assert_false(numbers_add(all, more));
	size_t count = 0;
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(numbers_have(all, i), i % 3 == 0 || i % 2 == 0);
		assert_int_equal(numbers_have(more, i), i % 2 == 0);
		count += i % 3 == 0 || i % 2 == 0;
	}
	assert_int_equal(all->count, count);
	free(all);
	free(more);
}

static void test_clear(void **state)
{
	struct numbers *numbers = create();

	numbers_put(numbers, 12);
	numbers_clear(numbers);
	assert_int_equal(numbers->count, 0);
	assert_false(numbers_have(numbers, 12));
	assert_true(numbers_put(numbers, 12));
	free(numbers);
}

static void test_next(void **state)
{
	static const uint64_t some[] = { 0, 63, 64, 4095, 4096, 70000, (1u << NUMBERS_BITS) - 1 };
	struct numbers *numbers = create();
	size_t at = 0;

	assert_true(numbers_next(numbers, 0) == NUMBERS_END);
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		numbers_put(numbers, some[i]);
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++, at++)
		assert_int_equal(at = numbers_next(numbers, at), some[i]);
	assert_true(numbers_next(numbers, at) == NUMBERS_END);
	numbers_remove(numbers, 4096);
	numbers_remove(numbers, 4097); /* it was never put */
	assert_int_equal(numbers->count, 6);
	assert_false(numbers_have(numbers, 4096));
	assert_int_equal(numbers_next(numbers, 4096), 70000);
	free(numbers);
}

static void test_add_but(void **state)
{
	struct numbers *all = create(), *more = create(), *but = create();

	for (uint64_t i = 0; i < 100000; i += 7)
		numbers_put(more, i);
	for (uint64_t i = 0; i < 100000; i += 5)
		numbers_put(but, i);
	numbers_add_but(all, more, but);
	for (uint64_t i = 0; i < 100000; i++)
		assert_int_equal(numbers_have(all, i), i % 7 == 0 && i % 5 != 0);
	numbers_add_but(all, more, all);
	assert_int_equal(all->count, more->count);
	assert_memory_equal(all->words, more->words, sizeof(all->words));
	numbers_empty(all);
	assert_int_equal(all->count, 0);
	for (size_t i = 0; i < NUMBERS_WORDS; i++)
		assert_int_equal(all->words[i], 0);
	free(all);
	free(more);
	free(but);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_put),	 cmocka_unit_test(test_large),
					    cmocka_unit_test(test_add),	 cmocka_unit_test(test_clear),
					    cmocka_unit_test(test_next), cmocka_unit_test(test_add_but) };

	return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
