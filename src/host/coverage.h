/*
 * coverage: what this host's auditing does not see, from the state of the
 * kernel: each gap with its evidence and the command that mends it.
 *
 * `coverage_find` judges facts and looks at nothing; `coverage_look` gathers
 * them.
 */
#ifndef HOST_COVERAGE_H
#define HOST_COVERAGE_H

#include "host/audit_kernel.h"

struct coverage_facts {
	struct audit_state state;
	struct audit_rules rules; /* what the kernel has */
	struct procfs_list procfs;
	bool runs_32bit;
	bool audit_at_boot, audit_off_at_boot; /* audit=1, audit=0 on /proc/cmdline */
	size_t listeners;		       /* sockets that read the multicast group, ours not counted */
	size_t processes;		       /* in user space */
	size_t older;			       /* of them, started before the audit daemon; only if state.pid is one */
};

enum gap_kind {
#define GAP(id, name) GAP_##id,
#include "host/gaps.def"
#undef GAP
	GAP_COUNT
};

enum gap_rank {
	GAP_RANK_GAP,
	GAP_RANK_NOTE, /* worth knowing; nothing is unseen for it */
};

struct gap {
	enum gap_kind kind;
	enum gap_rank rank;
	char *unseen, *evidence, *mend; /* texts of their own; rules and paths in them are not escaped */
};

struct gaps {
	struct gap *items;
	size_t count, capacity;
	bool failed; /* memory was out */
};

/* "auditing-off" */
const char *gap_name(enum gap_kind kind);

/* Fills facts that are zeroed. Negative errno with err: EPERM without CAP_AUDIT_CONTROL. */
int coverage_look(struct coverage_facts *facts, const char *proc, struct err *err);
void coverage_facts_finish(struct coverage_facts *facts);

/* Gaps in what `wanted` (audit_rules_build) would see; `gaps` is zeroed. */
void coverage_find(const struct coverage_facts *facts, const struct audit_rules *wanted, struct gaps *gaps);
size_t gaps_of_rank(const struct gaps *gaps, enum gap_rank rank);
void gaps_finish(struct gaps *gaps);

#endif
