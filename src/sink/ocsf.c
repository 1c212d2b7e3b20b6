/*
 * OCSF 1.3, class 2004 Detection Finding, one a line
 * (https://schema.ocsf.io/1.3.0/classes/detection_finding). The actor and the
 * process whose memory was accessed are evidence artifacts. What is not known
 * is left out.
 */
#include <stdio.h>

#include "sink/json_writer.h"
#include "sink/shape.h"
#include "sink/type.h"

#define CLASS_DETECTION_FINDING 2004
#define ACTIVITY_CREATE 1

struct level {
	unsigned id;
	const char *name;
};

/* severity_id: 2 low, 3 medium, 4 high, 5 critical. */
static struct level severity_level(unsigned severity)
{
	if (severity >= 9)
		return (struct level){ 5, "Critical" };
	if (severity >= 7)
		return (struct level){ 4, "High" };
	if (severity >= 4)
		return (struct level){ 3, "Medium" };
	return (struct level){ 2, "Low" };
}

static void add_class(struct buffer *to, const struct finding *finding)
{
	struct level level = severity_level(finding->severity);

	json_put_number(to, "activity_id", ACTIVITY_CREATE);
	json_put_word(to, "activity_name", "Create");
	json_put_number(to, "category_uid", 2);
	json_put_word(to, "category_name", "Findings");
	json_put_number(to, "class_uid", CLASS_DETECTION_FINDING);
	json_put_word(to, "class_name", "Detection Finding");
	json_put_number(to, "type_uid", CLASS_DETECTION_FINDING * 100 + ACTIVITY_CREATE);
	json_put_number(to, "severity_id", level.id);
	json_put_word(to, "severity", level.name);
	json_put_number(to, "status_id", 1);
	json_put_word(to, "status", "New");
	json_put_bool(to, "is_alert", true);
	json_put_number(to, "risk_score", finding->score);
	json_put_number(to, "count", finding->count);
}

static void add_metadata(struct buffer *to, const struct finding *finding)
{
	static const struct span profiles[] = { SPAN("host") };

	json_put_open(to, "metadata", '{');
	json_put_word(to, "version", "1.3.0");
	json_put_list(to, "profiles", profiles, 1);
	json_put_open(to, "product", '{');
	json_put_word(to, "name", "proctor");
	json_put_word(to, "vendor_name", "proctor");
	json_put_word(to, "version", PROCTOR_VERSION);
	json_put_close(to, '}');
	json_put_text_known(to, "uid", span_of(finding->id));
	json_put_close(to, '}');
}

static void add_object(struct buffer *to, const char *object, const char *uid, const char *name)
{
	json_put_open(to, object, '{');
	json_put_word(to, "uid", uid);
	json_put_word(to, "name", name);
	json_put_close(to, '}');
}

static void add_attack(struct buffer *to, const struct finding *finding)
{
	if (!span_starts(finding->technique, SPAN("T1003")))
		return;
	json_put_open(to, "attacks", '[');
	json_put_open(to, NULL, '{');
	json_put_word(to, "version", "15.1");
	add_object(to, "tactic", SHAPE_TACTIC_ID, SHAPE_TACTIC);
	add_object(to, "technique", SHAPE_TECHNIQUE_ID, SHAPE_TECHNIQUE);
	json_put_open(to, "sub_technique", '{');
	json_put_text(to, "uid", finding->technique);
	json_put_word(to, "name", SHAPE_SUBTECHNIQUE);
	json_put_close(to, '}');
	json_put_close(to, '}');
	json_put_close(to, ']');
}

static void add_info(struct buffer *to, const struct finding *finding)
{
	struct buffer message = { 0 };

	shape_message(&message, finding);
	json_put_text(to, "message", message.failed ? SPAN("") : buffer_span(&message));
	json_put_open(to, "finding_info", '{');
	json_put_word(to, "uid", finding->id);
	json_put_text(to, "title", shape_title(finding).data ? shape_title(finding) : SPAN("access"));
	json_put_text(to, "desc", message.failed ? SPAN("") : buffer_span(&message));
	json_put_ms_known(to, "first_seen_time", finding->first_ms);
	json_put_ms_known(to, "last_seen_time", finding->last_ms);
	add_attack(to, finding);
	if (finding->rule.len) {
		json_put_open(to, "analytic", '{');
		json_put_number(to, "type_id", 1);
		json_put_word(to, "type", "Rule");
		json_put_text(to, "name", finding->rule);
		json_put_text(to, "uid", finding->rule_id.len ? finding->rule_id : finding->rule);
		json_put_close(to, '}');
	}
	json_put_close(to, '}');
	buffer_finish(&message);
}

/* `device` needs a type, and one of ip, uid, name and hostname. */
static void add_device(struct buffer *to, struct span host)
{
	json_put_open(to, "device", '{');
	json_put_number(to, "type_id", 0);
	json_put_word(to, "type", "Unknown");
	json_put_text(to, "hostname", host.len ? host : SPAN("unknown"));
	json_put_close(to, '}');
}

static void add_file(struct buffer *to, struct span path)
{
	if (!path.len)
		return;
	json_put_open(to, "file", '{');
	json_put_text(to, "path", path);
	json_put_text(to, "name", span_basename(path));
	json_put_number(to, "type_id", 1);
	json_put_close(to, '}');
}

static void add_process(struct buffer *to, const struct process *process)
{
	char room[32];

	json_put_open(to, "process", '{');
	json_put_id_known(to, "pid", process->pid);
	json_put_text_known(to, "name", shape_process_name(process));
	json_put_text_known(to, "cmd_line", process->cmdline);
	add_file(to, process->exe);
	json_put_ms_known(to, "created_time", process->start_ms);
	if (process->ppid != UNKNOWN_ID) {
		json_put_open(to, "parent_process", '{');
		json_put_number(to, "pid", process->ppid);
		json_put_close(to, '}');
	}
	if (process->euid != UNKNOWN_ID) {
		snprintf(room, sizeof(room), "%llu", (unsigned long long)process->euid);
		json_put_open(to, "user", '{');
		json_put_word(to, "uid", room);
		json_put_close(to, '}');
	}
	json_put_close(to, '}');
}

static void add_evidence(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;

	json_put_open(to, "evidences", '[');
	json_put_open(to, NULL, '{');
	json_put_open(to, "actor", '{');
	add_process(to, &access->actor);
	json_put_close(to, '}');
	add_process(to, &access->target);
	add_file(to, shape_path(access));
	if (access->syscall.len) {
		json_put_open(to, "api", '{');
		json_put_text(to, "operation", access->syscall);
		json_put_close(to, '}');
	}
	json_put_close(to, '}');
	json_put_close(to, ']');
}

static void add_unmapped(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	char room[16];

	json_put_open(to, "unmapped", '{');
	json_put_word(to, "risk", risk_name(finding->risk));
	json_put_word(to, "verb", verb_name(access->verb));
	json_put_text_known(to, "entry", span_of(entry_name(access->entry)));
	json_put_word(to, "outcome", outcome_name(access->outcome, room));
	json_put_word(to, "resolved_by", resolved_by_name(access->resolved_by));
	json_put_bool(to, "certain", access->certain);
	json_put_list(to, "reasons", finding->reasons, finding->reason_count);
	json_put_text_known(to, "script", access->actor.script);
	json_put_close(to, '}');
}

static int ocsf_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	struct buffer *to = &sink->line;

	json_put_open(to, NULL, '{');
	json_put_ms_known(to, "time", finding->access.time_ms == TIME_UNKNOWN ? 0 : finding->access.time_ms);
	add_class(to, finding);
	add_metadata(to, finding);
	add_info(to, finding);
	add_device(to, finding->access.host);
	add_evidence(to, finding);
	if (sink->options.raw && finding->access.raw_count)
		json_put_text(to, "raw_data", finding->access.raw[0]);
	add_unmapped(to, finding);
	json_put_close(to, '}');
	json_put_end(to);
	return sink_put_line(sink, err);
}

const struct sink_type sink_ocsf = { .name = "ocsf", .takes_raw = true, .finding = ocsf_finding };
