/*
 * held: who has a descriptor of another process's entry already. No sensor
 * tells of that: it was opened before, and to read it is no event that all of
 * them see.
 *
 * It is looked for once, in /proc/<pid>/fd of all processes, when a sensor
 * listens already: what is opened meanwhile is seen by one of the two.
 */
#ifndef SOURCE_HELD_H
#define SOURCE_HELD_H

#include "bpf/wire.h"
#include "model/access.h"

#define HELD_MAX 1024 /* that are told */

struct held_options {
	const char *host;      /* this host's name */
	int64_t now_ms;	       /* since the epoch */
	enum wire_scope scope; /* whose descriptors count: of all, of a process and its descendants, or of a user */
	uint64_t scope_of;
	/* Takes one, which is gone when it returns. */
	void (*take)(void *context, const struct access *access);
	void *context;
};

struct held_counts {
	uint64_t processes; /* that were looked at */
	uint64_t told;
	uint64_t left_out; /* more than HELD_MAX */
	bool failed;	   /* nothing could be looked at: no /proc, or no memory */
	uint64_t hidden;   /* processes whose descriptors we may not see, or not all of them: too many */
};

/* Our own processes, and descriptors of oneself, are left out; so are those by which nothing can be read (O_PATH). */
void held_look(const struct held_options *options, struct held_counts *counts);

#endif
