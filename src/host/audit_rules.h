/*
 * audit_rules: the kernel audit rules that show every access to another
 * process's memory on this host, what they say in auditctl's syntax, and how
 * they come into the kernel and go again.
 *
 *   audit_rules_build → audit_rules_print
 *                     → audit_rules_install … audit_rules_remove_ours
 *                     → audit_lease_take … audit_lease_release (audit_lease.h)
 */
#ifndef HOST_AUDIT_RULES_H
#define HOST_AUDIT_RULES_H

#include <sys/types.h>

#include "base/err.h"
#include "host/kernel_rule.h"
#include "host/procfs.h"

#define AUDIT_BACKLOG_WANTED 8192
#define AUDIT_TARGETS_MAX 256 /* processes of the targeted profile */

struct audit_rules {
	struct kernel_rule *items;
	size_t count, capacity;
	bool failed; /* memory was out: the list is not whole */
};

/* Rules that see only some processes. Zeroed memory (uid, auid: has_… false) is no limit. */
struct audit_scope {
	const char *exe; /* an absolute path without white space: programs that run this file */
	bool has_uid, has_auid;
	uid_t uid, auid;
	pid_t pid; /* one process; the children are others */
};

enum audit_profile {
	AUDIT_PROFILE_FULL,	/* every open on every procfs */
	AUDIT_PROFILE_TARGETED, /* opens of mem, maps, environ and below task of some processes */
};

struct audit_target {
	pid_t pid; /* as /proc numbers it */
	char comm[17];
};

struct audit_wish {
	enum audit_profile profile;
	struct audit_scope scope;
	const struct procfs_list *procfs;
	const struct audit_target *targets; /* of the targeted profile */
	size_t target_count;
	bool runs_32bit; /* machine_runs_32bit() */
};

/* Zeroed memory is an empty list. */
void audit_rules_finish(struct audit_rules *rules);

/* An empty rule at the end of the list, or NULL (the list has failed then). */
struct kernel_rule *audit_rules_add(struct audit_rules *rules, unsigned list, unsigned action);

/*
 * Appends the rules to the list; several calls with several scopes make one
 * list. 0, or a negative errno with err: the scope cannot be written, memory is out.
 */
int audit_rules_build(struct audit_rules *rules, const struct audit_wish *wish, struct err *err);

/* What install and remove did. */
struct audit_change {
	size_t added, kept, renewed, removed;
	size_t refused; /* rules that this kernel has no list for (io_uring before 5.16), not counted as failure */
	size_t gone;	/* rules on files of processes that ended meanwhile */
	size_t mixed;	/* rules with a key of ours and one of somebody else's: left alone */
};

/*
 * Makes the kernel's rules with our keys in this scope equal to the list:
 * adds what is missing, then removes what is superfluous. Rules with other
 * keys or of another scope are not touched. If a step fails, the steps before
 * it are taken back; then a negative errno with err.
 */
int audit_rules_install(int fd, const struct audit_rules *rules, const struct audit_scope *scope,
			struct audit_change *change, struct err *err);

/* Removes all rules with our keys in this scope. */
int audit_rules_remove_ours(int fd, const struct audit_scope *scope, struct audit_change *change, struct err *err);

#endif
