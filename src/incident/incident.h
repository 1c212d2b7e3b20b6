/*
 * incident: findings and deeds, joined by lineage, to incidents.
 *
 *   incidents_create
 *     → (incidents_place | incidents_take_deed | incidents_take_finding)*   while the log is read
 *     → incidents_weigh*, in the order of incidents_root and time           once all is known
 *     → incidents_ranked
 *     → incidents_tell*, in the order of incidents_rank and time            to what is written
 *     → incidents_destroy
 *
 * It holds no findings but those of the incident that is being told. Whoever
 * drives it (engine/stories.c) keeps them in the spool and sorts them by what
 * this face says. Same findings, same incidents, whatever the order of files.
 */
#ifndef INCIDENT_INCIDENT_H
#define INCIDENT_INCIDENT_H

#include "model/deed.h"
#include "model/incident.h"
#include "model/summary.h"

struct incidents;

struct incidents *incidents_create(struct summary *summary); /* NULL when memory is out */
void incidents_destroy(struct incidents *incidents);

/* ---- while the log is read ---- */

/* Sets access->lineage, and remembers what of it can be a step. Before the judge gets it: findings carry it on. */
void incidents_place(struct incidents *incidents, struct access *access);

void incidents_take_deed(struct incidents *incidents, const struct deed *deed);

/*
 * A finding leaves the judge. Returns its lineage: its own, or for a log line
 * or a crash that of what was found on the host about that time.
 */
uint64_t incidents_take_finding(struct incidents *incidents, const struct finding *finding);

/* ---- when all was read ---- */

/* Lineages that proved to be one have the same root. */
uint64_t incidents_root(struct incidents *incidents, uint64_t lineage);

/* In the order of root, then time: learns how the incident ranks. `passes`: one such makes it one to print. */
void incidents_weigh(struct incidents *incidents, const struct finding *finding, bool passes);

enum incident_order { INCIDENT_BY_TIME, INCIDENT_BY_RISK, INCIDENT_BY_SCORE, INCIDENT_BY_COUNT };

/* All were weighed. Returns how many findings the incidents to print have. */
uint64_t incidents_ranked(struct incidents *incidents, enum incident_order order);

/* The place of a finding's incident among all, from 0; *shown, unless NULL: whether it is one to print. */
uint64_t incidents_rank(struct incidents *incidents, uint64_t lineage, int64_t first_ms, bool *shown);

/* The id of its incident; "" when it found no room. */
void incidents_name(struct incidents *incidents, const struct finding *finding, char id[17]);

/*
 * In the order of rank, then time; NULL at the end. True when the incident
 * before this finding is complete: *incident lives until the next call.
 */
bool incidents_tell(struct incidents *incidents, const struct finding *finding, struct incident *incident);

#endif
