/*
 * tale: one incident while its findings come by, in the order of time, with
 * what its lineage did between them. Private to src/incident.
 *
 * It owns all that it hands out, until it is opened again.
 */
#ifndef INCIDENT_TALE_H
#define INCIDENT_TALE_H

#include "base/arena.h"
#include "incident/doings.h"
#include "incident/lineage.h"

struct tale {
	struct arena arena;
	struct incident incident;
	uint64_t root, program; /* program: exe and script of the actor, as a number */
	struct incident_target targets[INCIDENT_TARGETS_MAX];
	unsigned target_scores[INCIDENT_TARGETS_MAX];
	struct incident_step steps[INCIDENT_STEPS_MAX];
	struct finding kept[INCIDENT_FOUND_MAX];
	const struct finding *found[INCIDENT_FOUND_MAX];
	size_t kept_count, kept_bytes, least; /* least: index of the least grave */
	const struct doing *doings, *doings_end;
	uint64_t small_sweeps; /* by processes that read too little each to be told */
	unsigned best_score, gravity;
	bool blinded; /* what the best score holds for auditing that was weakened */
	bool open, keeps, shown;
	bool believable; /* some finding of it is not what any user could have written */
	bool reached;	 /* memory, a map, secrets or a tool came by */
	bool secrets;	 /* memory or secrets did: a connection from now on may carry them off */
	uint32_t kinds;	 /* 1 << enum step_kind, of all steps */
	uint32_t done;	 /* of those that succeeded */
};

/* `keeps`: findings are kept as well, for who tells them. The first finding must be the story's earliest. */
void tale_open(struct tale *tale, uint64_t root, const struct doing *doings, size_t doing_count,
	       const struct finding *first, bool keeps);

/* Whether a later finding of that root still belongs to it. */
bool tale_continues(const struct tale *tale, uint64_t root, const struct finding *finding);

void tale_take(struct tale *tale, const struct finding *finding);

/* All has come by. `by_program` of `among` incidents of the log are this actor's program's; 0: not known yet. */
const struct incident *tale_close(struct tale *tale, size_t by_program, size_t among);

void tale_finish(struct tale *tale);

/* score.c: what the whole says beyond its gravest finding. */
void tale_score(struct tale *tale);
void tale_rarity(struct tale *tale, size_t by_program, size_t among);
unsigned score_with_rarity(unsigned score, enum risk risk, size_t by_program, size_t among);

/* steps.c */
void tale_step_of_finding(struct tale *tale, const struct finding *finding);
void tale_steps_until(struct tale *tale, const struct finding *finding); /* NULL: to the end */

#endif
