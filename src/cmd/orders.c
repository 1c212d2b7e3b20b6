#include "cmd/orders.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static sigset_t stopping(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	return set;
}

int orders_open(struct err *err)
{
	sigset_t set = stopping();

	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return err_set(err, -errno, "cannot receive signals: %m");
	return fd;
}

enum watch_order orders_next(int fd)
{
	struct signalfd_siginfo signal;
	sigset_t set = stopping();

	if (read(fd, &signal, sizeof(signal)) != sizeof(signal))
		return WATCH_ON;
	switch (signal.ssi_signo) {
	case SIGHUP:
		return WATCH_RELOAD;
	case SIGUSR1:
		return WATCH_STATUS;
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return WATCH_STOP;
}
