/* sink/plot*.c: bars for counts, bars and stacks over time, and what cannot be drawn. */
#include "rows_check.h"

#include <stdio.h>

static const struct span count_by[] = { SPAN("name"), SPAN("_count") };
static const struct span by_time[] = { SPAN("_timeslice"), SPAN("name"), SPAN("_count") };

static void bars(void **state)
{
	struct rows_options options = { .utf8 = true, .width = 30, .keys = count_by, .key_count = 1 };
	struct written written;

	written_begin(&written, "chart", &options);
	PUT(&written, count_by, CELL_TEXT("sshd"), CELL_NUMBER("57"));
	PUT(&written, count_by, CELL_TEXT("sudo"), CELL_NUMBER("12"));
	PUT(&written, count_by, CELL_TEXT("rare"), CELL_NUMBER("0.001"));
	PUT(&written, count_by, CELL_TEXT("none"), CELL_NUMBER("0"));
	PUT(&written, count_by, CELL_TEXT("less"), CELL_NUMBER("-7"));
	PUT(&written, count_by, CELL_NULL, CELL_NULL);
	const char *text = written_end(&written);
	const char *first = strchr(text, '\n'), *second = strchr(first + 1, '\n');
	assert_true(strncmp(text, "sshd  ██", 12) == 0);
	assert_non_null(strstr(text, " 57\nsudo  ██"));
	assert_true(second - first < first - text);
	assert_non_null(strstr(text, "rare  ▏ 0.001\nnone  0\nless  -7\n-     -\n"));
	written_finish(&written);
}

static void ascii_bars(void **state)
{
	struct rows_options options = { .width = 20, .keys = count_by, .key_count = 1 };
	struct written written;

	written_begin(&written, "chart", &options);
	PUT(&written, count_by, CELL_TEXT("é"), CELL_NUMBER("4"));
	PUT(&written, count_by, CELL_TEXT("b"), CELL_NUMBER("2"));
	written_end(&written);
	assert_harmless(buffer_span(&written.text));
	for (size_t i = 0; i < written.text.len; i++)
		assert_true((unsigned char)written.text.data[i] < 0x7f);
	assert_non_null(strstr(written.text.data, "\\xc3\\xa9  #"));
	written_finish(&written);
}

/* Keys that are numbers say what a row is of. */
static void number_keys(void **state)
{
	struct rows_options options = { .utf8 = true, .width = 40, .keys = count_by, .key_count = 1 };
	struct written written;

	written_begin(&written, "chart", &options);
	PUT(&written, count_by, CELL_NUMBER("1000"), CELL_NUMBER("1"));
	assert_true(strncmp(written_end(&written), "1000  █", 9) == 0);
	written_finish(&written);
}

static void over_time(void **state)
{
	struct rows_options options = { .utf8 = true, .width = 60, .keys = by_time, .key_count = 2 };
	struct written written;

	written_begin(&written, "chart", &options);
	PUT(&written, by_time, CELL_TIME("1795431600000"), CELL_TEXT("a"), CELL_NUMBER("2"));
	PUT(&written, by_time, CELL_TIME("1795424400000"), CELL_TEXT("a"), CELL_NUMBER("4"));
	PUT(&written, by_time, CELL_TIME("1795428000000"), CELL_TEXT("a"), CELL_NUMBER("1"));
	PUT(&written, by_time, CELL_TIME("1795438800000"), CELL_TEXT("a"), CELL_NUMBER("3"));
	const char *text = written_end(&written);
	/* By time, and the hour without any has its line. */
	assert_true(strncmp(text, "2026-11-23T09:00  ", 18) == 0);
	const char *empty = strstr(text, "2026-11-23T12:00  0\n");
	assert_non_null(empty);
	assert_non_null(strstr(empty, "2026-11-23T13:00  "));
	written_finish(&written);
}

static void stacked(void **state)
{
	struct rows_options options = { .width = 60, .keys = by_time, .key_count = 2 };
	struct written written;

	written_begin(&written, "chart", &options);
	PUT(&written, by_time, CELL_TIME("1795431600000"), CELL_TEXT("a"), CELL_NUMBER("1"));
	PUT(&written, by_time, CELL_TIME("1795431600000"), CELL_TEXT("b\033[2J"), CELL_NUMBER("3"));
	written_end(&written);
	assert_harmless(buffer_span(&written.text));
	assert_true(strncmp(written.text.data, "# b\\x1b[2J   * a\n", 17) == 0);
	assert_non_null(strstr(written.text.data, "###*"));
	assert_non_null(strstr(written.text.data, " 4\n"));
	written_finish(&written);
}

/* Beyond the ceiling of series, what is left is one; beyond that of names, too. */
static void many_series(void **state)
{
	struct rows_options options = { .width = 100, .keys = by_time, .key_count = 2 };
	struct written written;
	char name[16];

	written_begin(&written, "chart", &options);
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "series%d", i);
		const struct row_cell cells[] = { CELL_TIME("1795431600000"),
						  { ROW_TEXT, span_of(name) },
						  CELL_NUMBER("2") };
		written_put(&written, by_time, cells, 3);
	}
	const char *text = written_end(&written);
	assert_non_null(strstr(text, "series0"));
	assert_non_null(strstr(text, "all other"));
	assert_null(strstr(text, "series8 "));
	assert_non_null(strstr(text, "xxxxxxxx")); /* the eighth series: nearly all of the bar */
	assert_non_null(strstr(text, " 4000\n"));
	written_finish(&written);
}

static void strange_times(void **state)
{
	static const char *const times[] = {
		"0", "9007199254740992", "253402300800000", "99999999999999999999", "-1", "", "x"
	};
	struct rows_options options = { .utf8 = true, .width = 60, .keys = by_time, .key_count = 2 };
	struct written written;

	written_begin(&written, "chart", &options);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		const struct row_cell cells[] = { { ROW_TIME, span_of(times[i]) }, CELL_TEXT("a"), CELL_NUMBER("1") };
		written_put(&written, by_time, cells, 3);
	}
	const char *text = written_end(&written);
	assert_true(strncmp(text, "1970-01-01T00:00", 16) == 0);
	assert_non_null(strstr(text, "9007199254740992"));
	assert_true(written.text.len < 10000);
	written_finish(&written);
}

static void nothing_to_draw(void **state)
{
	struct rows_options options = { .utf8 = true };
	struct written written;

	written_begin(&written, "chart", &options);
	PUT(&written, count_by, CELL_TEXT("a"), CELL_TEXT("1"));
	assert_string_equal(written_end(&written), "name  _count\na     1\n");
	assert_non_null(strstr(rows_remark(written.rows), "nothing to draw"));
	written_finish(&written);
}

static void too_much(void **state)
{
	struct rows_options options = { .utf8 = true, .width = 60, .keys = count_by, .key_count = 1 };
	struct written written;

	written_begin(&written, "chart", &options);
	for (int i = 0; i < 5000; i++)
		PUT(&written, count_by, CELL_TEXT("a"), CELL_NUMBER("1"));
	written_end(&written);
	size_t lines = 0;
	for (size_t i = 0; i < written.text.len; i++)
		lines += written.text.data[i] == '\n';
	assert_int_equal(lines, 2000);
	assert_non_null(strstr(rows_remark(written.rows), "first 2000 of 5000"));
	written_finish(&written);
}

/* Rows of whole messages are none that anybody can draw: they must not be kept all. */
static void wide_rows(void **state)
{
	struct rows_options options = { .utf8 = true, .width = 60 };
	struct written written;
	size_t size = 4u << 20;
	char *text = malloc(size);
	const struct row_cell cells[] = { { ROW_TEXT, { text, size } }, CELL_NUMBER("1") };

	memset(text, 'x', size);
	written_begin(&written, "chart", &options);
	for (int i = 0; i < 100; i++)
		written_put(&written, count_by, cells, 2);
	if (mallinfo2().hblkhd)
		assert_in_range(mallinfo2().hblkhd, 0, 200u << 20);
	written_end(&written);
	assert_non_null(strstr(rows_remark(written.rows), "the chart is of the first"));
	written_finish(&written);
	free(text);
}

/* A hundred thousand moments in a row: the chart's end is told, and it takes no time to find it. */
static void many_moments(void **state)
{
	struct rows_options options = { .utf8 = true, .width = 60, .keys = by_time, .key_count = 1 };
	struct written written;
	char time[24];

	written_begin(&written, "chart", &options);
	for (long i = 0; i < 100000; i++) {
		snprintf(time, sizeof(time), "%ld", 1795431600000 + i * 1000);
		const struct row_cell cells[] = { { ROW_TIME, span_of(time) }, CELL_TEXT("a"), CELL_NUMBER("1") };
		written_put(&written, by_time, cells, 3);
	}
	written_end(&written);
	assert_non_null(strstr(rows_remark(written.rows), "first 2000 of 100000 moments"));
	written_finish(&written);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bars),		 cmocka_unit_test(ascii_bars),	    cmocka_unit_test(number_keys),
		cmocka_unit_test(over_time),	 cmocka_unit_test(stacked),	    cmocka_unit_test(many_series),
		cmocka_unit_test(strange_times), cmocka_unit_test(nothing_to_draw), cmocka_unit_test(too_much),
		cmocka_unit_test(wide_rows),	 cmocka_unit_test(many_moments),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("plot", tests, NULL, NULL);
}
