/*
 * binding_audit: audit events as Sigma events of service auditd: the fields of
 * all of their records, as rules name them.
 *
 *   type=EXECVE … argc=2 a0="cat" a1=2D63206C73     text: a1 is "-c ls"
 *   type=SYSCALL … syscall=59 … a0=10 … uid=1000    numbers, though they read as hex
 */
#include <errno.h>
#include <libaudit.h>
#include <stdlib.h>

#include "base/hash.h"
#include "model/fields.h"
#include "rule/binding_parts.h"

/* Fields that the kernel or a daemon writes in hex where their text needs it (auparse/typetab.h: ESCAPED). */
static const char *const encoded[] = {
	"acct", "cgroup",    "cmd",	"comm",	    "cwd",	"data",	  "device", "dir",	"exe",
	"file", "info",	     "key",	"name",	    "new-disk", "new-fs", "ocomm",  "old-disk", "old-fs",
	"path", "proctitle", "profile", "root_dir", "sw",	"vm",	  "watch",
};

static bool is_encoded(struct span name)
{
	for (size_t i = 0; i < sizeof(encoded) / sizeof(*encoded); i++)
		if (span_equal(name, span_of(encoded[i])))
			return true;
	return false;
}

static struct audit_field *audit_place(const struct binding *binding, struct span name)
{
	uint32_t at = (uint32_t)hash_bytes(name) & binding->audit_mask;

	while (binding->audit[at].name.data && !span_equal(binding->audit[at].name, name))
		at = (at + 1) & binding->audit_mask;
	return &binding->audit[at];
}

static void put_audit_field(struct binding *binding, const struct sigma_engine *engine, struct span name,
			    uint32_t number)
{
	if (sigma_engine_reads(engine, number))
		*audit_place(binding, name) = (struct audit_field){ name, number, is_encoded(name) };
}

/* What the event is, no record's body says. */
static bool is_ours(uint32_t number)
{
	return number == SIGMA_AUDITD_TIME || number == SIGMA_AUDITD_HOST || number == SIGMA_AUDITD_TYPE;
}

/* Names of records' fields are looked up many times for each event. */
int binding_index_audit(struct binding *binding, const struct sigma_engine *engine)
{
	const struct sigma_rules *rules = binding->rules;
	uint32_t size = 64;

	if (!sigma_engine_wants(engine, SIGMA_SOURCE_AUDITD))
		return 0;
	while (size < 2 * (SIGMA_FIELD_TABLE + rules->extra_count))
		size *= 2;
	binding->audit = calloc(size, sizeof(*binding->audit));
	if (!binding->audit)
		return -ENOMEM;
	binding->audit_mask = size - 1;
	binding->audit_whole = sigma_engine_reads_whole(engine, SIGMA_SOURCE_AUDITD);
	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		if (sigma_field_source((enum sigma_field)i) == SIGMA_SOURCE_AUDITD && !is_ours(i))
			put_audit_field(binding, engine, span_of(sigma_field_name((enum sigma_field)i)), i);
	for (uint32_t i = 0; i < rules->extra_count; i++)
		if (rules->extra[i].source == SIGMA_SOURCE_AUDITD)
			put_audit_field(binding, engine, rules->extra[i].name, SIGMA_FIELD_TABLE + i);
	return 0;
}

/* Keys of one record stand behind each other, with \x01 between them. */
static void add_parts(struct binding *binding, uint32_t number, struct span text)
{
	do {
		size_t len = span_index(text, '\x01');
		sigma_event_add(&binding->event, number, span_first(text, len));
		text = span_skip(text, len + 1);
	} while (text.len);
}

/* "a1", and of a long argument each piece: "a1[0]". */
static bool is_argument(struct span name)
{
	return name.len > 1 && name.data[0] == 'a' && name.data[1] >= '0' && name.data[1] <= '9' &&
	       span_find(name, SPAN("_len")) == name.len;
}

static bool is_null(struct span value)
{
	return span_equal(value, SPAN("(null)")) || span_equal(value, SPAN("(none)")) || span_equal(value, SPAN("?"));
}

static void add_field(struct binding *binding, uint16_t type, const struct field *field)
{
	bool argument = type == AUDIT_TYPE_EXECVE && is_argument(field->name);
	struct span name = argument ? span_first(field->name, span_index(field->name, '[')) : field->name;
	const struct audit_field *known = audit_place(binding, name);
	struct span text = field->value;

	if (!known->name.data && !binding->audit_whole)
		return;
	if (argument || (known->name.data ? known->encoded : is_encoded(name)))
		text = field_text(field, &binding->arena);
	else if (!field->quoted && is_null(text))
		return;
	if (!text.data)
		return;
	if (known->name.data)
		add_parts(binding, known->number, text);
	if (binding->audit_whole && text.data != field->value.data) {
		buffer_add_byte(&binding->whole, ' ');
		buffer_add(&binding->whole, text);
	}
}

/* Numbers depend on the architecture; rules of the field ask for names. */
static void add_call(struct binding *binding, struct span body)
{
	struct field arch, call;
	uint64_t machine;
	uint32_t number;

	if (!field_find(body, SPAN("arch"), &arch) || !field_find(body, SPAN("syscall"), &call) ||
	    !field_u64_hex(&arch, &machine) || !field_u32(&call, &number))
		return;
	const char *name = audit_syscall_to_name((int)number, audit_elf_to_machine((unsigned)machine));
	if (!name)
		return;
	binding_add(binding, SIGMA_AUDITD_SYSCALL, span_of(name));
	binding_add(binding, SIGMA_AUDITD_SYSCALL_NAME, span_of(name));
}

/* A record's own fields; those in msg='…' of a daemon's record, too. */
static void add_fields(struct binding *binding, const struct event_record *record)
{
	struct span body = record->body;
	struct field field;

	while (field_next(&body, &field)) {
		add_field(binding, record->type, &field);
		if (span_equal(field.name, SPAN("msg")) && span_index(field.value, '=') < field.value.len)
			for (struct span inner = field.value; field_next(&inner, &field);)
				add_field(binding, record->type, &field);
	}
}

static void add_record(struct binding *binding, const struct event_record *record)
{
	const char *type = record_type_name(record->type);

	if (type)
		binding_add(binding, SIGMA_AUDITD_TYPE, span_of(type));
	if (binding->audit_whole) {
		buffer_printf(&binding->whole, "%stype=%s ", binding->whole.len ? "\n" : "", type ? type : "?");
		buffer_add(&binding->whole, record->body);
	}
	if (record->type == AUDIT_TYPE_SYSCALL)
		add_call(binding, record->body);
	add_fields(binding, record);
}

struct sigma_event *binding_audit(struct binding *binding, const struct event *event)
{
	binding_begin(binding, SIGMA_SOURCE_AUDITD, event->time_ms);
	binding_add_time(binding, SIGMA_AUDITD_TIME, event->time_ms);
	binding_add_host(binding, SIGMA_AUDITD_HOST, event->node, false);
	binding->whole.len = 0;
	for (size_t i = 0; i < event->count; i++)
		add_record(binding, &event->records[i]);
	if (binding->audit_whole)
		binding->event.whole = buffer_span(&binding->whole);
	return &binding->event;
}
