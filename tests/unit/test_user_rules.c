/* rule/judge.c with rules of a user: correlations of every kind, and what they make of the findings before them. */
#include "judged.h"

#include "base/buffer.h"
#include "rule/assess.h"
#include "rule/judge.h"

#define EMITTED_MAX 64

static struct {
	struct pack pack;
	struct judge *judge;
	struct summary summary;
	struct finding emitted[EMITTED_MAX];
	size_t count;
} run;

#define ACCESS_RULE(name, level, lines)                                                              \
	"---\ntitle: " name "\nname: " name "\nlevel: " level                                        \
	"\nlogsource:\n    product: linux\n    category: process_access\ndetection:\n    s:\n" lines \
	"    condition: s\n"
#define LINE_RULE(name, word)                                                                                     \
	"---\ntitle: " name "\nname: " name "\nlevel: low\nlogsource:\n    product: linux\n    service: syslog\n" \
	"detection:\n    k: ['" word "']\n    condition: k\n"
#define AUDIT_RULE(name, key)                                                                                     \
	"---\ntitle: " name "\nname: " name "\nlevel: low\nlogsource:\n    product: linux\n    service: auditd\n" \
	"detection:\n    s:\n        type: SYSCALL\n        key: " key "\n    condition: s\n"
#define CORRELATION(name, level, type, rules, more)                                                                    \
	"---\ntitle: " name "\nname: " name "\nlevel: " level "\ncorrelation:\n    type: " type "\n    rules: [" rules \
	"]\n    timespan: 1h\n    generate: true\n" more

#define FINAL_RULE LINE_RULE("final", "final") "proctor:\n    score: 30\n    final: true\n"

static void emit(void *context, const struct finding *finding)
{
	assert_true(run.count < EMITTED_MAX);
	assert_true(finding_copy(&run.emitted[run.count++], finding));
}

static void start(const char *text)
{
	struct sigma_rules *rules = sigma_rules_create(NULL, 0);
	struct err err = { 0 };

	memset(&run, 0, sizeof(run));
	sigma_rules_add_text(rules, "test.yml", span_of(text));
	sigma_rules_link(rules);
	for (size_t i = 0; i < rules->diagnostics.count; i++)
		if (rules->diagnostics.items[i].severity == SIGMA_ERROR)
			fail_msg("%s", rules->diagnostics.items[i].text);
	assert_int_equal(pack_init(&run.pack, rules, &err), 0);
	run.judge = judge_create(&(struct judge_options){ .pack = &run.pack, .emit = emit }, &run.summary);
	assert_non_null(run.judge);
}

static int teardown(void **state)
{
	judge_destroy(run.judge);
	pack_finish(&run.pack);
	for (size_t i = 0; i < run.count; i++)
		finding_finish(&run.emitted[i]);
	return 0;
}

static const struct finding *found(const char *rule)
{
	for (size_t i = 0; i < run.count; i++)
		if (span_equal(run.emitted[i].rule, span_of(rule)))
			return &run.emitted[i];
	return NULL;
}

static size_t found_count(const char *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < run.count; i++)
		count += span_equal(run.emitted[i].rule, span_of(rule));
	return count;
}

static void read_line(int seconds, struct span host, enum trust trust)
{
	judge_take(run.judge, LINE("app", "failed", .host = host, .trust = trust, .time_ms = T0 + seconds * 1000));
}

/* An audit event with a key, and the sighting that a scan makes of it. Whether it was asked for. */
static bool call(uint64_t serial, const char *key)
{
	char body[128];
	struct event_record record = { .type = AUDIT_TYPE_SYSCALL };
	const struct event event = { .time_ms = T0, .serial = serial, .records = &record, .count = 1 };
	const struct access *access =
		OPENED(.sighting = SIGHTING_EVENT, .verb = VERB_LOG, .entry = ENTRY_NONE, .serial = serial,
		       ACTOR(.pid = 600 + serial), .target = { .pid = UNKNOWN_ID, .start_ms = TIME_UNKNOWN });
	struct finding alone;

	snprintf(body, sizeof(body), "arch=c000003e syscall=59 key=\"%s\"", key);
	record.body = span_of(body);
	if (!judge_offer(run.judge, &event))
		return false;
	judge_alone(run.judge, access, &alone); /* as --accesses does; it takes nothing away */
	judge_take(run.judge, access);
	return true;
}

#define FEW                         \
	LINE_RULE("line", "failed") \
	CORRELATION("few", "high", "event_count", "line", "    group-by: [Computer]\n    condition: {lt: 3}\n")

/* A window that closes long before the log ends is no less a finding. */
static void test_window_in_the_middle(void **state)
{
	start(FEW);
	read_line(0, SPAN("web1"), TRUST_DAEMON);
	read_line(9000, SPAN("web2"), TRUST_DAEMON);
	assert_int_equal(found_count("few"), 1);
	judge_end(run.judge);
	assert_int_equal(found_count("few"), 2);
	const struct finding *few = found("few");
	assert_non_null(few);
	assert_true(span_equal(few->access.host, SPAN("web1")));
	assert_true(span_equal(few->access.message, SPAN("Computer=web1")));
	assert_int_equal(few->risk, RISK_HIGH);
	assert_false(access_has_target(&few->access));
}

static void test_window_of_forged_lines(void **state)
{
	start(FEW);
	read_line(0, SPAN("web1"), TRUST_ANY_USER);
	judge_end(run.judge);
	const struct finding *few = found("few");
	assert_non_null(few);
	assert_int_equal(few->risk, RISK_REVIEW);
	assert_int_equal(few->score, SCORE_FORGEABLE_MAX);
}

/* A log that is older than the one before it: its windows are as long as any. */
static void test_window_of_an_older_log(void **state)
{
	start(FEW);
	read_line(90000, SPAN("web2"), TRUST_DAEMON);
	judge_take(run.judge, LINE("app", "fine", .host = SPAN("web2"), .time_ms = T0 + 99000 * 1000));
	assert_int_equal(found_count("few"), 1);
	for (int i = 0; i < 4; i++)
		read_line(i, SPAN("web1"), TRUST_DAEMON);
	read_line(7200, SPAN("web1"), TRUST_DAEMON);
	judge_end(run.judge);
	assert_int_equal(found_count("few"), 2);
	assert_int_equal(run.emitted[1].first_ms, T0 + 7200 * 1000);
}

/* Lines of two hosts have no host in common, though each may be that of an audit log that names none. */
static void test_lines_of_two_hosts(void **state)
{
	start(LINE_RULE("line", "failed") CORRELATION("many", "high", "event_count", "line",
						      "    group-by: [Computer]\n    condition: {gte: 3}\n"));
	for (int i = 0; i < 2; i++) {
		read_line(i, SPAN("web1"), TRUST_DAEMON);
		read_line(i, SPAN("web2"), TRUST_DAEMON);
	}
	judge_end(run.judge);
	assert_null(found("many"));
}

static void test_again_counts_once(void **state)
{
	start(ACCESS_RULE("mem", "low", "        ProcEntry: mem\n")
		      CORRELATION("three", "high", "event_count", "mem", "    condition: {gte: 3}\n"));
	judge_take(run.judge, OPENED(.serial = 1));
	judge_take(run.judge, OPENED(.serial = 2));
	judge_take(run.judge, OPENED(.serial = 1, .again = true));
	judge_take(run.judge, OPENED(.serial = 2, .again = true));
	assert_int_equal(run.count, 0);
	judge_take(run.judge, OPENED(.serial = 3, ACTOR(.pid = 501)));
	judge_end(run.judge);
	assert_int_equal(found_count("three"), 1);
	assert_int_equal(found("three")->access.actor.pid, 501);
}

/* Two siblings and the actor itself: the correlation completes for the one by the session, for the other by the actor. */
static void test_members_of_all_groups(void **state)
{
	start(ACCESS_RULE("maps", "low", "        ProcEntry: maps\n") ACCESS_RULE("mem", "low",
										  "        ProcEntry: mem\n")
		      CORRELATION("both", "high", "temporal_ordered", "maps, mem", "    group-by: [SourceKin]\n"));
	judge_take(run.judge, OPENED(.serial = 1, .entry = ENTRY_MAPS));
	judge_take(run.judge, OPENED(.serial = 2, .entry = ENTRY_MAPS, ACTOR(.pid = 501, .ppid = 401)));
	judge_take(run.judge, OPENED(.serial = 3));
	judge_end(run.judge);
	assert_int_equal(run.count, 3);
	assert_int_equal(found_count("both"), 3);
}

static void test_forged_is_not_raised(void **state)
{
	start(ACCESS_RULE("maps", "low", "        ProcEntry: maps\n") ACCESS_RULE("mem", "low",
										  "        ProcEntry: mem\n")
		      CORRELATION("both", "critical", "temporal", "maps, mem", "    group-by: [TargetProcessId]\n"));
	judge_take(run.judge, OPENED(.serial = 1, .entry = ENTRY_MAPS, .trust = TRUST_ANY_USER));
	judge_take(run.judge, OPENED(.serial = 2));
	judge_take(run.judge, OPENED(.serial = 3, .entry = ENTRY_MAPS, TARGET(.pid = 9)));
	judge_take(run.judge, OPENED(.serial = 4, .trust = TRUST_ANY_USER, TARGET(.pid = 9)));
	judge_end(run.judge);
	assert_int_equal(run.count, 4);
	for (size_t i = 0; i < run.count; i++) {
		bool real = run.emitted[i].access.serial == 2;
		assert_int_equal(run.emitted[i].risk, real ? RISK_HIGH : RISK_REVIEW);
		assert_in_range(run.emitted[i].score, 1, real ? 90 : 30);
	}
}

/* Audit events are members like any: also those that only correlations ask for are raised or raise. */
static void test_audit_events_are_members(void **state)
{
	start(AUDIT_RULE("first", "one") AUDIT_RULE("second", "two")
		      CORRELATION("both", "critical", "temporal_ordered", "first, second", ""));
	assert_false(call(1, "none"));
	assert_true(call(2, "one"));
	assert_true(call(3, "two"));
	judge_end(run.judge);
	assert_int_equal(run.count, 2);
	assert_int_equal(found_count("both"), 2);
}

/* A line that only a correlation asks for is none of those that wait. */
static void test_lines_keep_apart(void **state)
{
	start("---\ntitle: silent\nname: silent\nlogsource:\n    product: linux\n    service: syslog\ndetection:\n"
	      "    k: [silent]\n    condition: k\n" LINE_RULE("line", "failed") LINE_RULE(
		      "last", "last") "---\ntitle: both\nname: both\nlevel: high\ncorrelation:\n    type: temporal\n"
				      "    rules: [silent, last]\n    timespan: 1h\n" FINAL_RULE);
	judge_take(run.judge, LINE("app", "silent", .time_ms = T0));
	judge_take(run.judge, LINE("app", "failed", .time_ms = T0 + 1));
	judge_take(run.judge, LINE("app", "last", .time_ms = T0 + 2));
	judge_end(run.judge);
	assert_int_equal(run.count, 2);
	assert_int_equal(found_count("line"), 1);
	assert_int_equal(found_count("both"), 1);
}

static void test_final_lines_are_not_raised(void **state)
{
	start(FINAL_RULE LINE_RULE("last", "last") CORRELATION("both", "high", "temporal", "final, last", ""));
	judge_take(run.judge, LINE("app", "final", .time_ms = T0));
	judge_take(run.judge, LINE("app", "last", .time_ms = T0 + 2));
	judge_end(run.judge);
	assert_int_equal(run.count, 2);
	assert_int_equal(found_count("final"), 1);
	assert_int_equal(found_count("both"), 1);
}

/* More correlations than a verdict has room for are counted. */
static void test_firings_are_counted(void **state)
{
	struct buffer text = { 0 };

	buffer_text(&text, ACCESS_RULE("mem", "low", "        ProcEntry: mem\n"));
	for (int i = 0; i < VERDICT_FIRINGS_MAX + 3; i++)
		buffer_printf(&text,
			      "---\ntitle: c%d\nname: c%d\nlevel: low\ncorrelation:\n    type: event_count\n"
			      "    rules: [mem]\n    timespan: 1h\n    generate: true\n    condition: {gte: 1}\n",
			      i, i);
	buffer_add_byte(&text, '\0');
	start(text.data);
	buffer_finish(&text);
	judge_take(run.judge, OPENED());
	judge_end(run.judge);
	assert_int_equal(run.count, 1);
	assert_non_null(strstr(run.summary.notes[0].text, "3 matches of rules found no room"));
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_window_in_the_middle),       TEST(test_window_of_forged_lines),
		TEST(test_window_of_an_older_log),     TEST(test_lines_of_two_hosts),
		TEST(test_again_counts_once),	       TEST(test_members_of_all_groups),
		TEST(test_forged_is_not_raised),       TEST(test_audit_events_are_members),
		TEST(test_firings_are_counted),	       TEST(test_lines_keep_apart),
		TEST(test_final_lines_are_not_raised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
