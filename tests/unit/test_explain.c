/* What explain says of findings: commands, classes, secrets, limits; and that nothing of a log reaches a terminal. */
#include "schema_check.h"

#include "sink/collect.h"
#include "sink/explain_class.h"
#include "sink/explain_fill.h"
#include "sink/shell_word.h"
#include "sink_samples.h"

/* The text, or with `json` the object, of what explain says. Free it. */
static char *explained(const struct explain_subject *subject, bool json)
{
	const struct explain_look look = { .width = 100, .utf8 = true };
	struct explanation explanation;
	struct buffer text = { 0 };

	explanation_init(&explanation);
	assert_int_equal(explanation_make(&explanation, subject), 0);
	if (json)
		explanation_json(&text, &explanation);
	else
		explanation_text(&text, &explanation, &look);
	explanation_finish(&explanation);
	buffer_add_byte(&text, '\0');
	assert_false(text.failed);
	return text.data;
}

static void expect(const struct finding *finding, const char *said, bool is_said)
{
	const struct explain_subject subject = { .finding = finding };
	char *text = explained(&subject, false), *flat = text;

	for (char *at = text; *at; at++)
		if (!(at[0] == ' ' && at[1] == ' ') && *at != '\n' && !(at[0] == '#' && at[1] == ' '))
			*flat++ = *at;
		else if (*at == '\n')
			*flat++ = ' ';
	*flat = 0;
	if ((strstr(text, said) != NULL) != is_said)
		fail_msg("%s said: %s\nin: %s", is_said ? "not" : "wrongly", said, text);
	free(text);
}

/* ---- words of a shell ---- */

static void check_word(struct span text, const char *expected)
{
	struct buffer word = { 0 };

	assert_int_equal(shell_word(&word, text), expected != NULL);
	buffer_add_byte(&word, '\0');
	assert_string_equal(word.data, expected ? expected : "");
	buffer_finish(&word);
}

static void test_shell_words(void **state)
{
	static char longest[SHELL_WORD_MAX + 1];

	(void)state;
	check_word(SPAN("/usr/bin/dd"), "/usr/bin/dd");
	check_word(SPAN("a1,b:c@d%e+f-"), "a1,b:c@d%e+f-");
	check_word(SPAN("a=1"), "'a=1'");
	check_word(SPAN("a b"), "'a b'");
	check_word(SPAN("$(x)`y`;|&<>\"#~*"), "'$(x)`y`;|&<>\"#~*'");
	check_word(SPAN("it's"), "$'it\\047s'");
	check_word(SPAN("a\\"), "$'a\\134'");
	check_word(SPAN("!!"), "$'\\041\\041'");
	check_word(SPAN("a\nb\x1b\x7f"), "$'a\\012b\\033\\177'");
	check_word(SPAN("\xc3\xa4"), "$'\\303\\244'");
	check_word(SPAN(""), NULL);
	check_word(SPAN("a\0b"), NULL);
	memset(longest, 'x', sizeof(longest));
	check_word((struct span){ longest, SHELL_WORD_MAX + 1 }, NULL);
}

/* ---- commands ---- */

static void check_fill(const struct finding *finding, const char *command, const char *expected)
{
	const struct explain_subject subject = { .finding = finding };
	struct buffer text = { 0 };

	assert_int_equal(explain_fill(&text, command, &subject), expected != NULL);
	buffer_add_byte(&text, '\0');
	assert_string_equal(text.data, expected ? expected : "");
	buffer_finish(&text);
}

static void test_fill(void **state)
{
	struct finding finding = sample_finding();
	struct process *actor = &finding.access.actor;

	(void)state;
	check_fill(&finding, "x {PID} {PPID} {TARGET} {UID} {AUID}", "x 4312 4000 812 0 1000");
	check_fill(&finding, "{SES}", NULL); /* none is set */
	check_fill(&finding, "{SECOND}; {FROM}; {TO}", "11/23/26 22:56:01; 11/23/26 22:46:01; 11/23/26 23:06:02");
	check_fill(&finding, "{SINCE} {PRESENT}", "'2026-11-23 22:46:01 UTC' '2026-11-23 22:56:01'");
	check_fill(&finding, "{EXE} {UNMERGED}", "/usr/bin/python3.11 /bin/python3.11");
	check_fill(&finding, "stat {SCRIPT} {SCRIPT_UNMERGED}", "stat /home/u/dump_heap.py");
	check_fill(&finding, "${EVIDENCE:?} {} {NONE} {PID", "${EVIDENCE:?} {} {NONE} {PID");
	actor->exe = SPAN("/tmp/x {PID} $(y)");
	check_fill(&finding, "stat {EXE}", "stat '/tmp/x {PID} $(y)'");
	actor->exe = SPAN("relative");
	check_fill(&finding, "stat {EXE}", NULL);
	actor->exe = SPAN("/tmp/x (deleted)");
	check_fill(&finding, "stat {EXE}", NULL);
	check_fill(&finding, "stat {DUMP}", NULL);
}

static void test_numbers_that_would_act(void **state)
{
	static const uint64_t pids[] = { 0, (1u << 22) + 1, 4294967295u, UINT64_MAX - 1, UNKNOWN_ID };
	struct finding finding = sample_finding();

	(void)state;
	for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
		finding.access.actor.pid = finding.access.target.pid = pids[i];
		check_fill(&finding, "kill -STOP {PID}", NULL);
		check_fill(&finding, "ps -p {TARGET}", NULL);
	}
	finding.first_ms = finding.last_ms = finding.access.time_ms = INT64_MAX;
	check_fill(&finding, "{FROM}", NULL);
	finding.first_ms = INT64_MIN + 1;
	check_fill(&finding, "{SINCE}", NULL);
}

static void test_dump(void **state)
{
	struct incident_step steps[] = {
		{ .kind = STEP_MEMORY, .what = SPAN("/proc/1/mem") },
		{ .kind = STEP_DUMP, .what = SPAN("dd if=/proc/1/mem of=/tmp/out bs=1") },
	};
	struct incident incident = { .steps = steps, .step_count = 2 };

	(void)state;
	assert_true(span_equal(explain_dump(&incident), SPAN("/tmp/out")));
	steps[1].what = SPAN("/dev/shm/a b");
	assert_true(span_equal(explain_dump(&incident), SPAN("/dev/shm/a b")));
	steps[1].what = SPAN("gcore 12");
	assert_int_equal(explain_dump(&incident).len, 0);
	assert_int_equal(explain_dump(NULL).len, 0);
}

/* ---- classes ---- */

static enum program_class class_of(const char *exe, const char *script)
{
	struct process process = sample_unknown_process();
	const char *note;

	process.exe = span_of(exe);
	process.script = span_of(script);
	return program_class_of(&process, &note);
}

static void test_classes(void **state)
{
	(void)state;
	assert_int_equal(class_of("/usr/bin/gdb", NULL), CLASS_DEBUGGER);
	assert_int_equal(class_of("/tmp/gdb", NULL), CLASS_TEMPORARY);
	assert_int_equal(class_of("/opt/x/gdb", NULL), CLASS_UNKNOWN);
	assert_int_equal(class_of("/usr/bin/perl", "/usr/sbin/needrestart"), CLASS_PACKAGE_TOOL);
	assert_int_equal(class_of("/usr/bin/perl", "/home/u/needrestart"), CLASS_INTERPRETER);
	assert_int_equal(class_of("/usr/bin/perl", "/tmp/needrestart"), CLASS_TEMPORARY);
	assert_int_equal(class_of("/bin/dd", NULL), CLASS_TEXT_TOOL);
	assert_int_equal(class_of("/usr/bin/x/sh", NULL), CLASS_UNKNOWN);
	assert_int_equal(class_of("/home/r/bin/Runner.Worker", NULL), CLASS_CI);
	assert_int_equal(class_of("/opt/datadog-agent/bin/agent/agent", NULL), CLASS_MONITOR);
	assert_int_equal(class_of("/usr/bin/dd (deleted)", NULL), CLASS_FILELESS);
	assert_int_equal(class_of("/memfd:x", NULL), CLASS_FILELESS);
	assert_int_equal(class_of(NULL, NULL), CLASS_NAMELESS);
}

/* ---- what is said ---- */

static void test_limits(void **state)
{
	struct finding finding = sample_finding();
	struct access *access = &finding.access;

	(void)state;
	expect(&finding, "Whether anything was read.", true);
	expect(&finding, "This attempt was refused", false);
	access->outcome = -EACCES;
	expect(&finding, "This attempt was refused", true);
	expect(&finding, "Whether anything was read.", false);
	access->outcome = 0;
	access->path_only = true;
	expect(&finding, "O_PATH reads nothing", true);
	access->path_only = false;
	access->certain = false;
	expect(&finding, "Whether the target is the right one.", true);
	access->target = sample_unknown_process();
	expect(&finding, "Whose memory it was.", true);
	access->trust = TRUST_ANY_USER;
	expect(&finding, "any user could have written these lines", true);
	access->incomplete = true;
	expect(&finding, "What the missing records of this event said.", true);
}

static void test_losses(void **state)
{
	struct finding finding = sample_finding();
	struct summary summary = { .lost_told = 12345, .serial_gaps = 7, .coverage_seen_procfs = true };
	const struct explain_subject subject = { .finding = &finding, .summary = &summary };

	(void)state;
	summary_note(&summary, true, false, "a\033file shrank");
	char *text = explained(&subject, false);
	assert_non_null(strstr(text, "were lost: 12,345"));
	assert_non_null(strstr(text, "between the events of the log: 7"));
	assert_non_null(strstr(text, "Lost: a\\x1bfile shrank"));
	free(text);
}

static void test_secrets(void **state)
{
	struct finding finding = sample_finding();
	struct process *target = &finding.access.target;

	(void)state;
	finding.access.verb = VERB_OPEN;
	expect(&finding, "The host keys, and known_hosts", true);
	target->exe = (struct span){ 0 };
	target->comm = SPAN("gnome-keyring-d");
	expect(&finding, "The password that opens the store", true);
	target->comm = SPAN("gnome-keyring-x");
	expect(&finding, "This program is not in the list.", true);
	finding.access.entry = ENTRY_MAPS;
	expect(&finding, "A map gives no secret away.", true);
	finding.access.entry = ENTRY_KCORE;
	expect(&finding, "All memory of the host", true);
	finding.access.entry = ENTRY_MEM;
	*target = sample_unknown_process();
	expect(&finding, "Whose memory it was is unknown.", true);
}

static void test_copied_bytes(void **state)
{
	static const struct span raw[] = { SPAN(
		"type=SYSCALL msg=audit(1.0:2): syscall=310 success=yes exit=4096 a0=1") };
	struct finding finding = sample_finding();

	(void)state;
	finding.access.verb = VERB_PROCESS_VM_READV;
	finding.access.entry = ENTRY_NONE;
	finding.access.raw = raw;
	finding.access.raw_count = 1;
	expect(&finding, "4096 bytes", true);
}

/* ---- hostile text ---- */

static void make_hostile(struct finding *finding, struct span evil)
{
	struct access *access = &finding->access;
	struct span *texts[] = { &access->host,		 &access->path,		 &access->resolved_path,
				 &access->syscall,	 &access->message,	 &access->parent_exe,
				 &access->actor.comm,	 &access->actor.exe,	 &access->actor.script,
				 &access->actor.cmdline, &access->actor.cwd,	 &access->actor.tty,
				 &access->target.comm,	 &access->target.exe,	 &finding->rule,
				 &finding->reasons[0],	 &finding->suppressed_by };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = evil;
}

static void test_hostile(void **state)
{
	static const struct span raw[] = { SPAN("a\nSECRETS TO CHANGE\n\033[2J\0") };
	struct finding finding = sample_finding();
	const struct explain_subject subject = { .finding = &finding };
	json_object *schema = schema_load("explanation.schema.json");

	(void)state;
	make_hostile(&finding, SPAN("/x\nSECRETS TO CHANGE\n\033[2J\0\xff\xe2\x80\xae'$(y)!"));
	finding.access.raw = raw;
	finding.access.raw_count = 1;
	char *text = explained(&subject, false);
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' || (unsigned char)*at >= ' ');
	assert_null(strchr(text, 0x7f));
	char *at = strstr(text, "\nSECRETS TO CHANGE\n");
	assert_non_null(at);
	assert_null(strstr(at + 1, "\nSECRETS TO CHANGE\n"));
	free(text);
	text = explained(&subject, true);
	json_object *line = json_tokener_parse(text);
	assert_non_null(line);
	schema_check(schema, line, "explanation");
	json_object_put(line);
	json_object_put(schema);
	free(text);
}

/* ---- the one that was asked for ---- */

static void add_finding(struct collector *collector, const char *id, unsigned score)
{
	struct finding finding = sample_finding();

	memcpy(finding.id, id, sizeof(finding.id));
	finding.score = score;
	collector_finding(collector, &finding);
}

static void test_collect(void **state)
{
	struct capture capture = capture_begin();
	struct collector *collector = collector_create("abcd", capture.output);
	struct explain_subject subject = { 0 };
	const struct collected *near;
	char id[17] = "aaaaaaaaaaaaaaaa";
	size_t count;

	(void)state;
	for (unsigned i = 0; i < 100; i++) { /* more than are kept */
		snprintf(id, sizeof(id), "ab%014u", i);
		add_finding(collector, id, i);
	}
	assert_int_equal(collector_matches(collector), 0);
	near = collector_near(collector, &count);
	assert_int_equal(count, COLLECT_NEAR_MAX);
	assert_string_equal(near[0].id, "ab00000000000099");
	add_finding(collector, "abcd000000000001", 1);
	add_finding(collector, "abcd000000000001", 1);
	assert_int_equal(collector_matches(collector), 1);
	assert_int_equal(collector_subject(collector, &subject), 0);
	assert_string_equal(subject.finding->id, "abcd000000000001");
	assert_null(subject.incident);
	add_finding(collector, "abcd000000000002", 1);
	assert_int_equal(collector_matches(collector), 2);
	collector_destroy(collector);
	capture_free(&capture);
}

static void test_collect_incident(void **state)
{
	struct capture capture = capture_begin();
	struct finding finding = sample_finding();
	const struct finding *found[] = { &finding };
	char what[] = "step";
	struct incident_step step = { .kind = STEP_MEMORY, .what = span_of(what), .finding = "9a0c11e2d3f4a5b6" };
	struct incident incident = {
		.id = "1234000000000000", .found = found, .found_count = 1, .steps = &step, .step_count = 1
	};
	struct explain_subject subject = { 0 };

	(void)state;
	for (unsigned whole = 0; whole < 2; whole++) {
		struct collector *collector = collector_create(whole ? "1234" : "9a0c", capture.output);
		collector_finding(collector, &finding);
		assert_int_equal(sink_incident(collector_sink(collector), &incident, NULL), 0);
		what[0] = 'x'; /* what it took is its own */
		assert_int_equal(collector_subject(collector, &subject), 0);
		assert_int_equal(subject.whole, whole);
		assert_string_equal(subject.finding->id, finding.id);
		assert_string_equal(subject.incident->id, "1234000000000000");
		assert_true(span_equal(subject.incident->steps[0].what, SPAN("step")));
		what[0] = 's';
		collector_destroy(collector);
	}
	capture_free(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shell_words),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_numbers_that_would_act),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_copied_bytes),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_collect),
		cmocka_unit_test(test_collect_incident),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
