/* escape: what reaches a terminal, a JSON document or a spreadsheet is harmless, and can be told from what was not. */
#include "sink/escape.h"

#include "sink_samples.h"

#include <json-c/json.h>
#include <locale.h>
#include <time.h>
#include <wchar.h>

static char *terminal(const char *text, size_t len, size_t columns, bool utf8, size_t *used)
{
	struct buffer out = { 0 };
	size_t n = escape_terminal(&out, (struct span){ text, len }, columns, utf8);

	buffer_add_byte(&out, '\0');
	assert_false(out.failed);
	if (used)
		*used = n;
	return out.data;
}

#define assert_terminal(text, columns, utf8, expected) check_terminal(SPAN(text), columns, utf8, expected)

static void check_terminal(struct span text, size_t columns, bool utf8, const char *expected)
{
	char *got = terminal(text.data, text.len, columns, utf8, NULL);

	assert_string_equal(got, expected);
	free(got);
}

static void test_escape_terminal(void **state)
{
	assert_terminal("plain text, ~!", 0, true, "plain text, ~!");
	assert_terminal("\033[31mred\a\b\r\n\t\x7f", 0, true, "\\x1b[31mred\\x07\\x08\\x0d\\x0a\\x09\\x7f");
	assert_terminal("a\0b", 0, true, "a\\x00b");
	assert_terminal("\xc2\x9b"
			"2J",
			0, true, "\\xc2\\x9b2J"); /* C1 CSI */
	assert_terminal("\x9b"
			"2J",
			0, true, "\\x9b2J");
	assert_terminal("x\xe2\x80\xaey\xe2\x81\xa6z", 0, true, "x\\xe2\\x80\\xaey\\xe2\\x81\\xa6z");	/* bidi */
	assert_terminal("ss\xe2\x80\x8bhd\xef\xbb\xbf", 0, true, "ss\\xe2\\x80\\x8bhd\\xef\\xbb\\xbf"); /* zero width */
	assert_terminal("\xf3\xa0\x81\x81", 0, true, "\\xf3\\xa0\\x81\\x81");				/* tag letter */
	assert_terminal("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82", 0, true,
			"\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80\\xe2\\x82");
	assert_terminal("caf\xc3\xa9 \xe4\xb8\xad", 0, true, "caf\xc3\xa9 \xe4\xb8\xad");
	assert_terminal("caf\xc3\xa9", 0, false, "caf\\xc3\\xa9");
}

static void test_escape_terminal_marks_written_escapes(void **state)
{
	assert_terminal("\\x1b", 0, true, "\\x5cx1b");
	assert_terminal("C:\\temp\\", 0, true, "C:\\temp\\");
}

static void test_escape_terminal_cut(void **state)
{
	size_t used;
	char *got;

	assert_terminal("1234567890", 10, true, "1234567890");
	assert_terminal("12345678901", 10, true, "123456789…");
	assert_terminal("12345678901", 10, false, "1234567...");
	assert_terminal("12345678\033x", 10, true, "12345678…"); /* no half escape */
	got = terminal("\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad", 9, 5, true, &used);
	assert_string_equal(got, "\xe4\xb8\xad\xe4\xb8\xad…");
	assert_int_equal(used, 5);
	free(got);
}

static void test_escape_terminal_zero_width_flood(void **state)
{
	struct buffer text = { 0 }, out = { 0 };

	for (int i = 0; i < 100000; i++)
		buffer_add(&text, SPAN("\xcc\x81")); /* a combining accent has no width */
	escape_terminal(&out, buffer_span(&text), 120, true);
	assert_true(out.len < 1000);
	buffer_finish(&text);
	buffer_finish(&out);
}

/* No byte below 0x20, no DEL, valid UTF-8 throughout. */
static void assert_harmless(struct span out)
{
	for (size_t i = 0; i < out.len; i++)
		assert_true((unsigned char)out.data[i] >= 0x20 && out.data[i] != 0x7f);
	for (size_t i = 0; i + 1 < out.len; i++)
		assert_false((unsigned char)out.data[i] == 0xc2 && (unsigned char)out.data[i + 1] < 0xa0);
	assert_int_equal(span_find(out, SPAN("\xe2\x80\xae")), out.len);
	mbstate_t shift = { 0 };
	for (size_t i = 0; i < out.len;) {
		size_t n = mbrlen(out.data + i, out.len - i, &shift);
		assert_true(n > 0 && n <= 4);
		i += n;
	}
}

static void test_escape_hostile_is_harmless(void **state)
{
	uint64_t seed = 1;
	char room[300];

	for (int i = 0; i < 20000; i++) {
		struct buffer out = { 0 };
		struct span text = sample_hostile(&seed, room, sizeof(room));
		size_t columns = sample_random(&seed) % 60;
		size_t used = escape_terminal(&out, text, columns, i % 2);
		assert_true(columns < 4 || used <= columns);
		assert_harmless(buffer_span(&out));
		buffer_reset(&out);
		escape_csv(&out, text);
		assert_harmless(buffer_span(&out));
		buffer_reset(&out);
		escape_json(&out, text);
		assert_harmless(buffer_span(&out));
		buffer_finish(&out);
	}
}

/* ---- JSON ---- */

static void test_escape_json_text(void **state)
{
	static const struct {
		struct span text;
		const char *json;
	} cases[] = {
		{ { NULL, 0 }, "null" },
		{ SPAN(""), "\"\"" },
		{ SPAN("a\"b\\c/\n\t\r\033\0"), "\"a\\\"b\\\\c/\\n\\t\\u000d\\u001b\\u0000\"" },
		{ SPAN("\x7f\xc2\x85\xe2\x80\xa8\xe2\x80\xae"), "\"\\u007f\\u0085\\u2028\\u202e\"" },
		{ SPAN("caf\xc3\xa9"), "\"caf\xc3\xa9\"" },
		{ SPAN("caf\xe9"), "\"caf\\udce9\"" },
		{ SPAN("\xed\xb2\x80"), "\"\\udced\\udcb2\\udc80\"" }, /* what looks like an escape is escaped, too */
		{ SPAN("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer out = { 0 };
		escape_json(&out, cases[i].text);
		buffer_add_byte(&out, '\0');
		assert_string_equal(out.data, cases[i].json);
		buffer_finish(&out);
	}
}

/* What Python's json and "surrogateescape" do: the way back that docs/schema/README.md tells. */
static void json_back(struct span json, struct buffer *to)
{
	json = span_skip(span_first(json, json.len - 1), 1);
	for (size_t i = 0; i < json.len; i++) {
		if (json.data[i] != '\\') {
			buffer_add_byte(to, json.data[i]);
			continue;
		}
		uint64_t point = 0;
		switch (json.data[++i]) {
		case 'n':
			buffer_add_byte(to, '\n');
			break;
		case 't':
			buffer_add_byte(to, '\t');
			break;
		case 'u':
			assert_int_equal(span_hex(span_first(span_skip(json, i + 1), 4), &point), 4);
			i += 4;
			if (point < 0x80 || (point >= 0xdc80 && point <= 0xdcff)) {
				buffer_add_byte(to, (char)point);
			} else if (point < 0x800) {
				buffer_add_byte(to, (char)(0xc0 | point >> 6));
				buffer_add_byte(to, (char)(0x80 | (point & 0x3f)));
			} else {
				buffer_add_byte(to, (char)(0xe0 | point >> 12));
				buffer_add_byte(to, (char)(0x80 | (point >> 6 & 0x3f)));
				buffer_add_byte(to, (char)(0x80 | (point & 0x3f)));
			}
			break;
		default:
			buffer_add_byte(to, json.data[i]);
		}
	}
}

static void test_escape_json_round_trip(void **state)
{
	uint64_t seed = 2;
	char room[200];

	for (int i = 0; i < 20000; i++) {
		struct buffer out = { 0 }, back = { 0 };
		struct span text = sample_hostile(&seed, room, sizeof(room));
		escape_json(&out, text);
		json_back(buffer_span(&out), &back);
		assert_int_equal(back.len, text.len);
		assert_true(span_equal(buffer_span(&back), text));
		buffer_add_byte(&out, '\0');
		json_object *parsed = json_tokener_parse(out.data);
		assert_true(json_object_is_type(parsed, json_type_string));
		json_object_put(parsed);
		buffer_finish(&out);
		buffer_finish(&back);
	}
}

/* ---- CSV ---- */

static void test_escape_csv_text(void **state)
{
	static const struct {
		struct span text;
		const char *cell;
	} cases[] = {
		{ { NULL, 0 }, "" },
		{ SPAN(""), "\"\"" },
		{ SPAN("/usr/bin/cat"), "/usr/bin/cat" },
		{ SPAN("a,b"), "\"a,b\"" },
		{ SPAN("say \"hi\""), "\"say \"\"hi\"\"\"" },
		{ SPAN("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"" },
		{ SPAN("+1"), "'+1" },
		{ SPAN("-1"), "'-1" },
		{ SPAN("@x"), "'@x" },
		{ SPAN("\tx"), "'\\x09x" },
		{ SPAN("\rx"), "'\\x0dx" },
		{ SPAN("'x"), "''x" },
		{ SPAN("\xef\xbc\x9d"
		       "1"),
		  "'\xef\xbc\x9d"
		  "1" },
		{ SPAN("a\r\nb"), "a\\x0d\\x0ab" },
		{ SPAN("\xff\x00\033"), "\\xff\\x00\\x1b" },
		{ SPAN("a=b"), "a=b" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer out = { 0 };
		escape_csv(&out, cases[i].text);
		buffer_add_byte(&out, '\0');
		assert_string_equal(out.data, cases[i].cell);
		buffer_finish(&out);
	}
}

/* ---- size ---- */

static double seconds_for(size_t len)
{
	struct buffer text = { 0 }, out = { 0 };
	struct timespec begin, end;

	buffer_reserve(&text, len);
	for (size_t i = 0; i < len; i++)
		buffer_add_byte(&text, (char)(i * 37 + i / 256));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	escape_terminal(&out, buffer_span(&text), 0, true);
	escape_json(&out, buffer_span(&text));
	escape_csv(&out, buffer_span(&text));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_false(out.failed);
	buffer_finish(&text);
	buffer_finish(&out);
	return (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
}

static void test_escape_is_linear(void **state)
{
	double small = seconds_for(1 << 20), large = seconds_for(10 << 20);

	assert_true(large < 40 * small + 0.5); /* ten times the bytes; quadratic would be a hundred */
}

static void check_cef(struct span text, char special, const char *expected)
{
	struct buffer out = { 0 };

	escape_cef(&out, text, special);
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.data, expected);
	buffer_finish(&out);
}

static void test_cef(void **state)
{
	check_cef(SPAN("a|b=c\\d"), '|', "a\\|b=c\\\\d");
	check_cef(SPAN("a|b=c\\d"), '=', "a|b\\=c\\\\d");
	check_cef(SPAN("one\ntwo\rthree"), '=', "one\\ntwo\\rthree");
	check_cef(SPAN("one\ntwo"), '|', "one two");
	check_cef(SPAN("\x1b[2J\xff\xc3\xa9"), '=', "\\\\x1b[2J\\\\xff\xc3\xa9");
	check_cef((struct span){ 0 }, '=', "");
}

/* ---- HTML ---- */

#define assert_html(text, expected) check_html(SPAN(text), SIZE_MAX, 0, expected)

static void check_html(struct span text, size_t max, size_t left, const char *expected)
{
	struct buffer out = { 0 };

	assert_int_equal(escape_html(&out, text, max), left);
	buffer_add_byte(&out, '\0');
	assert_false(out.failed);
	assert_string_equal(out.data, expected);
	buffer_finish(&out);
}

static void test_escape_html(void **state)
{
	assert_html("/usr/bin/python3 -c 1", "/usr/bin/python3 -c 1");
	assert_html("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_html("\"><img src=x onerror='a'>", "&quot;&gt;&lt;img src=x onerror=&#39;a&#39;&gt;");
	assert_html("&lt;&#60;]]>", "&amp;lt;&amp;#60;]]&gt;");
	assert_html("a\0b\tc\r\n\033[2J\x7f", "a\\x00b\\x09c\\x0d\\x0a\\x1b[2J\\x7f");
	assert_html("\xc2\x9b\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf",
		    "\\xc2\\x9b\\xe2\\x80\\xae\\xe2\\x80\\x8b\\xef\\xbb\\xbf");
	assert_html("\xff\xc0\xaf\xed\xa0\x80\xc3", "\\xff\\xc0\\xaf\\xed\\xa0\\x80\\xc3");
	assert_html("\xef\xbf\xbe\xf0\x9f\xbf\xbf\xef\xb7\x90",
		    "\\xef\\xbf\\xbe\\xf0\\x9f\\xbf\\xbf\\xef\\xb7\\x90"); /* no characters */
	assert_html("caf\xc3\xa9 \xe4\xb8\xad \xd7\x90", "caf\xc3\xa9 \xe4\xb8\xad \xd7\x90");
	assert_html("\\x3cb", "\\x5cx3cb");
	assert_html("e\xcc\x81\xcc\x81\xcc\x81x\xcc\x81", "e\xcc\x81\xcc\x81\\xcc\\x81x\xcc\x81");
	assert_html("", "");
	check_html((struct span){ NULL, 0 }, 5, 0, "");
}

static void test_escape_html_cut(void **state)
{
	check_html(SPAN("abcdef"), 4, 2, "abcd");
	check_html(SPAN("abcd"), 4, 0, "abcd");
	check_html(SPAN("<<<<"), 2, 2, "&lt;&lt;");
	check_html(SPAN("ab\xe4\xb8\xad"), 4, 1, "ab\\xe4\\xb8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cef),
		cmocka_unit_test(test_escape_terminal),
		cmocka_unit_test(test_escape_terminal_marks_written_escapes),
		cmocka_unit_test(test_escape_terminal_cut),
		cmocka_unit_test(test_escape_terminal_zero_width_flood),
		cmocka_unit_test(test_escape_hostile_is_harmless),
		cmocka_unit_test(test_escape_json_text),
		cmocka_unit_test(test_escape_json_round_trip),
		cmocka_unit_test(test_escape_csv_text),
		cmocka_unit_test(test_escape_is_linear),
		cmocka_unit_test(test_escape_html),
		cmocka_unit_test(test_escape_html_cut),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
