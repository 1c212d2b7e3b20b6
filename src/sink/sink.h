/*
 * sink: findings and accesses, out.
 *
 * A table for people, or a line each as they come; JSON lines and CSV for programs; the shapes of other
 * people's products (Elastic, OCSF, ArcSight, Cloud SIEM). All write through an
 * output, in whole lines; see output.h for what happens when it fails.
 *
 *   sink_create → (sink_finding | sink_access | sink_incident | sink_insight)* → sink_end → sink_destroy
 *
 * A new sink is one file with a `const struct sink_type`, and one line in
 * the table of sink.c.
 */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include "base/err.h"
#include "model/incident.h"
#include "model/insight.h"
#include "model/summary.h"
#include "sink/output.h"

struct sink;

#define SINK_NAMES "table, json, csv, line, ecs, ocsf, cef, cse-record, cse-signal, cse-insight or html"
bool sink_is_name(const char *name);
bool sink_takes_raw(const char *name);	     /* it has a place for raw records */
bool sink_takes_incidents(const char *name); /* it can write incidents whole */
bool sink_takes_findings(const char *name);  /* one by one; html does not */
bool sink_takes_insights(const char *name);  /* instead of findings */

struct sink_options {
	bool raw;    /* json, ecs, ocsf, html: add the raw records */
	bool colour; /* table, line: the output is a terminal that shows colours */
	bool utf8;   /* table, line: the locale shows UTF-8 (escape_locale_is_utf8); json and csv are always UTF-8 */
	const struct summary *summary; /* html: what its head tells, once all was read; NULL: nothing */
	unsigned width;		       /* table: columns of the terminal; 0 leaves lines as long as they get */
};

/*
 * `name` is one of SINK_NAMES. The output must outlive the sink.
 * NULL with err when there is no such sink or memory is out.
 */
struct sink *sink_create(const char *name, struct output *output, const struct sink_options *options, struct err *err);

/* 0, or a negative errno with err; -EPIPE without a text. The finding is borrowed for the call. */
int sink_finding(struct sink *sink, const struct finding *finding, struct err *err);

/*
 * For --accesses: one access as it is, whatever was judged of it. Count,
 * first and last are those of this one access. RISK_NONE is allowed in both.
 */
int sink_access(struct sink *sink, const struct finding *judged, struct err *err);

/* With its findings: they do not come by themselves as well. Only where sink_takes_incidents; borrowed for the call. */
int sink_incident(struct sink *sink, const struct incident *incident, struct err *err);

/* Whether it wants insights, and no findings; then sink_insight is for it. The insight is borrowed for the call. */
bool sink_wants_insights(const struct sink *sink);
int sink_insight(struct sink *sink, const struct insight *insight, struct err *err);

/* Writes what is still held back, and flushes the output. */
int sink_end(struct sink *sink, struct err *err);

void sink_destroy(struct sink *sink);

#endif
