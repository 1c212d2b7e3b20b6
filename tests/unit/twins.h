/*
 * The readers of SYSCALL and PATH records in their usual order against their
 * slow twin, the reader of fields. For tests/unit and tests/fuzz.
 */
#ifndef TESTS_UNIT_TWINS_H
#define TESTS_UNIT_TWINS_H

#include <stdio.h>

#include "base/buffer.h"

#include "resolve/call.h"
#include "resolve/usual.h"

static inline void parse_alone(struct call *call, struct span body, struct arena *arena)
{
	struct event_record record = { .type = AUDIT_TYPE_SYSCALL, .body = body, .raw = body };
	struct event event = { .records = &record, .count = 1 };

	call_parse(call, &event, arena);
	call_read_actor(call, arena);
	call_details(call, &event, arena);
}

static inline bool same_text(struct span a, struct span b)
{
	if (!a.data || !b.data)
		return a.data == b.data;
	return span_equal(a, b);
}

static inline const char *differing_process(const struct process *a, const struct process *b)
{
	if (a->pid != b->pid || a->ppid != b->ppid)
		return "pid";
	if (a->auid != b->auid || a->uid != b->uid || a->euid != b->euid || a->ses != b->ses)
		return "uid";
	if (!same_text(a->comm, b->comm))
		return "comm";
	if (!same_text(a->exe, b->exe))
		return "exe";
	return same_text(a->tty, b->tty) ? NULL : "tty";
}

/* In what two readings of one record differ, or NULL. */
static inline const char *differing_call(const struct call *a, const struct call *b)
{
	if (a->id != b->id || !same_text(a->name, b->name))
		return "syscall";
	if (a->failed != b->failed || a->exit != b->exit)
		return "exit";
	for (unsigned i = 0; i < 4; i++)
		if (a->has_a[i] != b->has_a[i] || a->a[i] != b->a[i])
			return "argument";
	if (a->has_record != b->has_record || a->from_ring != b->from_ring || a->op.len != b->op.len)
		return "kind";
	return differing_process(&a->actor, &b->actor);
}

/* In what the readings of one body by both differ, or NULL. A leading blank sends a record to the slow twin. */
static inline const char *differing_readings(struct span body, struct arena *arena)
{
	struct call fast, slow;
	struct buffer blank = { 0 };

	buffer_add_byte(&blank, ' ');
	buffer_add(&blank, body);
	parse_alone(&fast, body, arena);
	parse_alone(&slow, buffer_span(&blank), arena);
	const char *differs = differing_call(&fast, &slow);
	if (!differs && !same_text(call_keys(&fast, arena), call_keys(&slow, arena)))
		differs = "key";
	buffer_finish(&blank);
	return differs;
}

/* As far as the usual reader goes: behind that, a field that comes again counts for its twin alone. */
static inline const char *differing_beginnings(struct span body, struct arena *arena)
{
	struct call fast = { 0 };
	struct syscall_fields seen = { 0 };

	if (!usual_call(&fast, &seen, body) || !usual_actor(&fast, arena))
		return NULL;
	return differing_readings(span_first(body, (size_t)(fast.rest.data - body.data)), arena);
}

static inline void path_alone(struct call *call, struct span body, struct arena *arena)
{
	struct event_record record = { .type = AUDIT_TYPE_PATH, .body = body, .raw = body };
	struct event event = { .records = &record, .count = 1 };

	call_parse(call, &event, arena);
	call_details(call, &event, arena);
}

/* In what the readings of one PATH record by both differ, or NULL. */
static inline const char *differing_paths(struct span body, struct arena *arena)
{
	struct call fast, slow;
	struct buffer blank = { 0 };

	buffer_add_byte(&blank, ' ');
	buffer_add(&blank, body);
	path_alone(&fast, body, arena);
	path_alone(&slow, buffer_span(&blank), arena);
	const struct path_item *a = &fast.paths[0], *b = &slow.paths[0];
	const char *differs = NULL;
	if (!same_text(a->name, b->name) || a->number != b->number || a->is_parent != b->is_parent)
		differs = "name";
	else if (a->inode != b->inode || a->dev != b->dev || a->rdev != b->rdev || a->has_dev != b->has_dev)
		differs = "inode or device";
	else if (a->mode != b->mode || a->uid != b->uid || a->has_mode != b->has_mode || a->has_uid != b->has_uid)
		differs = "mode or owner";
	buffer_finish(&blank);
	return differs;
}

#endif
