#include "drill/eye.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536
#define END_WAITS 200 /* times END_WAIT_US */
#define END_WAIT_US 10000

static void become(const char *path, char *const argv[], int output, const char *errors, pid_t parent)
{
	int err = open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setpgid(0, 0); /* Ctrl-C is for the drill, which still wants to hear what was seen */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(126);
	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	if (err >= 0)
		dup2(err, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execv(path, argv);
	_exit(127);
}

int eye_start(struct eye *eye, const char *path, char *const argv[], const char *errors, struct err *err)
{
	pid_t parent = getpid();
	int ends[2];

	*eye = (struct eye){ .fd = -1 };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	eye->pid = fork();
	if (eye->pid == 0)
		become(path, argv, ends[1], errors, parent);
	close(ends[1]);
	eye->fd = ends[0];
	if (eye->pid < 0)
		return err_set(err, -errno, "cannot start the sensor: %s", strerror(errno));
	setpgid(eye->pid, eye->pid);
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

void eye_stop(const struct eye *eye)
{
	if (eye->pid > 0)
		kill(-eye->pid, SIGTERM);
}

int eye_finish(struct eye *eye)
{
	int status = 0, reaped = 0;

	if (eye->fd >= 0)
		close(eye->fd);
	if (eye->pid > 0) {
		kill(-eye->pid, SIGTERM);
		for (int i = 0; i < END_WAITS && (reaped = waitpid(eye->pid, &status, WNOHANG)) == 0; i++)
			usleep(END_WAIT_US);
		if (reaped == 0) {
			kill(-eye->pid, SIGKILL);
			while (waitpid(eye->pid, &status, 0) < 0 && errno == EINTR)
				;
		}
	}
	buffer_finish(&eye->pending);
	*eye = (struct eye){ .fd = -1 };
	return status;
}
