/* Where a piece ends, nothing is lost: a log is cut between any two of its lines, and the drivers tell the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "audit_lines.h"
#include "base/buffer.h"
#include "drivers.h"

/* Auditd's own message, which is of no event. */
static void add_fill(struct buffer *log, size_t len)
{
	size_t start = log->len;

	buffer_add(log, SPAN("type=DAEMON_ROTATE msg=audit(1795430914.650:0): op="));
	while (log->len - start < len)
		buffer_add_byte(log, 'x');
	buffer_add_byte(log, '\n');
}

/* The sieve's pieces end behind `cut` bytes of the text; what stands in front of it is long enough for one border. */
static int compare_cut(struct span text, size_t cut, enum scan_telling telling)
{
	static struct buffer log;
	static int file;
	char path[32];
	const char *list[] = { path };
	struct scan_options options = drivers_options();

	buffer_reset(&log);
	add_fill(&log, text.len);
	options.piece_max = log.len + cut;
	buffer_add(&log, text);
	if (!file)
		file = memfd_create("log", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	assert_int_equal(ftruncate(file, 0), 0);
	assert_int_equal(pwrite(file, log.data, log.len, 0), (ssize_t)log.len);
	options.paths = list;
	options.path_count = 1;
	options.telling = telling;
	return drivers_compare(&options);
}

/* Returns at how many borders the sieve handed over to the stream. */
static size_t compare_all(struct span text)
{
	size_t doubted = 0;

	for (size_t at = 0; at < text.len; at += span_index(span_skip(text, at), '\n') + 1) {
		int result = compare_cut(text, at, SCAN_FINDINGS);
		if (result < 0)
			print_error("cut at byte %zu: …%.60s\n", at, text.data + at);
		assert_true(result >= 0);
		assert_true(compare_cut(text, at, SCAN_INCIDENTS) >= 0);
		doubted += !result;
	}
	return doubted;
}

#define TOOL(serial) ARGUMENTS(serial, "argc=2 a0=\"bash\" a1=\"/opt/truffleproc.sh\"")
#define SHELL(serial) CALL(serial, "59", "42", "41", "bash")
#define SHELL_REST(serial) CWD(serial) PATH(serial, "0", "/usr/bin/bash", "fd:01", "0100755")

/* A shell that runs a tool's script, and children of it that were not seen to start. */
static void test_hot(void **state)
{
	size_t doubted = compare_all(SPAN(OPEN("100", "41", "40", "login", "/etc/hosts") SHELL("101") TOOL("101")
						  SHELL_REST("101") OPEN("102", "43", "42", "bash", "/etc/hosts")
							  OPEN("103", "44", "43", "bash", "/etc/hosts")));
	assert_int_equal(doubted, 0);
}

/* Lines out of their order: the children's stand before what says that they matter. */
static void test_hot_late(void **state)
{
	size_t doubted = compare_all(SPAN(OPEN("100", "41", "40", "login", "/etc/hosts") SHELL("101") OPEN(
		"102", "43", "42", "bash", "/etc/hosts") OPEN("103", "44", "43", "bash", "/etc/hosts") TOOL("101")
						  SHELL_REST("101") OPEN("104", "45", "44", "bash", "/etc/hosts")));
	assert_true(doubted > 1);
}

/* Of the shell's event nothing is left but its arguments: whose they are, nobody can say. */
static void test_hot_headless(void **state)
{
	compare_all(SPAN(OPEN("100", "41", "40", "login", "/etc/hosts") OPEN("102", "43", "42", "bash", "/etc/hosts")
				 TOOL("101") OPEN("103", "44", "43", "bash", "/etc/hosts")));
}

/* A process's directory, and mem in it, which only the descriptor tells of. */
static void test_procfs(void **state)
{
	size_t doubted = compare_all(
		SPAN(CALL("100", "257", "42", "41", "cat") CWD("100") PATH("100", "0", "/proc/77", "00:15", "040555")
			     CALL("101", "257", "43", "41", "ls") CALL("102", "257", "42", "41", "cat") CWD("101")
				     PATH("102", "0", "mem", "00:15", "0100600") CWD("102")
					     PATH("101", "0", "/etc/hosts", "fd:01", "0100644")
						     OPEN("103", "42", "41", "cat", "/etc/passwd")));
	assert_int_equal(doubted, 0);
}

/* An event of io_uring has no SYSCALL record: what it was about, and where, may stand on both sides. */
static void test_headless(void **state)
{
	size_t doubted = compare_all(SPAN(OPEN("100", "41", "40", "ls", "/etc/hosts") CWD("101") "type=URINGOP" MSG(
		"101") "uring_op=18 success=yes exit=0 items=1 ppid=41 pid=42 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 "
		       "sgid=0 fsgid=0 key=(null)\n" PATH("101", "0", "/proc/77/mem", "00:15", "0100600")
						  OPEN("102", "42", "41", "cat", "/etc/passwd")));
	assert_int_equal(doubted, 0);
}

/* What a security module says of an event stands before its SYSCALL record. */
static void test_security_module(void **state)
{
	size_t doubted =
		compare_all(SPAN(OPEN("100", "41", "40", "ls", "/etc/hosts") "type=AVC" MSG(
			"101") "avc:  denied  { read } for  pid=42 comm=\"cat\" name=\"mem\" tclass=file "
			       "permissive=1\n" CALL("101", "257", "42", "41", "cat") CWD("101")
					 PATH("101", "0", "/proc/77/mem", "00:15", "0100600") "type=AVC" MSG(
						 "102") "avc:  denied  { read } for  pid=43 comm=\"bash\" "
							"tclass=file\n" OPEN("102", "43", "41", "ls", "/etc/hosts")));
	assert_int_equal(doubted, 0);
}

/* In the order of serials, it is the second record that tells of the process first. */
static void test_news(void **state)
{
	assert_int_equal(
		compare_all(SPAN(
			CALL("109", "257", "42", "41", "cat") CALL("107", "257", "42", "41", "cat") "type=URINGOP" MSG(
				"108") "uring_op=18 success=yes exit=0 items=1 pid=42 key=(null)\n" PATH("108", "0",
													 "/proc/77/mem",
													 "00:15",
													 "0100600"))),
		0);
	/* Records that end early: more words than before are news. */
	assert_int_equal(
		compare_all(SPAN("type=SYSCALL" MSG(
			"107") "arch=c000003e syscall=257 ppid=41 pid=42 key=(null)\n"
			       "type=SYSCALL" MSG("108") "arch=c000003e syscall=257 ppid=41 pid=42 auid=7\n"
							 "type=URINGOP" MSG("109") "uring_op=18 pid=42\n" PATH(
								 "109", "0", "/proc/77/mem", "00:15", "0100600"))),
		0);
	/* What was known before a boot is forgotten. */
	assert_int_equal(compare_all(SPAN("type=SYSCALL" MSG(
				 "90000") "arch=c000003e syscall=257 ppid=1 pid=42 auid=7 key=(null)\n"
					  "type=SYSCALL msg=audit(1795431914.650:7): arch=c000003e syscall=257 ppid=1 "
					  "pid=42 auid=7 key=(null)\n"
					  "type=URINGOP msg=audit(1795431914.650:8): uring_op=18 pid=42\n"
					  "type=PATH msg=audit(1795431914.650:8): item=0 name=\"/proc/77/mem\" inode=9 "
					  "dev=00:15 mode=0100600\n")),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hot),		 cmocka_unit_test(test_hot_late),
					    cmocka_unit_test(test_hot_headless), cmocka_unit_test(test_procfs),
					    cmocka_unit_test(test_headless),	 cmocka_unit_test(test_security_module),
					    cmocka_unit_test(test_news) };

	return cmocka_run_group_tests_name("sieve_pieces", tests, NULL, NULL);
}
