/*
 * reading: what a command shows and hears while it reads its inputs: the
 * progress bar, and the signal that ends it early.
 */
#ifndef CMD_READING_H
#define CMD_READING_H

#include <stdint.h>
#include <time.h>

#include "cmd/terminal.h"
#include "model/summary.h"
#include "sink/progress.h"
#include "source/source.h"

struct reading {
	struct summary *summary;
	struct progress progress;
	bool shows_progress;
	bool of_stdin; /* standard input is among the inputs */
	bool stopped;  /* a signal ended the reading */
};

struct reading_options {
	const char *const *paths;
	size_t path_count;
	enum choice progress;
	bool quiet;
	bool prints; /* results are printed to standard output meanwhile, which is no place for progress then */
	bool utf8;
};

/* From now on signals are remembered. The summary outlives the reading. */
void reading_start(struct reading *reading, const struct reading_options *options, struct summary *summary);

/* The `progress` of scan_options and search_options; context is the reading. */
bool reading_progress(void *context, const struct source *source);

void reading_end(struct reading *reading);

/* Milliseconds of a clock. */
int64_t clock_ms(clockid_t clock);

#endif
