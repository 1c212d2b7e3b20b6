/* base/span.c: borrowed bytes, NUL and anything else among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/find.h"
#include "base/hash.h"

static const struct span nothing = { NULL, 0 };

static void equality(void **state)
{
	assert_true(span_equal(SPAN("a\0b"), SPAN("a\0b")));
	assert_false(span_equal(SPAN("a\0b"), SPAN("a\0c")));
	assert_false(span_equal(SPAN("a"), SPAN("ab")));
	assert_true(span_equal(nothing, SPAN("")));
	assert_true(span_equal_nocase(SPAN("LaZagne"), SPAN("lazAGNE")));
	assert_false(span_equal_nocase(SPAN("[agne"), SPAN("{agne")));
	assert_true(span_equal_nocase(nothing, nothing));
	assert_int_equal(span_of(NULL).len, 0);
}

static void ends(void **state)
{
	assert_true(span_starts(SPAN("/proc/1"), SPAN("/proc/")));
	assert_false(span_starts(SPAN("/pro"), SPAN("/proc/")));
	assert_true(span_starts(SPAN("x"), SPAN("")));
	assert_true(span_ends(SPAN("cat (deleted)"), SPAN(" (deleted)")));
	assert_false(span_ends(SPAN("d)"), SPAN(" (deleted)")));
}

static void cuts(void **state)
{
	assert_true(span_equal(span_skip(SPAN("abc"), 2), SPAN("c")));
	assert_int_equal(span_skip(SPAN("abc"), 9).len, 0);
	assert_int_equal(span_skip(SPAN("abc"), SIZE_MAX).len, 0);
	assert_true(span_equal(span_first(SPAN("abc"), 2), SPAN("ab")));
	assert_int_equal(span_first(SPAN("abc"), SIZE_MAX).len, 3);
	assert_true(span_equal(span_trim(SPAN(" \t\r\n\v\fa b\n")), SPAN("a b")));
	assert_int_equal(span_trim(SPAN(" \n ")).len, 0);
	assert_int_equal(span_trim(nothing).len, 0);
	assert_true(span_equal(span_trim(SPAN("\0a\0")), SPAN("\0a\0")));
}

static void search(void **state)
{
	assert_int_equal(span_index(SPAN("a/b/c"), '/'), 1);
	assert_int_equal(span_index(SPAN("abc"), '/'), 3);
	assert_int_equal(span_index(nothing, '/'), 0);
	assert_int_equal(span_find(SPAN("a\0bc"), SPAN("bc")), 2);
	assert_int_equal(span_find(SPAN("abc"), SPAN("abcd")), 3);
	assert_int_equal(span_find(nothing, SPAN("x")), 0);
	assert_int_equal(span_find_nocase(SPAN("/tmp/LaZagne"), SPAN("lazagne")), 5);
	assert_int_equal(span_find_nocase(SPAN("lazagn"), SPAN("lazagne")), 6);
	assert_int_equal(span_find_nocase(SPAN("xlazagnelazagne"), SPAN("LAZAGNE")), 1);
	assert_int_equal(span_find_nocase(SPAN("abc"), SPAN("")), 0);
}

static void basenames(void **state)
{
	assert_true(span_equal(span_basename(SPAN("/usr/bin/cat")), SPAN("cat")));
	assert_true(span_equal(span_basename(SPAN("cat")), SPAN("cat")));
	assert_int_equal(span_basename(SPAN("/usr/bin/")).len, 0);
	assert_int_equal(span_basename(nothing).len, 0);
}

static void numbers(void **state)
{
	uint64_t value = 7;

	assert_int_equal(span_decimal(SPAN("x"), &value), 0);
	assert_int_equal(span_decimal(SPAN("18446744073709551616"), &value), 0);
	assert_int_equal(span_decimal(SPAN("99999999999999999999"), &value), 0);
	assert_int_equal(value, 7);
	assert_int_equal(span_decimal(SPAN("18446744073709551615x"), &value), 20);
	assert_true(value == UINT64_MAX);
	assert_int_equal(span_decimal(SPAN("007"), &value), 3);
	assert_int_equal(value, 7);
	assert_int_equal(span_hex(SPAN("10000000000000000"), &value), 0);
	assert_int_equal(span_hex(nothing, &value), 0);
	assert_int_equal(value, 7);
	assert_int_equal(span_hex(SPAN("fFffffffffffffff"), &value), 16);
	assert_true(value == UINT64_MAX);
	assert_int_equal(span_hex(SPAN("c0g"), &value), 2);
	assert_int_equal(value, 0xc0);
}

/* Where the needle first stands, letter by letter. */
static size_t expected(struct span s, struct span needle)
{
	for (size_t at = 0; at + needle.len <= s.len; at++)
		if (memcmp(s.data + at, needle.data, needle.len) == 0)
			return at;
	return s.len;
}

/* Texts that end where their memory does, so that a sanitizer sees a look behind it. */
static void searchers(void **state)
{
	uint64_t random = 1;

	for (size_t round = 0; round < 40000; round++) {
		random = hash_mix(random + round);
		size_t len = random % 150, letters = 1 + (random >> 16) % 3, needle_len = 1 + (random >> 24) % 40;
		char *text = malloc(len ? len : 1), *part = malloc(needle_len);
		assert_non_null(text);
		assert_non_null(part);
		for (size_t i = 0; i < len; i++)
			text[i] = (char)('a' + hash_mix(random ^ i) % letters);
		for (size_t i = 0; i < needle_len; i++)
			part[i] = (char)('a' + hash_mix(random ^ i << 32) % letters);
		if (needle_len <= len && random >> 63)
			memcpy(part, text + len - needle_len, needle_len);
		struct span s = { text, len }, needle = { part, needle_len };
		assert_int_equal(span_find(s, needle), expected(s, needle));
		if (needle_len <= FIND_NEEDLE_MAX)
			assert_int_equal(find_plain(s, needle), expected(s, needle));
		free(text);
		free(part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equality), cmocka_unit_test(ends),	 cmocka_unit_test(cuts),
		cmocka_unit_test(search),   cmocka_unit_test(searchers), cmocka_unit_test(basenames),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}
