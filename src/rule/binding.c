#include "rule/binding_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/digits.h"

#define TRUE SPAN("true")
#define FALSE SPAN("false")

/* The texts of executions that literals are looked for in. */
static const uint32_t glanced[] = {
	SIGMA_PROCESS_CREATION_IMAGE,
	SIGMA_PROCESS_CREATION_COMMAND_LINE,
	SIGMA_PROCESS_CREATION_NAME,
	SIGMA_PROCESS_CREATION_SCRIPT,
};
#define GLANCED (sizeof(glanced) / sizeof(glanced[0]))

int binding_init(struct binding *binding, const struct sigma_rules *rules, const struct sigma_engine *engine)
{
	*binding = (struct binding){ .rules = rules };
	arena_init(&binding->arena, 0);
	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		binding->reads[i] = sigma_engine_reads(engine, i) ||
				    sigma_engine_reads_whole(engine, sigma_field_source((enum sigma_field)i));
	binding->glances = sigma_engine_glances(engine, SIGMA_SOURCE_PROCESS_CREATION, glanced, GLANCED);
	if (binding_index_audit(binding, engine) < 0)
		return -ENOMEM;
	return sigma_event_init(&binding->event, sigma_rules_field_count(rules));
}

void binding_finish(struct binding *binding)
{
	sigma_event_finish(&binding->event);
	free(binding->audit);
	buffer_finish(&binding->whole);
	arena_finish(&binding->arena);
}

/* ---- values ---- */

void binding_begin(struct binding *binding, enum sigma_source source, int64_t time_ms)
{
	binding->number_count = 0;
	if (binding->arena.used)
		arena_reset(&binding->arena);
	sigma_event_begin(&binding->event, source, time_ms);
}

void binding_add(struct binding *binding, enum sigma_field field, struct span text)
{
	if (binding->reads[field] && text.data)
		sigma_event_add(&binding->event, field, text);
}

/* `before` is a word and a blank, or empty. */
static struct span number_text(struct binding *binding, struct span before, uint64_t number)
{
	if (binding->number_count == BINDING_NUMBERS)
		return (struct span){ 0 };
	char *room = binding->numbers[binding->number_count++];
	if (before.len)
		memcpy(room, before.data, before.len);
	return (struct span){ room, before.len + digits_decimal(room + before.len, number) };
}

static void add_number(struct binding *binding, enum sigma_field field, uint64_t number)
{
	if (binding->reads[field] && number != UNKNOWN_ID)
		sigma_event_add(&binding->event, field, number_text(binding, (struct span){ 0 }, number));
}

void binding_add_time(struct binding *binding, enum sigma_field field, int64_t time_ms)
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

void binding_add_host(struct binding *binding, enum sigma_field field, struct span host, bool any)
{
	if (any && host.len && binding->reads[field])
		sigma_event_add_also(&binding->event, field, SPAN("-"));
	binding_add(binding, field, host.len ? host : SPAN("-"));
}

/* ---- accesses ---- */

/* Two processes are kin when they have a value in common: init and kthreadd are everybody's parents. */
static void add_kin(struct binding *binding, const struct process *actor)
{
	enum sigma_field field = SIGMA_PROCESS_ACCESS_SOURCE_KIN;

	if (!binding->reads[field])
		return;
	if (actor->pid != UNKNOWN_ID)
		sigma_event_add(&binding->event, field, number_text(binding, SPAN("process "), actor->pid));
	if (actor->ppid != UNKNOWN_ID && actor->ppid > 2)
		sigma_event_add(&binding->event, field, number_text(binding, SPAN("process "), actor->ppid));
	if (actor->ses != UNKNOWN_ID && actor->ses != UINT32_MAX)
		sigma_event_add(&binding->event, field, number_text(binding, SPAN("session "), actor->ses));
}

static void add_source(struct binding *binding, const struct access *access)
{
	const struct process *actor = &access->actor;

	binding_add(binding, SIGMA_PROCESS_ACCESS_SOURCE_IMAGE, actor->exe);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_PROCESS_ID, actor->pid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_PARENT_ID, actor->ppid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_USER, actor->euid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_REAL_USER, actor->uid);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_LOGIN_USER, actor->auid);
	if (actor->ses != UINT32_MAX)
		add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_SESSION, actor->ses);
	binding_add(binding, SIGMA_PROCESS_ACCESS_SOURCE_COMMAND_LINE, actor->cmdline);
	binding_add(binding, SIGMA_PROCESS_ACCESS_SOURCE_NAME, actor->comm);
	binding_add(binding, SIGMA_PROCESS_ACCESS_SOURCE_SCRIPT, actor->script);
	add_number(binding, SIGMA_PROCESS_ACCESS_SOURCE_SCRIPT_USER, actor->script_uid);
	binding_add(binding, SIGMA_PROCESS_ACCESS_SOURCE_DIRECTORY, actor->cwd);
	binding_add(binding, SIGMA_PROCESS_ACCESS_SOURCE_TRUSTED, access->trusted_exe ? TRUE : FALSE);
	add_kin(binding, actor);
}

static void add_target(struct binding *binding, const struct process *target)
{
	binding_add(binding, SIGMA_PROCESS_ACCESS_TARGET_IMAGE, target->exe);
	binding_add(binding, SIGMA_PROCESS_ACCESS_TARGET_NAME, target->comm);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_PROCESS_ID, target->pid);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_PARENT_ID, target->ppid);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_USER, target->euid);
	add_number(binding, SIGMA_PROCESS_ACCESS_TARGET_REAL_USER, target->uid);
	binding_add_time(binding, SIGMA_PROCESS_ACCESS_TARGET_START, target->start_ms);
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

	binding_add(binding, SIGMA_PROCESS_ACCESS_ACCESS_TYPE, span_of(verb_name(access->verb)));
	binding_add(binding, SIGMA_PROCESS_ACCESS_ACCESS_MODE, mode);
	if (entry)
		binding_add(binding, SIGMA_PROCESS_ACCESS_PROC_ENTRY, span_of(entry));
	binding_add(binding, SIGMA_PROCESS_ACCESS_TARGET_PATH, access->resolved_path);
	binding_add(binding, SIGMA_PROCESS_ACCESS_GIVEN_PATH, access->path);
	binding_add(binding, SIGMA_PROCESS_ACCESS_RESOLVED_BY, span_of(resolved_by_name(access->resolved_by)));
	binding_add(binding, SIGMA_PROCESS_ACCESS_CERTAIN, access->certain ? TRUE : FALSE);
	binding_add(binding, SIGMA_PROCESS_ACCESS_TRUST, trust_text(access->trust));
	binding_add(binding, SIGMA_PROCESS_ACCESS_SYSCALL, access->syscall);
}

struct sigma_event *binding_access(struct binding *binding, const struct access *access)
{
	binding_begin(binding, SIGMA_SOURCE_PROCESS_ACCESS, access->time_ms);
	binding_add_time(binding, SIGMA_PROCESS_ACCESS_TIME, access->time_ms);
	binding_add_host(binding, SIGMA_PROCESS_ACCESS_HOST, access->host, false);
	add_source(binding, access);
	add_target(binding, &access->target);
	add_access(binding, access);
	char *room = binding->numbers[BINDING_NUMBERS - 1]; /* far more than are used before it */
	binding_add(binding, SIGMA_PROCESS_ACCESS_OUTCOME, span_of(outcome_name(access->outcome, room)));
	return &binding->event;
}

/* ---- executions, crashes, lines ---- */

struct sigma_event *binding_execution(struct binding *binding, const struct access *access)
{
	const struct process *process = &access->actor;

	binding_begin(binding, SIGMA_SOURCE_PROCESS_CREATION, access->time_ms);
	binding_add_time(binding, SIGMA_PROCESS_CREATION_TIME, access->time_ms);
	binding_add_host(binding, SIGMA_PROCESS_CREATION_HOST, access->host, false);
	binding_add(binding, SIGMA_PROCESS_CREATION_IMAGE, process->exe);
	binding_add(binding, SIGMA_PROCESS_CREATION_COMMAND_LINE, process->cmdline);
	binding_add(binding, SIGMA_PROCESS_CREATION_CURRENT_DIRECTORY, process->cwd);
	add_number(binding, SIGMA_PROCESS_CREATION_PROCESS_ID, process->pid);
	binding_add(binding, SIGMA_PROCESS_CREATION_NAME, process->comm);
	binding_add(binding, SIGMA_PROCESS_CREATION_SCRIPT, process->script);
	add_number(binding, SIGMA_PROCESS_CREATION_SCRIPT_USER, process->script_uid);
	add_number(binding, SIGMA_PROCESS_CREATION_USER, process->euid);
	add_number(binding, SIGMA_PROCESS_CREATION_LOGON_USER, process->auid);
	add_number(binding, SIGMA_PROCESS_CREATION_LOGON_ID, process->ses);
	binding_add(binding, SIGMA_PROCESS_CREATION_TERMINAL, process->tty);
	binding_add(binding, SIGMA_PROCESS_CREATION_PARENT_IMAGE, access->parent_exe);
	binding_add(binding, SIGMA_PROCESS_CREATION_PARENT_COMMAND_LINE, access->parent_cmdline);
	add_number(binding, SIGMA_PROCESS_CREATION_PARENT_PROCESS_ID, process->ppid);
	return &binding->event;
}

static inline __attribute__((always_inline)) void add_glance(struct binding *binding, struct span *glance,
							     enum sigma_field field, struct span text)
{
	if (!binding->reads[field] || !text.len || !glance->data)
		return;
	if (text.len > BINDING_GLANCE - glance->len) {
		*glance = (struct span){ 0 };
		return;
	}
	memcpy(binding->glance + glance->len, text.data, text.len);
	glance->len += text.len;
}

/* Those of `glanced`. What one text ends with and the next begins with may be taken for a literal: for nothing. */
struct span binding_glance(struct binding *binding, const struct access *access)
{
	const struct process *process = &access->actor;
	struct span glance = { binding->glances ? binding->glance : NULL, 0 };

	add_glance(binding, &glance, SIGMA_PROCESS_CREATION_IMAGE, process->exe);
	add_glance(binding, &glance, SIGMA_PROCESS_CREATION_COMMAND_LINE, process->cmdline);
	add_glance(binding, &glance, SIGMA_PROCESS_CREATION_NAME, process->comm);
	add_glance(binding, &glance, SIGMA_PROCESS_CREATION_SCRIPT, process->script);
	return glance;
}

struct sigma_event *binding_crash(struct binding *binding, const struct access *access, struct span comm, uint64_t pid)
{
	binding_begin(binding, SIGMA_SOURCE_PROCESS_TERMINATION, access->time_ms);
	binding_add_time(binding, SIGMA_PROCESS_TERMINATION_TIME, access->time_ms);
	binding_add_host(binding, SIGMA_PROCESS_TERMINATION_HOST, access->host, true);
	if (access->sighting == SIGHTING_CRASH)
		binding_add(binding, SIGMA_PROCESS_TERMINATION_IMAGE, access->actor.exe);
	binding_add(binding, SIGMA_PROCESS_TERMINATION_NAME, comm);
	add_number(binding, SIGMA_PROCESS_TERMINATION_PROCESS_ID, pid);
	binding_add(binding, SIGMA_PROCESS_TERMINATION_MESSAGE, access->message);
	return &binding->event;
}

struct sigma_event *binding_line(struct binding *binding, const struct access *access)
{
	binding_begin(binding, SIGMA_SOURCE_LINE, access->time_ms);
	binding->event.services = sigma_services_of(access->actor.comm);
	binding->event.whole = access->raw_count ? access->raw[0] : access->message;
	binding_add_time(binding, SIGMA_LINE_TIME, access->time_ms);
	binding_add_host(binding, SIGMA_LINE_COMPUTER, access->host, true);
	binding_add(binding, SIGMA_LINE_HOST, access->host);
	binding_add(binding, SIGMA_LINE_PROGRAM, access->actor.comm);
	add_number(binding, SIGMA_LINE_PROCESS_ID, access->actor.pid);
	binding_add(binding, SIGMA_LINE_MESSAGE, access->message);
	return &binding->event;
}

/* ---- files ---- */

struct sigma_event *binding_file(struct binding *binding, const struct access *access)
{
	const struct process *process = &access->actor;
	struct span path = access->resolved_path.len ? access->resolved_path : access->path;

	binding_begin(binding, SIGMA_SOURCE_FILE_EVENT, access->time_ms);
	binding_add_time(binding, SIGMA_FILE_EVENT_TIME, access->time_ms);
	if (access->created)
		binding_add_time(binding, SIGMA_FILE_EVENT_CREATED, access->time_ms);
	binding_add_host(binding, SIGMA_FILE_EVENT_HOST, access->host, false);
	binding_add(binding, SIGMA_FILE_EVENT_TARGET_FILENAME, path);
	binding_add(binding, SIGMA_FILE_EVENT_ACTION, access->created ? SPAN("created") : SPAN("written"));
	binding_add(binding, SIGMA_FILE_EVENT_IMAGE, process->exe);
	add_number(binding, SIGMA_FILE_EVENT_PROCESS_ID, process->pid);
	binding_add(binding, SIGMA_FILE_EVENT_NAME, process->comm);
	binding_add(binding, SIGMA_FILE_EVENT_COMMAND_LINE, process->cmdline);
	binding_add(binding, SIGMA_FILE_EVENT_CURRENT_DIRECTORY, process->cwd);
	binding_add(binding, SIGMA_FILE_EVENT_SCRIPT, process->script);
	add_number(binding, SIGMA_FILE_EVENT_USER, process->euid);
	add_number(binding, SIGMA_FILE_EVENT_LOGON_USER, process->auid);
	add_number(binding, SIGMA_FILE_EVENT_LOGON_ID, process->ses);
	binding_add(binding, SIGMA_FILE_EVENT_PARENT_IMAGE, access->parent_exe);
	binding_add(binding, SIGMA_FILE_EVENT_PARENT_COMMAND_LINE, access->parent_cmdline);
	add_number(binding, SIGMA_FILE_EVENT_PARENT_PROCESS_ID, process->ppid);
	binding_add(binding, SIGMA_FILE_EVENT_SYSCALL, access->syscall);
	return &binding->event;
}
