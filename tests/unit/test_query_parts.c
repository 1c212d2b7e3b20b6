/* query/schema.c, keeper.c and the chain of stage.h: names, kept rows, nodrop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "query/keeper.h"
#include "query/stage.h"

static struct arena arena;

static int begin(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

static int end(void **state)
{
	arena_finish(&arena);
	return 0;
}

static void names_without_case(void **state)
{
	struct schema *schema = schema_create(&arena, NULL);

	assert_int_equal(schema_find(schema, SPAN("a")), SLOT_NONE);
	assert_true(schema_set(schema, SPAN("SourceHost"), 3));
	assert_int_equal(schema_find(schema, SPAN("sourcehost")), 3);
	assert_int_equal(schema_find(schema, SPAN("SOURCEHOST")), 3);
	assert_int_equal(schema_find(schema, SPAN("sourcehos")), SLOT_NONE);
	assert_int_equal(schema_find(schema, SPAN("source[ost")), SLOT_NONE);
	assert_true(schema_set(schema, SPAN("sourcehost"), 4));
	assert_int_equal(schema_find(schema, SPAN("SourceHost")), 4);
	assert_int_equal(schema->count, 1);
	assert_true(schema_set(schema, SPAN(""), 5));
	assert_int_equal(schema_find(schema, SPAN("")), 5);
	assert_true(schema_set(schema, SPAN("a\0b"), 6));
	assert_int_equal(schema_find(schema, SPAN("a\0c")), SLOT_NONE);
}

static void parents(void **state)
{
	struct schema *upper = schema_create(&arena, NULL), *lower = schema_create(&arena, upper),
		      *closed = schema_create(&arena, NULL);

	schema_set(upper, SPAN("a"), 1);
	schema_set(upper, SPAN("b"), 2);
	schema_set(lower, SPAN("a"), SLOT_REMOVED);
	assert_int_equal(schema_find(lower, SPAN("b")), 2);
	assert_int_equal(schema_find(lower, SPAN("A")), SLOT_NONE);
	assert_int_equal(schema_find(upper, SPAN("a")), 1);
	assert_int_equal(schema_find(closed, SPAN("a")), SLOT_NONE);
	assert_true(schema_hides(lower, upper, SPAN("a")));
	assert_false(schema_hides(lower, upper, SPAN("b")));
	assert_false(schema_hides(upper, upper, SPAN("a")));
	/* A field of the same name that comes later is no removed one. */
	schema_set(lower, SPAN("a"), 7);
	assert_int_equal(schema_find(lower, SPAN("a")), 7);
	assert_false(schema_hides(lower, upper, SPAN("a")));
	schema_set(upper, SPAN("late"), 9);
	assert_int_equal(schema_find(lower, SPAN("late")), 9);
}

static void many_names(void **state)
{
	struct schema *schema = schema_create(&arena, NULL);
	static char names[FIELDS_MAX][8];

	for (uint32_t i = 0; i < FIELDS_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "f%x", i);
		assert_true(schema_set(schema, span_of(names[i]), i));
	}
	for (uint32_t i = 0; i < FIELDS_MAX; i++)
		assert_int_equal(schema_find(schema, span_of(names[i])), i);
	assert_int_equal(schema->count, FIELDS_MAX);
}

/* ---- kept rows ---- */

static struct row row_of(struct value *values, uint32_t count)
{
	return (struct row){ .values = values, .count = count };
}

static void kept_rows_own_their_text(void **state)
{
	static const uint32_t slots[] = { 2, 0 };
	char word[] = "hello", nul[] = "a\0b";
	struct value values[] = { value_text((struct span){ word, 5 }), value_text(SPAN("not kept")),
				  value_text((struct span){ nul, 3 }), value_number(4) };
	struct row row = row_of(values, 4);
	struct keeper keeper = { .slots = slots, .count = 2 };
	size_t size = keeper_size(&keeper, &row);
	void *memory = malloc(size); /* exactly: what goes beyond it, a sanitizer sees */
	struct kept_row *kept = keeper_put(&keeper, &row, memory);

	memset(word, 'x', 5);
	memset(nul, 'x', 3);
	memset(values, 0, sizeof(values));
	assert_true(span_equal(keeper_value(&keeper, kept, 0).text, SPAN("hello")));
	assert_int_equal(keeper_value(&keeper, kept, 1).kind, VALUE_NULL);
	assert_int_equal(keeper_value(&keeper, kept, 3).kind, VALUE_NULL);
	keeper_restore(&keeper, &row, kept);
	assert_true(span_equal(values[0].text, SPAN("hello")));
	assert_int_equal(values[1].kind, VALUE_NULL);
	assert_true(span_equal(values[2].text, SPAN("a\0b")));
	free(memory);
}

static void kept_rows_of_all_kinds(void **state)
{
	static const uint32_t slots[] = { 0, 1, 2, 3, 4 };
	struct value values[] = { VALUE_OF_NULL, value_number(-1.5), value_bool(true), value_text(SPAN("")),
				  value_text((struct span){ 0 }) };
	struct row row = row_of(values, 5);
	struct keeper keeper = { .slots = slots, .count = 5 };
	void *memory = malloc(keeper_size(&keeper, &row));
	struct kept_row *kept = keeper_put(&keeper, &row, memory);

	assert_int_equal(keeper_value(&keeper, kept, 0).kind, VALUE_NULL);
	assert_true(keeper_value(&keeper, kept, 1).number == -1.5);
	assert_int_equal(keeper_value(&keeper, kept, 2).kind, VALUE_BOOL);
	assert_int_equal(keeper_value(&keeper, kept, 3).kind, VALUE_TEXT);
	assert_int_equal(keeper_value(&keeper, kept, 4).text.len, 0);
	free(memory);
}

/* Where data names fields, rows that were kept before know less of them. */
static void open_keeper(void **state)
{
	struct value values[3] = { value_text(SPAN("a")), value_text(SPAN("b")), value_text(SPAN("c")) };
	struct row row = row_of(values, 2);
	struct fields fields = { .count = 2 };
	struct keeper keeper = { .open = true, .fields = &fields };
	void *memory = malloc(keeper_size(&keeper, &row));
	struct kept_row *kept = keeper_put(&keeper, &row, memory);

	fields.count = row.count = 3;
	assert_true(span_equal(keeper_value(&keeper, kept, 1).text, SPAN("b")));
	assert_int_equal(keeper_value(&keeper, kept, 2).kind, VALUE_NULL);
	memset(values, 0, sizeof(values));
	keeper_restore(&keeper, &row, kept);
	assert_true(span_equal(values[1].text, SPAN("b")));
	assert_int_equal(values[2].kind, VALUE_NULL);
	free(memory);
}

/* ---- nodrop ---- */

/* Whether a row is kept by parses that match as told, all but the last with nodrop. */
static bool chain_keeps(unsigned matches, size_t count)
{
	struct row row = { 0 };
	bool kept = false;

	for (size_t i = 0; i < count; i++)
		kept = stage_chain(&row, i == 0, matches >> i & 1);
	return kept;
}

static void chain_is_or(void **state)
{
	for (size_t count = 1; count <= 5; count++)
		for (unsigned matches = 0; matches < 1u << count; matches++)
			assert_int_equal(chain_keeps(matches, count), matches != 0);
	/* What another chain found is no help. */
	struct row row = { .chained = true };
	assert_false(stage_chain(&row, true, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_without_case),
		cmocka_unit_test(parents),
		cmocka_unit_test(many_names),
		cmocka_unit_test(kept_rows_own_their_text),
		cmocka_unit_test(kept_rows_of_all_kinds),
		cmocka_unit_test(open_keeper),
		cmocka_unit_test(chain_is_or),
	};

	return cmocka_run_group_tests_name("query_parts", tests, begin, end);
}
