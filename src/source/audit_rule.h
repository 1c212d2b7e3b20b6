/*
 * audit_rule: a line of `auditctl -l`: its list and action, its system calls,
 * and whether its fields leave procfs in.
 *
 *	-a always,exit -F arch=b64 -S open,openat -F exit=-EACCES -F key=access
 *	-w /etc/passwd -p wa -k identity
 */
#ifndef SOURCE_AUDIT_RULE_H
#define SOURCE_AUDIT_RULE_H

#include "base/span.h"

#define AUDIT_RULE_OPEN 1u
#define AUDIT_RULE_PTRACE 2u
#define AUDIT_RULE_PROCESS_VM 4u
#define AUDIT_RULE_PIDFD_GETFD 8u
#define AUDIT_RULE_ALL 15u

struct audit_rule {
	struct span list; /* exit (a watch, too), filesystem, task, exclude, user; empty: it is no rule */
	bool never;
	bool has_syscalls;
	unsigned syscalls;
	bool failures;	/* exit=-…, success=0 */
	bool succeeds;	/* success=1, exit=0, exit>=0 */
	bool narrowed;	/* by user, program, … */
	bool elsewhere; /* names an object that is not procfs */
	bool on_procfs; /* names procfs or a part of it */
	bool part_of_procfs;
	bool reads; /* perm holds r, or there is no perm */
	struct span msgtype;
	bool procfs_type; /* fstype=0x9fa0 */
};

/* Borrows from line. An empty list says that it is no rule. */
struct audit_rule audit_rule_of(struct span line);

#endif
