/*
 * ArcSight Common Event Format, one finding a line.
 *
 * CEF:0|proctor|proctor|0.1.0|memory-open|memory of another process opened|10|rt=1795430934106 dvchost=web-01 …
 *
 * Keys are the dictionary's (Micro Focus, "ArcSight Common Event Format",
 * version 25); what it has no key for are custom strings with their labels.
 */
#include <stdio.h>

#include "sink/escape.h"
#include "sink/shape.h"
#include "sink/type.h"

static void add_header(struct buffer *to, struct span text)
{
	escape_cef(to, text, '|');
	buffer_add_byte(to, '|');
}

static void add_text(struct buffer *to, const char *key, struct span text)
{
	if (!text.len)
		return;
	buffer_printf(to, "%s=", key);
	escape_cef(to, text, '=');
	buffer_add_byte(to, ' ');
}

static void add_id(struct buffer *to, const char *key, uint64_t id)
{
	if (id != UNKNOWN_ID)
		buffer_printf(to, "%s=%llu ", key, (unsigned long long)id);
}

static void add_time(struct buffer *to, const char *key, int64_t time_ms)
{
	if (time_ms != TIME_UNKNOWN)
		buffer_printf(to, "%s=%lld ", key, (long long)time_ms);
}

/* Custom strings carry their own label. */
static void add_custom(struct buffer *to, unsigned i, const char *label, struct span text)
{
	char key[16];

	if (!text.len)
		return;
	snprintf(key, sizeof(key), "cs%u", i);
	add_text(to, key, text);
	snprintf(key, sizeof(key), "cs%uLabel", i);
	add_text(to, key, span_of(label));
}

static void add_extension(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	struct buffer message = { 0 };
	char room[16];

	add_time(to, "rt", access->time_ms);
	add_time(to, "start", finding->first_ms);
	add_time(to, "end", finding->last_ms);
	add_text(to, "externalId", span_of(finding->id));
	add_text(to, "dvchost", access->host);
	add_text(to, "act", span_of(access_action(access)));
	if (access_has_outcome(access)) {
		add_text(to, "outcome", span_of(access->outcome ? "failure" : "success"));
		add_text(to, "reason", span_of(outcome_name(access->outcome, room)));
	}
	buffer_printf(to, "cnt=%llu ", (unsigned long long)finding->count);
	add_id(to, "spid", access->actor.pid);
	add_text(to, "sproc", access->actor.exe.len ? access->actor.exe : access->actor.comm);
	add_id(to, "suid", access->actor.uid);
	add_id(to, "dpid", access->target.pid);
	add_text(to, "dproc", shape_process_name(&access->target));
	add_id(to, "duid", access->target.uid);
	add_text(to, "filePath", shape_path(access));
	add_text(to, "fname", span_basename(shape_path(access)));
	add_custom(to, 1, "risk", span_of(risk_name(finding->risk)));
	add_custom(to, 2, "entry", span_of(entry_name(access->entry)));
	add_custom(to, 3, "syscall", access->syscall);
	add_custom(to, 4, "resolvedBy", span_of(resolved_by_name(access->resolved_by)));
	add_custom(to, 5, "commandLine", access->actor.cmdline);
	add_custom(to, 6, "technique", finding->technique);
	shape_message(&message, finding);
	if (!message.failed)
		add_text(to, "msg", buffer_span(&message));
	buffer_finish(&message);
}

static int cef_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	struct span title = shape_rule_title(finding);
	struct buffer *to = &sink->line;

	buffer_text(to, "CEF:0|proctor|proctor|" PROCTOR_VERSION "|");
	add_header(to, finding->rule.len ? finding->rule : SPAN("access"));
	add_header(to, title.len ? title : SPAN("access"));
	buffer_printf(to, "%u|", finding->severity);
	add_extension(to, finding);
	if (!to->failed)
		to->data[to->len - 1] = '\n';
	return sink_put_line(sink, err);
}

const struct sink_type sink_cef = { .name = "cef", .finding = cef_finding };
