/*
 * judge: sightings → findings. One finding per actor process, target and
 * entry, with count, first and last.
 *
 * A group closes after an hour of event time without another access, when
 * its table is full (counted), or at the end.
 */
#ifndef RULE_JUDGE_H
#define RULE_JUDGE_H

#include "model/event.h"
#include "model/finding.h"
#include "model/summary.h"
#include "rule/assess.h"

struct judge_options {
	const struct pack *pack;	    /* outlives the judge */
	bool keep_hidden;		    /* also hand out what is the actor's own, and what tuning took */
	bool keep_raw;			    /* findings carry the raw lines of their most telling access */
	const struct assessor_watch *watch; /* NULL, or outlives the judge */
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

/*
 * Live: a sighting that another sensor told of before, when it took `first_exe` for the actor's exe. What it adds is
 * joined to what was told; it counts for nothing.
 */
void judge_take_twin(struct judge *judge, const struct access *access, struct span first_exe);

/* The same sighting judged by itself, nothing collapsed. Lives until the next call. False when it is no access and no finding. */
bool judge_alone(struct judge *judge, const struct access *access, struct finding *finding);

/*
 * Live: it is so late, on a clock that does not jump. `event_ms`: no event older than this comes any more, so windows of
 * correlations that have ended by then are closed; TIME_UNKNOWN: that cannot be told now.
 */
void judge_tick(struct judge *judge, int64_t now_ms, int64_t event_ms);

/* Whether a rule may be about files that were made or written: sightings of them (SIGHTING_FILE) need not be taken else. */
bool judge_wants_files(const struct judge *judge);

/* Whether a rule may be about audit events as they are; else they need not be offered. */
bool judge_wants_events(const struct judge *judge);

/* Whether one is about this event: then the sighting that is made of it (SIGHTING_EVENT) is to be taken next. */
bool judge_offer(struct judge *judge, const struct event *event);

/* Hands out all that is still open. */
void judge_end(struct judge *judge);

#endif
