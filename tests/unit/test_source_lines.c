/* Lines are the same whatever the size of the reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "source/lines.h"

/* Gives its bytes `step` at a time, and breaks behind them when it is told to. */
struct memory_stream {
	struct stream stream;
	struct span left;
	size_t step;
	bool breaks;
};

static ssize_t memory_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct memory_stream *memory = (struct memory_stream *)stream;
	struct span taken = span_first(span_first(memory->left, memory->step), room);

	if (taken.len == 0)
		return memory->breaks ? err_set(err, -EIO, "broken") : 0;
	memcpy(to, taken.data, taken.len);
	memory->left = span_skip(memory->left, taken.len);
	return (ssize_t)taken.len;
}

static void memory_close(struct stream *stream)
{
	(void)stream;
}

static struct memory_stream memory_of(struct span bytes, size_t step)
{
	return (struct memory_stream){ .stream = { .read = memory_read, .close = memory_close, .head_end = 1 },
				       .left = bytes,
				       .step = step };
}

struct result {
	struct buffer bytes;
	uint64_t cut_lines, cut_bytes, runs;
	int end;
};

/* Every line with '|' behind it, '~' when it was cut; offsets are checked on the way. */
static struct result read_all(struct span text, size_t step, size_t chunk, size_t line_max, bool breaks)
{
	struct memory_stream memory = memory_of(text, step);
	struct result result = { 0 };
	struct lines_run run;
	struct lines lines;
	struct err err;

	memory.breaks = breaks;
	lines_init(&lines, chunk, line_max);
	while ((result.end = lines_next(&lines, &memory.stream, &run, &err)) == 1) {
		assert_memory_equal(text.data + run.offset, run.bytes.data, run.bytes.len);
		assert_true(run.bytes.len > 0);
		assert_true(run.cut || run.bytes.data[run.bytes.len - 1] == '\n');
		buffer_add(&result.bytes, run.bytes);
		buffer_text(&result.bytes, run.cut ? "~" : "");
		result.runs++;
	}
	run = lines_rest(&lines);
	if (run.bytes.len)
		assert_memory_equal(text.data + run.offset, run.bytes.data, run.bytes.len);
	buffer_add(&result.bytes, run.bytes);
	result.cut_lines = lines.cut_lines;
	result.cut_bytes = lines.cut_bytes;
	assert_int_equal(lines_next(&lines, &memory.stream, &run, &err), result.end);
	lines_finish(&lines);
	return result;
}

static void check(struct span text, const char *expected, uint64_t cut_lines, uint64_t cut_bytes, size_t line_max)
{
	for (size_t chunk = 1; chunk <= text.len + 2; chunk++)
		for (size_t step = 1; step <= chunk; step++) {
			struct result result = read_all(text, step, chunk, line_max, false);
			buffer_add_byte(&result.bytes, '\0');
			assert_string_equal(result.bytes.data, expected);
			assert_int_equal(result.cut_lines, cut_lines);
			assert_int_equal(result.cut_bytes, cut_bytes);
			assert_int_equal(result.end, 0);
			buffer_finish(&result.bytes);
		}
}

static void test_every_chunk_size(void **state)
{
	check(SPAN("one\ntwo\n\nfour is longer\n\n\nx\n"), "one\ntwo\n\nfour is longer\n\n\nx\n", 0, 0, 1000);
	check(SPAN("a\r\nb\r\n"), "a\r\nb\r\n", 0, 0, 1000);
	check(SPAN("no newline"), "no newline", 0, 0, 1000);
	check(SPAN("one\nno newline"), "one\nno newline", 0, 0, 1000);
	check(SPAN(""), "", 0, 0, 1000);
	check(SPAN("\n"), "\n", 0, 0, 1000);
}

static void test_long_lines_are_cut(void **state)
{
	check(SPAN("1234\n12345\n123456\n1\n"), "1234\n12345\n12345~1\n", 1, 1, 5);
	check(SPAN("1234567890123\nx\n"), "12345~x\n", 1, 8, 5);
	check(SPAN("1234567890\n1234567890\n\nz"), "12345~12345~\nz", 2, 10, 5);
	check(SPAN("12345"), "12345", 0, 0, 5);
	check(SPAN("123456"), "12345~", 1, 1, 5);
	check(SPAN("a\n123456789"), "a\n12345~", 1, 4, 5);
}

static void test_nul_bytes(void **state)
{
	struct span text = SPAN("a\0b\n\0\0\nc");

	for (size_t chunk = 1; chunk < 10; chunk++) {
		struct result result = read_all(text, chunk, chunk, 100, false);
		assert_int_equal(result.bytes.len, text.len);
		assert_memory_equal(result.bytes.data, text.data, text.len);
		buffer_finish(&result.bytes);
	}
}

static void test_break_comes_last(void **state)
{
	struct result result = read_all(SPAN("one\ntwo"), 3, 3, 100, true);

	assert_int_equal(result.end, -EIO);
	assert_int_equal(result.bytes.len, 7);
	buffer_finish(&result.bytes);
}

static void test_goes_on_in_another_stream(void **state)
{
	struct memory_stream first = memory_of(SPAN("one\ntw"), 2), second = memory_of(SPAN("o\nthree\n"), 2);
	struct buffer all = { 0 };
	struct lines_run run;
	struct lines lines;
	struct err err;

	lines_init(&lines, 4, 100);
	while (lines_next(&lines, &first.stream, &run, &err) == 1)
		buffer_add(&all, run.bytes);
	lines_go_on(&lines);
	while (lines_next(&lines, &second.stream, &run, &err) == 1)
		buffer_add(&all, run.bytes);
	assert_int_equal(all.len, 14);
	assert_memory_equal(all.data, "one\ntwo\nthree\n", 14);
	lines_restart(&lines);
	assert_int_equal(lines_rest(&lines).bytes.len, 0);
	lines_finish(&lines);
	buffer_finish(&all);
}

static void test_overlong_line_is_bounded(void **state)
{
	size_t len = 3u << 20;
	char *text = malloc(len);
	struct result result;

	assert_non_null(text);
	memset(text, 'x', len);
	text[len - 1] = '\n';
	result = read_all((struct span){ text, len }, len, 0, 1u << 20, false);
	assert_int_equal(result.bytes.len, (1u << 20) + 1);
	assert_int_equal(result.cut_bytes, len - 1 - (1u << 20));
	buffer_finish(&result.bytes);
	free(text);
}

static void test_peek_loses_nothing(void **state)
{
	struct memory_stream memory = memory_of(SPAN("peeked\nand read\n"), 3);
	char text[32];
	size_t len = 0;
	ssize_t got;

	assert_int_equal(stream_peek(&memory.stream).len, 16);
	assert_int_equal(stream_peek(&memory.stream).len, 16);
	while ((got = stream_read(&memory.stream, text + len, 5, NULL)) > 0)
		len += (size_t)got;
	assert_int_equal(got, 0);
	assert_memory_equal(text, "peeked\nand read\n", 16);
	stream_close(&memory.stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_chunk_size),
		cmocka_unit_test(test_long_lines_are_cut),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_break_comes_last),
		cmocka_unit_test(test_goes_on_in_another_stream),
		cmocka_unit_test(test_overlong_line_is_bounded),
		cmocka_unit_test(test_peek_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
