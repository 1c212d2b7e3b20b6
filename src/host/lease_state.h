/*
 * lease_state: what a lease changes, written down before it does, so that
 * somebody else can undo it.
 *
 *	proctor-audit-lease 1
 *	boot 5b0f7a1e-…
 *	daemon 0
 *	enabled 0 1
 *	backlog_limit 64 8192
 *	rule 04000000020000000400…
 */
#ifndef HOST_LEASE_STATE_H
#define HOST_LEASE_STATE_H

#include "host/audit_kernel.h"

enum lease_setting { LEASE_FAILURE, LEASE_BACKLOG, LEASE_ENABLED, LEASE_SETTING_COUNT };

struct lease_state {
	struct {
		bool changed;
		uint32_t from, to;
	} settings[LEASE_SETTING_COUNT];
	uint32_t daemon;	  /* the audit daemon's pid before, 0: none */
	struct audit_rules rules; /* which the lease adds; none of them was there before */
};

void lease_state_finish(struct lease_state *state);

void lease_state_write(const struct lease_state *state, struct span boot, struct buffer *to);

/* 1: read. 0: it is of another boot, and what it tells of is gone. Negative: broken. `state` is zeroed before. */
int lease_state_read(struct lease_state *state, struct span boot, struct span text);

/* Changes the kernel as the state says; a rule that somebody else set meanwhile leaves the state. Counts refused rules. */
int lease_state_apply(struct lease_state *state, int fd, size_t *refused, struct err *err);

/* Undoes it, as far as it was done and nobody else has changed it since. Goes on after an error and returns the first. */
int lease_state_undo(const struct lease_state *state, int fd, struct err *err);

#endif
