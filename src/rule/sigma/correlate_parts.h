/* correlate_parts: what feeding groups and asking them share. Internal to correlate. */
#ifndef RULE_SIGMA_CORRELATE_PARTS_H
#define RULE_SIGMA_CORRELATE_PARTS_H

#include "rule/sigma/group.h"

#define QUEUE_MAX 256

/* A rule is the member of a correlation. */
struct membership {
	uint32_t correlation, member;
};

/* A match on its way to the correlations of its rule: of an event, or a firing with the values it grouped by. */
struct arrival {
	uint32_t rule;
	int64_t time_ms;
	const struct sigma_event *event; /* NULL: a firing that no event completed */
	bool fired;
	struct group values; /* of a firing: text and lengths only */
};

struct sigma_correlator {
	const struct sigma_rules *rules;
	sigma_fired *fired;
	void *context;
	struct table groups;
	struct entry_pool pool;
	struct group_list *windows; /* of each rule */
	uint32_t *first_membership; /* of each rule, count + 1 */
	struct membership *memberships;
	bool *mixed;	       /* of each rule: it correlates rules of several log sources */
	struct arrival *queue; /* QUEUE_MAX */
	size_t queued;
	uint32_t *correlations; /* that have windows */
	size_t correlation_count;
	int64_t now_ms;
	struct sigma_correlator_counts counts;
};

/* What one match brings to one group. */
struct contribution {
	const struct sigma_rule *rule; /* the correlation */
	uint32_t index;		       /* its number */
	uint32_t member;
	int64_t time_ms;
	uint64_t value;	   /* hash of what is counted */
	uint64_t identity; /* of the event and its rule */
	double number;	   /* … as a number, for sums */
	const struct sigma_event *event;
};

/* Whether the correlation waits for its window to close. */
bool sigma_window_is_used(const struct sigma_correlation *correlation);

/* Takes the contribution in and fires where the condition holds. */
void sigma_group_take(struct sigma_correlator *correlator, struct group *group,
		      const struct contribution *contribution);

/* Asks the condition of a window that closes, and removes the group. */
void sigma_window_end(struct sigma_correlator *correlator, struct group *group);

/* Hands the firing out, and on to the correlations that name this one. */
struct fire {
	double count;
	const struct sigma_event *event;
	int64_t first_ms;
	const struct sigma_tag *tags;
	size_t tag_count;
};
void sigma_correlation_fire(struct sigma_correlator *correlator, const struct group *group, const struct fire *fire);

#endif
