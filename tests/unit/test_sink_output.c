/* output: whole lines or nothing, and an error that names the file. */
#include "sink_samples.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[] = "/tmp/proctor-test-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/out", folder);
	return 0;
}

static int remove_folder(void **state)
{
	unlink(path);
	return rmdir(folder);
}

static struct buffer read_file(void)
{
	struct buffer text = { 0 };
	char piece[4096];
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	for (ssize_t n; (n = read(fd, piece, sizeof(piece))) > 0;)
		buffer_add(&text, (struct span){ piece, (size_t)n });
	close(fd);
	buffer_add_byte(&text, '\0');
	return text;
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_output_file(void **state)
{
	write_file("what was there before, longer than what comes\n");
	struct output *output = output_open(path, NULL);
	assert_int_equal(output_write(output, SPAN("one\n"), NULL), 0);
	assert_int_equal(output_write(output, SPAN("two\n"), NULL), 0);
	assert_int_equal(output_finish(output, NULL), 0);
	output_destroy(output);
	struct buffer text = read_file();
	assert_string_equal(text.data, "one\ntwo\n");
	buffer_finish(&text);
}

static void test_output_nothing_empties_the_file(void **state)
{
	write_file("old\n");
	struct output *output = output_open(path, NULL);
	assert_int_equal(output_finish(output, NULL), 0);
	output_destroy(output);
	struct buffer text = read_file();
	assert_string_equal(text.data, "");
	buffer_finish(&text);
}

static void test_output_new_file_is_private(void **state)
{
	struct stat st;

	unlink(path);
	struct output *output = output_open(path, NULL);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	output_destroy(output);
}

static void test_output_knows_an_input(void **state)
{
	write_file("evidence\n");
	struct output *output = output_open(path, NULL);
	assert_true(output_is(output, path));
	assert_false(output_is(output, "/etc/passwd"));
	output_destroy(output);
	struct buffer text = read_file();
	assert_string_equal(text.data, "evidence\n"); /* untouched until something is written */
	buffer_finish(&text);
}

static void test_output_cannot_open(void **state)
{
	struct err err = { 0 };

	assert_null(output_open("/nowhere/out.json", &err));
	assert_int_equal(err.number, -ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/out.json"));
}

static void test_output_full_disk(void **state)
{
	struct err err = { 0 };
	struct output *output = output_open("/dev/full", NULL);

	assert_int_equal(output_write(output, SPAN("one\n"), &err), 0);
	assert_int_equal(output_finish(output, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "/dev/full"));
	assert_non_null(strstr(err.text, "No space left"));
	output_destroy(output);
}

/* A file that may not grow stops in the middle of a line, as a full disk does. */
static void test_output_leaves_no_partial_line(void **state)
{
	struct rlimit old, small;
	struct err err = { 0 };
	int status = 0;

	unlink(path);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit){ .rlim_cur = 100000, .rlim_max = old.rlim_max };
	struct output *output = output_open(path, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 20000 && !status; i++)
		status = output_write(output, SPAN("{\"a line\":1}\n"), &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(status, -EFBIG);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(output_write(output, SPAN("more\n"), &err), -EFBIG); /* and it stays so */
	assert_int_equal(output_finish(output, &err), -EFBIG);
	output_destroy(output);
	struct buffer text = read_file();
	size_t len = text.len - 1;
	assert_true(len > 99000 && len <= 100000);
	assert_int_equal(len % 13, 0);
	assert_true(text.data[len - 1] == '\n');
	buffer_finish(&text);
}

static void test_output_appends_to_what_the_shell_opened(void **state)
{
	write_file("before\n");
	int fd = open(path, O_WRONLY | O_APPEND);
	struct output *output = output_create(fd, "stdout", NULL);
	assert_int_equal(output_write(output, SPAN("one\n"), NULL), 0);
	assert_int_equal(output_finish(output, NULL), 0);
	output_destroy(output);
	close(fd);
	struct buffer text = read_file();
	assert_string_equal(text.data, "before\none\n");
	buffer_finish(&text);
}

static void test_output_closed_pipe_is_quiet(void **state)
{
	int ends[2];
	struct err err = { .text = "untouched" };

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	struct output *output = output_create(ends[1], "stdout", NULL);
	assert_int_equal(output_write(output, SPAN("one\n"), &err), 0);
	assert_int_equal(output_flush(output, &err), -EPIPE);
	assert_int_equal(err.number, -EPIPE);
	assert_string_equal(err.text, "");
	assert_int_equal(output_write(output, SPAN("two\n"), &err), -EPIPE);
	output_destroy(output);
	close(ends[1]);
}

static void test_output_waits_for_a_slow_reader(void **state)
{
	int ends[2];
	size_t want = 0;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	pid_t reader = fork();
	if (reader == 0) {
		char piece[4096];
		close(ends[1]);
		fcntl(ends[0], F_SETFL, 0);
		for (ssize_t n; (n = read(ends[0], piece, sizeof(piece))) > 0;)
			want += (size_t)n;
		_exit(want == 13 * 100000 ? 0 : 1);
	}
	close(ends[0]);
	struct output *output = output_create(ends[1], "stdout", NULL);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(output_write(output, SPAN("{\"a line\":1}\n"), NULL), 0);
	assert_int_equal(output_finish(output, NULL), 0);
	output_destroy(output);
	close(ends[1]);
	int status;
	waitpid(reader, &status, 0);
	assert_int_equal(status, 0);
}

static void test_output_error_reaches_the_sinks_caller(void **state)
{
	static const char *const names[] = { "table", "json", "csv", "ecs", "ocsf", "cef", "cse-record", "cse-signal" };
	struct sink_options options = { 0 };
	struct finding finding = sample_finding();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct err err = { 0 };
		struct output *output = output_open("/dev/full", NULL);
		struct sink *sink = sink_create(names[i], output, &options, &err);
		int status = 0;
		for (int n = 0; n < 5000 && !status; n++)
			status = sink_finding(sink, &finding, &err);
		assert_int_equal(status, -ENOSPC);
		assert_non_null(strstr(err.text, "/dev/full"));
		assert_int_equal(sink_end(sink, &err), -ENOSPC);
		sink_destroy(sink);
		output_destroy(output);
	}
	assert_null(sink_create("xml", NULL, &options, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_file),
		cmocka_unit_test(test_output_nothing_empties_the_file),
		cmocka_unit_test(test_output_new_file_is_private),
		cmocka_unit_test(test_output_knows_an_input),
		cmocka_unit_test(test_output_cannot_open),
		cmocka_unit_test(test_output_full_disk),
		cmocka_unit_test(test_output_leaves_no_partial_line),
		cmocka_unit_test(test_output_appends_to_what_the_shell_opened),
		cmocka_unit_test(test_output_closed_pipe_is_quiet),
		cmocka_unit_test(test_output_waits_for_a_slow_reader),
		cmocka_unit_test(test_output_error_reaches_the_sinks_caller),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
