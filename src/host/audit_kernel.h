/*
 * audit_kernel: the conversation with the kernel's audit subsystem, over
 * libaudit. All of it needs CAP_AUDIT_CONTROL in the initial namespaces.
 */
#ifndef HOST_AUDIT_KERNEL_H
#define HOST_AUDIT_KERNEL_H

#include <stdint.h>

#include "base/err.h"
#include "host/audit_rules.h"

/* What `auditctl -s` shows. */
struct audit_state {
	uint32_t enabled; /* 0 off, 1 on, 2 on and not to be changed until reboot */
	uint32_t failure;
	uint32_t pid; /* of auditd or who stands in for it; 0: nobody */
	uint32_t rate_limit, backlog_limit, backlog, lost, backlog_wait_time;
};

/* A socket, or a negative errno with err. Close it with close(2). */
int audit_kernel_open(struct err *err);

/* 0, or a negative errno with err: EPERM says that CAP_AUDIT_CONTROL is missing. */
int audit_kernel_state(int fd, struct audit_state *state, struct err *err);

/* All rules in the kernel's order, which is the order in which they are asked. `rules` is initialised by the caller. */
int audit_kernel_list(int fd, struct audit_rules *rules, struct err *err);

/* 0; -EEXIST: it is there already; -EPERM: enabled is 2, or the capability is missing; -EINVAL: no such field or list. */
int audit_kernel_add(int fd, const struct kernel_rule *rule);
int audit_kernel_delete(int fd, const struct kernel_rule *rule); /* -ENOENT: it is not there */

/* Says that the kernel refused to `what` ("add") the rule; returns number. */
int audit_kernel_refused(int number, const char *what, const struct kernel_rule *rule, struct err *err);

int audit_kernel_set_enabled(int fd, uint32_t enabled);
int audit_kernel_set_backlog_limit(int fd, uint32_t limit);
int audit_kernel_set_failure(int fd, uint32_t failure);

#endif
