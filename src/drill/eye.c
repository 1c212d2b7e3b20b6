#include "drill/eye.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536
#define END_MS 2000 /* from asking it to end to ending it */

static void become(const char *path, char *const argv[], int output, const char *errors)
{
	int err = open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	if (err >= 0)
		dup2(err, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execv(path, argv);
	_exit(127);
}

/* The child is ours to reap, so that its number and its group's are its own until then. */
static void guard(int life, pid_t child)
{
	struct pollfd fds[] = { { .fd = life, .events = POLLIN },
				{ .fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN } };

	setpgid(child, child);
	while (fds[1].fd >= 0 && poll(fds, 2, -1) < 0)
		;
	kill(-child, SIGTERM);
	poll(fds + 1, 1, END_MS);
	kill(-child, SIGKILL);
	waitpid(child, NULL, 0);
	_exit(0);
}

static void start_guarded(const char *path, char *const argv[], int output, const char *errors, int life)
{
	pid_t child;

	setpgid(0, 0); /* Ctrl-C is for the drill, which still wants to hear what was seen */
	child = fork();
	if (child == 0)
		become(path, argv, output, errors);
	close(output);
	if (child > 0)
		guard(life, child);
	_exit(1);
}

int eye_start(struct eye *eye, const char *path, char *const argv[], const char *errors, struct err *err)
{
	int ends[2], life[2];

	*eye = (struct eye){ .fd = -1, .life = -1 };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	eye->fd = ends[0];
	if (pipe2(life, O_CLOEXEC) < 0) {
		close(ends[1]);
		return err_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	}
	eye->life = life[1];
	eye->guard = fork();
	if (eye->guard == 0) {
		close(life[1]);
		close(ends[0]);
		start_guarded(path, argv, ends[1], errors, life[0]);
	}
	close(ends[1]);
	close(life[0]);
	if (eye->guard < 0)
		return err_set(err, -errno, "cannot start the sensor: %s", strerror(errno));
	fcntl(eye->fd, F_SETFL, O_NONBLOCK);
	return 0;
}

/* Hands out whole lines and keeps what is behind the last. */
static void take_lines(struct eye *eye, eye_line *take, void *context)
{
	struct span rest = buffer_span(&eye->pending);

	for (size_t end; (end = span_index(rest, '\n')) < rest.len; rest = span_skip(rest, end + 1)) {
		if (!eye->skipping)
			take(context, span_first(rest, end));
		eye->skipping = false;
	}
	if (rest.len > EYE_LINE_MAX) {
		eye->skipped += !eye->skipping;
		eye->skipping = true;
		rest.len = 0;
	}
	if (rest.len)
		memmove(eye->pending.data, rest.data, rest.len);
	eye->pending.len = rest.len;
}

bool eye_read(struct eye *eye, eye_line *take, void *context)
{
	while (eye->fd >= 0 && buffer_reserve(&eye->pending, READ_BYTES)) {
		ssize_t len = read(eye->fd, eye->pending.data + eye->pending.len, READ_BYTES);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EAGAIN)
			return true;
		if (len <= 0)
			break;
		eye->pending.len += (size_t)len;
		take_lines(eye, take, context);
	}
	if (eye->fd >= 0)
		close(eye->fd);
	eye->fd = -1;
	return false;
}

void eye_stop(struct eye *eye)
{
	if (eye->life >= 0)
		close(eye->life);
	eye->life = -1;
}

void eye_finish(struct eye *eye)
{
	if (eye->fd >= 0)
		close(eye->fd);
	eye_stop(eye);
	while (eye->guard > 0 && waitpid(eye->guard, NULL, 0) < 0 && errno == EINTR)
		;
	buffer_finish(&eye->pending);
	*eye = (struct eye){ .fd = -1, .life = -1 };
}
