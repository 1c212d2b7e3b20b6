/* match/wildcard.c and query/scope_term.c against plain twins, on all small patterns and texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "match/wildcard.h"
#include "query/scope_term.h"

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

static bool matches(struct span pattern, struct span text, bool ignore_case)
{
	struct wildcard wildcard;

	arena_reset(&arena);
	assert_true(wildcard_compile(&wildcard, pattern, ignore_case, &arena));
	return wildcard_matches(&wildcard, text);
}

/* As the header says it, without haste. */
static bool slow(struct span pattern, struct span text)
{
	if (!pattern.len)
		return !text.len;
	if (pattern.data[0] == '*')
		return slow(span_skip(pattern, 1), text) || (text.len && slow(pattern, span_skip(text, 1)));
	if (!text.len)
		return false;
	size_t used = 1;
	char byte = pattern.data[0];
	bool any = byte == '?';
	if (byte == '\\' && pattern.len > 1 && strchr("*?\\", pattern.data[1])) {
		byte = pattern.data[1];
		used = 2;
	}
	return (any || byte == text.data[0]) && slow(span_skip(pattern, used), span_skip(text, 1));
}

/* The i-th of all texts of that length over the alphabet. */
static struct span spell(char *room, size_t len, size_t i, const char *alphabet)
{
	size_t letters = strlen(alphabet);

	for (size_t k = 0; k < len; k++, i /= letters)
		room[k] = alphabet[i % letters];
	return (struct span){ room, len };
}

static size_t power(size_t base, size_t exponent)
{
	return exponent ? base * power(base, exponent - 1) : 1;
}

static void all_small_patterns(void **state)
{
	char pattern_room[8], text_room[8];

	for (size_t len = 0; len <= 4; len++)
		for (size_t i = 0; i < power(5, len); i++)
			for (size_t text_len = 0; text_len <= 4; text_len++)
				for (size_t k = 0; k < power(3, text_len); k++) {
					struct span pattern = spell(pattern_room, len, i, "ab*?\\");
					struct span text = spell(text_room, text_len, k, "ab*");
					if (matches(pattern, text, false) != slow(pattern, text))
						fail_msg("'%.*s' on '%.*s'", (int)len, pattern.data, (int)text_len,
							 text.data);
				}
}

static void wildcards(void **state)
{
	assert_true(matches(SPAN("*/su?o*"), SPAN("exe=/usr/bin/sudo x"), false));
	assert_false(matches(SPAN("sudo"), SPAN("sudo "), false));
	assert_true(matches(SPAN("a\\*b"), SPAN("a*b"), false));
	assert_false(matches(SPAN("a\\*b"), SPAN("axb"), false));
	assert_true(matches(SPAN("C:\\Windows\\*"), SPAN("C:\\Windows*"), false));
	assert_true(matches(SPAN("C:\\Windows\\\\*"), SPAN("C:\\Windows\\x"), false));
	assert_true(matches(SPAN("a\\"), SPAN("a\\"), false));
	assert_true(matches(SPAN("*\0*"), SPAN("a\0b"), false));
	assert_true(matches(SPAN("*"), SPAN("a\nb"), false));
	assert_true(matches(SPAN("*SuDo?"), SPAN("/bin/sUdO1"), true));
	assert_false(matches(SPAN("*SuDo?"), SPAN("/bin/sUdO1"), false));
	assert_false(matches(SPAN("\xc3\x89"), SPAN("\xc3\xa9"), true));
}

static double seconds(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Patterns that make backtrackers go on for ever; times are generous, what they forbid takes days. */
static void time_is_bounded(void **state)
{
	static const char *const patterns[] = { "*a*a*a*a*a*a*a*a*a*a*b", "*a?a?a?a?a?a?a?a?a?a?b*",
						"*?*?*?*?*?*?*?*?*?*?*b" };
	size_t len = 1u << 20;
	char *text = malloc(len);
	struct span a = { text, len };

	memset(text, 'a', len);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		double before = seconds();
		assert_false(matches(span_of(patterns[i]), a, true));
		assert_false(scope_value_matches(span_of(patterns[i]), false, a));
		assert_false(scope_keyword_in(SPAN("*a*a*a*a*a*a*b"), span_first(a, 20000)));
		assert_false(scope_phrase_in(SPAN("a a a a a b"), a));
		assert_true(seconds() - before < 10);
	}
	for (size_t i = 0; i < len; i += 2)
		text[i] = '-';
	double before = seconds();
	assert_false(scope_keyword_in(SPAN("*-*-*-*-*-*-*-*-*-*=b"), a));
	assert_false(scope_keyword_in(SPAN("a-a-a-a-a-a-a-a=b"), a));
	for (size_t i = 0; i < len; i += 2)
		text[i] = ' ';
	assert_false(scope_phrase_in(SPAN("a a a a a a a a b"), a));
	assert_true(seconds() - before < 10);
	free(text);
}

/* ---- terms of the scope ---- */

static void keywords(void **state)
{
	static const struct {
		struct span keyword, text;
		bool found;
	} cases[] = {
		{ SPAN("error"), SPAN("an ERROR came"), true },
		{ SPAN("error"), SPAN("errors"), false },
		{ SPAN("error"), SPAN("terror"), false },
		{ SPAN("error"), SPAN("error_code"), false },
		{ SPAN("error"), SPAN("a-error-b"), true },
		{ SPAN("error"), SPAN("errors error"), true },
		{ SPAN("error"), SPAN(""), false },
		{ SPAN("err*"), SPAN("errors"), true },
		{ SPAN("err*"), SPAN("err"), true },
		{ SPAN("*rror"), SPAN("terror"), true },
		{ SPAN("*rror"), SPAN("errors"), false },
		{ SPAN("e*r"), SPAN("error"), true },
		{ SPAN("e*r"), SPAN("e r"), false },
		{ SPAN("e?ror"), SPAN("error"), true },
		{ SPAN("e?ror"), SPAN("e-ror"), false },
		{ SPAN("e?ror"), SPAN("eror"), false },
		{ SPAN("/proc/*/mem"), SPAN("open /proc/812/mem now"), true },
		{ SPAN("/proc/*/mem"), SPAN("open /proc/812/maps now"), false },
		{ SPAN("/proc/*/mem"), SPAN("open /proc/self/x/mem now"), false },
		{ SPAN("10.0.0.*"), SPAN("from 10.0.0.12:55"), true },
		{ SPAN("a.b"), SPAN("xa.b"), false },
		{ SPAN("*"), SPAN("x"), true },
		{ SPAN(""), SPAN("x"), true },
		{ SPAN("\xc3\xa9t\xc3\xa9"), SPAN("un \xc3\xa9t\xc3\xa9 chaud"), true },
		{ SPAN("t\xc3\xa9"), SPAN("\xc3\xa9t\xc3\xa9"), false },
		{ SPAN("a\0b"), SPAN("x a\0b"), true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (scope_keyword_in(cases[i].keyword, cases[i].text) != cases[i].found)
			fail_msg("'%s' in '%s'", cases[i].keyword.data, cases[i].text.data);
}

static void phrases(void **state)
{
	assert_true(scope_phrase_in(SPAN("failed password"), SPAN("x Failed \t Password for")));
	assert_true(scope_phrase_in(SPAN("failed   password"), SPAN("failed password")));
	assert_false(scope_phrase_in(SPAN("failed password"), SPAN("failedpassword")));
	assert_false(scope_phrase_in(SPAN("failed password"), SPAN("failed passwords")));
	assert_false(scope_phrase_in(SPAN("failed password"), SPAN("unfailed password")));
	assert_true(scope_phrase_in(SPAN("failed password"), SPAN("failed passwords, failed password")));
	assert_true(scope_phrase_in(SPAN("  a b "), SPAN("a b")));
	assert_false(scope_phrase_in(SPAN("a* b"), SPAN("ax b"))); /* no wildcards within quotes */
	assert_true(scope_phrase_in(SPAN("a* b"), SPAN("a* b")));
	assert_true(scope_phrase_in(SPAN(""), SPAN("x")));
	assert_true(scope_phrase_in(SPAN(" "), SPAN("x")));
	assert_false(scope_phrase_in(SPAN("a b"), SPAN("a ")));
	assert_true(scope_phrase_in(SPAN("uid=0"), SPAN("euid=1 uid=0 ")));
	assert_false(scope_phrase_in(SPAN("uid=0"), SPAN("euid=0 uid=00")));
}

static void metadata(void **state)
{
	assert_true(scope_value_matches(SPAN("linux/*"), false, SPAN("Linux/audit")));
	assert_false(scope_value_matches(SPAN("linux/*"), true, SPAN("linux/audit")));
	assert_true(scope_value_matches(SPAN("linux/*"), true, SPAN("LINUX/*")));
	assert_false(scope_value_matches(SPAN("linux"), false, SPAN("linux/audit")));
	assert_true(scope_value_matches(SPAN("*audit*"), false, SPAN("linux/audit")));
	assert_true(scope_value_matches(SPAN("*"), false, SPAN("")));
	assert_true(scope_value_matches(SPAN(""), false, SPAN("")));
	assert_false(scope_value_matches(SPAN("a?c"), false, SPAN("abc")));
	assert_false(scope_value_matches(SPAN("*a"), false, SPAN("ab")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_small_patterns), cmocka_unit_test(wildcards), cmocka_unit_test(time_is_bounded),
		cmocka_unit_test(keywords),	      cmocka_unit_test(phrases),   cmocka_unit_test(metadata),
	};

	return cmocka_run_group_tests_name("wildcard", tests, begin, end);
}
