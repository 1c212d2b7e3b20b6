/* decode/decode.c and extent.c: lines, documents and streams, however they are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "decode/extent.h"
#include "decoded.h"

#define assert_span(actual, expected) assert_true(span_equal((actual), SPAN(expected)))

#define FRAME(...) ((struct frame){ .origin.file = "f", .trust = TRUST_KERNEL, __VA_ARGS__ })

/* Something of every dress that text has, with what is nobody's between. */
static const char mixed[] =
	"type=SYSCALL msg=audit(1700000000.001:1): arch=c000003e syscall=257 comm=\"cat\" key=(null)\n"
	"type=PATH msg=audit(1700000000.001:1): item=0 name=\"/etc/shadow\" ouid=0\035OUID=\"root\"\n"
	"node=web1 type=EOE msg=audit(1700000000.001:1): \n"
	"\n"
	"# a comment\n"
	"Nov 14 22:13:20 web1 sshd[812]: Accepted publickey for root\n"
	"Nov 14 22:13:20 web1 kernel: [ 1.0] audit: type=1302 audit(1700000000.002:2): item=0\n"
	"{\"a\": [1, 2, {\"b\": \"}\\\"{\"}], \"c\": null}\n"
	"{\n"
	"  \"a\": \"type=PATH msg=audit(1700000000.003:3): item=0\",\n"
	"  \"b\": [ {}, { \"c\": -1.5e3 } ]\n"
	"}\n"
	"[\n"
	"  {\"d\": 1},\n"
	"  {\n"
	"    \"d\": 2\n"
	"  }\n"
	"]\n"
	"type=CWD msg=audit(1700000000.004:4): cwd=\"/\" type=EOE msg=audit(1700000000.004:4): \n"
	"type=PATH msg=audit(broken): item=0\n"
	"some text\n"
	"type=USER_CMD msg=audit(1700000000.005:5): pid=1 msg='op=x res=success'UID=\"root\"\n"
	"__CURSOR=s=1\n"
	"MESSAGE\n"
	"\x0c\0\0\0\0\0\0\0type=\nabc\n{\n\n"
	"_PID=1\n"
	"\n"
	"[  270.853767] audit: type=1326 audit(1700000000.006:6): sig=0\n"
	"type=EOE msg=audit(1700000000.007:7): \n";

#define MIXED ((struct span){ mixed, sizeof(mixed) - 1 })

static void assert_same_records(const struct decoded *a, const struct decoded *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct record *x = &a->records[i], *y = &b->records[i];
		assert_int_equal(x->kind, y->kind);
		assert_int_equal(x->type, y->type);
		assert_int_equal(x->trust, y->trust);
		assert_int_equal(x->time_ms, y->time_ms);
		assert_int_equal(x->serial, y->serial);
		assert_true(span_equal(x->node, y->node));
		assert_true(span_equal(x->body, y->body));
		assert_true(span_equal(x->program, y->program));
		assert_true(span_equal(x->message, y->message));
	}
}

static void assert_same(const struct decoded *a, const struct decoded *b)
{
	assert_same_records(a, b);
	for (size_t i = 0; i < a->count; i++) {
		assert_true(span_equal(a->records[i].raw, b->records[i].raw));
		assert_int_equal(a->records[i].origin.offset, b->records[i].origin.offset);
	}
	assert_int_equal(a->summary.lines, b->summary.lines);
	assert_int_equal(a->summary.undecoded_lines, b->summary.undecoded_lines);
	assert_int_equal(a->summary.records, b->summary.records);
	assert_int_equal(a->summary.log_lines, b->summary.log_lines);
}

static void chunk_size_does_not_matter(void **state)
{
	struct decoded *whole = decode_stream(MIXED, 0, FRAME());

	size_t newlines = 0;
	for (size_t i = 0; i < MIXED.len; i++)
		newlines += MIXED.data[i] == '\n';
	assert_int_equal(whole->summary.lines, newlines);
	assert_true(whole->count >= 9);
	for (size_t chunk = 1; chunk < sizeof(mixed); chunk++) {
		struct decoded *parts = decode_stream(MIXED, chunk, FRAME());
		assert_same(whole, parts);
		decoded_destroy(parts);
	}
	decoded_destroy(whole);
}

/* A log cut anywhere into files that continue each other says what it said in one. */
static void cut_into_parts(void **state)
{
	struct decoded *whole = decode_stream(MIXED, 0, FRAME());

	for (size_t at = 1; at + 1 < sizeof(mixed); at++) {
		struct decoded *parts = decoded_create();
		decoded_feed(parts, FRAME(.bytes = span_first(MIXED, at), .starts = true));
		decoded_feed(parts, FRAME(.bytes = span_skip(MIXED, at), .starts = true, .continues = true));
		decoded_end(parts);
		assert_same_records(whole, parts);
		/* between two records that are glued together, the cut looks like a lost newline */
		bool glued = span_starts(span_skip(MIXED, at), SPAN("type=EOE msg=audit(1700000000.004:4)"));
		assert_int_equal(whole->summary.lines + glued, parts->summary.lines);
		assert_int_equal(whole->summary.undecoded_lines, parts->summary.undecoded_lines);
		decoded_destroy(parts);
	}
	decoded_destroy(whole);
}

/* Many parts, some of them shorter than a line. */
static void cut_into_many_parts(void **state)
{
	struct span text =
		SPAN("type=EOE msg=audit(1700000000.007:7): \ntype=CWD msg=audit(1700000000.008:8): cwd=\"/a\"\n");
	struct decoded *whole = decode_stream(text, 0, FRAME());

	for (size_t size = 1; size < 60; size++) {
		struct decoded *parts = decoded_create();
		for (size_t at = 0; at < text.len; at += size)
			decoded_feed(parts, FRAME(.bytes = span_first(span_skip(text, at), size), .starts = true,
						  .continues = at > 0));
		decoded_end(parts);
		assert_same_records(whole, parts);
		decoded_destroy(parts);
	}
	decoded_destroy(whole);
}

static void other_streams_do_not_join(void **state)
{
	struct decoded *decoded = decoded_create();

	decoded_feed(decoded,
		     FRAME(.bytes = SPAN("type=EOE msg=audit(1.1:1): \ntype=EOE msg=audit(1.1:2"), .starts = true));
	decoded_feed(decoded, FRAME(.bytes = SPAN("3): \ntype=EOE msg=audit(1.1:3): "), .starts = true));
	decoded_end(decoded);
	assert_int_equal(decoded->count, 2);
	assert_int_equal(decoded->records[1].serial, 3);
	assert_int_equal(decoded->summary.undecoded_lines, 2);
	assert_int_equal(decoded->summary.lines, 4);
	decoded_destroy(decoded);
}

static void an_unfinished_document_ends_with_its_stream(void **state)
{
	struct decoded *decoded = decoded_create();

	decoded_feed(decoded, FRAME(.bytes = SPAN("{\n\"a\":\n"), .starts = true));
	decoded_feed(decoded, FRAME(.bytes = SPAN("{\"x\": 1}\ntype=EOE msg=audit(1.1:3): \n"), .starts = true));
	decoded_end(decoded);
	assert_int_equal(decoded->records[decoded->count - 1].serial, 3);
	assert_string_equal(decoded->summary.undecoded[0].name, "json broken");
	decoded_destroy(decoded);
}

static void crlf(void **state)
{
	struct buffer text = { 0 };
	struct span plain =
		SPAN("type=SYSCALL msg=audit(1.1:1): arch=c000003e key=\"k\"\nNov 14 22:13:20 h sshd[1]: x\n"
		     "type=CWD msg=audit(1.1:1): cwd=\"/\"\n\n{\n\"a\": 1\n}\ntype=EOE msg=audit(1.1:1): \n");

	for (size_t i = 0; i < plain.len; i++) {
		if (plain.data[i] == '\n')
			buffer_add_byte(&text, '\r');
		buffer_add_byte(&text, plain.data[i]);
	}
	struct decoded *a = decode_text(plain), *b = decode_text(buffer_span(&text));
	assert_same_records(a, b);
	assert_int_equal(a->summary.lines, b->summary.lines);
	assert_int_equal(a->summary.undecoded_lines, b->summary.undecoded_lines);
	for (size_t i = 0; i < a->count; i++)
		assert_true(span_equal(a->records[i].raw, b->records[i].raw));
	decoded_destroy(a);
	decoded_destroy(b);
	buffer_finish(&text);
}

/* What looks like the start of a document must not swallow the log behind it. */
static void stray_openings(void **state)
{
	static const char *const openings[] = {
		"{",
		"{ \"a\": ",
		"{ \"a\": \"open",
		"{{{{",
		"{ \"a\" \"b\" }",
		"[{",
		"{ \"a\": [ { ",
		"{\n{\n{\n",
		"{ text here",
		"{\"a\":1,",
		"{\"a\":1}}}}",
		"[ { \"a\": tru,",
		"{\0",
		"__CURSOR=x",
		"{\n  \"a\": \"b\",",
		"{\n\"",
		"{\n,\n",
		"__CURSOR=x\nlower=1",
	};

	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++) {
		char text[256];
		int len = snprintf(text, sizeof(text), "%s\ntype=EOE msg=audit(1.1:7): \ntype=EOE msg=audit(1.1:8): \n",
				   openings[i]);
		struct decoded *decoded = decode_text((struct span){ text, (size_t)len });
		assert_true(decoded->count >= 2);
		assert_int_equal(decoded->records[decoded->count - 2].serial, 7);
		assert_int_equal(decoded->records[decoded->count - 1].serial, 8);
		assert_true(decoded->summary.undecoded_lines > 0);
		decoded_destroy(decoded);
	}
}

static const struct summary_kind *kind_of(const char *text, size_t len, struct decoded **decoded)
{
	*decoded = decode_text((struct span){ text, len });
	assert_int_equal((*decoded)->count, 0);
	assert_int_equal((*decoded)->summary.undecoded_lines, 1);
	assert_int_equal((*decoded)->summary.undecoded[0].count, 1);
	return &(*decoded)->summary.undecoded[0];
}

static void undecoded_kinds(void **state)
{
	struct decoded *decoded;

	assert_string_equal(kind_of("type=PATH msg=audit(): x\n", 25, &decoded)->name, "audit header broken");
	decoded_destroy(decoded);
	assert_string_equal(kind_of("hello world\n", 12, &decoded)->name, "unknown text");
	assert_int_equal(decoded->summary.undecoded[0].sample_len, 11);
	decoded_destroy(decoded);
	assert_string_equal(kind_of("\x7f"
				    "ELF\2\1\1\0\0\0\0\n",
				    12, &decoded)
				    ->name,
			    "binary");
	decoded_destroy(decoded);
	decoded = decode_text(SPAN("\n\n# x\n----\n---\n  \n\t\n[\n]\n],\n\r\n"));
	assert_int_equal(decoded->summary.lines, 11);
	assert_int_equal(decoded->summary.undecoded_lines, 0);
	decoded_destroy(decoded);
	decoded = decode_text(SPAN(""));
	assert_int_equal(decoded->summary.lines, 0);
	decoded_destroy(decoded);
}

static void byte_order_mark(void **state)
{
	struct decoded *decoded = decode_text(SPAN("\xef\xbb\xbftype=EOE msg=audit(1.1:7): \n"));

	assert_int_equal(decoded->count, 1);
	assert_span(decoded->records[0].raw, "type=EOE msg=audit(1.1:7): ");
	assert_int_equal(decoded->records[0].origin.offset, 3);
	decoded_destroy(decoded);
}

static void what_a_record_says_of_its_place(void **state)
{
	struct decoded *decoded =
		decode_stream(SPAN("\ntype=EOE msg=audit(1.1:7): \n\nNov 14 22:13:20 h a: b\n"), 0,
			      FRAME(.origin.offset = 1000, .host = "web1", .modified_ms = 1700000000000));

	assert_int_equal(decoded->records[0].origin.offset, 1001);
	assert_string_equal(decoded->records[0].origin.file, "f");
	assert_span(decoded->records[0].node, "web1");
	assert_int_equal(decoded->records[1].origin.offset, 1030);
	assert_span(decoded->records[1].node, "h");
	decoded_destroy(decoded);
}

static void long_lines(void **state)
{
	struct buffer text = { 0 };

	buffer_text(&text, "type=PROCTITLE msg=audit(1.1:7): proctitle=");
	for (size_t i = 0; i < 10 << 20; i++)
		buffer_add_byte(&text, 'A');
	struct span cut = buffer_span(&text);
	struct decoded *decoded = decoded_create();
	decoded_feed(decoded, FRAME(.bytes = cut, .starts = true, .cut = true));
	decoded_feed(decoded, FRAME(.bytes = SPAN("type=EOE msg=audit(1.1:7): \n")));
	decoded_end(decoded);
	assert_int_equal(decoded->count, 2);
	assert_int_equal(decoded->records[0].body.len, (10 << 20) + 10);
	assert_int_equal(decoded->summary.lines, 2);
	decoded_destroy(decoded);
	text.data[0] = '{';
	text.data[1] = '"';
	decoded = decode_text(buffer_span(&text));
	assert_int_equal(decoded->count, 0);
	assert_string_equal(decoded->summary.undecoded[0].name, "json broken");
	decoded_destroy(decoded);
	buffer_finish(&text);
}

static void forced_formats(void **state)
{
	struct span text = SPAN("type=EOE msg=audit(1.1:7): \nNov 14 22:13:20 h a: b\n");
	struct decoded *decoded = decode_stream(text, 0, FRAME(.format = FORMAT_JSON));

	assert_int_equal(decoded->count, 0);
	assert_int_equal(decoded->summary.undecoded_lines, 2);
	decoded_destroy(decoded);
	decoded = decode_stream(text, 0, FRAME(.format = FORMAT_AUDIT));
	assert_int_equal(decoded->count, 2);
	decoded_destroy(decoded);
	decoded = decode_stream(text, 0, FRAME(.format = FORMAT_SYSLOG));
	assert_int_equal(decoded->count, 2);
	decoded_destroy(decoded);
	decoded = decode_stream(SPAN("{\"a\": 1}\n"), 0, FRAME(.format = FORMAT_AUDIT));
	assert_int_equal(decoded->count, 0);
	assert_string_equal(decoded->summary.undecoded[0].name, "unknown text");
	decoded_destroy(decoded);
}

static void use_after_the_end(void **state)
{
	struct decoded *decoded = decode_text(SPAN("type=EOE msg=audit(1.1:7): "));
	struct record record;

	assert_int_equal(decoded->count, 1);
	assert_false(decoder_next(decoded->decoder, &record));
	decoded_end(decoded);
	assert_int_equal(decoded->count, 1);
	decoded_feed(decoded, FRAME(.bytes = SPAN("type=EOE msg=audit(1.1:8): \n"), .starts = true));
	assert_int_equal(decoded->count, 2);
	decoded_destroy(decoded);
	decoder_destroy(NULL);
}

/* Random cuts and flipped bytes: nothing but the memory checker and the counts can complain. */
static void random_damage(void **state)
{
	char bytes[sizeof(mixed) - 1];

	srand(4);
	for (int round = 0; round < 3000; round++) {
		struct decoded *decoded = decoded_create();
		size_t at = 0;
		memcpy(bytes, mixed, sizeof(bytes));
		for (int i = 0; i < 6; i++)
			bytes[(size_t)rand() % sizeof(bytes)] = "\n\"{}[]() =\0'#:,1"[rand() % 16];
		while (at < sizeof(bytes)) {
			struct span rest = { bytes + at, sizeof(bytes) - at };
			size_t newline = span_index(rest, '\n') + 1;
			size_t len = rand() % 3 ? newline : 1 + (size_t)rand() % 200;
			len = len < rest.len ? len : rest.len;
			decoded_feed(decoded, FRAME(.bytes = span_first(rest, len),
						    .starts = rest.data[len - 1] != '\n', .continues = rand() % 2));
			at += len;
		}
		decoded_end(decoded);
		assert_true(decoded->summary.undecoded_lines <= decoded->summary.lines + 8);
		decoded_destroy(decoded);
	}
}

static void json_ends(const char *text, enum extent_result expected, size_t expected_used)
{
	struct json_extent whole = { 0 }, parts = { 0 };
	struct span rest = span_of(text);
	enum extent_result result = EXTENT_MORE;
	size_t used, total = 0;

	assert_int_equal(json_extent(&whole, rest, &used), expected);
	assert_int_equal(used, expected_used);
	while (rest.len && result == EXTENT_MORE) { /* a byte at a time */
		result = json_extent(&parts, span_first(rest, 1), &used);
		total += used;
		rest = span_skip(rest, 1);
	}
	assert_int_equal(result, expected);
	assert_int_equal(total, expected_used);
}

static void json_extents(void **state)
{
	json_ends("{}", EXTENT_DONE, 2);
	json_ends("{ } x", EXTENT_DONE, 3);
	json_ends("{\"a\":1,\"b\":[1,[],{}],\"c\":{\"d\":null}}\n", EXTENT_DONE, 36);
	json_ends("{\"}\\\"{\": \"]\\\\\"}", EXTENT_DONE, 15);
	json_ends("{\"a\": ", EXTENT_MORE, 6);
	json_ends("{\"a\\", EXTENT_MORE, 4);
	json_ends("", EXTENT_MORE, 0);
	json_ends("[]", EXTENT_BROKEN, 0);
	json_ends("{a", EXTENT_BROKEN, 1);
	json_ends("{\"a\"}", EXTENT_BROKEN, 4);
	json_ends("{\"a\":}", EXTENT_BROKEN, 5);
	json_ends("{\"a\":1,}", EXTENT_BROKEN, 7);
	json_ends("{,", EXTENT_BROKEN, 1);
	json_ends("{\"a\":1 2}", EXTENT_BROKEN, 7);
	json_ends("{\"a\":[1}", EXTENT_BROKEN, 7);
	json_ends("{\"a\":[1,]", EXTENT_BROKEN, 8);
	json_ends("{\"a\":[}", EXTENT_BROKEN, 6);
	json_ends("{\"a\n", EXTENT_BROKEN, 3);
	json_ends("{\"a\":\n{", EXTENT_BROKEN, 6);
	json_ends("{\"a\":\n {}}", EXTENT_DONE, 10);
}

static void json_depth(void **state)
{
	struct buffer text = { 0 };
	struct json_extent extent = { 0 };
	size_t used;

	buffer_text(&text, "{\"a\":");
	for (int i = 0; i < 2 * EXTENT_DEPTH_MAX; i++)
		buffer_add_byte(&text, '[');
	assert_int_equal(json_extent(&extent, buffer_span(&text), &used), EXTENT_BROKEN);
	buffer_finish(&text);
}

static void export_extents(void **state)
{
	static const char entry[] = "__CURSOR=x\nMESSAGE\n\5\0\0\0\0\0\0\0a\n\nbc\nEMPTY=\n\nrest";
	struct export_extent extent = { 0 };
	size_t used;

	assert_int_equal(export_extent(&extent, (struct span){ entry, sizeof(entry) - 1 }, &used), EXTENT_DONE);
	assert_int_equal(used, sizeof(entry) - 5);
	extent = (struct export_extent){ 0 };
	for (size_t i = 0; i + 5 < sizeof(entry); i++)
		assert_int_equal(export_extent(&extent, (struct span){ entry + i, 1 }, &used),
				 i + 6 < sizeof(entry) ? EXTENT_MORE : EXTENT_DONE);
	extent = (struct export_extent){ 0 };
	assert_int_equal(export_extent(&extent, SPAN("__CURSOR=x\nlower=1\n"), &used), EXTENT_BROKEN);
	extent = (struct export_extent){ 0 };
	assert_int_equal(export_extent(&extent, SPAN("BINARY\n\xff\xff\xff\xff\xff\xff\xff\xff"), &used),
			 EXTENT_BROKEN);
	extent = (struct export_extent){ 0 };
	assert_int_equal(export_extent(&extent, SPAN("A=1\r\n\r\n"), &used), EXTENT_DONE);
}

static void csv_extents(void **state)
{
	struct csv_extent extent = { 0 };
	size_t used;

	assert_int_equal(csv_extent(&extent, SPAN("a,\"b\nc\"\"\n\",d\ne"), &used), EXTENT_DONE);
	assert_int_equal(used, 13);
	extent = (struct csv_extent){ 0 };
	assert_int_equal(csv_extent(&extent, SPAN("a,\"b\n"), &used), EXTENT_MORE);
	assert_int_equal(csv_extent(&extent, SPAN("c\"\n"), &used), EXTENT_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunk_size_does_not_matter),
		cmocka_unit_test(cut_into_parts),
		cmocka_unit_test(cut_into_many_parts),
		cmocka_unit_test(other_streams_do_not_join),
		cmocka_unit_test(an_unfinished_document_ends_with_its_stream),
		cmocka_unit_test(crlf),
		cmocka_unit_test(stray_openings),
		cmocka_unit_test(undecoded_kinds),
		cmocka_unit_test(byte_order_mark),
		cmocka_unit_test(what_a_record_says_of_its_place),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(forced_formats),
		cmocka_unit_test(use_after_the_end),
		cmocka_unit_test(random_damage),
		cmocka_unit_test(json_extents),
		cmocka_unit_test(json_depth),
		cmocka_unit_test(export_extents),
		cmocka_unit_test(csv_extents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
