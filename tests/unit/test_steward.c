/* The steward: it looks, opens, turns; and nothing that its watch can send makes it do more. */
#include "engine/steward.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[256], path[300];

static int make_directory(void **state)
{
	const char *root = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%s/steward-XXXXXX", root ? root : "/tmp");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/log", directory);
	return 0;
}

static int remove_directory(void **state)
{
	char name[400];

	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), i ? "%s.%d" : "%s", path, i);
		unlink(name);
	}
	return rmdir(directory);
}

static bool holds(unsigned number, const char *text)
{
	char name[400], have[64] = "";

	snprintf(name, sizeof(name), number ? "%s.%u" : "%s", path, number);
	int fd = open(name, O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, have, sizeof(have) - 1);
	if (fd >= 0)
		close(fd);
	return len >= 0 && strcmp(have, text) == 0;
}

static void write_new(struct steward *steward, bool turn, const char *text)
{
	struct err err = { 0 };
	int fd = steward_open_output(steward, turn, &err);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void it_looks_at_processes(void **state)
{
	const struct steward_options options = { 0 };
	struct err err = { 0 };
	struct steward *steward = steward_start(&options, &err);

	assert_non_null(steward);
	const struct process_look *look = steward_look(steward, (uint32_t)getpid());
	assert_non_null(look);
	assert_true(look->stat_len > 0);
	assert_null(steward_look(steward, UINT32_MAX));
	assert_int_equal(steward_failures(steward), 0);
	assert_int_equal(steward_open_output(steward, false, &err), -ENOTSUP);
	steward_stop(steward);
	steward_stop(NULL);
}

static void it_turns_files(void **state)
{
	const struct steward_options options = { .output_path = path, .keep = 2 };
	struct steward *steward = steward_start(&options, &(struct err){ 0 });
	struct stat st;

	write_new(steward, false, "first\n");
	write_new(steward, false, "more\n");
	assert_true(holds(0, "first\nmore\n"));
	write_new(steward, true, "second\n");
	assert_true(holds(0, "second\n"));
	assert_true(holds(1, "first\nmore\n"));
	write_new(steward, true, "third\n");
	write_new(steward, true, "fourth\n");
	assert_true(holds(0, "fourth\n") && holds(1, "third\n") && holds(2, "second\n"));
	assert_false(holds(3, "first\nmore\n"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	steward_stop(steward);
}

static void it_keeps_none_when_none_are_wanted(void **state)
{
	const struct steward_options options = { .output_path = path, .keep = 0 };
	struct steward *steward = steward_start(&options, &(struct err){ 0 });

	write_new(steward, false, "first\n");
	write_new(steward, true, "second\n");
	assert_true(holds(0, "second\n"));
	assert_false(holds(1, "first\n"));
	steward_stop(steward);
}

/* Who can write into the directory must not lead a watch of root's anywhere else. */
static void it_follows_no_link(void **state)
{
	const struct steward_options options = { .output_path = path, .keep = 1 };
	struct steward *steward = steward_start(&options, &(struct err){ 0 });
	struct err err = { 0 };

	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(steward_open_output(steward, false, &err), -ELOOP);
	assert_non_null(strstr(err.text, "cannot open the output again"));
	steward_stop(steward);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_looks_at_processes),
		cmocka_unit_test_setup_teardown(it_turns_files, make_directory, remove_directory),
		cmocka_unit_test_setup_teardown(it_keeps_none_when_none_are_wanted, make_directory, remove_directory),
		cmocka_unit_test_setup_teardown(it_follows_no_link, make_directory, remove_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
