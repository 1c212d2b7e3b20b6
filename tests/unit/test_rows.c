/* sink/rows*.c: results as table, JSON and CSV: escaped, aligned, and in bounded memory. */
#include "rows_check.h"

#include <json-c/json.h>
#include <stdio.h>

static const struct rows_options plain = { .utf8 = true };
static const struct span two[] = { SPAN("a"), SPAN("b") };
static const struct span three[] = { SPAN("a"), SPAN("b"), SPAN("c") };

static void unknown_format(void **state)
{
	struct err err = { 0 };

	assert_null(rows_create("xml", NULL, &plain, &err));
	assert_int_equal(err.number, -EINVAL);
	assert_non_null(strstr(err.text, "xml"));
	rows_destroy(NULL);
}

static void nothing(void **state)
{
	static const char *const formats[] = { "table", "json", "csv", "chart" };

	for (size_t i = 0; i < 4; i++) {
		struct written written;
		written_begin(&written, formats[i], &plain);
		assert_string_equal(written_end(&written), "");
		assert_string_equal(rows_remark(written.rows), "");
		written_finish(&written);
		/* A row without any field. */
		written_begin(&written, formats[i], &plain);
		written_put(&written, NULL, NULL, 0);
		assert_string_equal(written_end(&written), i == 1 ? "{}\n" : i == 2 ? "\r\n\r\n" : "");
		written_finish(&written);
	}
}

/* ---- table ---- */

static void table_aligns(void **state)
{
	struct written written;

	written_begin(&written, "table", &plain);
	PUT(&written, three, CELL_TEXT("x"), CELL_NUMBER("7"), CELL_TIME("1795430914650"));
	PUT(&written, three, CELL_TEXT("longer"), CELL_NUMBER("-1234.5"), CELL_NULL);
	PUT(&written, three, CELL_NULL, CELL_NULL, CELL_TIME("-5"));
	assert_string_equal(written_end(&written), "a             b  c\n"
						   "x             7  2026-11-23T10:48:34.650Z\n"
						   "longer  -1234.5  -\n"
						   "-             -  -5\n");
	written_finish(&written);
}

/* A column that is not numbers throughout is text. */
static void table_mixed_column(void **state)
{
	struct written written;

	written_begin(&written, "table", &plain);
	PUT(&written, two, CELL_NUMBER("1"), CELL_BOOL("true"));
	PUT(&written, two, CELL_TEXT("none"), CELL_BOOL("false"));
	assert_string_equal(written_end(&written), "a     b\n1     true\nnone  false\n");
	written_finish(&written);
}

/* Fields that later rows bring are columns of the batch, and of earlier rows null. */
static void table_grows(void **state)
{
	static const struct span other[] = { SPAN("b"), SPAN("new"), SPAN("a") };
	struct written written;

	written_begin(&written, "table", &plain);
	PUT(&written, two, CELL_TEXT("1"), CELL_TEXT("2"));
	PUT(&written, other, CELL_TEXT("3"), CELL_TEXT("4"), CELL_TEXT("5"));
	PUT(&written, two, CELL_TEXT("6"));
	assert_string_equal(written_end(&written), "a  b  new\n1  2  -\n5  3  4\n6  -  -\n");
	written_finish(&written);
}

static void table_hostile(void **state)
{
	const struct span names[] = { SPAN(HOSTILE), SPAN("b") };

	for (int utf8 = 0; utf8 < 2; utf8++) {
		struct rows_options options = { .utf8 = utf8 };
		for (options.width = 0; options.width < 60; options.width += 17) {
			struct written written;
			written_begin(&written, "table", &options);
			PUT(&written, names, CELL_TEXT(HOSTILE), CELL_TEXT("é日\xe2\x80\x8b"));
			written_end(&written);
			assert_harmless(buffer_span(&written.text));
			if (!utf8)
				for (size_t i = 0; i < written.text.len; i++)
					assert_true((unsigned char)written.text.data[i] < 0x7f);
			assert_null(strstr(written.text.data, "\\x41"));
			written_finish(&written);
		}
	}
}

/* Columns of the terminal that a line takes: of this file's own characters. */
static size_t columns_of_line(const char *line, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)line[i];
		columns += (byte & 0xc0) != 0x80;
		columns += byte == 0xe6; /* 日 takes two */
	}
	return columns;
}

static void table_fits(void **state)
{
	static const struct span names[] = { SPAN("n"), SPAN("raw"), SPAN("日") };

	for (unsigned width = 10; width < 120; width++) {
		struct rows_options options = { .utf8 = true, .width = width };
		struct written written;
		written_begin(&written, "table", &options);
		PUT(&written, names, CELL_NUMBER("12"),
		    CELL_TEXT("type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=257 success=yes"),
		    CELL_TEXT("日日日日日日日日日日"));
		const char *at = written_end(&written);
		bool paragraphs = strchr(at, ':') && strncmp(at, "n: 12\n", 6) == 0;
		assert_true(paragraphs || width >= 20);
		for (const char *end; (end = strchr(at, '\n')); at = end + 1)
			assert_true(columns_of_line(at, (size_t)(end - at)) <= (paragraphs ? 40 : width));
		written_finish(&written);
	}
}

static void table_cuts_long_cells(void **state)
{
	struct written written;
	char *text = malloc(9u << 20);

	memset(text, 'x', 9u << 20);
	written_begin(&written, "table", &plain);
	const struct row_cell cells[] = { { ROW_TEXT, { text, 9u << 20 } }, CELL_TEXT("end") };
	written_put(&written, two, cells, 2);
	assert_non_null(strstr(written_end(&written), "…  end\n"));
	assert_true(written.text.len < 10000);
	written_finish(&written);
	free(text);
}

static void table_colours(void **state)
{
	static const struct span names[] = { SPAN("risk"), SPAN("other") };

	for (int colour = 0; colour < 2; colour++) {
		struct rows_options options = { .utf8 = true, .colour = colour };
		struct written written;
		written_begin(&written, "table", &options);
		PUT(&written, names, CELL_TEXT("HighRisk"), CELL_TEXT("HighRisk"));
		PUT(&written, names, CELL_TEXT("HighRisky"), CELL_TEXT("\033[31mHighRisk"));
		written_end(&written);
		assert_int_equal(span_find(buffer_span(&written.text), SPAN("\033[1;31mHighRisk\033[0m   HighRisk\n")) <
					 written.text.len,
				 colour);
		assert_int_equal(span_index(buffer_span(&written.text), '\033') < written.text.len, colour);
		assert_non_null(strstr(written.text.data, "\\x1b[31mHighRisk"));
		written_finish(&written);
	}
}

/* ---- JSON ---- */

static void json_kinds(void **state)
{
	static const struct span names[] = { SPAN("t"), SPAN("n"),    SPAN("x"), SPAN("b"),
					     SPAN("z"), SPAN("time"), SPAN("e") };
	struct written written;

	written_begin(&written, "json", &plain);
	PUT(&written, names, CELL_TEXT("12"), CELL_NUMBER("-12.5e3"), CELL_NUMBER("nan"), CELL_BOOL("false"), CELL_NULL,
	    CELL_TIME("1795430914650"), CELL_TEXT(""));
	PUT(&written, names, { ROW_TEXT, { 0 } });
	assert_string_equal(
		written_end(&written),
		"{\"t\":\"12\",\"n\":-12.5e3,\"x\":\"nan\",\"b\":false,\"z\":null,\"time\":1795430914650,\"e\":\"\"}\n"
		"{\"t\":\"\"}\n");
	written_finish(&written);
}

static void json_numbers(void **state)
{
	static const char *const bad[] = { "",	  "-",	 "01",	 "1.", ".5", "1e", "1e+",
					   "0x1", "inf", "-nan", "1 ", "+1", "1,2" };
	static const char *const good[] = { "0", "-0", "10", "0.5", "1e9", "1E-9", "9007199254740993", "-0.0e+00" };
	struct written written;
	struct buffer expected = { 0 };

	written_begin(&written, "json", &plain);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		written_put(&written, two, &(struct row_cell){ ROW_NUMBER, span_of(bad[i]) }, 1);
		buffer_printf(&expected, "{\"a\":\"%s\"}\n", bad[i]);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		written_put(&written, two, &(struct row_cell){ ROW_NUMBER, span_of(good[i]) }, 1);
		buffer_printf(&expected, "{\"a\":%s}\n", good[i]);
	}
	buffer_add_byte(&expected, '\0');
	assert_string_equal(written_end(&written), expected.data);
	buffer_finish(&expected);
	written_finish(&written);
}

static void json_hostile(void **state)
{
	const struct span names[] = { SPAN(HOSTILE), SPAN("") };
	struct written written;

	written_begin(&written, "json", &plain);
	PUT(&written, names, CELL_TEXT(HOSTILE), CELL_TEXT("}\n{"));
	struct json_object *object = json_tokener_parse(written_end(&written));
	assert_harmless(buffer_span(&written.text));
	assert_int_equal(span_index(buffer_span(&written.text), '\n'), written.text.len - 1);
	assert_true(json_object_is_type(object, json_type_object));
	assert_int_equal(json_object_object_length(object), 2);
	assert_string_equal(json_object_get_string(json_object_object_get(object, "")), "}\n{");
	json_object_put(object);
	written_finish(&written);
}

/* ---- CSV ---- */

static void csv_header_of_all_first_rows(void **state)
{
	static const struct span other[] = { SPAN("b"), SPAN("new") };
	struct written written;

	written_begin(&written, "csv", &plain);
	PUT(&written, two, CELL_TEXT("1"), CELL_NUMBER("-2"));
	PUT(&written, other, CELL_TEXT(""), CELL_BOOL("true"));
	PUT(&written, two, CELL_NULL, CELL_TEXT("-2"));
	assert_string_equal(written_end(&written), "a,b,new\r\n1,-2,\r\n,\"\",true\r\n,'-2,\r\n");
	assert_string_equal(rows_remark(written.rows), "");
	written_finish(&written);
}

static void csv_hostile(void **state)
{
	const struct span names[] = { SPAN("=cmd|' /C calc'!A0"), SPAN(HOSTILE) };
	struct written written;

	written_begin(&written, "csv", &plain);
	PUT(&written, names, CELL_TEXT("+1"), CELL_TEXT(HOSTILE));
	PUT(&written, names, CELL_NUMBER("-nan"), CELL_TEXT("a,\"b\""));
	written_end(&written);
	struct buffer text = { 0 };
	size_t lines = 0;
	for (size_t i = 0; i < written.text.len; i++) { /* the ends of lines are the only CR */
		bool end = written.text.data[i] == '\r' && written.text.data[i + 1] == '\n';
		lines += end;
		if (!end)
			buffer_add_byte(&text, written.text.data[i]);
	}
	assert_int_equal(lines, 3);
	assert_harmless(buffer_span(&text));
	assert_true(strncmp(written.text.data, "\"'=cmd|' /C calc'!A0\",", 21) == 0);
	assert_non_null(strstr(written.text.data, "\r\n'+1,"));
	assert_non_null(strstr(written.text.data, "\r\n'-nan,\"a,\"\"b\"\"\"\r\n"));
	buffer_finish(&text);
	written_finish(&written);
}

static void csv_late_columns_are_told(void **state)
{
	struct written written;

	written_begin(&written, "csv", &plain);
	for (int i = 0; i < 1500; i++)
		PUT(&written, two, CELL_TEXT("x"));
	PUT(&written, two, CELL_TEXT("x"), CELL_TEXT("late"));
	PUT(&written, two, CELL_TEXT("x"), CELL_TEXT("late"));
	assert_null(strstr(written_end(&written), "late"));
	assert_true(strncmp(written.text.data, "a\r\nx\r\n", 6) == 0);
	assert_int_equal(written.text.len, 1503 * 3);
	assert_true(strncmp(rows_remark(written.rows), "2 values are not in the CSV", 27) == 0);
	written_finish(&written);
}

/* ---- much ---- */

static void many_columns(void **state)
{
	static const char *const formats[] = { "table", "csv", "json" };
	enum { COLUMNS = 3000 };
	struct span *names = calloc(COLUMNS, sizeof(*names));
	struct row_cell *cells = calloc(COLUMNS, sizeof(*cells));
	char(*text)[16] = calloc(COLUMNS, 16);

	for (size_t i = 0; i < COLUMNS; i++) {
		snprintf(text[i], 16, "name%zu", i);
		names[i] = span_of(text[i]);
		cells[i] = CELL_TEXT("v");
	}
	for (size_t i = 0; i < 3; i++) {
		struct written written;
		written_begin(&written, formats[i], &plain);
		for (int row = 0; row < 20; row++)
			written_put(&written, names, cells, COLUMNS);
		written_end(&written);
		assert_non_null(strstr(written.text.data, "name999"));
		assert_int_equal(strstr(written.text.data, "name2999") != NULL, i == 2);
		written_finish(&written);
	}
	free(names);
	free(cells);
	free(text);
}

/* Rows leave memory as they come: what is held does not grow with their number. */
static void memory_is_bounded(void **state)
{
	static const char *const formats[] = { "table", "csv", "json", "chart" };
	char text[1500];
	const struct row_cell cells[] = { { ROW_TEXT, { text, sizeof(text) } }, CELL_NUMBER("1") };

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < 4; i++) {
		struct written written;
		written_begin(&written, formats[i], &plain);
		size_t before = mallinfo2().uordblks + mallinfo2().hblkhd, most = 0;
		for (int row = 0; row < 100000; row++) {
			written_put(&written, two, cells, 2);
			if (row % 997)
				continue;
			size_t now = mallinfo2().uordblks + mallinfo2().hblkhd;
			most = now > before + most ? now - before : most;
		}
		if (most > (100u << 20))
			fail_msg("%s holds %zu bytes", formats[i], most);
		assert_int_equal(rows_end(written.rows, &written.err), 0);
		written_finish(&written);
	}
}

static void output_fails(void **state)
{
	static const char *const formats[] = { "table", "csv", "json", "chart" };

	for (size_t i = 0; i < 4; i++) {
		struct err err = { 0 };
		struct output *output = output_open("/dev/full", &err);
		struct rows *rows = rows_create(formats[i], output, &plain, &err);
		int result = 0;
		for (int row = 0; row < 20000 && result == 0; row++)
			result = rows_put(rows, two, (struct row_cell[]){ CELL_TEXT("x"), CELL_NUMBER("3") }, 2, &err);
		if (result == 0)
			result = rows_end(rows, &err);
		assert_int_equal(result, -ENOSPC);
		assert_non_null(strstr(err.text, "/dev/full"));
		rows_destroy(rows);
		output_destroy(output);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_format),
		cmocka_unit_test(nothing),
		cmocka_unit_test(table_aligns),
		cmocka_unit_test(table_mixed_column),
		cmocka_unit_test(table_grows),
		cmocka_unit_test(table_hostile),
		cmocka_unit_test(table_fits),
		cmocka_unit_test(table_cuts_long_cells),
		cmocka_unit_test(table_colours),
		cmocka_unit_test(json_kinds),
		cmocka_unit_test(json_numbers),
		cmocka_unit_test(json_hostile),
		cmocka_unit_test(csv_header_of_all_first_rows),
		cmocka_unit_test(csv_hostile),
		cmocka_unit_test(csv_late_columns_are_told),
		cmocka_unit_test(many_columns),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(output_fails),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
