#include "resolve/call.h"

#include "model/fields.h"
#include "resolve/cursor.h"
#include "resolve/usual.h"

#define NAME_IS(field, literal) span_equal((field)->name, SPAN(literal))

static void read_number(const struct field *field, uint64_t *value)
{
	uint32_t number;

	if (field_u32(field, &number))
		*value = number;
}

static void read_argument(struct call *call, const struct field *field)
{
	unsigned i = (unsigned)(field->name.data[1] - '0');

	if (i < 4)
		call->has_a[i] = field_u64_hex(field, &call->a[i]);
}

static int64_t read_dev(struct span value)
{
	uint64_t major_number, minor_number;
	size_t used = span_hex(value, &major_number);

	if (!used || used >= value.len || value.data[used] != ':' || major_number > 0xfff)
		return -1;
	if (!span_hex(span_skip(value, used + 1), &minor_number) || minor_number > 0xfffff)
		return -1;
	return (int64_t)(major_number << 20 | minor_number);
}

static bool read_octal(struct span value, uint32_t *mode)
{
	uint32_t v = 0;

	for (size_t i = 0; i < value.len; i++) {
		unsigned digit = (unsigned)(value.data[i] - '0');
		if (digit > 7 || v >> 24)
			return false;
		v = v << 3 | digit;
	}
	*mode = v;
	return value.len > 0;
}

static void read_two(struct call *call, const struct field *field)
{
	if (field->name.data[0] == 'a')
		read_argument(call, field);
	else if (NAME_IS(field, "op"))
		call->op = field->value;
}

static void read_three(struct call *call, const struct field *field, struct arena *arena)
{
	struct process *actor = &call->actor;

	if (NAME_IS(field, "pid"))
		read_number(field, &actor->pid);
	else if (NAME_IS(field, "uid"))
		read_number(field, &actor->uid);
	else if (NAME_IS(field, "exe"))
		actor->exe = field_text(field, arena);
	else if (NAME_IS(field, "tty"))
		actor->tty = field_text(field, arena);
	else if (NAME_IS(field, "ses"))
		read_number(field, &actor->ses);
}

static void read_four(struct call *call, struct syscall_fields *seen, const struct field *field, struct arena *arena)
{
	struct process *actor = &call->actor;

	if (NAME_IS(field, "ppid"))
		read_number(field, &actor->ppid);
	else if (NAME_IS(field, "auid"))
		read_number(field, &actor->auid);
	else if (NAME_IS(field, "euid"))
		read_number(field, &actor->euid);
	else if (NAME_IS(field, "comm"))
		actor->comm = field_text(field, arena);
	else if (NAME_IS(field, "exit"))
		field_i64(field, &call->exit);
	else if (NAME_IS(field, "arch"))
		field_u64_hex(field, &seen->arch);
}

static void read_long(struct syscall_fields *seen, const struct field *field)
{
	if (NAME_IS(field, "success"))
		seen->success = field->value;
	else if (NAME_IS(field, "syscall"))
		seen->called = field->value;
	else if (NAME_IS(field, "uring_op") && span_decimal(field->value, &seen->number) &&
		 (seen->number == 18 || seen->number == 28)) /* IORING_OP_OPENAT, IORING_OP_OPENAT2 */
		seen->called = seen->number == 18 ? SPAN("openat") : SPAN("openat2");
}

static void read_call_fields(struct call *call, struct syscall_fields *seen, struct span body, struct arena *arena)
{
	struct field field;

	while (field_next(&body, &field)) {
		switch (field.name.len) {
		case 2:
			read_two(call, &field);
			break;
		case 3:
			read_three(call, &field, arena);
			break;
		case 4:
			read_four(call, seen, &field, arena);
			break;
		case 7:
		case 8:
			read_long(seen, &field);
			break;
		}
	}
}

static void name_call(struct call *call, const struct syscall_fields *seen)
{
	uint64_t number;

	call->name = seen->called;
	if (seen->called.len && span_decimal(seen->called, &number) == seen->called.len) {
		call->id = syscall_from_number((uint32_t)seen->arch, number);
		if (call->id != CALL_UNKNOWN)
			call->name = syscall_name(call->id);
	} else if (seen->called.len) {
		call->id = syscall_from_name(seen->called);
	}
}

static void take_seen(struct call *call, const struct syscall_fields *seen, bool ring)
{
	call->failed = span_equal(seen->success, SPAN("no")) || (!seen->success.len && call->exit < 0);
	/* In an event that has both, the ring's operation is what was done; io_uring_enter only carried it. */
	if (ring || !call->from_ring)
		name_call(call, seen);
}

/* Field by field, whatever the order. */
static void read_whole(struct call *call, const struct event_record *record, struct arena *arena)
{
	struct syscall_fields seen = { 0 };

	call->rest = record->body;
	read_call_fields(call, &seen, record->body, arena);
	take_seen(call, &seen, record->type == AUDIT_TYPE_URINGOP);
}

/* What the reader of usual records took before it gave up. */
static void forget_usual(struct call *call)
{
	call->who = (struct span){ 0 };
	memset(call->arguments, 0, sizeof(call->arguments));
	call->actor = process_unknown;
}

void call_read_actor(struct call *call, struct arena *arena)
{
	const struct event_record *record = call->unread;

	if (!record)
		return;
	call->unread = NULL;
	if (usual_actor(call, arena))
		return;
	forget_usual(call);
	read_whole(call, record, arena);
}

void call_skip_actor(struct call *call, size_t len)
{
	call->who_len = len;
	call->rest = span_skip(call->who, len);
}

/* The usual value is nothing but a few hex digits. */
static bool read_hex(struct span text, uint64_t *value)
{
	struct field field = { .value = text };
	uint64_t v;

	if (text.len > 16 || span_hex(text, &v) != text.len)
		return field_u64_hex(&field, value);
	*value = v;
	return text.len > 0;
}

/* Once: what a later record says of them counts more. */
static void read_arguments(struct call *call)
{
	for (unsigned i = 0; i < 4; i++) {
		if (call->arguments[i].data)
			call->has_a[i] = read_hex(call->arguments[i], &call->a[i]);
		call->arguments[i] = (struct span){ 0 };
	}
}

static void read_call(struct call *call, const struct event_record *record, struct arena *arena)
{
	struct syscall_fields seen = { 0 };
	bool ring = record->type == AUDIT_TYPE_URINGOP;

	if (call->has_record) { /* the fields of this one count where both have them */
		read_arguments(call);
		call_read_actor(call, arena);
		call->who_len = 0;
		read_whole(call, record, arena);
	} else if (!ring && usual_call(call, &seen, record->body)) {
		call->unread = record;
		take_seen(call, &seen, false);
	} else {
		forget_usual(call);
		read_whole(call, record, arena);
	}
	call->from_ring |= ring;
	call->has_record = true;
}

static void read_path_fields(struct path_item *item, struct span body, struct arena *arena)
{
	struct field field;
	uint64_t value;
	int64_t dev;

	*item = (struct path_item){ 0 };
	while (field_next(&body, &field)) {
		if (NAME_IS(&field, "name"))
			item->name = field_text(&field, arena);
		else if (NAME_IS(&field, "inode"))
			span_decimal(field.value, &item->inode);
		else if (NAME_IS(&field, "dev") && (dev = read_dev(field.value)) >= 0)
			item->dev = (uint32_t)dev, item->has_dev = true;
		else if (NAME_IS(&field, "rdev") && (dev = read_dev(field.value)) >= 0)
			item->rdev = (uint32_t)dev;
		else if (NAME_IS(&field, "mode"))
			item->has_mode = read_octal(field.value, &item->mode);
		else if (NAME_IS(&field, "ouid"))
			item->has_uid = field_u32(&field, &item->uid);
		else if (NAME_IS(&field, "item") && span_decimal(field.value, &value))
			item->number = (uint32_t)value;
		else if (NAME_IS(&field, "nametype")) {
			item->is_parent = span_equal(field.value, SPAN("PARENT"));
			break; /* behind it are capabilities */
		}
	}
}

static void read_path(struct call *call, const struct event_record *record, struct arena *arena)
{
	struct path_item *item = &call->paths[call->path_count];

	if (call->path_count == PATH_ITEMS_MAX)
		return;
	if (!usual_path(item, record->body, arena))
		read_path_fields(item, record->body, arena);
	call->path_count++;
}

static void read_object(struct call *call, const struct event_record *record, struct arena *arena)
{
	struct span body = record->body;
	struct field field;

	while (field_next(&body, &field)) {
		if (NAME_IS(&field, "opid"))
			read_number(&field, &call->object_pid);
		else if (NAME_IS(&field, "ouid"))
			read_number(&field, &call->object_uid);
		else if (NAME_IS(&field, "ocomm"))
			call->object_comm = field_text(&field, arena);
	}
}

static struct span text_of(struct span body, struct span name, struct arena *arena)
{
	struct field field;

	return field_find(body, name, &field) ? field_text(&field, arena) : (struct span){ 0 };
}

static void sort_paths(struct call *call)
{
	for (size_t i = 1; i < call->path_count; i++)
		for (size_t k = i; k && call->paths[k].number < call->paths[k - 1].number; k--) {
			struct path_item item = call->paths[k];
			call->paths[k] = call->paths[k - 1];
			call->paths[k - 1] = item;
		}
}

/* USER_CMD and ANOM_ABEND tell of their process themselves, with the fields of a SYSCALL record. */
static void read_note(struct call *call, struct arena *arena)
{
	struct syscall_fields ignored = { 0 };

	if (call->note_type && !call->has_record)
		read_call_fields(call, &ignored, call->note, arena);
	call->op = call->has_record ? call->op : (struct span){ 0 };
}

void call_parse(struct call *call, const struct event *event, struct arena *arena)
{
	memset(call, 0, offsetof(struct call, paths));
	call->actor = process_unknown;
	call->object_pid = call->object_uid = UNKNOWN_ID;
	for (size_t i = 0; i < event->count; i++) {
		const struct event_record *record = &event->records[i];
		switch (record->type) {
		case AUDIT_TYPE_SYSCALL:
		case AUDIT_TYPE_URINGOP:
			read_call(call, record, arena);
			break;
		case AUDIT_TYPE_EXECVE:
			if (!call->execve)
				call->execve = record;
			break;
		case AUDIT_TYPE_PROCTITLE:
			call->title_body = record->body;
			break;
		case AUDIT_TYPE_ANOM_ABEND:
		case AUDIT_TYPE_USER_CMD:
		case AUDIT_TYPE_CONFIG_CHANGE:
		case AUDIT_TYPE_DAEMON_START:
		case AUDIT_TYPE_DAEMON_END:
			call->note = record->body;
			call->note_type = record->type;
			break;
		}
	}
	read_note(call, arena);
}

void call_details(struct call *call, const struct event *event, struct arena *arena)
{
	if (call->detailed)
		return;
	call->detailed = true;
	read_arguments(call);
	for (size_t i = 0; i < event->count; i++) {
		const struct event_record *record = &event->records[i];
		if (record->type == AUDIT_TYPE_PATH)
			read_path(call, record, arena);
		else if (record->type == AUDIT_TYPE_CWD)
			call->cwd = text_of(record->body, SPAN("cwd"), arena);
		else if (record->type == AUDIT_TYPE_OBJ_PID)
			read_object(call, record, arena);
	}
	sort_paths(call);
}

enum path_sort { PATH_DOUBTFUL, PATH_ORDINARY, PATH_PARENT };

/* /etc/shadow, gshadow, either with a '-', opasswd, master.passwd: said of every path, so it is little. */
static inline bool may_hold_hashes(struct span name)
{
	if (name.len < 7)
		return name.len == 6 && memcmp(name.data, "shadow", 6) == 0;
	const char *end = name.data + name.len - (name.data[name.len - 1] == '-');
	if (end[-1] != 'w' && end[-1] != 'd')
		return false;
	/* Everybody reads passwd itself. */
	return memcmp(end - 6, "shadow", 6) == 0 || (memcmp(end - 6, "passwd", 6) == 0 && end[-7] != '/');
}

/* item=0 name="/etc/passwd" inode=123 dev=fd:00 mode=0100644 … */
static enum path_sort sort_of_path(struct span body, bool *hashes)
{
	struct cursor c = { body.data, body.data + body.len };
	uint64_t number;
	struct span name;

	if (!cursor_expect(&c, SPAN("item=")) || !cursor_decimal(&c, &number) || !cursor_expect(&c, SPAN(" name=\"")))
		return PATH_DOUBTFUL;
	const char *quote = memchr(c.at, '"', (size_t)(c.end - c.at));
	if (!quote)
		return PATH_DOUBTFUL;
	name = (struct span){ c.at, (size_t)(quote - c.at) };
	*hashes |= may_hold_hashes(name);
	c.at = quote;
	if (!cursor_expect(&c, SPAN("\" inode=")) || !cursor_decimal(&c, &number) ||
	    !cursor_expect(&c, SPAN(" dev=")) || cursor_expect(&c, SPAN("00:")) ||
	    span_find(name, SPAN("map_files")) < name.len)
		return PATH_DOUBTFUL;
	struct span rest = { c.at, (size_t)(c.end - c.at) };
	rest = span_skip(rest, span_index(span_first(rest, 10), ' '));
	if (span_starts(rest, SPAN(" mode=01")))
		return PATH_ORDINARY;
	/* The kernel writes 040755, others 0040755. */
	bool directory = span_starts(rest, SPAN(" mode=04")) || span_starts(rest, SPAN(" mode=004"));
	bool parent = directory && span_find(rest, SPAN(" nametype=PARENT ")) < rest.len;
	return parent ? PATH_PARENT : PATH_DOUBTFUL;
}

bool call_is_ordinary(struct call *call, const struct event *event)
{
	size_t paths = 0, parents = 0;

	for (size_t i = 0; i < event->count; i++) {
		if (event->records[i].type != AUDIT_TYPE_PATH)
			continue;
		enum path_sort sort = sort_of_path(event->records[i].body, &call->hashes);
		if (sort == PATH_DOUBTFUL)
			return false;
		paths++;
		parents += sort == PATH_PARENT;
	}
	call->created = parents;
	return !paths || parents < paths;
}

/* ` subj=… key="procfs"`, ` subj=… key=(null)ARCH=…`: false in any other form. */
static bool usual_keys(const struct call *call, struct span *keys)
{
	struct cursor c = { call->rest.data, call->rest.data + call->rest.len };
	struct span label;

	if (cursor_expect(&c, SPAN(" subj=")) && !cursor_token(&c, &label))
		return false;
	if (!cursor_expect(&c, SPAN(" key=")))
		return false;
	*keys = (struct span){ 0 };
	if (cursor_expect(&c, SPAN("(null)")))
		return c.at == c.end || (unsigned char)*c.at <= ' ' || cursor_expect(&c, SPAN("ARCH="));
	if (!cursor_expect(&c, SPAN("\"")))
		return false;
	const char *close = c.at < c.end ? memchr(c.at, '"', (size_t)(c.end - c.at)) : NULL;
	if (!close)
		return false;
	*keys = (struct span){ c.at, (size_t)(close - c.at) };
	return true;
}

struct span call_keys(const struct call *call, struct arena *arena)
{
	struct span keys;

	if (usual_keys(call, &keys))
		return keys;
	return text_of(call->rest, SPAN("key"), arena);
}

bool call_title_names_proc(const struct call *call)
{
	struct span body = call->title_body;
	struct span wanted = span_starts(body, SPAN("proctitle=\"")) ? SPAN("/proc/") : SPAN("2F70726F632F");

	return span_find(body, wanted) < body.len;
}

struct span call_title(const struct call *call, struct arena *arena)
{
	return call->title_body.len ? text_of(call->title_body, SPAN("proctitle"), arena) : (struct span){ 0 };
}

/*
 * "a12" and "a12[3]" name an argument; "a12_len" and "argc" do not.
 * Returns false for those.
 */
static bool argument_number(struct span name, uint64_t *number)
{
	if (name.len < 2 || name.data[0] != 'a')
		return false;
	size_t used = span_decimal(span_skip(name, 1), number);
	return used && (used + 1 == name.len || name.data[used + 1] == '[');
}

/* The argument that grows: the last one that a chunk came for. Its room doubles, so the cost stays linear. */
struct growing {
	uint64_t number;
	char *room;
	size_t capacity;
};

static void append(struct arena *arena, struct growing *growing, uint64_t number, struct span *argument,
		   struct span chunk)
{
	size_t len = argument->len + chunk.len;

	if (growing->number != number || !growing->room || len > growing->capacity) {
		char *room = arena_alloc(arena, 2 * len);
		if (!room)
			return;
		if (argument->len)
			memcpy(room, argument->data, argument->len);
		*growing = (struct growing){ number, room, 2 * len };
	}
	if (chunk.len)
		memcpy(growing->room + argument->len, chunk.data, chunk.len);
	*argument = (struct span){ growing->room, len };
}

size_t call_arguments(const struct event *event, struct arena *arena, struct span *arguments, size_t max)
{
	struct growing growing = { 0 };
	size_t count = 0;
	uint64_t number;
	struct field field;

	for (size_t i = 0; i < event->count; i++) {
		struct span body = event->records[i].body;
		while (event->records[i].type == AUDIT_TYPE_EXECVE && field_next(&body, &field)) {
			if (!argument_number(field.name, &number) || number >= max || number > count)
				continue;
			struct span text = field_text(&field, arena);
			if (number == count)
				arguments[count++] = text;
			else if (field.name.data[field.name.len - 1] == ']')
				append(arena, &growing, number, &arguments[number], text);
		}
	}
	return count;
}

const struct path_item *call_object(const struct call *call)
{
	for (size_t i = call->path_count; i--;)
		if (!call->paths[i].is_parent)
			return &call->paths[i];
	return NULL;
}
