#include "decode/canonical.h"

#include "model/fields.h"

/* Field names longer than this are cut; no field that anybody looks for is. */
#define NAME_MAX_LEN 63

/* Eight MiB of JSON hold some ten thousand events. */
#define RECORDS_MAX 131072

#define IS(span, literal) (memcmp((span).data, literal, sizeof(literal) - 1) == 0)

/* What the kernel writes with audit_log_untrustedstring(), and keys, which it writes in quotes. */
bool canonical_is_text_name(struct span name)
{
	switch (name.len) {
	case 3:
		return IS(name, "exe") || IS(name, "cwd") || IS(name, "key") || IS(name, "cmd");
	case 4:
		return IS(name, "comm") || IS(name, "name") || IS(name, "path") || IS(name, "acct") || IS(name, "data");
	case 5:
		return IS(name, "ocomm");
	case 6:
		return IS(name, "action");
	case 9:
		return IS(name, "proctitle");
	}
	return false;
}

/* Bytes that neither end a plain value nor look like an enrichment to the reader. */
static inline bool is_plain_byte(char c)
{
	static const bool plain[256] = {
		['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['_'] = true,
		['-'] = true,	      ['+'] = true,	    ['.'] = true,	  [','] = true,
		[':'] = true,	      ['/'] = true,	    ['('] = true,	  [')'] = true,
		['?'] = true,	      ['*'] = true,	    ['@'] = true,	  ['%'] = true,
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

static void add_plain(struct buffer *body, struct span name, struct span value)
{
	if (!buffer_reserve(body, name.len + value.len + 2))
		return;
	if (body->len)
		body->data[body->len++] = ' ';
	memcpy(body->data + body->len, name.data, name.len);
	body->len += name.len;
	body->data[body->len++] = '=';
	memcpy(body->data + body->len, value.data, value.len);
	body->len += value.len;
}

void canonical_add(struct buffer *body, struct span name, struct span value)
{
	if (!canonical_is_text_name(name) && is_plain(value) && is_plain(name))
		add_plain(body, name, value);
	else
		canonical_add_text(body, name, value);
}

void canonical_add_argument(struct buffer *body, uint64_t index, struct span value)
{
	char name[24];
	size_t at = sizeof(name) - 1;

	if (index >= CANONICAL_ARGUMENTS_MAX)
		return;
	name[at] = '\0';
	do
		name[--at] = (char)('0' + index % 10);
	while (index /= 10);
	name[--at] = 'a';
	field_add_text(body, name + at, value);
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

bool canonical_is_full(const struct queue *queue)
{
	return queue->count >= RECORDS_MAX;
}

struct record *canonical_record(struct queue *queue, const struct document *document)
{
	return canonical_is_full(queue) ? NULL : queue_add(queue, document);
}

struct record *canonical_queue(struct queue *queue, const struct document *document, uint16_t type)
{
	struct record *record = canonical_record(queue, document);

	if (!record) {
		buffer_reset(&queue->body);
		return NULL;
	}
	struct span body = queue_body(queue);
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
