/*
 * twins: one access, seen by two sensors, is one. They tell of it by different
 * clocks and one after the other, so what the first told goes on at once, and
 * what the second adds is joined to it.
 *
 * A twin is an access by the same process to the same entry of the same
 * target, or by the same call, within a second, from another sensor. Each
 * sighting is the twin of one other at most: three opens that audit tells and
 * fanotify merges into one are three.
 */
#ifndef ENGINE_TWINS_H
#define ENGINE_TWINS_H

#include "base/table.h"
#include "model/access.h"

#define TWINS_MS 1000

struct twins {
	struct table table;
	uint64_t joined;
};

int twins_init(struct twins *twins); /* 0 or -ENOMEM */
void twins_finish(struct twins *twins);

/*
 * Whether another sensor told of the access before. Then *first_exe is what that one took for the actor's exe, which
 * lives until the next call, and access->seen_by holds both.
 */
bool twins_take(struct twins *twins, struct access *access, struct span *first_exe);

#endif
