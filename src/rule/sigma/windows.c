/* How each type of correlation counts, and when it fires. */
#include "rule/sigma/correlate_parts.h"
#include "rule/sigma/number.h"

#define NEVER_SEEN INT64_MIN

bool sigma_window_is_used(const struct sigma_correlation *correlation)
{
	return !correlation->monotone || correlation->type >= SIGMA_VALUE_SUM;
}

/* ---- conditions ---- */

static bool within_bounds(const struct sigma_correlation *correlation, double count)
{
	for (size_t i = 0; i < correlation->bound_count; i++)
		if (!sigma_number_compare(count, correlation->bounds[i].compare, correlation->bounds[i].number))
			return false;
	return true;
}

static bool leaf_holds(const struct sigma_node *node, uint64_t present)
{
	size_t held = 0;

	switch (node->kind) {
	case SIGMA_LEAF:
		return present >> node->needed & 1;
	case SIGMA_NOT:
		return !leaf_holds(node->children[0], present);
	case SIGMA_AND:
	case SIGMA_OR:
	case SIGMA_AT_LEAST:
		for (size_t i = 0; i < node->count; i++)
			held += leaf_holds(node->children[i], present);
		return held >= (node->kind == SIGMA_AND ? node->count : node->kind == SIGMA_OR ? 1 : node->needed);
	case SIGMA_ITEM:
		return false;
	}
	return false;
}

/* As many entries as the condition can tell apart. */
static uint32_t entries_wanted(const struct sigma_correlation *correlation)
{
	double most = 0;

	for (size_t i = 0; i < correlation->bound_count; i++)
		if (correlation->bounds[i].number > most)
			most = correlation->bounds[i].number;
	return (uint32_t)most + 1;
}

/* ---- making room ---- */

/* The group that was not used for longest gives way; the last one left, its own oldest entry. */
static void make_room(struct sigma_correlator *correlator, struct group *group,
		      const struct sigma_correlation *correlation)
{
	if (group->entries && group->entries >= entries_wanted(correlation))
		sigma_group_remove(group, group->first);
	while (sigma_pool_is_full(&correlator->pool)) {
		if (table_oldest(&correlator->groups) == group) {
			if (group->entries) {
				sigma_group_remove(group, group->first);
				return;
			}
			table_find(&correlator->groups, group->key, group->sub); /* not this one */
			continue;
		}
		table_evict(&correlator->groups);
		correlator->counts.evicted++;
	}
}

static void take_entry(struct sigma_correlator *correlator, struct group *group,
		       const struct contribution *contribution, uint64_t value)
{
	make_room(correlator, group, contribution->rule->correlation);
	sigma_group_add(group, contribution->time_ms, value);
}

/* A value that is held already is only as young as it was seen last. */
static void take_value(struct sigma_correlator *correlator, struct group *group,
		       const struct contribution *contribution)
{
	uint32_t entry = sigma_group_find(group, contribution->value);

	if (entry != ENTRY_NONE_LEFT) {
		if (group->pool->nodes[entry].time_ms >= contribution->time_ms)
			return;
		sigma_group_remove(group, entry);
	}
	take_entry(correlator, group, contribution, contribution->value);
}

/* ---- sliding ---- */

/* Entries of what counts events are told apart by the event and its rule. */
static bool is_counted(const struct group *group, const struct contribution *contribution)
{
	return contribution->event && contribution->event->again &&
	       sigma_group_find(group, contribution->identity) != ENTRY_NONE_LEFT;
}

static void fire_once(struct sigma_correlator *correlator, struct group *group, const struct contribution *contribution,
		      bool holds, double count, int64_t first_ms)
{
	int64_t timespan = contribution->rule->correlation->timespan_ms;

	if (holds && (!group->fired || group->newest_ms - group->fired_ms >= timespan)) {
		group->fired_ms = group->newest_ms;
		struct fire fire = { .count = count, .event = contribution->event, .first_ms = first_ms };
		sigma_correlation_fire(correlator, group, &fire);
	}
	group->fired = holds;
}

static void take_sliding(struct sigma_correlator *correlator, struct group *group,
			 const struct contribution *contribution)
{
	const struct sigma_correlation *correlation = contribution->rule->correlation;

	if (correlation->type == SIGMA_VALUE_COUNT)
		take_value(correlator, group, contribution);
	else if (!is_counted(group, contribution))
		take_entry(correlator, group, contribution, contribution->identity);
	sigma_group_expire(group, group->newest_ms - correlation->timespan_ms);
	int64_t first = group->entries ? group->pool->nodes[group->first].time_ms : group->newest_ms;
	fire_once(correlator, group, contribution, within_bounds(correlation, group->entries), group->entries, first);
}

/* ---- temporal ---- */

static void forget_seen(struct group *group)
{
	for (size_t i = 0; i < SIGMA_CORRELATED_MAX; i++) {
		group->seen[i] = group->seen_to[i] = NEVER_SEEN;
		group->tags[i] = (struct sigma_tag){ 0 };
	}
}

/* The rules that matched at or behind a moment. */
static uint64_t present_since(const struct group *group, const struct sigma_correlation *correlation, int64_t since,
			      int64_t *first)
{
	uint64_t present = 0;

	*first = INT64_MAX;
	for (size_t i = 0; i < correlation->member_count; i++) {
		if (group->seen[i] == NEVER_SEEN || group->seen[i] < since)
			continue;
		present |= (uint64_t)1 << i;
		*first = group->seen[i] < *first ? group->seen[i] : *first;
	}
	return present;
}

static bool temporal_holds(const struct sigma_correlation *correlation, uint64_t present)
{
	if (correlation->expression)
		return leaf_holds(correlation->expression, present);
	return within_bounds(correlation, (double)__builtin_popcountll(present));
}

static struct sigma_tag tag_of(const struct contribution *contribution)
{
	return contribution->event ? contribution->event->tag : (struct sigma_tag){ 0 };
}

/* What was seen stays for the timespan: the next event that completes it fires, too. */
static void fire_temporal(struct sigma_correlator *correlator, struct group *group,
			  const struct contribution *contribution, uint64_t present, int64_t first_ms)
{
	struct sigma_tag tags[SIGMA_CORRELATED_MAX];
	struct fire fire = { .count = (double)__builtin_popcountll(present),
			     .event = contribution->event,
			     .first_ms = first_ms,
			     .tags = tags };

	for (size_t i = 0; i < SIGMA_CORRELATED_MAX; i++)
		if (present >> i & 1)
			tags[fire.tag_count++] = group->tags[i];
	sigma_correlation_fire(correlator, group, &fire);
}

static void take_temporal(struct sigma_correlator *correlator, struct group *group,
			  const struct contribution *contribution)
{
	const struct sigma_correlation *correlation = contribution->rule->correlation;
	int64_t *seen = &group->seen[contribution->member], first;

	if (contribution->time_ms >= *seen) {
		*seen = contribution->time_ms;
		group->tags[contribution->member] = tag_of(contribution);
	}
	uint64_t present = present_since(group, correlation, group->newest_ms - correlation->timespan_ms, &first);
	if (!temporal_holds(correlation, present))
		return;
	fire_temporal(correlator, group, contribution, present, first);
}

/*
 * seen[i] is where the order's first i + 1 rules begin at the latest, seen_to[i] where they end. A match of rule i makes
 * the order that ends with rule i - 1 longer by one.
 */
static void take_ordered(struct sigma_correlator *correlator, struct group *group,
			 const struct contribution *contribution)
{
	const struct sigma_correlation *correlation = contribution->rule->correlation;
	uint32_t i = contribution->member;
	int64_t time = contribution->time_ms, begin = i ? group->seen[i - 1] : time;

	if (begin == NEVER_SEEN || (i && time < group->seen_to[i - 1]) || time - begin > correlation->timespan_ms ||
	    begin < group->seen[i])
		return;
	group->seen[i] = begin;
	group->seen_to[i] = time;
	group->tags[i] = tag_of(contribution);
	if (within_bounds(correlation, i + 1))
		fire_temporal(correlator, group, contribution, ((uint64_t)2 << i) - 1, begin);
}

/* ---- windows ---- */

/* Told again with a late record: it is counted, if it was the last one. */
static bool is_counted_last(const struct group *group, const struct contribution *contribution)
{
	return contribution->event && contribution->event->again && group->count &&
	       group->counted == contribution->identity;
}

static void take_into_window(struct sigma_correlator *correlator, struct group *group,
			     const struct contribution *contribution)
{
	const struct sigma_correlation *correlation = contribution->rule->correlation;

	if (!group->list)
		sigma_group_open(group, &correlator->windows[contribution->index], contribution->time_ms,
				 correlator->now_ms);
	if (!is_counted_last(group, contribution)) {
		group->count++;
		group->sum += contribution->number;
	}
	group->counted = contribution->identity;
	if (correlation->type == SIGMA_TEMPORAL)
		group->seen[contribution->member] = contribution->time_ms;
	else if (correlation->type == SIGMA_VALUE_COUNT)
		take_value(correlator, group, contribution);
}

static double window_count(const struct sigma_correlation *correlation, const struct group *group)
{
	switch (correlation->type) {
	case SIGMA_VALUE_COUNT:
		return group->entries;
	case SIGMA_VALUE_SUM:
		return group->sum;
	case SIGMA_VALUE_AVERAGE:
		return group->count ? group->sum / (double)group->count : 0;
	case SIGMA_EVENT_COUNT:
	case SIGMA_TEMPORAL:
	case SIGMA_TEMPORAL_ORDERED:
		break;
	}
	return (double)group->count;
}

void sigma_window_end(struct sigma_correlator *correlator, struct group *group)
{
	const struct sigma_correlation *correlation = correlator->rules->items[group->correlation].correlation;
	double count = window_count(correlation, group);
	bool holds = within_bounds(correlation, count);

	if (correlation->type == SIGMA_TEMPORAL) {
		int64_t first;
		uint64_t present = present_since(group, correlation, NEVER_SEEN, &first);
		holds = temporal_holds(correlation, present);
		count = (double)__builtin_popcountll(present);
	}
	struct fire fire = { .count = count, .first_ms = group->open_ms };
	if (holds)
		sigma_correlation_fire(correlator, group, &fire);
	table_remove(&correlator->groups, group->key, group->sub);
}

void sigma_group_take(struct sigma_correlator *correlator, struct group *group, const struct contribution *contribution)
{
	const struct sigma_correlation *correlation = contribution->rule->correlation;

	if (!group->started) {
		group->started = true;
		group->newest_ms = contribution->time_ms;
		if (correlation->type == SIGMA_TEMPORAL || correlation->type == SIGMA_TEMPORAL_ORDERED)
			forget_seen(group);
	}
	if (contribution->time_ms < group->newest_ms - correlation->timespan_ms) {
		correlator->counts.late++;
		return;
	}
	if (contribution->time_ms > group->newest_ms)
		group->newest_ms = contribution->time_ms;
	group->trusted |= !contribution->event || !contribution->event->forgeable;
	if (sigma_window_is_used(correlation))
		take_into_window(correlator, group, contribution);
	else if (correlation->type == SIGMA_TEMPORAL)
		take_temporal(correlator, group, contribution);
	else if (correlation->type == SIGMA_TEMPORAL_ORDERED)
		take_ordered(correlator, group, contribution);
	else
		take_sliding(correlator, group, contribution);
}
