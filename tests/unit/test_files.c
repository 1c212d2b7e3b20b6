/* resolve/files.c: which file an event made, or opened for writing. */
#include "events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* The log of one test, and the files that came of it: "created /etc/cron.d/x path; written …". */
static struct {
	struct buffer text, told;
	uint64_t serial;
} scene;

static int setup(void **state)
{
	buffer_reset(&scene.text);
	buffer_reset(&scene.told);
	scene.serial = 100;
	return 0;
}

static int teardown(void **state)
{
	buffer_finish(&scene.text);
	buffer_finish(&scene.told);
	return 0;
}

/* One call of x86_64 by a process in /srv; `arguments` is "a0=… a1=…", `paths` stand as they are, parted by |. */
static void calls(const char *outcome, unsigned number, const char *arguments, const char *paths)
{
	unsigned long long serial = ++scene.serial;

	buffer_printf(
		&scene.text,
		"type=SYSCALL msg=audit(1795430000.000:%llu): arch=c000003e syscall=%u %s %s items=2 ppid=400 "
		"pid=500 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm=\"x\" "
		"exe=\"/opt/x\" key=(null)\n"
		"type=CWD msg=audit(1795430000.000:%llu): cwd=\"/srv\"\n",
		serial, number, outcome, arguments, serial);
	for (struct span rest = span_of(paths); rest.len;) {
		struct span path = span_first(rest, span_index(rest, '|'));
		buffer_printf(&scene.text, "type=PATH msg=audit(1795430000.000:%llu): %.*s\n", serial, (int)path.len,
			      path.data);
		rest = span_skip(rest, path.len + 1);
	}
}

#define DONE "success=yes exit=0"
#define OPEN 257
#define OPENED_AT "success=yes exit=3"
#define REST " ouid=0 ogid=0 rdev=00:00 nametype="
#define PARENT(i, name) "item=" #i " name=\"" name "\" inode=1 dev=fd:00 mode=040755" REST "PARENT cap_fp=0"
#define ITEM(i, name, mode, type) "item=" #i " name=\"" name "\" inode=2 dev=fd:00 mode=" mode REST type " cap_fp=0"
#define FILE_MODE "0100644"

static void note(const struct access *access)
{
	struct span path = access->resolved_path.len ? access->resolved_path : access->path;

	assert_int_equal(access->sighting, SIGHTING_FILE);
	assert_int_equal(access->verb, VERB_WRITE);
	assert_int_equal(access->actor.pid, 500);
	assert_false(access_has_target(access));
	buffer_printf(&scene.told, "%s%s %.*s %s", scene.told.len ? "; " : "", access->created ? "created" : "written",
		      (int)path.len, path.data, resolved_by_name(access->resolved_by));
}

static void take_events(struct pipe *pipe)
{
	struct event event;
	struct access access;

	while (assembler_next(pipe->assembler, &event)) {
		resolver_take(pipe->resolver, &event);
		if (resolver_file(pipe->resolver, &access))
			note(&access);
	}
}

static void assert_files(const char *expected)
{
	struct pipe_calls none = { 0 };
	struct pipe pipe;
	struct record record;
	struct frame frame = { .bytes = buffer_span(&scene.text), .trust = TRUST_KERNEL, .starts = true };

	pipe_open(&pipe, &none);
	decoder_feed(pipe.decoder, &frame);
	while (decoder_next(pipe.decoder, &record)) {
		assembler_add(pipe.assembler, &record);
		take_events(&pipe);
	}
	assembler_end(pipe.assembler);
	take_events(&pipe);
	pipe_close(&pipe);
	buffer_add_byte(&scene.told, '\0');
	assert_string_equal(scene.told.data, expected);
}

static void test_files_that_are_made(void **state)
{
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=241 a3=1b6",
	      PARENT(0, "/etc/cron.d/") "|" ITEM(1, "/etc/cron.d/x", FILE_MODE, "CREATE"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=241 a3=1b6",
	      PARENT(0, "/srv") "|" ITEM(1, "../etc/x", FILE_MODE, "CREATE"));
	calls(OPENED_AT, 85, "a0=7f a1=1b6", PARENT(0, "/tmp/") "|" ITEM(1, "/tmp/c", FILE_MODE, "CREATE"));
	assert_files("created /etc/cron.d/x path; created /etc/x cwd; created /tmp/c path");
}

static void test_files_that_are_written(void **state)
{
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=1 a3=0", ITEM(0, "/etc/a", FILE_MODE, "NORMAL"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=80002 a3=0", ITEM(0, "/etc/b", FILE_MODE, "NORMAL"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=200 a3=0", ITEM(0, "/etc/c", FILE_MODE, "NORMAL"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=80000 a3=0", ITEM(0, "/etc/read", FILE_MODE, "NORMAL"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=200002 a3=0", ITEM(0, "/etc/path", FILE_MODE, "NORMAL"));
	assert_files("written /etc/a path; written /etc/b path; written /etc/c path");
}

/* What a rename and a link leave behind has a name that it had not before. */
static void test_files_that_get_a_name(void **state)
{
	calls(DONE, 82, "a0=7f a1=80", /* rename, over one that was there */
	      PARENT(0, "/etc/") "|" PARENT(1, "/etc/") "|" ITEM(2, "/etc/sudoers.tmp", FILE_MODE, "DELETE") "|" ITEM(
		      3, "/etc/sudoers", "0100440", "DELETE") "|" ITEM(4, "/etc/sudoers", FILE_MODE, "CREATE"));
	calls(DONE, 88, "a0=7f a1=80", PARENT(0, "/srv") "|" ITEM(1, "link", "0120777", "CREATE"));
	calls(DONE, 83, "a0=7f a1=1ed", PARENT(0, "/srv") "|" ITEM(1, "directory", "040755", "CREATE"));
	calls(DONE, 82, "a0=7f a1=80", PARENT(0, "/srv") "|" ITEM(1, "moved", "040755", "CREATE"));
	assert_files("created /etc/sudoers path; created /srv/link cwd");
}

/* renameat2(olddirfd, old, newdirfd, new) with directories that were opened before; one that was not is not guessed. */
static void test_files_below_a_descriptor(void **state)
{
	calls("success=yes exit=7", OPEN, "a0=ffffff9c a1=7f a2=10000 a3=0",
	      ITEM(0, "/etc/cron.d", "040755", "NORMAL"));
	calls(DONE, 316, "a0=3 a1=7f a2=7 a3=80", PARENT(0, "/srv") "|" ITEM(1, "job", FILE_MODE, "CREATE"));
	calls(DONE, 316, "a0=7 a1=7f a2=5 a3=80", PARENT(0, "/srv") "|" ITEM(1, "job", FILE_MODE, "CREATE"));
	calls(OPENED_AT, OPEN, "a0=7 a1=7f a2=41 a3=1b6", PARENT(0, "/srv") "|" ITEM(1, "y", FILE_MODE, "CREATE"));
	calls(DONE, 999, "a0=7 a1=7f", PARENT(0, "/srv") "|" ITEM(1, "z", FILE_MODE, "CREATE"));
	assert_files("created /etc/cron.d/job dirfd; created job none; created /etc/cron.d/y dirfd; created z none");
}

static void test_files_that_are_none(void **state)
{
	calls("success=no exit=-13", OPEN, "a0=ffffff9c a1=7f a2=241 a3=1b6", PARENT(0, "/etc/"));
	calls("success=no exit=-13", OPEN, "a0=ffffff9c a1=7f a2=1 a3=0", ITEM(0, "/etc/a", FILE_MODE, "NORMAL"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=2 a3=0", ITEM(0, "/dev/null", "020666", "NORMAL"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=1 a3=0", ITEM(0, "/run/fifo", "010644", "NORMAL"));
	calls(DONE, 49, "a0=3 a1=7f a2=6e", PARENT(0, "/run/") "|" ITEM(1, "/run/socket", "0140755", "CREATE"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=2 a3=0",
	      "item=0 name=\"/proc/800/mem\" inode=9 dev=00:15 mode=0100600" REST "NORMAL cap_fp=0"); /* an access */
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=2 a3=0", "item=0 name=(null)" REST "NORMAL cap_fp=0");
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=2 a3=0", "");
	assert_files("");
}

/* A name can say anything. */
static void test_files_with_names_that_lie(void **state)
{
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=0 a3=0",
	      ITEM(0, "/x nametype=CREATE item=0", FILE_MODE, "NORMAL"));
	calls(OPENED_AT, OPEN, "a0=ffffff9c a1=7f a2=241 a3=1b6",
	      "item=1 name=2F746D702F6E616D65747970653D4E4F524D414C inode=2 dev=fd:00 mode=0100644" REST "CREATE");
	assert_files("created /tmp/nametype=NORMAL path");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_files_that_are_made),	  TEST(test_files_that_are_written),
		TEST(test_files_that_get_a_name), TEST(test_files_below_a_descriptor),
		TEST(test_files_that_are_none),	  TEST(test_files_with_names_that_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
