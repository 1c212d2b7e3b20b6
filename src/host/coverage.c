#include "host/coverage.h"

#include <stdlib.h>

#define ENABLED_LOCKED 2

static const char *const names[GAP_COUNT] = {
#define GAP(id, name) [GAP_##id] = (name),
#include "host/gaps.def"
#undef GAP
};

const char *gap_name(enum gap_kind kind)
{
	return names[kind];
}

/* ---- the list ---- */

struct gap *gaps_add(struct gaps *gaps, enum gap_kind kind, enum gap_rank rank)
{
	if (gaps->count == gaps->capacity) {
		size_t capacity = gaps->capacity ? 2 * gaps->capacity : 32;
		struct gap *grown = reallocarray(gaps->items, capacity, sizeof(*grown));
		if (!grown) {
			gaps->failed = true;
			return NULL;
		}
		gaps->items = grown;
		gaps->capacity = capacity;
	}
	struct gap *gap = &gaps->items[gaps->count++];
	*gap = (struct gap){ .kind = kind, .rank = rank };
	return gap;
}

size_t gaps_of_rank(const struct gaps *gaps, enum gap_rank rank)
{
	size_t count = 0;

	for (size_t i = 0; i < gaps->count; i++)
		count += gaps->items[i].rank == rank;
	return count;
}

void gaps_finish(struct gaps *gaps)
{
	for (size_t i = 0; i < gaps->count; i++) {
		buffer_finish(&gaps->items[i].unseen);
		buffer_finish(&gaps->items[i].evidence);
		buffer_finish(&gaps->items[i].mend);
	}
	free(gaps->items);
	*gaps = (struct gaps){ 0 };
}

void coverage_facts_finish(struct coverage_facts *facts)
{
	audit_rules_finish(&facts->rules);
}

/* ---- the state ---- */

static struct gap *say(struct gaps *gaps, enum gap_kind kind, enum gap_rank rank, const char *unseen, const char *mend)
{
	struct gap *gap = gaps_add(gaps, kind, rank);

	if (!gap)
		return NULL;
	buffer_text(&gap->unseen, unseen);
	buffer_text(&gap->mend, mend);
	return gap;
}

static void find_off(const struct coverage_facts *facts, struct gaps *gaps)
{
	const struct audit_state *state = &facts->state;
	struct gap *gap;

	if (!state->enabled) {
		gap = say(gaps, GAP_OFF, GAP_RANK_GAP, "everything", "auditctl -e 1");
		if (gap)
			buffer_text(&gap->evidence, "the kernel says enabled 0 (auditctl -s)");
	}
	if (!state->pid && !facts->listeners) {
		gap = say(gaps, GAP_NOBODY_LISTENS, GAP_RANK_GAP,
			  "what does not fit into the kernel's own log: records go there, a few a second at most",
			  "systemctl enable --now auditd, or run `proctor watch`");
		if (gap)
			buffer_text(&gap->evidence, "no audit daemon is registered (pid 0), and no socket reads the "
						    "multicast group (/proc/net/netlink)");
	}
	if (state->enabled == ENABLED_LOCKED) {
		gap = say(gaps, GAP_LOCKED, GAP_RANK_NOTE, "nothing; but the rules cannot be changed until reboot",
			  "to change rules, edit /etc/audit/rules.d and reboot");
		if (gap)
			buffer_text(&gap->evidence, "the kernel says enabled 2 (-e 2)");
	}
}

static void find_losses(const struct audit_state *state, struct gaps *gaps)
{
	struct gap *gap;

	if (state->backlog_limit && state->backlog_limit < AUDIT_BACKLOG_WANTED) {
		gap = say(gaps, GAP_BACKLOG, GAP_RANK_GAP, "records of a burst, when the queue is full",
			  "auditctl -b ");
		if (gap) {
			buffer_printf(&gap->mend, "%d", AUDIT_BACKLOG_WANTED);
			buffer_printf(&gap->evidence,
				      "backlog_limit is %u; one run of ps makes 428 events of several records",
				      state->backlog_limit);
		}
	}
	if (state->backlog_limit && !state->backlog_wait_time) {
		gap = say(gaps, GAP_BACKLOG_WAIT, GAP_RANK_GAP, "every record that finds the queue full, at once",
			  "auditctl --backlog_wait_time 15000");
		if (gap)
			buffer_text(&gap->evidence, "backlog_wait_time is 0: nobody waits for room in the queue");
	}
	if (state->rate_limit) {
		gap = say(gaps, GAP_RATE_LIMIT, GAP_RANK_GAP, "records above so many a second", "auditctl -r 0");
		if (gap)
			buffer_printf(&gap->evidence, "rate_limit is %u a second", state->rate_limit);
	}
	if (state->lost) {
		gap = say(gaps, GAP_LOST, GAP_RANK_NOTE, "records that were lost already",
			  "auditctl --reset-lost, when the backlog is large enough");
		if (gap)
			buffer_printf(&gap->evidence, "the kernel has counted %u lost records", state->lost);
	}
}

/* A task gets its audit context when it starts, and only if auditing has been on once by then. */
static void find_older(const struct coverage_facts *facts, struct gaps *gaps)
{
	static const char mend[] = "put audit=1 on the kernel's command line (GRUB_CMDLINE_LINUX) and reboot; until "
				   "then, restart services that started early";
	struct gap *gap;

	if (facts->audit_at_boot || (facts->state.pid && !facts->older))
		return;
	gap = say(gaps, facts->older ? GAP_OLDER : GAP_BOOT_FLAG, GAP_RANK_GAP, "", mend);
	if (!gap)
		return;
	if (!facts->older) {
		buffer_text(&gap->unseen,
			    "anything that processes do which started before auditing was first turned on");
		buffer_text(&gap->evidence, "audit=1 is not on /proc/cmdline; when auditing was first turned on, the "
					    "kernel does not tell");
		return;
	}
	buffer_printf(&gap->unseen, "anything that %zu of %zu processes do: they started before auditing was turned on",
		      facts->older, facts->processes);
	buffer_printf(&gap->evidence,
		      "audit=1 is not on /proc/cmdline, and the audit daemon (pid %u) is younger than they are",
		      facts->state.pid);
}

static void find_procfs(const struct procfs_list *procfs, struct gaps *gaps)
{
	struct gap *gap;

	if (!procfs->unreadable && !procfs->left_out)
		return;
	gap = say(gaps, GAP_PROCFS_UNKNOWN, GAP_RANK_NOTE,
		  "a procfs that only these processes have mounted, if there is one",
		  "run it as root in the initial namespaces");
	if (gap)
		buffer_printf(&gap->evidence,
			      "the mounts of %zu processes could not be read; %zu instances of procfs are too many",
			      procfs->unreadable, procfs->left_out);
}

void coverage_find(const struct coverage_facts *facts, const struct audit_rules *wanted, struct gaps *gaps)
{
	find_off(facts, gaps);
	coverage_find_rules(facts, wanted, gaps);
	find_older(facts, gaps);
	find_losses(&facts->state, gaps);
	find_procfs(&facts->procfs, gaps);
}
