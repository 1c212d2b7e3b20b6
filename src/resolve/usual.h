/*
 * usual: SYSCALL and PATH records in the order in which kernels write them
 * (kernel/auditsc.c, audit_log_exit and audit_log_task_info; kernel/audit.c,
 * audit_log_name), read in one pass. Private to src/resolve.
 *
 *   arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=… a2=0 a3=0 items=1 ppid=1 pid=2 auid=…
 *   uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="cat" exe="/usr/bin/cat"
 *   subj=unconfined key=(null)
 *   item=0 name="/etc/passwd" inode=7 dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 …
 *
 * Any other order, a missing or a strange field makes it give up, and the
 * reader of fields, its slow twin, takes over; tests hold the two together.
 *
 * The SYSCALL record is read in two steps, because the second is mostly spared: what a record
 * says from its ppid to its exe, it says in the same words as the one before
 * it of that process (history.c: is_told).
 */
#ifndef RESOLVE_USUAL_H
#define RESOLVE_USUAL_H

#include "resolve/call.h"

struct syscall_fields {
	uint64_t arch, number;
	struct span success, called;
};

/* Up to the pid. Sets call->who; false when the body is not in the usual order up to there. */
bool usual_call(struct call *call, struct syscall_fields *seen, struct span body);

/* call->who to the actor, call->who_len and call->rest; false when it is not in the usual order. */
bool usual_actor(struct call *call, struct arena *arena);

/* A PATH record, up to its nametype. */
bool usual_path(struct path_item *item, struct span body, struct arena *arena);

#endif
