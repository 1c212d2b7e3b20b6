/*
 * correlate: matches over time to firings of correlation rules
 * (specification 2.1.0, "Sigma Correlation Rules"; the boolean conditions of
 * temporal ones as pySigma 1.5 has them).
 *
 * Time is event time only, unless one says that it passes without events (sigma_correlate_time). A condition that more events cannot undo (gt, gte,
 * no `not`) is asked at every event over the timespan that ends with it; it
 * fires when it begins to hold, and again while it holds, but not before a
 * whole timespan has passed. A temporal one fires at every event that completes it.
 * Any other condition (lt, lte, eq, neq, sums and averages, `not`) is asked
 * when the window closes that the group's first event opened: when an event
 * of any kind is later than that, or at the end. Where a log begins that is
 * older than the one before it, only the group's own events close its window.
 *
 * An event that is told again (sigma_event) is counted once.
 *
 * A match that lacks a field to group by is not correlated, and counted. One
 * whose field has several values belongs to the group of each of them, up to
 * SIGMA_GROUPS_A_MATCH; an event can so complete one correlation several times.
 * Suppressed matches do not count. All state has ceilings; the group that
 * was not used for longest gives way, and is counted.
 */
#ifndef RULE_SIGMA_CORRELATE_H
#define RULE_SIGMA_CORRELATE_H

#include "rule/sigma/evaluate.h"

#define SIGMA_GROUPS_MAX 8192
#define SIGMA_ENTRIES_MAX 131072 /* events and values that groups hold, all together */
#define SIGMA_GROUPS_A_MATCH 64
#define SIGMA_GROUP_TEXT_MAX 256 /* bytes of a group's values; longer ones are cut in what is handed out */

struct sigma_firing {
	uint32_t rule;
	int64_t first_ms, time_ms; /* of the window's first and last event, as far as the group remembers */
	double count;		   /* events, values, rules, or the sum or average */
	const struct span *group;  /* in the order of group-by */
	size_t group_count;
	const struct sigma_event *event; /* that completed it; NULL when the window closed by time */
	bool trusted;			 /* not all that made it up could have been written by any user */
	/* Of temporal ones: the tags of the matches that made it up, one a rule, in no order. */
	const struct sigma_tag *tags;
	size_t tag_count;
};

typedef void sigma_fired(void *context, const struct sigma_firing *firing); /* borrowed for the call */

struct sigma_correlator_counts {
	uint64_t firings;
	uint64_t evicted;   /* groups that gave way */
	uint64_t ungrouped; /* matches without a field to group by or to count */
	uint64_t late;	    /* matches older than a whole timespan before the group's newest */
	uint64_t crowded;   /* firings on their way to another correlation, and groups of one match, without room */
};

struct sigma_correlator;

/* The rules are linked, and outlive it. NULL: memory is out. */
struct sigma_correlator *sigma_correlator_create(const struct sigma_rules *rules, sigma_fired *fired, void *context);
void sigma_correlator_destroy(struct sigma_correlator *correlator);

/* What sigma_evaluate() answered for the event. Events without matches move the time on. */
void sigma_correlate(struct sigma_correlator *correlator, const struct sigma_event *event,
		     const struct sigma_match *matches, size_t count);

/* Live: no event older than this comes any more. Closes the windows that have ended by then. */
void sigma_correlate_time(struct sigma_correlator *correlator, int64_t now_ms);

/* Closes all windows. */
void sigma_correlate_end(struct sigma_correlator *correlator);

const struct sigma_correlator_counts *sigma_correlator_counts(const struct sigma_correlator *correlator);

#endif
