/*
 * Records that wait to be handed out. The usual line never comes here:
 * decode.c hands its record out directly.
 */
#include "decode/dress.h"

#include <stdlib.h>

struct record *queue_add(struct queue *queue, const struct document *document)
{
	if (queue->count == queue->capacity) {
		size_t capacity = queue->capacity ? queue->capacity * 2 : 64;
		struct record *items = reallocarray(queue->items, capacity, sizeof(*items));
		if (!items)
			return NULL;
		queue->items = items;
		queue->capacity = capacity;
	}
	struct record *record = &queue->items[queue->count++];
	*record = (struct record){
		.trust = document->frame->trust,
		.node = span_of(document->frame->host),
		.time_ms = TIME_UNKNOWN,
		.raw = document->text,
		.origin = document->origin,
	};
	return record;
}

struct span queue_body(struct queue *queue)
{
	struct span body = { "", 0 };

	if (!queue->body.failed)
		body = arena_copy(&queue->arena, buffer_span(&queue->body));
	buffer_reset(&queue->body);
	return body;
}
