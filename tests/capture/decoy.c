/*
 * A process worth robbing, with nothing to lose: it holds a fake secret in its
 * heap and in its environment, has a second thread, and waits.
 *
 *   decoy [-n NAME] [-o FILE] [-t SECONDS] [-s] [-c]
 *
 *   -n NAME   comm (prctl); a copy of the binary under that name gives exe too
 *   -o FILE   writes "pid tid address length fd" there, once it is ready
 *   -t SEC    gives up after SEC seconds (default 120), so that none is left over
 *   -s        burns a little CPU, for profilers
 *   -c        aborts after a second, for core dump handlers
 *
 * The secret is DECOY-SECRET-… in heap, environment and a pipe (fd); a capture must never hold
 * anything else of value.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char secret[] = "DECOY-SECRET-not-a-real-password";
static volatile int thread_id;

static void *wait_forever(void *unused)
{
	(void)unused;
	thread_id = (int)syscall(SYS_gettid);
	for (;;)
		pause();
	return NULL;
}

static int announce(const char *path, const char *kept, int fd)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -1;
	fprintf(out, "%d %d %p %zu %d\n", getpid(), thread_id, (const void *)kept, sizeof(secret), fd);
	return fclose(out);
}

int main(int argc, char **argv)
{
	const char *name = NULL, *path = NULL;
	unsigned seconds = 120;
	int spin = 0, crash = 0, option, ends[2] = { -1, -1 };
	pthread_t thread;
	char *kept;

	while ((option = getopt(argc, argv, "n:o:t:sc")) != -1) {
		switch (option) {
		case 'n':
			name = optarg;
			break;
		case 'o':
			path = optarg;
			break;
		case 't':
			seconds = (unsigned)atoi(optarg);
			break;
		case 's':
			spin = 1;
			break;
		case 'c':
			crash = 1;
			break;
		default:
			return 2;
		}
	}
	/* The environment that /proc/<pid>/environ shows is the one execve was given. */
	if (!getenv("DECOY_TOKEN")) {
		setenv("DECOY_TOKEN", secret, 1);
		execv("/proc/self/exe", argv);
		return 1;
	}
	alarm(seconds);
	kept = malloc(4096);
	if (!kept || pipe(ends) || write(ends[1], secret, sizeof(secret)) < 0)
		return 1;
	strcpy(kept, secret);
	if (pthread_create(&thread, NULL, wait_forever, NULL))
		return 1;
	while (!thread_id)
		usleep(1000);
	if (name)
		prctl(PR_SET_NAME, name);
	if (path && announce(path, kept, ends[0]))
		return 1;
	if (crash) {
		sleep(1);
		abort();
	}
	for (;;) {
		if (spin)
			for (volatile long i = 0; i < 50000000; i++)
				;
		usleep(spin ? 1000 : 1000000);
	}
}
