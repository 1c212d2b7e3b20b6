/* run: a drill while it runs: what it started, and the lines that arrived. Private to src/drill. */
#ifndef DRILL_RUN_H
#define DRILL_RUN_H

#include "drill/drill.h"
#include "drill/eye.h"
#include "drill/stage.h"

#define RUN_SIGHTS_MAX 131072
#define RUN_DECOYS 2 /* root's and a user's */

/* A variant that began before the sensor, and waits for its turn. */
struct early {
	struct trial *trial;
	struct stage_notes *notes;
	pid_t pid;
	int pidfd, turn;
};

#define RUN_EARLY_MAX 4

struct run {
	const struct drill_options *options;
	struct drill *drill;
	struct place place;
	struct decoy decoys[RUN_DECOYS];
	struct early early[RUN_EARLY_MAX];
	size_t early_count;
	struct eye eye;
	char program[64]; /* our own executable */
	struct sight *sights;
	size_t sight_count, sight_capacity;
	pid_t marker; /* the process of the last marker */
};

void run_init(struct run *run, const struct drill_options *options, struct drill *drill);

/* Place, decoys, early variants. These four: 0 or a negative errno with err; -EINTR when the drill is to stop. */
int run_prepare(struct run *run, struct err *err);
int run_start_sensor(struct run *run, struct err *err);

/* Until it says that it is ready, or tells of a marker. A sensor that does neither is taken for blind. */
int run_await_sensor(struct run *run, struct err *err);

/* All variants, then a marker, and whatever the sensor still has to say. */
int run_variants(struct run *run, struct err *err);

/* Ends everything that was started and removes the place. */
void run_end(struct run *run);
void run_finish(struct run *run); /* sights */

/* ---- of run_trial.c ---- */

/* Starts a variant and returns; run_early carries on with it. */
int run_begin_early(struct run *run, struct trial *trial, struct err *err);

/* Carries one variant out, in a process of its own, while the sensor is listened to. */
void run_trial(struct run *run, struct trial *trial);

/* A plain access to a map, to see whether it is told. */
void run_marker(struct run *run);

/* ---- of run.c, for run_trial.c ---- */

/*
 * Listens to the sensor for so many ms, or until `fd` (-1: none) is readable.
 * True when it is.
 */
bool run_listen(struct run *run, int fd, int ms);

/* The decoy of that user, started anew if it has died. NULL with err. */
struct decoy *run_decoy(struct run *run, uid_t uid, struct err *err);

/* Whose decoy the variant is done to, and who does it. False when that takes root and we are not. */
bool run_users(const struct variant *variant, uid_t *actor, uid_t *target);

uint64_t run_clock_ns(clockid_t which);

#endif
