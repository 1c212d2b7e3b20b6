/* rule/verdict.c and the shipped rules: what one sighting is worth. */
#include "judged.h"

#include "assessed.h"

#define IS(access, tier, points, name) is_at(access, RISK_##tier, points, name, __LINE__)

static void is_at(const struct access *access, enum risk risk, unsigned score, const char *rule, int line)
{
	struct verdict verdict = judged(access);
	struct span name = verdict.rule ? pack_rule_name(verdict.rule) : SPAN("no rule");

	if (verdict.risk == risk && verdict.score == score && (!rule || span_equal(name, span_of(rule))))
		return;
	print_error("line %d: got %s, %u, %.*s\n", line, risk_name(verdict.risk), verdict.score, (int)name.len,
		    name.data);
	fail();
}

static void by_entry(void **state)
{
	IS(OPENED(), HIGH, 80, "memory-open");
	IS(OPENED(.write = true), HIGH, 80, "memory-open-write");
	struct verdict verdict = judged(OPENED(.write = true));
	assert_true(says(&verdict, "for writing"));
	IS(OPENED(.entry = ENTRY_MAPS), REVIEW, 40, "maps-open");
	IS(OPENED(.entry = ENTRY_ENVIRON), REVIEW, 40, "environ-open");
	IS(OPENED(.entry = ENTRY_SMAPS), NONE, 0, NULL);
	IS(OPENED(.entry = ENTRY_SMAPS, TARGET(.comm = SPAN("sshd"))), REVIEW, 40, "layout-open");
	IS(OPENED(.entry = ENTRY_KCORE, TARGET(.pid = UNKNOWN_ID)), HIGH, 80, "kcore-open");
	IS(OPENED(.entry = ENTRY_NONE), NONE, 0, NULL);
	IS(OPENED(.path_only = true), NONE, 0, NULL);
}

static void by_verb(void **state)
{
	IS(OPENED(.verb = VERB_PROCESS_VM_READV, .entry = ENTRY_NONE), HIGH, 80, "process-vm-readv");
	IS(OPENED(.verb = VERB_PROCESS_VM_WRITEV, .entry = ENTRY_NONE), HIGH, 80, "process-vm-writev");
	IS(OPENED(.verb = VERB_PTRACE, .entry = ENTRY_NONE), HIGH, 75, "ptrace-attach");
	IS(OPENED(.verb = VERB_PIDFD_GETFD, .entry = ENTRY_NONE), HIGH, 75, "pidfd-getfd");
	IS(OPENED(.verb = VERB_EXEC, .certain = false), REVIEW, 30, "command-line");
}

static void ones_own(void **state)
{
	IS(OPENED(.self = true), NONE, 0, NULL);
	IS(OPENED(.self = true, ACTOR(.exe = SPAN("/tmp/lazagne"))), NONE, 0, NULL);
}

static void tools(void **state)
{
	IS(OPENED(ACTOR(.exe = SPAN("/opt/LaZagne"))), HIGH, 85, "memory-open");
	IS(OPENED(.entry = ENTRY_MAPS, ACTOR(.exe = SPAN("/opt/mimipenguin"))), KNOWN_TOOL, 70, NULL);
	IS(OPENED(.entry = ENTRY_MAPS, ACTOR(.cmdline = SPAN("grep x /root/mimipenguin.txt"))), KNOWN_TOOL, 45, NULL);
	IS(OPENED(.entry = ENTRY_MAPS, ACTOR(.cmdline = SPAN("/opt/lazagne memory"))), KNOWN_TOOL, 80, NULL);
	IS(OPENED(.entry = ENTRY_NONE, ACTOR(.exe = SPAN("/opt/lazagne"))), NONE, 0, NULL);
	IS(OPENED(.sighting = SIGHTING_EXECUTION, ACTOR(.exe = SPAN("/opt/lazagne"))), KNOWN_TOOL, 70, NULL);
	IS(OPENED(.sighting = SIGHTING_EXECUTION), NONE, 0, NULL);
}

/* A debugger at its own path is Review, whatever it does; anywhere else it is what it does. */
static void debuggers(void **state)
{
	IS(OPENED(ACTOR(.exe = SPAN("/usr/bin/gdb"))), REVIEW, 30, "debugger");
	IS(OPENED(ACTOR(.exe = SPAN("/usr/bin/gdb")), TARGET(.comm = SPAN("sshd"))), REVIEW, 50, "debugger-holder");
	IS(OPENED(ACTOR(.exe = SPAN("/usr/bin/gdb")), .trusted_exe = false), HIGH, 80, "memory-open");
	IS(OPENED(ACTOR(.exe = SPAN("/tmp/gdb"))), HIGH, 85, "memory-open");
	IS(OPENED(ACTOR(.exe = SPAN("/usr/bin/gdb")), .entry = ENTRY_SMAPS), REVIEW, 30, "debugger");
	IS(OPENED(ACTOR(.exe = SPAN("/usr/bin/gdb")), .path_only = true), NONE, 0, NULL);
	struct verdict verdict = judged(OPENED(ACTOR(.exe = SPAN("/usr/bin/gdb"))));
	assert_true(verdict.final && says(&verdict, "debugger"));
}

static void circumstances(void **state)
{
	IS(OPENED(TARGET(.exe = SPAN("/usr/sbin/sshd"))), HIGH, 90, "memory-open");
	IS(OPENED(ACTOR(.exe = SPAN("/memfd:x (deleted)"))), HIGH, 90, "memory-open");
	IS(OPENED(ACTOR(.exe = SPAN("/dev/shm/x"))), HIGH, 85, "memory-open");
	IS(OPENED(ACTOR(.script = SPAN("/tmp/x.py"))), HIGH, 85, "memory-open");
	IS(OPENED(ACTOR(.exe = SPAN("/usr/bin/python3.11"))), HIGH, 83, "interpreter-memory");
	IS(OPENED(ACTOR(.exe = SPAN("/memfd:lazagne"), .comm = SPAN("lazagne")), TARGET(.comm = SPAN("sudo"))), HIGH,
	   100, "memory-open");
}

static void doubt(void **state)
{
	struct verdict verdict = judged(OPENED(.outcome = -13));

	IS(OPENED(.outcome = -13), HIGH, 55, "memory-open");
	assert_true(says(&verdict, "refused"));
	IS(OPENED(.outcome = -13, .entry = ENTRY_MAPS), REVIEW, 15, "maps-open");
	verdict = judged(OPENED(TARGET(.pid = UNKNOWN_ID)));
	assert_true(says(&verdict, "does not tell whose"));
	verdict = judged(OPENED(.entry = ENTRY_KCORE, TARGET(.pid = UNKNOWN_ID)));
	assert_false(says(&verdict, "does not tell whose"));
}

/* What any user can have written outranks nothing. */
static void forged(void **state)
{
	IS(OPENED(.trust = TRUST_ANY_USER), REVIEW, 20, "memory-open");
	IS(OPENED(.trust = TRUST_ANY_USER, .entry = ENTRY_MAPS, .outcome = -13), REVIEW, 15, "maps-open");
	IS(LINE("bob", "lazagne", .trust = TRUST_ANY_USER), KNOWN_TOOL, 20, NULL);
	struct verdict verdict = judged(OPENED(.trust = TRUST_ANY_USER));
	assert_true(says(&verdict, "any user could have written"));
}

static void lines(void **state)
{
	IS(LINE("sudo", "bob : COMMAND=/opt/lazagne all"), KNOWN_TOOL, 80, NULL);
	IS(LINE("sudo", "bob : COMMAND=/bin/cat lazagne"), KNOWN_TOOL, 45, NULL);
	IS(LINE("sudo", "bob : COMMAND=/bin/cat x"), NONE, 0, NULL);
	IS(LINE("kernel", "sshd[812]: segfault at 7f"), REVIEW, 30, "holder-crash");
	IS(LINE("kernel", "[ 1.5] traps: sudo[9] trap invalid opcode"), REVIEW, 30, "holder-crash");
	IS(LINE("kernel", "cron[812]: segfault at 7f"), NONE, 0, NULL);
	IS(LINE("bob", "sshd[812]: segfault at 7f"), NONE, 0, NULL);
}

/* Tuning takes what is Review, and never a debugger's. */
static void tuned(void **state)
{
	struct verdict verdict = judged(OPENED(.entry = ENTRY_ENVIRON, ACTOR(.exe = SPAN("/usr/bin/ps"))));

	assert_int_equal(verdict.risk, RISK_REVIEW);
	assert_true(span_equal(verdict.filter->name, SPAN("ps")));
	verdict = judged(OPENED(.entry = ENTRY_MAPS, ACTOR(.exe = SPAN("/usr/bin/gdb")), TARGET(.ppid = 500)));
	assert_null(verdict.filter);
}

static void severities(void **state)
{
	static const unsigned scores[] = { 0, 1, 10, 11, 55, 91, 100 }, severities[] = { 1, 1, 1, 2, 6, 10, 10 };

	for (size_t i = 0; i < sizeof(scores) / sizeof(*scores); i++)
		assert_int_equal(severity_of(scores[i]), severities[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_entry), cmocka_unit_test(by_verb),	  cmocka_unit_test(ones_own),
		cmocka_unit_test(tools),    cmocka_unit_test(debuggers),  cmocka_unit_test(circumstances),
		cmocka_unit_test(doubt),    cmocka_unit_test(forged),	  cmocka_unit_test(lines),
		cmocka_unit_test(tuned),    cmocka_unit_test(severities),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
