/* rule/sigma/group.c: entries of groups, by value and by time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule/sigma/group.h"

#define MANY 40000 /* so many that hundreds have their bucket with others */

static void test_group_many_values(void **state)
{
	struct entry_pool pool;
	struct group a = { .pool = &pool, .key = 1, .first = ENTRY_NONE_LEFT, .last = ENTRY_NONE_LEFT };
	struct group b = { .pool = &pool, .key = 2, .first = ENTRY_NONE_LEFT, .last = ENTRY_NONE_LEFT };

	assert_int_equal(sigma_pool_init(&pool), 0);
	for (uint64_t i = 0; i < MANY; i++) {
		sigma_group_add(&a, (int64_t)i, i);
		sigma_group_add(&b, (int64_t)i, i + MANY / 2);
	}
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(pool.nodes[sigma_group_find(&a, i)].value, i);
	assert_int_equal(sigma_group_find(&a, MANY), ENTRY_NONE_LEFT);
	assert_int_equal(sigma_group_find(&b, 0), ENTRY_NONE_LEFT);
	sigma_group_expire(&a, MANY / 2);
	assert_int_equal(a.entries, MANY / 2);
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(sigma_group_find(&a, i) == ENTRY_NONE_LEFT, i < MANY / 2);
	sigma_group_release(&a);
	for (uint64_t i = 0; i < MANY; i++)
		assert_true(sigma_group_find(&b, i + MANY / 2) != ENTRY_NONE_LEFT);
	assert_int_equal(b.entries, MANY);
	sigma_pool_finish(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_group_many_values),
	};

	return cmocka_run_group_tests_name("sigma_group", tests, NULL, NULL);
}
