#include "assemble/slot.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

void slot_start(struct slot *slot, uint32_t node, const struct record *record)
{
	if (slot->text.capacity > SLOT_TEXT_KEPT_MAX)
		buffer_finish(&slot->text);
	buffer_reset(&slot->text);
	slot->state = SLOT_OPEN;
	slot->node = node;
	slot->time_ms = record->time_ms;
	slot->serial = record->serial;
	slot->origin = record->origin;
	slot->trust = record->trust;
	slot->complete = slot->late = slot->has_call = slot->has_proctitle = slot->ended = false;
	slot->paths = slot->cwds = 0;
	slot->items = -1;
	slot->count = 0;
}

/* Looks back 64 records: copies of a line stand near each other, and a giant event must not cost its square. */
static bool has_equal(const struct slot *slot, const struct record *record)
{
	for (size_t i = slot->count > 64 ? slot->count - 64 : 0; i < slot->count; i++) {
		const struct slot_record *have = &slot->records[i];
		if (have->type == record->type && have->body_len == record->body.len &&
		    memcmp(slot->text.data + have->body, record->body.data, record->body.len) == 0)
			return true;
	}
	return false;
}

static int32_t items_of(struct span body)
{
	uint64_t items;
	size_t at = span_find(body, SPAN(" items="));

	return at < body.len && span_decimal(span_skip(body, at + 7), &items) && items < 0x7fff ? (int32_t)items : -1;
}

/*
 * Complete: EOE, or the end of a document, or a call and its PROCTITLE,
 * which the kernel writes last, with as many PATH records as announced. A
 * message of a user-space daemon (1100-1299, 2xxx without the kernel's
 * 1300-1799) is an event by itself.
 */
static void note_progress(struct slot *slot, const struct record *record)
{
	uint16_t type = record->type;

	switch (type) {
	case AUDIT_TYPE_SYSCALL:
	case AUDIT_TYPE_URINGOP:
		slot->has_call = true;
		if (type == AUDIT_TYPE_SYSCALL || slot->items < 0)
			slot->items = items_of(record->body);
		break;
	case AUDIT_TYPE_PATH:
		slot->paths++;
		break;
	case AUDIT_TYPE_CWD:
		slot->cwds++;
		break;
	case AUDIT_TYPE_PROCTITLE:
		slot->has_proctitle = slot->has_call;
		break;
	case AUDIT_TYPE_EOE:
		slot->ended = true;
		break;
	default:
		slot->ended |= (type >= 1100 && type < 1300) || (type >= 2000 && type < 2500);
	}
	slot->ended |= record->whole_event;
	slot->complete = slot->ended || (slot->has_proctitle && slot->items >= 0 && slot->paths >= slot->items &&
					 (slot->items == 0 || slot->cwds));
}

static struct slot_record *grow_records(struct slot *slot)
{
	if (slot->count == slot->capacity) {
		size_t capacity = slot->capacity ? slot->capacity * 2 : 8;
		struct slot_record *records = reallocarray(slot->records, capacity, sizeof(*records));
		if (!records)
			return NULL;
		slot->records = records;
		slot->capacity = capacity;
	}
	return &slot->records[slot->count];
}

static bool is_same_document(const struct slot *slot, const struct record *record)
{
	const struct origin *last = &slot->last, *now = &record->origin;

	return slot->count && last->offset == now->offset && last->file == now->file && last->member == now->member &&
	       slot->records[slot->count - 1].raw_len == record->raw.len;
}

static bool is_inside(struct span inner, struct span outer)
{
	return inner.data >= outer.data && inner.data + inner.len <= outer.data + outer.len;
}

int slot_add(struct slot *slot, const struct record *record)
{
	if (has_equal(slot, record))
		return 0;
	struct slot_record *to = grow_records(slot);
	bool shared = is_same_document(slot, record);
	bool inside = is_inside(record->body, record->raw);
	size_t more = (shared ? 0 : record->raw.len) + (inside ? 0 : record->body.len);
	if (!to || slot->text.len + more > UINT32_MAX || !buffer_reserve(&slot->text, more))
		return -ENOMEM;
	if (shared) {
		to->raw = slot->records[slot->count - 1].raw;
	} else {
		to->raw = (uint32_t)slot->text.len;
		buffer_add(&slot->text, record->raw);
	}
	to->raw_len = (uint32_t)record->raw.len;
	if (inside) {
		to->body = to->raw + (uint32_t)(record->body.data - record->raw.data);
	} else {
		to->body = (uint32_t)slot->text.len;
		buffer_add(&slot->text, record->body);
	}
	to->body_len = (uint32_t)record->body.len;
	to->type = record->type;
	slot->count++;
	slot->last = record->origin;
	if (record->trust < slot->trust)
		slot->trust = record->trust;
	note_progress(slot, record);
	return 1;
}

/* Whether records are missing for certain: a log need not have titles, and some events are one record. */
static bool is_cut(const struct slot *slot)
{
	if (slot->ended)
		return false;
	return slot->has_call ? slot->paths < slot->items : slot->paths > 0;
}

bool slot_view(struct slot *slot, struct event *event)
{
	if (slot->count > slot->view_capacity) {
		struct event_record *view = reallocarray(slot->view, slot->capacity, sizeof(*view));
		if (!view)
			return false;
		slot->view = view;
		slot->view_capacity = slot->capacity;
	}
	for (size_t i = 0; i < slot->count; i++) {
		const struct slot_record *from = &slot->records[i];
		slot->view[i] = (struct event_record){
			.type = from->type,
			.raw = { slot->text.data + from->raw, from->raw_len },
			.body = { slot->text.data + from->body, from->body_len },
		};
	}
	*event = (struct event){
		.node_id = slot->node,
		.boot = (uint32_t)hash_join(slot->node, slot->epoch),
		.time_ms = slot->time_ms,
		.serial = slot->serial,
		.origin = slot->origin,
		.trust = slot->trust,
		.incomplete = is_cut(slot),
		.again = slot->late,
		.records = slot->view,
		.count = slot->count,
	};
	return true;
}

void slot_finish(struct slot *slot)
{
	buffer_finish(&slot->text);
	free(slot->records);
	free(slot->view);
}
