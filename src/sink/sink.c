#include "sink/type.h"

#include <stdlib.h>

static const struct sink_type *const types[] = {
	&sink_table, &sink_line,       &sink_json,	 &sink_csv,	    &sink_ecs,	&sink_ocsf,
	&sink_cef,   &sink_cse_record, &sink_cse_signal, &sink_cse_insight, &sink_html,
};

static const struct sink_type *find_type(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}

bool sink_is_name(const char *name)
{
	return find_type(name);
}

bool sink_takes_raw(const char *name)
{
	const struct sink_type *type = find_type(name);

	return type && type->takes_raw;
}

bool sink_takes_incidents(const char *name)
{
	const struct sink_type *type = find_type(name);

	return type && type->incident;
}

bool sink_takes_findings(const char *name)
{
	const struct sink_type *type = find_type(name);

	return type && type->finding;
}

bool sink_takes_insights(const char *name)
{
	const struct sink_type *type = find_type(name);

	return type && type->insight;
}

struct sink *sink_create(const char *name, struct output *output, const struct sink_options *options, struct err *err)
{
	const struct sink_type *type = find_type(name);
	struct sink *sink;

	if (!type) {
		err_set(err, -EINVAL, "there is no output called %s; choose " SINK_NAMES, name);
		return NULL;
	}
	sink = calloc(1, sizeof(*sink));
	if (!sink) {
		err_set(err, -ENOMEM, "memory is out while the output is made ready");
		return NULL;
	}
	*sink = (struct sink){ .type = type, .output = output, .options = *options };
	if (!type->begin || type->begin(sink, err) == 0)
		return sink;
	sink_destroy(sink);
	return NULL;
}

int sink_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	return sink->type->finding ? sink->type->finding(sink, finding, err) : 0;
}

int sink_access(struct sink *sink, const struct finding *judged, struct err *err)
{
	struct finding one = *judged;

	one.count = 1;
	one.first_ms = one.last_ms = one.access.time_ms;
	return sink_finding(sink, &one, err);
}

int sink_incident(struct sink *sink, const struct incident *incident, struct err *err)
{
	return sink->type->incident(sink, incident, err);
}

bool sink_wants_insights(const struct sink *sink)
{
	return sink->type->insight;
}

int sink_insight(struct sink *sink, const struct insight *insight, struct err *err)
{
	return sink->type->insight(sink, insight, err);
}

int sink_end(struct sink *sink, struct err *err)
{
	int status = sink->type->end ? sink->type->end(sink, err) : 0;

	return status ? status : output_flush(sink->output, err);
}

void sink_destroy(struct sink *sink)
{
	if (!sink)
		return;
	if (sink->type->destroy)
		sink->type->destroy(sink);
	buffer_finish(&sink->line);
	free(sink);
}

int sink_put_line(struct sink *sink, struct err *err)
{
	int status = 0;

	if (sink->line.failed)
		status = err_set(err, -ENOMEM, "memory is out while a line of output is made");
	else
		status = output_write(sink->output, buffer_span(&sink->line), err);
	if (sink->line.capacity > 1u << 20) /* one huge line does not keep its room */
		buffer_finish(&sink->line);
	buffer_reset(&sink->line);
	return status;
}
