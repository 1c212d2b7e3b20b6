/* exercise: a drill while it runs: what it started, and the lines that arrived. Private to src/drill. */
#ifndef DRILL_EXERCISE_H
#define DRILL_EXERCISE_H

#include "drill/drill.h"
#include "drill/eye.h"
#include "drill/stage.h"

#define EXERCISE_SIGHTS_MAX 131072
#define EXERCISE_DECOYS 2 /* root's and a user's */

/* A variant that began before the sensor, and waits for its turn. */
struct early {
	struct trial *trial;
	struct stage_notes *notes;
	pid_t pid;
	int pidfd, turn;
};

#define EXERCISE_EARLY_MAX 4

struct exercise {
	const struct drill_options *options;
	struct drill *drill;
	struct place place;
	struct decoy decoys[EXERCISE_DECOYS];
	struct early early[EXERCISE_EARLY_MAX];
	size_t early_count;
	struct eye eye;
	char program[64]; /* our own executable */
	struct sight *sights;
	size_t sight_count, sight_capacity;
	pid_t marker; /* the process of the last marker */
};

void exercise_init(struct exercise *exercise, const struct drill_options *options, struct drill *drill);

/* Place, decoys, early variants. These four: 0 or a negative errno with err; -EINTR when the drill is to stop. */
int exercise_prepare(struct exercise *exercise, struct err *err);
int exercise_start_sensor(struct exercise *exercise, struct err *err);

/* Until it says that it is ready, or tells of a marker. A sensor that does neither is taken for blind. */
int exercise_await_sensor(struct exercise *exercise, struct err *err);

/* All variants, then a marker, and whatever the sensor still has to say. */
int exercise_variants(struct exercise *exercise, struct err *err);

/* Ends everything that was started and removes the place. */
void exercise_end(struct exercise *exercise);
void exercise_finish(struct exercise *exercise); /* sights */

/* ---- of exercise_trial.c ---- */

/* Starts a variant and returns; exercise_early carries on with it. */
int exercise_begin_early(struct exercise *exercise, struct trial *trial, struct err *err);

/* Carries one variant out, in a process of its own, while the sensor is listened to. */
void exercise_trial(struct exercise *exercise, struct trial *trial);

/* A plain access to a map, to see whether it is told. */
void exercise_marker(struct exercise *exercise);

/* ---- of exercise.c, for exercise_trial.c ---- */

/*
 * Listens to the sensor for so many ms, or until `fd` (-1: none) is readable.
 * True when it is.
 */
bool exercise_listen(struct exercise *exercise, int fd, int ms);

/* The decoy of that user, started anew if it has died. NULL with err. */
struct decoy *exercise_decoy(struct exercise *exercise, uid_t uid, struct err *err);

/* Whose decoy the variant is done to, and who does it. False when that takes root and we are not. */
bool exercise_users(const struct variant *variant, uid_t *actor, uid_t *target);

uint64_t exercise_clock_ns(clockid_t which);

#endif
