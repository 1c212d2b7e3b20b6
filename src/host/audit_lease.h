/*
 * audit_lease: audit rules for a while. What was there before comes back on
 * any end, a crash and SIGKILL included.
 *
 * A child process, the keeper, makes the changes and undoes them when it is
 * told to, or when the process that took the lease is gone. Before each
 * change it writes what it is going to do into a state file, so that even if
 * the keeper is killed too, the next lease (or audit_lease_recover) puts
 * things right.
 *
 *	take ──▶ keeper: lock, recover, write state, change ──▶ "done"
 *	                   │ waits for: a word of release, or the death of its parent
 *	release, death ──▶ keeper: undo, remove the state file, end
 *
 * Undone is what was done and not more: a rule that was there before stays;
 * `enabled`, the backlog limit and the failure mode are set back unless
 * somebody else has changed them since, or an audit daemon has come.
 */
#ifndef HOST_AUDIT_LEASE_H
#define HOST_AUDIT_LEASE_H

#include "host/audit_rules.h"

#define AUDIT_LEASE_DIRECTORY "/run/proctor"

struct audit_lease_options {
	const char *
		directory; /* for the state file; only we may write there. NULL: AUDIT_LEASE_DIRECTORY, made if need be */
	bool enable;	   /* set enabled to 1 */
	uint32_t backlog_limit; /* raise it to this; never lowered. 0: leave it */
};

struct audit_lease;

/*
 * Forks: call it before there are threads. NULL with err: no capability,
 * rules are locked (enabled 2), another lease is held (EBUSY, after 2 seconds), a rule was
 * refused; nothing is changed then. A rule of the io_uring list that this
 * kernel does not know is left out; audit_lease_refused counts them.
 */
struct audit_lease *audit_lease_take(const struct audit_rules *rules, const struct audit_lease_options *options,
				     struct err *err);

/* Undoes everything and frees the lease. NULL is allowed. Negative errno with err if something could not be undone. */
int audit_lease_release(struct audit_lease *lease, struct err *err);

size_t audit_lease_refused(const struct audit_lease *lease);
size_t audit_lease_added(const struct audit_lease *lease);

/* Whom nobody may kill who cleans up after himself. No child of ours: waitpid(-1) does not meet it. */
pid_t audit_lease_keeper(const struct audit_lease *lease);

/* After a crash: undoes what the state file in the directory says. 1: it did, 0: there was nothing, or negative errno. */
int audit_lease_recover(const char *directory, struct err *err);

#endif
