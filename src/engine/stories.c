#include "engine/stories.h"

/* What is the actor's own, or tuned away, is part of no story. */
static bool is_hidden(const struct finding *finding)
{
	return finding->access.self || finding->suppressed_by.data;
}

void stories_add(struct spool *spool, struct incidents *incidents, struct summary *summary,
		 const struct finding *finding)
{
	struct finding placed = *finding;
	struct err err = { 0 };

	if (!is_hidden(finding))
		placed.access.lineage = incidents_take_finding(incidents, finding);
	if (spool_add(spool, &placed, &err) < 0)
		summary_note(summary, true, false, "a finding was lost: %s", err.text);
}

static uint64_t ascending(int64_t time_ms)
{
	return (uint64_t)time_ms ^ UINT64_C(1) << 63;
}

/* In the order of events; what one event tells of several entries, in the order in which they are of use. */
static uint64_t moment(const struct spool_place *place)
{
	unsigned use = place->entry == ENTRY_NONE ? 3 : place->entry == ENTRY_MEM ? 2 : place->entry == ENTRY_ENVIRON;

	return place->serial << 2 | use;
}

static void by_root(void *context, const struct spool_place *place, uint64_t keys[SPOOL_KEYS])
{
	struct stories *stories = context;

	keys[0] = incidents_root(stories->incidents, place->lineage);
	keys[1] = ascending(place->first_ms);
	keys[2] = moment(place);
}

static void by_rank(void *context, const struct spool_place *place, uint64_t keys[SPOOL_KEYS])
{
	struct stories *stories = context;

	keys[0] = incidents_rank(stories->incidents, place->lineage, place->first_ms, NULL);
	keys[1] = ascending(place->first_ms);
	keys[2] = moment(place);
}

static void by_order(void *context, const struct spool_place *place, uint64_t keys[SPOOL_KEYS])
{
	const struct stories *stories = context;

	spool_keys(stories->options->spool.order, place, keys);
}

static enum incident_order incident_order(enum spool_order order)
{
	switch (order) {
	case SPOOL_BY_TIME:
		break;
	case SPOOL_BY_RISK:
		return INCIDENT_BY_RISK;
	case SPOOL_BY_SCORE:
		return INCIDENT_BY_SCORE;
	case SPOOL_BY_COUNT:
		return INCIDENT_BY_COUNT;
	}
	return INCIDENT_BY_TIME;
}

static int weigh(struct stories *stories, struct err *err)
{
	const struct scan_options *options = stories->options;
	struct finding finding;
	uint64_t passing = 0;
	int result = spool_resort(stories->spool, by_root, stories, err);

	while (result == 0 && (result = spool_next(stories->spool, &finding, err)) > 0) {
		result = 0;
		if (is_hidden(&finding))
			continue;
		bool passes = stories->passes(&options->filter, &finding);
		passing += passes;
		incidents_weigh(stories->incidents, &finding, passes);
	}
	uint64_t shown = incidents_ranked(stories->incidents, incident_order(options->spool.order));
	stories->summary->findings = options->telling == SCAN_INCIDENTS ? shown : passing;
	return result;
}

/* True while no limit is reached. */
static bool may_print(const struct stories *stories, uint64_t printed)
{
	uint64_t limit = stories->options->spool.limit;

	return limit == 0 || printed < limit;
}

static int tell(struct stories *stories, struct err *err)
{
	struct incident incident;
	struct finding finding;
	uint64_t printed = 0;
	bool shown, more = true;
	int result = spool_resort(stories->spool, by_rank, stories, err);

	while (result == 0 && more && may_print(stories, printed)) {
		result = spool_next(stories->spool, &finding, err);
		more = result > 0;
		if (result < 0)
			break;
		result = 0;
		if (more && is_hidden(&finding))
			continue;
		if (more)
			incidents_rank(stories->incidents, finding.access.lineage, finding.first_ms, &shown);
		if (more && !shown)
			continue;
		if (!incidents_tell(stories->incidents, more ? &finding : NULL, &incident))
			continue;
		printed++;
		result = sink_incident(stories->sink, &incident, err);
	}
	return result;
}

static int write_named(struct stories *stories, struct err *err)
{
	const struct scan_filter *filter = &stories->options->filter;
	struct finding finding;
	uint64_t printed = 0;
	int result = spool_resort(stories->spool, by_order, stories, err);

	while (result == 0 && may_print(stories, printed) && (result = spool_next(stories->spool, &finding, err)) > 0) {
		result = 0;
		if (!stories->passes(filter, &finding))
			continue;
		if (!is_hidden(&finding))
			incidents_name(stories->incidents, &finding, finding.incident);
		printed++;
		result = sink_finding(stories->sink, &finding, err);
	}
	return result;
}

int stories_write(struct stories *stories, struct err *err)
{
	int result = weigh(stories, err);

	if (result)
		return result;
	return stories->options->telling == SCAN_INCIDENTS ? tell(stories, err) : write_named(stories, err);
}
