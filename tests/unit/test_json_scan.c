#include "dress_check.h"

#include "base/json_marks.h"
#include "base/json_scan.h"

/* Writes what the scan hands out: a as key, {…} and […] as entered and left, and "!" where it failed. */
static void walk(struct json_scan *scan, struct buffer *to, unsigned skip_deeper_than)
{
	struct json_token token;

	while (json_next(scan, &token)) {
		if (token.key.data) {
			buffer_add(to, token.key);
			buffer_add_byte(to, ':');
		}
		if (token.kind < JSON_ARRAY) {
			buffer_add_byte(to, "0FTns"[token.kind]);
			buffer_add(to, token.text);
		} else if (scan->depth > skip_deeper_than) {
			json_skip(scan, &token);
			buffer_add(to, token.text);
		} else {
			buffer_add_byte(to, token.kind == JSON_ARRAY ? '[' : '{');
			walk(scan, to, skip_deeper_than);
			buffer_add_byte(to, token.kind == JSON_ARRAY ? ']' : '}');
		}
		buffer_add_byte(to, ' ');
	}
}

static void assert_walk_at(struct span text, unsigned skip_deeper_than, const char *want, int line)
{
	struct json_scan scan;
	struct buffer got = { 0 };

	json_start(&scan, text);
	walk(&scan, &got, skip_deeper_than);
	if (scan.failed)
		buffer_add_byte(&got, '!');
	assert_span_at(buffer_span(&got), want, strlen(want), line);
	buffer_finish(&got);
}

#define assert_walk(text, want) assert_walk_at(SPAN(text), 99, want, __LINE__)
#define assert_skips(text, want) assert_walk_at(SPAN(text), 1, want, __LINE__)

static void test_scan_values(void **state)
{
	assert_walk("{\"a\":1,\"b\":\"x\",\"c\":null,\"d\":true,\"e\":false}",
		    "{a:n1 b:sx c:0null d:Ttrue e:Ffalse } ");
	assert_walk(" [ 1 , -2.5e+3 , \"\" ] ", "[n1 n-2.5e+3 s ] ");
	assert_walk("{\"a\":{\"b\":[{},[]]}}", "{a:{b:[{} [] ] } } ");
	assert_walk("[99999999999999999999999999999999999999]", "[n99999999999999999999999999999999999999 ] ");
	assert_walk("[NaN,Infinity,-Infinity]", "[0NaN 0Infinity 0-Infinity ] ");
}

static void test_scan_sequences(void **state)
{
	assert_walk("{\"a\":1} {\"b\":2}\n[3],4", "{a:n1 } {b:n2 } [n3 ] n4 ");
	assert_walk("", "");
	assert_walk(" \n", "");
}

static void test_scan_duplicate_keys(void **state)
{
	assert_walk("{\"uid\":0,\"uid\":1,\"uid\":\"2\"}", "{uid:n0 uid:n1 uid:s2 } ");
}

static void test_scan_skips(void **state)
{
	assert_skips("{\"a\":{\"b\":\"}\\\"]\",\"c\":[1,{}]},\"d\":2}", "{a:{\"b\":\"}\\\"]\",\"c\":[1,{}]} d:n2 } ");
	assert_skips("[[1,2],[\"[\"],{\"a\":\"\\\\\"}]", "[[1,2] [\"[\"] {\"a\":\"\\\\\"} ] ");
}

/* What closes the container that text[0] opens: how long it is, or where it goes wrong as a negative number. */
static long skip_slowly(struct span text)
{
	char open[JSON_DEPTH_MAX];
	size_t depth = 0, string = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '"') {
			for (string = i++; i < text.len && text.data[i] != '"'; i++)
				i += text.data[i] == '\\';
			if (i >= text.len)
				return -1 - (long)string;
		} else if (c == '{' || c == '[') {
			if (depth == JSON_DEPTH_MAX)
				return -1 - (long)i;
			open[depth++] = c == '{' ? '}' : ']';
		} else if (c == '}' || c == ']') {
			if (c != open[depth - 1])
				return -1 - (long)i;
			if (--depth == 0)
				return (long)i + 1;
		}
	}
	return -1 - (long)text.len;
}

static long skip_all(struct span text)
{
	struct json_scan scan;
	struct json_token token;

	json_start(&scan, text);
	assert_true(json_next(&scan, &token));
	json_skip(&scan, &token);
	return scan.failed ? -1 - (long)(scan.stopped - text.data) : (long)token.text.len;
}

/* Mostly brackets that fit, strings and escapes, over several blocks. */
static void test_scan_skips_as_slowly(void **state)
{
	static const char some[] = "\"\"\"\"\\\\x:, {}[]";
	unsigned seed = 5, whole = 0, broken = 0;

	for (unsigned round = 0; round < 100000; round++) {
		char text[260], open[260];
		size_t len = 2 + (size_t)(rand_r(&seed) % 258), depth = 1;
		text[0] = '[';
		open[0] = ']';
		for (size_t i = 1; i < len; i++) {
			text[i] = some[(size_t)rand_r(&seed) % (sizeof(some) - 1 - (round % 4 ? 4 : 0))];
			if (round % 3 && rand_r(&seed) % 3 == 0)
				text[i] = (rand_r(&seed) % 3) ? 'y' : depth ? open[--depth] : 'z';
			else if (round % 3 && rand_r(&seed) % 9 == 0 && depth < 60)
				open[depth++] = (text[i] = rand_r(&seed) % 2 ? '{' : '[') == '{' ? '}' : ']';
		}
		long expected = skip_slowly((struct span){ text, len });
		assert_int_equal(skip_all((struct span){ text, len }), expected);
		whole += expected > JSON_BLOCK;
		broken += expected < -JSON_BLOCK;
	}
	assert_true(whole > 1000 && broken > 1000);
}

static void test_marks_twins(void **state)
{
	static const char some[] = "\"\\{}[]\x5c\xdb\xfd{|}:;[Z";
	unsigned seed = 3;

	for (unsigned round = 0; round < 5000; round++) {
		char text[JSON_BLOCK];
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] =
				(char)(rand_r(&seed) % 8 ? rand_r(&seed) : some[(size_t)rand_r(&seed) % sizeof(some)]);
		struct json_block block = json_block_at(text), plain = json_block_plain(text);
		assert_memory_equal(&block, &plain, sizeof(block));
		const char *from = text + rand_r(&seed) % JSON_BLOCK;
		assert_ptr_equal(json_special(from, text + JSON_BLOCK), json_special_plain(from, text + JSON_BLOCK));
	}
}

static void test_scan_tolerance(void **state)
{
	assert_walk("{\"a\":1,}", "{a:n1 } ");
	assert_walk("[1,]", "[n1 ] ");
	assert_walk("[\"a\tb\x01\xff\"]", "[sa\tb\x01\xff ] ");
}

static void test_scan_damage(void **state)
{
	assert_walk("{\"a\":1,\"b", "{a:n1 } !");
	assert_walk("{\"a\":", "{} !");
	assert_walk("{\"a\"}", "{} !");
	assert_walk("{\"a\":1 \"b\":2}", "{a:n1 } !");
	assert_walk("{\"a\":1]", "{a:n1 } !");
	assert_walk("[1}", "[n1 ] !");
	assert_walk("[,1]", "[] !");
	assert_walk("[1,,2]", "[n1 ] !");
	assert_walk("{1:2}", "{} !");
	assert_walk("[tru]", "[] !");
	assert_walk("[-]", "[] !");
	assert_walk("]", "!");
	assert_walk("[\"\\", "[] !");
	assert_walk("[\"\\\"", "[] !");
	assert_skips("[[1}", "[[1} ] !");
	assert_skips("[{\"a\":\"", "[{\"a\":\" ] !");
	assert_walk("[1] x", "[n1 ] !");
}

static void test_scan_depth(void **state)
{
	char text[2 * JSON_DEPTH_MAX + 3];
	struct json_scan scan;
	struct json_token token;

	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	json_start(&scan, (struct span){ text, 2 * JSON_DEPTH_MAX });
	assert_true(json_next(&scan, &token));
	json_skip(&scan, &token);
	assert_false(scan.failed);
	assert_int_equal(token.text.len, 2 * JSON_DEPTH_MAX);

	memset(text, '[', JSON_DEPTH_MAX + 1);
	json_start(&scan, (struct span){ text, JSON_DEPTH_MAX + 1 });
	while (json_next(&scan, &token))
		;
	assert_true(scan.failed);
	json_start(&scan, (struct span){ text, JSON_DEPTH_MAX + 1 });
	assert_true(json_next(&scan, &token));
	json_skip(&scan, &token);
	assert_true(scan.failed);
}

#define assert_text(json, want)                                          \
	do {                                                             \
		struct json_scan text_scan;                              \
		struct json_token text_token;                            \
		json_start(&text_scan, SPAN(json));                      \
		assert_true(json_next(&text_scan, &text_token));         \
		assert_span(json_text(&text_token, &queue.arena), want); \
	} while (0)

static void test_text_escapes(void **state)
{
	assert_text("\"plain\"", "plain");
	assert_text("\"\"", "");
	assert_text("\"\\b\\f\\n\\r\\t\\\"\\\\\\/\"", "\b\f\n\r\t\"\\/");
	assert_text("\"a\\u0000b\\u0001\"", "a\0b\x01");
	assert_text("\"\\u00e9\\u4e2D\\ud83d\\udc96\"", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x92\x96");
	assert_text("12", "12");
}

/* A name that is not UTF-8 comes from Python as a lone low surrogate, and goes back to its byte. */
static void test_text_lone_surrogates(void **state)
{
	assert_text("\"x\\udcff\\udc80y\"", "x\xff\x80y");
	assert_text("\"\\udc7f\\udd00\"", "\xef\xbf\xbd\xef\xbf\xbd");
	assert_text("\"\\ud83d\"", "\xef\xbf\xbd");
	assert_text("\"\\ud83d\\u0041\"", "\xef\xbf\xbd"
					  "A");
	assert_text("\"\\ud83d\\ud83d\\udc96\"", "\xef\xbf\xbd\xf0\x9f\x92\x96");
}

static void test_text_unknown_escapes(void **state)
{
	assert_text("\"\\x41\\u12\\u12g4\\q\"", "\\x41\\u12\\u12g4\\q");
}

static void test_text_null(void **state)
{
	struct json_scan scan;
	struct json_token token;

	json_start(&scan, SPAN("null"));
	assert_true(json_next(&scan, &token));
	assert_null(json_text(&token, &queue.arena).data);
}

static void test_u64(void **state)
{
	struct json_scan scan;
	struct json_token token;
	uint64_t value = 7;
	size_t good = 0;

	json_start(&scan, SPAN("18446744073709551615 \"12\" -1 1.5 18446744073709551616 \"x\" true \"\""));
	while (json_next(&scan, &token))
		good += json_u64(&token, &value);
	assert_int_equal(good, 2);
	assert_int_equal(value, 12);
}

/* Costs that grow with the square of the length would take minutes here. */
static void test_scan_is_linear(void **state)
{
	static const char *const patterns[] = { "\\\\", "\\\"", "\\\\\\\"", "{\"", "\"\"", "[]," };
	size_t len = 8u << 20;
	char *text = malloc(len);
	struct json_scan scan;
	struct json_token token;

	for (size_t p = 0; p < sizeof(patterns) / sizeof(*patterns); p++) {
		size_t step = strlen(patterns[p]);
		text[0] = '[';
		text[1] = '"';
		for (size_t i = 2; i < len; i++)
			text[i] = patterns[p][(i - 2) % step];
		for (size_t start = 0; start < 2; start++) {
			json_start(&scan, (struct span){ text + start, len - start });
			while (json_next(&scan, &token))
				json_text(&token, &queue.arena);
			json_start(&scan, (struct span){ text + start, len - start });
			if (json_next(&scan, &token) && token.kind >= JSON_ARRAY)
				json_skip(&scan, &token);
			arena_reset(&queue.arena);
		}
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan_values),
		cmocka_unit_test(test_scan_sequences),
		cmocka_unit_test(test_scan_duplicate_keys),
		cmocka_unit_test(test_scan_skips),
		cmocka_unit_test(test_scan_skips_as_slowly),
		cmocka_unit_test(test_marks_twins),
		cmocka_unit_test(test_scan_tolerance),
		cmocka_unit_test(test_scan_damage),
		cmocka_unit_test(test_scan_depth),
		cmocka_unit_test_setup_teardown(test_text_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_lone_surrogates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_unknown_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_null, setup, teardown),
		cmocka_unit_test(test_u64),
		cmocka_unit_test_setup_teardown(test_scan_is_linear, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
