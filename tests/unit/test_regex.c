/* match/regex*.c: what Java and RE2 write, groups, bytes that are no UTF-8, long subjects, and bounded time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "match/regex.h"
#include "match/regex_java.h"

/* Where the pattern matches: the offset, -1 for nowhere, or the negative errno (below -1) of the search. */
static long find(const char *pattern, struct span subject, bool ignore_case)
{
	struct err err = { 0 };
	struct regex *regex = regex_create(span_of(pattern), ignore_case, &err);

	if (!regex)
		fail_msg("%s: %s", pattern, err.text);
	struct regex_match *match = regex_match_create(regex);
	assert_non_null(match);
	int result = regex_search(regex, match, subject, 0);
	long at = result < 0 ? result : -1;
	if (result == 1)
		at = regex_group(match, subject, 0).data - subject.data;
	regex_match_destroy(match);
	regex_destroy(regex);
	return at;
}

static void assert_refused(const char *pattern, const char *why)
{
	struct err err = { 0 };

	assert_null(regex_create(span_of(pattern), false, &err));
	assert_int_equal(err.number, -EINVAL);
	if (!strstr(err.text, why))
		fail_msg("%s: %s", pattern, err.text);
}

static void java(void **state)
{
	static const struct {
		const char *pattern;
		struct span subject;
		long at;
	} cases[] = {
		{ "\\p{Alpha}+", SPAN("12ab"), 2 },
		{ "\\P{Alpha}", SPAN("ab1"), 2 },
		{ "[\\p{Digit}x]", SPAN("ab1"), 2 },
		{ "[^\\p{Alpha}]", SPAN("ab1"), 2 },
		{ "\\p{Lu}", SPAN("abC"), 2 },
		{ "\\p{XDigit}{2}", SPAN("xyza1"), 3 },
		{ "\\p{Punct}", SPAN("ab!"), 2 },
		{ "\\u0041", SPAN("xA"), 1 },
		{ "\\u00e9", SPAN("x\xc3\xa9"), 1 },
		{ "\\u20ac+", SPAN("x\xe2\x82\xac\xe2\x82\xac"), 1 },
		{ "[\\u0041-\\u0043]", SPAN("xyC"), 2 },
		{ "\\\\u0041", SPAN("x\\u0041"), 1 },
		{ "\\u005bx", SPAN("[x"), 0 },
		{ "[]a]+", SPAN("x]a"), 1 },
		{ "[^]a]", SPAN("]ab"), 2 },
		{ "[[:alpha:]]", SPAN("12a"), 2 },
		{ "a++b", SPAN("xaab"), 1 },
		{ "[\\w-.]+$", SPAN("= a-b.c"), 2 },
		{ "a++a", SPAN("aaa"), -1 },
		{ "(?>a+)b", SPAN("aab"), 0 },
		{ "(?i)LaZagne", SPAN("/tmp/lazagne"), 5 },
		{ "(?<!p)pid=(?=\\d)", SPAN("ppid=1 pid=2"), 7 },
		{ "(?<a>x)\\k<a>", SPAN("axx"), 1 },
		{ "\\h", SPAN("a\tb"), 1 },
		{ "\\Qa.b\\E", SPAN("axb a.b"), 4 },
		{ "a\\zb?", SPAN("ba"), 1 },
		{ "^b", SPAN("a\nb"), -1 },
		{ "(?m)^b", SPAN("a\nb"), 2 },
		{ "a.b", SPAN("a\nb"), -1 },
		{ "(?s)a.b", SPAN("a\nb"), 0 },
		{ "a$", SPAN("a\n"), 0 },
		{ "\\d", SPAN("\xd9\xa1"), -1 },
		{ "", SPAN(""), 0 },
		{ "", SPAN("x"), 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		long at = find(cases[i].pattern, cases[i].subject, false);
		if (at != cases[i].at)
			fail_msg("/%s/ on '%s': %ld", cases[i].pattern, cases[i].subject.data, at);
	}
}

static void ignoring_case(void **state)
{
	assert_int_equal(find("mimipenguin|lazagne", SPAN("x LaZagne"), true), 2);
	assert_int_equal(find("mimipenguin|lazagne", SPAN("x LaZagne"), false), -1);
	assert_int_equal(find("(?-i)lazagne", SPAN("x LaZagne"), true), -1);
	assert_int_equal(find("[a-c]\\u0041", SPAN("xBa"), true), 1);
	assert_int_equal(find("\xc3\x89t\xc3\x89", SPAN("x \xc3\xa9T\xc3\xa9"), true), 2);
}

static void any_bytes(void **state)
{
	assert_int_equal(find("b",
			      SPAN("\xff\0\xc3"
				   "b"),
			      false),
			 3);
	assert_int_equal(find("\\x00", SPAN("a\0"), false), 1);
	assert_int_equal(find("a.b",
			      SPAN("a\xff"
				   "b"),
			      false),
			 0);
	/* A pattern beyond ASCII: bytes that are none of it match nothing, and stop nothing. */
	assert_int_equal(find("\xc3\xa9+b",
			      SPAN("\xff\xff\xc3\xa9\xc3\xa9"
				   "b\xff"),
			      false),
			 2);
	assert_int_equal(find("b\xc3\xa9?",
			      SPAN("\xff\xff"
				   "b"),
			      false),
			 2);
	assert_int_equal(find("[\xc3\xa9]", SPAN("\xc3\xa8"), false), -1);
}

static void groups(void **state)
{
	struct regex *regex = regex_create(SPAN("(?<pid>\\d+)(?<rest>x)?(y)?(?P<end>z)"), false, NULL);
	struct regex_match *match = regex_match_create(regex);
	struct span subject = SPAN("ab 12z 7xyz");

	assert_int_equal(regex_group_count(regex), 4);
	assert_true(span_equal(regex_group_name(regex, 1), SPAN("pid")));
	assert_true(span_equal(regex_group_name(regex, 4), SPAN("end")));
	assert_int_equal(regex_group_name(regex, 0).len, 0);
	assert_int_equal(regex_group_name(regex, 3).len, 0);
	assert_int_equal(regex_group_name(regex, 99).len, 0);
	assert_int_equal(regex_search(regex, match, subject, 0), 1);
	assert_true(span_equal(regex_group(match, subject, 1), SPAN("12")));
	assert_null(regex_group(match, subject, 2).data);
	assert_null(regex_group(match, subject, 99).data);
	assert_int_equal(regex_search(regex, match, subject, 6), 1);
	assert_true(span_equal(regex_group(match, subject, 2), SPAN("x")));
	assert_int_equal(regex_search(regex, match, subject, 11), 0);
	assert_int_equal(regex_search(regex, match, subject, 12), 0);
	regex_match_destroy(match);
	regex_destroy(regex);
	regex_match_destroy(NULL);
	regex_destroy(NULL);
}

/* \K may end a match before it begins. */
static void match_that_ends_before_it_begins(void **state)
{
	struct err err = { 0 };
	struct regex *regex = regex_create(SPAN("(?=ab\\K)"), false, &err);

	if (!regex)
		return;
	struct regex_match *match = regex_match_create(regex);
	struct span subject = SPAN("ab");
	if (regex_search(regex, match, subject, 0) == 1)
		assert_int_equal(regex_group(match, subject, 0).len, 0);
	regex_match_destroy(match);
	regex_destroy(regex);
}

static void refused(void **state)
{
	assert_refused("(a", "character 3");
	assert_refused("a)", "character 2");
	assert_refused("[z-a]", "behind '[z-'");
	assert_refused("a{2,1}", "the regex is not right");
	assert_refused("\\p{IsAlphabetic}", "the regex is not right");
	assert_refused("(?<a>x)\\k<b>", "the regex is not right");
	assert_refused("(?<1>x)", "the regex is not right");
	assert_refused("\\C", "the regex is not right");
	assert_refused("(?<=a+)b", "lookbehind");
	assert_refused("\\", "the regex is not right");
	assert_refused("\xff\xc3", "the regex is not right"); /* bytes beyond ASCII have to be characters */
	/* Deep, and larger than any program that PCRE2 makes. */
	char deep[1000];
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	assert_refused(deep, "the regex is not right");
	assert_refused("((((a{1,999}){1,999}){1,999}){1,999})", "the regex is not right");
}

static void translation(void **state)
{
	static const struct {
		const char *java, *pcre;
	} cases[] = {
		{ "\\p{Alpha}", "[[:alpha:]]" },
		{ "[\\P{ASCII}]", "[[:^ascii:]]" },
		{ "\\p{Lu}\\p{Alph", "\\p{Lu}\\p{Alph" },
		{ "\\\\p{Alpha}", "\\\\p{Alpha}" },
		{ "\\u0041\\u00E9\\u20AC", "\\x41\xc3\xa9\xe2\x82\xac" },
		{ "\\u12", "\\u12" },
		{ "[]\\p{Digit}][^]\\p{Digit}]", "[][:digit:]][^][:digit:]]" },
		{ "[\\w-.][\\d-][a\\-z][\\p{Alpha}-_][\\p{Lu}-.]\\w-.",
		  "[\\w\\-.][\\d-][a\\-z][[:alpha:]\\-_][\\p{Lu}\\-.]\\w-." },
		{ "\\", "\\" },
		{ "[a\\]\\p{Digit}]\\p{Digit}", "[a\\][:digit:]][[:digit:]]" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buffer to = { 0 };
		regex_from_java(&to, span_of(cases[i].java));
		buffer_add_byte(&to, '\0');
		assert_string_equal(to.data, cases[i].pcre);
		buffer_finish(&to);
	}
}

/* ---- long subjects ---- */

/* Every place in the pieces that a long subject is searched by, and across their borders. */
static void pieces(void **state)
{
	static const size_t places[] = { 0,	1,     127,    128,    129,    4094,	4095,	 4096,	  4097,	  65535,
					 65536, 65537, 262143, 262144, 262145, 1048575, 1048576, 1048577, 2999994 };
	size_t len = 3000000;
	struct span needle = SPAN("needle");
	char *text = malloc(len);

	memset(text, 'a', len);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		memcpy(text + places[i], needle.data, needle.len);
		assert_int_equal(find("ne{2}dle", (struct span){ text, len }, false), places[i]);
		assert_int_equal(find("(?<=^|a)ne{2}dle", (struct span){ text, len }, false), places[i]);
		assert_int_equal(find("NEEDLE", (struct span){ text, len }, true), places[i]);
		assert_int_equal(find("ne{2}dle\xc3\xa9?", (struct span){ text, len }, false), places[i]);
		/* The subject ends with it. */
		assert_int_equal(find("needle$", (struct span){ text, places[i] + 6 }, false), places[i]);
		memset(text + places[i], 'a', 6);
	}
	assert_int_equal(find("needle", (struct span){ text, len }, false), -1);
	assert_int_equal(find("^needle|\\Aa{5}n", (struct span){ text, len }, false), -1);
	assert_int_equal(find("$", (struct span){ text, len }, false), len);
	assert_int_equal(find("\\z", (struct span){ text, 65536 }, false), 65536);
	assert_int_equal(find("\\Gb|needle", (struct span){ text, 300000 }, false), -1);
	free(text);
}

static double seconds(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Without limits each of these takes hours to ages. */
static void time_is_bounded(void **state)
{
	static const char *const patterns[] = {
		"(a+)+$",
		"(a|aa)+$",
		"(a*)*b[c]",
		"(.*)(.*)(.*)(.*)(.*)[x]",
		"(?:a?){60}a{60}[b]",
		"(a+)+\\1b[c]",
		"(?:(?:a+)?)+[b]",
		"((a+)|(a+a+))+[x]",
		"^(([a-z])+.)+[A-Z]([a-z])+$",
		"(?=(a+))\\1*c",
	};
	static const size_t sizes[] = { 30, 3000, 60000, 300000 };
	char *text = malloc(1u << 20);

	memset(text, 'a', 1u << 20);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
			double before = seconds();
			struct span subject = { text, sizes[k] };
			text[sizes[k] - 1] = '!';
			long at = find(patterns[i], subject, false);
			text[sizes[k] - 1] = 'a';
			if (at != -1 && at != -E2BIG)
				fail_msg("/%s/ at %ld", patterns[i], at);
			if (seconds() - before > 40)
				fail_msg("/%s/ took %.0f s", patterns[i], seconds() - before);
		}
	free(text);
}

/* No item of this is tried twice from one start, so no limit of PCRE2's ends it. */
static void uncounted_steps(void **state)
{
	size_t len = 1u << 20;
	char *text = malloc(len);
	double before = seconds();

	memset(text, 'a', len);
	assert_int_equal(find("(?=(a+))\\1*c", (struct span){ text, len }, false), -E2BIG);
	assert_true(seconds() - before < 60);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(java),
		cmocka_unit_test(ignoring_case),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(groups),
		cmocka_unit_test(match_that_ends_before_it_begins),
		cmocka_unit_test(refused),
		cmocka_unit_test(translation),
		cmocka_unit_test(pieces),
		cmocka_unit_test(time_is_bounded),
		cmocka_unit_test(uncounted_steps),
	};

	return cmocka_run_group_tests_name("regex", tests, NULL, NULL);
}
