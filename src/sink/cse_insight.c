/*
 * Insights of Sumo Logic Cloud SIEM, one a line with its signals, in the
 * shape in which its API (GET /sec/v1/insights/ID) hands them out. What a
 * person would do to one (resolve, close) is null.
 */
#include "sink/cse.h"

#include <stdio.h>
#include <stdlib.h>

#include "sink/shape.h"
#include "sink/type.h"

struct state {
	unsigned long long printed;
};

static int begin(struct sink *sink, struct err *err)
{
	sink->state = calloc(1, sizeof(struct state));
	return sink->state ? 0 : err_set(err, -ENOMEM, "memory is out");
}

static void destroy(struct sink *sink)
{
	free(sink->state);
}

/* INSIGHT-1: the numbers count those of one run. */
static void put_names(struct buffer *to, const struct insight *insight, unsigned long long number)
{
	char readable[32];

	snprintf(readable, sizeof(readable), "INSIGHT-%llu", number);
	json_put_word(to, "id", insight->id);
	json_put_word(to, "readableId", readable);
	json_put_word(to, "name", SHAPE_TACTIC);
}

/* "13 points in 14 days: memory-open 8, environ-open 5" */
static void put_description(struct buffer *to, const struct insight *insight)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "%u points in 14 days: ", insight->score);
	for (size_t i = 0; i < insight->signal_count; i++) {
		const struct finding *finding = insight->signals[i].finding;
		buffer_text(&text, i ? ", " : "");
		buffer_add(&text, cse_signal_name(finding));
		buffer_printf(&text, " %u", finding->severity);
	}
	json_put_text(to, "description", text.failed ? SPAN("") : buffer_span(&text));
	buffer_finish(&text);
}

static void put_status(struct buffer *to, const struct insight *insight)
{
	json_put_word(to, "severity", insight_severity_name(insight->severity));
	json_put_open(to, "status", '{');
	json_put_word(to, "name", "new");
	json_put_word(to, "displayName", "New");
	json_put_close(to, '}');
	json_put_null(to, "resolution");
	json_put_word(to, "source", "ALGORITHM");
	json_put_iso_time(to, "created", insight->created_ms);
	json_put_null(to, "closed");
}

static void put_signals(struct buffer *to, const struct insight *insight)
{
	json_put_open(to, "signals", '[');
	for (size_t i = 0; i < insight->signal_count; i++)
		cse_put_signal(to, insight->signals[i].finding, &insight->entity, insight->signals[i].accesses);
	json_put_close(to, ']');
}

/* Of a host the users that its signals name, each once; of a user the host. */
static void put_related(struct buffer *to, const struct insight *insight)
{
	struct entity other = insight->entity;
	size_t count = insight->entity.kind == ENTITY_HOST ? insight->signal_count : 1;

	other.kind = insight->entity.kind == ENTITY_HOST ? ENTITY_USER : ENTITY_HOST;
	json_put_open(to, "relatedEntities", '[');
	for (size_t i = 0; i < count; i++) {
		other.uid = access_user(&insight->signals[i].finding->access);
		bool is_new = other.kind == ENTITY_HOST || other.uid != UNKNOWN_ID;
		for (size_t k = 0; k < i; k++)
			is_new &= access_user(&insight->signals[k].finding->access) != other.uid;
		if (is_new)
			cse_put_entity(to, NULL, &other);
	}
	json_put_close(to, ']');
}

/* The tactic once, each technique once, in the order of the signals. */
static void put_tags(struct buffer *to, const struct insight *insight)
{
	size_t known = 0;

	json_put_open(to, "tags", '[');
	while (known < insight->signal_count && !span_starts(insight->signals[known].finding->technique, SPAN("T1003")))
		known++;
	if (known < insight->signal_count)
		cse_put_tactic(to, insight->signals[known].finding->technique);
	for (size_t i = 0; i < insight->signal_count; i++) {
		struct span technique = insight->signals[i].finding->technique;
		bool is_new = true;
		for (size_t k = 0; k < i; k++)
			is_new &= !span_equal(insight->signals[k].finding->technique, technique);
		if (is_new)
			cse_put_technique(to, technique);
	}
	json_put_close(to, ']');
}

static int put_insight(struct sink *sink, const struct insight *insight, struct err *err)
{
	struct state *state = sink->state;
	struct buffer *to = &sink->line;

	json_put_open(to, NULL, '{');
	put_names(to, insight, ++state->printed);
	put_description(to, insight);
	cse_put_entity(to, "entity", &insight->entity);
	put_status(to, insight);
	put_signals(to, insight);
	json_put_list(to, "recordSummaryFields", NULL, 0);
	put_related(to, insight);
	put_tags(to, insight);
	json_put_close(to, '}');
	json_put_end(to);
	return sink_put_line(sink, err);
}

const struct sink_type sink_cse_insight = {
	.name = "cse-insight",
	.begin = begin,
	.insight = put_insight,
	.destroy = destroy,
};
