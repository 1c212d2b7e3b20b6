/* Where a piece ends, nothing is lost: a log is cut between any two of its lines, and the drivers tell the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

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

#define WHO(pid, ppid, program)                                                                                     \
	" ppid=" ppid " pid=" pid " auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 " \
	"comm=\"" program "\" exe=\"/usr/bin/" program "\" subj=unconfined key=(null)\n"
#define MSG(serial) " msg=audit(1795430914.650:" serial "): "
#define EXECVE(serial, pid, ppid, program)                                                                           \
	"type=SYSCALL" MSG(serial) "arch=c000003e syscall=59 success=yes exit=0 a0=55 a1=55 a2=55 a3=8 items=1" WHO( \
		pid, ppid, program)
#define OPEN(serial, pid, ppid, program, file)                                                                   \
	"type=SYSCALL" MSG(serial) "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=0 a3=0 "   \
				   "items=1" WHO(pid, ppid, program) "type=CWD" MSG(                             \
					   serial) "cwd=\"/\"\n"                                                 \
						   "type=PATH" MSG(serial) "item=0 name=\"" file                 \
									   "\" inode=12 dev=fd:01 mode=0100644 " \
									   "ouid=0 ogid=0 rdev=00:00 "           \
									   "nametype=NORMAL cap_fp=0 cap_fi=0 "  \
									   "cap_fe=0 cap_fver=0 cap_frootid=0\n"
#define REST(serial, program)                                                                                        \
	"type=PATH" MSG(serial) "item=0 name=\"/usr/bin/" program "\" inode=9 dev=fd:01 mode=0100755 ouid=0 ogid=0 " \
				"rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n"

#define COMMAND(serial) "type=EXECVE" MSG(serial) "argc=2 a0=\"bash\" a1=\"/opt/truffleproc.sh\"\n"

/* A shell that runs a tool's script, and children of it that were not seen to start. */
static void test_hot(void **state)
{
	assert_int_equal(
		compare_all(SPAN(OPEN("100", "41", "40", "login", "/etc/hosts") EXECVE("101", "42", "41", "bash")
					 COMMAND("101") "type=CWD" MSG("101") "cwd=\"/\"\n" REST("101", "bash")
						 OPEN("102", "43", "42", "bash", "/etc/hosts")
							 OPEN("103", "44", "43", "bash", "/etc/hosts"))),
		0);
}

/* Lines out of their order: the children's stand before what says that they matter. */
static void test_hot_late(void **state)
{
	size_t doubted = compare_all(
		SPAN(OPEN("100", "41", "40", "login", "/etc/hosts") EXECVE("101", "42", "41", "bash")
			     OPEN("102", "43", "42", "bash", "/etc/hosts") OPEN("103", "44", "43", "bash", "/etc/hosts")
				     COMMAND("101") "type=CWD" MSG("101") "cwd=\"/\"\n" REST("101", "bash")
					     OPEN("104", "45", "44", "bash", "/etc/hosts")));

	assert_true(doubted > 1);
}

/* Of the shell's event nothing is left but its arguments: whose they are, nobody can say. */
static void test_hot_headless(void **state)
{
	compare_all(SPAN(OPEN("100", "41", "40", "login", "/etc/hosts") OPEN("102", "43", "42", "bash", "/etc/hosts")
				 COMMAND("101") OPEN("103", "44", "43", "bash", "/etc/hosts")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hot), cmocka_unit_test(test_hot_late),
					    cmocka_unit_test(test_hot_headless) };

	return cmocka_run_group_tests_name("sieve_pieces", tests, NULL, NULL);
}
