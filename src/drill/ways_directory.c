/* The entry relative to a descriptor of a directory, and how the opener came to it. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drill/handing.h"
#include "drill/stage.h"
#include "drill/variant.h"

#define STACK_BYTES 65536

static int open_directory(struct stage *stage, const char *path, int flags)
{
	int fd = open(stage_path(stage, path), flags | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? stage_fail(stage, "opening a directory", -errno) : fd;
}

static int take_in(struct stage *stage, int directory, const char *name)
{
	if (directory < 0)
		return directory;
	return stage_take(stage, stage_open_at(stage, directory, stage_path(stage, name), O_RDONLY));
}

int way_pid_directory(struct stage *stage)
{
	return take_in(stage, open_directory(stage, "/proc/{pid}", O_RDONLY), "{entry}");
}

int way_proc_directory(struct stage *stage)
{
	return take_in(stage, open_directory(stage, "/proc", O_RDONLY), "{pid}/{entry}");
}

int way_task_directory(struct stage *stage)
{
	return take_in(stage, open_directory(stage, "/proc/{pid}/task", O_RDONLY), "{tid}/{entry}");
}

int way_path_directory(struct stage *stage)
{
	return take_in(stage, open_directory(stage, "/proc/{pid}", O_PATH), "{entry}");
}

int way_dup_directory(struct stage *stage)
{
	int directory = open_directory(stage, "/proc/{pid}", O_RDONLY);

	return directory < 0 ? directory : take_in(stage, dup(directory), "{entry}");
}

int way_dup3_directory(struct stage *stage)
{
	int directory = open_directory(stage, "/proc/{pid}", O_RDONLY), other = open("/", O_RDONLY | O_CLOEXEC);

	return directory < 0 ? directory : take_in(stage, dup3(directory, other, O_CLOEXEC), "{entry}");
}

int way_fcntl_directory(struct stage *stage)
{
	int directory = open_directory(stage, "/proc/{pid}", O_RDONLY);

	return directory < 0 ? directory : take_in(stage, fcntl(directory, F_DUPFD_CLOEXEC, 100), "{entry}");
}

int way_sent_directory(struct stage *stage)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return stage_fail(stage, "a socket", -errno);
	pid_t sender = stage_fork(stage);
	if (sender == 0) {
		int directory = open_directory(stage, "/proc/{pid}", O_RDONLY);
		stage_leave(directory < 0 ? directory : handing_send(ends[1], directory));
	}
	int result = stage_await(stage, sender);
	return result ? result : take_in(stage, handing_receive(ends[0]), "{entry}");
}

static int open_for_both(void *argument)
{
	return open_directory(argument, "/proc/{pid}", O_RDONLY) < 0;
}

/* A child that shares the table of descriptors opens the directory for its parent. */
int way_shared_table(struct stage *stage)
{
	static char stack[STACK_BYTES] __attribute__((aligned(64)));
	int next = open("/", O_RDONLY | O_CLOEXEC), status;

	close(next); /* the child's will be this one */
	pid_t child = clone(open_for_both, stack + sizeof(stack), CLONE_FILES | SIGCHLD, stage);
	if (child < 0)
		return stage_fail(stage, "clone", -errno);
	stage_announce(stage, child);
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		return stage_fail(stage, "opening a directory", -ECHILD);
	return take_in(stage, next, "{entry}");
}

/* A program executed by a child opens below the descriptor that it got. */
int way_inherited_directory(struct stage *stage)
{
	char output[STAGE_OUTPUT_MAX];
	size_t len;
	int directory = open(stage_path(stage, "/proc/{pid}"), O_RDONLY | O_DIRECTORY);

	if (directory < 0)
		return stage_fail(stage, "opening a directory", -errno);
	snprintf(stage->path, sizeof(stage->path),
		 "import os;print(os.read(os.open('%s',os.O_RDONLY,dir_fd=%d),65536))", stage_entry(stage), directory);
	char *const argv[] = { (char *)"python3", (char *)"-c", stage->path, NULL };
	int result = stage_run(stage, argv, -1, output, &len);
	if (result)
		return result < 0 ? result : -STAGE_UNPROVEN;
	return stage_proves(stage, (struct span){ output, len }) ? 0 : -STAGE_UNPROVEN;
}
