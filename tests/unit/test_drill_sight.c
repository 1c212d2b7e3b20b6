/* sight: lines of a watch, as much as a drill asks of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "drill/sight.h"

static struct sight parse(const char *line)
{
	struct sight sight;

	sight_parse(&sight, span_of(line));
	return sight;
}

static void test_sight_access(void **state)
{
	struct sight sight =
		parse("{\"time\":\"2026-11-23T22:56:01.786Z\",\"risk\":\"HighRisk\",\"rule\":\"memory-open\","
		      "\"verb\":\"open\",\"entry\":\"mem\",\"outcome\":\"success\",\"actor\":{\"pid\":12,"
		      "\"ppid\":11,\"x\":{\"pid\":9}},\"target\":{\"pid\":13,\"comm\":\"sshd\"},"
		      "\"self\":false,\"suppressed\":null,\"sensors\":[\"audit\"]}");

	assert_int_equal(sight.kind, SIGHT_ACCESS);
	assert_int_equal(sight.time_ms, 1795474561786);
	assert_int_equal(sight.risk, RISK_HIGH);
	assert_int_equal(sight.verb, VERB_OPEN);
	assert_int_equal(sight.entry, ENTRY_MEM);
	assert_int_equal(sight.actor, 12);
	assert_int_equal(sight.parent, 11);
	assert_int_equal(sight.target, 13);
	assert_false(sight.self || sight.suppressed || sight.failed || sight.crash);
}

static void test_sight_refused_and_suppressed(void **state)
{
	struct sight sight = parse("{\"verb\":\"ptrace\",\"entry\":null,\"outcome\":\"EPERM\",\"self\":true,"
				   "\"risk\":null,\"suppressed\":{\"by\":\"ps\"},\"actor\":{\"pid\":null}}");

	assert_int_equal(sight.kind, SIGHT_ACCESS);
	assert_int_equal(sight.verb, VERB_PTRACE);
	assert_int_equal(sight.entry, ENTRY_NONE);
	assert_int_equal(sight.risk, RISK_NONE);
	assert_true(sight.failed && sight.self && sight.suppressed);
	assert_true(sight.actor == UNKNOWN_ID && sight.target == UNKNOWN_ID && sight.time_ms == TIME_UNKNOWN);
}

static void test_sight_crash(void **state)
{
	struct sight sight = parse("{\"rule\":\"holder-crash\",\"verb\":\"log\",\"target\":{\"pid\":5}}");

	assert_true(sight.crash);
	assert_int_equal(sight.target, 5);
}

static void test_sight_status(void **state)
{
	struct sight sight =
		parse("{\"type\":\"status\",\"why\":\"started\",\"lost\":0,\"sensors\":[{\"name\":\"audit\","
		      "\"counts\":{\"name\":\"no\"}},{\"name\":\"bpf\"}]}");

	assert_int_equal(sight.kind, SIGHT_STARTED);
	assert_string_equal(sight.sensors, "audit,bpf");
	sight = parse("{\"type\":\"status\",\"why\":\"gap\",\"lost\":17}");
	assert_int_equal(sight.kind, SIGHT_STATUS);
	assert_int_equal(sight.lost, 17);
}

static void test_sight_bad(void **state)
{
	static const char *const bad[] = {
		"", "x", "[]", "{", "{\"verb\":\"open\"", "{\"why\":\"started\"}", "{\"time\":\"yesterday\"}"
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(bad[i]).kind, SIGHT_BAD);
}

/* Names beyond the room are left out whole. */
static void test_sight_many_sensors(void **state)
{
	struct sight sight =
		parse("{\"type\":\"status\",\"why\":\"started\",\"sensors\":[{\"name\":"
		      "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"},{\"name\":\"bpf\"}]}");

	assert_int_equal(strlen(sight.sensors), 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sight_access), cmocka_unit_test(test_sight_refused_and_suppressed),
		cmocka_unit_test(test_sight_crash),  cmocka_unit_test(test_sight_status),
		cmocka_unit_test(test_sight_bad),    cmocka_unit_test(test_sight_many_sensors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
