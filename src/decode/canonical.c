#include "decode/canonical.h"

#include "model/fields.h"

#include <stdio.h>

/* Field names longer than this are cut; no field that anybody looks for is. */
#define NAME_MAX_LEN 63

/* What the kernel writes with audit_log_untrustedstring(), and keys, which it writes in quotes. */
static const struct span text_names[] = {
	SPAN("comm"), SPAN("exe"),  SPAN("name"), SPAN("cwd"),	SPAN("proctitle"), SPAN("ocomm"),
	SPAN("key"),  SPAN("path"), SPAN("acct"), SPAN("cmd"),	SPAN("data"),	   SPAN("action"),
};

bool canonical_is_text_name(struct span name)
{
	for (size_t i = 0; i < sizeof(text_names) / sizeof(*text_names); i++)
		if (span_equal(name, text_names[i]))
			return true;
	return false;
}

/* Bytes that neither end a plain value nor look like an enrichment to the reader. */
static inline bool is_plain_byte(char c)
{
	static const bool plain[256] = {
		['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['_'] = true, ['-'] = true,
		['+'] = true,	      ['.'] = true,	    [','] = true,	  [':'] = true, ['/'] = true,
		['('] = true,	      [')'] = true,	    ['?'] = true,	  ['*'] = true, ['@'] = true,
		['%'] = true,
	};

	return plain[(unsigned char)c];
}

static bool is_plain(struct span value)
{
	if (value.len == 0)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (!is_plain_byte(value.data[i]))
			return false;
	return true;
}

static const char *safe_name(struct span name, char room[NAME_MAX_LEN + 1])
{
	size_t len = name.len < NAME_MAX_LEN ? name.len : NAME_MAX_LEN;

	for (size_t i = 0; i < len; i++) {
		char c = name.data[i];
		room[i] = is_plain_byte(c) || c == '[' || c == ']' ? c : '_';
	}
	if (len == 0)
		room[len++] = '_';
	room[len] = '\0';
	return room;
}

void canonical_add_text(struct buffer *body, struct span name, struct span value)
{
	char room[NAME_MAX_LEN + 1];

	field_add_text(body, safe_name(name, room), value);
}

void canonical_add(struct buffer *body, struct span name, struct span value)
{
	char room[NAME_MAX_LEN + 1];

	if (value.data && !canonical_is_text_name(name) && is_plain(value))
		field_add_plain(body, safe_name(name, room), value);
	else
		field_add_text(body, safe_name(name, room), value);
}

void canonical_add_argument(struct buffer *body, uint64_t index, struct span value)
{
	char name[24];

	snprintf(name, sizeof(name), "a%llu", (unsigned long long)index);
	field_add_text(body, name, value);
}

void canonical_add_hex(struct buffer *body, struct span bytes)
{
	static const char digits[] = "0123456789ABCDEF";

	if (bytes.len > SIZE_MAX / 2 || !buffer_reserve(body, bytes.len * 2))
		return;
	for (size_t i = 0; i < bytes.len; i++) {
		body->data[body->len++] = digits[(unsigned char)bytes.data[i] >> 4];
		body->data[body->len++] = digits[(unsigned char)bytes.data[i] & 15];
	}
}

void canonical_add_name(struct buffer *body, struct span name)
{
	char room[NAME_MAX_LEN + 1];

	if (body->len)
		buffer_add_byte(body, ' ');
	buffer_text(body, safe_name(name, room));
	buffer_add_byte(body, '=');
}

bool canonical_id(struct span id, int64_t *time_ms, uint64_t *serial)
{
	uint64_t seconds, fraction;
	size_t used = span_decimal(id, &seconds);

	if (!used || seconds > 99999999999 || used == id.len || id.data[used] != '.')
		return false;
	id = span_skip(id, used + 1);
	used = span_decimal(id, &fraction);
	if (!used || used == id.len || id.data[used] != ':')
		return false;
	for (size_t len = used; len > 3; len--)
		fraction /= 10;
	for (size_t len = used; len < 3; len++)
		fraction *= 10;
	id = span_skip(id, used + 1);
	if (id.len == 0 || span_decimal(id, serial) != id.len)
		return false;
	*time_ms = (int64_t)(seconds * 1000 + fraction);
	return true;
}

bool canonical_is_user_type(uint16_t type)
{
	return (type >= 1100 && type < 1300) || type > 2000 || type == 1005;
}

struct record *canonical_queue(struct queue *queue, const struct document *document, uint16_t type)
{
	struct span body = queue_body(queue);
	struct record *record = queue_add(queue, document);

	if (!record)
		return NULL;
	record->kind = RECORD_AUDIT;
	record->type = type;
	record->body = body;
	if (canonical_is_user_type(type) && record->trust > TRUST_DAEMON)
		record->trust = TRUST_DAEMON;
	return record;
}

void canonical_stamp(struct queue *queue, size_t first, struct span node, int64_t time_ms, uint64_t serial, bool whole)
{
	for (size_t i = first; i < queue->count; i++) {
		struct record *record = &queue->items[i];
		if (node.len)
			record->node = node;
		record->time_ms = time_ms;
		record->serial = serial;
	}
	if (whole && queue->count > first)
		queue->items[queue->count - 1].whole_event = true;
}
