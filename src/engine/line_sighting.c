#include "engine/line_sighting.h"

struct access line_sighting(const struct record *record)
{
	struct access access = {
		.sighting = SIGHTING_LINE,
		.verb = VERB_LOG,
		.time_ms = record->time_ms,
		.host = record->node.len ? record->node : (struct span){ 0 },
		.origin = record->origin,
		.trust = record->trust,
		.certain = false,
		.request = UNKNOWN_ID,
		.actor = { .comm = record->program, .pid = record->pid ? record->pid : UNKNOWN_ID },
		.message = record->message,
		.raw = &record->raw,
		.raw_count = 1,
	};
	struct process *actor = &access.actor, *target = &access.target;

	actor->ppid = actor->auid = actor->uid = actor->euid = actor->ses = actor->script_uid = UNKNOWN_ID;
	*target = *actor;
	target->comm = (struct span){ 0 };
	target->pid = UNKNOWN_ID;
	target->start_ms = actor->start_ms = TIME_UNKNOWN;
	return access;
}
