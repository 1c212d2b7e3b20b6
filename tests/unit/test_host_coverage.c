/* Gaps in a host's auditing, from facts. */
#include "host_rules.h"

#include "host/coverage.h"
#include "host/rule_cover.h"

static struct coverage_facts facts;
static struct audit_rules wanted;
static struct gaps gaps;

/* A host that sees everything. */
static int set_up(void **state)
{
	struct audit_wish wish = { .procfs = &facts.procfs, .runs_32bit = true };

	facts = (struct coverage_facts){
		.state = { .enabled = 1, .failure = 1, .pid = 400, .backlog_limit = 8192, .backlog_wait_time = 15000 },
		.procfs = { .items = { { .minor = 21, .whole = true, .where = "/proc" } }, .count = 1 },
		.audit_at_boot = true,
		.listeners = 1,
		.processes = 100,
	};
	audit_rules_build(&facts.rules, &wish, NULL);
	audit_rules_build(&wanted, &wish, NULL);
	return 0;
}

static int tear_down(void **state)
{
	coverage_facts_finish(&facts);
	audit_rules_finish(&wanted);
	gaps_finish(&gaps);
	return 0;
}

static const struct gap *find(enum gap_kind kind)
{
	for (size_t i = 0; i < gaps.count; i++)
		if (gaps.items[i].kind == kind)
			return &gaps.items[i];
	return NULL;
}

static void judge(void)
{
	gaps_finish(&gaps);
	coverage_find(&facts, &wanted, &gaps);
	assert_false(gaps.failed);
}

static void assert_text(const struct buffer *text, const char *part)
{
	if (span_find(buffer_span(text), span_of(part)) == text->len)
		fail_msg("'%.*s' has no '%s'", (int)text->len, text->data, part);
}

/* Exactly this one gap, with these parts of its texts. */
static void assert_only(enum gap_kind kind, const char *unseen, const char *evidence, const char *mend)
{
	judge();
	if (gaps.count != 1)
		for (size_t i = 0; i < gaps.count; i++)
			print_error("%s: %.*s\n", gap_name(gaps.items[i].kind), (int)gaps.items[i].evidence.len,
				    gaps.items[i].evidence.data);
	assert_int_equal(gaps.count, 1);
	assert_string_equal(gap_name(gaps.items[0].kind), gap_name(kind));
	assert_text(&gaps.items[0].unseen, unseen);
	assert_text(&gaps.items[0].evidence, evidence);
	assert_text(&gaps.items[0].mend, mend);
}

/* The rules that the kernel has: these, then the wanted ones without those of the key. */
static void have(const char *first, const char *without)
{
	struct audit_rules rules = { 0 };

	if (first)
		give_rule(&rules, first);
	for (size_t i = 0; i < wanted.count; i++)
		if (!without || !strstr(text_of(&wanted.items[i]), without))
			give_rule(&rules, text_of(&wanted.items[i]));
	audit_rules_finish(&facts.rules);
	facts.rules = rules;
}

static void test_all_covered(void **state)
{
	judge();
	assert_int_equal(gaps.count, 0);
}

static void test_state(void **state)
{
	facts.state.enabled = 0;
	assert_only(GAP_OFF, "everything", "enabled 0", "auditctl -e 1");
	facts.state.enabled = 2;
	assert_only(GAP_LOCKED, "nothing", "enabled 2", "reboot");
	assert_int_equal(gaps.items[0].rank, GAP_RANK_NOTE);
	facts.state.enabled = 1;
	facts.state.backlog_limit = 8191;
	assert_only(GAP_BACKLOG, "burst", "8191", "auditctl -b 8192");
	facts.state.backlog_limit = 0; /* no limit */
	facts.state.backlog_wait_time = 0;
	judge();
	assert_int_equal(gaps.count, 0);
	facts.state.backlog_limit = 8192;
	assert_only(GAP_BACKLOG_WAIT, "at once", "backlog_wait_time is 0", "--backlog_wait_time");
	facts.state.backlog_wait_time = 1;
	facts.state.rate_limit = 100;
	assert_only(GAP_RATE_LIMIT, "a second", "100", "auditctl -r 0");
	facts.state.rate_limit = 0;
	facts.state.lost = 7;
	assert_only(GAP_LOST, "lost already", "7", "--reset-lost");
	assert_int_equal(gaps_of_rank(&gaps, GAP_RANK_GAP), 0);
}

static void test_nobody_listens(void **state)
{
	facts.listeners = 0; /* auditd does */
	judge();
	assert_int_equal(gaps.count, 0);
	facts.state.pid = 0;
	assert_only(GAP_NOBODY_LISTENS, "kernel's own log", "pid 0", "auditd");
	facts.listeners = 1; /* journald does */
	judge();
	assert_int_equal(gaps.count, 0);
}

static void test_older_processes(void **state)
{
	facts.audit_at_boot = false;
	judge();
	assert_int_equal(gaps.count, 0); /* the daemon is older than all */
	facts.older = 12;
	assert_only(GAP_OLDER, "12 of 100 processes", "pid 400", "audit=1");
	facts.older = 0;
	facts.state.pid = 0;
	assert_only(GAP_BOOT_FLAG, "before auditing", "/proc/cmdline", "audit=1");
	facts.audit_at_boot = true;
	judge();
	assert_int_equal(gaps.count, 0);
}

static void test_missing_rule(void **state)
{
	have(NULL, "-F a0=0x4206");
	judge();
	assert_int_equal(gaps.count, 2);
	assert_text(&find(GAP_MISSING)->mend,
		    "auditctl -a always,exit -F arch=b64 -S ptrace -F a0=0x4206 -k proctor_xmem");
	assert_text(&gaps.items[1].mend, "-F arch=b32 ");
	assert_text(&gaps.items[1].unseen, "32-bit programs");
	have(NULL, "io_uring -S");
	assert_only(GAP_MISSING, "io_uring", "no audit rule", "--install");
}

/* Only what is missing of a rule is to be added. */
static void test_part_of_a_rule(void **state)
{
	have("-a always,exit -F arch=b64 -S openat,open -F devmajor=0 -F devminor=21 -k other", "-F arch=b64 -S open,");
	assert_only(
		GAP_MISSING, "minor 21", "no audit rule",
		"auditctl -a always,exit -F arch=b64 -S creat,openat2 -F devmajor=0 -F devminor=21 -k proctor_procfs");
}

static void test_other_keys_count(void **state)
{
	static const char *const enough[] = {
		"-a always,exit -F arch=b64 -S all -F dir=/proc -F perm=r -k x",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F dir=/proc/",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F devminor=21 -k x",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2",
		"-a always,exit -S all -F dir=/ -k x",
	};

	for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++) {
		have(enough[i], "-F arch=b64 -S open,");
		judge();
		assert_int_equal(gaps.count, 0);
	}
}

static void test_too_narrow(void **state)
{
	static const char *const part[] = {
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F auid>=1000 -k x",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F dir=/proc/1 -k x",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F devminor=21 -F success=0",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F devminor=21 -F filetype=file",
	};
	static const char *const elsewhere[] = {
		"-a always,exit -F arch=b32 -S all -F dir=/proc",
		"-a always,exit -F arch=b64 -S all -F dir=/etc",
		"-a always,exit -F arch=b64 -S all -F dir=/pro",
		"-a always,exit -F arch=b64 -S all -F dir=/proc -F perm=wa",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F devminor=22",
		"-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F devmajor!=0",
	};

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		have(part[i], "-F arch=b64 -S open,");
		assert_only(GAP_PARTIAL, "minor 21", strchr(part[i], '-'), "-F devminor=21 -k proctor_procfs");
	}
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		have(elsewhere[i], "-F arch=b64 -S open,");
		assert_only(GAP_MISSING, "minor 21", "no audit rule", "-F devminor=21 -k proctor_procfs");
	}
}

static void test_shadowed(void **state)
{
	have("-a never,exit -F arch=b64 -S openat", NULL);
	assert_only(GAP_SHADOWED, "minor 21", "-a never,exit -F arch=b64 -S openat",
		    "auditctl -A always,exit -F arch=b64 -S openat -F devmajor=0 -F devminor=21 -k proctor_procfs");
	have("-a never,exit -F arch=b64 -S execve,execveat", NULL);
	assert_only(
		GAP_SHADOWED, "program", "never,exit",
		"auditctl -d always,exit -F arch=b64 -S execve,execveat -F success=1 -k proctor_exec && auditctl -A "
		"always,exit -F arch=b64 -S execve,execveat -F success=1 -k proctor_exec");
	have("-a never,exit -F arch=b64 -S openat -F exe=/usr/bin/ps", NULL);
	assert_only(GAP_EXCEPTION, "rule below", "exe=/usr/bin/ps", "auditctl -d never,exit");
	assert_int_equal(gaps.items[0].rank, GAP_RANK_NOTE);
	have("-a never,exit -F arch=b64 -S read", NULL);
	judge();
	assert_int_equal(gaps.count, 0);
}

/* A never behind the rule that sees it does no harm. */
static void test_never_behind(void **state)
{
	give_rule(&facts.rules, "-a never,exit -S all");
	judge();
	assert_int_equal(gaps.count, 0);
}

static void test_blinding_lists(void **state)
{
	have("-a never,filesystem -F fstype=0x9fa0", NULL);
	assert_only(GAP_FILESYSTEM_NEVER, "procfs", "-a never,filesystem -F fstype=0x9fa0",
		    "auditctl -d never,filesystem -F fstype=0x9fa0");
	have("-a never,filesystem -F fstype!=0xef53", NULL);
	assert_only(GAP_FILESYSTEM_NEVER, "procfs", "fstype!=0xef53",
		    "auditctl -d never,filesystem -F 'fstype!=0xef53'");
	have("-a never,filesystem -F fstype=0x64626720", NULL);
	judge();
	assert_int_equal(gaps.count, 0);
	have("-a never,task", NULL);
	assert_only(GAP_TASK_NEVER, "since the rule came", "-a never,task", "auditctl -d never,task, and restart");
	have("-a never,task -F uid=33", NULL);
	assert_only(GAP_TASK_NEVER, "other conditions", "uid=33", "auditctl -d never,task -F uid=33");
	have("-a always,exclude -F msgtype=PATH", NULL);
	assert_only(GAP_EXCLUDED, "PATH", "msgtype=PATH", "auditctl -d always,exclude -F msgtype=PATH");
	have("-a always,exclude -F msgtype=PROCTITLE", NULL);
	judge();
	assert_int_equal(gaps.count, 0);
	have("-a always,exclude -F msgtype>=1300 -F msgtype<=1302", NULL);
	judge();
	assert_int_equal(gaps.count, 2); /* SYSCALL, PATH */
}

static void test_second_procfs(void **state)
{
	struct audit_rules all = { 0 };
	struct audit_wish wish = { .procfs = &facts.procfs, .runs_32bit = true };

	facts.procfs.items[1] = (struct procfs){ .minor = 99, .pid = 77, .whole = true, .where = "/proc" };
	facts.procfs.count = 2;
	audit_rules_build(&all, &wish, NULL);
	audit_rules_finish(&wanted);
	wanted = all;
	judge();
	assert_int_equal(gaps.count, 2); /* both architectures */
	assert_int_equal(gaps.items[0].kind, GAP_SECOND_PROCFS);
	assert_text(&gaps.items[0].unseen, "process 77");
	assert_text(&gaps.items[0].mend, "-F devminor=99 ");
	/* A rule on our /proc does not reach another mount namespace's. */
	give_rule(&facts.rules, "-a always,exit -S all -F dir=/proc");
	judge();
	assert_int_equal(gaps.count, 2);
	give_rule(&facts.rules, "-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F devminor=99");
	judge();
	assert_int_equal(gaps.count, 1);
}

static void test_targeted(void **state)
{
	static const struct audit_target targets[] = { { 4242, "sshd" } };
	struct audit_wish wish = { .profile = AUDIT_PROFILE_TARGETED,
				   .procfs = &facts.procfs,
				   .targets = targets,
				   .target_count = 1,
				   .runs_32bit = true };

	audit_rules_finish(&wanted);
	audit_rules_build(&wanted, &wish, NULL);
	judge();
	assert_int_equal(gaps.count, 0); /* the full profile sees it */
	audit_rules_finish(&facts.rules);
	have(NULL, "/proc/4242/maps");
	judge();
	assert_int_equal(gaps.count, 2);
	have("-a always,exit -F arch=b64 -S all -F path=/proc/4242/maps",
	     "b64 -S open,creat,openat,openat2 -F path=/proc/4242/maps");
	judge();
	assert_int_equal(gaps.count, 0);
}

static void test_uring(void **state)
{
	have("-a always,exit -S all", "io_uring -S"); /* another list */
	assert_only(GAP_MISSING, "io_uring", "no audit rule", "--install");
	have(NULL, "io_uring -S");
	facts.uring = URING_OFF;
	judge();
	assert_int_equal(gaps.count, 0);
	facts.uring = URING_UNAUDITED;
	assert_only(GAP_URING, "io_uring", "5.16", "newer kernel");
}

static void test_procfs_unknown(void **state)
{
	facts.procfs.unreadable = 3;
	assert_only(GAP_PROCFS_UNKNOWN, "procfs", "3 processes", "root");
	assert_int_equal(gaps.items[0].rank, GAP_RANK_NOTE);
}

/* ---- the readers of facts ---- */

static void test_command_line(void **state)
{
	assert_true(coverage_audit_at_boot(SPAN("quiet audit=1 x=y\n")));
	assert_true(coverage_audit_at_boot(SPAN("audit=0 audit=1")));
	assert_false(coverage_audit_at_boot(SPAN("audit=1 audit=0")));
	assert_false(coverage_audit_at_boot(SPAN("quiet my_audit=1 audit_backlog_limit=8192 audit=10\n")));
	assert_false(coverage_audit_at_boot(SPAN("")));
}

static void test_listeners(void **state)
{
	static const char text[] = "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks\n"
				   "00000000e8a7bbe7 9   0          00000000 0        0        0     2\n"
				   "00000000e8a7bbe8 9   1          00000001 0        0        0     2\n"
				   "00000000e8a7bbe9 0   1          00000001 0        0        0     2\n"
				   "00000000e8a7bbea 9   4294963193 00000003 0        0        0     2\n";

	assert_int_equal(coverage_count_listeners(SPAN(text)), 2);
	assert_int_equal(coverage_count_listeners(SPAN("9 9\n\n9")), 0);
}

static void test_start(void **state)
{
	uint64_t ticks = 0;

	assert_true(coverage_start_of(
		SPAN("7 (a) b (c)) S 1 1 1 -1 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 1265855 31\n"), &ticks));
	assert_int_equal(ticks, 1265855);
	assert_false(
		coverage_start_of(SPAN("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0\n"), &ticks));
	assert_false(coverage_start_of(SPAN("7 (a) S 1 1"), &ticks));
	assert_false(coverage_start_of(SPAN(""), &ticks));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_covered),
		TEST(test_state),
		TEST(test_nobody_listens),
		TEST(test_older_processes),
		TEST(test_missing_rule),
		TEST(test_part_of_a_rule),
		TEST(test_other_keys_count),
		TEST(test_too_narrow),
		TEST(test_shadowed),
		TEST(test_never_behind),
		TEST(test_blinding_lists),
		TEST(test_second_procfs),
		TEST(test_targeted),
		TEST(test_uring),
		TEST(test_procfs_unknown),
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
