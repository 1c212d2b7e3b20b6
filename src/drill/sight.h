/*
 * sight: one line that a sensor printed (`proctor watch --json --accesses`;
 * docs/schema), as much of it as a drill asks.
 */
#ifndef DRILL_SIGHT_H
#define DRILL_SIGHT_H

#include "model/finding.h"

enum sight_kind {
	SIGHT_BAD,     /* no JSON object, or one that says nothing of this */
	SIGHT_ACCESS,  /* an access or a finding: all of struct sight */
	SIGHT_STARTED, /* the status line of a watch that is ready: sensors */
	SIGHT_STATUS,  /* any other status */
};

#define SIGHT_SENSORS_ROOM 64

struct sight {
	enum sight_kind kind;
	int64_t time_ms;		 /* by the sensor's clock, or TIME_UNKNOWN */
	uint64_t arrived_ns, arrived_ms; /* when the line was read: CLOCK_MONOTONIC, CLOCK_REALTIME; the reader's */
	enum verb verb;
	enum entry entry;
	enum risk risk;
	uint64_t actor, parent, target; /* pids, UNKNOWN_ID */
	bool self, suppressed, failed, crash;
	uint64_t lost;			  /* of a status */
	char sensors[SIGHT_SENSORS_ROOM]; /* of a status: "audit,bpf" */
};

/* Never fails: what cannot be understood is SIGHT_BAD. arrived_* are set to 0. */
void sight_parse(struct sight *sight, struct span line);

#endif
