#include "assemble/node.h"

#include <errno.h>
#include <stdlib.h>

/* How far serials may fall within one boot: ten times the measured interleaving. */
#define SERIAL_FALL_MAX 8192
/* How far the clock may be ahead of the latest stamp, in ms, before a smaller serial means another boot. */
#define CLOCK_STEP_MAX 2000

uint32_t node_epoch(struct node *node, int64_t time_ms, uint64_t serial)
{
	bool fell = node->started && serial < node->max_serial;

	if (fell && (node->max_serial - serial > SERIAL_FALL_MAX || time_ms > node->max_time_ms + CLOCK_STEP_MAX)) {
		node->epoch++;
		node->started = false;
	}
	if (!node->started || serial > node->max_serial)
		node->max_serial = serial;
	if (!node->started || time_ms > node->max_time_ms)
		node->max_time_ms = time_ms;
	node->started = true;
	return node->epoch;
}

static bool before(const struct slot *a, const struct slot *b)
{
	if (a->epoch != b->epoch)
		return a->epoch < b->epoch;
	if (a->serial != b->serial)
		return a->serial < b->serial;
	return a->time_ms < b->time_ms;
}

int node_push(struct node *node, struct slot *slot)
{
	if (node->heap_count == node->heap_capacity) {
		size_t capacity = node->heap_capacity ? node->heap_capacity * 2 : 16;
		struct slot **heap = reallocarray(node->heap, capacity, sizeof(struct slot *));
		if (!heap)
			return -ENOMEM;
		node->heap = heap;
		node->heap_capacity = capacity;
	}
	slot->newer = NULL;
	slot->older = node->newest;
	if (node->newest)
		node->newest->newer = slot;
	else
		node->oldest = slot;
	node->newest = slot;
	size_t at = node->heap_count++;
	for (; at && before(slot, node->heap[(at - 1) / 2]); at = (at - 1) / 2)
		node->heap[at] = node->heap[(at - 1) / 2];
	node->heap[at] = slot;
	return 0;
}

bool node_may_wait(const struct node *node, uint64_t position)
{
	const struct slot *first = node->heap[0];

	return !first->complete && !node_is_older(first, position, ASSEMBLE_GRACE) &&
	       !node_is_older(node->oldest, position, ASSEMBLE_WINDOW + ASSEMBLE_GRACE);
}

static void forget_age(struct node *node, struct slot *slot)
{
	if (slot->older)
		slot->older->newer = slot->newer;
	else
		node->oldest = slot->newer;
	if (slot->newer)
		slot->newer->older = slot->older;
	else
		node->newest = slot->older;
}

uint64_t node_pop(struct node *node)
{
	struct slot *first = node->heap[0];
	uint64_t missing = 0;

	forget_age(node, first);
	if (node->left && first->epoch == node->left_epoch) {
		if (first->serial > node->next_serial)
			missing = first->serial - node->next_serial;
		if (first->serial >= node->next_serial)
			node->next_serial = first->serial + 1;
	} else {
		node->left = true;
		node->left_epoch = first->epoch;
		node->next_serial = first->serial + 1;
	}
	struct slot *last = node->heap[--node->heap_count];
	size_t at = 0;
	for (size_t child; (child = 2 * at + 1) < node->heap_count; at = child) {
		if (child + 1 < node->heap_count && before(node->heap[child + 1], node->heap[child]))
			child++;
		if (!before(node->heap[child], last))
			break;
		node->heap[at] = node->heap[child];
	}
	node->heap[at] = last;
	return missing;
}

void node_finish(struct node *node)
{
	free(node->heap);
	free((char *)node->name.data);
}
