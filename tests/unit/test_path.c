/* resolve/path.c: what a path says, as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "resolve/path.h"

static struct path_walk walk;

/* fd 3 is /proc/812, fd 4 /srv, fd 5 "/", fd 6 the mem of 812; the rest is not known. */
static struct span descriptor(void *context, uint64_t fd)
{
	static const char *const texts[] = { "/proc/812", "/srv", "/", "/proc/812/mem" };

	return fd >= 3 && fd < 7 ? span_of(texts[fd - 3]) : (struct span){ 0 };
}

static struct span walked(struct span root, struct span cwd, struct span path)
{
	/* What an earlier walk left must not matter. */
	memset(walk.text, '/', sizeof(walk.text));
	memcpy(walk.text + 40, "/proc/self/root/proc/self/fd/4/", 31);
	walk.pid = 500;
	walk.cwd = cwd;
	walk.descriptor = descriptor;
	path_start(&walk, root);
	path_add(&walk, path);
	assert_true(walk.len <= sizeof(walk.text));
	return path_text(&walk);
}

#define assert_walk(root, path, expected)                                                                 \
	do {                                                                                              \
		struct span got_ = walked(span_of(root), SPAN("/srv"), span_of(path));                    \
		if (!span_equal(got_, SPAN(expected))) {                                                  \
			print_error("%s gives %.*s, not %s\n", path, (int)got_.len, got_.data, expected); \
			fail();                                                                           \
		}                                                                                         \
	} while (0)

static void normalises(void **state)
{
	assert_walk("", "/", "/");
	assert_walk("", "", "/");
	assert_walk("", "///", "/");
	assert_walk("", "/a//b/./c/", "/a/b/c");
	assert_walk("", "/a/b/../c", "/a/c");
	assert_walk("", "/a/../../../b", "/b");
	assert_walk("", "/..", "/");
	assert_walk("", "/a/...", "/a/...");
	assert_walk("", "/a\n/b", "/a\n/b");
	assert_walk("", "a/b", "/a/b");
}

static void a_root_holds(void **state)
{
	assert_walk("/jail", "/a", "/jail/a");
	assert_walk("/jail", "/../../a", "/jail/a");
	assert_walk("/", "/../a", "/a");
	assert_walk("/jail", "/proc/self/root/../a", "/jail/a");
	assert_walk("/jail", "/proc/self/cwd/a", "/jail/srv/a");
}

static void links(void **state)
{
	assert_walk("", "/proc/self/cwd/x", "/srv/x");
	assert_true(walk.used_cwd);
	assert_walk("", "/proc/500/cwd/x", "/srv/x");
	assert_walk("", "/proc/501/cwd/x", "/proc/501/cwd/x");
	assert_walk("", "/proc/self/fd/3/mem", "/proc/812/mem");
	assert_true(walk.used_fd);
	assert_walk("", "/dev/fd/6", "/proc/812/mem");
	assert_walk("", "/dev/fd/5/a", "/a");
	assert_walk("", "/dev/fd/9/a", "/dev/fd/9/a");
	assert_false(walk.used_fd);
	assert_walk("", "/dev/fd/03x", "/dev/fd/03x");
	assert_walk("", "/dev/fd/99999999999999999999", "/dev/fd/99999999999999999999");
	assert_walk("", "/proc/self/root/a", "/a");
	assert_false(walk.foreign_root);
	assert_walk("", "/proc/1/root/a", "/a");
	assert_true(walk.foreign_root);
	assert_walk("", "/proc/self/task/501/fd/3/mem", "/proc/812/mem");
	assert_walk("", "/proc/self/task/501/root/proc/1/maps", "/proc/1/maps");
	assert_walk("", "/proc/self/rootx/a", "/proc/self/rootx/a");
	assert_walk("", "/proc/self/exe/root", "/proc/self/exe/root");
}

/* An fd's text and another's root are from the host's root, however long ours is. */
static void out_of_the_root(void **state)
{
	static const char *const roots[] = { "/j", "/jail", "/proc", "/var/lib/containers/a/rather/long/one/rootfs" };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		assert_walk(roots[i], "/proc/self/fd/4/x", "/srv/x");
		assert_walk(roots[i], "/dev/fd/5/x/y", "/x/y");
		assert_walk(roots[i], "/dev/fd/5/../x", "/x");
		assert_walk(roots[i], "/proc/1/root/proc/812/mem", "/proc/812/mem");
		assert_walk(roots[i], "/proc/1/root/../x", "/x");
		assert_walk(roots[i], "/proc/1/root/proc/1/root/x", "/x");
	}
}

/* Links to links end. */
static void loops(void **state)
{
	char path[4096] = "";

	for (size_t i = 0; i < 200; i++)
		memcpy(path + i * strlen("/proc/self/root"), "/proc/self/root", sizeof("/proc/self/root"));
	walked(SPAN(""), SPAN("/proc/self/cwd"), span_of(path));
	walked(SPAN(""), SPAN("/proc/self/cwd/proc/self/cwd"), SPAN("/proc/self/cwd/proc/self/cwd"));
	assert_true(walk.jumps <= 10);
}

static void long_ones(void **state)
{
	static char path[3 * PATH_TEXT_MAX];

	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	walked(SPAN(""), SPAN("/"), (struct span){ path, sizeof(path) - 1 });
	assert_true(walk.too_long);
	walked(SPAN(""), SPAN("/"), (struct span){ path, PATH_TEXT_MAX });
	assert_false(walk.too_long);
	assert_int_equal(walk.len, PATH_TEXT_MAX);
	walked(SPAN(""), SPAN("/"), (struct span){ path, PATH_TEXT_MAX + 1 });
	assert_true(walk.too_long);
	walked((struct span){ path, sizeof(path) - 1 }, SPAN("/"), SPAN("/x"));
	/* Slashes and dots cost nothing. */
	for (size_t i = 0; i + 2 < sizeof(path); i++)
		path[i] = i % 2 ? '.' : '/';
	walked(SPAN(""), SPAN("/"), (struct span){ path, sizeof(path) - 2 });
	assert_false(walk.too_long);
	assert_true(span_equal(path_text(&walk), SPAN("/")));
}

#define assert_place(text, kind_, pid_, tid_, entry_)        \
	do {                                                 \
		struct place place_ = place_of(SPAN(text));  \
		assert_int_equal(place_.kind, kind_);        \
		assert_true(place_.pid == (uint64_t)(pid_)); \
		assert_true(place_.tid == (uint64_t)(tid_)); \
		assert_int_equal(place_.entry, entry_);      \
	} while (0)

static void places(void **state)
{
	assert_place("/proc", PLACE_PROC_ROOT, UNKNOWN_ID, UNKNOWN_ID, ENTRY_NONE);
	assert_place("/proc/812", PLACE_PID_DIR, 812, UNKNOWN_ID, ENTRY_NONE);
	assert_place("/proc/812/status", PLACE_PID_DIR, 812, UNKNOWN_ID, ENTRY_NONE);
	assert_place("/proc/812/task", PLACE_PID_DIR, 812, UNKNOWN_ID, ENTRY_NONE);
	assert_place("/proc/812/task/813", PLACE_TASK_DIR, 812, 813, ENTRY_NONE);
	assert_place("/proc/812/task/813/mem", PLACE_ENTRY, 812, 813, ENTRY_MEM);
	assert_place("/proc/812/mem", PLACE_ENTRY, 812, UNKNOWN_ID, ENTRY_MEM);
	assert_place("/proc/812/map_files/1-2", PLACE_ENTRY, 812, UNKNOWN_ID, ENTRY_MAP_FILES);
	assert_place("/proc/kcore", PLACE_ENTRY, UNKNOWN_ID, UNKNOWN_ID, ENTRY_KCORE);
	assert_place("/dev/mem", PLACE_ENTRY, UNKNOWN_ID, UNKNOWN_ID, ENTRY_DEVMEM);
	assert_int_equal(place_of(SPAN("/proc/812/mem/x")).kind, PLACE_PID_DIR);
	assert_int_equal(place_of(SPAN("/proc/meminfo")).kind, PLACE_ELSEWHERE);
	assert_int_equal(place_of(SPAN("/proc/kcore/x")).kind, PLACE_ELSEWHERE);
	assert_int_equal(place_of(SPAN("/proc/devmem")).kind, PLACE_ELSEWHERE);
	assert_int_equal(place_of(SPAN("/procs/812/mem")).kind, PLACE_ELSEWHERE);
	assert_int_equal(place_of(SPAN("")).kind, PLACE_ELSEWHERE);
	assert_int_equal(place_of(SPAN("/")).kind, PLACE_ELSEWHERE);
	assert_true(place_of(SPAN("/proc/self/mem")).self);
	assert_true(place_of(SPAN("/proc/thread-self/maps")).self);
	assert_false(place_of(SPAN("/proc/812/mem")).self);
}

static void suffixes(void **state)
{
	struct place place;

	assert_true(place_of_suffix(SPAN("/mnt/x/812/mem"), &place));
	assert_int_equal(place.pid, 812);
	assert_int_equal(place.entry, ENTRY_MEM);
	assert_true(place_of_suffix(SPAN("812/maps"), &place));
	assert_true(place_of_suffix(SPAN("/1/2/812/task/9/environ"), &place));
	assert_int_equal(place.pid, 812);
	assert_int_equal(place.tid, 9);
	assert_false(place_of_suffix(SPAN("/mnt/812/kcore"), &place));
	assert_false(place_of_suffix(SPAN("x812/mem"), &place));
	assert_false(place_of_suffix(SPAN("812/mem/"), &place) && place.entry != ENTRY_MEM);
	assert_false(place_of_suffix(SPAN("mem"), &place));
	assert_false(place_of_suffix(SPAN(""), &place));
}

static void pids(void **state)
{
	uint64_t pid = 7;

	assert_true(parse_pid(SPAN("1"), &pid));
	assert_true(parse_pid(SPAN("2147483647"), &pid));
	assert_int_equal(pid, 2147483647);
	assert_false(parse_pid(SPAN("2147483648"), &pid));
	assert_false(parse_pid(SPAN("4294967297"), &pid));
	assert_false(parse_pid(SPAN("18446744073709551617"), &pid));
	assert_false(parse_pid(SPAN("0"), &pid));
	assert_false(parse_pid(SPAN("01"), &pid));
	assert_false(parse_pid(SPAN("1 "), &pid));
	assert_false(parse_pid(SPAN("-1"), &pid));
	assert_false(parse_pid(SPAN(""), &pid));
	assert_int_equal(pid, 2147483647);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normalises),	   cmocka_unit_test(a_root_holds), cmocka_unit_test(links),
		cmocka_unit_test(out_of_the_root), cmocka_unit_test(loops),	   cmocka_unit_test(long_ones),
		cmocka_unit_test(places),	   cmocka_unit_test(suffixes),	   cmocka_unit_test(pids),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
