#include "drill/stage.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drill/proof.h"
#include "drill/variant.h"

const char *stage_entry(const struct stage *stage)
{
	const char *name = entry_name(stage->variant->entry);

	return name ? name : "mem";
}

/* The value of "{name}…" at the beginning of text, and how long the name is with its braces; 0 when it is none. */
static size_t value_of(const struct stage *stage, const char *text, char *value, size_t size)
{
	static const char *const names[] = { "{pid}",	 "{tid}", "{entry}",  "{address}", "{hex}",
					     "{length}", "{dir}", "{secret}", "{own}" };
	const struct decoy *decoy = stage->decoy;
	size_t i = 0, count = sizeof(names) / sizeof(names[0]);

	while (i < count && strncmp(text, names[i], strlen(names[i])) != 0)
		i++;
	if (i == count)
		return 0;
	switch (names[i][1]) {
	case 'p':
		snprintf(value, size, "%d", decoy->pid);
		break;
	case 't':
		snprintf(value, size, "%d", decoy->tid);
		break;
	case 'e':
		snprintf(value, size, "%s", stage_entry(stage));
		break;
	case 'a':
		snprintf(value, size, "%llu", (unsigned long long)decoy->address);
		break;
	case 'h':
		snprintf(value, size, "%#llx", (unsigned long long)decoy->address);
		break;
	case 'l':
		snprintf(value, size, "%zu", strlen(decoy->secret));
		break;
	case 'd':
		snprintf(value, size, "%s", stage->place->path);
		break;
	case 's':
		snprintf(value, size, "%s", decoy->secret);
		break;
	case 'o':
		snprintf(value, size, "%d", getpid());
		break;
	}
	return strlen(names[i]);
}

bool stage_fill(const struct stage *stage, const char *text, char *room, size_t size)
{
	char value[PLACE_PATH_ROOM];
	size_t len = 0;

	while (*text) {
		size_t used = value_of(stage, text, value, sizeof(value));

		if (used == 0) {
			value[0] = *text;
			value[1] = '\0';
			used = 1;
		}
		if (len + strlen(value) >= size)
			return false;
		memcpy(room + len, value, strlen(value));
		len += strlen(value);
		text += used;
	}
	room[len] = '\0';
	return true;
}

const char *stage_path(struct stage *stage, const char *text)
{
	if (!stage_fill(stage, text, stage->path, sizeof(stage->path)))
		stage->path[0] = '\0';
	return stage->path;
}

void stage_moment(struct stage *stage)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	stage->notes->moment_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void stage_announce(struct stage *stage, pid_t pid)
{
	unsigned at = atomic_fetch_add(&stage->notes->actor_count, 1);

	if (at < STAGE_ACTORS_MAX)
		stage->notes->actors[at] = pid;
}

int stage_fail(struct stage *stage, const char *attempt, int number)
{
	snprintf(stage->notes->why, sizeof(stage->notes->why), "%s: %s", attempt, strerror(-number));
	return number;
}

int stage_open_at(struct stage *stage, int directory, const char *path, int flags)
{
	stage_moment(stage);
	int fd = (int)syscall(SYS_openat, directory, path, flags | O_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

int stage_take(struct stage *stage, int fd)
{
	if (fd < 0)
		return fd;
	int result = proof_read(stage->decoy, stage->variant->entry, fd);
	close(fd);
	return result;
}

bool stage_proves(const struct stage *stage, struct span bytes)
{
	return proof_holds(stage->decoy, stage->variant->entry, bytes);
}

pid_t stage_fork(struct stage *stage)
{
	pid_t parent = getpid(), child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent && getppid() != 0)
			_exit(1);
	} else if (child > 0) {
		stage_announce(stage, child);
	}
	return child;
}

/* An errno fits into an exit status: none is above 133. */
void stage_leave(int result)
{
	_exit(result < 0 ? -result : 0);
}

int stage_await(struct stage *stage, pid_t child)
{
	int status;

	if (child < 0)
		return stage_fail(stage, "fork", -errno);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

bool stage_find_program(const char *name, char *path, size_t room)
{
	static const char *const places[] = { "/usr/bin", "/bin", "/usr/sbin", "/sbin" };

	if (name[0] == '/') {
		snprintf(path, room, "%s", name);
		return access(path, X_OK) == 0;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, room, "%s/%s", places[i], name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static void execute(const char *path, char *const argv[], int input, int output)
{
	static char *const environment[] = { (char *)"PATH=/usr/bin:/bin:/usr/sbin:/sbin",
					     (char *)"LC_ALL=C",
					     (char *)"TERM=dumb",
					     (char *)"HOME=/",
					     (char *)"DEBUGINFOD_URLS=",
					     NULL };
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(input >= 0 ? input : nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execve(path, argv, environment);
	_exit(127);
}

/* What a program that it left behind prints is not waited for. */
static void keep_output(int from, int pidfd, char *output, size_t *output_len)
{
	struct pollfd fds[] = { { .fd = from, .events = POLLIN }, { .fd = pidfd, .events = POLLIN } };
	char beyond[4096];
	bool ended = false;

	while (poll(fds, 2, ended ? 0 : -1) > 0 && (fds[0].revents || !ended)) {
		ended = fds[1].revents != 0;
		if (!fds[0].revents)
			continue;
		bool full = *output_len == STAGE_OUTPUT_MAX;
		ssize_t len = full ? read(from, beyond, sizeof(beyond))
				   : read(from, output + *output_len, STAGE_OUTPUT_MAX - *output_len);
		if (len <= 0)
			break;
		if (!full)
			*output_len += (size_t)len;
	}
}

int stage_run(struct stage *stage, char *const argv[], int input, char *output, size_t *output_len)
{
	char path[PATH_MAX];
	int ends[2], status = 0;

	*output_len = 0;
	if (!stage_find_program(argv[0], path, sizeof(path)))
		return -STAGE_NOT_INSTALLED;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid_t child = stage_fork(stage);
	if (child == 0)
		execute(path, argv, input, ends[1]);
	close(ends[1]);
	int pidfd = child > 0 ? (int)syscall(SYS_pidfd_open, child, 0) : -1;
	if (pidfd >= 0)
		keep_output(ends[0], pidfd, output, output_len);
	close(ends[0]);
	close(pidfd);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child < 0 ? -EAGAIN : WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

int stage_private_mounts(struct stage *stage)
{
	if (unshare(CLONE_NEWNS) < 0)
		return stage_fail(stage, "a mount namespace", -errno);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return stage_fail(stage, "private mounts", -errno);
	return 0;
}

void stage_turn(struct stage *stage)
{
	char byte;

	while (stage->turn >= 0 && read(stage->turn, &byte, 1) < 0 && errno == EINTR)
		;
}
