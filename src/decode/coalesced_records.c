/*
 * The records of a coalesced event, in the kernel's order; its fields are put
 * back by coalesced_fields.c.
 */
#include "decode/canonical.h"
#include "decode/coalesced.h"
#include "decode/coalesced_fields.h"
#include "model/fields.h"

struct builder {
	const struct coalesced *from;
	const struct document *document;
	struct queue *queue;
	uint16_t type; /* that the document names */
};

size_t coalesced_originals(const struct coalesced *coalesced, const struct document *document, struct queue *queue)
{
	struct json_scan scan;
	struct json_token token = coalesced->lists[LIST_ORIGINAL];
	size_t first = queue->count;

	if (token.kind != JSON_ARRAY && token.kind != JSON_STRING)
		return 0;
	struct span text = token.text;
	if (token.kind == JSON_STRING) /* with its quotes, a text of one value */
		text = (struct span){ text.data - 1, text.len + 2 };
	json_start(&scan, text);
	if (token.kind == JSON_ARRAY)
		json_next(&scan, &token);
	while (json_next(&scan, &token)) {
		struct record *record = token.kind == JSON_STRING ? canonical_record(queue, document) : NULL;
		if (token.kind >= JSON_ARRAY)
			json_skip(&scan, &token);
		if (!record)
			continue;
		if (coalesced_host(coalesced).len)
			record->node = coalesced_host(coalesced);
		if (!audit_parse(json_text(&token, &queue->arena), record))
			queue->count--;
	}
	if (queue->count > first && !coalesced->is_record)
		queue->items[queue->count - 1].whole_event = true;
	return queue->count - first;
}

/* Calls `each` with the elements of a list; returns how many there are. */
static size_t for_each(const struct builder *builder, enum slot_list list,
		       void (*each)(const struct builder *builder, size_t i, struct json_scan *scan,
				    struct json_token *token))
{
	struct json_token token = builder->from->lists[list];
	struct json_scan scan;
	size_t count = 0;

	if (token.kind != JSON_ARRAY)
		return 0;
	json_start(&scan, token.text);
	json_next(&scan, &token);
	while (json_next(&scan, &token)) {
		if (each)
			each(builder, count, &scan, &token);
		else if (token.kind >= JSON_ARRAY)
			json_skip(&scan, &token);
		count++;
	}
	return count;
}

/* Several keys are one string, joined by \x01 (AUDIT_KEY_SEPARATOR), and therefore in hex. */
static void add_key(const struct builder *builder, size_t i, struct json_scan *scan, struct json_token *token)
{
	struct buffer *body = &builder->queue->body;

	if (token->kind >= JSON_ARRAY)
		json_skip(scan, token);
	if (i)
		buffer_add(body, SPAN("01"));
	canonical_add_hex(body, json_text(token, &builder->queue->arena));
}

static void add_only_key(const struct builder *builder, size_t i, struct json_scan *scan, struct json_token *token)
{
	(void)i;
	if (token->kind >= JSON_ARRAY)
		json_skip(scan, token);
	field_add_text(&builder->queue->body, "key", json_text(token, &builder->queue->arena));
}

static void add_keys(const struct builder *builder)
{
	struct buffer *body = &builder->queue->body;
	struct json_token token = builder->from->lists[LIST_KEYS];
	size_t count = for_each(builder, LIST_KEYS, NULL);

	if (count == 1) {
		for_each(builder, LIST_KEYS, add_only_key);
	} else if (count) {
		canonical_add_name(body, SPAN("key"));
		for_each(builder, LIST_KEYS, add_key);
	} else {
		bool one = token.kind == JSON_STRING;
		field_add_text(body, "key", one ? json_text(&token, &builder->queue->arena) : (struct span){ NULL, 0 });
	}
}

static void add_argument(const struct builder *builder, size_t i, struct json_scan *scan, struct json_token *token)
{
	if (token->kind >= JSON_ARRAY)
		json_skip(scan, token);
	canonical_add_argument(&builder->queue->body, i, json_text(token, &builder->queue->arena));
}

static void add_path(const struct builder *builder, size_t i, struct json_scan *scan, struct json_token *token)
{
	struct buffer *body = &builder->queue->body;
	struct json_token member;
	bool has_name = false;

	(void)i;
	if (token->kind != JSON_OBJECT) {
		if (token->kind == JSON_ARRAY)
			json_skip(scan, token);
		return;
	}
	while (json_next(scan, &member)) {
		if (member.kind >= JSON_ARRAY) {
			json_skip(scan, &member);
			continue;
		}
		has_name |= span_equal(member.key, SPAN("name"));
		canonical_add(body, member.key, json_text(&member, &builder->queue->arena));
	}
	if (!has_name)
		field_add_text(body, "name", (struct span){ NULL, 0 });
	canonical_queue(builder->queue, builder->document, AUDIT_TYPE_PATH);
}

static bool is_one_of(struct span name, const struct span *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal(name, names[i]))
			return true;
	return false;
}

/* What every record writes by itself. */
static bool is_common(struct span name)
{
	static const struct span names[] = {
		SPAN("pid"),  SPAN("ppid"),  SPAN("auid"),   SPAN("uid"),     SPAN("gid"),   SPAN("euid"),
		SPAN("suid"), SPAN("fsuid"), SPAN("egid"),   SPAN("sgid"),    SPAN("fsgid"), SPAN("ses"),
		SPAN("comm"), SPAN("exe"),   SPAN("result"), SPAN("success"), SPAN("res"),
	};

	return is_one_of(name, names, sizeof(names) / sizeof(*names));
}

/* What the SYSCALL, OBJ_PID and OPENAT2 records of an event take. */
static bool is_syscall_datum(struct span name)
{
	static const struct span names[] = {
		SPAN("arch"), SPAN("syscall"), SPAN("exit"),  SPAN("a0"),	SPAN("a1"),    SPAN("a2"),
		SPAN("a3"),   SPAN("items"),   SPAN("tty"),   SPAN("argc"),	SPAN("opid"),  SPAN("oauid"),
		SPAN("ouid"), SPAN("oses"),    SPAN("ocomm"), SPAN("uring_op"), SPAN("oflag"), SPAN("resolve"),
	};

	return is_one_of(name, names, sizeof(names) / sizeof(*names));
}

static void add_rest(struct builder *builder, bool syscall_too)
{
	const struct coalesced *from = builder->from;
	struct buffer *body = &builder->queue->body;

	for (size_t i = 0; i < from->data_count; i++) {
		struct span name = from->data[i].name;
		if (is_common(name) || (!syscall_too && is_syscall_datum(name)))
			continue;
		if (syscall_too && builder->type == AUDIT_TYPE_EXECVE && !span_equal(name, SPAN("argc")))
			canonical_add_text(body, name, from->data[i].value);
		else
			canonical_add(body, name, from->data[i].value);
	}
}

static void queue_syscall(struct builder *builder, bool with_rest)
{
	const struct coalesced *from = builder->from;
	struct buffer *body = &builder->queue->body;
	static const char *const arguments[] = { "a0", "a1", "a2", "a3" };
	struct span items = coalesced_datum(from, SPAN("items"));

	coalesced_add_call(body, from);
	for (size_t i = 0; i < 4; i++)
		coalesced_add(body, arguments[i], coalesced_datum(from, span_of(arguments[i])));
	if (items.data)
		coalesced_add(body, "items", items);
	else if (!from->is_record)
		field_add_number(body, "items", (int64_t)for_each(builder, LIST_PATHS, NULL));
	coalesced_add(body, "ppid", coalesced_value(from, "ppid", SLOT_PPID));
	coalesced_add(body, "pid", coalesced_value(from, "pid", SLOT_PID));
	coalesced_add_ids(body, from, true);
	coalesced_add(body, "tty", coalesced_datum(from, SPAN("tty")));
	coalesced_add_session(body, from, true);
	coalesced_add(body, "comm", coalesced_value(from, "comm", SLOT_COMM));
	coalesced_add(body, "exe", coalesced_value(from, "exe", SLOT_EXE));
	add_keys(builder);
	if (with_rest)
		add_rest(builder, false);
	canonical_queue(builder->queue, builder->document, AUDIT_TYPE_SYSCALL);
}

/* Processors add process.args to any event: they are an EXECVE record only where there is an argc or an exec. */
static bool has_execve(const struct coalesced *from)
{
	struct span syscall = coalesced_datum(from, SPAN("syscall"));

	return from->lists[LIST_ARGS].kind == JSON_ARRAY &&
	       (coalesced_datum(from, SPAN("argc")).data || span_starts(syscall, SPAN("execve")));
}

static void queue_execve(struct builder *builder)
{
	struct buffer *body = &builder->queue->body;

	field_add_number(body, "argc", (int64_t)for_each(builder, LIST_ARGS, NULL));
	for_each(builder, LIST_ARGS, add_argument);
	canonical_queue(builder->queue, builder->document, AUDIT_TYPE_EXECVE);
}

static void queue_object(struct builder *builder)
{
	static const char *const names[] = { "opid", "oauid", "ouid", "oses", "ocomm" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		coalesced_add(&builder->queue->body, names[i], coalesced_datum(builder->from, span_of(names[i])));
	canonical_queue(builder->queue, builder->document, AUDIT_TYPE_OBJ_PID);
}

static void queue_how(struct builder *builder)
{
	static const char *const names[] = { "oflag", "resolve" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		coalesced_add(&builder->queue->body, names[i], coalesced_datum(builder->from, span_of(names[i])));
	canonical_queue(builder->queue, builder->document, AUDIT_TYPE_OPENAT2);
}

/* What the call asked of the ring. Its own success and exit were dropped as duplicates of the SYSCALL's. */
static void queue_uringop(struct builder *builder)
{
	struct buffer *body = &builder->queue->body;

	coalesced_add(body, "uring_op", coalesced_datum(builder->from, SPAN("uring_op")));
	field_add_number(body, "items", (int64_t)for_each(builder, LIST_PATHS, NULL));
	coalesced_add(body, "ppid", coalesced_value(builder->from, "ppid", SLOT_PPID));
	coalesced_add(body, "pid", coalesced_value(builder->from, "pid", SLOT_PID));
	coalesced_add_ids(body, builder->from, true);
	canonical_queue(builder->queue, builder->document, AUDIT_TYPE_URINGOP);
}

/* One record of any type. What a daemon sent stands in msg='…' behind what the kernel added. */
static void queue_single(struct builder *builder, bool whole_data)
{
	uint16_t type = builder->type;
	const struct coalesced *from = builder->from;
	struct buffer *body = &builder->queue->body;
	bool user = canonical_is_user_type(type);
	int result = coalesced_result(from);

	coalesced_add(body, "ppid", coalesced_value(from, "ppid", SLOT_PPID));
	coalesced_add(body, "pid", coalesced_value(from, "pid", SLOT_PID));
	coalesced_add_ids(body, from, false);
	coalesced_add_session(body, from, false);
	if (user)
		buffer_add(body, body->len ? SPAN(" msg='") : SPAN("msg='"));
	add_rest(builder, whole_data);
	coalesced_add(body, "comm", coalesced_value(from, "comm", SLOT_COMM));
	coalesced_add(body, "exe", coalesced_value(from, "exe", SLOT_EXE));
	coalesced_add(body, "cwd", from->slots[SLOT_CWD]);
	if (type == AUDIT_TYPE_EXECVE)
		for_each(builder, LIST_ARGS, add_argument);
	if (type == AUDIT_TYPE_PROCTITLE)
		coalesced_add(body, "proctitle", from->slots[SLOT_TITLE]);
	if (from->lists[LIST_KEYS].kind != JSON_NULL && !user)
		add_keys(builder);
	if (result >= 0 && user)
		field_add_plain(body, "res", result ? SPAN("success") : SPAN("failed"));
	else if (result >= 0)
		field_add_number(body, "res", result);
	if (user)
		buffer_add_byte(body, '\'');
	canonical_queue(builder->queue, builder->document, type);
}

/* A SYSCALL and what came with it, behind the record that names the event when it is another. */
static void queue_event(struct builder *builder)
{
	const struct coalesced *from = builder->from;
	bool ring = coalesced_datum(from, SPAN("uring_op")).data;
	bool other = builder->type != AUDIT_TYPE_SYSCALL && !(ring && builder->type == AUDIT_TYPE_URINGOP);

	if (ring)
		queue_uringop(builder);
	if (other)
		queue_single(builder, false);
	queue_syscall(builder, !other);
	if (has_execve(from))
		queue_execve(builder);
	if (coalesced_datum(from, SPAN("opid")).data)
		queue_object(builder);
	if (coalesced_datum(from, SPAN("oflag")).data)
		queue_how(builder);
	if (from->slots[SLOT_CWD].data) {
		field_add_text(&builder->queue->body, "cwd", from->slots[SLOT_CWD]);
		canonical_queue(builder->queue, builder->document, AUDIT_TYPE_CWD);
	}
	for_each(builder, LIST_PATHS, add_path);
	if (from->slots[SLOT_TITLE].data) {
		field_add_text(&builder->queue->body, "proctitle", from->slots[SLOT_TITLE]);
		canonical_queue(builder->queue, builder->document, AUDIT_TYPE_PROCTITLE);
	}
}

/* auditbeat and go-libaudit write type names in lower case. */
uint16_t coalesced_type(const struct coalesced *coalesced)
{
	struct span name = coalesced->slots[SLOT_TYPE];
	char upper[32];
	size_t len = name.len < sizeof(upper) ? name.len : sizeof(upper);

	for (size_t i = 0; i < len; i++)
		upper[i] = (char)(name.data[i] >= 'a' && name.data[i] <= 'z' ? name.data[i] - 32 : name.data[i]);
	return record_type_of((struct span){ upper, len });
}

enum dress_result coalesced_records(const struct coalesced *coalesced, const struct document *document,
				    struct queue *queue)
{
	struct builder builder = { coalesced, document, queue, coalesced_type(coalesced) };
	bool has_syscall = coalesced_datum(coalesced, SPAN("syscall")).data;
	struct span sequence = coalesced->slots[SLOT_SEQUENCE];
	size_t first = queue->count;
	uint64_t serial;

	if (!builder.type && !coalesced->data_count)
		return DRESS_NO_EVENT;
	if (!sequence.len || span_decimal(sequence, &serial) != sequence.len)
		return DRESS_NO_EVENT;
	if (!builder.type && has_syscall)
		builder.type = AUDIT_TYPE_SYSCALL;
	if (!has_syscall || (coalesced->is_record && builder.type != AUDIT_TYPE_SYSCALL))
		queue_single(&builder, true);
	else if (coalesced->is_record)
		queue_syscall(&builder, true);
	else
		queue_event(&builder);
	canonical_stamp(queue, first, coalesced_host(coalesced), coalesced_time(coalesced), serial,
			!coalesced->is_record);
	return DRESS_DONE;
}
