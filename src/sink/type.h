/* type: what a kind of sink must be able to do. Private to src/sink. */
#ifndef SINK_TYPE_H
#define SINK_TYPE_H

#include "base/buffer.h"
#include "sink/sink.h"

struct sink_type {
	const char *name;
	bool takes_raw;					  /* it has a place for raw records */
	int (*begin)(struct sink *sink, struct err *err); /* may be NULL, and so may end and destroy */
	int (*finding)(struct sink *sink, const struct finding *finding, struct err *err);
	int (*insight)(struct sink *sink, const struct insight *insight, struct err *err);    /* instead of findings */
	int (*incident)(struct sink *sink, const struct incident *incident, struct err *err); /* NULL: it cannot */
	int (*end)(struct sink *sink, struct err *err);
	void (*destroy)(struct sink *sink);
};

struct sink {
	const struct sink_type *type;
	struct output *output;
	struct sink_options options;
	struct buffer line; /* scratch for one line */
	void *state;	    /* the type's own */
};

/* Hands sink->line, which must be whole lines, to the output, and empties it. */
int sink_put_line(struct sink *sink, struct err *err);

extern const struct sink_type sink_table, sink_line, sink_json, sink_csv, sink_ecs, sink_ocsf, sink_cef,
	sink_cse_record, sink_cse_signal, sink_cse_insight, sink_html;

#endif
