/*
 * JSON lines: one finding or access a line, its names and their order as
 * docs/schema/ has them. Unknown is null; see docs/schema/README.md for
 * bytes that are not UTF-8.
 *
 * {"time":"2026-11-23T22:56:01.786Z","host":"web-01","id":"9a0c…","risk":"HighRisk","score":95,…}
 */
#include "sink/escape.h"
#include "sink/iso_time.h"
#include "sink/quantity.h"
#include "sink/type.h"

/* Every add_ function leaves a comma behind its value; close_with turns the last one into the bracket. */
static void add_name(struct buffer *to, const char *name)
{
	buffer_add_byte(to, '"');
	buffer_text(to, name);
	buffer_add(to, SPAN("\":"));
}

static void open_with(struct buffer *to, const char *name, char bracket)
{
	add_name(to, name);
	buffer_add_byte(to, bracket);
}

static void close_with(struct buffer *to, char bracket)
{
	if (!to->failed && to->len && to->data[to->len - 1] == ',')
		to->len--;
	buffer_add_byte(to, bracket);
	buffer_add_byte(to, ',');
}

static void add_text(struct buffer *to, const char *name, struct span text)
{
	add_name(to, name);
	escape_json(to, text);
	buffer_add_byte(to, ',');
}

static void add_number(struct buffer *to, const char *name, uint64_t value)
{
	char room[QUANTITY_ROOM];

	add_name(to, name);
	buffer_text(to, quantity_digits(value, room));
	buffer_add_byte(to, ',');
}

static void add_null(struct buffer *to, const char *name)
{
	add_name(to, name);
	buffer_add(to, SPAN("null,"));
}

static void add_id(struct buffer *to, const char *name, uint64_t id)
{
	if (id == UNKNOWN_ID)
		add_null(to, name);
	else
		add_number(to, name, id);
}

static void add_bool(struct buffer *to, const char *name, bool value)
{
	add_name(to, name);
	buffer_add(to, value ? SPAN("true,") : SPAN("false,"));
}

static void add_time(struct buffer *to, const char *name, int64_t time_ms)
{
	char room[ISO_TIME_ROOM];

	add_text(to, name, span_of(iso_time(time_ms, room)));
}

/* Text that is empty when there is none. */
static struct span or_unknown(struct span text)
{
	return text.len ? text : (struct span){ NULL, 0 };
}

static void add_list(struct buffer *to, const char *name, const struct span *items, size_t count)
{
	open_with(to, name, '[');
	for (size_t i = 0; i < count; i++) {
		escape_json(to, items[i].data ? items[i] : SPAN(""));
		buffer_add_byte(to, ',');
	}
	close_with(to, ']');
}

static void add_judgement(struct buffer *to, const struct finding *finding)
{
	add_text(to, "id", or_unknown(span_of(finding->id)));
	add_text(to, "risk", finding->risk == RISK_NONE ? span_of(NULL) : span_of(risk_name(finding->risk)));
	add_number(to, "score", finding->score);
	if (finding->severity)
		add_number(to, "severity", finding->severity);
	else
		add_null(to, "severity");
	add_list(to, "reasons", finding->reasons, finding->reason_count);
	add_text(to, "rule", or_unknown(finding->rule));
}

static void add_access(struct buffer *to, const struct access *access)
{
	char room[16];

	add_text(to, "verb", span_of(verb_name(access->verb)));
	add_text(to, "entry", span_of(entry_name(access->entry)));
	add_text(to, "path", access->path);
	add_text(to, "resolved_path", access->resolved_path);
	add_text(to, "resolved_by", span_of(resolved_by_name(access->resolved_by)));
	add_bool(to, "certain", access->certain);
	add_text(to, "syscall", access->syscall);
	add_text(to, "outcome", span_of(outcome_name(access->outcome, room)));
}

static void add_actor(struct buffer *to, const struct process *actor)
{
	open_with(to, "actor", '{');
	add_id(to, "pid", actor->pid);
	add_id(to, "ppid", actor->ppid);
	add_id(to, "auid", actor->auid);
	add_id(to, "uid", actor->uid);
	add_id(to, "euid", actor->euid);
	add_text(to, "comm", actor->comm);
	add_text(to, "exe", actor->exe);
	add_text(to, "script", actor->script);
	add_text(to, "cmdline", actor->cmdline);
	add_text(to, "cwd", actor->cwd);
	add_text(to, "tty", actor->tty);
	add_id(to, "ses", actor->ses);
	close_with(to, '}');
}

static void add_target(struct buffer *to, const struct process *target)
{
	open_with(to, "target", '{');
	add_id(to, "pid", target->pid);
	add_text(to, "comm", target->comm);
	add_text(to, "exe", target->exe);
	add_id(to, "uid", target->uid);
	close_with(to, '}');
}

static void add_suppressed(struct buffer *to, const struct finding *finding)
{
	if (!finding->suppressed_by.data) {
		add_null(to, "suppressed");
		return;
	}
	open_with(to, "suppressed", '{');
	add_text(to, "by", finding->suppressed_by);
	add_text(to, "why", finding->suppressed_why.data ? finding->suppressed_why : SPAN(""));
	close_with(to, '}');
}

/* Every technique that proctor knows of belongs to Credential Access. */
static void add_attack(struct buffer *to, struct span technique)
{
	if (technique.len == 0) {
		add_null(to, "attack");
		return;
	}
	open_with(to, "attack", '{');
	add_text(to, "tactic", SPAN("TA0006"));
	add_text(to, "technique", technique);
	close_with(to, '}');
}

static void add_origin(struct buffer *to, const struct access *access)
{
	open_with(to, "origin", '{');
	add_text(to, "file", span_of(access->origin.file));
	add_text(to, "member", span_of(access->origin.member));
	add_number(to, "offset", access->origin.offset);
	if (access->serial)
		add_number(to, "serial", access->serial);
	else
		add_null(to, "serial"); /* audit counts from 1; syslog does not count */
	close_with(to, '}');
}

static void add_more(struct buffer *to, const struct access *access)
{
	static const char *const trust_names[] = {
		[TRUST_ANY_USER] = "user",
		[TRUST_DAEMON] = "daemon",
		[TRUST_KERNEL] = "kernel",
	};

	add_text(to, "trust", span_of(trust_names[access->trust]));
	add_bool(to, "write", access->write);
	add_bool(to, "path_only", access->path_only);
	add_bool(to, "incomplete", access->incomplete);
	add_id(to, "request", access->request);
	add_text(to, "message", access->message);
}

static int json_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	const struct access *access = &finding->access;
	struct buffer *to = &sink->line;

	buffer_add_byte(to, '{');
	add_time(to, "time", access->time_ms);
	add_text(to, "host", access->host);
	add_judgement(to, finding);
	add_access(to, access);
	add_number(to, "count", finding->count);
	add_time(to, "first", finding->first_ms);
	add_time(to, "last", finding->last_ms);
	add_actor(to, &access->actor);
	add_target(to, &access->target);
	add_bool(to, "self", access->self);
	add_suppressed(to, finding);
	add_attack(to, finding->technique);
	add_origin(to, access);
	if (sink->options.raw)
		add_list(to, "raw", access->raw, access->raw_count);
	add_more(to, access);
	close_with(to, '}');
	if (!to->failed)
		to->data[to->len - 1] = '\n';
	return sink_put_line(sink, err);
}

const struct sink_type sink_json = { .name = "json", .finding = json_finding };
