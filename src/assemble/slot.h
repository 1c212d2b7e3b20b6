/*
 * slot: one event while its records are gathered. Private to src/assemble.
 *
 *   FREE ──first record──▶ OPEN ──due──▶ CLOSED ──64 closings later──▶ FREE
 *                                          │  ▲
 *                                          └──┘ a late record: handed out again
 */
#ifndef ASSEMBLE_SLOT_H
#define ASSEMBLE_SLOT_H

#include "base/buffer.h"
#include "model/event.h"

#define SLOT_TEXT_KEPT_MAX (32u << 10) /* a slot that once held a giant gives the memory back */

enum slot_state { SLOT_FREE, SLOT_OPEN, SLOT_CLOSED };

/* Offsets into the slot's text, which moves as it grows. */
struct slot_record {
	uint16_t type;
	uint32_t raw, raw_len, body, body_len;
};

struct slot {
	struct slot *next; /* in its hash bucket, or in the free list */
	enum slot_state state;
	uint32_t node, epoch;
	int64_t time_ms;
	uint64_t serial;
	int64_t touched_ms;	    /* live: when its last record came */
	uint64_t started;	    /* the assembler's position before its first record */
	struct slot *older, *newer; /* among the open slots of its node, by `started` */
	struct origin origin;
	enum trust trust;
	bool complete, late, has_call, has_proctitle, ended;
	uint16_t paths, cwds;
	int32_t items; /* of its SYSCALL or URINGOP record; -1 not known */
	struct buffer text;
	struct slot_record *records;
	size_t count, capacity;
	struct origin last;	   /* of the last record: the records of one document share its raw text */
	struct event_record *view; /* what event.records points to */
	size_t view_capacity;
};

void slot_start(struct slot *slot, uint32_t node, const struct record *record);

/* 1 added, 0 an equal record was there already, -ENOMEM. */
int slot_add(struct slot *slot, const struct record *record);

/* Fills *event; false when memory is out. */
bool slot_view(struct slot *slot, struct event *event);

void slot_finish(struct slot *slot);

#endif
