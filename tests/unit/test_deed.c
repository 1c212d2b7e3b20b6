/* deeds: what an event tells beside accesses, and that most tell nothing. */
#include "events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* A log that is told line by line, and the deeds that came of it, "connect 192.0.2.1:443; write /tmp/x". */
static struct {
	struct buffer text, told;
	uint64_t serial;
} log_told;

static int setup(void **state)
{
	buffer_reset(&log_told.text);
	buffer_reset(&log_told.told);
	log_told.serial = 100;
	return 0;
}

static int teardown(void **state)
{
	buffer_finish(&log_told.text);
	buffer_finish(&log_told.told);
	return 0;
}

/* One call by pid 500 of session `ses`, and a record that comes with it. `rest` begins with the type. */
static void calls_in(unsigned ses, unsigned number, const char *flags, const char *rest[], size_t count)
{
	struct buffer *text = &log_told.text;
	unsigned long long serial = ++log_told.serial;

	buffer_printf(text,
		      "type=SYSCALL msg=audit(1795430000.000:%llu): arch=c000003e syscall=%u success=yes exit=3 "
		      "a0=ffffff9c a1=7f a2=%s a3=0 items=1 ppid=400 pid=500 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 "
		      "egid=0 sgid=0 fsgid=0 tty=pts0 ses=%u comm=\"x\" exe=\"/opt/x\" key=(null)\n",
		      serial, number, flags, ses);
	for (size_t i = 0; i < count; i++) {
		struct span line = span_of(rest[i]);
		size_t at = span_index(line, ' ');
		buffer_printf(text, "type=%.*s msg=audit(1795430000.000:%llu): %s\n", (int)at, line.data, serial,
			      line.data + at + 1);
	}
}

#define CALLS(ses, number, flags, ...)                                \
	calls_in(ses, number, flags, (const char *[]){ __VA_ARGS__ }, \
		 sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(const char *))

static void connects(const char *saddr)
{
	char record[200];

	snprintf(record, sizeof(record), "SOCKADDR saddr=%s", saddr);
	CALLS(1, 42, "10", record);
}

static void opens(const char *name, const char *dev, const char *mode)
{
	char record[300];

	snprintf(record, sizeof(record),
		 "PATH item=0 name=\"%s\" inode=%llu dev=%s mode=%s ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0",
		 name, (unsigned long long)log_told.serial, dev, mode);
	CALLS(1, 257, "0", "CWD cwd=\"/root\"", record);
}

static void makes(unsigned ses, const char *name, const char *flags)
{
	char record[300];

	snprintf(record, sizeof(record),
		 "PATH item=1 name=\"%s\" inode=9 dev=fd:00 mode=0100600 ouid=0 ogid=0 rdev=00:00 nametype=CREATE "
		 "cap_fp=0",
		 name);
	CALLS(ses, 257, flags, "CWD cwd=\"/root\"",
	      "PATH item=0 name=\"/tmp/\" inode=2 dev=fd:00 mode=041777 ouid=0 ogid=0 rdev=00:00 nametype=PARENT "
	      "cap_fp=0",
	      record);
}

static void reaches_memory(void)
{
	opens("/proc/800/mem", "00:15", "0100600");
}

static void note(const struct deed *deed)
{
	static const char *const names[] = { "exec", "connect", "write", "shadow", "sweep", "remove", "blind" };
	struct buffer *told = &log_told.told;

	buffer_printf(told, "%s%s", told->len ? "; " : "", names[deed->kind]);
	if (deed->object.len)
		buffer_printf(told, " %.*s", (int)deed->object.len, deed->object.data);
	if (deed->count > 1)
		buffer_printf(told, " x%llu", (unsigned long long)deed->count);
	assert_int_equal(deed->actor.pid, 500);
}

static void take_events(struct pipe *pipe)
{
	struct event event;
	struct deed deed;

	while (assembler_next(pipe->assembler, &event)) {
		resolver_take(pipe->resolver, &event);
		while (resolver_next_deed(pipe->resolver, &deed))
			note(&deed);
	}
}

static void assert_deeds(bool wanted, const char *expected)
{
	struct pipe_calls calls = { 0 };
	struct pipe pipe;
	struct record record;
	struct frame frame = { .bytes = buffer_span(&log_told.text), .trust = TRUST_KERNEL, .starts = true };

	pipe_open(&pipe, &calls);
	if (wanted)
		resolver_want_deeds(pipe.resolver);
	decoder_feed(pipe.decoder, &frame);
	while (decoder_next(pipe.decoder, &record)) {
		assembler_add(pipe.assembler, &record);
		take_events(&pipe);
	}
	assembler_end(pipe.assembler);
	take_events(&pipe);
	pipe_close(&pipe);
	buffer_add_byte(&log_told.told, '\0');
	assert_string_equal(log_told.told.data, expected);
}

static void test_connections_have_addresses(void **state)
{
	connects("020001BBC00002010000000000000000");
	connects("0A0001BB0000000020010DB800000000000000000000000100000000");
	connects("0A0001BB0000000000000000000000000000FFFFC000020200000000"); /* IPv4 in IPv6 */
	connects("000201BBC00002030000000000000000");			      /* a big-endian host */
	assert_deeds(true, "connect 192.0.2.1:443; connect [2001:db8::1]:443; connect 192.0.2.2:443; "
			   "connect 192.0.2.3:443");
}

static void test_connections_that_are_none(void **state)
{
	connects("02000035C00002010000000000000000"); /* DNS */
	connects("02000000C00002010000000000000000"); /* no port: how a route is asked for */
	connects("020001BB7F0000010000000000000000"); /* the host itself */
	connects("020001BB000000000000000000000000"); /* nowhere */
	connects("0A0001BB0000000000000000000000000000000000000000000100000000"); /* itself, cut elsewhere */
	connects("0A0001BB000000000000000000000000000000000000000100000000");	  /* itself */
	connects("01002F72756E2F78");						  /* a local socket */
	connects("020001BBC000");						  /* cut */
	connects("020001BBC00002ZZ");
	connects("");
	assert_deeds(true, "");
}

static void test_a_server_is_told_less_and_less(void **state)
{
	for (int i = 0; i < 20; i++)
		connects("020001BBC00002010000000000000000");
	assert_deeds(true, "connect 192.0.2.1:443; connect 192.0.2.1:443; connect 192.0.2.1:443; "
			   "connect 192.0.2.1:443; connect 192.0.2.1:443; connect 192.0.2.1:443"); /* 1-4, 8, 16 */
}

static void test_files_count_once_memory_was_reached(void **state)
{
	makes(1, "/tmp/before", "80241");
	reaches_memory();
	makes(1, "/tmp/after", "80241");
	makes(1, "/tmp/read", "80040"); /* O_CREAT | O_RDONLY */
	assert_deeds(true, "write /tmp/after");
}

static void test_files_of_another_session_do_not_count(void **state)
{
	reaches_memory();
	makes(2, "/tmp/after", "80241");
	assert_deeds(true, "");
}

static void test_files_that_are_removed(void **state)
{
	static const char *const path = "PATH item=1 name=\"/tmp/x\" inode=9 dev=fd:00 mode=0100600 ouid=0 ogid=0 "
					"rdev=00:00 nametype=DELETE cap_fp=0";

	CALLS(1, 263, "0", "CWD cwd=\"/root\"", path);
	reaches_memory();
	CALLS(1, 263, "0", "CWD cwd=\"/root\"", path);
	assert_deeds(true, "remove /tmp/x");
}

static void test_password_hashes(void **state)
{
	opens("/etc/shadow", "fd:00", "0100640");
	opens("/etc/gshadow-", "00:2a", "0100640"); /* a device without a disk: containers, btrfs */
	opens("../etc/shadow", "fd:00", "0100640");
	opens("/etc/passwd", "fd:00", "0100644");
	opens("/srv/shadow", "fd:00", "0100644");
	assert_deeds(true, "shadow /etc/shadow; shadow /etc/gshadow-; shadow /etc/shadow");
}

static void test_sweeps_are_told_by_doublings(void **state)
{
	char name[64];

	for (unsigned pid = 800; pid < 823; pid++) {
		snprintf(name, sizeof(name), "/proc/%u/cmdline", pid);
		opens(name, "00:15", "0100444");
		snprintf(name, sizeof(name), "/proc/%u/status", pid); /* of the same process: no more of them */
		opens(name, "00:15", "0100444");
	}
	opens("/proc/self/status", "00:15", "0100444");
	opens("/proc/900/cgroup", "00:15", "0100444");
	assert_deeds(true, "sweep; sweep x5; sweep x10; sweep x20");
}

static void test_auditing_made_blind(void **state)
{
	CALLS(1, 44, "0", "CONFIG_CHANGE auid=0 ses=1 op=add_rule key=\"x\" list=4 res=1");
	CALLS(1, 44, "0", "CONFIG_CHANGE auid=0 ses=1 op=remove_rule key=\"x\" list=4 res=1");
	CALLS(1, 44, "0", "CONFIG_CHANGE op=set audit_enabled=0 old=1 auid=0 ses=1 res=1");
	assert_deeds(true, "blind audit rules removed; blind auditing switched off");
}

static void test_nobody_asked(void **state)
{
	connects("020001BBC00002010000000000000000");
	opens("/etc/shadow", "fd:00", "0100640");
	opens("/proc/800/cmdline", "00:15", "0100444");
	CALLS(1, 44, "0", "CONFIG_CHANGE auid=0 ses=1 op=remove_rule key=\"x\" list=4 res=1");
	assert_deeds(false, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_connections_have_addresses),
		TEST(test_connections_that_are_none),
		TEST(test_a_server_is_told_less_and_less),
		TEST(test_files_count_once_memory_was_reached),
		TEST(test_files_of_another_session_do_not_count),
		TEST(test_files_that_are_removed),
		TEST(test_password_hashes),
		TEST(test_sweeps_are_told_by_doublings),
		TEST(test_auditing_made_blind),
		TEST(test_nobody_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
