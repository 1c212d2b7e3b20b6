/* match/regex_literal: which literals are found, and that no text without one is matched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "match/regex.h"
#include "match/regex_literal.h"

static struct regex_literals find(const char *pattern, struct arena *arena)
{
	struct regex_literals literals;

	regex_literals_find(span_of(pattern), false, arena, &literals);
	return literals;
}

static void test_literals(void **state)
{
	static const struct {
		const char *pattern, *literals; /* parted by a bar */
		bool at_start;
	} cases[] = {
		{ "pid=(?<pid>\\d+)", "pid=", true },
		{ "\\spid=(?<pid>\\d+)", "pid=", false },
		{ "exe=\\\"(?<exe>[^\\\"]+)\\\" key", "exe=\"", true },
		{ "(?<a>environment=)x", "environment=", false },
		{ "ab?c", "a", true },
		{ "ab*cde", "cde", false },
		{ "ab+cd", "bcd", false },
		{ "ab{2}c", "ab", true },
		{ "ab{0,2}", "a", true },
		{ "ab{,2}cde", "", false },
		{ "a{b}", "a{b}", true },
		{ "a\\.b\\tc", "a.b\tc", true },
		{ "x[=]y", "x=y", true },
		{ "x[=:]yz", "yz", false },
		{ "(?:foo|barn) x", "foo|barn", false },
		{ "foo|bar", "foo|bar", false },
		{ "foo|.", "", false },
		{ "(?:foo)?b", "b", false },
		{ "(?:foo)+b", "foo", false },
		{ "(?=foo)b", "b", false },
		{ "(?<!foo)b", "b", false },
		{ "(?i)foo", "", false },
		{ "a(?i:b)", "", false },
		{ "(?s)foo", "foo", false },
		{ "(?x) foo", "", false },
		{ "\\Qfoo\\E", "", false },
		{ "(*ACCEPT)foo", "", false },
		{ "(a)\\1234", "a", false },
		{ "\\x41bcdef", "def", false },
		{ "\\x{41}bcd", "bcd", false },
		{ "\\p{L}bc", "bc", false },
		{ "[]a]bc", "bc", false },
		{ "[^]a]bc", "bc", false },
		{ "[\\]]bc", "bc", false },
		{ "[[:alpha:]]bc", "", false },
		{ "a\xc3\xa9?bc", "bc", false },
		{ "", "", false },
		{ "(a", "", false },
		{ "a)b", "", false },
		{ "[a", "", false },
		{ "a\\", "", false },
	};
	struct arena arena;
	char text[256];

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct regex_literals literals = find(cases[i].pattern, &arena);
		size_t len = 0;
		text[0] = '\0';
		for (size_t j = 0; j < literals.count; j++)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", j ? "|" : "",
						(int)literals.items[j].len, literals.items[j].data);
		if (strcmp(text, cases[i].literals) != 0 || literals.at_start != cases[i].at_start)
			fail_msg("%s: %s %d, not %s", cases[i].pattern, text, literals.at_start, cases[i].literals);
	}
	arena_finish(&arena);
}

static void test_ignore_case(void **state)
{
	struct regex_literals literals;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_false(regex_literals_find(SPAN("foo"), true, &arena, &literals));
	assert_int_equal(literals.count, 0);
	arena_finish(&arena);
}

static void test_in_text(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	struct regex_literals literals = find("foo|bar", &arena);
	assert_int_equal(regex_literals_in(&literals, SPAN("a bar")), 2);
	assert_int_equal(regex_literals_in(&literals, SPAN("a ba")), 4);
	assert_int_equal(regex_literals_in(&literals, SPAN("")), 0);
	arena_finish(&arena);
}

/* ---- any pattern ---- */

#define ROUNDS 100000

static uint32_t random_below(uint64_t *seed, uint32_t limit)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % limit;
}

static size_t make(uint64_t *seed, const char *const pieces[], uint32_t count, char *to, unsigned most)
{
	size_t len = 0;

	for (unsigned n = 1 + random_below(seed, most); n--;)
		len += (size_t)sprintf(to + len, "%s", pieces[random_below(seed, count)]);
	return len;
}

/* A text that the pattern matches holds a literal; and behind one at the start the search finds the same. */
static bool check(const char *pattern, size_t pattern_len, const char *text, size_t text_len, struct arena *arena)
{
	struct regex_literals literals;
	struct err err;
	struct span subject = { text, text_len };
	struct regex *regex = regex_create((struct span){ pattern, pattern_len }, false, &err);

	if (!regex)
		return false;
	struct regex_match *match = regex_match_create(regex);
	regex_literals_find((struct span){ pattern, pattern_len }, false, arena, &literals);
	bool matched = regex_search(regex, match, subject, 0) > 0;
	if (matched && literals.count) {
		struct span first = regex_group(match, subject, 0);
		size_t at = regex_literals_in(&literals, subject);
		assert_true(at < text_len);
		if (literals.at_start) {
			assert_int_equal(regex_search(regex, match, subject, at), 1);
			assert_true(regex_group(match, subject, 0).data == first.data);
		}
	}
	regex_match_destroy(match);
	regex_destroy(regex);
	return matched && literals.count;
}

static void test_any_pattern(void **state)
{
	static const char *const pieces[] = { "a",     "b",	"ab",	"c",	"=",	 "\\.", "\\d",	 "[ab]",
					      "[=]",   "(?:",	")",	"(",	"|",	 "?",	"*",	 "+",
					      "{2}",   "{0,1}", "{,2}", "{",	"}",	 "^",	"$",	 "\\b",
					      ".",     "\\x61", "\\1",	"(?i)", "(?=",	 "(?!", "(?<x>", "(?>",
					      "\\Q",   "\\E",	"[^a]", "[]a]", "(?s)",	 "\\K", "\\G",	 "[[:alpha:]b]",
					      "\\141", "(?#",	"(?|",	"(?<=", "\\p{L}" };
	static const char *const texts[] = { "a", "b", "c", "ab", "=", ".", "1", "{", "}", "aa", "A", ",2" };
	char pattern[512], text[512];
	struct arena arena;
	uint64_t seed = 7;
	unsigned useful = 0;

	(void)state;
	arena_init(&arena, 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t pattern_len = make(&seed, pieces, sizeof(pieces) / sizeof(*pieces), pattern, 8);
		size_t text_len = make(&seed, texts, sizeof(texts) / sizeof(*texts), text, 12);
		useful += check(pattern, pattern_len, text, text_len, &arena);
		arena_reset(&arena);
	}
	assert_true(useful > ROUNDS / 100);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_literals),
		cmocka_unit_test(test_ignore_case),
		cmocka_unit_test(test_in_text),
		cmocka_unit_test(test_any_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
