/*
 * collect: of all findings and incidents of a run, the one that was asked for
 * by its id, and the ids near to it.
 *
 *   collector_create → (collector_finding | the sink)* → collector_subject → collector_destroy
 *
 * Findings come first, incidents after the findings that they hold.
 */
#ifndef SINK_COLLECT_H
#define SINK_COLLECT_H

#include "sink/explain.h"
#include "sink/sink.h"

#define COLLECT_ID_LEAST 4 /* digits that stand for a whole id */
#define COLLECT_NEAR_MAX 8

struct collector;

/* Something that has an id; `common` leading digits are those that were asked for. */
struct collected {
	char id[17];
	bool incident;
	size_t common;
	enum risk risk;
	unsigned score;
	int64_t first_ms;
};

/* `id`: 4 to 16 hex digits in lower case. The output outlives the collector; nothing is written to it. NULL: memory is out. */
struct collector *collector_create(const char *id, struct output *output);
void collector_destroy(struct collector *collector);

/* The context is the collector; the finding is borrowed. */
void collector_finding(void *collector, const struct finding *finding);

/* Takes findings and incidents; belongs to the collector. */
struct sink *collector_sink(struct collector *collector);

/* How many different ids begin with what was asked for; those beyond COLLECT_NEAR_MAX may be missing. */
size_t collector_matches(const struct collector *collector);

/* Those, or where there are none the ids that have most digits with it in common: best first. */
const struct collected *collector_near(const struct collector *collector, size_t *count);

/* Fills finding, incident and whole; they live as long as the collector. 0, or -ENOMEM. Only when there is one match. */
int collector_subject(const struct collector *collector, struct explain_subject *subject);

#endif
