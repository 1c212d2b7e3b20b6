/* resolve/command.c and the arguments of call.c: what was executed, and what a command line alone tells. */
#include "scene.h"

/* The last sighting of a kind, NULL when there is none. */
static const struct access *last_of(enum sighting sighting)
{
	scene_play();
	for (size_t i = scene.sighting_count; i--;)
		if (scene.sightings[i].access.sighting == sighting)
			return &scene.sightings[i].access;
	return NULL;
}

static void executed(void **state)
{
	scene_start();
	EXEC("/opt/tool", .argv = { "tool", "a b", "c\"d" });
	const struct access *access = last_of(SIGHTING_EXECUTION);
	assert_non_null(access);
	assert_text(access->actor.exe, "/opt/tool");
	assert_text(access->actor.cmdline, "tool a b c\"d");
	assert_null(access->actor.script.data);
	assert_int_equal(access->actor.start_ms, 1795430000250);
	assert_int_equal(scene_access_count(), 0);
	/* What failed did not run. */
	scene_start();
	DO(execve, .exit = -ENOENT, .argv = { "lazagne" }, .paths = { { "/tmp/lazagne", .missing = true } });
	access = last_of(SIGHTING_EXECUTION);
	assert_true(!access || span_equal(access->actor.exe, SPAN("/opt/x")));
}

/* The file that the kernel executed comes back behind the interpreter's own name. */
static void scripts(void **state)
{
	scene_start();
	DO(execve, .exe = "/usr/bin/perl", .argv = { "/usr/bin/perl", "-w", "/usr/sbin/needrestart" },
	   .paths = { { "/usr/sbin/needrestart", .dev = "fd:00", .mode = 0100755 },
		      { "/usr/bin/perl", .dev = "fd:00", .mode = 0100755 } });
	OPEN("/proc/812/maps", BY(500, .exe = "/usr/bin/perl"), .path.mode = 0100444);
	const struct access *access = scene_only();
	assert_text(access->actor.script, "/usr/sbin/needrestart");
	assert_int_equal(access->actor.script_uid, 0);
	assert_text(access->actor.cmdline, "/usr/bin/perl -w /usr/sbin/needrestart");
	/* Somebody else's file; named relative to the working directory. */
	scene_start();
	DO(execve, .exe = "/usr/bin/python3.11", .cwd = "/home/u", .argv = { "python3", "./dump.py" },
	   .paths = { { "./dump.py", .dev = "fd:00", .mode = 0100755, .uid = 1001 },
		      { "/usr/bin/python3", .dev = "fd:00", .mode = 0100755 } });
	OPEN("/proc/812/mem", .event.exe = "/usr/bin/python3.11");
	assert_text(scene_only()->actor.script, "/home/u/dump.py");
	assert_int_equal(scene_only()->actor.script_uid, 1001);
	/* An argument that the kernel did not execute is no script, whatever argv says. */
	scene_start();
	EXEC("/usr/bin/perl", .argv = { "/usr/bin/perl", "-w", "/usr/sbin/needrestart" });
	OPEN("/proc/812/maps", BY(500, .exe = "/usr/bin/perl"), .path.mode = 0100444);
	assert_null(scene_only()->actor.script.data);
	scene_start();
	EXEC("/usr/bin/perl", .argv = { "/usr/sbin/needrestart", "/usr/bin/perl" });
	OPEN("/proc/812/maps", BY(500, .exe = "/usr/bin/perl"), .path.mode = 0100444);
	assert_true(!scene_only()->actor.script.data ||
		    !span_equal(scene_only()->actor.script, SPAN("/usr/sbin/needrestart")));
}

/* The next exec forgets the script; a fork that runs on keeps it. */
static void scripts_end(void **state)
{
	scene_start();
	DO(execve, .exe = "/usr/bin/perl", .argv = { "/usr/bin/perl", "/usr/sbin/needrestart" },
	   .paths = { { "/usr/sbin/needrestart", .dev = "fd:00", .mode = 0100755 } });
	OPEN("/proc/812/maps", BY(501, .ppid = 500, .exe = "/usr/bin/perl"), .path.mode = 0100444);
	assert_text(scene_access(0)->actor.script, "/usr/sbin/needrestart");
	OPEN("/proc/812/maps", BY(502, .ppid = 500, .exe = "/usr/bin/cat"), .path.mode = 0100444);
	assert_null(scene_access(0)->actor.script.data);
	EXEC("/usr/bin/perl", .argv = { "perl", "-e", "1" });
	OPEN("/proc/812/maps", BY(500, .exe = "/usr/bin/perl"), .path.mode = 0100444);
	assert_null(scene_access(0)->actor.script.data);
	/* Executed unseen: another exe under the same pid. */
	scene_start();
	DO(execve, .exe = "/usr/bin/perl", .argv = { "/usr/bin/perl", "/usr/sbin/needrestart" },
	   .paths = { { "/usr/sbin/needrestart", .dev = "fd:00", .mode = 0100755 } });
	OPEN("/proc/812/maps", .event.exe = "/usr/bin/python3", .path.mode = 0100444);
	assert_null(scene_only()->actor.script.data);
}

#define BY_ENV(...)                                                                                  \
	DO(execve, .exe = "/usr/bin/env", .cwd = "/home/u", .argv = { "/usr/bin/env", __VA_ARGS__ }, \
	   .paths = { { "./dump.py", .dev = "fd:00", .mode = 0100755, .uid = 1001 },                 \
		      FILE_AND_LOADER("/usr/bin/env") })

/* "#!/usr/bin/env python3": env executes the interpreter in its place, the script stays. */
static void scripts_of_env(void **state)
{
	scene_start();
	BY_ENV("python3", "./dump.py", "812");
	EXEC("/usr/bin/python3.11", .cwd = "/home/u", .argv = { "python3", "./dump.py", "812" });
	OPEN("/proc/812/mem", .event.exe = "/usr/bin/python3.11");
	assert_text(scene_only()->actor.script, "/home/u/dump.py");
	assert_int_equal(scene_only()->actor.script_uid, 1001);
	/* With -S, options stand before it. */
	scene_start();
	BY_ENV("-S python3 -u", "./dump.py", "812");
	EXEC("/usr/bin/python3.11", .cwd = "/home/u", .argv = { "python3", "-u", "./dump.py", "812" });
	OPEN("/proc/812/mem", .event.exe = "/usr/bin/python3.11");
	assert_text(scene_only()->actor.script, "/home/u/dump.py");
	/* What that interpreter executes is another program; and env alone, with a script among its words, is none. */
	EXEC("/usr/bin/cat", .cwd = "/home/u", .argv = { "cat", "./dump.py" });
	OPEN("/proc/812/mem", .event.exe = "/usr/bin/cat");
	assert_null(scene_access(0)->actor.script.data);
	scene_start();
	EXEC("/usr/bin/env", .cwd = "/home/u", .argv = { "env", "python3", "./dump.py" });
	EXEC("/usr/bin/python3.11", .cwd = "/home/u", .argv = { "python3", "./dump.py" });
	OPEN("/proc/812/mem", .event.exe = "/usr/bin/python3.11");
	assert_null(scene_only()->actor.script.data);
	/* Other interpreters hand nothing on. */
	scene_start();
	DO(execve, .exe = "/usr/bin/bash", .cwd = "/home/u", .argv = { "/bin/bash", "./dump.py" },
	   .paths = { { "./dump.py", .dev = "fd:00", .mode = 0100755 }, FILE_AND_LOADER("/bin/bash") });
	EXEC("/usr/bin/python3.11", .cwd = "/home/u", .argv = { "python3", "./dump.py" });
	OPEN("/proc/812/mem", .event.exe = "/usr/bin/python3.11");
	assert_null(scene_only()->actor.script.data);
}

/* Who owns it, and who may write it, decides what its path is worth. */
static void owners(void **state)
{
	static const struct {
		unsigned uid, mode;
		bool trusted;
	} cases[] = {
		{ 0, 0100755, true },  { 0, 0104755, true },	 { 0, 0100775, false },
		{ 0, 0100757, false }, { 1000, 0100755, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_start();
		DO(execve, .exe = "/usr/bin/ps", .argv = { "ps" },
		   .paths = { { "/usr/bin/ps", .dev = "fd:00", .mode = cases[i].mode, .uid = cases[i].uid } });
		OPEN("/proc/812/environ", .event.exe = "/usr/bin/ps", .path.mode = 0100400);
		assert_int_equal(scene_only()->trusted_exe, cases[i].trusted);
	}
	/* A process that nobody saw start is what it says. */
	scene_start();
	OPEN("/proc/812/environ", .event.exe = "/usr/bin/ps", .path.mode = 0100400);
	assert_true(scene_only()->trusted_exe);
	/* A root of its own: /usr/bin/ps there is anything. */
	scene_start();
	DO(chroot, .exe = "/usr/bin/ps", .paths = { { "/tmp/r", .dev = "fd:00", .mode = DIRECTORY } });
	OPEN("/proc/812/environ", .event.exe = "/usr/bin/ps", .path.mode = 0100400);
	assert_false(scene_only()->trusted_exe);
	/* Something was mounted over it, or over the folder that it lies in. */
	scene_start();
	DO(mount, .pid = 300, .exe = "/usr/bin/mount",
	   .paths = { { "/usr/bin/ps", .dev = "fd:00", .mode = 0100755 },
		      { "/tmp/evil", .dev = "fd:00", .mode = 0100755 } });
	OPEN("/proc/812/environ", .event.exe = "/usr/bin/ps", .path.mode = 0100400);
	assert_false(scene_only()->trusted_exe);
	scene_start();
	DO(mount, .pid = 300, .exe = "/usr/bin/mount",
	   .paths = { { "/usr/bin", .dev = "fd:00", .mode = DIRECTORY },
		      { "/tmp/evil", .dev = "fd:00", .mode = DIRECTORY } });
	OPEN("/proc/812/environ", .event.exe = "/usr/bin/ps", .path.mode = 0100400);
	assert_false(scene_only()->trusted_exe);
}

/* An argument in pieces over several records, as the kernel splits what is longer than 7500 bytes. */
static void long_arguments(void **state)
{
	struct buffer record = { 0 };

	scene_start();
	scene_add(&(struct scene_event){ .call = CALL_execve,
					 .exe = "/opt/tool",
					 .more = { "EXECVE argc=3 a0=\"tool\" a1_len=12 a1[0]=616263",
						   "EXECVE a1[1]=646566 a1[2]=\"ghi\"", "EXECVE a2=\"last\"" } });
	const struct access *access = last_of(SIGHTING_EXECUTION);
	assert_text(access->actor.cmdline, "tool abcdefghi last");
	/* 64 KiB in one, and far more arguments than anybody reads. */
	scene_start();
	buffer_text(&record, "EXECVE argc=3000");
	for (unsigned i = 0; i < 3000; i++)
		buffer_printf(&record, " a%u=\"%u\"", i, i);
	buffer_printf(&record, " a1_len=65536");
	for (unsigned i = 0; i < 8192; i++)
		buffer_printf(&record, " a1[%u]=4141414141414141", i);
	buffer_add_byte(&record, 0);
	scene_add(&(struct scene_event){ .call = CALL_execve, .exe = "/opt/tool", .more = { record.data } });
	assert_non_null(last_of(SIGHTING_EXECUTION));
	buffer_finish(&record);
	/* Numbers out of order, doubled and huge. */
	scene_start();
	scene_add(&(struct scene_event){ .call = CALL_execve,
					 .exe = "/opt/tool",
					 .more = { "EXECVE argc=99 a5=\"x\" a0=\"tool\" a18446744073709551615=\"y\" "
						   "a0=\"again\" a1[7]=62 a1x=\"z\" a=\"q\" a_1=\"r\"" } });
	assert_text(last_of(SIGHTING_EXECUTION)->actor.cmdline, "tool b");
}

static void command_names_an_entry(void **state)
{
	scene_start();
	EXEC("/usr/bin/cat", .argv = { "cat", "/proc/812/maps" });
	const struct access *access = scene_only();
	assert_access(access, 812, MAPS, COMMAND, false);
	assert_int_equal(access->verb, VERB_EXEC);
	assert_text(access->path, "/proc/812/maps");
	scene_start();
	EXEC("/usr/bin/dd", .argv = { "dd", "if=/proc/812/mem", "of=/tmp/x" });
	assert_access(scene_only(), 812, MEM, COMMAND, false);
	scene_start();
	EXEC("/bin/sh", .argv = { "sh", "-c", "cat </proc/812/task/813/environ>/tmp/x" });
	assert_access(scene_only(), 812, ENVIRON, COMMAND, false);
	scene_start();
	EXEC("/bin/sh", .argv = { "sh", "-c", "grep -l x /proc/[0-9]*/maps /proc/*/environ" });
	assert_int_equal(scene_access_count(), 2);
	assert_access(scene_access(0), UNKNOWN_ID, ENVIRON, COMMAND, false);
	assert_access(scene_access(1), UNKNOWN_ID, MAPS, COMMAND, false);
}

static void command_names_none(void **state)
{
	static const char *const commands[] = {
		"cat /proc/self/maps",	     "cat /proc/500/maps", "cat /proc/812/status", "cat /proc/812/smaps",
		"cat /srv/proc/812/mem",     "cat x/proc/812/mem", "cat /proc/812/memo",   "cat /proc/*/status",
		"cat /proc/812/mem/x",	     "echo /proc/ /proc",  "cat /proc//",	   "cat /procs/812/mem",
		"cat /proc/99999999999/mem", "cat /proc/0/mem",	   "cat ~/proc/812/mem",   "cat a-/proc/812/mem",
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		scene_start();
		EXEC("/bin/sh", .argv = { "sh", "-c", commands[i] });
		print_message("%s\n", commands[i]);
		assert_int_equal(scene_access_count(), 0);
	}
}

static void only_a_title(void **state)
{
	scene_start();
	OPEN("/etc/passwd", .path = { "/etc/passwd", .dev = "fd:00", .mode = 0100644 },
	     .event = { .title = "grep x /proc/812/maps" });
	assert_access(scene_only(), 812, MAPS, COMMAND, false);
	/* Once a process. */
	OPEN("/etc/passwd", .path = { "/etc/passwd", .dev = "fd:00", .mode = 0100644 },
	     .event = { .title = "grep x /proc/812/maps" });
	assert_int_equal(scene_access_count(), 1);
	/* Whoever was seen to execute has told its command line then; a title anybody can write. */
	scene_start();
	EXEC("/opt/x", .argv = { "x" });
	OPEN("/etc/passwd", .path = { "/etc/passwd", .dev = "fd:00", .mode = 0100644 },
	     .event = { .title = "grep x /proc/812/maps" });
	assert_int_equal(scene_access_count(), 0);
}

/* The open that it announced takes its place. */
static void announced(void **state)
{
	scene_start();
	EXEC("/usr/bin/cat", .argv = { "cat", "/proc/812/maps" });
	OPEN("/proc/812/maps", .event.exe = "/usr/bin/cat", .path.mode = 0100444, .event.at = 1);
	const struct finding *finding = scene_finding();
	assert_int_equal(finding->access.verb, VERB_OPEN);
	assert_int_equal(finding->count, 1);
	assert_access(&finding->access, 812, MAPS, PATH, true);
	assert_int_equal(finding->first_ms, 1795430001250);
	assert_false(has_reason(finding, "not seen to open it"));
}

static void sudo_s_own_word(void **state)
{
	scene_start();
	scene_add(&(struct scene_event){
		.without_syscall = true,
		.more = { "USER_CMD pid=9 uid=1000 auid=1000 ses=2 msg='cwd=\"/\" cmd=2F746D702F6C617A61676E6520616C6C "
			  "terminal=pts/0 res=success'" } });
	const struct access *access = last_of(SIGHTING_EXECUTION);
	assert_non_null(access);
	assert_text(access->actor.cmdline, "/tmp/lazagne all");
	assert_int_equal(access->actor.uid, 1000);
	assert_int_equal(scene_finding()->risk, RISK_KNOWN_TOOL);
	/* dd if=/proc/812/mem of=/tmp/o */
	scene_start();
	scene_add(&(struct scene_event){ .without_syscall = true,
					 .more = { "USER_CMD pid=9 uid=1000 auid=1000 ses=2 msg='cwd=\"/\" "
						   "cmd=64642069663D2F70726F632F3831322F6D656D206F663D2F746D702F6F "
						   "terminal=pts/0 res=success'" } });
	assert_access(scene_only(), 812, MEM, COMMAND, false);
	assert_text(scene_only()->actor.cmdline, "dd if=/proc/812/mem of=/tmp/o");
}

static void crashed(void **state)
{
	scene_start();
	scene_add(&(struct scene_event){
		.without_syscall = true,
		.more = { "ANOM_ABEND auid=4294967295 uid=0 gid=0 ses=4294967295 pid=812 comm=\"sshd\" "
			  "exe=\"/usr/sbin/sshd\" sig=11 res=1" } });
	assert_non_null(last_of(SIGHTING_CRASH));
	const struct finding *finding = scene_finding();
	assert_int_equal(finding->risk, RISK_REVIEW);
	assert_text(finding->access.target.comm, "sshd");
	assert_int_equal(finding->access.target.pid, 812);
	assert_true(finding->access.actor.pid == UNKNOWN_ID);
}

/* More of everything than a kernel writes. */
static void floods(void **state)
{
	struct buffer record = { 0 };

	buffer_text(&record, "EXECVE argc=2 a0=\"x\" a1=\"");
	for (unsigned i = 1; i < 20000; i++)
		buffer_printf(&record, "/proc/%u/mem,", i);
	buffer_text(&record, "\"");
	buffer_add_byte(&record, 0);
	scene_start();
	scene_add(&(struct scene_event){ .call = CALL_execve, .exe = "/x", .more = { record.data } });
	assert_in_range(scene_access_count(), 1, 8);
	buffer_finish(&record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(executed),
		cmocka_unit_test(scripts),
		cmocka_unit_test(scripts_end),
		cmocka_unit_test(scripts_of_env),
		cmocka_unit_test(owners),
		cmocka_unit_test(long_arguments),
		cmocka_unit_test(command_names_an_entry),
		cmocka_unit_test(command_names_none),
		cmocka_unit_test(only_a_title),
		cmocka_unit_test(announced),
		cmocka_unit_test(sudo_s_own_word),
		cmocka_unit_test(crashed),
		cmocka_unit_test(floods),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, scene_teardown);
}
