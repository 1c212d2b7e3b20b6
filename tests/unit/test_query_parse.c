/* query/lexer*.c, parse*.c: where an error stands, how it is shown, and searches of absurd size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "query/parse.h"

static struct query_error refused(struct span text)
{
	struct query_error error;
	struct query *query = query_parse(text, NULL, &error);

	if (query)
		fail_msg("taken: %.*s", (int)(text.len < 200 ? text.len : 200), text.data);
	return error;
}

static void assert_place(const char *text, unsigned line, unsigned column, const char *marked)
{
	struct query_error error = refused(span_of(text));

	if (error.place.line != line || error.place.column != column)
		fail_msg("%s: line %u, column %u: %s", text, error.place.line, error.place.column, error.message);
	struct span at = { text + error.place.offset, error.place.len };
	if (!span_equal(at, span_of(marked)))
		fail_msg("%s: marks '%.*s'", text, (int)at.len, at.data);
}

static void places(void **state)
{
	assert_place("x | wheer a", 1, 5, "wheer");
	assert_place("x\n| where a\n  | wheer b", 3, 5, "wheer");
	assert_place("x\r\n| wheer b", 2, 3, "wheer");
	assert_place("x | where a = \"b", 1, 15, "\"b");
	assert_place("x | where a = \"b\nc", 1, 15, "\"b");
	assert_place("x /* a\n b", 1, 3, "/*");
	assert_place("x | where a matches /b", 1, 21, "/b");
	assert_place("x | where (a = 1", 1, 11, "(");
	assert_place("x | where a = 1)", 1, 16, ")");
	assert_place("x | where", 1, 10, "");
	assert_place("x |", 1, 4, "");
	assert_place("x | | count", 1, 5, "|");
	assert_place("(x", 1, 1, "(");
	assert_place("x | where a == ", 1, 16, "");
	assert_place("x | where a & b", 1, 13, "&");
	assert_place("x | where a = 1e999", 1, 15, "1e999");
	assert_place("x | where a = 1 b", 1, 17, "b");
	assert_place("x // | wheer\n| wheer", 2, 3, "wheer");
	assert_place("x | where \"\\\"\" = a | wheer", 1, 22, "wheer");
	/* Columns are characters, whatever their bytes. */
	assert_place("é日\U0001f600 | wheer", 1, 7, "wheer");
	assert_place("\t\t| wheer", 1, 5, "wheer");
	assert_place("x | where a = \xe2\x80\x9c"
		     "b\xe2\x80\x9d",
		     1, 15, "\xe2\x80\x9c");
	assert_place("\xef\xbb\xbfx | wheer", 1, 6, "wheer");
	/* Bytes that are no characters count one each, but those that look like the rest of one. */
	assert_place("\xff\xff | wheer", 1, 6, "wheer");
}

static void assert_shown(const char *text, const char *shown)
{
	struct query_error error = refused(span_of(text));
	struct buffer told = { 0 };

	query_error_print(&told, span_of(text), &error);
	buffer_add_byte(&told, '\0');
	const char *line = strchr(told.data, '\n') + 1;
	assert_string_equal(line, shown);
	buffer_finish(&told);
}

static void carets(void **state)
{
	assert_shown("x | wheer", "    x | wheer\n        ^~~~~\n");
	assert_shown("日本 | wheer", "    日本 | wheer\n           ^~~~~\n");
	assert_shown("x | 日本 a", "    x | 日本 a\n        ^~~~\n");
	assert_shown("e\xcc\x81 | wheer", "    e\\xcc\\x81 | wheer\n                ^~~~~\n");
	assert_shown("\tx | wheer", "        x | wheer\n            ^~~~~\n");
	assert_shown("x\n| wheer\n| count", "    | wheer\n      ^~~~~\n");
	assert_shown("x\r\n| wheer\r\n| count", "    | wheer\n      ^~~~~\n");
	assert_shown("x | where", "    x | where\n             ^\n");
	assert_shown("\x1b[2J\xff\xc2\x9b | wheer",
		     "    \\x1b[2J\\xff\\xc2\\x9b | wheer\n                          ^~~~~\n");
	assert_shown("x | \x1b]0;a", "    x | \\x1b]0;a\n        ^~~~\n");
	assert_shown("x | where a \xe2\x80\xae", "    x | where a \\xe2\\x80\\xae\n                ^~~~~~~~~~~~\n");
	/* Long lines are cut around the place. */
	assert_shown("00000000001111111111222222222233333333334444444444555555555566666666667777777777 | wheer",
		     "    ...222222233333333334444444444555555555566666666667777777777 | wheer\n"
		     "                                                                   ^~~~~\n");
}

/* No line of an error is longer than a terminal takes, nor obeyed by one, whatever the search holds. */
static void hostile_searches(void **state)
{
	static const char *const pieces[] = { "\x1b[2J", "\xff", "日",	 "\U0001f600", "\xe2\x80\xae",
					      "a",	 "\t",	 "\x07", "e\xcc\x81" };
	struct buffer text = { 0 };

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		buffer_reset(&text);
		for (int k = 0; k < 100; k++)
			buffer_text(&text, pieces[i]);
		buffer_text(&text, " | wheer ");
		for (int k = 0; k < 100; k++)
			buffer_text(&text, pieces[i]);
		struct query_error error = refused(buffer_span(&text));
		struct buffer told = { 0 };
		query_error_print(&told, buffer_span(&text), &error);
		for (size_t at = 0; at < told.len; at++)
			assert_true(told.data[at] == '\n' ||
				    ((unsigned char)told.data[at] >= 0x20 && told.data[at] != 0x7f));
		assert_int_equal(span_find(buffer_span(&told), SPAN("\xff")), told.len);
		assert_int_equal(span_find(buffer_span(&told), SPAN("\xe2\x80\xae")), told.len);
		assert_true(told.len < 4000);
		buffer_finish(&told);
	}
	buffer_finish(&text);
}

/* ---- size ---- */

static double seconds(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* before, then the piece until there are so many bytes, then after. */
static struct buffer repeated(const char *before, const char *piece, const char *after, size_t len)
{
	struct buffer text = { 0 };

	buffer_text(&text, before);
	while (text.len + strlen(piece) + strlen(after) <= len)
		buffer_text(&text, piece);
	buffer_text(&text, after);
	return text;
}

static void megabytes(void **state)
{
	static const char *const cases[][3] = {
		{ "", "a ", "" },
		{ "", "a or ", "a" },
		{ "", "(", "" },
		{ "", "not ", "a" },
		{ "\"", "a b ", "\"" },
		{ "x | where ", "(", "" },
		{ "x | where ", "!", "a" },
		{ "x | where ", "- ", "a" },
		{ "x | where ", "a + ", "a" },
		{ "x | where ", "a and ", "a" },
		{ "x | where ", "a?b:", "a" },
		{ "x | where ", "if(", "" },
		{ "x | where concat(", "a,", "a)" },
		{ "x | where a in (", "\"b\",", "\"b\")" },
		{ "x | where a matches /", "[/", "" },
		{ "x | where a matches /", "\\/", "" },
		{ "x | where ", "a matches /b/ or ", "a" },
		{ "x | join ", "(", "" },
		{ "x | join ", ", /\\", "" },
		{ "x | transaction on ", "[/", "" },
		{ "x | where ", "{{", "" },
		{ "x | where ", "`", "" },
		{ "x | where ", "'", "" },
		{ "x | where ", "\"", "" },
		{ "x | where ", "%\"", "" },
		{ "x ", "/* */", "" },
		{ "x ", "/*", "" },
		{ "x ", "// \n", "" },
		{ "x ", "| where a ", "" },
		{ "x | fields ", "a,", "a" },
		{ "x | count by ", "a,", "a" },
		{ "x | ", "count,", "count by a" },
		{ "x | sort by ", "+", "a" },
		{ "x | parse \"", "*", "\" as a" },
		{ "x | parse regex \"", "(?<a>", "\"" },
		{ "x | json ", "\"a\",", "\"a\"" },
		{ "cat ", "path://\"/a\" ", "" },
		{ "", "[subquery: a | compose b] ", "" },
		{ "", "{{a}} ", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buffer text = repeated(cases[i][0], cases[i][1], cases[i][2], QUERY_TEXT_MAX);
		struct query_error error;
		double before = seconds();
		query_destroy(query_parse(buffer_span(&text), NULL, &error));
		if (seconds() - before > 5)
			fail_msg("'%s%s…' took %.1f s", cases[i][0], cases[i][1], seconds() - before);
		buffer_finish(&text);
	}
}

static void longer_than_may_be(void **state)
{
	struct buffer text = repeated("", "a ", "", QUERY_TEXT_MAX);

	assert_int_equal(text.len, QUERY_TEXT_MAX);
	struct query *query = query_parse(buffer_span(&text), NULL, NULL);
	assert_non_null(query);
	query_destroy(query);
	buffer_add_byte(&text, 'a');
	struct query_error error = refused(buffer_span(&text));
	assert_non_null(strstr(error.message, "longer than 1048576 bytes"));
	assert_int_equal(error.place.line, 1);
	buffer_finish(&text);
}

static void deep(void **state)
{
	static const char *const pieces[][2] = {
		{ "(", ")" }, { "!(", ")" }, { "if(a,b,", ")" }, { "concat(", ")" }, { "a ? ", " : b" }
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++)
		for (int levels = 100; levels <= 10000; levels *= 100) {
			struct buffer text = { 0 };
			struct query_error error;
			buffer_text(&text, "x | where ");
			for (int k = 0; k < levels; k++)
				buffer_text(&text, pieces[i][0]);
			buffer_text(&text, "a");
			for (int k = 0; k < levels; k++)
				buffer_text(&text, pieces[i][1]);
			struct query *query = query_parse(buffer_span(&text), NULL, &error);
			if ((levels == 100) != (query != NULL))
				fail_msg("%d times %s: %s", levels, pieces[i][0], query ? "taken" : error.message);
			assert_true(query || strstr(error.message, "nested deeper than 500"));
			query_destroy(query);
			buffer_finish(&text);
		}
	struct buffer scope = repeated("", "(", "", 10000);
	struct query_error error = refused(buffer_span(&scope));
	assert_non_null(strstr(error.message, "nested deeper than 500"));
	buffer_finish(&scope);
}

static void stages(void **state)
{
	struct buffer text = { 0 };

	buffer_text(&text, "x");
	for (int i = 0; i < QUERY_OPERATORS_MAX; i++)
		buffer_text(&text, " | where a");
	struct query *query = query_parse(buffer_span(&text), NULL, NULL);
	assert_non_null(query);
	assert_int_equal(query->operator_count, QUERY_OPERATORS_MAX);
	query_destroy(query);
	buffer_text(&text, " | where a");
	struct query_error error = refused(buffer_span(&text));
	assert_non_null(strstr(error.message, "more than 1000 operators"));
	buffer_finish(&text);
}

/* Every beginning of a search parses or is refused, at a place in it. */
static void beginnings(void **state)
{
	static const char text[] =
		"(_sourceCategory=\"a/b\" OR c*) not \"d e\" // f\n| parse regex field=_raw \"(?<g>[^\\\"]+)\" "
		"nodrop /* h */ | where !(g matches /i[/]j/i) and k in (\"l\", 1.5e3) | if(m > 5m, "
		"\"n\", o ? 1 : 2) as %\"p q\" | json \"r.s[0]\" as t nodrop | count by g, {{u}} | sort by "
		"_count asc, g | limit 10";

	for (size_t len = 0; len <= sizeof(text) - 1; len++) {
		struct query_error error;
		char *alone = malloc(len ? len : 1); /* so that a sanitizer sees what reads on */
		memcpy(alone, text, len);
		struct query *query = query_parse((struct span){ alone, len }, NULL, &error);
		if (!query) {
			assert_true(error.message[0] && error.place.offset + error.place.len <= len);
			assert_true(error.place.line == 1 || error.place.line == 2);
		}
		query_destroy(query);
		free(alone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(carets),
		cmocka_unit_test(hostile_searches),
		cmocka_unit_test(megabytes),
		cmocka_unit_test(longer_than_may_be),
		cmocka_unit_test(deep),
		cmocka_unit_test(stages),
		cmocka_unit_test(beginnings),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("query_parse", tests, NULL, NULL);
}
