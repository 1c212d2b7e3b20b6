/*
 * drill: carries out every variant on decoys of its own and compares what
 * happened with what a sensor told of it.
 *
 *	place ─▶ decoys ─▶ early variants ─▶ audit rules ─▶ sensor, until it is ready
 *	      ─▶ each variant in a process of its own, the sensor's lines being read meanwhile
 *	      ─▶ a last access that must be told ─▶ all back as it was ─▶ trials
 *
 * Invariants:
 * 1. Nothing is done to a process that is not a decoy of this drill: its pid
 *    is asked for through its pidfd right before.
 * 2. Whatever happens to the drill, its processes die with it, its directory
 *    goes, and auditing is as it was.
 */
#ifndef DRILL_DRILL_H
#define DRILL_DRILL_H

#include <stdbool.h>
#include <time.h>

#include "base/err.h"
#include "drill/trial.h"

struct drill_options {
	const char *sensor; /* as `watch --sensor` takes it: "audit"; NULL: what watch chooses */
	const char *from;   /* a shell command that prints the lines instead; NULL: `watch` is started */
	bool host_rules;    /* test the audit rules that the host has: make none */
	const char *only;   /* fnmatch pattern of names and families; NULL: all */
	unsigned test;	    /* 1 to 3: that test instead of the variants */
	/* Whether to end early; asked often. */
	bool (*stop)(void);
	/* A variant begins: its number from 0, and of how many. May be NULL. */
	void (*progress)(void *context, size_t number, size_t count, const char *name);
	void *context;
};

struct drill {
	struct trial *trials; /* in the order in which they were carried out */
	size_t count;
	unsigned sensors;		   /* bits 1 << DRILL_AUDIT … */
	char sensor[SIGHT_SENSORS_ROOM];   /* as the sensor named itself: "audit,bpf" */
	size_t lines, bad_lines, left_out; /* that the sensor printed; that were none; that did not fit into memory */
	uint64_t lost;			   /* as the sensor itself says */
	bool ready, marker_seen, stopped;
	const char *restored; /* what could not be put back, or NULL; in restore_room */
	char restore_room[512];
};

/* The sensors that a list like "audit,bpf" names; 0 when one of them is none. */
unsigned drill_sensors(const char *list);

/* 0, or a negative errno with err when it could not be done; the drill is filled as far as it came. */
int drill_run(const struct drill_options *options, struct drill *drill, struct err *err);
void drill_finish(struct drill *drill);

/* How many trials ended so. */
size_t drill_count(const struct drill *drill, enum result result);

/* How many failed: missed or raised. */
size_t drill_failures(const struct drill *drill);

/* The p-th percentile of the latencies of what was seen, in microseconds; -1 when there is none. */
int64_t drill_latency(const struct drill *drill, unsigned percent);

#endif
