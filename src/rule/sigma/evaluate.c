#include "rule/sigma/evaluate.h"

#include <stdlib.h>

#include "rule/sigma/engine_parts.h"
#include "rule/sigma/holds.h"

/* What was found of a slot's clauses in the event of that number. */
struct progress {
	uint32_t event, found;
};

/* What a filter said of the event of that number: many rules ask the same few filters, and each answers once. */
struct filtering {
	uint32_t event;
	bool holds;
	struct holds_counts counts; /* of the search: they count for each rule that asks */
};

struct sigma_evaluator {
	const struct sigma_engine *engine;
	struct literals_scratch **scratch[SIGMA_SOURCE_COUNT]; /* of each set of the source */
	struct literals_scratch *glance[SIGMA_SOURCE_COUNT];   /* NULL: it has none */
	struct progress *progress;			       /* slots_max */
	uint32_t *candidates;				       /* slots */
	size_t candidate_count;
	uint32_t event; /* number of the current one, for `progress` */
	struct sigma_match *matches;
	struct filtering *filtered; /* of each rule that is a filter */
	struct regex *any;	    /* has no groups: what `room` was made for */
	struct regex_match *room;
	struct sigma_evaluator_counts counts;
};

/* One text on its way through the literal set. */
struct scanning {
	struct sigma_evaluator *evaluator;
	const struct source_index *index;
	const struct field_set *set;
};

static bool allocate_scratch(struct sigma_evaluator *evaluator, const struct source_index *index, unsigned source)
{
	struct literals_scratch **scratch = calloc(index->set_count + 1, sizeof(struct literals_scratch *));

	evaluator->scratch[source] = scratch;
	for (size_t i = 0; scratch && i < index->set_count; i++) {
		scratch[i] = literals_scratch_create(index->sets[i].literals);
		if (!scratch[i])
			return false;
	}
	if (index->glances)
		evaluator->glance[source] = literals_scratch_create(index->glance.literals);
	return scratch != NULL && (!index->glances || evaluator->glance[source]);
}

static bool allocate(struct sigma_evaluator *evaluator, const struct sigma_engine *engine)
{
	size_t slots = engine->slots_max + 1;

	evaluator->engine = engine;
	evaluator->progress = calloc(slots, sizeof(*evaluator->progress));
	evaluator->candidates = calloc(slots, sizeof(*evaluator->candidates));
	evaluator->matches = calloc(slots, sizeof(*evaluator->matches));
	evaluator->filtered = calloc(engine->rules->count + 1, sizeof(*evaluator->filtered));
	evaluator->any = regex_create(SPAN("x"), false, NULL);
	evaluator->room = evaluator->any ? regex_match_create(evaluator->any) : NULL;
	for (unsigned i = 0; i < SIGMA_SOURCE_COUNT; i++)
		if (!allocate_scratch(evaluator, &engine->sources[i], i))
			return false;
	return evaluator->progress && evaluator->candidates && evaluator->matches && evaluator->filtered &&
	       evaluator->room;
}

struct sigma_evaluator *sigma_evaluator_create(const struct sigma_engine *engine)
{
	struct sigma_evaluator *evaluator = calloc(1, sizeof(*evaluator));

	if (evaluator && allocate(evaluator, engine))
		return evaluator;
	sigma_evaluator_destroy(evaluator);
	return NULL;
}

void sigma_evaluator_destroy(struct sigma_evaluator *evaluator)
{
	if (!evaluator)
		return;
	for (unsigned i = 0; i < SIGMA_SOURCE_COUNT; i++) {
		for (size_t j = 0; evaluator->scratch[i] && j < evaluator->engine->sources[i].set_count; j++)
			literals_scratch_destroy(evaluator->scratch[i][j]);
		free(evaluator->scratch[i]);
		literals_scratch_destroy(evaluator->glance[i]);
	}
	regex_match_destroy(evaluator->room);
	regex_destroy(evaluator->any);
	free(evaluator->progress);
	free(evaluator->candidates);
	free(evaluator->matches);
	free(evaluator->filtered);
	free(evaluator);
}

/* ---- candidates ---- */

static void begin_event(struct sigma_evaluator *evaluator)
{
	evaluator->counts.events++;
	evaluator->candidate_count = 0;
	if (++evaluator->event != 0)
		return;
	memset(evaluator->progress, 0, (evaluator->engine->slots_max + 1) * sizeof(*evaluator->progress));
	memset(evaluator->filtered, 0, (evaluator->engine->rules->count + 1) * sizeof(*evaluator->filtered));
	evaluator->event = 1;
}

static void found_literal(void *context, uint32_t literal)
{
	const struct scanning *scanning = context;
	struct sigma_evaluator *evaluator = scanning->evaluator;
	const struct field_set *set = scanning->set;

	for (uint32_t i = set->first_hook[literal]; i < set->first_hook[literal + 1]; i++) {
		const struct hook *hook = &set->hooks[i];
		struct progress *progress = &evaluator->progress[hook->slot];
		if (progress->event != evaluator->event)
			*progress = (struct progress){ evaluator->event, 0 };
		if (progress->found & hook->bit)
			continue;
		progress->found |= hook->bit;
		if (progress->found == scanning->index->slots[hook->slot].wanted)
			evaluator->candidates[evaluator->candidate_count++] = hook->slot;
	}
}

static void scan_set(struct sigma_evaluator *evaluator, const struct source_index *index, enum sigma_source source,
		     size_t set, struct span text)
{
	struct scanning scanning = { evaluator, index, &index->sets[set] };

	literals_scan(scanning.set->literals, evaluator->scratch[source][set], text, found_literal, &scanning);
}

static void scan(struct sigma_evaluator *evaluator, const struct source_index *index, const struct sigma_event *event)
{
	size_t last = index->set_count - 1;
	bool for_keywords = index->sets[last].field == SIGMA_FIELD_WHOLE;

	if (for_keywords && event->whole.data)
		scan_set(evaluator, index, event->source, last, event->whole);
	for (uint32_t i = 0; i < event->count; i++) {
		const struct sigma_value *value = &event->values[i];
		if (index->set_of[value->field])
			scan_set(evaluator, index, event->source, index->set_of[value->field] - 1, value->text);
		if (for_keywords && !event->whole.data)
			scan_set(evaluator, index, event->source, last, value->text);
	}
}

bool sigma_glance(struct sigma_evaluator *evaluator, enum sigma_source source, struct span text)
{
	const struct source_index *index = &evaluator->engine->sources[source];
	struct scanning scanning = { evaluator, index, &index->glance };

	begin_event(evaluator);
	literals_scan(index->glance.literals, evaluator->glance[source], text, found_literal, &scanning);
	return evaluator->candidate_count > 0;
}

/* ---- matches ---- */

static void account(struct sigma_evaluator *evaluator, uint32_t rule, const struct holds_counts *counts)
{
	evaluator->counts.regex_cut += counts->regex_cut;
	evaluator->counts.regex_limited += counts->regex_limited;
	if (counts->regex_limited)
		evaluator->counts.limited_rule = rule;
}

static bool holds(struct sigma_evaluator *evaluator, uint32_t rule, const struct sigma_event *event)
{
	struct holds_counts counts = { 0 };
	bool result = sigma_holds(evaluator->engine->rules->items[rule].condition, event, evaluator->room, &counts);

	account(evaluator, rule, &counts);
	return result;
}

static bool filter_holds(struct sigma_evaluator *evaluator, uint32_t rule, const struct sigma_event *event)
{
	struct filtering *filtered = &evaluator->filtered[rule];

	if (filtered->event != evaluator->event) {
		*filtered = (struct filtering){ .event = evaluator->event };
		filtered->holds = sigma_holds(evaluator->engine->rules->items[rule].condition, event, evaluator->room,
					      &filtered->counts);
	}
	account(evaluator, rule, &filtered->counts);
	return filtered->holds;
}

static uint32_t find_filter(struct sigma_evaluator *evaluator, const struct sigma_rule *rule,
			    const struct sigma_event *event)
{
	for (size_t i = 0; i < rule->filter_count; i++)
		if (filter_holds(evaluator, rule->filters[i], event))
			return rule->filters[i];
	return SIGMA_NO_FILTER;
}

/* Puts it where it belongs: in the order of loading. Few rules match one event. */
static void insert(struct sigma_match *matches, size_t count, struct sigma_match match)
{
	while (count > 0 && matches[count - 1].rule > match.rule) {
		matches[count] = matches[count - 1];
		count--;
	}
	matches[count] = match;
}

static size_t try(struct sigma_evaluator *evaluator, const struct slot *slot, const struct sigma_event *event,
		  size_t count)
{
	const struct sigma_rule *rule = &evaluator->engine->rules->items[slot->rule];

	if (rule->services && !(rule->services & event->services))
		return count;
	evaluator->counts.candidates++;
	if (!holds(evaluator, slot->rule, event))
		return count;
	uint32_t filter = find_filter(evaluator, rule, event);
	insert(evaluator->matches, count, (struct sigma_match){ slot->rule, filter });
	evaluator->counts.matches++;
	evaluator->counts.suppressed += filter != SIGMA_NO_FILTER;
	return count + 1;
}

size_t sigma_evaluate(struct sigma_evaluator *evaluator, const struct sigma_event *event,
		      const struct sigma_match **matches)
{
	size_t count = 0;

	*matches = evaluator->matches;
	if (event->source >= SIGMA_SOURCE_COUNT)
		return 0;
	const struct source_index *index = &evaluator->engine->sources[event->source];
	begin_event(evaluator);
	if (index->set_count)
		scan(evaluator, index, event);
	for (size_t i = 0; i < evaluator->candidate_count; i++)
		count = try(evaluator, &index->slots[evaluator->candidates[i]], event, count);
	for (size_t i = 0; i < index->always_count; i++)
		count = try(evaluator, &index->slots[index->always[i]], event, count);
	return count;
}

const struct sigma_evaluator_counts *sigma_evaluator_counts(const struct sigma_evaluator *evaluator)
{
	return &evaluator->counts;
}
