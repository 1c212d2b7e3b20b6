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
		.actor = process_unknown,
		.target = process_unknown,
		.message = record->message,
		.raw = &record->raw,
		.raw_count = 1,
	};

	access.actor.comm = record->program;
	access.actor.pid = record->pid ? record->pid : UNKNOWN_ID;
	return access;
}
