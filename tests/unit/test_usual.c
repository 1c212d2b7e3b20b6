/* resolve/usual.c against the reader of fields, over every SYSCALL and PATH record of the captures, as it is and mutated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdlib.h>

#include "base/hash.h"
#include "twins.h"

static struct arena arena;
static size_t taken, records, paths_taken, paths;

static const char USUAL[] =
	"arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd7a4e1db5 a2=0 a3=0 items=1 ppid=2 pid=3 "
	"auid=4294967295 uid=1 gid=2 euid=3 suid=4 fsuid=5 egid=6 sgid=7 fsgid=8 tty=(none) ses=9 comm=\"cat\" "
	"exe=\"/usr/bin/cat\" subj=unconfined key=\"k\"";

static bool is_taken(struct span body)
{
	struct call call = { 0 };
	struct syscall_fields seen = { 0 };

	arena_reset(&arena);
	return usual_call(&call, &seen, body) && usual_actor(&call, &arena);
}

static void check(struct span body, bool whole)
{
	arena_reset(&arena);
	const char *differs = whole ? differing_readings(body, &arena) : differing_beginnings(body, &arena);

	if (!differs)
		return;
	print_error("%s differs in %.*s\n", differs, (int)body.len, body.data);
	fail();
}

static void reads(void **state)
{
	struct call call;

	assert_true(is_taken(SPAN(USUAL)));
	parse_alone(&call, SPAN(USUAL), &arena);
	assert_int_equal(call.id, CALL_openat);
	assert_true(span_equal(call.name, SPAN("openat")));
	assert_int_equal(call.exit, 3);
	assert_false(call.failed);
	assert_true(call.has_a[3] && call.a[0] == 0xffffff9c && call.a[1] == 0x7ffd7a4e1db5);
	assert_int_equal(call.actor.ppid, 2);
	assert_int_equal(call.actor.pid, 3);
	assert_int_equal(call.actor.auid, 4294967295);
	assert_int_equal(call.actor.uid, 1);
	assert_int_equal(call.actor.euid, 3);
	assert_int_equal(call.actor.ses, 9);
	assert_null(call.actor.tty.data);
	assert_true(span_equal(call.actor.comm, SPAN("cat")));
	assert_true(span_equal(call.actor.exe, SPAN("/usr/bin/cat")));
	assert_true(span_equal(call_keys(&call, &arena), SPAN("k")));
}

/* What it must leave to its twin, or read as that does. */
static void strange(void **state)
{
	static const char *const from[] = { "exit=3",	  "pid=3",	  "success=yes", "uid=1",
					    "tty=(none)", "comm=\"cat\"", "a0=ffffff9c", "exe=\"/usr/bin/cat\"",
					    "ses=9",	  "items=1",	  "syscall=257" };
	static const char *const to[][8] = {
		{ "exit=-13", "exit=", "exit=--1", "exit=99999999999999999999", "exit=-", "exit=3x", "exit=0x3" },
		{ "pid=4294967296", "pid=", "pid=-1", "pid=3.5", "pid=3 pid=4", "pid=\0353",
		  "pid=18446744073709551619" },
		{ "success=no", "success=", "success=maybe", "success=yesno" },
		{ "uid=\"root\"", "uid=root", "uid=0x1", "uid=00000000000000000001" },
		{ "tty=pts0", "tty=", "tty=a\tb=c", "tty=\"pts0\"", "tty=7074733", "tty=707473", "tty=?",
		  "tty=a\x1dpid=7" },
		{ "comm=636174", "comm=\"c\"t\"", "comm=cat", "comm=(null)", "comm=\"\"", "comm=\"cat",
		  "comm=63\x1dpid=7", "comm='cat pid=7'" },
		{ "a0=FFFFFF9C", "a0=", "a0=0x1", "a0=11111111111111111", "a0=g", "a0=-1" },
		{ "exe=2F62696E", "exe=(null)", "exe=\"/a\"b\"", "exe=\"/a (deleted)\"", "exe=", "exe={a b}",
		  "exe=\"" },
		{ "ses=-1", "ses=4294967295", "ses=unset", "ses=" },
		{ "items=-1", "items=", "items=99999999999999999999" },
		{ "syscall=openat", "syscall=", "syscall=257x", "syscall=1073742081", "syscall=-1" },
	};
	char text[1024];
	struct span usual = SPAN(USUAL);

	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		for (size_t k = 0; k < 8 && to[i][k]; k++) {
			size_t at = span_find(usual, span_of(from[i]));
			int len = snprintf(text, sizeof(text), "%.*s%s%s", (int)at, USUAL, to[i][k],
					   USUAL + at + strlen(from[i]));
			check((struct span){ text, (size_t)len }, false);
		}
	for (size_t len = 0; len < usual.len; len++)
		check(span_first(usual, len), true);
}

static void check_beginning(struct span body)
{
	check(body, false);
}

static void check_path(struct span body)
{
	arena_reset(&arena);
	const char *differs = differing_paths(body, &arena);

	if (!differs)
		return;
	print_error("%s differs in %.*s\n", differs, (int)body.len, body.data);
	fail();
}

static const char USUAL_PATH[] =
	"item=1 name=\"/etc/passwd\" inode=123 dev=fd:1f mode=0100644 ouid=5 ogid=6 rdev=01:02 "
	"obj=system_u:object_r:etc_t:s0 nametype=NORMAL cap_fp=0 cap_fe=0";

static void path(void **state)
{
	static const char *const from[] = { "item=1",  "\"/etc/passwd\"", "inode=123",	"dev=fd:1f",
					    "0100644", "ouid=5",	  "rdev=01:02", "nametype=NORMAL" };
	static const char *const to[][6] = {
		{ "item=", "item=4294967296", "item=-1", "item=1 item=2" },
		{ "(null)", "2F746D702F61", "\"/a\"b\"", "\"\"", "2F7", "\"" },
		{ "inode=", "inode=18446744073709551616", "inode=0x7b", "inode=7 inode=8" },
		{ "dev=fd:", "dev=1000:0", "dev=fd:100000", "dev=FD:1F", "dev=fd.1f", "dev=00:15" },
		{ "", "0888", "0100644777", "100644", "file,644", "0" },
		{ "ouid=4294967296", "ouid=root", "ouid=-1", "ouid=" },
		{ "rdev=", "rdev=:", "rdev=fff:fffff", "rdev=00:00 dev=00:05" },
		{ "nametype=PARENT", "nametype=PARENTS", "nametype=CREATE", "nametype=UNKNOWN",
		  "nametype=", "nametype=PARENT\t" },
	};
	char text[1024];
	struct path_item item;
	struct span usual = SPAN(USUAL_PATH);

	assert_true(usual_path(&item, usual, &arena));
	assert_true(span_equal(item.name, SPAN("/etc/passwd")));
	assert_int_equal(item.number, 1);
	assert_int_equal(item.inode, 123);
	assert_int_equal(item.dev, 0xfd << 20 | 0x1f);
	assert_int_equal(item.rdev, 1 << 20 | 2);
	assert_int_equal(item.mode, 0100644);
	assert_int_equal(item.uid, 5);
	assert_false(item.is_parent);
	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		for (size_t k = 0; k < 6 && to[i][k]; k++) {
			size_t at = span_find(usual, span_of(from[i]));
			int len = snprintf(text, sizeof(text), "%.*s%s%s", (int)at, USUAL_PATH, to[i][k],
					   USUAL_PATH + at + strlen(from[i]));
			check_path((struct span){ text, (size_t)len });
		}
	for (size_t len = 0; len < usual.len; len++)
		check_path(span_first(usual, len));
}

static void mutate(struct span body, void (*check_one)(struct span body))
{
	static const char alphabet[] = " =\"'\t\x1d\0a0f9-(x/\n#{}";
	static uint64_t draw = 1;
	char text[4096];

	if (!body.len || body.len + 8 > sizeof(text))
		return;
	for (unsigned i = 0; i < 12; i++) {
		draw = hash_mix(draw + 1);
		size_t at = (draw >> 8) % body.len, len = body.len;
		char byte = alphabet[(draw >> 40) % (sizeof(alphabet) - 1)];
		memcpy(text, body.data, body.len);
		switch (draw % 4) {
		case 0:
			text[at] = byte;
			break;
		case 1: /* a byte goes */
			memmove(text + at, text + at + 1, len - at - 1);
			len--;
			break;
		case 2: /* a byte comes */
			memmove(text + at + 1, text + at, len - at);
			text[at] = byte;
			len++;
			break;
		case 3: /* a piece stands twice */
			memmove(text + at + 4, text + at, len - at);
			len += 4;
			break;
		}
		check_one((struct span){ text, len });
	}
}

static void check_lines(struct span text)
{
	while (text.len) {
		struct span line = span_first(text, span_index(text, '\n'));
		text = span_skip(text, line.len + 1);
		struct span body = span_skip(line, span_find(line, SPAN("): ")) + 3);
		if (span_starts(line, SPAN("type=SYSCALL "))) {
			records++;
			taken += is_taken(body);
			check(body, true);
			mutate(body, check_beginning);
		} else if (span_starts(line, SPAN("type=PATH "))) {
			struct path_item item;
			paths++;
			paths_taken += usual_path(&item, body, &arena);
			check_path(body);
			mutate(body, check_path);
		}
	}
}

static void check_file(const char *path)
{
	char command[1024];
	struct buffer text = { 0 };
	char room[65536];
	const char *dot = strrchr(path, '.');

	snprintf(command, sizeof(command), "%s '%s'", dot && strcmp(dot, ".xz") == 0 ? "xzcat" : "cat", path);
	FILE *file = popen(command, "r"); /* NOLINT(cert-env33-c): paths of captures */
	assert_non_null(file);
	for (size_t len; (len = fread(room, 1, sizeof(room), file)) > 0;)
		buffer_add(&text, (struct span){ room, len });
	assert_int_equal(pclose(file), 0);
	check_lines(buffer_span(&text));
	buffer_finish(&text);
}

/* Every twelfth of the long ones: their lines are much alike. */
static void check_folder(const char *folder, const char *pattern, size_t step)
{
	char path[512];
	glob_t found;

	snprintf(path, sizeof(path), "%s/%s", folder, pattern);
	if (glob(path, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i += step)
		check_file(found.gl_pathv[i]);
	globfree(&found);
}

static void captures(void **state)
{
	const char *source = getenv("SRC"), *shared = getenv("PROCTOR_SHARED");
	char folder[400];

	if (!source)
		skip();
	snprintf(folder, sizeof(folder), "%s/tests/captures", source);
	check_folder(folder, "shared/*.log", 1);
	check_folder(folder, "*.xz", 12);
	if (shared) {
		snprintf(folder, sizeof(folder), "%s/captures", shared);
		check_folder(folder, "*.log", 1);
	}
	assert_true(records > 100);
	/* auditd's own records come in the usual order, all of them. */
	assert_int_equal(taken, records);
	assert_true(paths_taken > paths / 2); /* a file that is not there has no inode */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(strange),
		cmocka_unit_test(path),
		cmocka_unit_test(captures),
	};

	return cmocka_run_group_tests_name("usual", tests, NULL, NULL);
}
