/* Inputs that are mapped: what can be had so, and what becomes of a reader whose log is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/mapped.h"

#define LINE "type=SYSCALL msg=audit(1795430914.650:7388): arch=c000003e syscall=257 success=yes exit=3 pid=42\n"
#define LINES 2000

struct scene {
	char path[64];
	struct summary summary;
	struct inputs inputs;
};

static void write_log(const char *path, size_t lines)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	for (size_t i = 0; i < lines; i++)
		fputs(LINE, file);
	assert_int_equal(fclose(file), 0);
}

static void open_scene(struct scene *scene, size_t lines)
{
	const char *const paths[] = { scene->path };

	*scene = (struct scene){ .path = "/tmp/test_mapped.XXXXXX" };
	close(mkstemp(scene->path));
	write_log(scene->path, lines);
	inputs_init(&scene->inputs, FORMAT_AUTO, &scene->summary);
	assert_int_equal(inputs_add(&scene->inputs, paths, 1), 0);
}

static void close_scene(struct scene *scene)
{
	inputs_finish(&scene->inputs);
	unlink(scene->path);
}

static struct mapped *map(struct scene *scene)
{
	const char *why;
	struct mapped *mapped = mapped_create(&scene->inputs, &why);

	if (!mapped)
		fail_msg("%s", why);
	assert_null(why);
	return mapped;
}

static void refuse(struct scene *scene, const char *expected)
{
	const char *why = NULL;

	assert_null(mapped_create(&scene->inputs, &why));
	assert_string_equal(why, expected);
}

static void test_whole(void **state)
{
	struct scene scene;

	open_scene(&scene, LINES);
	struct mapped *mapped = map(&scene);
	assert_int_equal(mapped_count(mapped), 1);
	const struct mapped_input *input = mapped_input(mapped, 0);
	assert_int_equal(input->bytes.len, LINES * strlen(LINE));
	assert_memory_equal(input->bytes.data, LINE, strlen(LINE));
	assert_string_equal(input->frame.origin.file, scene.path);
	assert_false(mapped_shrank(mapped));
	mapped_destroy(mapped);
	mapped_destroy(NULL);
	close_scene(&scene);
}

/* A log that grows is read as far as it went. */
static void test_grows(void **state)
{
	struct scene scene;

	open_scene(&scene, LINES);
	struct mapped *mapped = map(&scene);
	write_log(scene.path, 2 * LINES);
	assert_int_equal(mapped_input(mapped, 0)->bytes.len, LINES * strlen(LINE));
	assert_false(mapped_shrank(mapped));
	mapped_destroy(mapped);
	close_scene(&scene);
}

static size_t count_zeros(struct span bytes)
{
	const volatile char *p = bytes.data;
	size_t count = 0;

	for (size_t i = 0; i < bytes.len; i++)
		count += p[i] == 0;
	return count;
}

static void test_cut(void **state)
{
	struct scene scene;
	size_t len = LINES * strlen(LINE), left = 3 * strlen(LINE);

	open_scene(&scene, LINES);
	struct mapped *mapped = map(&scene);
	assert_int_equal(truncate(scene.path, (off_t)left), 0);
	assert_int_equal(count_zeros(mapped_input(mapped, 0)->bytes), len - left);
	assert_memory_equal(mapped_input(mapped, 0)->bytes.data, LINE, strlen(LINE));
	assert_true(mapped_shrank(mapped));
	/* It was written again before anybody looked: what was read are zeros all the same. */
	write_log(scene.path, LINES);
	assert_true(mapped_shrank(mapped));
	mapped_destroy(mapped);
	close_scene(&scene);
}

/* Nobody has read what was cut. */
static void test_cut_unread(void **state)
{
	struct scene scene;

	open_scene(&scene, LINES);
	struct mapped *mapped = map(&scene);
	assert_int_equal(truncate(scene.path, 10), 0);
	assert_true(mapped_shrank(mapped));
	mapped_destroy(mapped);
	close_scene(&scene);
}

/* The signal of somebody else's page stays deadly, and afterwards it is as it was. */
static void test_foreign_signal(void **state)
{
	struct scene scene;
	struct sigaction before, after;
	int status;

	sigaction(SIGBUS, NULL, &before);
	open_scene(&scene, LINES);
	struct mapped *mapped = map(&scene);
	pid_t child = fork();
	if (child == 0) {
		raise(SIGBUS);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
	mapped_destroy(mapped);
	sigaction(SIGBUS, NULL, &after);
	assert_ptr_equal(before.sa_sigaction, after.sa_sigaction);
	close_scene(&scene);
}

static void test_refused(void **state)
{
	struct scene scene;

	open_scene(&scene, LINES);
	assert_int_equal(truncate(scene.path, 500), 0);
	refuse(&scene, "an input is empty, or has changed since it was looked at");
	assert_int_equal(unlink(scene.path), 0);
	refuse(&scene, "an input cannot be opened");
	scene.inputs.items[0].content = CONTENT_ZIP;
	refuse(&scene, "an input is no plain text of audit records");
	scene.inputs.items[0].path = NULL;
	refuse(&scene, "the input is a pipe");
	scene.inputs.count = 0;
	refuse(&scene, "there is no input");
	close_scene(&scene);
}

static void test_two_hosts(void **state)
{
	struct scene scene;

	open_scene(&scene, LINES);
	struct input second = scene.inputs.items[0];
	second.host = "web2";
	assert_int_equal(inputs_append(&scene.inputs, &second), 0);
	refuse(&scene, "the inputs are of more than one host");
	scene.inputs.items[0].host = "web2";
	struct mapped *mapped = map(&scene);
	assert_int_equal(mapped_count(mapped), 2);
	mapped_destroy(mapped);
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_whole),
					    cmocka_unit_test(test_grows),
					    cmocka_unit_test(test_cut),
					    cmocka_unit_test(test_cut_unread),
					    cmocka_unit_test(test_foreign_signal),
					    cmocka_unit_test(test_refused),
					    cmocka_unit_test(test_two_hosts) };

	return cmocka_run_group_tests_name("mapped", tests, NULL, NULL);
}
