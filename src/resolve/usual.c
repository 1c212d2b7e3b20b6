#include "resolve/usual.h"

#include "base/words.h"
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

	c->at = word_decimal(start, c->end, value);
	return c->at > start && c->at - start < 19;
}

static inline int hex_value(char ch)
{
	if ((unsigned char)(ch - '0') < 10)
		return ch - '0';
	return (unsigned char)(ch - 'a') < 6 ? ch - 'a' + 10 : -1;
}

static bool hex(struct cursor *c, uint64_t *value)
{
	const char *start = c->at;
	uint64_t v = 0;

	for (int digit; c->at < c->end && (digit = hex_value(*c->at)) >= 0; c->at++)
		v = v << 4 | (unsigned)digit;
	*value = v;
	return c->at > start && c->at - start <= 16;
}

/* Nearly every record of a log has the same. */
static inline bool arch(struct cursor *c, uint64_t *value)
{
	if (expect(c, SPAN("arch=c000003e syscall="))) {
		*value = 0xc000003e;
		return true;
	}
	return expect(c, SPAN("arch=")) && hex(c, value) && expect(c, SPAN(" syscall="));
}

static inline __attribute__((always_inline)) bool id(struct cursor *c, uint64_t *value)
{
	return decimal(c, value) && *value <= UINT32_MAX;
}

/* A plain value up to a blank; anything strange in it is left to the twin. */
static inline bool token(struct cursor *c, struct span *value)
{
	const char *start = c->at, *p = start;
	uint64_t found = 0;

	for (; c->end - p >= 8; p += 8) {
		uint64_t word = word_load(p);
		found = word_less(word, '"' + 1) | word_equal(word, '=');
		if (found)
			break;
	}
	if (found)
		p += word_first(found);
	else
		while (p < c->end && (unsigned char)*p > '"' && *p != '=')
			p++;
	c->at = p;
	*value = (struct span){ start, (size_t)(p - start) };
	return p > start && p < c->end && *p == ' ' && *start != '{' && *start != '\'';
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

static inline bool success(struct cursor *c, struct span *value)
{
	*value = SPAN("yes");
	if (expect(c, SPAN(" success=yes")))
		return true;
	*value = SPAN("no");
	return expect(c, SPAN(" success=no"));
}

static inline bool exit_value(struct cursor *c, int64_t *value)
{
	uint64_t number;
	bool minus = expect(c, SPAN("-"));

	if (!decimal(c, &number))
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
	if (!decimal(&c, &number))
		return false;
	seen->called = (struct span){ called, (size_t)(c.at - called) };
	if (!success(&c, &seen->success) || !expect(&c, SPAN(" exit=")) || !exit_value(&c, &call->exit))
		return false;
	if (!expect(&c, SPAN(" a0=")) || !token(&c, &arguments[0]) || !expect(&c, SPAN(" a1=")) ||
	    !token(&c, &arguments[1]) || !expect(&c, SPAN(" a2=")) || !token(&c, &arguments[2]) ||
	    !expect(&c, SPAN(" a3=")) || !token(&c, &arguments[3]) || !expect(&c, SPAN(" items=")) ||
	    !decimal(&c, &number))
		return false;
	const char *who = c.at;
	if (!expect(&c, SPAN(" ppid=")) || !id(&c, &call->actor.ppid) || !expect(&c, SPAN(" pid=")) ||
	    !id(&c, &call->actor.pid))
		return false;
	call->who = (struct span){ who, (size_t)(c.end - who) };
	return true;
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

bool usual_actor(struct call *call, struct arena *arena)
{
	struct cursor c = { call->who.data, call->who.data + call->who.len };
	struct process *actor = &call->actor;
	struct field field;
	struct span terminal;

	if (!read_ids(&c, actor) || !expect(&c, SPAN(" tty=")) || !token(&c, &terminal) || !expect(&c, SPAN(" ses=")) ||
	    !id(&c, &actor->ses) || !expect(&c, SPAN(" comm=")) || !text(&c, &actor->comm, arena) ||
	    !expect(&c, SPAN(" exe=")) || !text(&c, &actor->exe, arena))
		return false;
	field = (struct field){ .value = terminal };
	actor->tty = field_text(&field, arena);
	call->who_len = (size_t)(c.at - call->who.data);
	call->rest = span_skip(call->who, call->who_len);
	return true;
}
