/*
 * Records and signals of Sumo Logic Cloud SIEM, one a line. Attributes are
 * the schema's
 * (https://github.com/SumoLogic/cloud-siem-content-catalog/blob/master/schema/full_schema.md);
 * what it has none for stands in "fields", as text.
 */
#include "sink/cse.h"

#include <stdio.h>

#include "sink/quantity.h"
#include "sink/shape.h"
#include "sink/type.h"

struct span cse_signal_name(const struct finding *finding)
{
	return finding->rule.len ? finding->rule : SPAN("access");
}

static void put_number_text(struct buffer *to, const char *name, uint64_t id)
{
	char room[QUANTITY_ROOM];

	if (id != UNKNOWN_ID)
		json_put_word(to, name, quantity_digits(id, room));
}

/* {"id":"_hostname-web-01","entityType":"_hostname","name":"web-01","hostname":"web-01"} */
static void put_entity(struct buffer *to, const char *name, const char *type, struct span id, struct span text)
{
	struct buffer whole = { 0 };

	buffer_printf(&whole, "%s-", type);
	buffer_add(&whole, id);
	json_put_open(to, name, '{');
	json_put_text(to, "id", whole.failed ? id : buffer_span(&whole));
	json_put_word(to, "entityType", type);
	json_put_text(to, "name", id);
	json_put_text(to, type + 1, text);
	json_put_close(to, '}');
	buffer_finish(&whole);
}

void cse_put_entity(struct buffer *to, const char *name, const struct entity *entity)
{
	struct span host = entity->host.len ? entity->host : SPAN("unknown");
	struct buffer user = { 0 };
	char room[QUANTITY_ROOM];

	if (entity->kind == ENTITY_HOST) {
		put_entity(to, name, "_hostname", host, host);
		return;
	}
	struct span uid = span_of(quantity_digits(entity->uid, room));
	buffer_add(&user, uid);
	buffer_add_byte(&user, '@');
	buffer_add(&user, host);
	put_entity(to, name, "_username", user.failed ? uid : buffer_span(&user), uid);
	buffer_finish(&user);
}

void cse_put_tactic(struct buffer *to, struct span technique)
{
	if (span_starts(technique, SPAN("T1003")))
		json_put_word(to, NULL, "_mitreAttackTactic:" SHAPE_TACTIC_ID);
}

void cse_put_technique(struct buffer *to, struct span technique)
{
	struct buffer tag = { 0 };

	if (!technique.len)
		return;
	buffer_text(&tag, "_mitreAttackTechnique:");
	buffer_add(&tag, technique);
	if (!tag.failed)
		json_put_text(to, NULL, buffer_span(&tag));
	buffer_finish(&tag);
}

/* What the schema has no attribute for. Values are text there. */
static void put_fields(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	char room[16];

	json_put_open(to, "fields", '{');
	json_put_word(to, "risk", risk_name(finding->risk));
	put_number_text(to, "score", finding->score);
	put_number_text(to, "count", finding->count);
	json_put_word(to, "verb", verb_name(access->verb));
	json_put_text_known(to, "entry", span_of(entry_name(access->entry)));
	json_put_text_known(to, "path", access->path);
	json_put_word(to, "resolved_by", resolved_by_name(access->resolved_by));
	json_put_word(to, "certain", access->certain ? "true" : "false");
	json_put_text_known(to, "syscall", access->syscall);
	json_put_word(to, "outcome", outcome_name(access->outcome, room));
	put_number_text(to, "target_pid", access->target.pid);
	json_put_text_known(to, "target_name", shape_process_name(&access->target));
	json_put_text_known(to, "target_exe", access->target.exe);
	json_put_text_known(to, "script", access->actor.script);
	put_number_text(to, "auid", access->actor.auid);
	put_number_text(to, "euid", access->actor.euid);
	json_put_text_known(to, "message", access->message);
	json_put_close(to, '}');
}

static void put_metadata(struct buffer *to, const struct finding *finding)
{
	json_put_word(to, "metadata_vendor", "proctor");
	json_put_word(to, "metadata_product", "proctor");
	json_put_text(to, "metadata_deviceEventId", cse_signal_name(finding));
	json_put_ms_known(to, "metadata_receiptTime", finding->access.time_ms);
}

void cse_put_record(struct buffer *to, const char *name, const struct finding *finding)
{
	const struct access *access = &finding->access;
	struct span path = shape_path(access);

	json_put_open(to, name, '{');
	json_put_word(to, "uid", finding->id);
	json_put_ms_known(to, "timestamp", access->time_ms);
	json_put_text_known(to, "device_hostname", access->host);
	put_number_text(to, "user_userId", access->actor.uid);
	put_number_text(to, "targetUser_userId", access->target.uid);
	json_put_text_known(to, "baseImage", access->actor.exe);
	json_put_text_known(to, "commandLine", access->actor.cmdline);
	json_put_id_known(to, "pid", access->actor.pid);
	json_put_id_known(to, "parentPid", access->actor.ppid);
	put_number_text(to, "sessionId", access->actor.ses);
	json_put_text_known(to, "file_path", path);
	json_put_text_known(to, "file_basename", span_basename(path));
	json_put_word(to, "action", verb_name(access->verb));
	json_put_word(to, "normalizedAction", access_action(access));
	json_put_bool(to, "success", access->outcome == 0);
	json_put_number(to, "severity", finding->severity);
	if (finding->risk != RISK_NONE)
		json_put_text(to, "threat_name", shape_title(finding));
	put_metadata(to, finding);
	put_fields(to, finding);
	json_put_close(to, '}');
}

static int record_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	cse_put_record(&sink->line, NULL, finding);
	json_put_end(&sink->line);
	return sink_put_line(sink, err);
}

static void put_rule_id(struct buffer *to, const struct finding *finding)
{
	struct buffer id = { 0 };

	buffer_text(&id, "PROCTOR-");
	buffer_add(&id, cse_signal_name(finding));
	json_put_text(to, "ruleId", id.failed ? SPAN("PROCTOR") : buffer_span(&id));
	buffer_finish(&id);
}

void cse_put_signal(struct buffer *to, const struct finding *finding, const struct entity *entity, uint64_t records)
{
	static const struct span record_types[] = { SPAN("AuditFile") };
	struct buffer message = { 0 };

	shape_message(&message, finding);
	json_put_open(to, NULL, '{');
	json_put_word(to, "id", finding->id);
	json_put_text(to, "name", cse_signal_name(finding));
	json_put_text(to, "description", message.failed ? SPAN("") : buffer_span(&message));
	buffer_finish(&message);
	cse_put_entity(to, "entity", entity);
	put_rule_id(to, finding);
	json_put_number(to, "severity", finding->severity);
	json_put_word(to, "stage", SHAPE_TACTIC);
	json_put_bool(to, "suppressed", finding->suppressed_by.data);
	json_put_open(to, "tags", '[');
	cse_put_tactic(to, finding->technique);
	cse_put_technique(to, finding->technique);
	json_put_close(to, ']');
	json_put_iso_time(to, "timestamp", finding->access.time_ms);
	json_put_word(to, "contentType", "RULE");
	json_put_number(to, "recordCount", records);
	json_put_list(to, "recordTypes", record_types, 1);
	json_put_list(to, "artifacts", NULL, 0);
	json_put_open(to, "allRecords", '[');
	cse_put_record(to, NULL, finding);
	json_put_close(to, ']');
	json_put_close(to, '}');
}

static int signal_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	struct entity entity = { .kind = ENTITY_HOST, .host = finding->access.host };

	cse_put_signal(&sink->line, finding, &entity, finding->count);
	json_put_end(&sink->line);
	return sink_put_line(sink, err);
}

const struct sink_type sink_cse_record = { .name = "cse-record", .finding = record_finding };
const struct sink_type sink_cse_signal = { .name = "cse-signal", .finding = signal_finding };
