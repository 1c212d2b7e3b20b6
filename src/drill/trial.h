/*
 * trial: a variant that was carried out, what a sensor told of it, and so
 * what is to be said of the sensor.
 *
 * A line belongs to a trial by its actor: a process that the trial announced,
 * or the child of one, as the line's own ppid says. It is the line that is
 * looked for if verb, entry and target fit, too; a target that the sensor
 * does not know fits, another process's pid does not.
 */
#ifndef DRILL_TRIAL_H
#define DRILL_TRIAL_H

#include <sys/types.h>

#include "drill/sight.h"
#include "drill/variant.h"

#define TRIAL_ACTORS_MAX 64
#define TRIAL_WHY_ROOM 160

enum result {
	RESULT_SEEN,
	RESULT_MISSED,	      /* a failure of the sensor */
	RESULT_EXPECTED_MISS, /* this sensor cannot see it */
	RESULT_QUIET,	      /* normal, and nothing was raised */
	RESULT_RAISED,	      /* normal, and something was raised: a failure */
	RESULT_NOT_APPLICABLE,
	RESULT_NOT_RUN, /* it could not be carried out here */
	RESULT_COUNT,
};

struct trial {
	const struct variant *variant;
	struct expectation expected;
	pid_t actors[TRIAL_ACTORS_MAX];
	size_t actor_count;
	pid_t target, target_tid;     /* 0: none */
	uint64_t began_ns, moment_ns; /* CLOCK_MONOTONIC; moment_ns 0: not told */
	bool done;		      /* carried out, and proven */
	char failure[TRIAL_WHY_ROOM]; /* why not */
	/* What lines told. */
	bool seen, raised, refused, target_unknown, other_target;
	enum risk risk;	    /* the highest */
	int64_t latency_us; /* of the first line; -1 unknown */
};

/* Of that variant, for these sensors; nothing was carried out yet. */
void trial_init(struct trial *trial, const struct variant *variant, unsigned sensors);

void trial_add_actor(struct trial *trial, pid_t actor);

/* Whether the line's actor, or its parent, is the trial's, or who crashed. The actor is learned then. */
bool trial_owns(struct trial *trial, const struct sight *sight);

/* A line that the trial owns. */
void trial_take(struct trial *trial, const struct sight *sight);

/* Hands each line to the latest trial that owns it and had begun. Lines are in the order of their arrival. */
void trials_take(struct trial *trials, size_t count, const struct sight *sights, size_t sight_count);

enum result trial_result(const struct trial *trial);
const char *result_name(enum result result); /* "seen", "missed", "expected-miss", … */
const char *expect_name(enum expect expect); /* "seen", "miss", "quiet", "none" */

/* In words, "" when there is nothing to add; borrowed from the trial or static. */
const char *trial_why(const struct trial *trial);

/* Whether the sensor failed: missed or raised. */
bool result_is_failure(enum result result);

#endif
