/* The small parts of the Sigma engine: numbers, dates, anchors, suggestions, UTF-8, places in YAML. */
#include "sigma_scene.h"

#include "rule/sigma/anchor.h"
#include "rule/sigma/number.h"
#include "rule/sigma/suggest.h"
#include "rule/sigma/utf8.h"

static void check_number(const char *text, double expected)
{
	double number = -1;

	if (!sigma_number_read(span_of(text), &number) || number != expected)
		fail_msg("'%s' is %g", text, number);
}

static void test_sigma_number(void **state)
{
	static const char *const wrong[] = { "",   "-",	  "+",	 ".5", "1.",   "1x",  "0x",  "0xg",   "1e",
					     "e5", "1e+", "- 1", "1 ", "1.e5", "1,5", "nan", "1e999", "--1" };
	double number;

	check_number("0", 0);
	check_number("-17", -17);
	check_number("+3", 3);
	check_number("1.25", 1.25);
	check_number("-0.5", -0.5);
	check_number("0x1f", 31);
	check_number("-0x10", -16);
	check_number("2e3", 2000);
	check_number("5E-1", 0.5);
	check_number("4294967295", 4294967295.0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (sigma_number_read(span_of(wrong[i]), &number))
			fail_msg("'%s' is %g", wrong[i], number);
	assert_true(sigma_number_compare(1, SIGMA_NEQ, 2));
	assert_false(sigma_number_compare(2, SIGMA_LT, 2));
	assert_true(sigma_number_compare(2, SIGMA_LTE, 2));
}

static void check_date(const char *text, double year, double month, double day, double week, double hour)
{
	const double expected[] = {
		[SIGMA_YEAR] = year, [SIGMA_MONTH] = month, [SIGMA_DAY] = day, [SIGMA_WEEK] = week, [SIGMA_HOUR] = hour
	};
	double number;

	for (unsigned i = SIGMA_HOUR; i <= SIGMA_YEAR; i++)
		if (!sigma_date_part(span_of(text), (enum sigma_time_part)i, &number) || number != expected[i])
			fail_msg("part %u of %s is %g, not %g", i, text, number, expected[i]);
}

static void test_sigma_date(void **state)
{
	double number;

	check_date("2024-02-29T13:45:10.5+02:00", 2024, 2, 29, 9, 13);
	check_date("2026-01-01 00:00", 2026, 1, 1, 1, 0);
	check_date("2027-01-01", 2027, 1, 1, 53, 0);  /* a Friday of 2026's last week */
	check_date("2024-12-30", 2024, 12, 30, 1, 0); /* a Monday of 2025's first */
	check_date("0", 1970, 1, 1, 1, 0);
	check_date("1700000000", 2023, 11, 14, 46, 22);
	check_date("951782400.000", 2000, 2, 29, 9, 0);
	assert_false(sigma_date_part(SPAN("2024-2-29"), SIGMA_DAY, &number));
	assert_false(sigma_date_part(SPAN("2024-02-29T25:00"), SIGMA_DAY, &number));
	assert_false(sigma_date_part(SPAN("2024-02-29x10:00"), SIGMA_DAY, &number));
	assert_false(sigma_date_part(SPAN("123456789012"), SIGMA_DAY, &number));
	assert_false(sigma_date_part(SPAN(""), SIGMA_DAY, &number));
}

static const struct sigma_node *condition_of(struct scene *scene, const char *selections, const char *condition)
{
	char text[2048];

	snprintf(text, sizeof(text), RULE("r", "%s", "%s"), selections, condition);
	scene_open(scene, text);
	return scene->rules->items[0].condition;
}

/* Clauses as "a,b;c,d": the most worth first. */
static void check_anchors(const char *selections, const char *condition, const char *expected)
{
	struct scene scene;
	struct arena arena = { 0 };
	struct anchor_clauses clauses;
	char text[512] = "";

	anchor_find(&clauses, condition_of(&scene, selections, condition), &arena);
	for (size_t i = 0; i < clauses.count; i++)
		for (size_t j = 0; j < clauses.items[i].count; j++) {
			struct span literal = clauses.items[i].atoms[j].literal;
			snprintf(text + strlen(text), 64, "%s%.*s",
				 j   ? ","
				 : i ? ";"
				     : "",
				 (int)literal.len, literal.data);
		}
	if (strcmp(text, expected) != 0)
		fail_msg("%s has the anchors %s, not %s", condition, text, expected);
	arena_finish(&arena);
	scene_close(&scene);
}

static void test_sigma_anchors(void **state)
{
#define SELECTIONS                                                                                             \
	"    a:\n        f|contains: [ALPHA, beta]\n    b:\n        g|endswith: '*gamma?delt'\n        h: x\n" \
	"    c:\n        f|contains|all: [one, three]\n    n:\n        f|neq: five\n    z:\n        f: '*'\n"  \
	"    r:\n        f|re: 'sixt.'\n"
	check_anchors(SELECTIONS, "a", "alpha,beta");
	check_anchors(SELECTIONS, "b", "gamma");
	check_anchors(SELECTIONS, "c", "three;one");
	check_anchors(SELECTIONS, "a and c", "three;alpha,beta;one");
	check_anchors(SELECTIONS, "a or c", "alpha,beta,three");
	check_anchors(SELECTIONS, "1 of them", ""); /* z asks for nothing */
	check_anchors(SELECTIONS, "a or z", "");
	check_anchors(SELECTIONS, "a and z", "alpha,beta");
	check_anchors(SELECTIONS, "a and not c", "alpha,beta");
	check_anchors(SELECTIONS, "not a", "");
	check_anchors(SELECTIONS, "n", "");
	check_anchors(SELECTIONS, "r and a", "sixt;alpha,beta");
	check_anchors("    r:\n        f|re|i: '(SEVEN|eight)+'\n", "r", "seven,eight");
	check_anchors("    r:\n        f|re|i: 'caf\xc3\xa9'\n", "r", "");
}

static void test_sigma_suggest(void **state)
{
	static const char *const names[] = { "CommandLine", "Image", "ParentImage" };

	assert_string_equal(sigma_suggest(SPAN("commandline"), names, 3), "CommandLine");
	assert_string_equal(sigma_suggest(SPAN("Imgae"), names, 3), "Image");
	assert_string_equal(sigma_suggest(SPAN("ParentImages"), names, 3), "ParentImage");
	assert_null(sigma_suggest(SPAN("Hashes"), names, 3));
	assert_null(sigma_suggest(SPAN(""), names, 3));
	assert_int_equal(sigma_suggest_distance(SPAN("abc"), SPAN("acb")), 1);
	assert_int_equal(sigma_suggest_distance(SPAN("kitten"), SPAN("sitting")), 3);
}

static void test_sigma_utf8(void **state)
{
	assert_int_equal(sigma_utf8_end(SPAN("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z")), 11);
	assert_int_equal(sigma_utf8_end(SPAN("ab\xc3")), 2);
	assert_int_equal(sigma_utf8_end(SPAN("\xc0\x80")), 0);
	assert_int_equal(sigma_utf8_end(SPAN("\xe0\x9f\xbf")), 0);
	assert_int_equal(sigma_utf8_end(SPAN("\xed\xa0\x80")), 0);
	assert_int_equal(sigma_utf8_end(SPAN("\xf4\x90\x80\x80")), 0);
	assert_int_equal(sigma_utf8_end(SPAN("\x80")), 0);
}

static void note_places(void *context, struct yaml_node *root)
{
	uint32_t *place = context;
	static const char *const keys[] = { "plain", "single", "double", "block", "none", "list" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct yaml_node *node = yaml_get(root, keys[i]);
		assert_non_null(node);
		place[2 * i] = node->place.line;
		place[2 * i + 1] = yaml_place(node, 3).column;
	}
}

static void test_sigma_yaml_places(void **state)
{
	static const uint32_t expected[] = { 1, 8 + 3, 2, 10 + 3, 3, 12 + 3, 5, 1, 6, 1 + 3, 7, 7 };
	struct sigma_diagnostics diagnostics = { 0 };
	struct arena arena = { 0 };
	uint32_t places[12];

	assert_int_equal(yaml_read(SPAN("plain: some text\nsingle: 'text'\ndouble:   \"text\"\nblock: |\n  "
					"text\nnone:\nlist: [1, 2]\n"),
				   "f", &arena, &diagnostics, note_places, places),
			 0);
	for (size_t i = 0; i < 12; i++)
		if (places[i] != expected[i])
			fail_msg("place %zu is %u, not %u", i, places[i], expected[i]);
	assert_int_equal(yaml_read(SPAN("a: b\nc: \0"), "f", &arena, &diagnostics, note_places, places), -EINVAL);
	assert_int_equal(diagnostics.items[0].place.line, 2);
	assert_int_equal(diagnostics.items[0].place.column, 4);
	sigma_diagnostics_finish(&diagnostics);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sigma_number),  cmocka_unit_test(test_sigma_date),
		cmocka_unit_test(test_sigma_anchors), cmocka_unit_test(test_sigma_suggest),
		cmocka_unit_test(test_sigma_utf8),    cmocka_unit_test(test_sigma_yaml_places),
	};

	return cmocka_run_group_tests_name("sigma_parts", tests, NULL, NULL);
}
