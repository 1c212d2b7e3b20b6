/*
 * An incident as JSON, its names and their order as docs/schema/ has them.
 *
 * {"id":"5f1c…","host":"web-01","score":100,"severity":10,"risk":"HighRisk",…,"steps":[{"kind":"map",…}],"findings":[…]}
 */
#include "sink/json_finding.h"
#include "sink/json_writer.h"

static void add_bits(struct buffer *to, const char *name, uint32_t bits, const char *(*word)(unsigned bit))
{
	json_put_open(to, name, '[');
	for (unsigned bit = 0; bit < 32; bit++)
		if (bits & 1u << bit && word(bit))
			json_put_word(to, NULL, word(bit));
	json_put_close(to, ']');
}

static const char *entry_word(unsigned bit)
{
	return entry_name((enum entry)bit);
}

static const char *verb_word(unsigned bit)
{
	return verb_name((enum verb)bit);
}

static void add_target(struct buffer *to, const struct incident_target *target)
{
	json_put_open(to, NULL, '{');
	json_put_id(to, "pid", target->pid);
	json_put_text(to, "comm", target->comm);
	json_put_text(to, "exe", target->exe);
	add_bits(to, "entries", target->entries, entry_word);
	add_bits(to, "verbs", target->verbs, verb_word);
	json_put_bool(to, "holder", target->holder);
	json_put_close(to, '}');
}

static void add_step(struct buffer *to, const struct incident_step *step)
{
	json_put_open(to, NULL, '{');
	json_put_word(to, "kind", step_kind_name(step->kind));
	json_put_iso_time(to, "first", step->first_ms);
	json_put_iso_time(to, "last", step->last_ms);
	json_put_number(to, "count", step->count);
	json_put_id(to, "pid", step->pid);
	json_put_text(to, "program", step->program);
	json_put_text(to, "what", step->what);
	json_put_id(to, "target_pid", step->target_pid);
	json_put_text(to, "target", step->target);
	json_put_bool(to, "failed", step->failed);
	json_put_word(to, "finding", step->finding[0] ? step->finding : NULL);
	json_add_origin(to, &step->origin, step->serial);
	json_put_close(to, '}');
}

static void add_lists(struct buffer *to, const struct incident *incident, bool raw)
{
	json_put_open(to, "targets", '[');
	for (size_t i = 0; i < incident->target_count; i++)
		add_target(to, &incident->targets[i]);
	json_put_close(to, ']');
	json_put_number(to, "targets_left", incident->targets_left);
	json_put_iso_time(to, "first", incident->first_ms);
	json_put_iso_time(to, "last", incident->last_ms);
	json_put_open(to, "steps", '[');
	for (size_t i = 0; i < incident->step_count; i++)
		add_step(to, &incident->steps[i]);
	json_put_close(to, ']');
	json_put_number(to, "steps_left", incident->steps_left);
	json_put_open(to, "findings", '[');
	for (size_t i = 0; i < incident->found_count; i++)
		json_add_finding(to, incident->found[i], raw);
	json_put_close(to, ']');
	json_put_number(to, "findings_total", incident->findings);
}

void json_add_incident(struct buffer *to, const struct incident *incident, bool raw)
{
	json_put_open(to, NULL, '{');
	json_put_word(to, "id", incident->id);
	json_put_text(to, "host", incident->host);
	json_put_number(to, "score", incident->score);
	json_put_number(to, "severity", incident->severity);
	json_put_word(to, "risk", risk_name(incident->risk));
	json_put_list(to, "reasons", incident->reasons, incident->reason_count);
	json_add_actor(to, &incident->actor, false);
	add_lists(to, incident, raw);
	json_put_close(to, '}');
}
