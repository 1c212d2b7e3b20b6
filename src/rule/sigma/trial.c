#include "rule/sigma/trial.h"

#include <errno.h>
#include <stdlib.h>

#include "rule/sigma/holds.h"

#define CHAIN_MAX 16 /* correlations of correlations, as the linker has it */

struct trial {
	struct sigma_rules *rules;
	struct sigma_event event;
	struct regex *any;
	struct regex_match *room;
	struct sigma_match *matches; /* of one event: as many as there are rules */
	uint32_t changed;
	const struct sigma_mutant *mutant; /* NULL: nothing is changed */
	uint32_t observed;
	bool fired;
};

/* ---- logs ---- */

void trial_log_finish(struct trial_log *log)
{
	arena_finish(&log->arena);
	free(log->events);
	free(log->values);
	free(log->matches);
	*log = (struct trial_log){ .count = 0 };
}

/* The items with room for so many more, or NULL: memory is out, and the items are as they were. */
static void *grown(void *items, size_t count, size_t more, size_t *capacity, size_t size)
{
	size_t wanted = *capacity ? *capacity : 64;

	if (count + more <= *capacity)
		return items;
	while (wanted < count + more)
		wanted *= 2;
	void *grown_items = realloc(items, wanted * size);
	if (grown_items)
		*capacity = wanted;
	return grown_items;
}

static bool make_room(struct trial_log *log, size_t values, size_t matches)
{
	void *items = grown(log->events, log->count, 1, &log->capacity, sizeof(*log->events));

	if (!items)
		return false;
	log->events = items;
	items = grown(log->values, log->value_count, values + 1, &log->value_capacity, sizeof(*log->values));
	if (!items)
		return false;
	log->values = items;
	items = grown(log->matches, log->match_count, matches + 1, &log->match_capacity, sizeof(*log->matches));
	if (!items)
		return false;
	log->matches = items;
	return true;
}

/* Null stays null. */
static struct span copy_text(struct trial_log *log, struct span text)
{
	if (!text.data || text.len == 0)
		return text.data ? SPAN("") : text;
	struct span copy = arena_copy(&log->arena, text);
	log->failed |= copy.len != text.len;
	return copy;
}

void trial_log_add(struct trial_log *log, const struct sigma_event *event, const struct sigma_match *matches,
		   size_t count, bool tagged)
{
	bool full = log->count == TRIAL_EVENTS_MAX || log->arena.used > TRIAL_BYTES_MAX;

	log->failed |= full || !make_room(log, event->count, count);
	if (log->failed)
		return;
	log->events[log->count++] = (struct trial_event){ .source = event->source,
							  .services = event->services,
							  .time_ms = event->time_ms,
							  .tag = event->tag,
							  .whole = copy_text(log, event->whole),
							  .tagged = tagged,
							  .first_value = log->value_count,
							  .value_count = event->count,
							  .first_match = log->match_count,
							  .match_count = count };
	for (uint32_t i = 0; i < event->count; i++)
		log->values[log->value_count++] =
			(struct trial_value){ event->values[i].field, copy_text(log, event->values[i].text) };
	if (count)
		memcpy(log->matches + log->match_count, matches, count * sizeof(*matches));
	log->match_count += count;
}

/* ---- asking ---- */

struct trial *trial_create(struct sigma_rules *rules)
{
	struct trial *trial = calloc(1, sizeof(*trial));
	struct err err;

	if (!trial)
		return NULL;
	trial->rules = rules;
	trial->any = regex_create(SPAN("."), false, &err);
	trial->room = trial->any ? regex_match_create(trial->any) : NULL;
	trial->matches = calloc(rules->count + 1, sizeof(*trial->matches));
	if (trial->room && trial->matches && sigma_event_init(&trial->event, sigma_rules_field_count(rules)) == 0)
		return trial;
	trial_destroy(trial);
	return NULL;
}

void trial_destroy(struct trial *trial)
{
	if (!trial)
		return;
	sigma_event_finish(&trial->event);
	regex_match_destroy(trial->room);
	regex_destroy(trial->any);
	free(trial->matches);
	free(trial);
}

static void refill(struct trial *trial, const struct trial_log *log, const struct trial_event *event)
{
	sigma_event_begin(&trial->event, event->source, event->time_ms);
	trial->event.services = event->services;
	trial->event.tag = event->tag;
	trial->event.whole = event->whole;
	for (size_t i = 0; i < event->value_count; i++)
		sigma_event_add(&trial->event, log->values[event->first_value + i].field,
				log->values[event->first_value + i].text);
}

static bool condition_holds(struct trial *trial, uint32_t rule)
{
	bool is_changed = trial->mutant && trial->changed == rule;
	struct holds_counts counts = { 0 };

	return sigma_holds(is_changed ? trial->mutant->condition : trial->rules->items[rule].condition, &trial->event,
			   trial->room, &counts);
}

static bool is_about(const struct sigma_rule *rule, const struct trial_event *event)
{
	return rule->document == SIGMA_DETECTION && rule->source == event->source &&
	       (!rule->services || (rule->services & event->services));
}

static uint32_t find_filter(struct trial *trial, const struct sigma_rule *rule)
{
	for (size_t i = 0; i < rule->filter_count; i++)
		if (condition_holds(trial, rule->filters[i]))
			return rule->filters[i];
	return SIGMA_NO_FILTER;
}

static bool has_filter(const struct sigma_rule *rule, uint32_t filter)
{
	for (size_t i = 0; i < rule->filter_count; i++)
		if (rule->filters[i] == filter)
			return true;
	return false;
}

/* ---- detections and filters ---- */

static bool detection_fires(struct trial *trial, const struct trial_log *log, uint32_t index)
{
	const struct sigma_rule *rule = &trial->rules->items[index];

	for (size_t i = 0; i < log->count; i++) {
		if (!is_about(rule, &log->events[i]))
			continue;
		refill(trial, log, &log->events[i]);
		if (condition_holds(trial, index) && find_filter(trial, rule) == SIGMA_NO_FILTER)
			return true;
	}
	return false;
}

/* Of the events that a rule of the filter matches. */
static bool filter_fires(struct trial *trial, const struct trial_log *log, uint32_t filter)
{
	for (size_t i = 0; i < log->count; i++) {
		const struct trial_event *event = &log->events[i];
		bool asked = false;
		for (size_t j = 0; j < event->match_count; j++)
			asked |= has_filter(&trial->rules->items[log->matches[event->first_match + j].rule], filter);
		if (!asked)
			continue;
		refill(trial, log, event);
		if (condition_holds(trial, filter))
			return true;
	}
	return false;
}

/* ---- correlations ---- */

static void take_firing(void *context, const struct sigma_firing *firing)
{
	struct trial *trial = context;

	trial->fired |= firing->rule == trial->observed;
}

/* The matches of the event with the change; in the order of rules. */
static size_t matches_of(struct trial *trial, const struct trial_log *log, const struct trial_event *event)
{
	const struct sigma_rule *changed = trial->mutant ? &trial->rules->items[trial->changed] : NULL;
	bool waits = changed && is_about(changed, event) && condition_holds(trial, trial->changed);
	size_t count = 0;

	for (size_t i = 0; i < event->match_count; i++) {
		struct sigma_match match = log->matches[event->first_match + i];
		if (waits && match.rule >= trial->changed) {
			trial->matches[count++] = (struct sigma_match){ trial->changed, find_filter(trial, changed) };
			waits = false;
		}
		if (changed && match.rule == trial->changed)
			continue;
		if (changed && has_filter(&trial->rules->items[match.rule], trial->changed))
			match.filter = find_filter(trial, &trial->rules->items[match.rule]);
		trial->matches[count++] = match;
	}
	if (waits)
		trial->matches[count++] = (struct sigma_match){ trial->changed, find_filter(trial, changed) };
	return count;
}

static int replay(struct trial *trial, const struct trial_log *log)
{
	struct sigma_correlator *correlator = sigma_correlator_create(trial->rules, take_firing, trial);

	if (!correlator)
		return -ENOMEM;
	trial->fired = false;
	for (size_t i = 0; i < log->count; i++) {
		if (!log->events[i].tagged)
			continue;
		refill(trial, log, &log->events[i]);
		sigma_correlate(correlator, &trial->event, trial->matches, matches_of(trial, log, &log->events[i]));
	}
	sigma_correlate_end(correlator);
	sigma_correlator_destroy(correlator);
	return trial->fired;
}

/* A changed correlation takes the place of the rule's for as long as it is tried. */
static int correlation_fires(struct trial *trial, const struct trial_log *log, uint32_t index)
{
	struct sigma_rule *changed = trial->mutant ? &trial->rules->items[trial->changed] : NULL;
	struct sigma_correlation *own = changed ? changed->correlation : NULL;

	trial->observed = index;
	if (own)
		changed->correlation = trial->mutant->correlation;
	int status = replay(trial, log);
	if (own)
		changed->correlation = own;
	return status;
}

int trial_fires(struct trial *trial, const struct trial_log *log, uint32_t rule, uint32_t changed,
		const struct sigma_mutant *mutant)
{
	trial->changed = changed;
	trial->mutant = mutant;
	switch (trial->rules->items[rule].document) {
	case SIGMA_DETECTION:
		return detection_fires(trial, log, rule);
	case SIGMA_FILTER:
		return filter_fires(trial, log, rule);
	case SIGMA_CORRELATION:
		return correlation_fires(trial, log, rule);
	}
	return 0;
}

/* ---- whether it says something ---- */

static bool is_asked(const struct trial *trial, const struct trial_event *event, const struct trial_log *log,
		     uint32_t index, unsigned depth)
{
	const struct sigma_rule *rule = &trial->rules->items[index];
	bool asked = false;

	if (rule->document == SIGMA_DETECTION)
		return is_about(rule, event);
	for (size_t i = 0; rule->document == SIGMA_FILTER && i < event->match_count; i++)
		asked |= has_filter(&trial->rules->items[log->matches[event->first_match + i].rule], index);
	for (size_t i = 0; rule->correlation && depth < CHAIN_MAX && i < rule->correlation->member_count; i++)
		asked |= is_asked(trial, event, log, rule->correlation->members[i].rule, depth + 1);
	return asked;
}

bool trial_is_asked(const struct trial *trial, const struct trial_log *log, uint32_t rule)
{
	for (size_t i = 0; i < log->count; i++)
		if (is_asked(trial, &log->events[i], log, rule, 0))
			return true;
	return false;
}
