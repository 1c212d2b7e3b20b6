/*
 * stories: findings to incidents to the sink.
 *
 *   spool ── by root and time ──▶ weigh ──▶ rank
 *   spool ── by rank and time ──▶ tell ──▶ incidents to the sink
 *        └── in its own order ──▶ named ──▶ findings to the sink
 *
 * Incidents need all findings before the first is told, and no memory holds
 * them: so the spool is sorted and read twice.
 */
#ifndef ENGINE_STORIES_H
#define ENGINE_STORIES_H

#include "engine/scan.h"
#include "incident/incident.h"

struct stories {
	const struct scan_options *options;
	struct spool *spool;
	struct incidents *incidents;
	struct sink *sink;
	struct summary *summary;
	bool (*passes)(const struct scan_filter *filter, const struct finding *finding);
};

/* A finding left the judge. */
void stories_add(struct spool *spool, struct incidents *incidents, struct summary *summary,
		 const struct finding *finding);

/* No more will come. Does not end the sink. 0, or a negative errno with err. */
int stories_write(struct stories *stories, struct err *err);

#endif
