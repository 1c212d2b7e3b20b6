#include "rule/binding.h"

#include <errno.h>
#include <inttypes.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "model/fields.h"

#define TRUE SPAN("true")
#define FALSE SPAN("false")

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
		*audit_place(binding, name) = (struct audit_field){ name, number };
}

/* Names of records' fields are looked up many times for each event. */
static int index_audit_fields(struct binding *binding, const struct sigma_engine *engine)
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
	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		if (sigma_field_source((enum sigma_field)i) == SIGMA_SOURCE_AUDITD)
			put_audit_field(binding, engine, span_of(sigma_field_name((enum sigma_field)i)), i);
	for (uint32_t i = 0; i < rules->extra_count; i++)
		if (rules->extra[i].source == SIGMA_SOURCE_AUDITD)
			put_audit_field(binding, engine, rules->extra[i].name, SIGMA_FIELD_TABLE + i);
	return 0;
}

int binding_init(struct binding *binding, const struct sigma_rules *rules, const struct sigma_engine *engine)
{
	*binding = (struct binding){ .rules = rules };
	arena_init(&binding->arena, 0);
	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		binding->reads[i] = sigma_engine_reads(engine, i);
	if (index_audit_fields(binding, engine) < 0)
		return -ENOMEM;
	return sigma_event_init(&binding->event, sigma_rules_field_count(rules));
}

void binding_finish(struct binding *binding)
{
	sigma_event_finish(&binding->event);
	free(binding->audit);
	arena_finish(&binding->arena);
}

/* ---- values ---- */

static void begin(struct binding *binding, enum sigma_source source, int64_t time_ms)
{
	binding->number_count = 0;
	if (binding->arena.used)
		arena_reset(&binding->arena);
	sigma_event_begin(&binding->event, source, time_ms);
}

/* Text that is not known is missing. */
static void add(struct binding *binding, enum sigma_field field, struct span text)
{
	if (binding->reads[field] && text.data)
		sigma_event_add(&binding->event, field, text);
}

static struct span number_text(struct binding *binding, const char *before, uint64_t number)
{
	if (binding->number_count == BINDING_NUMBERS)
		return (struct span){ 0 };
	char *room = binding->numbers[binding->number_count++];
	int len = snprintf(room, sizeof(binding->numbers[0]), "%s%" PRIu64, before, number);
	return (struct span){ room, (size_t)len };
}

static void add_number(struct binding *binding, enum sigma_field field, uint64_t number)
{
	if (binding->reads[field] && number != UNKNOWN_ID)
		sigma_event_add(&binding->event, field, number_text(binding, "", number));
}

static void add_time(struct binding *binding, enum sigma_field field, int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;

	if (!binding->reads[field] || time_ms == TIME_UNKNOWN || binding->number_count == BINDING_NUMBERS ||
	    !gmtime_r(&seconds, &tm))
		return;
	char *room = binding->numbers[binding->number_count++];
	size_t len = strftime(room, sizeof(binding->numbers[0]), "%Y-%m-%dT%H:%M:%SZ", &tm);
	sigma_event_add(&binding->event, field, (struct span){ room, len });
}

static void add_host(struct binding *binding, enum sigma_field field, struct span host, bool any)
{
	if (host.len)
		add(binding, field, host);
	if (!host.len || any)
		add(binding, field, SPAN("-"));
}

/* ---- accesses ---- */

/* Two processes are kin when they have a value in common: init and kthreadd are everybody's parents. */
static void add_kin(struct binding *binding, const struct process *actor)
{
	enum sigma_field field = SIGMA_PROCESS_ACCESS_SOURCE_KIN;

	if (!binding->reads[field])
		return;
	if (actor->pid != UNKNOWN_ID)
		sigma_event_add(&binding->event, field, number_text(binding, "process ", actor->pid));
	if (actor->ppid != UNKNOWN_ID && actor->ppid > 2)
		sigma_event_add(&binding->event, field, number_text(binding, "process ", actor->ppid));
	if (actor->ses != UNKNOWN_ID && actor->ses != UINT32_MAX)
		sigma_event_add(&binding->event, field, number_text(binding, "session ", actor->ses));
}

static void add_source(struct binding *binding, const struct access *access)
{
	const struct process *actor = &access->actor;

	add(binding, SIGMA_PROCESS_ACCESS_SOURCE_IMAGE, actor->exe);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_PROCESS_ID, actor->pid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_PARENT_ID, actor->ppid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_USER, actor->euid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_REAL_USER, actor->uid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_LOGIN_USER, actor->auid);
	if (actor->ses != UINT32_MAX)
		add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_SESSION, actor->ses);
	add(binding, SIGMA_PROCESS_ACCESS_SOURCE_COMMAND_LINE, actor->cmdline);
	add(binding, SIGMA_PROCESS_ACCESS_SOURCE_NAME, actor->comm);
	add(binding, SIGMA_PROCESS_ACCESS_SOURCE_SCRIPT, actor->script);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_SCRIPT_USER, actor->script_uid);
	add(binding, SIGMA_PROCESS_ACCESS_SOURCE_DIRECTORY, actor->cwd);
	add(binding, SIGMA_PROCESS_ACCESS_SOURCE_TRUSTED, access->trusted_exe ? TRUE : FALSE);
	add_kin(binding, actor);
}

static void add_target(struct binding *binding, const struct process *target)
{
	add(binding, SIGMA_PROCESS_ACCESS_TARGET_IMAGE, target->exe);
	add(binding, SIGMA_PROCESS_ACCESS_TARGET_NAME, target->comm);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_PROCESS_ID, target->pid);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_PARENT_ID, target->ppid);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_USER, target->euid);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_REAL_USER, target->uid);
	add_time(binding, SIGMA_PROCESS_ACCESS_TARGET_START, target->start_ms);
}

static struct span trust_text(enum trust trust)
{
	switch (trust) {
	case TRUST_KERNEL:
		return SPAN("kernel");
	case TRUST_DAEMON:
		return SPAN("daemon");
	case TRUST_ANY_USER:
		break;
	}
	return SPAN("user");
}

static void add_access(struct binding *binding, const struct access *access)
{
	const char *entry = entry_name(access->entry);
	struct span mode = access->path_only ? SPAN("path") : access->write ? SPAN("write") : SPAN("read");

	add(binding, SIGMA_PROCESS_ACCESS_ACCESS_TYPE, span_of(verb_name(access->verb)));
	add(binding, SIGMA_PROCESS_ACCESS_ACCESS_MODE, mode);
	if (entry)
		add(binding, SIGMA_PROCESS_ACCESS_PROC_ENTRY, span_of(entry));
	add(binding, SIGMA_PROCESS_ACCESS_TARGET_PATH, access->resolved_path);
	add(binding, SIGMA_PROCESS_ACCESS_GIVEN_PATH, access->path);
	add(binding, SIGMA_PROCESS_ACCESS_RESOLVED_BY, span_of(resolved_by_name(access->resolved_by)));
	add(binding, SIGMA_PROCESS_ACCESS_CERTAIN, access->certain ? TRUE : FALSE);
	add(binding, SIGMA_PROCESS_ACCESS_TRUST, trust_text(access->trust));
	add(binding, SIGMA_PROCESS_ACCESS_SYSCALL, access->syscall);
}

struct sigma_event *binding_access(struct binding *binding, const struct access *access)
{
	begin(binding, SIGMA_SOURCE_PROCESS_ACCESS, access->time_ms);
	add_time(binding, SIGMA_PROCESS_ACCESS_TIME, access->time_ms);
	add_host(binding, SIGMA_PROCESS_ACCESS_HOST, access->host, false);
	add_source(binding, access);
	add_target(binding, &access->target);
	add_access(binding, access);
	char *room = binding->numbers[BINDING_NUMBERS - 1]; /* far more than are used before it */
	add(binding, SIGMA_PROCESS_ACCESS_OUTCOME, span_of(outcome_name(access->outcome, room)));
	return &binding->event;
}

/* ---- executions, crashes, lines ---- */

struct sigma_event *binding_execution(struct binding *binding, const struct access *access)
{
	const struct process *process = &access->actor;

	begin(binding, SIGMA_SOURCE_PROCESS_CREATION, access->time_ms);
	add_time(binding, SIGMA_PROCESS_CREATION_TIME, access->time_ms);
	add_host(binding, SIGMA_PROCESS_CREATION_HOST, access->host, false);
	add(binding, SIGMA_PROCESS_CREATION_IMAGE, process->exe);
	add(binding, SIGMA_PROCESS_CREATION_COMMAND_LINE, process->cmdline);
	add(binding, SIGMA_PROCESS_CREATION_CURRENT_DIRECTORY, process->cwd);
	add_number(binding, SIGMA_PROCESS_CREATION_PROCESS_ID, process->pid);
	add(binding, SIGMA_PROCESS_CREATION_NAME, process->comm);
	add(binding, SIGMA_PROCESS_CREATION_SCRIPT, process->script);
	add_number(binding, SIGMA_PROCESS_CREATION_SCRIPT_USER, process->script_uid);
	add_number(binding, SIGMA_PROCESS_CREATION_USER, process->euid);
	add_number(binding, SIGMA_PROCESS_CREATION_LOGON_USER, process->auid);
	add_number(binding, SIGMA_PROCESS_CREATION_LOGON_ID, process->ses);
	add(binding, SIGMA_PROCESS_CREATION_TERMINAL, process->tty);
	add(binding, SIGMA_PROCESS_CREATION_PARENT_IMAGE, access->parent_exe);
	add(binding, SIGMA_PROCESS_CREATION_PARENT_COMMAND_LINE, access->parent_cmdline);
	add_number(binding, SIGMA_PROCESS_CREATION_PARENT_PROCESS_ID, process->ppid);
	return &binding->event;
}

struct sigma_event *binding_crash(struct binding *binding, const struct access *access, struct span comm, uint64_t pid)
{
	begin(binding, SIGMA_SOURCE_PROCESS_TERMINATION, access->time_ms);
	add_time(binding, SIGMA_PROCESS_TERMINATION_TIME, access->time_ms);
	add_host(binding, SIGMA_PROCESS_TERMINATION_HOST, access->host, true);
	if (access->sighting == SIGHTING_CRASH)
		add(binding, SIGMA_PROCESS_TERMINATION_IMAGE, access->actor.exe);
	add(binding, SIGMA_PROCESS_TERMINATION_NAME, comm);
	add_number(binding, SIGMA_PROCESS_TERMINATION_PROCESS_ID, pid);
	add(binding, SIGMA_PROCESS_TERMINATION_MESSAGE, access->message);
	return &binding->event;
}

struct sigma_event *binding_line(struct binding *binding, const struct access *access)
{
	begin(binding, SIGMA_SOURCE_LINE, access->time_ms);
	binding->event.services = sigma_services_of(access->actor.comm);
	binding->event.whole = access->raw_count ? access->raw[0] : access->message;
	add_time(binding, SIGMA_LINE_TIME, access->time_ms);
	add_host(binding, SIGMA_LINE_COMPUTER, access->host, true);
	add(binding, SIGMA_LINE_HOST, access->host);
	add(binding, SIGMA_LINE_PROGRAM, access->actor.comm);
	add_number(binding, SIGMA_LINE_PROCESS_ID, access->actor.pid);
	add(binding, SIGMA_LINE_MESSAGE, access->message);
	return &binding->event;
}

/* ---- audit events ---- */

/* Keys of one record stand behind each other, with \x01 between them. */
static void add_parts(struct binding *binding, uint32_t number, struct span text)
{
	do {
		size_t len = span_index(text, '\x01');
		sigma_event_add(&binding->event, number, span_first(text, len));
		text = span_skip(text, len + 1);
	} while (text.len);
}

static void add_field(struct binding *binding, const struct field *field)
{
	const struct audit_field *known = audit_place(binding, field->name);

	if (!known->name.data)
		return;
	struct span text = field_text(field, &binding->arena);
	if (text.data)
		add_parts(binding, known->number, text);
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
	add(binding, SIGMA_AUDITD_SYSCALL, span_of(name));
	add(binding, SIGMA_AUDITD_SYSCALL_NAME, span_of(name));
}

/* A record's own fields; those in msg='…' of a daemon's record, too. */
static void add_fields(struct binding *binding, struct span body)
{
	struct field field;

	while (field_next(&body, &field)) {
		add_field(binding, &field);
		if (span_equal(field.name, SPAN("msg")) && span_index(field.value, '=') < field.value.len)
			for (struct span inner = field.value; field_next(&inner, &field);)
				add_field(binding, &field);
	}
}

struct sigma_event *binding_audit(struct binding *binding, const struct event *event)
{
	begin(binding, SIGMA_SOURCE_AUDITD, event->time_ms);
	add_time(binding, SIGMA_AUDITD_TIME, event->time_ms);
	add_host(binding, SIGMA_AUDITD_HOST, event->node, false);
	for (size_t i = 0; i < event->count; i++) {
		const struct event_record *record = &event->records[i];
		const char *type = record_type_name(record->type);
		if (type)
			add(binding, SIGMA_AUDITD_TYPE, span_of(type));
		if (record->type == AUDIT_TYPE_SYSCALL)
			add_call(binding, record->body);
		add_fields(binding, record->body);
	}
	return &binding->event;
}
