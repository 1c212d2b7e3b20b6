/*
 * Events whose records are the kernel's text inside of JSON.
 *
 * slackhq's go-audit (body begins with the audit() header or behind it):
 *   {"sequence":1226433,"timestamp":"1459376866.885","messages":[{"type":1300,"data":"arch=c000003e …"}],…}
 * MaxPatrol's syslog_structured:
 *   {"eventid":"50","timestamp":"1668865019","timestampfractional":"552","node":"127.0.1.1",
 *    "items":{"SYSCALL":["arch=c000003e …"],"PATH":["item=0 …","item=1 …"]}}
 */
#include "decode/json.h"

#include "base/json_scan.h"
#include "decode/canonical.h"

struct structured {
	const struct document *document;
	struct queue *queue;
	struct json_scan scan;
	struct span node, seconds, fraction, serial;
};

static struct span text_of(const struct structured *from, const struct json_token *token)
{
	return json_text(token, &from->queue->arena);
}

/* The kernel's text, as if it stood in a log: so the enrichment is cut off in the same way. */
static void add_body(struct structured *from, struct span type, struct span body)
{
	struct buffer *line = &from->queue->body;
	struct record *record;

	if (!record_type_of(type)) /* such as "COMMENT" */
		return;
	buffer_text(line, "type=");
	buffer_add(line, type);
	buffer_text(line, " msg=audit(0.0:0): ");
	buffer_add(line, body);
	struct span text = queue_body(from->queue);
	if ((record = canonical_record(from->queue, from->document)) && !audit_parse(text, record))
		from->queue->count--;
}

static void read_items(struct structured *from)
{
	struct json_token type, body;

	while (json_next(&from->scan, &type)) {
		if (type.kind == JSON_STRING)
			add_body(from, type.key, text_of(from, &type));
		if (type.kind == JSON_OBJECT)
			json_skip(&from->scan, &type);
		if (type.kind != JSON_ARRAY)
			continue;
		while (json_next(&from->scan, &body)) {
			if (body.kind == JSON_STRING)
				add_body(from, type.key, text_of(from, &body));
			else if (body.kind >= JSON_ARRAY)
				json_skip(&from->scan, &body);
		}
	}
}

static void read_message(struct structured *from)
{
	struct json_token token;
	struct span type = { NULL, 0 }, data = { NULL, 0 };

	while (json_next(&from->scan, &token)) {
		if (token.kind >= JSON_ARRAY)
			json_skip(&from->scan, &token);
		else if (span_equal(token.key, SPAN("type")))
			type = text_of(from, &token);
		else if (span_equal(token.key, SPAN("data")))
			data = text_of(from, &token);
	}
	if (type.len && data.len)
		add_body(from, type, data);
}

static void read_messages(struct structured *from)
{
	struct json_token token;

	while (json_next(&from->scan, &token)) {
		if (token.kind == JSON_OBJECT)
			read_message(from);
		else if (token.kind == JSON_ARRAY)
			json_skip(&from->scan, &token);
	}
}

static void read_member(struct structured *from, struct json_token *token)
{
	if (token->kind == JSON_OBJECT && span_equal(token->key, SPAN("items")))
		read_items(from);
	else if (token->kind == JSON_ARRAY && span_equal(token->key, SPAN("messages")))
		read_messages(from);
	else if (token->kind >= JSON_ARRAY)
		json_skip(&from->scan, token);
	else if (span_equal(token->key, SPAN("node")))
		from->node = text_of(from, token);
	else if (span_equal(token->key, SPAN("timestamp")))
		from->seconds = token->text;
	else if (span_equal(token->key, SPAN("timestampfractional")))
		from->fraction = token->text;
	else if (span_equal(token->key, SPAN("eventid")) || span_equal(token->key, SPAN("sequence")))
		from->serial = token->text;
}

/* Both write what stands in the audit header: put it together again. */
static void stamp(struct structured *from, size_t first)
{
	struct buffer *id = &from->queue->body;
	int64_t time_ms = TIME_UNKNOWN;
	uint64_t serial = 0;

	buffer_add(id, from->seconds);
	if (from->fraction.len) {
		buffer_add_byte(id, '.');
		buffer_add(id, from->fraction);
	}
	buffer_add_byte(id, ':');
	buffer_add(id, from->serial);
	canonical_id(buffer_span(id), &time_ms, &serial);
	buffer_reset(id);
	canonical_stamp(from->queue, first, from->node, time_ms, serial, true);
}

enum dress_result structured_decode(const struct document *document, struct queue *queue)
{
	struct structured from = { .document = document, .queue = queue };
	size_t first = queue->count;
	struct json_token token;

	json_start(&from.scan, document->text);
	if (!json_next(&from.scan, &token) || token.kind != JSON_OBJECT)
		return DRESS_BROKEN;
	while (json_next(&from.scan, &token))
		read_member(&from, &token);
	stamp(&from, first);
	if (from.scan.failed)
		return DRESS_BROKEN;
	return queue->count > first ? DRESS_DONE : DRESS_NO_EVENT;
}
