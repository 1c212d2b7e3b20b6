#include "rule/sigma/correlate.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/words.h"
#include "rule/sigma/correlate_parts.h"
#include "rule/sigma/number.h"

#define TWINS_MAX 4 /* groups whose values have one hash */

/* ---- creation ---- */

static bool is_live(const struct sigma_rule *rule)
{
	return rule->document == SIGMA_CORRELATION && rule->state == SIGMA_READY;
}

/* Memberships sorted by the rule that is correlated: counted first, then written. */
static bool build_memberships(struct sigma_correlator *correlator)
{
	const struct sigma_rules *rules = correlator->rules;
	uint32_t *first = correlator->first_membership;
	size_t total = 0;

	for (size_t i = 0; i < rules->count; i++)
		for (size_t j = 0; is_live(&rules->items[i]) && j < rules->items[i].correlation->member_count;
		     j++, total++)
			first[rules->items[i].correlation->members[j].rule + 1]++;
	for (size_t i = 0; i < rules->count; i++)
		first[i + 1] += first[i];
	correlator->memberships = calloc(total + 1, sizeof(*correlator->memberships));
	uint32_t *next = calloc(rules->count + 1, sizeof(*next));
	for (uint32_t i = 0; next && correlator->memberships && i < rules->count; i++)
		for (uint32_t j = 0; is_live(&rules->items[i]) && j < rules->items[i].correlation->member_count; j++) {
			uint32_t rule = rules->items[i].correlation->members[j].rule;
			correlator->memberships[first[rule] + next[rule]++] = (struct membership){ i, j };
		}
	bool done = next && correlator->memberships;
	free(next);
	return done;
}

/* The state of groups, unless there is no correlation that could have one. */
static bool allocate_groups(struct sigma_correlator *correlator)
{
	if (correlator->first_membership[correlator->rules->count] == 0)
		return true;
	if (sigma_pool_init(&correlator->pool) < 0 ||
	    table_init(&correlator->groups, sizeof(struct group), SIGMA_GROUPS_MAX, sigma_group_release) < 0)
		return false;
	correlator->groups.clear = offsetof(struct group, seen);
	return true;
}

/* Whether the correlation's rules are of several log sources, or are correlations. */
static bool is_mixed(const struct sigma_rules *rules, const struct sigma_correlation *correlation)
{
	const struct sigma_rule *first = &rules->items[correlation->members[0].rule];

	for (size_t i = 0; i < correlation->member_count; i++) {
		const struct sigma_rule *rule = &rules->items[correlation->members[i].rule];
		if (rule->document == SIGMA_CORRELATION || rule->source != first->source)
			return true;
	}
	return false;
}

static bool allocate(struct sigma_correlator *correlator)
{
	size_t count = correlator->rules->count;

	correlator->windows = calloc(count + 1, sizeof(*correlator->windows));
	correlator->first_membership = calloc(count + 2, sizeof(*correlator->first_membership));
	correlator->correlations = calloc(count + 1, sizeof(*correlator->correlations));
	correlator->mixed = calloc(count + 1, sizeof(*correlator->mixed));
	correlator->queue = calloc(QUEUE_MAX, sizeof(*correlator->queue));
	if (!correlator->windows || !correlator->first_membership || !correlator->correlations || !correlator->mixed ||
	    !correlator->queue)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (is_live(&correlator->rules->items[i]))
			correlator->mixed[i] = is_mixed(correlator->rules, correlator->rules->items[i].correlation);
	for (uint32_t i = 0; i < count; i++)
		if (is_live(&correlator->rules->items[i]) &&
		    sigma_window_is_used(correlator->rules->items[i].correlation))
			correlator->correlations[correlator->correlation_count++] = i;
	return build_memberships(correlator) && allocate_groups(correlator);
}

struct sigma_correlator *sigma_correlator_create(const struct sigma_rules *rules, sigma_fired *fired, void *context)
{
	struct sigma_correlator *correlator = calloc(1, sizeof(*correlator));

	if (!correlator)
		return NULL;
	correlator->rules = rules;
	correlator->fired = fired;
	correlator->context = context;
	correlator->now_ms = INT64_MIN;
	if (allocate(correlator))
		return correlator;
	sigma_correlator_destroy(correlator);
	return NULL;
}

void sigma_correlator_destroy(struct sigma_correlator *correlator)
{
	if (!correlator)
		return;
	table_finish(&correlator->groups);
	sigma_pool_finish(&correlator->pool);
	free(correlator->windows);
	free(correlator->first_membership);
	free(correlator->memberships);
	free(correlator->correlations);
	free(correlator->mixed);
	free(correlator->queue);
	free(correlator);
}

/* ---- values ---- */

/* The n-th value of the field to group by, the first one that was added last. False: there are no more, or it is null. */
static bool value_of(const struct arrival *arrival, uint32_t field, size_t n, bool mixed, struct span *value)
{
	const struct sigma_event *event = arrival->event;

	if (arrival->fired) {
		struct span values[SIGMA_GROUP_MAX];
		if (field >= SIGMA_GROUP_MAX || n)
			return false;
		sigma_group_values(&arrival->values, values, field + 1);
		*value = values[field];
		return true;
	}
	uint32_t at = field < event->field_count ? event->heads[field] : SIGMA_FIELD_NONE;
	while (at != SIGMA_FIELD_NONE && ((event->values[at].also && !mixed) || n--))
		at = event->values[at].next;
	if (at == SIGMA_FIELD_NONE)
		return false;
	*value = event->values[at].text;
	return value->data != NULL;
}

static bool first_value_of(const struct arrival *arrival, uint32_t field, struct span *value)
{
	const struct sigma_event *event = arrival->event;
	uint32_t at = SIGMA_FIELD_NONE;

	if (arrival->fired)
		return value_of(arrival, field, 0, true, value);
	for (uint32_t i = field < event->field_count ? event->heads[field] : SIGMA_FIELD_NONE; i != SIGMA_FIELD_NONE;
	     i = event->values[i].next)
		at = event->values[i].text.data ? i : at;
	if (at == SIGMA_FIELD_NONE)
		return false;
	*value = event->values[at].text;
	return true;
}

/* What is counted is the value that was added first. */
static bool counted_of(const struct arrival *arrival, const uint32_t *fields, size_t count, struct span *values)
{
	for (size_t i = 0; i < count; i++)
		if (!first_value_of(arrival, fields[i], &values[i]))
			return false;
	return true;
}

/* Of another making than hash_bytes: FNV-1a's prime, over eight bytes at a time. */
static uint64_t hash_other(struct span text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; text.len >= 8; text = span_skip(text, 8)) {
		hash = (hash ^ word_load(text.data)) * 0x100000001b3u;
		hash ^= hash >> 32;
	}
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3u;
	return hash;
}

/* Two hashes of different making: texts that agree in one by design hardly do in both. */
static uint64_t hash_values(const struct span *values, size_t count)
{
	uint64_t hash = count;

	for (size_t i = 0; i < count; i++)
		hash = hash_join(hash_join(hash, hash_bytes(values[i])), hash_other(values[i]));
	return hash;
}

/* ---- groups ---- */

static struct group *find_group(struct sigma_correlator *correlator, uint32_t correlation, const struct span *values,
				size_t count)
{
	uint64_t key = hash_values(values, count), evicted = correlator->groups.evicted;
	struct group *group = NULL;
	bool created = false;

	for (uint64_t i = 0; i < TWINS_MAX; i++) {
		uint64_t sub = (uint64_t)correlation << 8 | i;
		group = table_put(&correlator->groups, key, sub, &created);
		if (!created && !sigma_group_has_values(group, values, count))
			continue;
		if (created) {
			group->pool = &correlator->pool;
			group->correlation = correlation;
			group->key = key;
			group->sub = sub;
			group->first = group->last = ENTRY_NONE_LEFT;
			sigma_group_set_values(group, values, count);
		}
		break;
	}
	correlator->counts.evicted += correlator->groups.evicted - evicted;
	return group;
}

static void take_into_group(struct sigma_correlator *correlator, const struct contribution *contribution,
			    const struct span *values, size_t count)
{
	struct group *group = find_group(correlator, contribution->index, values, count);
	int64_t timespan = contribution->rule->correlation->timespan_ms;

	if (group->list && contribution->time_ms - group->open_ms > timespan) {
		sigma_window_end(correlator, group);
		group = find_group(correlator, contribution->index, values, count);
	}
	sigma_group_take(correlator, group, contribution);
}

/* Goes to the groups of every combination of the values to group by. Returns how many they are. */
static size_t deliver_to_groups(struct sigma_correlator *correlator, const struct arrival *arrival,
				const uint32_t *fields, const struct contribution *contribution)
{
	size_t count = contribution->rule->correlation->group_count, at[SIGMA_GROUP_MAX] = { 0 }, groups = 0, i;
	struct span values[SIGMA_GROUP_MAX];
	bool mixed = correlator->mixed[contribution->index];

	for (i = 0; i < count; i++)
		if (!value_of(arrival, fields[i], 0, mixed, &values[i]))
			return 0;
	do {
		if (groups++ == SIGMA_GROUPS_A_MATCH) {
			correlator->counts.crowded++;
			break;
		}
		take_into_group(correlator, contribution, values, count);
		for (i = 0; i < count && !value_of(arrival, fields[i], ++at[i], mixed, &values[i]); i++) {
			at[i] = 0;
			value_of(arrival, fields[i], 0, mixed, &values[i]);
		}
	} while (i < count);
	return groups;
}

static void deliver(struct sigma_correlator *correlator, const struct arrival *arrival,
		    const struct membership *membership)
{
	const struct sigma_rule *rule = &correlator->rules->items[membership->correlation];
	const struct sigma_correlation *correlation = rule->correlation;
	const struct sigma_member *member = &correlation->members[membership->member];
	struct contribution contribution = { .rule = rule,
					     .index = membership->correlation,
					     .member = membership->member,
					     .time_ms = arrival->time_ms,
					     .event = arrival->event };
	struct span counted[SIGMA_GROUP_MAX] = { 0 };

	if (!counted_of(arrival, member->counted, correlation->counted_count, counted) ||
	    (correlation->type >= SIGMA_VALUE_SUM && !sigma_number_read(counted[0], &contribution.number))) {
		correlator->counts.ungrouped++;
		return;
	}
	contribution.value = hash_values(counted, correlation->counted_count);
	if (arrival->event)
		contribution.identity = hash_join(arrival->event->identity, membership->member);
	if (deliver_to_groups(correlator, arrival, member->group, &contribution) == 0)
		correlator->counts.ungrouped++;
}

/* ---- the queue ---- */

void sigma_correlation_fire(struct sigma_correlator *correlator, const struct group *group, const struct fire *fire)
{
	const struct sigma_correlation *correlation = correlator->rules->items[group->correlation].correlation;
	struct span values[SIGMA_GROUP_MAX];
	struct sigma_firing firing = { .rule = group->correlation,
				       .first_ms = fire->first_ms,
				       .time_ms = group->newest_ms,
				       .count = fire->count,
				       .group = values,
				       .group_count = correlation->group_count,
				       .event = fire->event,
				       .trusted = group->trusted,
				       .tags = fire->tags,
				       .tag_count = fire->tag_count };

	sigma_group_values(group, values, correlation->group_count);
	correlator->counts.firings++;
	correlator->fired(correlator->context, &firing);
	if (correlator->first_membership[group->correlation] == correlator->first_membership[group->correlation + 1])
		return;
	if (correlator->queued == QUEUE_MAX) {
		correlator->counts.crowded++;
		return;
	}
	struct arrival *arrival = &correlator->queue[correlator->queued++];
	*arrival = (struct arrival){ group->correlation, group->newest_ms, fire->event, true, *group };
}

static void arrive(struct sigma_correlator *correlator, const struct arrival *arrival)
{
	uint32_t from = correlator->first_membership[arrival->rule],
		 to = correlator->first_membership[arrival->rule + 1];

	for (uint32_t i = from; i < to; i++)
		deliver(correlator, arrival, &correlator->memberships[i]);
}

/* Firings arrive at other correlations in turn; there are no circles, so it ends. */
static void drain(struct sigma_correlator *correlator)
{
	while (correlator->queued) {
		struct arrival arrival = correlator->queue[--correlator->queued];
		arrive(correlator, &arrival);
	}
}

/* ---- time ---- */

static void close_windows(struct sigma_correlator *correlator, bool all)
{
	for (size_t i = 0; i < correlator->correlation_count; i++) {
		uint32_t rule = correlator->correlations[i];
		int64_t timespan = correlator->rules->items[rule].correlation->timespan_ms;
		struct group_list *list = &correlator->windows[rule];
		while (list->first && (all || correlator->now_ms - list->first->opened_ms > timespan)) {
			sigma_window_end(correlator, list->first);
			drain(correlator);
		}
	}
}

void sigma_correlate(struct sigma_correlator *correlator, const struct sigma_event *event,
		     const struct sigma_match *matches, size_t count)
{
	if (event->time_ms > correlator->now_ms)
		correlator->now_ms = event->time_ms;
	close_windows(correlator, false);
	for (size_t i = 0; i < count; i++) {
		struct arrival arrival = { .rule = matches[i].rule, .time_ms = event->time_ms, .event = event };
		if (matches[i].filter != SIGMA_NO_FILTER)
			continue;
		arrive(correlator, &arrival);
		drain(correlator);
	}
}

void sigma_correlate_time(struct sigma_correlator *correlator, int64_t now_ms)
{
	if (now_ms <= correlator->now_ms)
		return;
	correlator->now_ms = now_ms;
	close_windows(correlator, false);
}

void sigma_correlate_end(struct sigma_correlator *correlator)
{
	/* A window that one closes can open another's; chains are short. */
	for (size_t i = 0; i <= correlator->correlation_count; i++)
		close_windows(correlator, true);
}

const struct sigma_correlator_counts *sigma_correlator_counts(const struct sigma_correlator *correlator)
{
	return &correlator->counts;
}
