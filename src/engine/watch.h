/*
 * watch: the order of the stages, live: from what sensors tell to findings,
 * told as they happen.
 */
#ifndef ENGINE_WATCH_H
#define ENGINE_WATCH_H

#include <time.h>

#include "bpf/wire.h"
#include "engine/filter.h"
#include "engine/outlet.h"
#include "model/watch_status.h"
#include "rule/pack.h"
#include "sink/sink.h"
#include "source/sensor.h"

/* What the operator wants, by a signal. */
enum watch_order { WATCH_ON, WATCH_STOP, WATCH_RELOAD, WATCH_STATUS };

struct watch_options {
	struct sensor *const *sensors; /* at most STATUS_SENSORS_MAX; they stay the caller's */
	size_t sensor_count;
	const char *host;	 /* this host's name */
	const struct pack *pack; /* the rules */
	struct scan_filter filter;
	bool accesses; /* every access by itself */
	bool raw;
	bool confine;
	bool holders;	       /* look who holds entries of others already */
	enum wire_scope scope; /* … of these */
	uint64_t scope_of;
	const struct steward_options *steward; /* NULL: none, so that targets stay without names, and no output turns */
	int64_t update_ms;		       /* how often a finding that grows is told; at least 1 */
	int64_t heartbeat_ms;		       /* how often a status is told; 0: never */
	struct output *output;
	uint64_t full_bytes; /* of a file of -o: then it is turned; 0: never */
	enum fsync_policy policy;
	/* The clocks, in ms: CLOCK_MONOTONIC and CLOCK_REALTIME. */
	int64_t (*clock)(void *context, clockid_t which);
	/* What is wanted next, WATCH_ON when nothing is; asked when order_fd is readable. */
	enum watch_order (*order)(void *context);
	int order_fd; /* -1: none */
	/* Tells the status; the output may be written to. */
	void (*status)(void *context, const struct watch_status *status);
	/* Tells the operator at once what went wrong and does not end the watch. */
	void (*tell)(void *context, const char *text);
	void *context;
};

/*
 * Watches until it is told to stop, or every sensor has ended. 0, or a negative errno with err when the output or the
 * last sensor broke, or memory is out. Fills *summary in every case.
 */
int watch_run(const struct watch_options *options, struct sink *sink, struct summary *summary, struct err *err);

#endif
