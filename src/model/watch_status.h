/*
 * watch_status: what a watch says of itself now and then: that it lives, what it
 * has read and found, and what was lost.
 */
#ifndef MODEL_WATCH_STATUS_H
#define MODEL_WATCH_STATUS_H

#include "model/sensor_count.h"
#include "model/summary.h"

#define STATUS_SENSORS_MAX 8

enum status_why {
	STATUS_WHY_STARTED,   /* from now on everything is seen that can be */
	STATUS_WHY_HEARTBEAT, /* so much time has passed */
	STATUS_WHY_ASKED,     /* SIGUSR1 */
	STATUS_WHY_GAP,	      /* something was lost since the status before */
	STATUS_WHY_ENDED,
};

const char *status_why_name(enum status_why why); /* "started", "heartbeat", "asked", "gap", "ended" */

struct status_sensor {
	const char *name;
	const uint64_t *counts; /* COUNT_COUNT of them */
	const char *with;	/* what it has beyond what it needs; NULL: nothing */
	const char *blind;	/* what it cannot see, in words; "" nothing that is known */
	bool broken;		/* it has ended or broken */
};

struct watch_status {
	enum status_why why;
	int64_t time_ms; /* since the epoch */
	uint64_t uptime_ms;
	const struct summary *summary;
	uint64_t serials_lost; /* gaps that were not filled later */
	uint64_t lost;	       /* all losses together, and how many of them since the status before */
	uint64_t lost_since;
	struct status_sensor sensors[STATUS_SENSORS_MAX];
	size_t sensor_count;
};

#endif
