/* Sigma selections and conditions: what holds when, and the errors with their columns. */
#include "sigma_scene.h"

#define ABC                                                                                                            \
	"    sel_a:\n        f|contains: aa\n    sel_b:\n        f|contains: bb\n    flt_c:\n        f|contains: cc\n" \
	"    _d:\n        f|contains: dd\n"

/* For each of the 16 ways to have aa, bb, cc, dd, a bit of `expected`. */
static void check(const char *condition, unsigned expected)
{
	char rule[1024];
	struct scene scene;

	snprintf(rule, sizeof(rule), RULE("r", ABC, "%s"), condition);
	scene_open(&scene, rule);
	for (unsigned i = 0; i < 16; i++) {
		char text[16] = "-";
		for (unsigned j = 0; j < 4; j++)
			if (i >> j & 1)
				memcpy(text + 1 + 3 * j, (char[3]){ (char)('a' + j), (char)('a' + j), ' ' }, 3);
			else
				memcpy(text + 1 + 3 * j, "...", 3);
		text[13] = '\0';
		if (scene_asks(&scene, "r", "f", text) != (expected >> i & 1))
			fail_msg("'%s' is wrong for '%s'", condition, text);
	}
	scene_close(&scene);
}

#define A 0xaaaau
#define B 0xccccu
#define C 0xf0f0u
#define D 0xff00u
#define NOT(x) (~(x)&0xffffu)

static void test_sigma_operators(void **state)
{
	check("sel_a", A);
	check("sel_a and sel_b", A & B);
	check("sel_a or sel_b", A | B);
	check("not sel_a", NOT(A));
	check("not not sel_a", A);
	check("sel_a or sel_b and flt_c", A | (B & C)); /* and binds closer */
	check("(sel_a or sel_b) and flt_c", (A | B) & C);
	check("not sel_a and sel_b", NOT(A) & B);
	check("not (sel_a and sel_b)", NOT(A & B));
	check("sel_a AND NOT sel_b OR _d", (A & NOT(B)) | D);
	check("sel_a and sel_b and flt_c and _d", A & B & C & D);
	check("sel_a or sel_b or flt_c or not _d", A | B | C | NOT(D));
	check("((((sel_a))))", A);
}

static void test_sigma_quantities(void **state)
{
	check("1 of them", A | B | C);
	check("any of them", A | B | C);
	check("all of them", A & B & C); /* _d is not among them */
	check("2 of them", (A & B) | (A & C) | (B & C));
	check("1 of sel_*", A | B);
	check("all of sel_*", A & B);
	check("1 of sel_* and not 1 of flt_*", (A | B) & NOT(C));
	check("not 1 of sel_*", NOT(A | B));
	check("all of *_a", A);
	check("1 of s*l_b", B);
	check("1 of _*", D);
	check("3 of sel_*", 0);
	check("1 of sel_a", A);
}

static void test_sigma_condition_list(void **state)
{
	struct scene scene;

	scene_open(&scene, "title: t\nid: r\nlogsource:\n    service: auditd\ndetection:\n" ABC
			   "    condition:\n        - sel_a and sel_b\n        - flt_c\n");
	assert_true(scene_asks(&scene, "r", "f", "aabb"));
	assert_true(scene_asks(&scene, "r", "f", "cc"));
	assert_false(scene_asks(&scene, "r", "f", "aa"));
	scene_close(&scene);
}

static void test_sigma_selections(void **state)
{
	struct scene scene;

	scene_open(&scene,
		   RULE("maps", "    s:\n        - f: a\n          g: b\n        - g: c\n",
			"s") RULE("mixed", "    s:\n        - f: a\n        - some keyword\n",
				  "s") RULE("words", "    s:\n        - 'one *two'\n        - 3\n", "s")
			   RULE("all", "    s:\n        '|all':\n            - one\n            - two\n",
				"s") RULE("re", "    s:\n        '|re': '^o.e'\n", "s")
				   RULE("nested", "    s:\n        - - f: x\n          - f: y\n        - g: z\n", "s"));
	scene_begin(&scene, 0);
	scene_add(&scene, "f", "a");
	assert_false(scene_matches(&scene, "maps"));
	assert_non_null(scene_match(&scene, "mixed"));
	scene_add(&scene, "g", "b");
	assert_true(scene_matches(&scene, "maps"));
	assert_true(scene_asks(&scene, "maps", "g", "c"));
	assert_true(scene_asks(&scene, "nested", "f", "y"));
	assert_true(scene_asks(&scene, "nested", "g", "z"));
	assert_false(scene_asks(&scene, "nested", "g", "y"));

	assert_true(scene_asks(&scene, "words", "f", "number ONE and twos")); /* no `whole`: all values are looked at */
	scene_begin(&scene, 0);
	scene.event.whole = SPAN("one then TWO");
	scene_add(&scene, "f", "some keyword");
	assert_true(scene_matches(&scene, "words"));
	assert_non_null(scene_match(&scene, "all"));
	assert_non_null(scene_match(&scene, "re"));
	assert_null(scene_match(&scene, "mixed")); /* with `whole`, nothing else */
	scene_begin(&scene, 0);
	scene.event.whole = SPAN("only 1");
	assert_false(scene_matches(&scene, "all"));
	assert_null(scene_match(&scene, "words"));
	scene_close(&scene);
}

static void check_wrong(const char *condition, uint32_t column, const char *text)
{
	char rule[16384];
	struct scene scene;

	snprintf(rule, sizeof(rule), RULE("w", ABC, "%s"), condition);
	scene_load(&scene, rule);
	scene_link(&scene);
	const struct sigma_diagnostic *found = scene_diagnostic(&scene, text);
	if (!found)
		fail_msg("no '%s' for %s, but %s", text, condition,
			 scene.rules->diagnostics.count ? scene.rules->diagnostics.items[0].text : "nothing");
	assert_int_equal(found->place.line, 16);
	assert_int_equal(found->place.column, column);
	scene_close(&scene);
}

static void test_sigma_wrong_conditions(void **state)
{
	static char deep[200 + 1], long_one[9000];

	check_wrong("sel_a and sel_x", 26, "there is no selection 'sel_x'");
	check_wrong("sel_a sel_b", 22, "'and' or 'or' is missing before 'sel_b'");
	check_wrong("(sel_a or sel_b", 31, "a parenthesis is not closed before the end");
	check_wrong("sel_a)", 21, "missing before ')'");
	check_wrong("sel_a and", 25, "a selection is missing before the end");
	check_wrong("1 of", 20, "behind 'of' stands 'them' or the name of a selection, not the end");
	check_wrong("0 of them", 16, "a number from 1");
	check_wrong("x of them", 16, "a number from 1");
	check_wrong("1 of nothing_*", 21, "no selection has a name like 'nothing_*'");
	check_wrong("sel_a | count() > 5", 22, "counting in a condition is no longer part of Sigma");
	check_wrong("sel_a && sel_b", 22, "'and' or 'or' is missing before '&&'");
	check_wrong("5 of sel_*", 21, "asks for 5 selections of 2");
	memset(deep, '(', sizeof(deep) - 1);
	check_wrong(deep, 16 + 64, "nested too deep");
	memset(long_one, 'a', sizeof(long_one) - 1);
	check_wrong(long_one, 16, "longer than 8192 bytes");
}

static void test_sigma_unused_selection(void **state)
{
	struct scene scene;

	scene_open(&scene, RULE("r", ABC, "sel_a"));
	assert_non_null(scene_diagnostic(&scene, "no condition asks for the selection 'sel_b'"));
	assert_int_equal(scene_diagnostic(&scene, "'sel_b'")->place.line, 10);
	assert_int_equal(scene.rules->diagnostics.warnings, 3);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sigma_operators),	       cmocka_unit_test(test_sigma_quantities),
		cmocka_unit_test(test_sigma_condition_list),   cmocka_unit_test(test_sigma_selections),
		cmocka_unit_test(test_sigma_wrong_conditions), cmocka_unit_test(test_sigma_unused_selection),
	};

	return cmocka_run_group_tests_name("sigma_condition", tests, NULL, NULL);
}
