/*
 * eye: the sensor that is put to the test, a process that prints JSON lines.
 *
 * A guard stands between it and us, its parent: a sensor that becomes another
 * user loses PR_SET_PDEATHSIG, and would live on after a SIGKILL of ours. The
 * guard sees the end of a pipe, and ends its child.
 */
#ifndef DRILL_EYE_H
#define DRILL_EYE_H

#include <sys/types.h>

#include "base/buffer.h"
#include "base/err.h"

#define EYE_LINE_MAX ((size_t)1 << 20) /* a longer one is passed over, and counted */

struct eye {
	pid_t guard;
	int life; /* the guard sees its end */
	int fd;	  /* the sensor's standard output; -1 at its end */
	struct buffer pending;
	bool skipping;	/* in a line that is too long */
	size_t skipped; /* lines */
};

/* `errors` is a file for what it says on standard error. 0 or a negative errno with err. */
int eye_start(struct eye *eye, const char *path, char *const argv[], const char *errors, struct err *err);

typedef void eye_line(void *context, struct span line);

/*
 * Reads what there is, and hands out each whole line, which lives until the
 * call returns. False when the eye has closed.
 */
bool eye_read(struct eye *eye, eye_line *take, void *context);

/* Asks it to end; it may still print. */
void eye_stop(struct eye *eye);

/* Ends it, if it has not, and waits for that. One that was not started is allowed if life and fd are -1. */
void eye_finish(struct eye *eye);

#endif
