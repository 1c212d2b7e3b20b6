/*
 * Records come interleaved; events leave in the order of their serials,
 * because what a later event means (an fd, a mount, a process) hangs on the
 * earlier ones.
 *
 *   record ─▶ bucket (node, time, serial) ─▶ slot ─▶ node's heap ─▶ event
 *
 * Invariants:
 *  A1  the cost of a record does not depend on how many events are open: one
 *      bucket, and the heap only when an event starts or leaves.
 *  A2  memory is bounded by ASSEMBLE_WINDOW and ASSEMBLE_GRACE bytes of input,
 *      one event of EVENT_TEXT_MAX and 64 closed slots, whatever the log says.
 *  A3  a record is in one event, or counted as a duplicate: none is dropped
 *      without a count.
 */
#include "assemble/assemble.h"

#include <errno.h>
#include <stdlib.h>

#include "assemble/node.h"
#include "base/hash.h"

#define BUCKETS 4096u
#define CLOSED_KEPT 64u
#define NODES_MAX 4096u
#define SWEEP (ASSEMBLE_WINDOW / 16) /* input bytes between looks at nodes that are silent */
#define EVENT_TEXT_MAX (8u << 20)
#define EVENT_RECORDS_MAX 16384u
#define GAP_MAX 65536 /* more missing serials than this are another log, not a loss */

struct assembler {
	struct summary *summary;
	struct slot *buckets[BUCKETS];
	struct slot *last; /* where the record before went: most follow each other */
	struct slot *free;
	struct slot *closed[CLOSED_KEPT]; /* a ring: the newest closed events */
	size_t closed_at;
	struct node *nodes;
	size_t node_count, node_capacity;
	uint32_t last_node;
	uint32_t *node_index;	    /* name → node, open addressing, NODES_MAX * 2 */
	uint64_t position;	    /* input bytes so far, and ASSEMBLE_EVENT_COST for each event */
	uint64_t swept;		    /* position at which every node was last looked at */
	size_t scan, scan_end;	    /* nodes whose heaps are to be looked at */
	struct slot *again;	    /* a closed event that got a late record, due at once */
	struct slot *giant;	    /* a closed event that is too large to be kept for late records */
	struct slot *direct;	    /* a message that is no part of a node's serials, due at once */
	int64_t now_ms, overdue_ms; /* of assembler_tick */
	bool ended;
	bool sparse, scattered;
	uint32_t boots;		   /* sparse: that have begun before this one */
	struct origin last_origin; /* of the event that left last */
};

struct assembler *assembler_create(struct summary *summary)
{
	struct assembler *assembler = calloc(1, sizeof(*assembler));

	if (!assembler)
		return NULL;
	assembler->summary = summary;
	assembler->overdue_ms = INT64_MIN;
	assembler->node_index = calloc(NODES_MAX * 2, sizeof(uint32_t));
	if (!assembler->node_index) {
		free(assembler);
		return NULL;
	}
	return assembler;
}

static void free_chain(struct slot *slot)
{
	while (slot) {
		struct slot *next = slot->next;
		slot_finish(slot);
		free(slot);
		slot = next;
	}
}

void assembler_destroy(struct assembler *assembler)
{
	if (!assembler)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		free_chain(assembler->buckets[i]);
	free_chain(assembler->free);
	for (size_t i = 0; i < assembler->node_count; i++)
		node_finish(&assembler->nodes[i]);
	free(assembler->nodes);
	free(assembler->node_index);
	free(assembler);
}

static bool add_node(struct assembler *assembler, struct span name)
{
	if (assembler->node_count == assembler->node_capacity) {
		size_t capacity = assembler->node_capacity ? assembler->node_capacity * 2 : 4;
		struct node *nodes = reallocarray(assembler->nodes, capacity, sizeof(*nodes));
		if (!nodes)
			return false;
		assembler->nodes = nodes;
		assembler->node_capacity = capacity;
	}
	char *copy = malloc(name.len + 1);
	if (!copy)
		return false;
	if (name.len)
		memcpy(copy, name.data, name.len);
	struct node *node = &assembler->nodes[assembler->node_count++];
	*node = (struct node){ 0 };
	node->name.data = copy;
	node->name.len = name.len;
	return true;
}

/* Index of the node of that name, or -ENOMEM. Beyond NODES_MAX names, one node holds the rest. */
static int64_t find_node(struct assembler *assembler, struct span name)
{
	if (assembler->last_node < assembler->node_count &&
	    span_equal(assembler->nodes[assembler->last_node].name, name))
		return assembler->last_node;
	size_t at = hash_bytes(name) & (NODES_MAX * 2 - 1);
	for (; assembler->node_index[at]; at = (at + 1) & (NODES_MAX * 2 - 1)) {
		uint32_t node = assembler->node_index[at] - 1;
		if (span_equal(assembler->nodes[node].name, name)) {
			assembler->last_node = node;
			return node;
		}
	}
	if (assembler->node_count >= NODES_MAX) {
		summary_note(assembler->summary, true, false,
			     "more than %u hosts in one run: the rest share one history; scan them apart", NODES_MAX);
		return NODES_MAX - 1;
	}
	if (!add_node(assembler, name))
		return -ENOMEM;
	assembler->node_index[at] = (uint32_t)assembler->node_count;
	assembler->last_node = (uint32_t)assembler->node_count - 1;
	return assembler->last_node;
}

static size_t bucket_of(uint32_t node, int64_t time_ms, uint64_t serial)
{
	return hash_join(serial, (uint64_t)time_ms ^ (uint64_t)node << 48) & (BUCKETS - 1);
}

static bool is_key(const struct slot *slot, uint32_t node, const struct record *record)
{
	return slot->serial == record->serial && slot->time_ms == record->time_ms && slot->node == node;
}

static void unlink_slot(struct assembler *assembler, struct slot *slot)
{
	struct slot **link = &assembler->buckets[bucket_of(slot->node, slot->time_ms, slot->serial)];

	while (*link != slot)
		link = &(*link)->next;
	*link = slot->next;
	slot->state = SLOT_FREE;
	slot->next = assembler->free;
	assembler->free = slot;
	if (assembler->last == slot)
		assembler->last = NULL;
}

/* The event that was handed out last has been used. */
static void drop_giant(struct assembler *assembler)
{
	struct slot *slot = assembler->giant;

	if (!slot)
		return;
	assembler->giant = NULL;
	unlink_slot(assembler, slot);
	buffer_finish(&slot->text);
}

/* auditd's own messages (1200-1299) count their serials by themselves; a record without a key stands alone. */
static bool is_by_itself(const struct record *record)
{
	return record->serial == 0 || (record->type >= 1200 && record->type < 1300);
}

static struct slot *start_slot(struct assembler *assembler, uint32_t node, const struct record *record)
{
	struct slot *slot = assembler->free;
	struct node *of = &assembler->nodes[node];

	if (slot)
		assembler->free = slot->next;
	else if (!(slot = calloc(1, sizeof(*slot))))
		return NULL;
	slot_start(slot, node, record);
	slot->started = assembler->position - record->raw.len - 1;
	assembler->position += assembler->sparse ? 0 : ASSEMBLE_EVENT_COST;
	struct slot **bucket = &assembler->buckets[bucket_of(node, record->time_ms, record->serial)];
	slot->next = *bucket;
	*bucket = slot;
	if (is_by_itself(record)) {
		slot->ended = true;
		assembler->direct = slot;
		return slot;
	}
	slot->epoch = assembler->sparse ? assembler->boots : node_epoch(of, record->time_ms, record->serial);
	if (of->left && slot->epoch == of->left_epoch && record->serial < of->next_serial) {
		assembler->summary->late_records++;
		assembler->summary->late_events++;
	}
	if (node_push(of, slot) < 0) {
		unlink_slot(assembler, slot);
		return NULL;
	}
	return slot;
}

static struct slot *find_slot(struct assembler *assembler, uint32_t node, const struct record *record)
{
	struct slot *slot = assembler->last;

	if (slot && is_key(slot, node, record))
		return slot;
	slot = assembler->buckets[bucket_of(node, record->time_ms, record->serial)];
	while (slot && !is_key(slot, node, record))
		slot = slot->next;
	return slot;
}

/* A closed event that late records made large: handed out once more, then forgotten. */
static void make_giant(struct assembler *assembler, struct slot *slot)
{
	for (size_t i = 0; i < CLOSED_KEPT; i++)
		if (assembler->closed[i] == slot)
			assembler->closed[i] = NULL;
	assembler->giant = slot;
}

static bool is_overfull(struct assembler *assembler, const struct slot *slot)
{
	if (slot->text.len < EVENT_TEXT_MAX && slot->count < EVENT_RECORDS_MAX)
		return false;
	summary_note(assembler->summary, true, false,
		     "an event larger than %u MiB or %u records was cut: the rest of its records is left out",
		     EVENT_TEXT_MAX >> 20, EVENT_RECORDS_MAX);
	return true;
}

static int add_record(struct assembler *assembler, uint32_t node, const struct record *record)
{
	struct slot *slot = record->serial ? find_slot(assembler, node, record) : NULL;

	if (!slot && !(slot = start_slot(assembler, node, record)))
		return -ENOMEM;
	assembler->last = slot;
	slot->touched_ms = assembler->now_ms;
	bool complete = slot->complete;
	int added = is_overfull(assembler, slot) ? 1 : slot_add(slot, record);
	if (added == 1 && slot->count > 1)
		assembler->scattered |= (complete && record->type != AUDIT_TYPE_EOE) ||
					assembler->position - slot->started > ASSEMBLE_GRACE / 2 + slot->text.len;
	if (added < 0)
		return added;
	if (added == 0) {
		assembler->summary->duplicate_records++;
		return 0;
	}
	if (slot->state == SLOT_CLOSED && record->type != AUDIT_TYPE_EOE && slot->count < EVENT_RECORDS_MAX) {
		assembler->summary->late_records++;
		slot->late = true;
		assembler->again = slot;
		if (slot->text.capacity > SLOT_TEXT_KEPT_MAX)
			make_giant(assembler, slot);
	}
	return 0;
}

static bool is_due(const struct assembler *assembler, size_t node)
{
	return node_due(&assembler->nodes[node], assembler->position, assembler->overdue_ms, false);
}

/* Which nodes have something due: perhaps the record's own, and now and then any. */
static void plan_scan(struct assembler *assembler, size_t node)
{
	assembler->scan = node;
	assembler->scan_end = node + (is_due(assembler, node));
	if (assembler->position - assembler->swept >= SWEEP) {
		assembler->swept = assembler->position;
		assembler->scan = 0;
		assembler->scan_end = assembler->node_count;
	}
}

int assembler_add(struct assembler *assembler, const struct record *record)
{
	int64_t node = find_node(assembler, record->node);

	if (node < 0)
		return (int)node;
	drop_giant(assembler);
	assembler->position += record->raw.len + 1;
	int result = add_record(assembler, (uint32_t)node, record);
	plan_scan(assembler, (size_t)node);
	return result ? result : assembler->scan < assembler->scan_end || assembler->again || assembler->direct;
}

bool assembler_tick(struct assembler *assembler, int64_t now_ms, bool drained)
{
	assembler->now_ms = now_ms;
	assembler->overdue_ms = drained ? now_ms - ASSEMBLE_WAIT_MS : INT64_MIN;
	if (!drained || !assembler_waits(assembler))
		return false;
	assembler->scan = 0;
	assembler->scan_end = assembler->node_count;
	return true;
}

void assembler_set_sparse(struct assembler *assembler)
{
	assembler->sparse = true;
}

void assembler_seek(struct assembler *assembler, uint64_t position)
{
	if (position > assembler->position)
		assembler->position = position;
}

void assembler_next_boot(struct assembler *assembler)
{
	assembler->boots++;
}

bool assembler_was_scattered(const struct assembler *assembler)
{
	return assembler->scattered;
}

bool assembler_waits(const struct assembler *assembler)
{
	for (size_t i = 0; i < assembler->node_count; i++)
		if (assembler->nodes[i].heap_count)
			return true;
	return false;
}

void assembler_end(struct assembler *assembler)
{
	assembler->ended = true;
	assembler->scan = 0;
	assembler->scan_end = assembler->node_count;
}

static void close_slot(struct assembler *assembler, struct slot *slot)
{
	drop_giant(assembler);
	if (slot->text.capacity > SLOT_TEXT_KEPT_MAX) {
		slot->state = SLOT_CLOSED;
		assembler->giant = slot;
		return;
	}
	struct slot **place = &assembler->closed[assembler->closed_at];

	if (*place)
		unlink_slot(assembler, *place);
	slot->state = SLOT_CLOSED;
	*place = slot;
	assembler->closed_at = (assembler->closed_at + 1) % CLOSED_KEPT;
}

static bool hand_out(struct assembler *assembler, struct slot *slot, struct event *event)
{
	if (!slot_view(slot, event))
		return false;
	event->node = assembler->nodes[slot->node].name;
	assembler->summary->events += !slot->late;
	assembler->summary->incomplete_events += event->incomplete && !slot->late;
	return true;
}

/* A late or solitary event that was set aside. */
static struct slot *take_aside(struct assembler *assembler)
{
	struct slot *slot = assembler->again;

	if (slot) {
		assembler->again = NULL;
	} else if ((slot = assembler->direct)) {
		assembler->direct = NULL;
		slot->complete = true;
		close_slot(assembler, slot);
	}
	return slot;
}

bool assembler_next(struct assembler *assembler, struct event *event)
{
	struct slot *aside = take_aside(assembler);

	if (aside && hand_out(assembler, aside, event))
		return true;
	while (assembler->scan < assembler->scan_end) {
		struct node *node = &assembler->nodes[assembler->scan];
		struct slot *slot = node_due(node, assembler->position, assembler->overdue_ms, assembler->ended);
		if (!slot) {
			assembler->scan++;
			continue;
		}
		uint64_t missing = node_pop(node);
		/* Logs that were put one behind the other need not be neighbours in time. */
		if (missing <= GAP_MAX && slot->origin.file == assembler->last_origin.file &&
		    slot->origin.member == assembler->last_origin.member)
			assembler->summary->serial_gaps += missing;
		assembler->last_origin = slot->origin;
		close_slot(assembler, slot);
		if (hand_out(assembler, slot, event))
			return true;
	}
	return false;
}
