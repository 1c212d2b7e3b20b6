/* rule/pattern.c: the patterns of names.def and tuning.def. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule/pattern.h"

static void plain(void **state)
{
	assert_true(pattern_matches("/usr/bin/gdb", SPAN("/usr/bin/gdb")));
	assert_false(pattern_matches("/usr/bin/gdb", SPAN("/usr/bin/gdb2")));
	assert_false(pattern_matches("/usr/bin/gdb", SPAN("/usr/bin/gd")));
	assert_false(pattern_matches("/usr/bin/gdb", SPAN("/usr/bin/gdB")));
	assert_false(pattern_matches("/usr/bin/gdb", SPAN("/usr/bin/gdb\0")));
	assert_false(pattern_matches("/usr/bin/gdb", (struct span){ 0 }));
}

static void stars(void **state)
{
	assert_true(pattern_matches("/usr/bin/lldb-[0-9]*", SPAN("/usr/bin/lldb-14")));
	assert_false(pattern_matches("/usr/bin/lldb-[0-9]*", SPAN("/usr/bin/lldb-x")));
	assert_true(pattern_matches("/usr/lib/linux-tools/*/perf", SPAN("/usr/lib/linux-tools/6.1/perf")));
	assert_false(pattern_matches("/usr/lib/linux-tools/*/perf", SPAN("/usr/lib/linux-tools/6/1/perf")));
	assert_true(pattern_matches("/usr/bin/python3*", SPAN("/usr/bin/python3")));
	assert_false(pattern_matches("/usr/bin/python3*", SPAN("/usr/bin/python3\0x")));
	assert_false(pattern_matches("/usr/bin/python3*", SPAN("/usr/bin/python3/x")));
	assert_true(pattern_matches("*", SPAN("/any/path")));
	assert_true(pattern_matches("*", (struct span){ 0 }));
	assert_false(pattern_matches("*", SPAN("/a\0b")));
}

static void too_long(void **state)
{
	char path[600];

	memset(path, 'a', sizeof(path));
	assert_true(pattern_matches("a*", (struct span){ path, 511 }));
	assert_false(pattern_matches("a*", (struct span){ path, 512 }));
	assert_false(pattern_matches("*", (struct span){ path, 512 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(stars),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
