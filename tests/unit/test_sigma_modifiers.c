/* Sigma modifiers: what each makes of a value, alone and in chains; what cannot follow what. */
#include "sigma_scene.h"

static void test_sigma_plain(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("a", "        f: FooBar\n") ONE("b", "        f: 59\n") ONE("c", "        f: 'x*z?'\n")
				   ONE("d", "        f: ''\n") ONE("e", "        f: null\n")
					   ONE("g", "        f: '*'\n") ONE("h", "        f: true\n"));
	assert_true(scene_asks(&scene, "a", "f", "foobar"));
	assert_false(scene_asks(&scene, "a", "f", "foobar2"));
	assert_true(scene_asks(&scene, "b", "f", "59"));
	assert_false(scene_asks(&scene, "b", "f", "590"));
	assert_true(scene_asks(&scene, "c", "f", "xyyzA"));
	assert_false(scene_asks(&scene, "c", "f", "xyyz"));
	assert_true(scene_asks(&scene, "d", "f", ""));
	assert_false(scene_asks(&scene, "d", "f", " "));
	assert_false(scene_asks(&scene, "d", "g", ""));
	assert_true(scene_asks(&scene, "e", "g", "the field is missing"));
	assert_false(scene_asks(&scene, "e", "f", ""));
	assert_true(scene_asks(&scene, "g", "f", ""));
	assert_false(scene_asks(&scene, "g", "other", ""));
	assert_true(scene_asks(&scene, "h", "f", "True"));
	scene_begin(&scene, 0);
	scene_add_span(&scene, "f", (struct span){ NULL, 0 });
	assert_true(scene_matches(&scene, "e"));
	assert_false(scene_matches(&scene, "g"));
	scene_close(&scene);
}

static void test_sigma_parts(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("c", "        f|contains: b?d\n") ONE("s", "        f|startswith: /tmp/\n")
				   ONE("e", "        f|endswith: ['/cat', '/tac']\n")
					   ONE("all", "        f|contains|all: [-l, -p]\n")
						   ONE("cased", "        f|contains|cased: Ab\n")
							   ONE("neq", "        f|neq: [x, y]\n"));
	assert_true(scene_asks(&scene, "c", "f", "abcde"));
	assert_false(scene_asks(&scene, "c", "f", "abde"));
	assert_true(scene_asks(&scene, "s", "f", "/TMP/x"));
	assert_false(scene_asks(&scene, "s", "f", "x/tmp/"));
	assert_true(scene_asks(&scene, "e", "f", "/bin/tac"));
	assert_false(scene_asks(&scene, "e", "f", "/bin/tacx"));
	assert_true(scene_asks(&scene, "all", "f", "nc -p 1 -l"));
	assert_false(scene_asks(&scene, "all", "f", "nc -l"));
	assert_true(scene_asks(&scene, "cased", "f", "xAby"));
	assert_false(scene_asks(&scene, "cased", "f", "xaby"));
	assert_true(scene_asks(&scene, "neq", "f", "z"));
	assert_false(scene_asks(&scene, "neq", "f", "Y"));
	scene_close(&scene);
}

static void test_sigma_regex(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("r", "        f|re: '^a.c\\d+$'\n") ONE("i", "        f|re|i: 'sel?ect'\n")
				   ONE("m", "        f|re|m: '^second$'\n") ONE("s", "        f|re|s: 'a.b'\n")
					   ONE("ms", "        f|re|m|s: 'x$.^y'\n")
						   ONE("all", "        f|re|all: ['a+', 'b+']\n"));
	assert_true(scene_asks(&scene, "r", "f", "abc12"));
	assert_false(scene_asks(&scene, "r", "f", "ABC12"));
	assert_true(scene_asks(&scene, "i", "f", "xSEECT SELECT"));
	assert_true(scene_asks(&scene, "m", "f", "first\nsecond\nthird"));
	assert_false(scene_asks(&scene, "r", "f", "x\nabc1"));
	assert_true(scene_asks(&scene, "s", "f", "a\nb"));
	assert_true(scene_asks(&scene, "ms", "f", "x\ny"));
	assert_true(scene_asks(&scene, "all", "f", "ba"));
	assert_false(scene_asks(&scene, "all", "f", "bc"));
	scene_close(&scene);
}

static void test_sigma_encodings(void **state)
{
	struct scene scene;

	scene_open(&scene,
		   ONE("b", "        f|base64|contains: 'http://'\n")
			   ONE("o", "        f|base64offset|contains: secret\n") ONE("w", "        f|wide: 'c?d'\n")
				   ONE("be", "        f|utf16be: cmd\n") ONE("u", "        f|utf16: \xc3\xa9\n")
					   ONE("wb", "        f|wide|base64offset|contains: whoami\n")
						   ONE("d", "        f|windash|contains: ' -enc'\n") ONE(
							   "da", "        f|windash|contains|all: [' -a', ' -b']\n"));
	assert_true(scene_asks(&scene, "b", "f", "x aHR0cDovLw=="));
	assert_false(scene_asks(&scene, "b", "f", "x aHR0cDovL"));
	assert_true(scene_asks(&scene, "o", "f", "c2VjcmV0"));	       /* "secret" */
	assert_true(scene_asks(&scene, "o", "f", "eHNlY3JldA=="));     /* "xsecret" */
	assert_true(scene_asks(&scene, "o", "f", "eHhzZWNyZXQ="));     /* "xxsecret" */
	assert_true(scene_asks(&scene, "o", "f", "eHhzZWNyZXR4eHh4")); /* "xxsecretxxxx" */
	assert_false(scene_asks(&scene, "o", "f", "c2VjcnV0"));	       /* "secrut" */
	scene_begin(&scene, 0);
	scene_add_span(&scene, "f", SPAN("c\0d\0"));
	assert_false(scene_matches(&scene, "w"));
	scene_begin(&scene, 0);
	scene_add_span(&scene, "f", SPAN("c\0xd\0"));
	assert_true(scene_matches(&scene, "w"));
	scene_begin(&scene, 0);
	scene_add_span(&scene, "f", SPAN("\0c\0m\0d"));
	assert_true(scene_matches(&scene, "be"));
	scene_begin(&scene, 0);
	scene_add_span(&scene, "f", SPAN("\xff\xfe\xe9\0"));
	assert_true(scene_matches(&scene, "u"));
	assert_true(scene_asks(&scene, "wb", "f", "dwBoAG8AYQBtAGkA"));
	assert_true(scene_asks(&scene, "wb", "f", "IAB3AGgAbwBhAG0AaQA="));
	assert_true(scene_asks(&scene, "d", "f", "x /ENC y"));
	assert_true(scene_asks(&scene, "d", "f",
			       "x \xe2\x80\x95"
			       "enc"));
	assert_false(scene_asks(&scene, "d", "f", "x +enc"));
	assert_true(scene_asks(&scene, "da", "f", "x /b -a"));
	assert_false(scene_asks(&scene, "da", "f", "x /a -a"));
	scene_close(&scene);
}

static void test_sigma_numbers(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("lt", "        f|lt: 10\n") ONE("gte", "        f|gte: -1.5\n")
				   ONE("range", "        f|gt: 1\n        f|lte: 3\n")
					   ONE("cidr", "        f|cidr: [10.0.0.0/8, 'fe80::/10']\n")
						   ONE("ex", "        f|exists: true\n")
							   ONE("nex", "        f|exists: false\n"));
	assert_true(scene_asks(&scene, "lt", "f", "9.99"));
	assert_false(scene_asks(&scene, "lt", "f", "10"));
	assert_true(scene_asks(&scene, "lt", "f", "-1e3"));
	assert_false(scene_asks(&scene, "lt", "f", "9x"));
	assert_false(scene_asks(&scene, "lt", "f", ""));
	assert_true(scene_asks(&scene, "gte", "f", "-1.5"));
	assert_false(scene_asks(&scene, "gte", "f", "-1.6"));
	assert_true(scene_asks(&scene, "range", "f", "0x3"));
	assert_false(scene_asks(&scene, "range", "f", "1"));
	assert_true(scene_asks(&scene, "cidr", "f", "10.2.3.4"));
	assert_true(scene_asks(&scene, "cidr", "f", "fe80::2"));
	assert_false(scene_asks(&scene, "cidr", "f", "11.2.3.4"));
	assert_true(scene_asks(&scene, "ex", "f", ""));
	assert_false(scene_asks(&scene, "ex", "g", ""));
	assert_true(scene_asks(&scene, "nex", "g", ""));
	assert_false(scene_asks(&scene, "nex", "f", ""));
	scene_close(&scene);
}

static void test_sigma_dates(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("h", "        f|hour|gte: 22\n") ONE("m", "        f|minute: 5\n")
				   ONE("d", "        f|day: [1, 31]\n") ONE("w", "        f|week: 53\n")
					   ONE("mo", "        f|month: 2\n") ONE("y", "        f|year|lt: 2000\n"));
	assert_true(scene_asks(&scene, "h", "f", "2026-01-01T23:05:00Z"));
	assert_true(scene_asks(&scene, "m", "f", "2026-01-01T23:05:00Z"));
	assert_false(scene_asks(&scene, "h", "f", "2026-01-01 21:59:59+02:00"));
	assert_true(scene_asks(&scene, "d", "f", "2026-01-31"));
	assert_true(scene_asks(&scene, "w", "f", "2021-01-03")); /* a Sunday in the last week of 2020 */
	assert_false(scene_asks(&scene, "w", "f", "2021-01-04"));
	assert_true(scene_asks(&scene, "mo", "f", "1709164800.123")); /* 2024-02-29 */
	assert_true(scene_asks(&scene, "y", "f", "1999-12-31T00:00"));
	assert_false(scene_asks(&scene, "y", "f", "1999-13-31"));
	assert_false(scene_asks(&scene, "h", "f", "23:05"));
	scene_close(&scene);
}

static void test_sigma_references(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("eq", "        f|fieldref: g\n") ONE("c", "        f|fieldref|contains: g\n") ONE(
				   "e", "        f|fieldref|endswith: g\n") ONE("n", "        f|fieldref|neq: g\n"));
	scene_begin(&scene, 0);
	scene_add(&scene, "f", "/usr/bin/CAT");
	scene_add(&scene, "g", "cat");
	assert_false(scene_matches(&scene, "eq"));
	assert_non_null(scene_match(&scene, "c"));
	assert_non_null(scene_match(&scene, "e"));
	assert_non_null(scene_match(&scene, "n"));
	scene_begin(&scene, 0);
	scene_add(&scene, "f", "cat");
	scene_add(&scene, "g", "CAT");
	assert_true(scene_matches(&scene, "eq"));
	assert_null(scene_match(&scene, "n"));
	scene_close(&scene);
}

static void test_sigma_placeholders(void **state)
{
	static const struct span users[] = { { "adm_*", 5 }, { "root", 4 } };
	const struct sigma_placeholder placeholders[] = { { { "Admins", 6 }, users, 2 } };
	struct scene scene = { .rules = sigma_rules_create(placeholders, 1) };

	sigma_rules_add_text(
		scene.rules, "test.yml",
		SPAN(ONE("a", "        f|expand: '%Admins%'\n") ONE("b", "        f|expand|endswith: '\\%x%Admins%'\n")
			     ONE("c", "        f: '%Admins%'\n") ONE("d", "        f|expand: '%none%'\n")));
	scene_link(&scene);
	assert_true(scene_asks(&scene, "a", "f", "adm_joe"));
	assert_true(scene_asks(&scene, "a", "f", "ROOT"));
	assert_false(scene_asks(&scene, "a", "f", "%Admins%"));
	assert_true(scene_asks(&scene, "b", "f", "me%xroot"));
	assert_true(scene_asks(&scene, "c", "f", "%Admins%"));
	assert_non_null(scene_diagnostic(&scene, "'%none%' has no values here"));
	scene_close(&scene);
}

static void test_sigma_several_values(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("one", "        f: b\n") ONE("all", "        f|contains|all: [b, c]\n")
				   ONE("not", "        f|neq: b\n"));
	scene_begin(&scene, 0);
	scene_add(&scene, "f", "a");
	scene_add(&scene, "f", "b");
	scene_add(&scene, "f", "c");
	assert_true(scene_matches(&scene, "one"));
	assert_non_null(scene_match(&scene, "all"));
	assert_null(scene_match(&scene, "not"));
	scene_close(&scene);
}

static void check_wrong(const char *lines, uint32_t line, uint32_t column, const char *text)
{
	char rule[512];
	struct scene scene;

	snprintf(rule, sizeof(rule), RULE("w", "    s:\n%s", "s"), lines);
	scene_load(&scene, rule);
	scene_link(&scene);
	const struct sigma_diagnostic *found = scene_diagnostic(&scene, text);
	if (!found)
		fail_msg("no '%s' for %s, but %s", text, lines,
			 scene.rules->diagnostics.count ? scene.rules->diagnostics.items[0].text : "nothing");
	assert_int_equal(found->place.line, line);
	assert_int_equal(found->place.column, column);
	assert_int_equal(scene.rules->count, found->severity == SIGMA_ERROR ? 0 : 1);
	scene_close(&scene);
}

static void test_sigma_wrong_modifiers(void **state)
{
	check_wrong("        f|contain: x\n", 9, 11, "no modifier 'contain'; did you mean 'contains'?");
	check_wrong("        f|qqqqqq: x\n", 9, 11, "no modifier 'qqqqqq'");
	check_wrong("        f|i: x\n", 9, 11, "'i' cannot follow the field's name");
	check_wrong("        f|contains|re: x\n", 9, 20, "'re' cannot follow 'contains'");
	check_wrong("        f|re|base64: x\n", 9, 14, "'base64' cannot follow 're'");
	check_wrong("        f|all|all: [x, y]\n", 9, 15, "comes twice");
	check_wrong("        f|re: 'a(b'\n", 9, 16, "missing closing parenthesis");
	check_wrong("        f|cidr: 10.0.0\n", 9, 17, "'10.0.0' is no network");
	check_wrong("        f|cidr: 10.0.0.1/8\n", 9, 17, "bits set behind its prefix");
	check_wrong("        f|lt: ten\n", 9, 15, "'ten' is no number");
	check_wrong("        f|exists: maybe\n", 9, 19, "true or false");
	check_wrong("        f|base64: 'a*'\n", 9, 20, "cannot be encoded");
	check_wrong("        f|contains|all: x\n", 9, 9, "'all' has only one value");
	check_wrong("        f: [x, null]\n", 9, 16, "null should be no part of a list");
	check_wrong("        f: []\n", 9, 12, "the list of values is empty");
	check_wrong("        f: {a: b}\n", 9, 12, "a value must be a text");
	check_wrong("        '|exists': true\n", 9, 10, "'exists' needs a field's name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sigma_plain),	     cmocka_unit_test(test_sigma_parts),
		cmocka_unit_test(test_sigma_regex),	     cmocka_unit_test(test_sigma_encodings),
		cmocka_unit_test(test_sigma_numbers),	     cmocka_unit_test(test_sigma_dates),
		cmocka_unit_test(test_sigma_references),     cmocka_unit_test(test_sigma_placeholders),
		cmocka_unit_test(test_sigma_several_values), cmocka_unit_test(test_sigma_wrong_modifiers),
	};

	return cmocka_run_group_tests_name("sigma_modifiers", tests, NULL, NULL);
}
