/* Descriptors of the entry that somebody else opened. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drill/handing.h"
#include "drill/stage.h"
#include "drill/variant.h"

#define PLAIN "/proc/{pid}/{entry}"
#define EVENT_MS 5000

static int open_plain(struct stage *stage)
{
	return stage_open_at(stage, AT_FDCWD, stage_path(stage, PLAIN), O_RDONLY);
}

int way_inherited_fork(struct stage *stage)
{
	int fd = open_plain(stage);

	if (fd < 0)
		return fd;
	pid_t child = stage_fork(stage);
	if (child == 0)
		stage_leave(stage_take(stage, fd));
	return stage_await(stage, child);
}

/* dd on its standard input, which is the memory. */
int way_inherited_exec(struct stage *stage)
{
	char output[STAGE_OUTPUT_MAX], skip[48], count[32];
	size_t len;
	int fd = open_plain(stage);

	if (fd < 0)
		return fd;
	if (!stage_fill(stage, "skip={address}", skip, sizeof(skip)) ||
	    !stage_fill(stage, "count={length}", count, sizeof(count)))
		return -EINVAL;
	char *const argv[] = { (char *)"dd", (char *)"bs=1", skip, count, NULL };
	int result = stage_run(stage, argv, fd, output, &len);
	close(fd);
	if (result)
		return result < 0 ? result : -STAGE_UNPROVEN;
	return stage_proves(stage, (struct span){ output, len }) ? 0 : -STAGE_UNPROVEN;
}

/* A child opens and sends; we only ever read. */
int way_sent(struct stage *stage)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return stage_fail(stage, "a socket", -errno);
	pid_t sender = stage_fork(stage);
	if (sender == 0) {
		int fd = open_plain(stage);
		stage_leave(fd < 0 ? fd : handing_send(ends[1], fd));
	}
	int result = stage_await(stage, sender);
	return result ? result : stage_take(stage, handing_receive(ends[0]));
}

int way_held(struct stage *stage)
{
	int fd = open_plain(stage);

	stage_turn(stage);
	stage_moment(stage);
	return stage_take(stage, fd);
}

static int get_fd(struct stage *stage, pid_t owner, int fd)
{
	int pidfd = (int)syscall(SYS_pidfd_open, owner, 0);

	if (pidfd < 0)
		return stage_fail(stage, "pidfd_open", -errno);
	stage_moment(stage);
	int got = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	got = got < 0 ? -errno : got;
	close(pidfd);
	return got;
}

/* The pipe in which the decoy keeps its secret. The secret goes back into it, for the next one. */
int way_pidfd_getfd(struct stage *stage)
{
	char secret[DECOY_SECRET_ROOM] = "";
	int fd = get_fd(stage, stage->decoy->pid, stage->decoy->secret_fd);

	if (fd < 0)
		return fd;
	ssize_t len = read(fd, secret, strlen(stage->decoy->secret));
	snprintf(stage->path, sizeof(stage->path), "/proc/self/fd/%d", fd);
	int back = open(stage->path, O_WRONLY | O_CLOEXEC);
	if (len < 0 || back < 0 || write(back, secret, (size_t)len) != len)
		return -STAGE_UNPROVEN;
	close(back);
	close(fd);
	return strcmp(secret, stage->decoy->secret) == 0 ? 0 : -STAGE_UNPROVEN;
}

/* The decoy's memory, in a descriptor of a helper that opened it. The helper is robbed of it. */
int way_pidfd_getfd_helper(struct stage *stage)
{
	int ends[2], fd = -1;
	char byte = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return stage_fail(stage, "a socket", -errno);
	pid_t helper = stage_fork(stage);
	if (helper == 0) {
		close(ends[0]);
		fd = open_plain(stage);
		if (send(ends[1], &fd, sizeof(fd), MSG_NOSIGNAL) < 0 || recv(ends[1], &byte, 1, 0) < 0)
			stage_leave(-errno);
		stage_leave(0);
	}
	close(ends[1]);
	if (recv(ends[0], &fd, sizeof(fd), 0) != sizeof(fd) || fd < 0)
		return -ECHILD;
	stage->notes->passed_by = helper;
	int result = stage_take(stage, get_fd(stage, helper, fd));
	close(ends[0]);
	int ended = stage_await(stage, helper);
	return result ? result : ended;
}

/* Who opens is none of the variant's: a process whose parent is gone, as if by chance. */
static int have_it_opened(struct stage *stage)
{
	const char *path = stage_path(stage, PLAIN);
	pid_t child = fork();

	if (child < 0)
		return stage_fail(stage, "a process", -errno);
	if (child == 0) {
		pid_t parent = getpid();
		if (fork() != 0)
			_exit(0);
		while (getppid() == parent)
			usleep(1000);
		_exit(open(path, O_RDONLY | O_CLOEXEC) < 0);
	}
	waitpid(child, NULL, 0);
	return 0;
}

/* With an event of fanotify comes a descriptor of the file that was opened, opened anew for who reads it. */
int way_event(struct stage *stage)
{
	struct fanotify_event_metadata event = { .fd = -1 };
	int events = (int)syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC);

	if (events < 0)
		return stage_fail(stage, "fanotify_init", -errno);
	if (fanotify_mark(events, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, stage_path(stage, PLAIN)) < 0)
		return stage_fail(stage, "fanotify_mark", -errno);
	int result = have_it_opened(stage);
	struct pollfd wait = { .fd = events, .events = POLLIN };
	if (result)
		return result;
	if (poll(&wait, 1, EVENT_MS) != 1)
		return stage_fail(stage, "an event", -ETIMEDOUT);
	stage_moment(stage);
	if (read(events, &event, sizeof(event)) != sizeof(event))
		return stage_fail(stage, "an event", -errno);
	close(events);
	return event.fd < 0 ? stage_fail(stage, "an event's file", event.fd) : stage_take(stage, event.fd);
}
