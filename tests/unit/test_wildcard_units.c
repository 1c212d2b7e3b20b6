/* wildcard by units: escapes, case, characters of several bytes, the longest run; and against a matcher that tries everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "match/wildcard.h"

static struct arena arena;

static struct wildcard pattern_of(const char *text, bool cased)
{
	uint16_t units[256];
	struct wildcard wildcard;
	size_t len = wildcard_parse(span_of(text), units);

	assert_true(wildcard_init(&wildcard, units, len, cased, &arena));
	return wildcard;
}

static bool matches(const char *pattern, const char *text)
{
	struct wildcard wildcard = pattern_of(pattern, false);

	return wildcard_matches(&wildcard, span_of(text));
}

static void test_wildcard_whole(void **state)
{
	assert_true(matches("", ""));
	assert_false(matches("", "a"));
	assert_true(matches("abc", "ABC"));
	assert_false(matches("abc", "abcd"));
	assert_false(matches("abc", "xabc"));
	assert_true(matches("*", ""));
	assert_true(matches("*", "anything"));
	assert_true(matches("a*", "a"));
	assert_true(matches("*a", "bca"));
	assert_false(matches("*a", "ab"));
	assert_true(matches("*b*", "abc"));
	assert_true(matches("a*c", "ac"));
	assert_false(matches("ab*bc", "abc")); /* the parts must not share bytes */
	assert_true(matches("a*b*c", "a--b--b--c"));
	assert_false(matches("a*b*c", "a--c--b"));
}

static void test_wildcard_one(void **state)
{
	assert_true(matches("prog?.exe", "progA.exe"));
	assert_false(matches("prog?.exe", "prog.exe"));
	assert_false(matches("prog?.exe", "progAB.exe"));
	assert_true(matches("caf?", "caf\xc3\xa9"));	    /* one character, two bytes */
	assert_true(matches("*?.txt", "\xe2\x80\x94.txt")); /* three, at the end */
	assert_false(matches("a?b", "a\xffz"));		    /* 0xff is one byte; z is not b */
	assert_true(matches("a?b", "a\xff"
				   "b"));
	assert_true(matches("a?", "a\xc3")); /* cut in the middle */
	assert_true(matches("??", "\xf0\x9f\x98\x80x"));
}

static void test_wildcard_escapes(void **state)
{
	assert_true(matches("a\\*b", "a*b"));
	assert_false(matches("a\\*b", "axb"));
	assert_true(matches("a\\?b", "a?b"));
	assert_true(matches("c:\\windows", "c:\\windows"));
	assert_true(matches("c:\\\\windows", "c:\\windows"));
	assert_true(matches("a\\\\*", "a\\xyz"));
	assert_true(matches("a\\\\\\*", "a\\*"));
	assert_false(matches("a\\\\\\*", "a\\x"));
	assert_true(matches("a\\\\\\\\b", "a\\\\b"));
	assert_true(matches("a\\\\\\b", "a\\\\b")); /* three or four backslashes are two */
	assert_true(matches("end\\", "end\\"));
}

static void test_wildcard_cased(void **state)
{
	struct wildcard cased = pattern_of("*aBc*", true);

	assert_true(wildcard_matches(&cased, SPAN("xaBcx")));
	assert_false(wildcard_matches(&cased, SPAN("xabcx")));
	assert_false(matches("\xc3\x84", "\xc3\xa4")); /* case is ASCII's */
	assert_true(matches("[", "["));
	assert_false(matches("[", "{")); /* 0x20 apart, but no letters */
	assert_false(matches("@", "`"));
}

static void test_wildcard_longest(void **state)
{
	struct wildcard wildcard = pattern_of("*AB?cdef*gh*", false);

	assert_true(span_equal(wildcard_longest(&wildcard, &arena), SPAN("cdef")));
	wildcard = pattern_of("*?*", false);
	assert_int_equal(wildcard_longest(&wildcard, &arena).len, 0);
	wildcard = pattern_of("XyZ", true);
	assert_true(span_equal(wildcard_longest(&wildcard, &arena), SPAN("XyZ")));
}

/* Tries every way; texts here are ASCII, so a character is a byte. */
static bool tries(const uint16_t *units, size_t len, struct span text)
{
	if (len == 0)
		return text.len == 0;
	if (units[0] == WILDCARD_MANY) {
		for (size_t skip = 0; skip <= text.len; skip++)
			if (tries(units + 1, len - 1, span_skip(text, skip)))
				return true;
		return false;
	}
	if (text.len == 0 || (units[0] != WILDCARD_ONE && units[0] != (unsigned char)text.data[0]))
		return false;
	return tries(units + 1, len - 1, span_skip(text, 1));
}

static void test_wildcard_twin(void **state)
{
	static const uint16_t signs[] = { 'a', 'b', WILDCARD_MANY, WILDCARD_ONE };
	unsigned seed = 7, matched = 0;

	for (unsigned i = 0; i < 40000; i++) {
		uint16_t units[8] = { 0 };
		char text[10] = { 0 };
		size_t len = (size_t)(rand_r(&seed) % 8), text_len = (size_t)(rand_r(&seed) % 10);
		struct wildcard wildcard;
		for (size_t j = 0; j < len; j++)
			units[j] = signs[rand_r(&seed) % 4];
		for (size_t j = 0; j < text_len; j++)
			text[j] = (char)('a' + rand_r(&seed) % 2);
		assert_true(wildcard_init(&wildcard, units, len, i % 2, &arena));
		struct span span = { text, text_len };
		bool expected = tries(units, len, span);
		matched += expected;
		assert_int_equal(wildcard_matches(&wildcard, span), expected);
		if (i % 1000 == 0)
			arena_reset(&arena);
	}
	assert_in_range(matched, 4000, 36000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wildcard_whole),	 cmocka_unit_test(test_wildcard_one),
		cmocka_unit_test(test_wildcard_escapes), cmocka_unit_test(test_wildcard_cased),
		cmocka_unit_test(test_wildcard_longest), cmocka_unit_test(test_wildcard_twin),
	};
	int failed = cmocka_run_group_tests_name("wildcard_units", tests, NULL, NULL);

	arena_finish(&arena);
	return failed;
}
