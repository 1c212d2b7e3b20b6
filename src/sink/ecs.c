/*
 * Elastic Common Schema 8.11, one alert a line
 * (https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html). What
 * is not known is left out. What the schema has no field for stands under
 * "proctor".
 *
 * {"@timestamp":"2026-11-23T22:56:01.786Z","ecs":{"version":"8.11.0"},"event":{"kind":"alert",…},…}
 */
#include <stdio.h>

#include "sink/json_writer.h"
#include "sink/shape.h"
#include "sink/type.h"

static void add_event(struct buffer *to, const struct finding *finding, bool raw)
{
	static const struct span category[] = { SPAN("file"), SPAN("process") };
	const struct access *access = &finding->access;
	const struct span type = access->verb == VERB_WRITE ? SPAN("change") : SPAN("access");
	bool is_log = access->verb == VERB_LOG;

	json_put_open(to, "event", '{');
	json_put_word(to, "kind", "alert");
	json_put_list(to, "category", category, 2);
	json_put_list(to, "type", &type, 1);
	json_put_word(to, "action", access_action(access));
	json_put_word(to, "outcome", is_log ? "unknown" : access->outcome ? "failure" : "success");
	json_put_number(to, "severity", finding->severity);
	json_put_number(to, "risk_score", finding->score);
	json_put_text_known(to, "id", span_of(finding->id));
	json_put_iso_time_known(to, "start", finding->first_ms);
	json_put_iso_time_known(to, "end", finding->last_ms);
	json_put_word(to, "module", "proctor");
	if (raw && access->raw_count)
		json_put_text(to, "original", access->raw[0]);
	json_put_close(to, '}');
}

static void add_user(struct buffer *to, uint64_t uid, const char *name)
{
	char room[32];
	int len;

	if (uid == UNKNOWN_ID)
		return;
	len = snprintf(room, sizeof(room), "%llu", (unsigned long long)uid);
	json_put_open(to, name, '{');
	json_put_text(to, "id", (struct span){ room, (size_t)len });
	json_put_close(to, '}');
}

static void add_process(struct buffer *to, const struct process *actor)
{
	json_put_open(to, "process", '{');
	json_put_id_known(to, "pid", actor->pid);
	json_put_text_known(to, "name", shape_process_name(actor));
	json_put_text_known(to, "executable", actor->exe);
	json_put_text_known(to, "command_line", actor->cmdline);
	json_put_text_known(to, "working_directory", actor->cwd);
	json_put_iso_time_known(to, "start", actor->start_ms);
	if (actor->ppid != UNKNOWN_ID) {
		json_put_open(to, "parent", '{');
		json_put_number(to, "pid", actor->ppid);
		json_put_close(to, '}');
	}
	add_user(to, actor->euid, "user");
	add_user(to, actor->uid, "real_user");
	json_put_close(to, '}');
}

static void add_file(struct buffer *to, const struct access *access)
{
	struct span path = shape_path(access);

	if (!path.len)
		return;
	json_put_open(to, "file", '{');
	json_put_text(to, "path", path);
	json_put_text(to, "name", span_basename(path));
	json_put_close(to, '}');
}

static void add_item(struct buffer *to, const char *name, const char *item)
{
	struct span items[] = { span_of(item) };

	json_put_list(to, name, items, 1);
}

static void add_threat(struct buffer *to, const struct finding *finding)
{
	if (!span_starts(finding->technique, SPAN("T1003")))
		return;
	json_put_open(to, "threat", '{');
	json_put_word(to, "framework", "MITRE ATT&CK");
	json_put_open(to, "tactic", '{');
	add_item(to, "id", SHAPE_TACTIC_ID);
	add_item(to, "name", SHAPE_TACTIC);
	json_put_close(to, '}');
	json_put_open(to, "technique", '{');
	add_item(to, "id", SHAPE_TECHNIQUE_ID);
	add_item(to, "name", SHAPE_TECHNIQUE);
	json_put_open(to, "subtechnique", '{');
	json_put_list(to, "id", &finding->technique, 1);
	add_item(to, "name", SHAPE_SUBTECHNIQUE);
	json_put_close(to, '}');
	json_put_close(to, '}');
	json_put_close(to, '}');
}

static void add_rule(struct buffer *to, const struct finding *finding)
{
	if (!finding->rule.len)
		return;
	json_put_open(to, "rule", '{');
	json_put_text(to, "id", finding->rule);
	json_put_text(to, "name", shape_rule_title(finding));
	json_put_text_known(to, "uuid", finding->rule_id);
	json_put_close(to, '}');
}

static void add_host(struct buffer *to, struct span host)
{
	if (!host.len)
		return;
	json_put_open(to, "host", '{');
	json_put_text(to, "name", host);
	json_put_close(to, '}');
	json_put_open(to, "related", '{');
	json_put_list(to, "hosts", &host, 1);
	json_put_close(to, '}');
}

/* Under our own name, as the schema asks for custom fields. */
static void add_own(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;

	json_put_open(to, "proctor", '{');
	json_put_word(to, "risk", risk_name(finding->risk));
	json_put_word(to, "verb", verb_name(access->verb));
	json_put_text_known(to, "entry", span_of(entry_name(access->entry)));
	json_put_word(to, "resolved_by", resolved_by_name(access->resolved_by));
	json_put_bool(to, "certain", access->certain);
	json_put_number(to, "count", finding->count);
	json_put_list(to, "reasons", finding->reasons, finding->reason_count);
	json_put_text_known(to, "script", access->actor.script);
	json_put_open(to, "target", '{');
	json_put_id_known(to, "pid", access->target.pid);
	json_put_text_known(to, "name", access->target.comm);
	json_put_text_known(to, "executable", access->target.exe);
	json_put_id_known(to, "uid", access->target.uid);
	json_put_close(to, '}');
	json_put_close(to, '}');
}

static int ecs_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	const struct access *access = &finding->access;
	struct buffer *to = &sink->line, message = { 0 };

	shape_message(&message, finding);
	json_put_open(to, NULL, '{');
	json_put_iso_time_known(to, "@timestamp", access->time_ms);
	json_put_text(to, "message", message.failed ? SPAN("") : buffer_span(&message));
	buffer_finish(&message);
	json_put_open(to, "ecs", '{');
	json_put_word(to, "version", "8.11.0");
	json_put_close(to, '}');
	add_event(to, finding, sink->options.raw);
	add_process(to, &access->actor);
	add_file(to, access);
	add_user(to, access->actor.euid, "user");
	add_host(to, access->host);
	add_rule(to, finding);
	add_threat(to, finding);
	add_own(to, finding);
	json_put_close(to, '}');
	json_put_end(to);
	return sink_put_line(sink, err);
}

const struct sink_type sink_ecs = { .name = "ecs", .takes_raw = true, .finding = ecs_finding };
