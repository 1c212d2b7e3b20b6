/*
 * usual: the kinds of readers say the same of any text, and what they say is
 * what the record says when it is searched field by field.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sieve/lines.h"
#include "sieve/usual.h"

#define BEHIND 512 /* bytes of other lines: near the end of the text a reader says nothing */
#define ROUNDS 60000

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* A number of any width, which is mostly small. */
static unsigned long long any_number(uint64_t *seed)
{
	return next(seed) >> next(seed) % 31;
}

static int write_call(char *room, size_t size, uint64_t *seed)
{
	return snprintf(room, size,
			": arch=c000003e syscall=%llu success=%s exit=%lld a0=%llx a1=%llx a2=%llx a3=0 items=%llu "
			"ppid=%llu pid=%llu auid=4294967295 uid=%llu gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 "
			"tty=%s ses=%llu comm=\"sh\" exe=\"/usr/bin/sh\" key=(null)",
			any_number(seed) % 600, next(seed) % 2 ? "yes" : "no", (long long)any_number(seed) - 100,
			any_number(seed), any_number(seed), any_number(seed), any_number(seed) % 12, any_number(seed),
			any_number(seed), any_number(seed), next(seed) % 2 ? "(none)" : "pts0",
			next(seed) % 3 ? any_number(seed) : 4294967295ull);
}

static int write_path(char *room, size_t size, uint64_t *seed)
{
	static const char *const names[] = { "\"/etc/passwd\"",
					     "\"/proc/1/mem\"",
					     "\"mem\"",
					     "2F70726F63",
					     "(null)",
					     "\"/a/rather/long/name/in/which/dev=1\"",
					     "\"\"",
					     "\"7f00-7f10\"",
					     "\"/x\\\" dev=08:01\"",
					     "\"x dev=08:01\"",
					     "\"/etc/dev=fd:00\"" };
	static const char *const devices[] = { "08:01", "fd:00", "00:15", "0:5", "103:2", "0a:01", "", "00", "0", "f" };

	return snprintf(room, size, ": item=%llu name=%s%s inode=%llu dev=%s mode=0100644 ouid=0 ogid=0 rdev=00:00 %s",
			any_number(seed) % 12, names[next(seed) % (sizeof(names) / sizeof(names[0]))],
			next(seed) % 9 ? "" : " nametype=UNKNOWN", any_number(seed),
			devices[next(seed) % (sizeof(devices) / sizeof(devices[0]))],
			next(seed) % 2 ? "nametype=NORMAL" : "obj=system_u:object_r:lib_t:s0 nametype=NORMAL");
}

/* A byte changed, or one taken out, or the line cut, now and then. Returns the line's length. */
static size_t spoil(char *line, size_t len, uint64_t *seed)
{
	size_t at = next(seed) % len;

	switch (next(seed) % 8) {
	case 0:
		line[at] = (char)next(seed);
		line[at] = line[at] == '\n' ? '.' : line[at];
		return len;
	case 1:
		line[at] = " =\"0:/"[next(seed) % 6];
		return len;
	case 2:
		memmove(line + at, line + at + 1, len - at - 1);
		return len - 1;
	case 3:
		return at + 1;
	default:
		return len;
	}
}

/* The line in a room of its own to the byte, with other text behind it. */
static char *place(const char *line, size_t len, size_t *room)
{
	static const char other[] = "\ntype=CWD msg=audit(1.1:1): cwd=\" ses=7 dev=08:01 ppid=1 pid=2 \" ";
	char *text = malloc(len + BEHIND);

	memcpy(text, line, len);
	for (size_t i = 0; i < BEHIND; i++)
		text[len + i] = other[i % (sizeof(other) - 1)];
	*room = len + BEHIND;
	return text;
}

static void check_call(const char *text, size_t len, const struct usual_call *call)
{
	struct span line = { text, len };
	uint64_t number;

	assert_true(line_number(line, SPAN(" syscall="), &number) && number == call->number);
	assert_true(line_number(line, SPAN(" ppid="), &number) && number == call->parent);
	assert_true(line_number(line, SPAN(" pid="), &number) && number == call->pid);
	assert_true(line_number(line, SPAN(" ses="), &number) && number == call->session);
	assert_true(span_starts((struct span){ call->behind, 9 }, SPAN(" ")));
}

static void test_calls(void **state)
{
	uint64_t seed = 3;
	size_t told = 0;
	char line[1024];

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct usual_call first = { 0 }, call;
		size_t room, len = spoil(line, (size_t)write_call(line, sizeof(line), &seed), &seed);
		char *text = place(line, len, &room);
		bool is = usual_of(USUAL_PLAIN)->call(text, text + len, text + room, &first);
		told += is;
		if (is)
			check_call(text, len, &first);
		for (enum usual_level level = USUAL_PLAIN + 1; level < USUAL_LEVELS; level++) {
			if (!usual_of(level))
				continue;
			assert_int_equal(usual_of(level)->call(text, text + len, text + room, &call), is);
			if (is)
				assert_memory_equal(&call, &first, sizeof(call));
		}
		free(text);
	}
	assert_true(told > ROUNDS / 2);
}

/* By hand: the name in quotes, and what stands behind it. */
static bool is_elsewhere(struct span line)
{
	struct span name = span_skip(line, 15), behind = span_skip(name, span_index(name, '"') + 1);
	struct span device = span_skip(behind, span_find(behind, SPAN(" dev=")) + 5);
	uint64_t major = 0;

	return device.len && (device.data[0] != '0' || (span_hex(device, &major) && major));
}

static void test_paths(void **state)
{
	uint64_t seed = 5;
	size_t told = 0;
	char line[1024];

	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t room, len = spoil(line, (size_t)write_path(line, sizeof(line), &seed), &seed);
		char *text = place(line, len, &room);
		bool is = usual_of(USUAL_PLAIN)->elsewhere(text, text + len, text + room);
		told += is;
		assert_true(!is || is_elsewhere((struct span){ text, len }));
		for (enum usual_level level = USUAL_PLAIN + 1; level < USUAL_LEVELS; level++)
			if (usual_of(level))
				assert_int_equal(usual_of(level)->elsewhere(text, text + len, text + room), is);
		free(text);
	}
	assert_true(told > ROUNDS / 10);
}

/* Nothing is read behind the end, wherever that is: a sanitizer sees it. */
static void test_ends(void **state)
{
	uint64_t seed = 9;
	char line[1024] = "";

	for (enum usual_level level = USUAL_PLAIN; level < USUAL_LEVELS; level++) {
		const struct usual *usual = usual_of(level);
		for (size_t len = 1; usual && len < 600; len++) {
			struct usual_call call;
			char *text = malloc(len);
			memset(text, ' ', len);
			size_t made = (size_t)(len % 2 ? write_call : write_path)(line, sizeof(line), &seed);
			memcpy(text, line, made < len ? made : len);
			usual->call(text, text + len, text + len, &call);
			usual->elsewhere(text, text + len, text + len);
			free(text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
