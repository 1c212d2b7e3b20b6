/* rule/judge.c with groups.c and story.c: sightings become findings, one for each actor process, target and entry. */
#include "judged.h"

#include "rule/judge.h"
#include "rule/verdict.h"
#include "shipped.h"

#define HOUR (3600 * 1000)
#define EMITTED_MAX 8192

static struct {
	struct judge *judge;
	struct summary summary;
	struct finding emitted[EMITTED_MAX];
	size_t count;
} run;

static void emit(void *context, const struct finding *finding)
{
	assert_true(run.count < EMITTED_MAX);
	assert_true(finding_copy(&run.emitted[run.count++], finding));
}

static void start(struct judge_options options)
{
	options.emit = emit;
	options.pack = shipped_pack();
	memset(&run, 0, sizeof(run));
	run.judge = judge_create(&options, &run.summary);
	assert_non_null(run.judge);
}

static int setup(void **state)
{
	start((struct judge_options){ 0 });
	return 0;
}

static int teardown(void **state)
{
	judge_destroy(run.judge);
	for (size_t i = 0; i < run.count; i++)
		finding_finish(&run.emitted[i]);
	return 0;
}

static void restart(struct judge_options options)
{
	teardown(NULL);
	start(options);
}

/* The access itself goes, so that nothing may borrow from it. */
static void take(const struct access *access)
{
	struct access *copy = malloc(sizeof(*copy));

	*copy = *access;
	judge_take(run.judge, copy);
	memset(copy, 0xee, sizeof(*copy));
	free(copy);
}

static const struct finding *ended(size_t count)
{
	judge_end(run.judge);
	assert_int_equal(run.count, count);
	return run.emitted;
}

static bool says(const struct finding *finding, const char *reason)
{
	for (size_t i = 0; i < finding->reason_count; i++)
		if (span_find(finding->reasons[i], span_of(reason)) < finding->reasons[i].len)
			return true;
	return false;
}

/* ---- groups ---- */

static void repetitions(void **state)
{
	for (int i = 0; i < 5; i++)
		take(OPENED(.time_ms = T0 + i * 1000, .serial = 7 + i));
	assert_int_equal(run.count, 0);
	const struct finding *finding = ended(1);
	assert_int_equal(finding->count, 5);
	assert_int_equal(finding->first_ms, T0);
	assert_int_equal(finding->last_ms, T0 + 4000);
	assert_int_equal(finding->access.serial, 7);
	assert_int_equal(finding->severity, 8);
	assert_true(span_equal(finding->technique, SPAN("T1003.007")));
	assert_int_equal(run.summary.accesses, 5);
}

/* Time may run backwards. */
static void out_of_order(void **state)
{
	take(OPENED(.time_ms = T0, .serial = 9));
	take(OPENED(.time_ms = T0 - 57000, .serial = 10));
	take(OPENED(.time_ms = T0 + 5, .serial = 11));
	const struct finding *finding = ended(1);
	assert_int_equal(finding->first_ms, T0 - 57000);
	assert_int_equal(finding->access.time_ms, T0 - 57000);
	assert_int_equal(finding->last_ms, T0 + 5);
}

static void what_keeps_apart(void **state)
{
	take(OPENED());
	take(OPENED(.entry = ENTRY_ENVIRON));
	take(OPENED(.verb = VERB_PTRACE, .entry = ENTRY_NONE));
	take(OPENED(TARGET(.pid = 813)));
	take(OPENED(ACTOR(.pid = 501)));
	take(OPENED(ACTOR(.exe = SPAN("/opt/y"))));
	take(OPENED(.host = SPAN("web1")));
	take(OPENED(TARGET(.pid = UNKNOWN_ID)));
	ended(8);
}

static void an_hour(void **state)
{
	take(OPENED(.time_ms = T0));
	take(OPENED(.time_ms = T0 + HOUR, .serial = 8));
	take(OPENED(.time_ms = T0 + 2 * HOUR + 1, .serial = 9));
	assert_int_equal(run.count, 1); /* the first is closed as soon as it is old */
	const struct finding *finding = ended(2);
	assert_int_equal(finding[0].count, 2);
	assert_int_equal(finding[1].count, 1);
}

static void others_make_it_old(void **state)
{
	take(OPENED(.time_ms = T0));
	take(OPENED(.time_ms = T0 + HOUR, TARGET(.pid = 813)));
	assert_int_equal(run.count, 0);
	take(OPENED(.time_ms = T0 + HOUR + 1, TARGET(.pid = 813)));
	assert_int_equal(run.count, 1);
	ended(2);
}

static void an_hour_backwards(void **state)
{
	take(OPENED(.time_ms = T0));
	take(OPENED(.time_ms = T0 - HOUR - 1, .serial = 8));
	ended(2);
}

/* A success tells more than the attempts before it. */
static void success_after_attempts(void **state)
{
	take(OPENED(.outcome = -13));
	take(OPENED(.outcome = 0, .serial = 8, .time_ms = T0 + 1));
	take(OPENED(.outcome = -13, .serial = 9, .time_ms = T0 + 2));
	const struct finding *finding = ended(1);
	assert_int_equal(finding->access.outcome, 0);
	assert_int_equal(finding->score, 80);
	assert_int_equal(finding->count, 3);
	assert_int_equal(finding->first_ms, T0);
	assert_true(says(finding, "refused"));
}

/* A command line gives way to the open that it announced: that alone is counted. */
static void announced(void **state)
{
	take(OPENED(.verb = VERB_EXEC, .certain = false));
	take(OPENED(.serial = 8, .time_ms = T0 + 5));
	take(OPENED(.serial = 9, .time_ms = T0 + 9));
	const struct finding *finding = ended(1);
	assert_int_equal(finding->access.verb, VERB_OPEN);
	assert_int_equal(finding->count, 2);
	assert_int_equal(finding->first_ms, T0 + 5);
	assert_int_equal(finding->access.serial, 8);
	assert_false(says(finding, "no open of it was seen"));
}

static void announced_too_late(void **state)
{
	take(OPENED(.serial = 8));
	take(OPENED(.verb = VERB_EXEC, .certain = false, .serial = 9));
	const struct finding *finding = ended(1);
	assert_int_equal(finding->count, 1);
	assert_int_equal(finding->access.verb, VERB_OPEN);
}

/* An event that is told again, with a late record, is one access. */
static void told_again(void **state)
{
	take(OPENED());
	take(OPENED(.again = true));
	assert_int_equal(ended(1)->count, 1);
	assert_int_equal(run.summary.accesses, 1);
}

/* More groups than there is room for: the one used least recently is told early, and counted. */
static void more_than_fit(void **state)
{
	for (unsigned i = 0; i < 5000; i++)
		take(OPENED(TARGET(.pid = 1000 + i), .serial = 10 + i));
	assert_true(run.count >= 5000 - 4096);
	assert_int_equal(run.emitted[0].access.target.pid, 1000);
	ended(5000);
	assert_true(run.summary.evicted >= 5000 - 4096);
}

static void long_texts(void **state)
{
	char *text = malloc(100000);

	memset(text, 'x', 100000);
	for (unsigned i = 0; i < 3000; i++)
		take(OPENED(TARGET(.pid = 1000 + i), ACTOR(.cmdline = { text, 100000 })));
	free(text);
	assert_true(run.count > 0); /* they own more than 6 MiB */
	const struct finding *finding = ended(3000);
	assert_int_equal(finding->access.actor.cmdline.len, 4096);
}

/* ---- what is not told ---- */

#define BY_PS(...) OPENED(.entry = ENTRY_ENVIRON, ACTOR(.exe = SPAN("/usr/bin/ps")), __VA_ARGS__)

static void hidden(void **state)
{
	take(BY_PS());
	take(OPENED(.self = true));
	take(OPENED(.entry = ENTRY_SMAPS));
	ended(0);
	assert_int_equal(run.summary.accesses, 3);
	assert_int_equal(run.summary.suppressed, 1);
	assert_string_equal(run.summary.suppressions[0].name, "ps");
	assert_int_equal(run.summary.self, 1);
	assert_int_equal(run.summary.untiered, 1);
}

static void kept_when_asked_for(void **state)
{
	restart((struct judge_options){ .keep_hidden = true });
	take(BY_PS());
	take(OPENED(.self = true));
	take(OPENED(.entry = ENTRY_SMAPS));
	const struct finding *finding = ended(2);
	for (size_t i = 0; i < 2; i++)
		assert_true(finding[i].access.self || span_equal(finding[i].suppressed_by, SPAN("ps")));
}

static void counted(void **state)
{
	take(OPENED(TARGET(.pid = UNKNOWN_ID), .certain = false));
	take(OPENED(.certain = false));
	take(OPENED(.entry = ENTRY_KCORE, TARGET(.pid = UNKNOWN_ID)));
	take(OPENED(.sighting = SIGHTING_EXECUTION));
	assert_int_equal(run.summary.accesses, 3);
	assert_int_equal(run.summary.unknown_target, 1);
	assert_int_equal(run.summary.uncertain, 2);
}

static void raw_lines(void **state)
{
	struct span raw[] = { SPAN("type=SYSCALL …"), SPAN("type=PATH …") };

	take(OPENED(.raw = raw, .raw_count = 2));
	assert_int_equal(ended(1)->access.raw_count, 0);
	restart((struct judge_options){ .keep_raw = true });
	take(OPENED(.raw = raw, .raw_count = 2));
	const struct finding *finding = ended(1);
	assert_int_equal(finding->access.raw_count, 2);
	assert_true(span_equal(finding->access.raw[1], raw[1]));
}

static void alone(void **state)
{
	struct finding finding;

	assert_true(judge_alone(run.judge, OPENED(.self = true), &finding));
	assert_int_equal(finding.risk, RISK_NONE);
	assert_int_equal(finding.severity, 0);
	assert_int_equal(finding.technique.len, 0);
	assert_true(judge_alone(run.judge, OPENED(), &finding));
	assert_int_equal(finding.risk, RISK_HIGH);
	assert_false(judge_alone(run.judge, OPENED(.sighting = SIGHTING_EXECUTION), &finding));
	assert_true(judge_alone(run.judge, LINE("sudo", "COMMAND=lazagne"), &finding));
	ended(0);
}

/* ---- stories ---- */

static const struct finding *of_entry(enum entry entry)
{
	for (size_t i = 0; i < run.count; i++)
		if (run.emitted[i].access.entry == entry)
			return &run.emitted[i];
	fail_msg("no finding of %s", entry_name(entry));
	return NULL;
}

/* maps by one, mem by the other: whether they are one story. */
static bool is_story(const struct access *maps, const struct access *mem)
{
	restart((struct judge_options){ 0 });
	take(maps);
	take(mem);
	judge_end(run.judge);
	bool raised = of_entry(ENTRY_MAPS)->risk == RISK_HIGH;
	assert_int_equal(raised, span_equal(of_entry(ENTRY_MEM)->rule, SPAN("maps-then-mem")));
	assert_int_equal(raised, says(of_entry(ENTRY_MAPS), "maps, then mem"));
	return raised;
}

#define MAPS(...) OPENED(.entry = ENTRY_MAPS, __VA_ARGS__)
#define LATER(...) OPENED(.time_ms = T0 + 1000, .serial = 8, __VA_ARGS__)

static void maps_then_mem(void **state)
{
	assert_true(is_story(MAPS(), LATER()));
	assert_int_equal(of_entry(ENTRY_MEM)->score, 85);
	assert_int_equal(of_entry(ENTRY_MAPS)->score, 85);
	assert_true(is_story(MAPS(), LATER(ACTOR(.pid = 501, .ses = 9)))); /* siblings */
	assert_true(is_story(MAPS(), LATER(ACTOR(.pid = 501, .ppid = 500, .ses = 9))));
	assert_true(is_story(MAPS(), LATER(ACTOR(.pid = 400, .ppid = 399, .ses = 9))));
	assert_true(is_story(MAPS(), LATER(ACTOR(.pid = 999, .ppid = 998)))); /* one session */
}

static void no_story(void **state)
{
	assert_false(is_story(MAPS(), LATER(ACTOR(.pid = 999, .ppid = 998, .ses = 9))));
	assert_false(is_story(MAPS(ACTOR(.ppid = 1)), LATER(ACTOR(.pid = 999, .ppid = 1, .ses = 9))));
	assert_false(is_story(MAPS(ACTOR(.ses = UINT32_MAX)),
			      LATER(ACTOR(.pid = 999, .ppid = 998, .ses = UINT32_MAX)))); /* unset is no session */
	assert_false(is_story(MAPS(), LATER(TARGET(.pid = 813))));
	assert_false(is_story(MAPS(), LATER(.host = SPAN("web1"))));
	assert_false(is_story(MAPS(), LATER(.outcome = -13)));
	assert_false(is_story(MAPS(.outcome = -13), LATER()));
	assert_false(is_story(MAPS(), OPENED(.time_ms = T0 + HOUR + 1)));
	assert_false(is_story(LATER(), MAPS()));
}

/* The debugger's own story is its work; its maps are not raised by another's mem, nor are maps that are tuned. */
static void no_story_of_debuggers(void **state)
{
	restart((struct judge_options){ 0 });
	take(MAPS(ACTOR(.exe = SPAN("/usr/bin/gdb"))));
	take(LATER(ACTOR(.exe = SPAN("/usr/bin/gdb"))));
	judge_end(run.judge);
	assert_int_equal(of_entry(ENTRY_MAPS)->risk, RISK_REVIEW);
	assert_int_equal(of_entry(ENTRY_MEM)->risk, RISK_REVIEW);
	restart((struct judge_options){ 0 });
	take(MAPS(ACTOR(.exe = SPAN("/usr/bin/gdb"))));
	take(LATER());
	judge_end(run.judge);
	assert_int_equal(of_entry(ENTRY_MAPS)->risk, RISK_REVIEW);
	assert_int_equal(of_entry(ENTRY_MEM)->score, 85);
	restart((struct judge_options){ .keep_hidden = true });
	take(MAPS(ACTOR(.exe = SPAN("/usr/bin/lsof"))));
	take(LATER(ACTOR(.exe = SPAN("/usr/bin/lsof"))));
	judge_end(run.judge);
	assert_int_equal(of_entry(ENTRY_MAPS)->risk, RISK_REVIEW);
	assert_true(span_equal(of_entry(ENTRY_MEM)->rule, SPAN("memory-open")));
}

/* A line of a log waits for the end, and learns what audit saw near it. */
static void joined_lines(void **state)
{
	take(LINE("sudo", "COMMAND=/bin/cat lazagne", .time_ms = T0 + 1000, .host = SPAN("web1")));
	take(LINE("sudo", "COMMAND=/bin/cat lazagne", .time_ms = T0 + HOUR, .host = SPAN("web1")));
	take(OPENED());
	const struct finding *finding = ended(3);
	assert_int_equal(finding[0].access.sighting, SIGHTING_ACCESS);
	assert_true(says(&finding[1], "audit saw x (pid 500) at work"));
	assert_int_equal(finding[1].score, 55);
	assert_int_equal(finding[1].severity, severity_of(55));
	assert_int_equal(finding[2].score, 45);
}

/* What no one vouches for is no evidence for others. */
static void forged_marks(void **state)
{
	take(LINE("sudo", "COMMAND=/bin/cat lazagne"));
	take(OPENED(.trust = TRUST_ANY_USER));
	assert_int_equal(ended(2)[1].score, 45);
}

static void crash_of_the_target(void **state)
{
	take(MAPS(TARGET(.comm = SPAN("sshd"))));
	take(LINE("kernel", "sshd[812]: segfault at 7f", .time_ms = T0 + 5000));
	take(OPENED(.sighting = SIGHTING_CRASH, .verb = VERB_LOG, .entry = ENTRY_NONE, .serial = 9,
		    .message = SPAN("uid=0 pid=812 comm=\"sshd\" exe=\"/usr/sbin/sshd\" sig=11"),
		    ACTOR(.exe = SPAN("/usr/sbin/sshd"))));
	const struct finding *finding = ended(3);
	for (size_t i = 1; i < 3; i++) {
		assert_true(says(&finding[i], "its memory or memory map had been looked into"));
		assert_int_equal(finding[i].access.target.pid, 812);
		assert_true(span_equal(finding[i].access.target.comm, SPAN("sshd")));
	}
	/* The record's process is the victim, no actor. */
	assert_int_equal(finding[2].access.actor.pid, UNKNOWN_ID);
	assert_true(span_equal(finding[2].access.target.exe, SPAN("/usr/sbin/sshd")));
}

/* More lines than wait: all are told. */
static void many_lines(void **state)
{
	for (unsigned i = 0; i < 3000; i++)
		take(LINE("sudo", "COMMAND=lazagne"));
	assert_true(run.count >= 3000 - 1024);
	ended(3000);
}

static void ids(void **state)
{
	struct finding a, b;

	judge_alone(run.judge, OPENED(), &a);
	judge_alone(run.judge, OPENED(.origin = { .file = "other.gz", .offset = 99 }), &b);
	assert_string_equal(a.id, b.id);
	judge_alone(run.judge, OPENED(.serial = 8), &b);
	assert_string_not_equal(a.id, b.id);
	judge_alone(run.judge, OPENED(TARGET(.pid = 813)), &b);
	assert_string_not_equal(a.id, b.id);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(repetitions),
		TEST(out_of_order),
		TEST(what_keeps_apart),
		TEST(an_hour),
		TEST(others_make_it_old),
		TEST(an_hour_backwards),
		TEST(success_after_attempts),
		TEST(announced),
		TEST(announced_too_late),
		TEST(told_again),
		TEST(more_than_fit),
		TEST(long_texts),
		TEST(hidden),
		TEST(kept_when_asked_for),
		TEST(counted),
		TEST(raw_lines),
		TEST(alone),
		TEST(maps_then_mem),
		TEST(no_story),
		TEST(no_story_of_debuggers),
		TEST(joined_lines),
		TEST(forged_marks),
		TEST(crash_of_the_target),
		TEST(many_lines),
		TEST(ids),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
