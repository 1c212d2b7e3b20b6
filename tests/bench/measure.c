/*
 * measure: runs one command and says what it cost.
 *
 *   measure RESULT COMMAND [ARGUMENT…]
 *
 * Writes one line to the file RESULT:
 *
 *   wall_us cpu_us rss_anon_kib status
 *
 * cpu is user and system time of the command and of the children that it
 * waited for. The kernel keeps no high-water mark of anonymous memory alone
 * (VmHWM counts mapped files, too), so RssAnon is looked at every
 * millisecond: a peak that is shorter can be missed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS 1000000

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* KiB from /proc/PID/status; 0 when the process is gone. */
static uint64_t rss_anon(int status_file)
{
	char text[4096];
	ssize_t len = pread(status_file, text, sizeof(text) - 1, 0);

	if (len <= 0)
		return 0;
	text[len] = 0;
	const char *at = strstr(text, "\nRssAnon:");
	return at ? strtoull(at + 9, NULL, 10) : 0;
}

/* Until the child ends; returns the most that was seen. */
static uint64_t watch(pid_t child, const sigset_t *ended)
{
	const struct timespec look = { .tv_nsec = LOOK_NS };
	char path[64];
	uint64_t peak = 0;
	siginfo_t info;

	snprintf(path, sizeof(path), "/proc/%d/status", child);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	for (;;) {
		info.si_pid = 0;
		if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_pid)
			break;
		uint64_t now = rss_anon(file);
		peak = now > peak ? now : peak;
		sigtimedwait(ended, NULL, &look);
	}
	close(file);
	return peak;
}

static int64_t cpu_us(const struct rusage *usage)
{
	return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 + usage->ru_utime.tv_usec +
	       usage->ru_stime.tv_usec;
}

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	sigset_t ended, before;
	struct rusage usage;
	int status;

	if (argc < 3) {
		fputs("usage: measure RESULT COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	FILE *result = fopen(argv[1], "we");
	if (!result) {
		fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &before);
	int64_t start = now_us();
	pid_t child = fork();
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[2], argv + 2);
		fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
		_exit(127);
	}
	uint64_t peak = child > 0 ? watch(child, &ended) : 0;
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
		return 2;
	}
	fprintf(result, "%" PRId64 " %" PRId64 " %" PRIu64 " %d\n", now_us() - start, cpu_us(&usage), peak,
		exit_status(status));
	return fclose(result) ? 2 : 0;
}
