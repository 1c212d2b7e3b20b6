/* decode/marks.c: the wide reader against its scalar twin, and both against what is plain to see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/hash.h"
#include "decode/marks.h"

#define LEN_MAX 200

static void check(struct span text, size_t newline, size_t separator, bool second)
{
	struct marks plain = marks_find_plain(text), marks = marks_find(text);

	assert_int_equal(plain.newline, newline);
	assert_int_equal(plain.separator, separator);
	assert_int_equal(plain.second, second);
	assert_int_equal(marks.newline, newline);
	assert_int_equal(marks.separator, separator);
	assert_int_equal(marks.second, second);
}

static void finds(void **state)
{
	check(SPAN(""), 0, 0, false);
	check(SPAN("\n"), 0, 0, false);
	check(SPAN("\x1d"), 1, 0, false);
	check(SPAN("("), 1, 1, false);
	check(SPAN("t("), 2, 2, true);
	check(SPAN("ab\nt(\x1d"), 2, 2, false);
	check(SPAN("ab\x1d\x1dt(\n"), 6, 2, true);
	check(SPAN("item=0 name=\"/etc/passwd\" inode=123 dev=fd:00 mode=0100644\x1dOUID=\"root\"\ntype=audit("), 70,
	      58, false);
	check(SPAN("item=0 name=\"/etc/passwd\" inode=123 dev=fd:00 mode=01type=PATH msg=audit(1.0:1): x\n"), 82, 82,
	      true);
}

/* What the definition says, byte by byte. */
static struct marks expected(struct span text)
{
	struct marks marks = { .newline = span_index(text, '\n') };

	text = span_first(text, marks.newline);
	marks.separator = span_index(text, 0x1d);
	marks.second = span_find(text, SPAN("t(")) < text.len;
	return marks;
}

/* Texts that end where their memory does, so that a sanitizer sees a look behind it. */
static void any_text(void **state)
{
	static const char marked[] = "\n\x1dt(";
	uint64_t random = 1;

	for (size_t round = 0; round < 40000; round++) {
		random = hash_mix(random + round);
		size_t len = random % LEN_MAX, rarity = 1 + (random >> 16) % 100;
		char *room = malloc(len + 1);
		assert_non_null(room);
		for (size_t i = 0; i < len; i++) {
			uint64_t at = hash_mix(random ^ i);
			room[i] = at % rarity == 0 ? marked[(at >> 32) % 4] : 'a';
		}
		char *exact = realloc(room, len ? len : 1);
		struct marks marks = expected((struct span){ exact, len });
		check((struct span){ exact, len }, marks.newline, marks.separator, marks.second);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(any_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
