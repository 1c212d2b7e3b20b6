/*
 * twins: one access, seen by two sensors, is one. They tell of it by different
 * clocks and one after the other.
 *
 * A twin is an access by the same process to the same entry of the same
 * target, or by the same call, within a second, from another sensor. Each
 * sighting is the twin of one other at most: three opens that audit tells and
 * fanotify merges into one are three.
 *
 *   knows its actor ──▶ goes on at once; what its twin adds is joined later
 *   does not ─────────▶ is held for a moment: its twin may know, and goes on in its place
 *
 * fanotify does not know an actor that was gone when it was looked at; judged
 * without it, the ordinary work of ps would be an alarm.
 */
#ifndef ENGINE_TWINS_H
#define ENGINE_TWINS_H

#include "base/table.h"
#include "model/finding.h"

#define TWINS_MS 1000
#define TWINS_HELD_MS 100
#define TWINS_HELD_MAX 256 /* beyond it, nothing is held */

struct twins {
	struct table table;
	struct held {
		struct finding finding; /* its access only */
		int64_t since_ms;
	} held[TWINS_HELD_MAX]; /* oldest first */
	size_t held_count;
	struct finding out; /* what was handed out last */
};

int twins_init(struct twins *twins); /* 0 or -ENOMEM */
void twins_finish(struct twins *twins);

enum twin {
	TWIN_NEW,    /* nobody told of it before */
	TWIN_JOINED, /* another sensor did, and it went on; *first_exe is what that one took for the actor's exe */
	TWIN_HELD,   /* it comes back from twins_next, unless its twin takes its place */
};

/*
 * access->seen_by holds all sensors that saw it, then. *first_exe lives until the next call. now_ms is of a clock that
 * does not jump.
 */
enum twin twins_take(struct twins *twins, struct access *access, int64_t now_ms, struct span *first_exe);

/* What was held for long enough, as TWIN_NEW; it lives until the next call. `end`: all of it is. */
bool twins_next(struct twins *twins, int64_t now_ms, bool end, struct access *access);

#endif
