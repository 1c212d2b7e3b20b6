/* targets: processes that hold something worth stealing, as they run now. */
#ifndef HOST_TARGETS_H
#define HOST_TARGETS_H

#include "host/audit_rules.h"

struct target_list {
	struct audit_target items[AUDIT_TARGETS_MAX]; /* by pid */
	size_t count;
	size_t left_out; /* beyond AUDIT_TARGETS_MAX */
};

/* Processes below `proc` ("/proc") of which `holds` says yes; exe is empty where it may not be read. Kernel threads never are. */
int targets_find(struct target_list *list, const char *proc, bool (*holds)(struct span comm, struct span exe),
		 struct err *err);

#endif
