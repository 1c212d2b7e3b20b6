/*
 * lineage: who belongs together. Private to src/incident.
 *
 * A lineage is a number made of content alone (host, boot, session or the
 * first process of a tree), so that it needs no table to be told again:
 *
 *   1. A process with a login session belongs to that session. Everything
 *      that one login started is one lineage: su, sudo and scripts keep the
 *      session, another login (ssh, cron by pam_loginuid) gets its own.
 *   2. Without one (daemons, containers, logs that do not tell) it belongs to
 *      its parent's, up to a process that the log knows no parent of. init,
 *      kthreadd and what starts everybody's processes (sshd, cron, containerd)
 *      are nobody's parents here: each child of theirs begins a lineage.
 *   3. Findings by one script belong together as long as the host is up,
 *      whatever session ran it: a job of cron gets another session each time.
 *   4. A crash or a log line, which names no session, belongs to whoever
 *      reached that process within an hour, else, unless any user could have
 *      written it, to what was found on the host within five minutes.
 *      Otherwise it stands alone.
 *
 * An administrator's session can last for days: what parts its stories is
 * time (INCIDENT_WINDOW_MS), not this.
 */
#ifndef INCIDENT_LINEAGE_H
#define INCIDENT_LINEAGE_H

#include "base/table.h"
#include "model/finding.h"

/*
 * Between two findings of one story: four hours. Whoever robs a host by hand
 * pauses for minutes, for a meal or a meeting at most; a job that runs every
 * night, or an administrator's next task in the same session, is another tale.
 */
#define INCIDENT_WINDOW_MS INT64_C(14400000)

#define BOOTS_KEPT 1024

struct lineages {
	struct table members; /* processes without a session: by host, boot and pid */
	struct table scripts; /* by host, boot and script: the lineage that its findings joined first */
	struct table links;   /* lineages that proved to be one: towards the root. Never evicted */
	struct table marks;   /* by host and five minutes: what was found then */
	struct table targets; /* by host and pid: who reached it last */
	struct {
		uint64_t host;
		uint32_t boot;
	} boots[BOOTS_KEPT]; /* the latest that was seen of a host */
	uint64_t unlinked;   /* that the table of links had no room for */
};

int lineages_init(struct lineages *lineages); /* 0 or -ENOMEM */
void lineages_finish(struct lineages *lineages);

/* It has a login session: then its lineage needs no table. */
bool has_session(const struct process *process);

/*
 * Never 0. `starter`: its children are no kin of each other. Records that any
 * user could have written have lineages of their own: they say what they like.
 */
uint64_t lineages_of(struct lineages *lineages, struct span host, uint32_t boot, enum trust trust,
		     const struct process *process, int64_t time_ms, bool starter);

/* The latest boot of that host; 0 when none was seen. */
uint32_t lineages_boot(const struct lineages *lineages, struct span host);

/* A finding of that lineage left the judge: what its script, its time and its target tie to it. */
void lineages_learn(struct lineages *lineages, const struct finding *finding, uint64_t lineage);

/* The lineage that a crash or a log line belongs to. */
uint64_t lineages_of_line(struct lineages *lineages, const struct finding *line);

uint64_t lineages_root(struct lineages *lineages, uint64_t lineage);

/* |a - b| <= max, where unknown times are near to unknown ones only. */
bool is_near_time(int64_t a_ms, int64_t b_ms, int64_t max_ms);

#endif
