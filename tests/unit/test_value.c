/* query/value.c: numbers out of text, text out of numbers, truth, order and equality. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "query/value.h"

static struct value text(const char *text)
{
	return value_text(span_of(text));
}

static void numbers_out_of_text(void **state)
{
	static const struct {
		const char *text;
		double number;
	} good[] = {
		{ "0", 0 },
		{ "007", 7 },
		{ "-12", -12 },
		{ "12.50", 12.5 },
		{ ".5", 0.5 },
		{ "5.", 5 },
		{ "-.5", -0.5 },
		{ "1e3", 1000 },
		{ "1E-2", 0.01 },
		{ "-1.5e+3", -1500 },
		{ "999999999999999", 999999999999999 },
		{ "9007199254740993", 9007199254740992 },
		{ "123456789012345678901234567890", 123456789012345678901234567890.0 },
		{ "0000000000000000000000000000000000000000000000000000000000000001", 1 },
	};
	static const char *const bad[] = {
		"",
		" ",
		"-",
		".",
		"-.",
		"e5",
		"1e",
		"1e+",
		"1e-",
		"1 ",
		" 1",
		"+1",
		"0x1F",
		"1,000",
		"1_000",
		"12a",
		"inf",
		"-inf",
		"nan",
		"NaN",
		"infinity",
		"1e999",
		"-1e999",
		"1.2.3",
		"--1",
		"1e5.5",
		"1\xc2\xa0",
		"\xd9\xa1",
		"00000000000000000000000000000000000000000000000000000000000000001",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct value value = text(good[i].text);
		double number = NAN;
		assert_true(value_to_number(&value, &number));
		assert_true(number == good[i].number);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct value value = text(bad[i]);
		double number;
		if (value_to_number(&value, &number))
			fail_msg("'%s' is %g", bad[i], number);
	}
	struct value nul = value_text(SPAN("1\0")), null = VALUE_OF_NULL, truth = value_bool(true);
	double number;
	assert_false(value_to_number(&nul, &number));
	assert_false(value_to_number(&null, &number));
	assert_false(value_to_number(&truth, &number));
}

/* Borrowed text does not end with a NUL: no byte behind it is read. */
static void numbers_end_with_their_span(void **state)
{
	struct value value = value_text((struct span){ "123456", 3 });
	double number;

	assert_true(value_to_number(&value, &number));
	assert_true(number == 123);
	value = value_text((struct span){ "1.5e99", 3 });
	assert_true(value_to_number(&value, &number));
	assert_true(number == 1.5);
}

static void text_out_of_numbers(void **state)
{
	static const struct {
		double number;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ -0.0, "0" },
		{ 7, "7" },
		{ -1795430914650, "-1795430914650" },
		{ 9007199254740992, "9007199254740992" },
		{ -9007199254740992, "-9007199254740992" },
		{ 0.1 + 0.2, "0.3" },
		{ 1.0 / 3, "0.333333333333333" },
		{ 1e21, "1e+21" },
		{ -2.5, "-2.5" },
		{ 1e-7, "1e-07" },
		{ 1.7976931348623157e308, "1.79769313486232e+308" },
		{ 4.9406564584124654e-324, "4.94065645841247e-324" },
	};
	char room[NUMBER_ROOM + 1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = number_to_text(cases[i].number, room);
		assert_true(len < NUMBER_ROOM);
		room[len] = '\0';
		assert_string_equal(room, cases[i].text);
	}
}

static void text_of_values(void **state)
{
	struct arena arena;
	struct value null = VALUE_OF_NULL, truth = value_bool(true), lie = value_bool(false),
		     number = value_number(2.5), word = text("x");

	arena_init(&arena, 0);
	assert_true(span_equal(value_to_text(&null, &arena), SPAN("")));
	assert_true(span_equal(value_to_text(&truth, &arena), SPAN("true")));
	assert_true(span_equal(value_to_text(&lie, &arena), SPAN("false")));
	assert_true(span_equal(value_to_text(&number, &arena), SPAN("2.5")));
	assert_ptr_equal(value_to_text(&word, &arena).data, word.text.data);
	arena_finish(&arena);
}

static void truth(void **state)
{
	const struct value trues[] = { value_bool(true), value_number(1), value_number(-0.5), text("true"),
				       text("TRUE") };
	const struct value lies[] = { value_bool(false), value_number(0), text("false"), text("1"),
				      text("yes"),	 text(""),	  text("true "), VALUE_OF_NULL };

	for (size_t i = 0; i < sizeof(trues) / sizeof(*trues); i++)
		assert_true(value_is_true(&trues[i]));
	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
		assert_false(value_is_true(&lies[i]));
}

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

/* In order; neighbours with the same number are equal. */
static void sort_order_is_total(void **state)
{
	const struct {
		int place;
		struct value value;
	} sorted[] = {
		{ 0, VALUE_OF_NULL },	{ 0, VALUE_OF_NULL },	  { 1, value_number(-1e300) }, { 2, value_number(-1) },
		{ 3, value_number(0) }, { 3, value_bool(false) }, { 3, value_number(-0.0) },   { 4, value_number(0.5) },
		{ 5, value_number(1) }, { 5, value_bool(true) },  { 6, value_number(1e300) },  { 7, text("") },
		{ 8, text("10") },	{ 9, text("9") },	  { 10, text("A") },	       { 11, text("a") },
		{ 12, text("ab") },	{ 13, text("b") },	  { 14, text("\xff") },
	};
	size_t count = sizeof(sorted) / sizeof(*sorted);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			assert_int_equal(sign(value_compare(&sorted[i].value, &sorted[k].value)),
					 sign(sorted[i].place - sorted[k].place));
}

static void assert_order(struct value a, struct value b, int expected)
{
	int order = 99;

	assert_true(value_order(&a, &b, &order));
	assert_int_equal(sign(order), expected);
	assert_true(value_order(&b, &a, &order));
	assert_int_equal(sign(order), -expected);
}

static void assert_no_order(struct value a, struct value b)
{
	int order;

	assert_false(value_order(&a, &b, &order));
	assert_false(value_order(&b, &a, &order));
}

static void comparison(void **state)
{
	const struct value null = VALUE_OF_NULL, none = VALUE_OF_NULL;

	assert_order(text("10"), text("9"), 1);	  /* both are numbers */
	assert_order(text("10"), text("9a"), -1); /* one is not: bytes */
	assert_order(text("1e1"), value_number(10), 0);
	assert_order(text("-1"), value_number(1), -1);
	assert_order(text("B"), text("a"), -1);
	assert_order(value_bool(true), text("false"), 1);
	assert_order(value_bool(false), value_bool(true), -1);
	assert_no_order(VALUE_OF_NULL, text("a"));
	assert_no_order(null, none);
	assert_no_order(VALUE_OF_NULL, value_number(0));
	assert_no_order(text("a"), value_number(0));
	assert_no_order(text(""), value_number(0));
	assert_no_order(value_bool(true), value_number(1));
}

static void equality(void **state)
{
	const struct {
		struct value a, b;
		bool equal;
	} cases[] = {
		{ text("a"), text("a"), true },
		{ text("a"), text("A"), false },
		{ text("1"), text("1.0"), false },
		{ text("1.0"), value_number(1), true },
		{ text("1"), value_number(1), true },
		{ text(" 1"), value_number(1), false },
		{ text(""), value_number(0), false },
		{ text(""), text(""), true },
		{ VALUE_OF_NULL, VALUE_OF_NULL, false },
		{ VALUE_OF_NULL, text(""), false },
		{ value_number(0), value_number(-0.0), true },
		{ value_bool(true), text("true"), true },
		{ value_bool(true), text("TRUE"), false },
		{ value_bool(true), value_bool(true), true },
		{ value_bool(true), value_bool(false), false },
		{ value_bool(true), value_number(1), false },
		{ value_text(SPAN("a\0b")), value_text(SPAN("a\0c")), false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(value_equal(&cases[i].a, &cases[i].b), cases[i].equal);
		assert_int_equal(value_equal(&cases[i].b, &cases[i].a), cases[i].equal);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_out_of_text),
		cmocka_unit_test(numbers_end_with_their_span),
		cmocka_unit_test(text_out_of_numbers),
		cmocka_unit_test(text_of_values),
		cmocka_unit_test(truth),
		cmocka_unit_test(sort_order_is_total),
		cmocka_unit_test(comparison),
		cmocka_unit_test(equality),
	};

	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
