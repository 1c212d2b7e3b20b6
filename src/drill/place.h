/*
 * place: the one directory that a drill makes, and the child process that
 * removes it when the drill ends, however it ends.
 *
 * The keeper of the place waits for the end of a pipe that nobody but the
 * drill and its children hold: it comes with place_remove, and with SIGKILL.
 */
#ifndef DRILL_PLACE_H
#define DRILL_PLACE_H

#include <sys/types.h>

#include "base/err.h"

#define PLACE_PATH_ROOM 96
#define PLACE_TOOL "/tmp/lazagne" /* a second name for a program in the place; the keeper removes it, too */

struct place {
	char path[PLACE_PATH_ROOM]; /* "" when there is none */
	int pipe;		    /* the keeper sees its end */
	pid_t keeper;
};

/* Below TMPDIR or /tmp; mode 0711, so that programs in it can be executed by others. Negative errno with err. */
int place_make(struct place *place, struct err *err);

/* A program in the place: a copy of `source`, or a link to the copy that was made of it first. 0 or negative errno. */
int place_program(const struct place *place, const char *source, const char *name, struct err *err);

/* Waits until the keeper has removed it. A place that was not made is allowed. */
void place_remove(struct place *place);

#endif
