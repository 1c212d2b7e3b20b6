/*
 * holders: those who held a descriptor of another process's entry when the
 * watch began. They are looked for with all rights, and told to the stages
 * when the watch is confined; in between they are kept here.
 */
#ifndef ENGINE_HOLDERS_H
#define ENGINE_HOLDERS_H

#include "model/finding.h"
#include "source/held.h"

struct holders {
	struct finding *kept; /* their accesses only */
	size_t count, capacity, next;
	struct held_counts counts;
};

/* `holders` is zeroed. What there is no memory for is counted as left out. */
void holders_look(struct holders *holders, const char *host, int64_t now_ms, enum wire_scope scope, uint64_t scope_of);

/* The next one, until there is none. It lives until holders_finish. */
bool holders_next(struct holders *holders, struct access *access);

/* What could not be seen, in words; false: nothing. */
bool holders_gap(const struct holders *holders, char *text, size_t room);

void holders_finish(struct holders *holders);

#endif
