#include "resolve/usual.h"

#include "model/fields.h"

struct cursor {
	const char *at, *end;
};

/* Inlined, the length is a constant and the comparison a few loads. */
static inline __attribute__((always_inline)) bool expect(struct cursor *c, struct span literal)
{
	if ((size_t)(c->end - c->at) < literal.len || memcmp(c->at, literal.data, literal.len) != 0)
		return false;
	c->at += literal.len;
	return true;
}

static inline __attribute__((always_inline)) bool decimal(struct cursor *c, uint64_t *value)
{
	const char *start = c->at;
	uint64_t v = 0;

	for (; c->at < c->end && (unsigned char)(*c->at - '0') < 10; c->at++)
		v = v * 10 + (unsigned char)(*c->at - '0');
	*value = v;
	return c->at > start && c->at - start < 19;
}

static inline int hex_value(char ch)
{
	if ((unsigned char)(ch - '0') < 10)
		return ch - '0';
	return (unsigned char)(ch - 'a') < 6 ? ch - 'a' + 10 : -1;
}

static inline __attribute__((always_inline)) bool hex(struct cursor *c, uint64_t *value)
{
	const char *start = c->at;
	uint64_t v = 0;

	for (int digit; c->at < c->end && (digit = hex_value(*c->at)) >= 0; c->at++)
		v = v << 4 | (unsigned)digit;
	*value = v;
	return c->at > start && c->at - start <= 16;
}

static inline __attribute__((always_inline)) bool id(struct cursor *c, uint64_t *value)
{
	return decimal(c, value) && *value <= UINT32_MAX;
}

/* A plain value up to a blank; anything strange in it is left to the twin. */
static inline bool token(struct cursor *c, struct span *value)
{
	const char *start = c->at;

	if (start < c->end && (*start == '{' || *start == '\''))
		return false;
	while (c->at < c->end && (unsigned char)*c->at > ' ' && *c->at != '"' && *c->at != '=')
		c->at++;
	*value = (struct span){ start, (size_t)(c->at - start) };
	return c->at > start && c->at < c->end && *c->at == ' ';
}

static bool text(struct cursor *c, struct span *value, struct arena *arena)
{
	struct field field = { .quoted = c->at < c->end && *c->at == '"' };

	if (!field.quoted) {
		if (!token(c, &field.value))
			return false;
		*value = field_text(&field, arena);
		return true;
	}
	const char *start = c->at + 1;
	const char *close = start < c->end ? memchr(start, '"', (size_t)(c->end - start)) : NULL;
	if (!close)
		return false;
	*value = (struct span){ start, (size_t)(close - start) };
	c->at = close + 1;
	return true;
}

static bool read_numbers(struct cursor *c, struct call *call, struct syscall_fields *seen)
{
	uint64_t value;
	const char *start;

	if (!expect(c, SPAN("arch=")) || !hex(c, &seen->arch) || !expect(c, SPAN(" syscall=")))
		return false;
	start = c->at;
	if (!decimal(c, &value))
		return false;
	seen->called = (struct span){ start, (size_t)(c->at - start) };
	if (expect(c, SPAN(" success=yes")))
		seen->success = SPAN("yes");
	else if (expect(c, SPAN(" success=no")))
		seen->success = SPAN("no");
	else
		return false;
	if (!expect(c, SPAN(" exit=")))
		return false;
	bool minus = expect(c, SPAN("-"));
	if (!decimal(c, &value))
		return false;
	call->exit = minus ? -(int64_t)value : (int64_t)value;
	return expect(c, SPAN(" a0=")) && hex(c, &call->a[0]) && expect(c, SPAN(" a1=")) && hex(c, &call->a[1]) &&
	       expect(c, SPAN(" a2=")) && hex(c, &call->a[2]) && expect(c, SPAN(" a3=")) && hex(c, &call->a[3]) &&
	       expect(c, SPAN(" items=")) && decimal(c, &value);
}

static bool read_ids(struct cursor *c, struct process *actor)
{
	uint64_t ignored;

	return expect(c, SPAN(" ppid=")) && id(c, &actor->ppid) && expect(c, SPAN(" pid=")) && id(c, &actor->pid) &&
	       expect(c, SPAN(" auid=")) && id(c, &actor->auid) && expect(c, SPAN(" uid=")) && id(c, &actor->uid) &&
	       expect(c, SPAN(" gid=")) && id(c, &ignored) && expect(c, SPAN(" euid=")) && id(c, &actor->euid) &&
	       expect(c, SPAN(" suid=")) && id(c, &ignored) && expect(c, SPAN(" fsuid=")) && id(c, &ignored) &&
	       expect(c, SPAN(" egid=")) && id(c, &ignored) && expect(c, SPAN(" sgid=")) && id(c, &ignored) &&
	       expect(c, SPAN(" fsgid=")) && id(c, &ignored);
}

bool call_read_usual(struct call *call, struct syscall_fields *seen, struct span body, struct arena *arena)
{
	struct cursor c = { body.data, body.data + body.len };
	struct process *actor = &call->actor;
	struct field field;
	struct span terminal;

	if (!read_numbers(&c, call, seen) || !read_ids(&c, actor) || !expect(&c, SPAN(" tty=")) ||
	    !token(&c, &terminal) || !expect(&c, SPAN(" ses=")) || !id(&c, &actor->ses) ||
	    !expect(&c, SPAN(" comm=")) || !text(&c, &actor->comm, arena) || !expect(&c, SPAN(" exe=")) ||
	    !text(&c, &actor->exe, arena))
		return false;
	field = (struct field){ .value = terminal };
	actor->tty = field_text(&field, arena);
	call->rest = (struct span){ c.at, (size_t)(c.end - c.at) };
	call->has_a[0] = call->has_a[1] = call->has_a[2] = call->has_a[3] = true;
	return true;
}
