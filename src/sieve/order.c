#include "sieve/order.h"

#include "sieve/borders.h"

#define SERIAL_FALL_MAX 8192 /* as in assemble/node.c: more is another boot */
#define CLOCK_STEP_MAX 2000  /* likewise */

/* What the boot before told of devices and processes says nothing of this one. */
static void forget_boot(struct walker *walker)
{
	for (size_t i = 0; i < walker->device_count; i++)
		walker->devices[i].witnesses = 0;
	walker->added = 0;
}

/* What stood before that has left the assembler for certain, or soon will have. */
static void mark_order(struct walker *walker, uint64_t position)
{
	uint64_t passed = position - walker->marked_at;

	if (!walker->started || passed <= DISORDER_MAX / 2)
		return;
	walker->serial_before = passed > DISORDER_MAX ? walker->max_serial : walker->serial_next;
	walker->serial_next = walker->max_serial;
	walker->marked_at = position;
}

/* An event of that serial may have begun in a piece from which borders do not reach to this one. */
static bool is_out_of_reach(const struct walker *walker, uint64_t serial)
{
	const struct sieve_piece *piece = walker->piece;

	return piece - walker->boot_piece > BORDER_PIECES && piece[-BORDER_PIECES - 1].max_serial >= serial;
}

/*
 * What the assembler will make of the order: a new boot, or records that
 * come a little early or late. It waits for bytes; what is within a third of
 * those surely leaves in order.
 */
bool walker_order(struct walker *walker, const char *line, const struct key *key, bool *boot, bool *again)
{
	uint64_t position = order_place(walker, line);
	bool fell = walker->started && key->serial < walker->max_serial;

	*again = false;
	walker->begun++;
	mark_order(walker, position);
	/* A record of an event that began before the boot, or before what looks like one: the assembler may hold it yet. */
	if (key->time_ms <= walker->boot_after_ms)
		return walker_doubt(walker, DOUBT_ORDER, line);
	if (fell && (walker->max_serial - key->serial > SERIAL_FALL_MAX ||
		     key->time_ms > walker->max_time_ms + CLOCK_STEP_MAX)) {
		if (key->time_ms <= walker->max_time_ms)
			return walker_doubt(walker, DOUBT_ORDER, line);
		*boot = true;
		walker->boot_after_ms = walker->max_time_ms;
		walker->started = false;
		walker->key_mask = 0; /* what goes on with the event before it is of the boot before */
		walker->tail_count = 0;
		walker->boot_event = walker->piece->event_count;
		memset(walker->orphans, 0, sizeof(walker->orphans));
	} else if (fell && key->serial < walker->serial_before) {
		return walker_doubt(walker, DOUBT_ORDER, line);
	}
	if (!walker->started) {
		walker->max_serial = key->serial;
		walker->max_time_ms = key->time_ms;
		walker->serial_before = walker->serial_next = 0;
		walker->marked_at = position;
		walker->started = true;
		walker->boot_piece = walker->piece;
		forget_boot(walker);
		return true;
	}
	*again = key->serial <= walker->max_serial;
	if (*again && is_out_of_reach(walker, key->serial))
		return walker_doubt(walker, DOUBT_ORDER, line);
	walker->max_serial = key->serial > walker->max_serial ? key->serial : walker->max_serial;
	walker->max_time_ms = key->time_ms > walker->max_time_ms ? key->time_ms : walker->max_time_ms;
	return true;
}
