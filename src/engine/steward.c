#include "engine/steward.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/steward_parts.h"

#define LOOK_MS 200    /* the longest wait for /proc: then the process goes without a name */
#define STEWARD_FD 3   /* its end of the socket */
#define OUTPUT_MS 5000 /* and for the output: a disk may be slow */

struct steward {
	int fd;
	pid_t pid;
	uint32_t number; /* of the last request: an answer that comes too late is known by it */
	uint64_t failures;
	struct steward_answer answer;
};

/* Descriptors of sensors and of the output are none of its business. */
static void close_others(int keep)
{
	if (keep != STEWARD_FD)
		dup3(keep, STEWARD_FD, O_CLOEXEC);
	close_range(STEWARD_FD + 1, ~0u, 0);
}

static void be_steward(int fd, pid_t parent, const struct steward_options *options)
{
	struct steward_room room = { .keep = options->keep };
	char path[4096];

	prctl(PR_SET_NAME, "proctor-steward");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	close_others(fd);
	if (options->output_path)
		snprintf(path, sizeof(path), "%s", options->output_path);
	_exit(steward_prepare(&room, options->output_path ? path : NULL) ? steward_serve(&room, STEWARD_FD) : 1);
}

struct steward *steward_start(const struct steward_options *options, struct err *err)
{
	struct steward *steward = calloc(1, sizeof(*steward));
	int pair[2] = { -1, -1 };
	pid_t parent = getpid();

	if (!steward || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		free(steward);
		err_set(err, -errno, "cannot start the steward, who looks at /proc for the watch: %m");
		return NULL;
	}
	steward->fd = pair[0];
	steward->pid = fork();
	if (steward->pid == 0)
		be_steward(pair[1], parent, options);
	close(pair[1]);
	if (steward->pid > 0)
		return steward;
	err_set(err, -errno, "cannot start the steward, who looks at /proc for the watch: %m");
	close(pair[0]);
	free(steward);
	return NULL;
}

static int received_fd(const struct msghdr *message)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (control && control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_RIGHTS &&
	    control->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(control), sizeof(fd));
	return fd;
}

/* The next answer, whichever it is. False when none came in time, or never will. */
static bool receive(struct steward *steward, int wait_ms, int *fd)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec piece = { &steward->answer, sizeof(steward->answer) };
	struct msghdr message = {
		.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	struct pollfd wait = { .fd = steward->fd, .events = POLLIN };

	if (poll(&wait, 1, wait_ms) <= 0)
		return false;
	ssize_t len = recvmsg(steward->fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	*fd = len > 0 ? received_fd(&message) : -1;
	if (len >= 0 && (size_t)len < sizeof(steward->answer))
		memset((char *)&steward->answer + len, 0, sizeof(steward->answer) - (size_t)len);
	return len > 0;
}

static bool ask(struct steward *steward, enum steward_task task, uint32_t pid, int wait_ms, int *fd)
{
	struct steward_request request = { .task = task, .number = ++steward->number, .pid = pid };

	*fd = -1;
	if (send(steward->fd, &request, sizeof(request), MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(request)) {
		while (receive(steward, wait_ms, fd)) {
			if (steward->answer.number == request.number)
				return true;
			if (*fd >= 0)
				close(*fd);
		}
	}
	steward->failures++;
	return false;
}

static bool is_whole(const struct process_look *look)
{
	return look->exe_len <= sizeof(look->exe) && look->stat_len <= sizeof(look->stat) &&
	       look->status_len <= sizeof(look->status) && look->cgroup_len <= sizeof(look->cgroup);
}

const struct process_look *steward_look(struct steward *steward, uint32_t pid)
{
	int fd;

	if (!ask(steward, STEWARD_LOOK, pid, LOOK_MS, &fd))
		return NULL;
	if (fd >= 0)
		close(fd);
	return steward->answer.result == 0 && is_whole(&steward->answer.look) ? &steward->answer.look : NULL;
}

int steward_open_output(struct steward *steward, bool turn, struct err *err)
{
	int fd;

	if (!ask(steward, turn ? STEWARD_TURN : STEWARD_OPEN, 0, OUTPUT_MS, &fd))
		return err_set(err, -ETIMEDOUT, "the steward did not open the output again");
	if (fd >= 0)
		return fd;
	int number = steward->answer.result < 0 ? steward->answer.result : -EIO;
	return err_set(err, number, "cannot open the output again: %s; what comes goes to the file that is open",
		       strerror(-number));
}

uint64_t steward_failures(const struct steward *steward)
{
	return steward->failures;
}

void steward_stop(struct steward *steward)
{
	if (!steward)
		return;
	close(steward->fd); /* it reads the end, and goes */
	waitpid(steward->pid, NULL, 0);
	free(steward);
}
