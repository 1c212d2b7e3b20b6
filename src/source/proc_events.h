/*
 * proc_events: the kernel's word that a process was started, or runs another
 * program now (the "proc connector": Documentation/driver-api/connector.rst,
 * linux/cn_proc.h). It comes before the process goes on, so whoever reads all
 * that is there knows all that has happened.
 *
 * It takes CAP_NET_ADMIN, the initial network namespace, and CONFIG_PROC_EVENTS.
 */
#ifndef SOURCE_PROC_EVENTS_H
#define SOURCE_PROC_EVENTS_H

#include <stdint.h>

enum proc_event_kind { PROC_EVENT_STARTS, PROC_EVENT_EXECUTES };

struct proc_happening {
	enum proc_event_kind kind;
	uint32_t pid, parent; /* the parent of one that starts */
	int64_t time_ns;      /* CLOCK_MONOTONIC */
};

/* A descriptor that does not block, or a negative errno. Closed by the caller. */
int proc_events_open(void);

/* 1; 0 when there is none now; -ENOBUFS when some were lost, once; another negative errno when there will be none. */
int proc_events_next(int fd, struct proc_happening *happening);

/* Says that nobody listens any more: kernels before 6.6 keep count of that, and do not notice it by themselves. */
void proc_events_leave(int fd);

#endif
