/* The shipped rules and lists: known tools, credential holders, debuggers; and the cluster manager that is none. */
#include "assessed.h"

#include "rule/crash.h"

enum tool_match { TOOL_NONE, TOOL_IN_TEXT = 45, TOOL_IN_ARGUMENTS = 45, TOOL_IS_PROGRAM = 70 };

static unsigned tool_score(const struct access *access)
{
	struct verdict verdict = judged(access);

	assert_int_equal(verdict.risk != RISK_NONE, verdict.threat.len != 0);
	assert_true(verdict.risk == RISK_NONE || verdict.risk == RISK_KNOWN_TOOL);
	return verdict.score;
}

static unsigned match_of(const char *exe, const char *script, const char *comm, const char *cmdline)
{
	struct access access = *OPENED(.sighting = SIGHTING_EXECUTION, .verb = VERB_EXEC, .entry = ENTRY_NONE);

	access.actor.exe = span_of(exe);
	access.actor.script = span_of(script);
	access.actor.comm = span_of(comm);
	access.actor.cmdline = span_of(cmdline);
	/* What lies in /tmp adds to the score, too. */
	unsigned score = tool_score(&access);
	return score >= 80 ? score - 10 : score >= 75 ? score - 5 : score == 50 ? 45 : score;
}

static unsigned in_line(struct span program, struct span message)
{
	struct access access = *LINE("", "");

	access.actor.comm = program;
	access.message = message;
	unsigned score = tool_score(&access);
	return score == 80 ? 70 : score;
}

static void tools(void **state)
{
	assert_int_equal(match_of("/tmp/lazagne", NULL, NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/tmp/LaZagne-2.4.5", NULL, NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/usr/bin/python3", "/opt/lazagne/laZagne.py", NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/bin/bash", "/root/mimipenguin.sh", NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/usr/bin/python3", NULL, "mimipenguin.py", NULL), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/bin/x", NULL, "x", "/tmp/3snake -d"), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/usr/bin/python3", NULL, "python3", "python3 /tmp/mimipy.py"), TOOL_IN_ARGUMENTS);
	assert_int_equal(match_of("/usr/bin/wget", NULL, "wget", "wget https://x/LinikatzV2/linikatz.sh"),
			 TOOL_IN_ARGUMENTS);
	assert_int_equal(match_of("/opt/lazagne/bin/cat", NULL, "cat", "cat"), TOOL_IN_ARGUMENTS);
	assert_int_equal(match_of("/usr/bin/cat", NULL, "cat", "cat /etc/passwd"), TOOL_NONE);
	assert_int_equal(match_of(NULL, NULL, NULL, NULL), TOOL_NONE);
	assert_int_equal(match_of("/tmp/lazagn", NULL, NULL, "lasagne"), TOOL_NONE);
	assert_int_equal(match_of("/tmp/truffleproc.sh", NULL, NULL, NULL), TOOL_IS_PROGRAM);
}

/* ClusterLabs: never. */
static void cluster_manager(void **state)
{
	static const char *const programs[] = {
		"/usr/sbin/pacemakerd",
		"/usr/sbin/pacemaker-remoted",
		"/usr/lib/pacemaker/pacemaker-controld",
		"/usr/libexec/pacemaker/pacemaker-execd",
		"/usr/lib64/pacemaker/pacemaker-fenced",
		"/usr/lib/pacemaker/pacemaker",
		"/etc/init.d/pacemaker",
		"/usr/lib/ocf/resource.d/pacemaker/ping",
	};
	static const char *const lines[][2] = {
		{ "pacemakerd", "notice: Starting Pacemaker 2.1.5" },
		{ "pacemaker-controld", "notice: State transition S_IDLE -> S_POLICY_ENGINE" },
		{ "pacemaker-based", "info: pacemaker memory" },
		{ "systemd", "Started pacemaker.service - Pacemaker High Availability Cluster Manager." },
		{ "sudo", "ha : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/systemctl start pacemaker" },
		{ "sudo", "ha : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/sbin/service pacemaker restart" },
		{ "sudo", "ha : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/etc/init.d/pacemaker restart" },
		{ "sudo", "ha : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/sbin/pacemakerd --features" },
		{ "crm", "hacluster pacemaker" },
	};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		const char *base = strrchr(programs[i], '/') + 1;
		assert_int_equal(match_of(programs[i], NULL, base, programs[i]), TOOL_NONE);
		assert_int_equal(match_of("/bin/bash", programs[i], base, programs[i]), TOOL_NONE);
	}
	assert_int_equal(match_of("/usr/bin/systemctl", NULL, "systemctl", "systemctl start pacemaker"), TOOL_NONE);
	assert_int_equal(match_of("/usr/bin/grep", NULL, "grep", "grep pacemaker /var/log/syslog"), TOOL_NONE);
	assert_int_equal(match_of("/usr/bin/apt-get", NULL, "apt-get", "apt-get install pacemaker"), TOOL_NONE);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(in_line(span_of(lines[i][0]), span_of(lines[i][1])), TOOL_NONE);
	/* S1109 is another program of that name. */
	assert_int_equal(match_of("/tmp/pacemaker", NULL, NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/root/PACEMAKER", NULL, NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(in_line(SPAN("sudo"), SPAN("u : COMMAND=/tmp/pacemaker -t 10")), TOOL_IS_PROGRAM);
}

static void lines(void **state)
{
	assert_int_equal(in_line(SPAN("sudo"), SPAN("u : COMMAND=/tmp/lazagne memory")), TOOL_IS_PROGRAM);
	assert_int_equal(in_line(SPAN("mimipenguin"), SPAN("x")), TOOL_IS_PROGRAM);
	assert_int_equal(in_line(SPAN("bash"), SPAN("HISTORY: wget x/LaZagne.zip")), TOOL_IN_TEXT);
	assert_int_equal(in_line(SPAN("sudo"), SPAN("u : COMMAND=/bin/cat /tmp/mimipenguin.log")), TOOL_IN_TEXT);
	assert_int_equal(in_line(SPAN("sshd"), SPAN("Accepted publickey for u")), TOOL_NONE);
	assert_int_equal(in_line(SPAN("sudo"), SPAN("u : COMMAND=")), TOOL_NONE);
	assert_int_equal(in_line((struct span){ 0 }, (struct span){ 0 }), TOOL_NONE);
}

static bool has_memory_argument(const char *cmdline)
{
	struct access access = *OPENED(.sighting = SIGHTING_EXECUTION, .verb = VERB_EXEC, .entry = ENTRY_NONE,
				       ACTOR(.exe = SPAN("/opt/lazagne")));

	access.actor.cmdline = span_of(cmdline);
	return tool_score(&access) == 80;
}

static void memory_arguments(void **state)
{
	assert_true(has_memory_argument("lazagne memory"));
	assert_true(has_memory_argument("lazagne all -v"));
	assert_true(has_memory_argument("x  --memdump"));
	assert_false(has_memory_argument("lazagne browsers"));
	assert_false(has_memory_argument("lazagne --all-memory allmemory"));
	assert_false(has_memory_argument(NULL));
}

static bool is_credential_holder(struct span comm, struct span exe)
{
	struct access access = *OPENED(.entry = ENTRY_MAPS);

	access.target.comm = comm;
	access.target.exe = exe;
	struct verdict verdict = judged(&access);
	assert_int_equal(verdict.credentials, says(&verdict, "holds credentials"));
	return verdict.credentials;
}

static void holders(void **state)
{
	assert_true(is_credential_holder(SPAN("sshd"), (struct span){ 0 }));
	assert_true(is_credential_holder((struct span){ 0 }, SPAN("/usr/sbin/sshd")));
	/* comm is cut at 15 bytes */
	assert_true(is_credential_holder(SPAN("gnome-keyring-d"), (struct span){ 0 }));
	assert_true(is_credential_holder(SPAN("gdm-session-wor"), (struct span){ 0 }));
	assert_true(is_credential_holder((struct span){ 0 }, SPAN("/usr/bin/gnome-keyring-daemon")));
	assert_false(is_credential_holder(SPAN("gnome-keyring"), (struct span){ 0 }));
	assert_false(is_credential_holder(SPAN("bash"), SPAN("/usr/bin/bash")));
	assert_false(is_credential_holder(SPAN("sshd2"), SPAN("/usr/sbin/sshd/x")));
	assert_false(is_credential_holder((struct span){ 0 }, (struct span){ 0 }));
}

static struct verdict by(struct span exe, struct span script)
{
	struct access access = *OPENED();

	access.actor.exe = exe;
	access.actor.script = script;
	return judged(&access);
}

static bool is_debugger(struct span exe)
{
	struct verdict verdict = by(exe, (struct span){ 0 });

	assert_int_equal(verdict.final, span_equal(verdict.rule->name, SPAN("debugger")));
	return verdict.final;
}

static void debuggers(void **state)
{
	assert_true(is_debugger(SPAN("/usr/bin/gdb")));
	assert_true(is_debugger(SPAN("/usr/bin/gdb-multiarch")));
	assert_true(is_debugger(SPAN("/usr/bin/strace")));
	assert_true(is_debugger(SPAN("/usr/lib/llvm-14/bin/lldb-server")));
	assert_false(is_debugger(SPAN("/tmp/gdb")));
	assert_false(is_debugger(SPAN("gdb")));
	assert_false(is_debugger(SPAN("/usr/bin/GDB")));
	assert_false(is_debugger(SPAN("/usr/local/bin/gdb")));
	assert_false(is_debugger(SPAN("/usr/bin/gdb (deleted)")));
	assert_false(is_debugger(SPAN("/usr/bin/gdbx")));
	assert_false(is_debugger(SPAN("/usr/bin/gdb-x/../../../tmp/gdb")));
	assert_false(is_debugger(SPAN("/usr/bin/gdb\0x")));
	assert_false(is_debugger(SPAN("/usr/lib/llvm-14/../../tmp/bin/lldb")));
	assert_false(is_debugger((struct span){ 0 }));
}

static bool is_interpreter(struct span exe)
{
	struct verdict verdict = by(exe, (struct span){ 0 });

	return says(&verdict, "by an interpreter");
}

static void interpreters(void **state)
{
	assert_true(is_interpreter(SPAN("/usr/bin/python3.11")));
	assert_true(is_interpreter(SPAN("/bin/sh")));
	assert_true(is_interpreter(SPAN("/tmp/perl5")));
	assert_false(is_interpreter(SPAN("/usr/bin/shred")));
	assert_false(is_interpreter(SPAN("/usr/sbin/sshd")));
	assert_false(is_interpreter(SPAN("/usr/bin/bashtop")));
	assert_false(is_interpreter((struct span){ 0 }));
}

static bool is_fileless(struct span exe)
{
	struct verdict verdict = by(exe, (struct span){ 0 });

	return says(&verdict, "no file on disk");
}

static bool is_temporary(struct span path)
{
	struct verdict program = by(path, (struct span){ 0 }), script = by(SPAN("/opt/x"), path);

	assert_int_equal(says(&program, "anyone can write"), says(&script, "anyone can write"));
	return says(&program, "anyone can write");
}

static void places(void **state)
{
	assert_true(is_fileless(SPAN("/memfd:x (deleted)")));
	assert_true(is_fileless(SPAN("/tmp/x (deleted)")));
	assert_false(is_fileless(SPAN("/tmp/x")));
	assert_true(is_temporary(SPAN("/tmp/x")));
	assert_true(is_temporary(SPAN("/dev/shm/x")));
	assert_false(is_temporary(SPAN("/tmpx/x")));
	assert_false(is_temporary(SPAN("/home/u/tmp/x")));
}

static bool line_crash(struct span program, struct span message, struct span *comm, uint64_t *pid)
{
	const struct access access = { .sighting = SIGHTING_LINE, .actor.comm = program, .message = message };

	return crash_of(&access, comm, pid);
}

static void crashes(void **state)
{
	struct span comm;
	uint64_t pid;

	assert_true(line_crash(SPAN("kernel"),
			       SPAN("[ 1234.5] sshd[812]: segfault at 7f ip 00 sp 00 error 4 in libc.so.6[7f+1]"),
			       &comm, &pid));
	assert_true(span_equal(comm, SPAN("sshd")));
	assert_int_equal(pid, 812);
	assert_true(line_crash(SPAN("kernel"), SPAN("traps: gnome-keyring-d[99] general protection fault ip:1 sp:2"),
			       &comm, &pid));
	assert_true(span_equal(comm, SPAN("gnome-keyring-d")));
	assert_true(
		line_crash(SPAN("kernel"), SPAN("traps: sudo[7] trap invalid opcode ip:1 sp:2 error:0"), &comm, &pid));
	/* Anybody can say so, the kernel alone counts. */
	assert_false(line_crash(SPAN("sshd"), SPAN("sshd[812]: segfault at 7f"), &comm, &pid));
	assert_false(line_crash(SPAN("kernel"), SPAN("sshd[812]: something else"), &comm, &pid));
	assert_false(line_crash(SPAN("kernel"), SPAN("sshd[x]: segfault at 7f"), &comm, &pid));
	assert_false(line_crash(SPAN("kernel"), SPAN("[[[[["), &comm, &pid));
	assert_false(line_crash(SPAN("kernel"), SPAN("a-name-that-is-too-long[1]: segfault at 7f"), &comm, &pid));
	assert_false(line_crash(SPAN("kernel"), SPAN(""), &comm, &pid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tools),	cmocka_unit_test(cluster_manager),
		cmocka_unit_test(lines),	cmocka_unit_test(memory_arguments),
		cmocka_unit_test(holders),	cmocka_unit_test(debuggers),
		cmocka_unit_test(interpreters), cmocka_unit_test(places),
		cmocka_unit_test(crashes),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
