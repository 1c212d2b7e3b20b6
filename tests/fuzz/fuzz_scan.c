/*
 * The whole pipe in memory: any bytes through decoder, assembler, resolver,
 * judge and incidents. Whatever comes in, every audit record is in an event
 * or counted, everything that was taken is given back, and every finding is
 * in one incident.
 */
#include "../unit/shipped.h"
#include "assemble/assemble.h"
#include "decode/decode.h"
#include "incident/incident.h"
#include "resolve/resolve.h"
#include "rule/judge.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FINDINGS_MAX 512

struct pipe {
	struct incidents *incidents;
	struct finding findings[FINDINGS_MAX]; /* owned */
	size_t finding_count;
	uint64_t told;
	struct summary summary;
	struct decoder *decoder;
	struct assembler *assembler;
	struct resolver *resolver;
	struct judge *judge;
	uint64_t events, emitted;
};

static void take_finding(void *context, const struct finding *finding)
{
	struct pipe *pipe = context;

	pipe->emitted++;
	if (finding->score > 100 || finding->risk == RISK_NONE || finding->count == 0)
		abort();
	uint64_t lineage = incidents_take_finding(pipe->incidents, finding);
	if (!lineage)
		abort();
	if (pipe->finding_count == FINDINGS_MAX || !finding_copy(&pipe->findings[pipe->finding_count], finding))
		return;
	pipe->findings[pipe->finding_count++].access.lineage = lineage;
}

static struct incidents *sorting;

static int by_root(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	uint64_t root_x = incidents_root(sorting, x->access.lineage),
		 root_y = incidents_root(sorting, y->access.lineage);

	if (root_x != root_y)
		return root_x < root_y ? -1 : 1;
	return x->first_ms < y->first_ms ? -1 : x->first_ms > y->first_ms;
}

static int by_rank(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	uint64_t rank_x = incidents_rank(sorting, x->access.lineage, x->first_ms, NULL);
	uint64_t rank_y = incidents_rank(sorting, y->access.lineage, y->first_ms, NULL);

	return rank_x != rank_y ? (rank_x < rank_y ? -1 : 1) : by_root(a, b);
}

static void check_incident(struct pipe *pipe, const struct incident *incident)
{
	pipe->told += incident->findings;
	if (!incident->findings || incident->score > 100 || incident->severity < 1 || incident->severity > 10 ||
	    incident->target_count > INCIDENT_TARGETS_MAX || incident->step_count > INCIDENT_STEPS_MAX ||
	    !incident->step_count || incident->found_count > incident->findings || strlen(incident->id) != 16)
		abort();
	for (size_t i = 0; i < incident->found_count; i++)
		if (strcmp(incident->found[i]->incident, incident->id) != 0)
			abort();
}

static void tell_incidents(struct pipe *pipe)
{
	struct incident incident;

	sorting = pipe->incidents;
	qsort(pipe->findings, pipe->finding_count, sizeof(struct finding), by_root);
	for (size_t i = 0; i < pipe->finding_count; i++)
		incidents_weigh(pipe->incidents, &pipe->findings[i], true);
	if (incidents_ranked(pipe->incidents, INCIDENT_BY_SCORE) != pipe->finding_count)
		abort();
	qsort(pipe->findings, pipe->finding_count, sizeof(struct finding), by_rank);
	for (size_t i = 0; i <= pipe->finding_count; i++)
		if (incidents_tell(pipe->incidents, i < pipe->finding_count ? &pipe->findings[i] : NULL, &incident))
			check_incident(pipe, &incident);
	if (pipe->told != pipe->finding_count)
		abort();
	for (size_t i = 0; i < pipe->finding_count; i++)
		finding_finish(&pipe->findings[i]);
	incidents_destroy(pipe->incidents);
}

static void take_events(struct pipe *pipe)
{
	struct event event;
	struct access access;
	struct finding finding;
	struct deed deed;

	while (assembler_next(pipe->assembler, &event)) {
		pipe->events += !event.again;
		if (!event.count)
			abort();
		resolver_take(pipe->resolver, &event);
		while (resolver_next(pipe->resolver, &access)) {
			incidents_place(pipe->incidents, &access);
			judge_alone(pipe->judge, &access, &finding);
			judge_take(pipe->judge, &access);
			if (access.certain && access.self && access.target.pid != access.actor.pid &&
			    access.verb == VERB_OPEN && access.resolved_by != RESOLVED_SELF)
				abort();
		}
		while (resolver_next_deed(pipe->resolver, &deed))
			incidents_take_deed(pipe->incidents, &deed);
	}
}

static void take_records(struct pipe *pipe)
{
	struct record record;

	while (decoder_next(pipe->decoder, &record)) {
		if (record.kind != RECORD_AUDIT)
			continue;
		assembler_add(pipe->assembler, &record);
		take_events(pipe);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pipe pipe;
	struct frame frame = {
		.bytes = { (const char *)data, size },
		.origin = { .file = "fuzz" },
		.trust = TRUST_KERNEL,
		.starts = true,
	};
	struct judge_options options = { .pack = shipped_pack(), .emit = take_finding, .context = &pipe };

	pipe = (struct pipe){ 0 };
	pipe.decoder = decoder_create(&pipe.summary);
	pipe.assembler = assembler_create(&pipe.summary);
	pipe.resolver = resolver_create();
	pipe.incidents = incidents_create(&pipe.summary);
	resolver_want_deeds(pipe.resolver);
	pipe.judge = judge_create(&options, &pipe.summary);
	decoder_feed(pipe.decoder, &frame);
	take_records(&pipe);
	decoder_end(pipe.decoder);
	take_records(&pipe);
	assembler_end(pipe.assembler);
	take_events(&pipe);
	judge_end(pipe.judge);
	if (pipe.events != pipe.summary.events)
		abort();
	tell_incidents(&pipe);
	judge_destroy(pipe.judge);
	resolver_destroy(pipe.resolver);
	assembler_destroy(pipe.assembler);
	decoder_destroy(pipe.decoder);
	return 0;
}
