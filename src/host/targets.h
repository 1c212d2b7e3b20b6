/* targets: processes that hold something worth stealing, as they run now. */
#ifndef HOST_TARGETS_H
#define HOST_TARGETS_H

#include "host/audit_rules.h"

struct target_list {
	struct audit_target items[AUDIT_TARGETS_MAX]; /* by pid */
	size_t count;
	size_t left_out; /* beyond AUDIT_TARGETS_MAX */
};

/* Whether a process of that name, which runs that file, is one; exe is empty where it may not be read. */
typedef bool target_holds(void *context, struct span comm, struct span exe);

/* Asks that of every process below `proc` ("/proc"). Kernel threads are none. */
int targets_find(struct target_list *list, const char *proc, target_holds *holds, void *context, struct err *err);

#endif
