/*
 * judge: sightings → findings. One finding per actor process, target and
 * entry, with count, first and last.
 *
 * A group closes after an hour of event time without another access, when
 * its table is full (counted), or at the end.
 */
#ifndef RULE_JUDGE_H
#define RULE_JUDGE_H

#include "model/finding.h"
#include "model/summary.h"

struct judge_options {
	bool keep_hidden; /* also hand out what is the actor's own, and what tuning took */
	bool keep_raw;	  /* findings carry the raw lines of their most telling access */
	/*
	 * Live, when not 0: findings are handed out when they are new and when they have become graver, and otherwise,
	 * once they have grown, so many ms after the last time. Log lines do not wait to be joined.
	 */
	int64_t update_ms;
	/* A finding that is complete, or live, as it is now; borrowed for the call. */
	void (*emit)(void *context, const struct finding *finding);
	void *context;
};

struct judge;

struct judge *judge_create(const struct judge_options *options, struct summary *summary); /* NULL: memory is out */
void judge_destroy(struct judge *judge);

void judge_take(struct judge *judge, const struct access *access);

/* The same sighting judged by itself, nothing collapsed. Lives until the next call. False when it is no access and no finding. */
bool judge_alone(struct judge *judge, const struct access *access, struct finding *finding);

/* Live: it is so late, on a clock that does not jump. */
void judge_tick(struct judge *judge, int64_t now_ms);

/* Hands out all that is still open. */
void judge_end(struct judge *judge);

#endif
