/*
 * trial: does a rule, or what it would be without one of its parts, fire at
 * a log? The log is read once, by whoever fills the events; rules are asked
 * as often as need be.
 */
#ifndef RULE_SIGMA_TRIAL_H
#define RULE_SIGMA_TRIAL_H

#include "rule/sigma/correlate.h"
#include "rule/sigma/mutate.h"

#define TRIAL_EVENTS_MAX 65536 /* of one log */
#define TRIAL_BYTES_MAX ((size_t)64 << 20)

struct trial_event {
	enum sigma_source source;
	uint32_t services;
	int64_t time_ms;
	struct sigma_tag tag;
	struct span whole;
	bool tagged; /* correlations see it */
	size_t first_value, value_count, first_match, match_count;
};

struct trial_value {
	uint32_t field;
	struct span text;
};

/* Events of a log, with the rules that match them as they are. Zeroed memory is a valid empty one. */
struct trial_log {
	struct arena arena;
	struct trial_event *events;
	struct trial_value *values;
	struct sigma_match *matches;
	size_t count, capacity, value_count, value_capacity, match_count, match_capacity;
	bool failed; /* memory is out, or the log is too large: it is not whole */
};

void trial_log_finish(struct trial_log *log);

/* Copies the event. `matches` are what sigma_evaluate() said of it. */
void trial_log_add(struct trial_log *log, const struct sigma_event *event, const struct sigma_match *matches,
		   size_t count, bool tagged);

struct trial;

/* The rules are linked, outlive it, and are nobody else's while it asks. NULL: memory is out. */
struct trial *trial_create(struct sigma_rules *rules);
void trial_destroy(struct trial *trial);

/*
 * Whether the rule fires: a detection matches an event and no filter takes
 * it, a correlation fires, a filter suppresses something. With a mutant, rule
 * `changed` is that one instead of itself. -ENOMEM, 0 or 1.
 */
int trial_fires(struct trial *trial, const struct trial_log *log, uint32_t rule, uint32_t changed,
		const struct sigma_mutant *mutant);

/* Whether the log has an event that the rule is asked about; else that it does not fire says nothing. */
bool trial_is_asked(const struct trial *trial, const struct trial_log *log, uint32_t rule);

#endif
