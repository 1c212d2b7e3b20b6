/* Instances of procfs, from mountinfo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "host/procfs.h"

static struct procfs_list list;

static int clear(void **state)
{
	list = (struct procfs_list){ 0 };
	return 0;
}

static void parse(const char *text, pid_t pid)
{
	procfs_parse(&list, span_of(text), pid);
}

static void test_instances(void **state)
{
	parse("22 27 0:21 / /proc rw,relatime - proc proc rw\n"
	      "23 27 0:22 / /sys rw,nosuid shared:7 master:1 - sysfs sysfs rw\n"
	      "99 27 0:77 / /srv/a\\040b rw shared:9 propagate_from:2 - proc none rw,hidepid=invisible\n",
	      0);
	parse("12 27 0:21 / /proc rw - proc proc rw\n13 27 0:300 / /proc rw - proc proc rw", 4242);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[0].minor, 21);
	assert_int_equal(list.items[0].pid, 0);
	assert_string_equal(list.items[0].where, "/proc");
	assert_string_equal(list.items[1].where, "/srv/a\\040b");
	assert_int_equal(list.items[2].minor, 300);
	assert_int_equal(list.items[2].pid, 4242);
	assert_ptr_equal(procfs_with_minor(&list, 77), &list.items[1]);
	assert_null(procfs_with_minor(&list, 78));
}

/* Containers mount parts of procfs over itself; where all of it is, says more. */
static void test_parts_give_way(void **state)
{
	parse("40 39 0:60 /sys /proc/sys ro - proc proc rw\n41 39 0:60 / /proc rw - proc proc rw\n"
	      "42 39 0:60 /bus /proc/bus ro - proc proc rw\n",
	      5);
	assert_int_equal(list.count, 1);
	assert_true(list.items[0].whole);
	assert_string_equal(list.items[0].where, "/proc");
}

static void test_what_is_no_procfs(void **state)
{
	parse("22 27 8:1 / /proc rw - proc proc rw\n"		/* not an anonymous device */
	      "22 27 0:21 / /proc rw - procx proc rw\n"		/* another type */
	      "22 27 0:21 / /home/proc rw - fuse proc rw\n"	/* a name that anyone can choose */
	      "22 27 0:21 / /proc rw proc proc rw\n"		/* no dash */
	      "22 27 0: / /proc rw - proc proc rw\n"		/* no minor */
	      "22 27 0:99999999999 / /proc rw - proc proc rw\n" /* too large */
	      "22 27 0:21\n\n \n - proc proc\n",
	      0);
	assert_int_equal(list.count, 0);
}

static void test_ceiling(void **state)
{
	char line[64];

	for (unsigned i = 0; i < PROCFS_MAX + 10; i++) {
		snprintf(line, sizeof(line), "1 1 0:%u / /proc rw - proc proc rw\n", i + 1);
		parse(line, 1);
	}
	assert_int_equal(list.count, PROCFS_MAX);
	assert_int_equal(list.left_out, 10);
}

static void test_long_mount_point(void **state)
{
	char line[2048], where[1024];

	memset(where, 'x', sizeof(where));
	snprintf(line, sizeof(line), "1 1 0:5 / /%.1000s rw - proc proc rw\n", where);
	parse(line, 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(strlen(list.items[0].where), sizeof(list.items[0].where) - 1);
}

static void test_this_host(void **state)
{
	struct stat status;
	struct err err = { 0 };

	assert_int_equal(procfs_find(&list, "/proc", &err), 0);
	assert_int_equal(stat("/proc", &status), 0);
	assert_non_null(procfs_with_minor(&list, minor(status.st_dev)));
	assert_int_equal(list.items[0].pid, 0);
}

static void test_no_procfs_at_all(void **state)
{
	struct err err = { 0 };

	assert_int_equal(procfs_find(&list, "/nonexistent", &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_instances, clear),
		cmocka_unit_test_setup(test_parts_give_way, clear),
		cmocka_unit_test_setup(test_what_is_no_procfs, clear),
		cmocka_unit_test_setup(test_ceiling, clear),
		cmocka_unit_test_setup(test_long_mount_point, clear),
		cmocka_unit_test_setup(test_this_host, clear),
		cmocka_unit_test_setup(test_no_procfs_at_all, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
