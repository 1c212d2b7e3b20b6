/* trial: which lines belong to a variant, what is said of the sensor, and how it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "drill/report.h"

#define ACTOR 100
#define DECOY 200
#define AUDIT (1u << DRILL_AUDIT)

static const struct variant *find(const char *name)
{
	for (size_t i = 0; i < variant_count(); i++)
		if (strcmp(variant_at(i)->name, name) == 0)
			return variant_at(i);
	fail_msg("no variant %s", name);
	return NULL;
}

static struct trial trial_of(const char *name)
{
	struct trial trial;

	trial_init(&trial, find(name), AUDIT);
	trial_add_actor(&trial, ACTOR);
	trial.target = DECOY;
	trial.target_tid = DECOY + 1;
	trial.began_ns = 1000;
	trial.done = true;
	return trial;
}

static struct sight sight_of(uint64_t actor, enum entry entry, uint64_t target)
{
	return (struct sight){ .kind = SIGHT_ACCESS,
			       .time_ms = TIME_UNKNOWN,
			       .arrived_ns = 5000000,
			       .verb = VERB_OPEN,
			       .entry = entry,
			       .risk = RISK_HIGH,
			       .actor = actor,
			       .parent = UNKNOWN_ID,
			       .target = target };
}

static enum result result_of(const char *name, struct sight sight)
{
	struct trial trial = trial_of(name);

	trials_take(&trial, 1, &sight, 1);
	return trial_result(&trial);
}

static void test_trial_seen(void **state)
{
	struct trial trial = trial_of("entry-mem");
	struct sight sight = sight_of(ACTOR, ENTRY_MEM, DECOY);

	trial.moment_ns = 2000000;
	trials_take(&trial, 1, &sight, 1);
	assert_int_equal(trial_result(&trial), RESULT_SEEN);
	assert_int_equal(trial.risk, RISK_HIGH);
	assert_int_equal(trial.latency_us, 3000);
	assert_string_equal(trial_why(&trial), "");
}

static void test_trial_target(void **state)
{
	assert_int_equal(result_of("entry-mem", sight_of(ACTOR, ENTRY_MEM, DECOY + 1)), RESULT_SEEN);
	assert_int_equal(result_of("entry-mem", sight_of(ACTOR, ENTRY_MEM, UNKNOWN_ID)), RESULT_SEEN);
	assert_int_equal(result_of("entry-mem", sight_of(ACTOR, ENTRY_MEM, 1)), RESULT_MISSED);
}

static void test_trial_missed(void **state)
{
	struct sight other_verb = sight_of(ACTOR, ENTRY_MEM, DECOY), self = other_verb, early = other_verb;

	other_verb.verb = VERB_PTRACE;
	self.self = true;
	early.arrived_ns = 999;
	assert_int_equal(result_of("entry-mem", sight_of(ACTOR, ENTRY_MAPS, DECOY)), RESULT_MISSED);
	assert_int_equal(result_of("entry-mem", sight_of(ACTOR + 1, ENTRY_MEM, DECOY)), RESULT_MISSED);
	assert_int_equal(result_of("entry-mem", other_verb), RESULT_MISSED);
	assert_int_equal(result_of("entry-mem", self), RESULT_MISSED);
	assert_int_equal(result_of("entry-mem", early), RESULT_MISSED);
}

/* A program that a program of ours started: known by its parent, and from then on by itself. */
static void test_trial_grandchild(void **state)
{
	struct trial trial = trial_of("entry-mem");
	struct sight sights[] = { sight_of(300, ENTRY_MAPS, DECOY), sight_of(300, ENTRY_MEM, DECOY) };

	trials_take(&trial, 1, sights + 1, 1);
	assert_int_equal(trial_result(&trial), RESULT_MISSED);
	sights[0].parent = ACTOR;
	trials_take(&trial, 1, sights, 2);
	assert_int_equal(trial_result(&trial), RESULT_SEEN);
}

/* A number that was used twice is the later one's, once that has begun. */
static void test_trial_reused_pid(void **state)
{
	struct trial trials[] = { trial_of("entry-mem"), trial_of("slashes") };
	struct sight sight = sight_of(ACTOR, ENTRY_MEM, DECOY);

	trials[1].began_ns = 6000000;
	trials_take(trials, 2, &sight, 1);
	assert_true(trials[0].seen && !trials[1].seen);
	sight.arrived_ns = 7000000;
	trials[0].seen = false;
	trials_take(trials, 2, &sight, 1);
	assert_true(!trials[0].seen && trials[1].seen);
}

static void test_trial_expected_miss(void **state)
{
	struct sight none = sight_of(1, ENTRY_MEM, 1);

	assert_int_equal(result_of("second-procfs", none), RESULT_EXPECTED_MISS);
	assert_int_equal(result_of("second-procfs", sight_of(ACTOR, ENTRY_MEM, DECOY)), RESULT_SEEN);
	struct trial trial = trial_of("second-procfs");
	assert_true(strlen(trial_why(&trial)) > 0);
}

static void test_trial_benign(void **state)
{
	struct sight sight = sight_of(ACTOR, ENTRY_MAPS, DECOY), suppressed = sight, self = sight, untiered = sight;

	suppressed.suppressed = true;
	self.self = true;
	untiered.risk = RISK_NONE;
	assert_int_equal(result_of("lsof", sight), RESULT_RAISED);
	assert_int_equal(result_of("lsof", suppressed), RESULT_QUIET);
	assert_int_equal(result_of("lsof", self), RESULT_QUIET);
	assert_int_equal(result_of("lsof", untiered), RESULT_QUIET);
}

static void test_trial_not_run(void **state)
{
	struct trial trial = trial_of("gdb");

	trial.done = false;
	snprintf(trial.failure, sizeof(trial.failure), "the program is not installed");
	assert_int_equal(trial_result(&trial), RESULT_NOT_RUN);
	assert_string_equal(trial_why(&trial), "the program is not installed");
}

static void test_trial_signs(void **state)
{
	struct sight tool = sight_of(ACTOR, ENTRY_NONE, UNKNOWN_ID), crash = tool;

	tool.verb = VERB_EXEC;
	assert_int_equal(result_of("tool-name", tool), RESULT_MISSED);
	tool.risk = RISK_KNOWN_TOOL;
	assert_int_equal(result_of("tool-name", tool), RESULT_SEEN);
	crash.actor = UNKNOWN_ID;
	crash.crash = true;
	crash.target = ACTOR;
	assert_int_equal(result_of("crash line of the target", crash), RESULT_SEEN);
	crash.target = ACTOR + 1;
	assert_int_equal(result_of("crash line of the target", crash), RESULT_MISSED);
}

/* What the issue of a drill is for: enough of them, each with a name of its own and a reason where it is missed. */
static void test_variants_table(void **state)
{
	size_t seen[DRILL_SENSORS] = { 0 };

	for (size_t i = 0; i < variant_count(); i++) {
		const struct variant *variant = variant_at(i);

		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(variant->name, variant_at(other)->name);
		for (int sensor = 0; sensor < DRILL_SENSORS; sensor++) {
			struct expectation expected = variant_expectation(variant, 1u << sensor);
			seen[sensor] += expected.expect == EXPECT_SEEN && !variant->test;
			if (expected.expect == EXPECT_MISS || expected.expect == EXPECT_NONE)
				assert_int_not_equal(expected.reason, REASON_NONE);
		}
	}
	for (int sensor = 0; sensor < DRILL_SENSORS; sensor++)
		assert_true(seen[sensor] >= 60);
}

static void test_variants_of_several_sensors(void **state)
{
	const struct variant *procfs = find("second-procfs"), *call = find("vm-readv");

	assert_int_equal(variant_expectation(procfs, AUDIT).expect, EXPECT_MISS);
	assert_int_equal(variant_expectation(procfs, AUDIT | 1u << DRILL_BPF).expect, EXPECT_SEEN);
	assert_int_equal(variant_expectation(call, 1u << DRILL_FANOTIFY).expect, EXPECT_MISS);
	assert_int_equal(variant_expectation(call, AUDIT | 1u << DRILL_FANOTIFY).expect, EXPECT_SEEN);
	assert_int_equal(drill_sensors("audit,fanotify"), AUDIT | 1u << DRILL_FANOTIFY);
	assert_int_equal(drill_sensors("audit,other"), 0);
}

/* ---- reports ---- */

static struct drill hostile_drill(struct trial *trials)
{
	static const char hostile[] = "<script>'\"&\x1b[31m\xff";
	struct drill drill = { .trials = trials, .count = 2, .sensors = AUDIT };

	trials[0] = trial_of("entry-mem");
	trials[1] = trial_of("ptrace-attach");
	trials[0].seen = true;
	trials[0].latency_us = 1500;
	trials[1].done = false;
	snprintf(trials[1].failure, sizeof(trials[1].failure), "%s", hostile);
	snprintf(drill.sensor, sizeof(drill.sensor), "%s", hostile);
	return drill;
}

static bool has(const struct buffer *text, const char *part)
{
	return span_find(buffer_span(text), span_of(part)) < text->len;
}

static void test_report_inert(void **state)
{
	struct trial trials[2];
	struct drill drill = hostile_drill(trials);
	struct report_place place = { "<img src=x>\x1b", 1795474561786 };
	struct buffer html = { 0 }, text = { 0 }, json = { 0 }, layer = { 0 };

	report_html(&html, &drill, &place);
	assert_false(has(&html, "<script") || has(&html, "<img") || has(&html, "\x1b") || has(&html, "\xff"));
	assert_true(has(&html, "&lt;script&gt;&#39;&quot;&amp;") && has(&html, "default-src 'none'"));
	report_text(&text, &drill, true);
	assert_false(has(&text, "\x1b"));
	report_json(&json, &drill);
	report_navigator(&layer, &drill, &place);
	assert_false(has(&json, "\x1b") || has(&layer, "\x1b"));
	buffer_finish(&html);
	buffer_finish(&text);
	buffer_finish(&json);
	buffer_finish(&layer);
}

static void test_report_json(void **state)
{
	struct trial trials[2];
	struct drill drill = hostile_drill(trials);
	struct buffer json = { 0 };

	snprintf(drill.sensor, sizeof(drill.sensor), "audit");
	report_json(&json, &drill);
	assert_true(has(&json, "{\"variant\":\"entry-mem\",\"sensor\":\"audit\",\"expected\":\"seen\",\"seen\":true,"
			       "\"risk\":null,\"latency_ms\":1.500,\"why\":null,\"result\":\"seen\","));
	assert_true(has(&json, "\"seen\":null,\"risk\":null,\"latency_ms\":null,"));
	buffer_finish(&json);
}

static void test_report_latency(void **state)
{
	struct trial trials[4];
	struct drill drill = { .trials = trials, .count = 4 };

	for (int i = 0; i < 4; i++) {
		trials[i] = trial_of("entry-mem");
		trials[i].latency_us = i == 3 ? -1 : 100 * (3 - i);
	}
	assert_int_equal(drill_latency(&drill, 50), 200);
	assert_int_equal(drill_latency(&drill, 99), 300);
	drill.count = 0;
	assert_int_equal(drill_latency(&drill, 50), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trial_seen),
		cmocka_unit_test(test_trial_target),
		cmocka_unit_test(test_trial_missed),
		cmocka_unit_test(test_trial_grandchild),
		cmocka_unit_test(test_trial_reused_pid),
		cmocka_unit_test(test_trial_expected_miss),
		cmocka_unit_test(test_trial_benign),
		cmocka_unit_test(test_trial_not_run),
		cmocka_unit_test(test_trial_signs),
		cmocka_unit_test(test_variants_table),
		cmocka_unit_test(test_variants_of_several_sensors),
		cmocka_unit_test(test_report_inert),
		cmocka_unit_test(test_report_json),
		cmocka_unit_test(test_report_latency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
