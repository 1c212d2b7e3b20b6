/*
 * entity: the view of Cloud SIEM. Signals of one host or one user add up.
 *
 *   entities_create → (entities_take → entities_next*)* → entities_account → entities_destroy
 *
 * The rules are those of Cloud SIEM's "Insight Generation Process": each
 * unique rule counts once, with its severity, for 14 days of event time; a
 * sum above 12 makes an insight, LOW at 13, MEDIUM at 14 and 15, HIGH from 16
 * on; then the entity begins again at zero, and a rule that has told is
 * silent on that entity for 24 hours.
 *
 * Findings come in the order of time. Memory is bounded: see ARCHITECTURE.md.
 */
#ifndef INCIDENT_ENTITY_H
#define INCIDENT_ENTITY_H

#include "model/insight.h"
#include "model/summary.h"

struct entities;

struct entities *entities_create(void); /* NULL when memory is out */
void entities_destroy(struct entities *entities);

/*
 * Takes a copy of what it needs. The actor's own accesses, what tuning took,
 * and what no tier holds are no signals; what has no time is counted as left out.
 */
void entities_take(struct entities *entities, const struct finding *finding);

/* True: that finding completed this insight, which lives until the next call. At most one an entity: host, then user. */
bool entities_next(struct entities *entities, struct insight *insight);

/* Adds what gave way and what was left out to the summary; once, at the end. */
void entities_account(const struct entities *entities, struct summary *summary);

#endif
