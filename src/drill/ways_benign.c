/* What is normal on every host, and must raise nothing. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drill/stage.h"
#include "drill/variant.h"

#define ARGUMENTS_MAX 16

/* As way_command, and what it prints proves nothing: it only has to run. */
int way_silent_command(struct stage *stage)
{
	char room[1024], output[STAGE_OUTPUT_MAX], *argv[ARGUMENTS_MAX + 1], *rest = room;
	size_t len, count = 0;

	if (!stage_fill(stage, stage->variant->detail, room, sizeof(room)))
		return -EINVAL;
	while (count < ARGUMENTS_MAX && rest)
		argv[count++] = strsep(&rest, "|");
	argv[count] = NULL;
	int status = stage_run(stage, argv, -1, output, &len);
	return status < 0 ? status : status == 127 ? -ENOEXEC : 0;
}

static int read_some(struct stage *stage, const char *path)
{
	char byte[64];
	int fd = stage_open_at(stage, AT_FDCWD, path, O_RDONLY);

	if (fd < 0)
		return fd;
	ssize_t len = read(fd, byte, sizeof(byte));
	int number = -errno;
	close(fd);
	return len >= 0 || number == -EIO ? 0 : number; /* EIO: mem at address 0 */
}

int way_own_entry(struct stage *stage)
{
	return read_some(stage, stage_path(stage, stage->variant->detail));
}

static void *read_own(void *argument)
{
	struct stage *stage = argument;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", getpid(), (int)syscall(SYS_gettid), stage_entry(stage));
	return read_some(stage, path) == 0 ? stage : NULL;
}

int way_own_thread(struct stage *stage)
{
	pthread_t thread;
	void *done = NULL;

	if (pthread_create(&thread, NULL, read_own, stage) != 0)
		return -EAGAIN;
	pthread_join(thread, &done);
	return done ? 0 : -EIO;
}

/* Looks at the name, and opens nothing. */
int way_stat(struct stage *stage)
{
	struct stat status;
	const char *path = stage_path(stage, "/proc/{pid}/{entry}");

	stage_moment(stage);
	if (stat(path, &status) < 0 || access(path, F_OK) < 0)
		return -errno;
	return 0;
}

/* A harness that measures the child it started: sleep(1), which holds no credentials. */
int way_own_child(struct stage *stage)
{
	char sleeper[64], path[64];
	int ends[2], status;
	char byte;

	if (!stage_find_program("sleep", sleeper, sizeof(sleeper)) || pipe2(ends, O_CLOEXEC) < 0)
		return -STAGE_NOT_INSTALLED;
	pid_t child = stage_fork(stage);
	if (child == 0) {
		execl(sleeper, "sleep", "10", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) < 0) /* ends when the child has executed sleep */
		return -errno;
	snprintf(path, sizeof(path), "/proc/%d/%s", child, stage_entry(stage));
	status = read_some(stage, path);
	kill(child, SIGKILL);
	stage_await(stage, child);
	return status;
}

/* detail: "NAME|ARGUMENT": true(1) under a name that sounds like a tool's, and is not. */
int way_harmless_name(struct stage *stage)
{
	return way_tool(stage);
}
