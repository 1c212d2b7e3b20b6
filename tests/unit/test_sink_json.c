/* json: names, their order and their values are what docs/schema/ and later tools rely on. */
#include "schema_check.h"
#include "sink_samples.h"

#include <locale.h>
#include <wchar.h>

static const struct sink_options plain = { 0 }, with_raw = { .raw = true };

static void test_json_whole_line(void **state)
{
	static const char expected[] =
		"{\"time\":\"2026-11-23T22:56:01.786Z\",\"host\":\"web-01\",\"id\":\"9a0c11e2d3f4a5b6\","
		"\"risk\":\"HighRisk\",\"score\":95,\"severity\":9,"
		"\"reasons\":[\"maps then mem of one target\",\"the target holds "
		"credentials\"],\"rule\":\"memory-read\","
		"\"rule_id\":\"0d2c\",\"rule_title\":\"Memory read\",\"threat\":null,"
		"\"verb\":\"open\",\"entry\":\"mem\",\"path\":\"mem\",\"resolved_path\":\"/proc/812/mem\","
		"\"resolved_by\":\"dirfd\",\"certain\":true,\"syscall\":\"openat\",\"outcome\":\"success\",\"count\":3,"
		"\"first\":\"2026-11-23T22:56:01.786Z\",\"last\":\"2026-11-23T22:56:02.001Z\","
		"\"actor\":{\"pid\":4312,\"ppid\":4000,\"auid\":1000,\"uid\":0,\"euid\":0,\"comm\":\"python3\","
		"\"exe\":\"/usr/bin/python3.11\",\"script\":\"/home/u/dump_heap.py\","
		"\"cmdline\":\"python3 /home/u/dump_heap.py 812 out\",\"cwd\":\"/home/u\",\"tty\":\"pts0\","
		"\"ses\":4294967295},"
		"\"parent\":{\"pid\":4000,\"exe\":\"/usr/bin/bash\",\"cmdline\":null},"
		"\"target\":{\"pid\":812,\"comm\":\"sshd\",\"exe\":\"/usr/sbin/sshd\",\"uid\":0},"
		"\"credentials\":true,\"self\":false,\"suppressed\":null,\"attack\":{\"tactic\":\"TA0006\","
		"\"technique\":\"T1003.007\"},"
		"\"origin\":{\"file\":\"/var/log/audit/audit.log\",\"member\":null,\"offset\":4711,\"serial\":812},"
		"\"raw\":[\"type=SYSCALL msg=audit(1795474561.786:812): arch=c000003e syscall=257\","
		"\"type=CWD msg=audit(1795474561.786:812): cwd=\\\"/root\\\"\"],"
		"\"trust\":\"kernel\",\"write\":false,\"path_only\":false,\"incomplete\":false,\"request\":null,"
		"\"message\":null}\n";
	struct finding finding = sample_finding();
	struct capture capture = capture_sink("json", &with_raw, &finding, 1);

	assert_string_equal(capture.text, expected);
	capture_free(&capture);
}

static void test_json_unknown_is_null(void **state)
{
	static const char expected[] =
		"{\"time\":null,\"host\":null,\"id\":null,\"risk\":null,\"score\":0,\"severity\":null,\"reasons\":[],"
		"\"rule\":null,\"rule_id\":null,\"rule_title\":null,\"threat\":null,\"verb\":\"open\",\"entry\":null,"
		"\"path\":null,\"resolved_path\":null,"
		"\"resolved_by\":\"none\",\"certain\":false,\"syscall\":null,\"outcome\":\"success\",\"count\":1,"
		"\"first\":null,\"last\":null,"
		"\"actor\":{\"pid\":null,\"ppid\":null,\"auid\":null,\"uid\":null,\"euid\":null,\"comm\":null,"
		"\"exe\":null,\"script\":null,\"cmdline\":null,\"cwd\":null,\"tty\":null,\"ses\":null},"
		"\"parent\":{\"pid\":null,\"exe\":null,\"cmdline\":null},"
		"\"target\":{\"pid\":null,\"comm\":null,\"exe\":null,\"uid\":null},\"credentials\":false,\"self\":"
		"false,\"suppressed\":null,"
		"\"attack\":null,\"origin\":{\"file\":null,\"member\":null,\"offset\":0,\"serial\":null},"
		"\"trust\":\"user\",\"write\":false,\"path_only\":false,\"incomplete\":false,\"request\":null,"
		"\"message\":null}\n";
	struct finding finding = sample_unknown();
	struct capture capture = capture_sink("json", &plain, &finding, 1);

	assert_string_equal(capture.text, expected);
	capture_free(&capture);
}

static void test_json_nothing_found_is_nothing(void **state)
{
	struct capture capture = capture_sink("json", &plain, NULL, 0);

	assert_int_equal(capture.len, 0);
	capture_free(&capture);
}

static void test_json_suppressed(void **state)
{
	struct finding finding = sample_finding();

	finding.suppressed_by = SPAN("needrestart");
	finding.suppressed_why = SPAN("root's script reads every map");
	finding.access.outcome = -EACCES;
	struct capture capture = capture_sink("json", &plain, &finding, 1);
	assert_non_null(strstr(capture.text,
			       "\"suppressed\":{\"by\":\"needrestart\",\"why\":\"root's script reads every map\"}"));
	assert_non_null(strstr(capture.text, "\"outcome\":\"EACCES\""));
	capture_free(&capture);
}

static void test_json_access_counts_itself(void **state)
{
	struct capture capture = capture_begin();
	struct sink *sink = sink_create("json", capture.output, &plain, NULL);
	struct finding finding = sample_finding();

	assert_int_equal(sink_access(sink, &finding, NULL), 0);
	assert_int_equal(sink_end(sink, NULL), 0);
	sink_destroy(sink);
	capture_end(&capture);
	assert_non_null(
		strstr(capture.text,
		       "\"count\":1,\"first\":\"2026-11-23T22:56:01.786Z\",\"last\":\"2026-11-23T22:56:01.786Z\""));
	json_object *schema = schema_load("access.schema.json"), *line = json_tokener_parse(capture.text);
	schema_check(schema, line, "access");
	json_object_put(line);
	json_object_put(schema);
	capture_free(&capture);
}

/* What json-c makes of a text of ours: every byte that is not UTF-8 as U+FFFD. */
static void as_json_c(struct span text, struct buffer *to)
{
	mbstate_t shift = { 0 };

	while (text.len) {
		wchar_t point = 0;
		size_t n = mbrtowc(&point, text.data, text.len, &shift);
		if (n == 0)
			n = 1; /* NUL */
		if (n > text.len || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
			memset(&shift, 0, sizeof(shift));
			buffer_text(to, "\xef\xbf\xbd");
			n = 1;
		} else {
			buffer_add(to, span_first(text, n));
		}
		text = span_skip(text, n);
	}
}

static void assert_text(json_object *object, const char *name, struct span text)
{
	json_object *value;
	struct buffer expected = { 0 };

	assert_true(json_object_object_get_ex(object, name, &value));
	if (!text.data) {
		assert_null(value);
		return;
	}
	as_json_c(text, &expected);
	assert_int_equal(json_object_get_string_len(value), expected.len);
	assert_memory_equal(json_object_get_string(value), expected.len ? expected.data : "", expected.len);
	buffer_finish(&expected);
}

static void assert_line(json_object *line, const struct finding *finding)
{
	const struct access *access = &finding->access;
	json_object *actor = json_object_object_get(line, "actor"), *target = json_object_object_get(line, "target");

	assert_text(line, "host", access->host);
	assert_text(line, "path", access->path);
	assert_text(line, "message", access->message);
	assert_text(actor, "exe", access->actor.exe);
	assert_text(actor, "cmdline", access->actor.cmdline);
	assert_text(actor, "tty", access->actor.tty);
	assert_text(target, "comm", access->target.comm);
	assert_int_equal(json_object_get_uint64(json_object_object_get(line, "count")), finding->count);
	assert_int_equal(json_object_array_length(json_object_object_get(line, "reasons")), finding->reason_count);
}

static void test_json_hostile_round_trip(void **state)
{
	enum { MAX = 300, ROUNDS = 500 };
	static char rooms[ROUNDS][SAMPLE_TEXTS * MAX];
	static struct finding findings[ROUNDS];
	json_object *schema = schema_load("finding.schema.json");
	uint64_t seed = 3;

	for (int i = 0; i < ROUNDS; i++)
		findings[i] = sample_hostile_finding(&seed, rooms[i], MAX);
	struct capture capture = capture_sink("json", &with_raw, findings, ROUNDS);
	struct span rest = { capture.text, capture.len };
	for (int i = 0; i < ROUNDS; i++) {
		struct span one = span_first(rest, span_index(rest, '\n'));
		assert_true(one.len < rest.len);
		rest = span_skip(rest, one.len + 1);
		json_tokener *tokener = json_tokener_new();
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
		json_object *line = json_tokener_parse_ex(tokener, one.data, (int)one.len);
		assert_non_null(line);
		schema_check(schema, line, "finding");
		assert_line(line, &findings[i]);
		json_object_put(line);
		json_tokener_free(tokener);
	}
	assert_int_equal(rest.len, 0);
	capture_free(&capture);
	json_object_put(schema);
}

static void test_json_ten_megabytes(void **state)
{
	size_t len = 10 << 20;
	char *text = malloc(len);
	struct finding finding = sample_finding();

	for (size_t i = 0; i < len; i++)
		text[i] = (char)(i * 31);
	finding.access.actor.cmdline = (struct span){ text, len };
	struct capture capture = capture_sink("json", &plain, &finding, 1);
	json_object *line = json_tokener_parse(capture.text);
	assert_non_null(line);
	assert_line(line, &finding);
	json_object_put(line);
	capture_free(&capture);
	free(text);
}

/* All that a live sensor can tell. */
static struct finding live_finding(bool update)
{
	struct finding finding = sample_finding();

	finding.access.seen_by = SEEN_BY_AUDIT | SEEN_BY_BPF;
	finding.access.actor.container = finding.access.target.container = SPAN("4f0c");
	finding.access.target.start_ms = 1795474000000;
	finding.update = update;
	return finding;
}

static void assert_order(json_object *schema, json_object *line)
{
	struct json_object_iterator at = json_object_iter_begin(line), end = json_object_iter_end(line);

	json_object_object_foreach(json_object_object_get(schema, "properties"), name, rule)
	{
		assert_non_null(rule);
		assert_false(json_object_iter_equal(&at, &end));
		assert_string_equal(json_object_iter_peek_name(&at), name);
		json_object_iter_next(&at);
	}
	assert_true(json_object_iter_equal(&at, &end));
}

/* The two schemas name the same properties in the order in which they are printed. */
static void test_json_order_is_the_schemas(void **state)
{
	static const char *const files[] = { "finding.schema.json", "access.schema.json" };

	for (int i = 0; i < 2; i++) {
		struct finding finding = live_finding(i == 0);
		finding.count = 1;
		if (i == 0) /* an access is part of none */
			memcpy(finding.incident, "0123456789abcdef", sizeof(finding.incident));
		struct capture capture = capture_sink("json", &with_raw, &finding, 1);
		json_object *line = json_tokener_parse(capture.text);
		json_object *schema = schema_load(files[i]);
		schema_check(schema, line, files[i]);
		assert_order(schema, line);
		json_object_put(schema);
		json_object_put(line);
		capture_free(&capture);
	}
}

static void test_json_live(void **state)
{
	struct finding finding = live_finding(true);
	struct capture capture = capture_sink("json", &plain, &finding, 1);

	assert_non_null(strstr(capture.text, "\"sensors\":[\"audit\",\"bpf\"],\"update\":true}\n"));
	assert_non_null(
		strstr(capture.text, "\"uid\":0,\"start\":\"2026-11-23T22:46:40.000Z\",\"container\":\"4f0c\"}"));
	capture_free(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_whole_line),
		cmocka_unit_test(test_json_unknown_is_null),
		cmocka_unit_test(test_json_live),
		cmocka_unit_test(test_json_nothing_found_is_nothing),
		cmocka_unit_test(test_json_suppressed),
		cmocka_unit_test(test_json_access_counts_itself),
		cmocka_unit_test(test_json_hostile_round_trip),
		cmocka_unit_test(test_json_ten_megabytes),
		cmocka_unit_test(test_json_order_is_the_schemas),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
