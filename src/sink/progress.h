/*
 * progress: one line on a terminal while the work is long.
 *
 *   [########............]  41 %  1.2 GB of 2.9 GB  412 MB/s  4.1 s left  audit.log.3
 *
 * Nothing is shown in the first half second, then ten times a second at
 * most. The clock is an argument.
 */
#ifndef SINK_PROGRESS_H
#define SINK_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	int fd;
	unsigned width; /* columns of the terminal */
	bool utf8;
	int64_t begin_ms, shown_ms;
	size_t columns; /* of the line that is on the screen; 0: none */
};

/* Draws on fd, which the caller has found to be a terminal; width 0 counts as 80. */
void progress_init(struct progress *progress, int fd, unsigned width, bool utf8, int64_t now_ms);

/* `total` 0 when it is not known; `current` is the name of what is being read, or NULL. Cheap to call often. */
void progress_update(struct progress *progress, uint64_t done, uint64_t total, const char *current, int64_t now_ms);

/* Takes the line off the screen: before anything else is printed there, and at the end. */
void progress_erase(struct progress *progress);

#endif
