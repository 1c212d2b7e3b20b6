/* rule/names.c: known tools, credential holders, debuggers; and the cluster manager that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule/crash.h"
#include "rule/names.h"

static enum tool_match match_of(const char *exe, const char *script, const char *comm, const char *cmdline)
{
	const struct process process = {
		.exe = span_of(exe), .script = span_of(script), .comm = span_of(comm), .cmdline = span_of(cmdline)
	};
	struct tool tool = tool_of_process(&process);

	assert_int_equal(tool.match != TOOL_NONE, tool.what != NULL);
	return tool.match;
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
		assert_int_equal(tool_of_text(span_of(lines[i][0]), span_of(lines[i][1])).match, TOOL_NONE);
	/* S1109 is another program of that name. */
	assert_int_equal(match_of("/tmp/pacemaker", NULL, NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(match_of("/root/PACEMAKER", NULL, NULL, NULL), TOOL_IS_PROGRAM);
	assert_int_equal(tool_of_text(SPAN("sudo"), SPAN("u : COMMAND=/tmp/pacemaker -t 10")).match, TOOL_IS_PROGRAM);
}

static void lines(void **state)
{
	assert_int_equal(tool_of_text(SPAN("sudo"), SPAN("u : COMMAND=/tmp/lazagne memory")).match, TOOL_IS_PROGRAM);
	assert_int_equal(tool_of_text(SPAN("mimipenguin"), SPAN("x")).match, TOOL_IS_PROGRAM);
	assert_int_equal(tool_of_text(SPAN("bash"), SPAN("HISTORY: wget x/LaZagne.zip")).match, TOOL_IN_TEXT);
	assert_int_equal(tool_of_text(SPAN("sudo"), SPAN("u : COMMAND=/bin/cat /tmp/mimipenguin.log")).match,
			 TOOL_IN_TEXT);
	assert_int_equal(tool_of_text(SPAN("sshd"), SPAN("Accepted publickey for u")).match, TOOL_NONE);
	assert_int_equal(tool_of_text(SPAN("sudo"), SPAN("u : COMMAND=")).match, TOOL_NONE);
	assert_int_equal(tool_of_text((struct span){ 0 }, (struct span){ 0 }).match, TOOL_NONE);
}

static void memory_arguments(void **state)
{
	assert_true(has_memory_argument(SPAN("lazagne memory")));
	assert_true(has_memory_argument(SPAN("lazagne all -v")));
	assert_true(has_memory_argument(SPAN("x  --memdump")));
	assert_false(has_memory_argument(SPAN("lazagne browsers")));
	assert_false(has_memory_argument(SPAN("lazagne --all-memory allmemory")));
	assert_false(has_memory_argument((struct span){ 0 }));
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

static void debuggers(void **state)
{
	assert_true(is_debugger(SPAN("/usr/bin/gdb")));
	assert_true(is_debugger(SPAN("/usr/bin/strace")));
	assert_true(is_debugger(SPAN("/usr/lib/llvm-14/bin/lldb-server")));
	assert_false(is_debugger(SPAN("/tmp/gdb")));
	assert_false(is_debugger(SPAN("gdb")));
	assert_false(is_debugger(SPAN("/usr/local/bin/gdb")));
	assert_false(is_debugger(SPAN("/usr/bin/gdb (deleted)")));
	assert_false(is_debugger(SPAN("/usr/bin/gdbx")));
	assert_false(is_debugger(SPAN("/usr/bin/gdb-x/../../../tmp/gdb")));
	assert_false(is_debugger(SPAN("/usr/bin/gdb\0x")));
	assert_false(is_debugger(SPAN("/usr/lib/llvm-14/../../tmp/bin/lldb")));
	assert_false(is_debugger((struct span){ 0 }));
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
