#include "resolve/usual.h"

#include "resolve/cursor.h"

/* A field of that name (with the blank before and the '=' behind it), and its value. */
static inline __attribute__((always_inline)) bool id(struct cursor *c, struct span name, uint64_t *value)
{
	return cursor_expect(c, name) && cursor_id(c, value);
}

static inline bool decimal(struct cursor *c, struct span name, uint64_t *value)
{
	return cursor_expect(c, name) && cursor_decimal(c, value);
}

static inline bool token(struct cursor *c, struct span name, struct span *value)
{
	return cursor_expect(c, name) && cursor_token(c, value);
}

static inline bool text(struct cursor *c, struct span name, struct span *value, struct arena *arena)
{
	return cursor_expect(c, name) && cursor_text(c, value, arena);
}

/* Nearly every record of a log has the same. */
static inline bool arch(struct cursor *c, uint64_t *value)
{
	if (cursor_expect(c, SPAN("arch=c000003e syscall="))) {
		*value = 0xc000003e;
		return true;
	}
	return cursor_expect(c, SPAN("arch=")) && cursor_hex(c, value) && cursor_expect(c, SPAN(" syscall="));
}

static inline bool success(struct cursor *c, struct span *value)
{
	*value = SPAN("yes");
	if (cursor_expect(c, SPAN(" success=yes")))
		return true;
	*value = SPAN("no");
	return cursor_expect(c, SPAN(" success=no"));
}

static inline bool exit_value(struct cursor *c, int64_t *value)
{
	uint64_t number;
	bool minus = cursor_expect(c, SPAN("-"));

	if (!cursor_decimal(c, &number))
		return false;
	*value = minus ? -(int64_t)number : (int64_t)number;
	return true;
}

bool usual_call(struct call *call, struct syscall_fields *seen, struct span body)
{
	struct cursor c = { body.data, body.data + body.len };
	struct span *arguments = call->arguments;
	uint64_t number;

	if (!arch(&c, &seen->arch))
		return false;
	const char *called = c.at;
	if (!cursor_decimal(&c, &number))
		return false;
	seen->called = (struct span){ called, (size_t)(c.at - called) };
	if (!success(&c, &seen->success) || !cursor_expect(&c, SPAN(" exit=")) || !exit_value(&c, &call->exit))
		return false;
	if (!token(&c, SPAN(" a0="), &arguments[0]) || !token(&c, SPAN(" a1="), &arguments[1]) ||
	    !token(&c, SPAN(" a2="), &arguments[2]) || !token(&c, SPAN(" a3="), &arguments[3]) ||
	    !decimal(&c, SPAN(" items="), &number))
		return false;
	const char *who = c.at;
	if (!id(&c, SPAN(" ppid="), &call->actor.ppid) || !id(&c, SPAN(" pid="), &call->actor.pid))
		return false;
	call->who = (struct span){ who, (size_t)(c.end - who) };
	return true;
}

static bool read_ids(struct cursor *c, struct process *actor)
{
	uint64_t ignored;

	return id(c, SPAN(" ppid="), &actor->ppid) && id(c, SPAN(" pid="), &actor->pid) &&
	       id(c, SPAN(" auid="), &actor->auid) && id(c, SPAN(" uid="), &actor->uid) &&
	       id(c, SPAN(" gid="), &ignored) && id(c, SPAN(" euid="), &actor->euid) &&
	       id(c, SPAN(" suid="), &ignored) && id(c, SPAN(" fsuid="), &ignored) && id(c, SPAN(" egid="), &ignored) &&
	       id(c, SPAN(" sgid="), &ignored) && id(c, SPAN(" fsgid="), &ignored);
}

bool usual_actor(struct call *call, struct arena *arena)
{
	struct cursor c = { call->who.data, call->who.data + call->who.len };
	struct process *actor = &call->actor;
	struct field field;
	struct span terminal;

	if (!read_ids(&c, actor) || !token(&c, SPAN(" tty="), &terminal) || !id(&c, SPAN(" ses="), &actor->ses) ||
	    !text(&c, SPAN(" comm="), &actor->comm, arena) || !text(&c, SPAN(" exe="), &actor->exe, arena))
		return false;
	field = (struct field){ .value = terminal };
	actor->tty = field_text(&field, arena);
	call->who_len = (size_t)(c.at - call->who.data);
	call->rest = span_skip(call->who, call->who_len);
	return true;
}

/* "fd:00": twelve bits and twenty, as in the kernel's dev_t. */
static inline bool device(struct cursor *c, struct span name, uint32_t *value)
{
	uint64_t major_number, minor_number;

	if (!cursor_expect(c, name) || !cursor_hex(c, &major_number) || !cursor_expect(c, SPAN(":")) ||
	    !cursor_hex(c, &minor_number) || major_number > 0xfff || minor_number > 0xfffff)
		return false;
	*value = (uint32_t)(major_number << 20 | minor_number);
	return true;
}

static inline bool octal(struct cursor *c, struct span name, uint32_t *value)
{
	const char *start;
	uint32_t v = 0;

	if (!cursor_expect(c, name))
		return false;
	for (start = c->at; c->at < c->end && (unsigned char)(*c->at - '0') < 8; c->at++)
		v = v << 3 | (unsigned char)(*c->at - '0');
	*value = v;
	return c->at > start && c->at - start <= 8;
}

static inline bool name_type(struct cursor *c, bool *is_parent)
{
	if (!cursor_expect(c, SPAN(" nametype=")))
		return false;
	*is_parent = cursor_expect(c, SPAN("PARENT"));
	return (*is_parent || cursor_expect(c, SPAN("NORMAL")) || cursor_expect(c, SPAN("CREATE"))) &&
	       (c->at == c->end || *c->at == ' ');
}

bool usual_path(struct path_item *item, struct span body, struct arena *arena)
{
	struct cursor c = { body.data, body.data + body.len };
	struct span label;
	uint64_t number, owner, group;

	*item = (struct path_item){ .has_dev = true, .has_mode = true, .has_uid = true };
	if (!decimal(&c, SPAN("item="), &number) || !text(&c, SPAN(" name="), &item->name, arena) ||
	    !decimal(&c, SPAN(" inode="), &item->inode) || !device(&c, SPAN(" dev="), &item->dev) ||
	    !octal(&c, SPAN(" mode="), &item->mode) || !id(&c, SPAN(" ouid="), &owner) ||
	    !id(&c, SPAN(" ogid="), &group) || !device(&c, SPAN(" rdev="), &item->rdev))
		return false;
	item->number = (uint32_t)number;
	item->uid = (uint32_t)owner;
	struct cursor behind = c;
	if (token(&c, SPAN(" obj="), &label))
		behind = c;
	return name_type(&behind, &item->is_parent);
}
