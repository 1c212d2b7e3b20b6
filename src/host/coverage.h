/*
 * coverage: what this host's auditing does not see, from the state of the
 * kernel: each gap with its evidence and the command that mends it.
 *
 * coverage_find judges facts and looks at nothing; coverage_look gathers
 * them.
 */
#ifndef HOST_COVERAGE_H
#define HOST_COVERAGE_H

#include "host/audit_kernel.h"

/* What auditing can see of opens through io_uring. */
enum uring_audit {
	URING_AUDITED,	 /* there is a list for it */
	URING_UNAUDITED, /* before Linux 5.16 there was none */
	URING_OFF,	 /* nobody can use io_uring */
};

struct coverage_facts {
	struct audit_state state;
	struct audit_rules rules; /* what the kernel has, in its order */
	struct procfs_list procfs;
	enum uring_audit uring;
	bool audit_at_boot; /* audit=1 on /proc/cmdline */
	size_t listeners;   /* sockets that read the multicast group */
	size_t processes;   /* in user space */
	size_t older;	    /* of them, started before the audit daemon (state.pid) */
};

enum gap_kind {
#define GAP(id, name) GAP_##id,
#include "host/gaps.def"
#undef GAP
	GAP_COUNT
};

enum gap_rank {
	GAP_RANK_GAP,
	GAP_RANK_NOTE, /* worth knowing; nobody needs to do anything */
};

/* Texts may hold what is in rules and paths: escape them for where they go. */
struct gap {
	enum gap_kind kind;
	enum gap_rank rank;
	struct buffer unseen, evidence, mend;
};

struct gaps {
	struct gap *items;
	size_t count, capacity;
	bool failed; /* memory was out: the list is not whole */
};

const char *gap_name(enum gap_kind kind); /* "auditing-off" */

/* Fills facts that are zeroed, from below `proc` ("/proc") and the kernel. Negative errno with err: EPERM without CAP_AUDIT_CONTROL. */
int coverage_look(struct coverage_facts *facts, const char *proc, struct err *err);
void coverage_facts_finish(struct coverage_facts *facts);

/* Its readers: audit=1 on the kernel's command line; readers in /proc/net/netlink; a stat's start, false for kernel threads. */
bool coverage_audit_at_boot(struct span cmdline);
size_t coverage_count_listeners(struct span netlink);
bool coverage_start_of(struct span stat, uint64_t *ticks);

/* Gaps in what `wanted` (audit_rules_build) would see; `gaps` is zeroed. */
void coverage_find(const struct coverage_facts *facts, const struct audit_rules *wanted, struct gaps *gaps);

/* The part of it that compares rules. */
void coverage_find_rules(const struct coverage_facts *facts, const struct audit_rules *wanted, struct gaps *gaps);

/* And what one rule that is there makes all others miss. */
void coverage_find_blinding(const struct kernel_rule *rule, struct gaps *gaps);

/* For all of these: a gap with empty texts, or NULL (the list has failed then). */
struct gap *gaps_add(struct gaps *gaps, enum gap_kind kind, enum gap_rank rank);
size_t gaps_of_rank(const struct gaps *gaps, enum gap_rank rank);
void gaps_finish(struct gaps *gaps);

#endif
