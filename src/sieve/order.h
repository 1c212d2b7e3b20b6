/*
 * order: what the assembler will make of a record's place in the log. Private
 * to src/sieve.
 */
#ifndef SIEVE_ORDER_H
#define SIEVE_ORDER_H

#include "sieve/walker_parts.h"

#define EVENT_COST 768		/* as in assemble/node.c: bytes that an event counts beyond its own */
#define DISORDER_MAX (1u << 20) /* bytes, so counted: well within what the assembler waits for */

/* In all that is read, as the assembler counts. */
static inline uint64_t order_place(const struct walker *walker, const char *line)
{
	return walker->position + (uint64_t)(line - walker->piece->bytes.data) + EVENT_COST * walker->begun;
}

/* Most records: the next one in order. False: nothing is done, and walker_order must look. */
static inline bool order_is_next(struct walker *walker, const char *line, const struct key *key)
{
	if (!walker->started || key->serial <= walker->max_serial || key->time_ms <= walker->boot_after_ms ||
	    order_place(walker, line) - walker->marked_at > DISORDER_MAX / 2)
		return false;
	walker->begun++;
	walker->max_serial = key->serial;
	walker->max_time_ms = key->time_ms > walker->max_time_ms ? key->time_ms : walker->max_time_ms;
	return true;
}

#endif
