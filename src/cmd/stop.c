#include "cmd/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM };
#define SIGNAL_COUNT (sizeof(signals) / sizeof(signals[0]))

/* A handler has nowhere else to put them. */
static volatile sig_atomic_t caught;
static int nothing = -1; /* /dev/null, opened before confinement */

static void handle(int number)
{
	int kept = errno;

	caught = number;
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		signal(signals[i], SIG_DFL);
	/* Without SA_RESTART the read returns EINTR; taken up again, it finds the end. */
	if (nothing >= 0)
		dup2(nothing, STDIN_FILENO);
	errno = kept;
}

void stop_watch(void)
{
	struct sigaction action = { .sa_handler = handle }, before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaddset(&action.sa_mask, signals[i]);
	nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
}

int stop_signal(void)
{
	return caught;
}
