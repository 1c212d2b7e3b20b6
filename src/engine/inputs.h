/* inputs: what a scan and a search do with their inputs before the first frame is read. */
#ifndef ENGINE_INPUTS_H
#define ENGINE_INPUTS_H

#include "base/err.h"
#include "model/summary.h"
#include "source/source.h"

/* guard_confine, with the inputs left to be read. 0, or a negative errno with err. */
int inputs_confine(const struct source *source, struct summary *summary, struct err *err);

/*
 * Refuses an output (NULL: standard output) that is also an input, be it found
 * in a directory: reading what we write would never end, and writing would
 * destroy it. 0, or -EEXIST with err.
 */
int inputs_refuse_output(const struct source *source, const char *output, struct err *err);

/* Seconds of the monotonic clock. */
double inputs_clock(void);

#endif
