/*
 * JSON lines: one finding or access a line, its names and their order as
 * docs/schema/ has them. Unknown is null; see docs/schema/README.md for
 * bytes that are not UTF-8.
 *
 * {"time":"2026-11-23T22:56:01.786Z","host":"web-01","id":"9a0c…","risk":"HighRisk","score":95,…}
 */
#include "sink/json_finding.h"
#include "sink/json_writer.h"
#include "sink/type.h"

/* Text that is empty when there is none. */
static struct span or_unknown(struct span text)
{
	return text.len ? text : (struct span){ NULL, 0 };
}

static void add_judgement(struct buffer *to, const struct finding *finding)
{
	json_put_text(to, "id", or_unknown(span_of(finding->id)));
	json_put_text(to, "risk", finding->risk == RISK_NONE ? span_of(NULL) : span_of(risk_name(finding->risk)));
	json_put_number(to, "score", finding->score);
	if (finding->severity)
		json_put_number(to, "severity", finding->severity);
	else
		json_put_null(to, "severity");
	json_put_list(to, "reasons", finding->reasons, finding->reason_count);
	json_put_text(to, "rule", or_unknown(finding->rule));
	json_put_text(to, "rule_id", or_unknown(finding->rule_id));
	json_put_text(to, "rule_title", or_unknown(finding->rule_title));
	json_put_text(to, "threat", finding->threat);
}

static void add_access(struct buffer *to, const struct access *access)
{
	char room[16];

	json_put_text(to, "verb", span_of(verb_name(access->verb)));
	json_put_text(to, "entry", span_of(entry_name(access->entry)));
	json_put_text(to, "path", access->path);
	json_put_text(to, "resolved_path", access->resolved_path);
	json_put_text(to, "resolved_by", span_of(resolved_by_name(access->resolved_by)));
	json_put_bool(to, "certain", access->certain);
	json_put_text(to, "syscall", access->syscall);
	json_put_text(to, "outcome", span_of(outcome_name(access->outcome, room)));
}

/* What only a live sensor can tell is not there where none saw it. */
static void add_live(struct buffer *to, const struct process *process)
{
	json_put_iso_time_known(to, "start", process->start_ms);
	json_put_text_known(to, "container", process->container);
}

static void add_seen_by(struct buffer *to, unsigned seen_by)
{
	json_put_open(to, "sensors", '[');
	for (unsigned bit = 1; bit < SEEN_BY_END; bit <<= 1)
		if (seen_by & bit)
			json_put_word(to, NULL, seen_by_name((enum seen_by)bit));
	json_put_close(to, ']');
}

void json_add_actor(struct buffer *to, const struct process *actor, bool live)
{
	json_put_open(to, "actor", '{');
	json_put_id(to, "pid", actor->pid);
	json_put_id(to, "ppid", actor->ppid);
	json_put_id(to, "auid", actor->auid);
	json_put_id(to, "uid", actor->uid);
	json_put_id(to, "euid", actor->euid);
	json_put_text(to, "comm", actor->comm);
	json_put_text(to, "exe", actor->exe);
	json_put_text(to, "script", actor->script);
	json_put_text(to, "cmdline", actor->cmdline);
	json_put_text(to, "cwd", actor->cwd);
	json_put_text(to, "tty", actor->tty);
	json_put_id(to, "ses", actor->ses);
	if (live)
		add_live(to, actor);
	json_put_close(to, '}');
}

static void add_target(struct buffer *to, const struct access *access)
{
	const struct process *target = &access->target;

	json_put_open(to, "target", '{');
	json_put_id(to, "pid", target->pid);
	json_put_text(to, "comm", target->comm);
	json_put_text(to, "exe", target->exe);
	json_put_id(to, "uid", target->uid);
	if (access->seen_by)
		add_live(to, target);
	json_put_close(to, '}');
}

static void add_parent(struct buffer *to, const struct access *access)
{
	json_put_open(to, "parent", '{');
	json_put_id(to, "pid", access->actor.ppid);
	json_put_text(to, "exe", access->parent_exe);
	json_put_text(to, "cmdline", access->parent_cmdline);
	json_put_close(to, '}');
}

static void add_suppressed(struct buffer *to, const struct finding *finding)
{
	if (!finding->suppressed_by.data) {
		json_put_null(to, "suppressed");
		return;
	}
	json_put_open(to, "suppressed", '{');
	json_put_text(to, "by", finding->suppressed_by);
	json_put_text(to, "why", finding->suppressed_why.data ? finding->suppressed_why : SPAN(""));
	json_put_close(to, '}');
}

/* Rules of one's own may be about anything; the tactic is named where it is known. */
static void add_attack(struct buffer *to, struct span technique)
{
	if (technique.len == 0) {
		json_put_null(to, "attack");
		return;
	}
	json_put_open(to, "attack", '{');
	json_put_text(to, "tactic", span_starts(technique, SPAN("T1003")) ? SPAN("TA0006") : (struct span){ 0 });
	json_put_text(to, "technique", technique);
	json_put_close(to, '}');
}

void json_add_origin(struct buffer *to, const struct origin *origin, uint64_t serial)
{
	json_put_open(to, "origin", '{');
	json_put_text(to, "file", span_of(origin->file));
	json_put_text(to, "member", span_of(origin->member));
	json_put_number(to, "offset", origin->offset);
	if (serial)
		json_put_number(to, "serial", serial);
	else
		json_put_null(to, "serial"); /* audit counts from 1; syslog does not count */
	json_put_close(to, '}');
}

static void add_more(struct buffer *to, const struct access *access)
{
	static const char *const trust_names[] = {
		[TRUST_ANY_USER] = "user",
		[TRUST_DAEMON] = "daemon",
		[TRUST_KERNEL] = "kernel",
	};

	json_put_text(to, "trust", span_of(trust_names[access->trust]));
	json_put_bool(to, "write", access->write);
	json_put_bool(to, "path_only", access->path_only);
	json_put_bool(to, "incomplete", access->incomplete);
	json_put_id(to, "request", access->request);
	json_put_text(to, "message", access->message);
}

void json_add_finding(struct buffer *to, const struct finding *finding, bool raw)
{
	const struct access *access = &finding->access;

	json_put_open(to, NULL, '{');
	json_put_iso_time(to, "time", access->time_ms);
	json_put_text(to, "host", access->host);
	add_judgement(to, finding);
	add_access(to, access);
	json_put_number(to, "count", finding->count);
	json_put_iso_time(to, "first", finding->first_ms);
	json_put_iso_time(to, "last", finding->last_ms);
	json_add_actor(to, &access->actor, access->seen_by);
	add_parent(to, access);
	add_target(to, access);
	json_put_bool(to, "credentials", finding->credentials);
	json_put_bool(to, "self", access->self);
	add_suppressed(to, finding);
	add_attack(to, finding->technique);
	json_add_origin(to, &access->origin, access->serial);
	if (raw)
		json_put_list(to, "raw", access->raw, access->raw_count);
	add_more(to, access);
	if (finding->incident[0])
		json_put_text(to, "incident", span_of(finding->incident));
	if (access->seen_by)
		add_seen_by(to, access->seen_by);
	if (finding->update)
		json_put_bool(to, "update", true);
	json_put_close(to, '}');
}

static int json_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	json_add_finding(&sink->line, finding, sink->options.raw);
	json_put_end(&sink->line);
	return sink_put_line(sink, err);
}

static int json_incident(struct sink *sink, const struct incident *incident, struct err *err)
{
	json_add_incident(&sink->line, incident, sink->options.raw);
	json_put_end(&sink->line);
	return sink_put_line(sink, err);
}

const struct sink_type sink_json = {
	.name = "json",
	.takes_raw = true,
	.finding = json_finding,
	.incident = json_incident,
};
