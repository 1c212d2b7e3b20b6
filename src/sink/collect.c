#include "sink/collect.h"

#include <errno.h>
#include <stdlib.h>

#include "sink/type.h"

struct collector {
	struct sink sink;
	char wanted[17];
	size_t wanted_len;
	struct collected near[COLLECT_NEAR_MAX];
	size_t near_count;
	struct finding finding; /* that was asked for, or that the incident is told by */
	char *file, *member;	/* of its origin, owned */
	bool has_finding;
	struct arena arena; /* of the incident */
	struct incident incident;
	bool has_incident, whole;
	bool failed; /* memory is out */
};

/* ---- ids ---- */

static size_t common_digits(const struct collector *collector, const char *id)
{
	size_t common = 0;

	while (common < collector->wanted_len && id[common] == collector->wanted[common])
		common++;
	return common;
}

static bool is_better(const struct collected *a, const struct collected *b)
{
	if (a->common != b->common)
		return a->common > b->common;
	if (a->score != b->score)
		return a->score > b->score;
	return strcmp(a->id, b->id) < 0;
}

/* Whether it is what was asked for, for the first time. */
static bool note(struct collector *collector, struct collected seen)
{
	struct collected *near = collector->near;
	size_t at;

	seen.common = common_digits(collector, seen.id);
	for (at = 0; at < collector->near_count; at++)
		if (strcmp(near[at].id, seen.id) == 0)
			return false;
	if (collector->near_count == COLLECT_NEAR_MAX) {
		if (!is_better(&seen, &near[COLLECT_NEAR_MAX - 1]))
			return false;
		collector->near_count--;
	}
	for (at = collector->near_count++; at > 0 && is_better(&seen, &near[at - 1]); at--)
		near[at] = near[at - 1];
	near[at] = seen;
	return seen.common == collector->wanted_len;
}

/* ---- copies ---- */

static char *copy_name(struct collector *collector, const char *name)
{
	char *copy = name ? strdup(name) : NULL;

	collector->failed |= name && !copy;
	return copy;
}

static void keep_finding(struct collector *collector, const struct finding *finding)
{
	if (collector->has_finding)
		return;
	collector->has_finding = finding_copy(&collector->finding, finding);
	collector->failed |= !collector->has_finding;
	collector->file = copy_name(collector, finding->access.origin.file);
	collector->member = copy_name(collector, finding->access.origin.member);
	collector->finding.access.origin.file = collector->file;
	collector->finding.access.origin.member = collector->member;
}

static void drop_finding(struct collector *collector)
{
	finding_finish(&collector->finding);
	free(collector->file);
	free(collector->member);
	collector->file = collector->member = NULL;
	collector->has_finding = false;
}

/* The one that is kept, told again: a watch tells a finding when it begins, and once more when it has grown. */
static bool is_grown(const struct collector *collector, const struct finding *finding)
{
	return collector->has_finding && finding->count > collector->finding.count &&
	       strcmp(finding->id, collector->finding.id) == 0;
}

static struct span copy_text(struct collector *collector, struct span text)
{
	struct span copy = text.len ? arena_copy(&collector->arena, text) : text;

	collector->failed |= copy.len != text.len;
	return copy;
}

static void *copy_items(struct collector *collector, const void *items, size_t count, size_t size)
{
	void *copy = count ? arena_alloc(&collector->arena, count * size) : NULL;

	if (copy)
		memcpy(copy, items, count * size);
	collector->failed |= count && !copy;
	return copy;
}

/* Without the actor's texts and the findings: what explain shows of these is in the finding. */
static void copy_lists(struct collector *collector, struct incident *copy)
{
	struct incident_target *targets =
		copy_items(collector, copy->targets, copy->target_count, sizeof(*copy->targets));
	struct incident_step *steps = copy_items(collector, copy->steps, copy->step_count, sizeof(*copy->steps));

	for (size_t i = 0; targets && i < copy->target_count; i++) {
		targets[i].comm = copy_text(collector, targets[i].comm);
		targets[i].exe = copy_text(collector, targets[i].exe);
	}
	for (size_t i = 0; steps && i < copy->step_count; i++) {
		steps[i].program = copy_text(collector, steps[i].program);
		steps[i].what = copy_text(collector, steps[i].what);
		steps[i].target = copy_text(collector, steps[i].target);
		steps[i].origin = (struct origin){ 0 };
	}
	copy->targets = targets;
	copy->steps = steps;
	copy->found = NULL;
	copy->found_count = 0;
}

static void keep_incident(struct collector *collector, const struct incident *incident)
{
	struct incident *copy = &collector->incident;

	if (collector->has_incident)
		return;
	*copy = *incident;
	copy->host = copy_text(collector, copy->host);
	for (size_t i = 0; i < copy->reason_count; i++)
		copy->reasons[i] = copy_text(collector, copy->reasons[i]);
	copy->actor = (struct process){ 0 };
	copy_lists(collector, copy);
	collector->has_incident = true;
}

/* ---- what comes ---- */

void collector_finding(void *context, const struct finding *finding)
{
	struct collector *collector = context;
	struct collected seen = { .risk = finding->risk, .score = finding->score, .first_ms = finding->first_ms };

	memcpy(seen.id, finding->id, sizeof(seen.id));
	if (!seen.id[0])
		return;
	if (is_grown(collector, finding))
		drop_finding(collector);
	else if (!note(collector, seen))
		return;
	keep_finding(collector, finding);
}

static bool holds(const struct incident *incident, const char *id)
{
	for (size_t i = 0; i < incident->found_count; i++)
		if (strcmp(incident->found[i]->id, id) == 0)
			return true;
	for (size_t i = 0; i < incident->step_count; i++)
		if (strcmp(incident->steps[i].finding, id) == 0)
			return true;
	return false;
}

static const struct finding *gravest(const struct incident *incident)
{
	const struct finding *best = NULL;

	for (size_t i = 0; i < incident->found_count; i++) {
		const struct finding *finding = incident->found[i];
		if (!best || finding->risk > best->risk ||
		    (finding->risk == best->risk && finding->score > best->score))
			best = finding;
	}
	return best;
}

static int collect_incident(struct sink *sink, const struct incident *incident, struct err *err)
{
	struct collector *collector = sink->state;
	struct collected seen = {
		.incident = true, .risk = incident->risk, .score = incident->score, .first_ms = incident->first_ms
	};
	const struct finding *best = gravest(incident);

	(void)err;
	memcpy(seen.id, incident->id, sizeof(seen.id));
	if (seen.id[0] && note(collector, seen) && best && !collector->has_finding) {
		collector->whole = true;
		keep_finding(collector, best);
		keep_incident(collector, incident);
	} else if (collector->has_finding && !collector->whole && holds(incident, collector->finding.id)) {
		keep_incident(collector, incident);
	}
	return 0;
}

static int collect_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	(void)err;
	collector_finding(sink->state, finding);
	return 0;
}

static const struct sink_type collector_type = {
	.name = "collector",
	.takes_raw = true,
	.finding = collect_finding,
	.incident = collect_incident,
};

/* ---- lifecycle ---- */

struct collector *collector_create(const char *id, struct output *output)
{
	struct collector *collector = calloc(1, sizeof(*collector));

	if (!collector)
		return NULL;
	collector->sink = (struct sink){ .type = &collector_type, .output = output, .state = collector };
	collector->wanted_len = strnlen(id, sizeof(collector->wanted) - 1);
	memcpy(collector->wanted, id, collector->wanted_len);
	arena_init(&collector->arena, 0);
	return collector;
}

void collector_destroy(struct collector *collector)
{
	if (!collector)
		return;
	drop_finding(collector);
	arena_finish(&collector->arena);
	free(collector);
}

struct sink *collector_sink(struct collector *collector)
{
	return &collector->sink;
}

size_t collector_matches(const struct collector *collector)
{
	size_t count = 0;

	while (count < collector->near_count && collector->near[count].common == collector->wanted_len)
		count++;
	return count;
}

const struct collected *collector_near(const struct collector *collector, size_t *count)
{
	size_t matches = collector_matches(collector);

	*count = matches ? matches : collector->near_count;
	return collector->near;
}

int collector_subject(const struct collector *collector, struct explain_subject *subject)
{
	if (collector->failed || !collector->has_finding)
		return -ENOMEM;
	subject->finding = &collector->finding;
	subject->incident = collector->has_incident ? &collector->incident : NULL;
	subject->whole = collector->whole;
	return 0;
}
