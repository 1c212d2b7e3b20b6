/* base/table.c: a hash under a ceiling, held against a plain list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/hash.h"
#include "base/table.h"

struct item {
	uint64_t value;
	unsigned *releases;
};

static void count_release(void *entry)
{
	struct item *item = entry;

	if (item->releases)
		++*item->releases;
}

static struct item *put(struct table *table, uint64_t key, uint64_t value)
{
	bool created;
	struct item *item = table_put(table, key, 0, &created);

	if (created) {
		assert_int_equal(item->value, 0);
		assert_null(item->releases);
	}
	item->value = value;
	return item;
}

static void remembers(void **state)
{
	struct table table;

	assert_int_equal(table_init(&table, sizeof(struct item), 100, NULL), 0);
	assert_null(table_find(&table, 1, 0));
	assert_null(table_oldest(&table));
	assert_false(table_evict(&table));
	for (uint64_t key = 0; key < 100; key++)
		put(&table, key, key + 1);
	for (uint64_t key = 0; key < 100; key++)
		assert_int_equal(((struct item *)table_find(&table, key, 0))->value, key + 1);
	assert_null(table_find(&table, 1, 1));
	assert_int_equal(table.count, 100);
	assert_int_equal(table.evicted, 0);
	table_remove(&table, 50, 0);
	table_remove(&table, 50, 0);
	assert_null(table_find(&table, 50, 0));
	assert_int_equal(table.count, 99);
	put(&table, 1000, 1);
	assert_int_equal(table.evicted, 0);
	table_finish(&table);
	table_finish(&table);
}

/* The one that was not used for longest gives way; what was found stays a second round. */
static void second_chance(void **state)
{
	struct table table;

	assert_int_equal(table_init(&table, sizeof(struct item), 4, NULL), 0);
	for (uint64_t key = 1; key <= 4; key++)
		put(&table, key, key);
	assert_non_null(table_find(&table, 1, 0));
	put(&table, 5, 5);
	assert_int_equal(table.evicted, 1);
	assert_null(table_find(&table, 2, 0));
	assert_non_null(table_find(&table, 1, 0));
	assert_int_equal(((struct item *)table_oldest(&table))->value, 3);
	assert_true(table_evict(&table));
	assert_int_equal(table.evicted, 1); /* an expiry is no loss */
	assert_null(table_find(&table, 3, 0));
	table_finish(&table);
}

/* Everything was used: something must give way all the same. */
static void all_used(void **state)
{
	struct table table;

	assert_int_equal(table_init(&table, sizeof(struct item), 8, NULL), 0);
	for (uint64_t key = 0; key < 1000; key++) {
		put(&table, key, key);
		for (uint64_t old = 0; old <= key; old++)
			table_find(&table, old, 0);
		assert_true(table.count <= 8);
	}
	assert_int_equal(table.evicted, 992);
	table_finish(&table);
}

static void releases(void **state)
{
	struct table table;
	unsigned released = 0;

	assert_int_equal(table_init(&table, sizeof(struct item), 4, count_release), 0);
	for (uint64_t key = 0; key < 10; key++)
		put(&table, key, 0)->releases = &released;
	assert_int_equal(released, 6);
	table_remove(&table, 9, 0);
	assert_int_equal(released, 7);
	table_finish(&table);
	assert_int_equal(released, 10);
}

#define MODEL_SIZE 300

/* Random work on few keys, so that chains, the free list and eviction meet; every entry stays where it is. */
static void against_a_list(void **state)
{
	static struct item *where[MODEL_SIZE];
	struct table table;
	uint64_t draw = 1;
	size_t known = 0;

	assert_int_equal(table_init(&table, sizeof(struct item), MODEL_SIZE, NULL), 0);
	for (unsigned step = 0; step < 200000; step++) {
		draw = hash_mix(draw + step);
		uint64_t key = draw % MODEL_SIZE;
		if (draw >> 62 == 0) {
			table_remove(&table, key, 0);
			known -= where[key] != NULL;
			where[key] = NULL;
		} else if (draw >> 62 == 1) {
			assert_ptr_equal(table_find(&table, key, 0), where[key]);
		} else {
			known += where[key] == NULL;
			where[key] = put(&table, key, key);
		}
		assert_int_equal(table.count, known);
	}
	for (uint64_t key = 0; key < MODEL_SIZE; key++)
		assert_ptr_equal(table_find(&table, key, 0), where[key]);
	assert_int_equal(table.evicted, 0);
	table_finish(&table);
}

/* Links are narrow: what they cannot number is refused. */
static void too_many(void **state)
{
	struct table table;

	assert_int_equal(table_init(&table, sizeof(struct item), TABLE_CAPACITY_MAX + 1, NULL), -EINVAL);
	assert_int_equal(table_init(&table, sizeof(struct item), TABLE_CAPACITY_MAX, NULL), 0);
	for (uint64_t key = 0; key < TABLE_CAPACITY_MAX + 10; key++)
		assert_non_null(put(&table, key, key));
	assert_int_equal(table.evicted, 10);
	assert_null(table_find(&table, 9, 0));
	assert_non_null(table_find(&table, TABLE_CAPACITY_MAX + 9, 0));
	table_finish(&table);
}

static void hashes(void **state)
{
	char text[64] = { 0 };
	uint64_t seen[64];

	for (size_t len = 0; len < 64; len++) {
		seen[len] = hash_bytes((struct span){ text, len });
		for (size_t i = 0; i < len; i++)
			assert_true(seen[i] != seen[len]);
	}
	assert_true(hash_bytes(SPAN("abcdefgh1")) != hash_bytes(SPAN("abcdefgh2")));
	assert_true(hash_bytes(SPAN("1bcdefghx")) != hash_bytes(SPAN("2bcdefghx")));
	assert_true(hash_join(1, 2) != hash_join(2, 1));
	assert_true(hash_bytes((struct span){ 0 }) == hash_bytes(SPAN("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remembers), cmocka_unit_test(second_chance),  cmocka_unit_test(all_used),
		cmocka_unit_test(releases),  cmocka_unit_test(against_a_list), cmocka_unit_test(hashes),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
