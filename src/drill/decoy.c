#include "drill/decoy.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTROL_FD 3
#define READY_MS 5000
#define HEAP_BYTES 4096

/* What a decoy says when it is ready. */
struct announcement {
	pid_t tid;
	int secret_fd;
	uint64_t address;
};

static void make_secret(char secret[DECOY_SECRET_ROOM])
{
	unsigned char random[16] = { 0 };

	if (getrandom(random, sizeof(random), 0) < 0)
		memset(random, 0x5a, sizeof(random));
	int len = snprintf(secret, DECOY_SECRET_ROOM, "DRILL-");
	for (size_t i = 0; i < sizeof(random); i++)
		len += snprintf(secret + len, DECOY_SECRET_ROOM - (size_t)len, "%02x", random[i]);
}

static bool become(uid_t uid)
{
	if (uid == geteuid())
		return true;
	return syscall(SYS_setgroups, 0, NULL) == 0 && setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0;
}

static void live_elsewhere(const struct decoy *decoy, const char *path, int control, pid_t parent)
{
	char variable[DECOY_SECRET_ROOM + sizeof(DECOY_VARIABLE) + 1], fd[8];

	setpgid(0, 0);
	if (dup2(control, CONTROL_FD) < 0 || (control == CONTROL_FD && fcntl(control, F_SETFD, 0) < 0) ||
	    !become(decoy->uid))
		_exit(126);
	/* Behind the change of user, which would take it back. In a pid namespace of its own a parent is 0. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent && getppid() != 0)
		_exit(126);
	snprintf(variable, sizeof(variable), DECOY_VARIABLE "=%s", decoy->secret);
	snprintf(fd, sizeof(fd), "%d", CONTROL_FD);
	char *const argv[] = { (char *)decoy->name, (char *)"drill", (char *)DECOY_WORD, fd, NULL };
	char *const environment[] = { variable, NULL };
	execve(path, argv, environment);
	_exit(127);
}

static int await(struct decoy *decoy, struct err *err)
{
	struct pollfd poll_fd = { .fd = decoy->control, .events = POLLIN };
	struct announcement said;
	int status = 0;

	if (poll(&poll_fd, 1, READY_MS) == 1 && recv(decoy->control, &said, sizeof(said), 0) == sizeof(said)) {
		decoy->tid = said.tid;
		decoy->secret_fd = said.secret_fd;
		decoy->address = said.address;
		return 0;
	}
	kill(decoy->pid, SIGKILL);
	waitpid(decoy->pid, &status, 0);
	decoy->pid = 0;
	return err_set(err, -ECHILD,
		       "the decoy %s did not start%s; set TMPDIR to a directory that programs can be executed in",
		       decoy->name, WIFEXITED(status) && WEXITSTATUS(status) == 127 ? ": it cannot be executed" : "");
}

int decoy_start(struct decoy *decoy, const struct place *place, const char *program, const char *name, uid_t uid,
		struct err *err)
{
	char path[PLACE_PATH_ROOM + 64];
	int ends[2];
	pid_t parent = getpid();

	*decoy = (struct decoy){ .name = name, .uid = uid, .pidfd = -1, .control = -1 };
	int result = place_program(place, program, name, err);
	if (result)
		return result;
	snprintf(path, sizeof(path), "%s/%s", place->path, name);
	make_secret(decoy->secret);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return err_set(err, -errno, "cannot make a socket: %s", strerror(errno));
	decoy->pid = fork();
	if (decoy->pid == 0)
		live_elsewhere(decoy, path, ends[1], parent);
	close(ends[1]);
	decoy->control = ends[0];
	if (decoy->pid < 0)
		return err_set(err, -errno, "cannot start a process: %s", strerror(errno));
	decoy->pidfd = (int)syscall(SYS_pidfd_open, decoy->pid, 0);
	return await(decoy, err);
}

bool decoy_lives(const struct decoy *decoy)
{
	struct pollfd end = { .fd = decoy->pidfd, .events = POLLIN };

	return decoy->pid > 0 && decoy->pidfd >= 0 && poll(&end, 1, 0) == 0;
}

void decoy_crash(const struct decoy *decoy)
{
	struct pollfd end = { .fd = decoy->pidfd, .events = POLLIN };

	if (send(decoy->control, "c", 1, MSG_NOSIGNAL) == 1)
		poll(&end, 1, READY_MS);
}

void decoy_stop(struct decoy *decoy)
{
	if (decoy->pid > 0) {
		kill(decoy->pid, SIGKILL);
		while (waitpid(decoy->pid, NULL, 0) < 0 && errno == EINTR)
			;
		if (decoy->pidfd >= 0)
			close(decoy->pidfd);
		close(decoy->control);
	}
	*decoy = (struct decoy){ .pidfd = -1, .control = -1 };
}

static void *wait_on(void *tid)
{
	*(_Atomic pid_t *)tid = (pid_t)syscall(SYS_gettid);
	for (;;)
		pause();
	return NULL;
}

/* No handler of the host's may be bothered with it. */
static void die_by_a_fault(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static int pour_secret(const char *secret)
{
	int ends[2];

	if (pipe(ends) < 0 || write(ends[1], secret, strlen(secret)) < 0)
		return -1;
	return ends[0];
}

/* Says where the secret is, and waits for a word or for the end of the drill. */
static int wait_for_end(int control, const char *kept, pid_t tid)
{
	struct announcement said = { tid, pour_secret(kept), (uint64_t)(uintptr_t)kept };
	char word;
	ssize_t len;

	if (send(control, &said, sizeof(said), MSG_NOSIGNAL) != sizeof(said))
		return 2;
	while ((len = recv(control, &word, 1, 0)) > 0 || (len < 0 && errno == EINTR))
		if (len > 0 && word == 'c')
			die_by_a_fault();
	return 0;
}

int decoy_live(int control)
{
	static _Atomic pid_t tid;
	const char *secret = getenv(DECOY_VARIABLE);
	char *kept = malloc(HEAP_BYTES);
	pthread_t thread;
	int status = 2;

	if (secret && kept && strlen(secret) < DECOY_SECRET_ROOM && pthread_create(&thread, NULL, wait_on, &tid) == 0) {
		memcpy(kept, secret, strlen(secret) + 1);
		while (tid == 0)
			usleep(100);
		status = wait_for_end(control, kept, tid);
	}
	free(kept);
	return status;
}
