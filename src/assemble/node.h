/*
 * node: one host's stream of serials. Private to src/assemble.
 *
 *        serial
 *          │      ╱ epoch 0      serials of one boot rise by one an event;
 *          │    ╱                a line may come up to some thousand serials
 *          │  ╱      ╱ epoch 1   early or late. A fall beyond that, or a
 *          │╱      ╱             fall while the clock went on, is a new boot
 *          └──────────────▶      (or another log behind the first).
 *                input
 *
 * Invariants:
 *  N1  events leave a node in the order of (epoch, serial, time), unless
 *      their first record came after a later event had left (late).
 *  N2  an event leaves when it is complete and its serial is the next one, or
 *      when any event of the node is so old that ASSEMBLE_WINDOW bytes of
 *      others have come since its first record. One before it that has just
 *      begun is first waited for, ASSEMBLE_GRACE bytes; so nothing waits longer
 *      than both. Live, time does what bytes do: assembler_tick.
 */
#ifndef ASSEMBLE_NODE_H
#define ASSEMBLE_NODE_H

#include "assemble/assemble.h"
#include "assemble/slot.h"

struct node {
	struct span name; /* owned */
	uint32_t epoch;
	bool started; /* max_serial and max_time_ms mean something */
	bool left;    /* an event of this epoch has left: next_serial means something */
	uint64_t next_serial, max_serial;
	int64_t max_time_ms;
	uint32_t left_epoch;
	struct slot **heap;	      /* events waiting to leave, the first on top */
	struct slot *oldest, *newest; /* the same events by age */
	size_t heap_count, heap_capacity;
};

/* The epoch that a new event with this stamp belongs to; may start a new one. */
uint32_t node_epoch(struct node *node, int64_t time_ms, uint64_t serial);

int node_push(struct node *node, struct slot *slot); /* 0 or -ENOMEM */

/* Its own text does not make an event old: a command line may fill the window alone. */
static inline bool node_is_older(const struct slot *slot, uint64_t position, uint64_t bytes)
{
	return position - slot->started > bytes + slot->text.len;
}

/* When the oldest event is due: whether the first is only just being written, and may be completed before. */
bool node_may_wait(const struct node *node, uint64_t position);

/* How much less than others an event waits for more. */
static inline int64_t node_haste_ms(const struct slot *slot)
{
	return slot->has_call ? 0 : ASSEMBLE_WAIT_MS - ASSEMBLE_ALONE_MS;
}

/*
 * The first event if it is due at this input position; it stays until node_pop. `end`: everything is due. Live, what
 * has got no record since overdue_ms is due, too, and a complete event before which none has left: what else was before
 * it was not asked for; so is one without a system call a little earlier. INT64_MIN: nothing is for that.
 */
static inline struct slot *node_due(const struct node *node, uint64_t position, int64_t overdue_ms, bool end)
{
	if (!node->heap_count)
		return NULL;
	struct slot *first = node->heap[0];
	bool aged = node_is_older(node->oldest, position, ASSEMBLE_WINDOW);
	bool in_order =
		first->complete && node->left && first->epoch == node->left_epoch && first->serial <= node->next_serial;
	bool overdue = overdue_ms != INT64_MIN &&
		       ((first->complete && !node->left) || first->touched_ms <= overdue_ms + node_haste_ms(first));
	return end || in_order || overdue || (aged && !node_may_wait(node, position)) ? first : NULL;
}

/* Takes the first event off; returns how many serials are missing before it. */
uint64_t node_pop(struct node *node);

void node_finish(struct node *node);

#endif
