/* Where lines end: each kind of reader against a count by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sieve/lines.h"

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static void compare_with(line_ends_finder *find, struct span text)
{
	static struct line_ends ends;
	size_t newlines = 0, headers = 0;

	memset(&ends, 0xff, sizeof(ends)); /* what an earlier block left */
	find(&ends, text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\n' && newlines < LINES_MAX)
			assert_int_equal(ends.at[newlines++], i);
		headers += i && text.data[i] == '(' && text.data[i - 1] == 't';
	}
	assert_int_equal(ends.count, newlines);
	assert_int_equal(ends.headers, headers);
}

static void compare(struct span text)
{
	for (enum lines_level level = LINES_PLAIN; level < LINES_LEVELS; level++)
		if (line_ends_finder_of(level))
			compare_with(line_ends_finder_of(level), text);
}

static void test_twins(void **state)
{
	uint64_t seed = 7;

	for (int round = 0; round < 4000; round++) {
		size_t len = next(&seed) % (round % 8 ? 300 : 2000);
		char *text = malloc(len + !len); /* to the byte: what is read behind it, the sanitizer sees */
		for (size_t i = 0; i < len; i++)
			text[i] = round % 2 ? "t(t(\n."[next(&seed) % 6] : (char)next(&seed);
		compare((struct span){ text, len });
		free(text);
	}
}

/* "t(" over the border of a block of 64. */
static void test_borders(void **state)
{
	for (size_t len = 1; len < 260; len++) {
		char *text = malloc(len);
		for (size_t at = 0; at + 1 < len; at++) {
			memset(text, '.', len);
			text[at] = 't';
			text[at + 1] = '(';
			text[len - 1] = at + 2 < len ? '\n' : text[len - 1];
			compare((struct span){ text, len });
		}
		free(text);
	}
}

static void test_whole_block(void **state)
{
	char *text = malloc(LINES_BLOCK);

	memset(text, '\n', LINES_BLOCK);
	compare((struct span){ text, LINES_BLOCK });
	compare((struct span){ text, 0 });
	/* More lines than are kept: the list ends somewhere in the middle, and headers are counted on. */
	for (size_t every = 1; every < 40; every++) {
		for (size_t i = 0; i < LINES_BLOCK; i++)
			text[i] = i % every ? "t(."[i % 3] : '\n';
		compare((struct span){ text, LINES_BLOCK - every });
	}
	free(text);
}

static void test_number(void **state)
{
	char far[600] = "type=SYSCALL";
	uint64_t number = 7;

	assert_true(line_number(SPAN("type=SYSCALL pid=1 ppid=42 ses=3\n"), SPAN(" ppid="), &number));
	assert_int_equal(number, 42);
	assert_false(line_number(SPAN("type=SYSCALL pid=1\ntype=PATH ppid=42"), SPAN(" ppid="), &number));
	assert_false(line_number(SPAN("type=SYSCALL ppid=x"), SPAN(" ppid="), &number));
	assert_false(line_number(SPAN(""), SPAN(" ppid="), &number));
	memset(far + 12, 'x', 560);
	memcpy(far + 572, " ppid=42 ", 10); /* a name that a process gave itself */
	assert_false(line_number(span_of(far), SPAN(" ppid="), &number));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_twins), cmocka_unit_test(test_borders),
					    cmocka_unit_test(test_whole_block), cmocka_unit_test(test_number) };

	return cmocka_run_group_tests_name("sieve_lines", tests, NULL, NULL);
}
