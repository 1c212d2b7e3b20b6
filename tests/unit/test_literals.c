/* literals: which texts occur, each once; the pass for a few, vectorscan and the plain pass agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "match/fold.h"
#include "match/literals.h"

#define MOST 64

struct found {
	unsigned times[MOST];
};

static void note(void *context, uint32_t index)
{
	struct found *found = context;

	assert_in_range(index, 0, MOST - 1);
	found->times[index]++;
}

static struct found scan_with(struct literals *literals, struct span text)
{
	struct literals_scratch *scratch = literals_scratch_create(literals);
	struct found found = { 0 };

	assert_non_null(scratch);
	literals_scan(literals, scratch, SPAN("zzzz"), note,
		      &(struct found){ 0 }); /* nothing stays of the text before */
	literals_scan(literals, scratch, text, note, &found);
	literals_scratch_destroy(scratch);
	literals_destroy(literals);
	return found;
}

static void check(const struct literal *items, size_t count, struct span text, const unsigned *expected)
{
	struct found few = scan_with(literals_create(items, count, NULL), text);
	struct found fast = scan_with(literals_create_vectorscan(items, count, NULL), text);
	struct found plain = scan_with(literals_create_plain(items, count, NULL), text);

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(few.times[i], expected[i]);
		assert_int_equal(fast.times[i], expected[i]);
		assert_int_equal(plain.times[i], expected[i]);
	}
}

static void test_literals_each_once(void **state)
{
	static const struct literal items[] = {
		{ { "/cat", 4 }, true },	   { { "CAT", 3 }, true },
		{ { "CAT", 3 }, false },	   { { "a", 1 }, true },
		{ { "\0b", 2 }, false },	   { { "xy", 2 }, true },
		{ { "/usr/bin/cat", 12 }, false }, { { "q", 1 }, false },
		{ { "\xc3\xa4", 2 }, true },
	};
	static const unsigned expected[] = { 1, 1, 0, 1, 1, 0, 1, 0, 0 };

	check(items, 9, SPAN("/usr/bin/cat /CaT aaaa \0b \xc3\x84"), expected);
}

static void test_literals_edges(void **state)
{
	static const struct literal one[] = { { { "needle", 6 }, true } };
	static const unsigned never[] = { 0 }, once[] = { 1 };
	struct literal wrong = { { "", 0 }, true };
	static char long_text[LITERAL_MAX + 1];
	struct err err = { 0 };

	check(one, 1, SPAN(""), never);
	check(one, 1, SPAN("needl"), never);
	check(one, 1, SPAN("NEEDLE"), once);
	check(one, 1, SPAN("xneedle"), once);
	check(NULL, 0, SPAN("anything"), NULL);
	assert_null(literals_create(&wrong, 1, &err));
	assert_int_equal(err.number, -EINVAL);
	wrong.text = (struct span){ long_text, sizeof(long_text) };
	assert_null(literals_create(&wrong, 1, &err));
}

static bool occurs(const struct literal *item, struct span text)
{
	return item->ignore_case ? span_find_nocase(text, item->text) < text.len
				 : span_find(text, item->text) < text.len;
}

/* Short texts of few letters: much overlaps, much is alike. */
static void test_literals_twins(void **state)
{
	static const char letters[] = "abAB";
	unsigned seed = 11, found = 0;

	for (unsigned round = 0; round < 300; round++) {
		char texts[MOST][6], text[80];
		struct literal items[MOST];
		unsigned expected[MOST];
		size_t count = 1 + (size_t)(rand_r(&seed) % MOST), len = (size_t)(rand_r(&seed) % 80);
		for (size_t i = 0; i < len; i++)
			text[i] = letters[rand_r(&seed) % 4];
		for (size_t i = 0; i < count; i++) {
			size_t of = 1 + (size_t)(rand_r(&seed) % 6);
			for (size_t j = 0; j < of; j++)
				texts[i][j] = letters[rand_r(&seed) % 4];
			items[i] = (struct literal){ { texts[i], of }, rand_r(&seed) % 2 };
			expected[i] = occurs(&items[i], (struct span){ text, len });
			found += expected[i];
		}
		check(items, count, (struct span){ text, len }, expected);
	}
	assert_true(found > 1000);
}

static void test_fold(void **state)
{
	for (int i = 0; i < 256; i++) {
		char c = (char)i;
		unsigned char expected = (unsigned char)(i >= 'A' && i <= 'Z' ? i + 32 : i);
		assert_int_equal(fold(c), expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_literals_each_once),
		cmocka_unit_test(test_literals_edges),
		cmocka_unit_test(test_literals_twins),
		cmocka_unit_test(test_fold),
	};

	return cmocka_run_group_tests_name("literals", tests, NULL, NULL);
}
