/* The wide searchers against their plain twins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/find.h"

#define ROOM 600

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* Few letters, so that needles nearly fit everywhere. */
static void fill(char *text, size_t len, uint64_t *state)
{
	for (size_t i = 0; i < len; i++)
		text[i] = "ab\n="[next(state) % 4];
}

static size_t by_hand(struct span s, struct span needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (memcmp(s.data + i, needle.data, needle.len) == 0)
			return i;
	return s.len;
}

static void test_find(void **state)
{
	uint64_t seed = 7;

	for (int round = 0; round < 20000; round++) {
		size_t len = next(&seed) % ROOM, wanted = 1 + next(&seed) % FIND_NEEDLE_MAX;
		char *text = malloc(len + 1), needle[FIND_NEEDLE_MAX];
		fill(text, len, &seed);
		fill(needle, wanted, &seed);
		if (round % 3 && len > wanted) /* it occurs */
			memcpy(needle, text + next(&seed) % (len - wanted), wanted);
		struct span s = { text, len }, what = { needle, wanted };
		assert_int_equal(find_plain(s, what), by_hand(s, what));
		assert_int_equal(span_find(s, what), by_hand(s, what));
		free(text);
	}
}

static void test_count(void **state)
{
	uint64_t seed = 11;

	for (size_t len = 0; len < 20000; len = len < ROOM ? len + 1 : len * 3) {
		char *text = malloc(len + 1);
		fill(text, len, &seed);
		assert_int_equal(span_count((struct span){ text, len }, '\n'),
				 count_plain((struct span){ text, len }, '\n'));
		memset(text, 'x', len);
		assert_int_equal(span_count((struct span){ text, len }, 'x'), len);
		free(text);
	}
	assert_int_equal(span_count((struct span){ 0 }, 'x'), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_find), cmocka_unit_test(test_count) };

	return cmocka_run_group_tests_name("find", tests, NULL, NULL);
}
