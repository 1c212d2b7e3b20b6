/*
 * {"id":"5f1c…","host":"web-01","score":100,…,"targets":[…],…,"steps":[{"kind":"map",…}],…,"findings":[{…}],…}
 *
 * The names are those of sink/json_incident.c.
 */
#include "decode/finding_parts.h"

/* What is filled while the object is read: lists as arrays that can still grow to their maximum. */
struct reading {
	struct incident incident;
	struct incident_target *targets;
	struct incident_step *steps;
	const struct finding **found;
};

static void leave(struct json_scan *scan, struct json_token *token)
{
	if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY)
		json_skip(scan, token);
}

static bool is_word(const struct json_token *token, const char *word)
{
	return token->kind == JSON_STRING && word && span_equal(token->text, span_of(word));
}

/* ---- targets ---- */

static void read_entries(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct span *names = NULL;
	size_t count = members_texts(scan, token, arena, ENTRY_COUNT, &names);

	for (size_t i = 0; i < count; i++)
		*(uint32_t *)into |= UINT32_C(1) << entry_from_name(names[i]);
	*(uint32_t *)into &= ~(UINT32_C(1) << ENTRY_NONE);
}

static void read_verbs(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct span *names = NULL;
	size_t count = members_texts(scan, token, arena, VERB_COUNT, &names);

	for (size_t i = 0; i < count; i++)
		for (unsigned verb = VERB_OPEN; verb < VERB_COUNT; verb++)
			if (span_equal(names[i], span_of(verb_name(verb))))
				*(uint32_t *)into |= UINT32_C(1) << verb;
}

static void read_target(struct incident_target *target, struct json_scan *scan, struct arena *arena)
{
	static const struct member members[] = {
		{ "pid", MEMBER_ID, offsetof(struct incident_target, pid), NULL },
		{ "comm", MEMBER_TEXT, offsetof(struct incident_target, comm), NULL },
		{ "exe", MEMBER_TEXT, offsetof(struct incident_target, exe), NULL },
		{ "entries", MEMBER_OTHER, offsetof(struct incident_target, entries), read_entries },
		{ "verbs", MEMBER_OTHER, offsetof(struct incident_target, verbs), read_verbs },
		{ "holder", MEMBER_FLAG, offsetof(struct incident_target, holder), NULL },
	};

	*target = (struct incident_target){ .pid = UNKNOWN_ID };
	members_read(MEMBERS(members), target, scan, arena);
}

static void read_targets(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct reading *reading = into;

	if (token->kind != JSON_ARRAY || reading->targets) {
		leave(scan, token);
		return;
	}
	reading->targets = arena_alloc(arena, INCIDENT_TARGETS_MAX * sizeof(*reading->targets));
	while (json_next(scan, token)) {
		if (token->kind == JSON_OBJECT && reading->targets &&
		    reading->incident.target_count < INCIDENT_TARGETS_MAX)
			read_target(&reading->targets[reading->incident.target_count++], scan, arena);
		else
			leave(scan, token);
	}
}

/* ---- steps ---- */

static void read_step_kind(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	(void)arena;
	for (unsigned kind = 0; kind < STEP_KINDS; kind++)
		if (is_word(token, step_kind_name(kind)))
			*(enum step_kind *)into = (enum step_kind)kind;
	leave(scan, token);
}

static void read_step_origin(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct incident_step *step = into;

	finding_read_origin(&step->origin, &step->serial, scan, token, arena);
}

static void read_step(struct incident_step *step, struct json_scan *scan, struct arena *arena)
{
	static const struct member members[] = {
		{ "kind", MEMBER_OTHER, offsetof(struct incident_step, kind), read_step_kind },
		{ "first", MEMBER_TIME, offsetof(struct incident_step, first_ms), NULL },
		{ "last", MEMBER_TIME, offsetof(struct incident_step, last_ms), NULL },
		{ "count", MEMBER_ID, offsetof(struct incident_step, count), NULL },
		{ "pid", MEMBER_ID, offsetof(struct incident_step, pid), NULL },
		{ "program", MEMBER_TEXT, offsetof(struct incident_step, program), NULL },
		{ "what", MEMBER_TEXT, offsetof(struct incident_step, what), NULL },
		{ "target_pid", MEMBER_ID, offsetof(struct incident_step, target_pid), NULL },
		{ "target", MEMBER_TEXT, offsetof(struct incident_step, target), NULL },
		{ "failed", MEMBER_FLAG, offsetof(struct incident_step, failed), NULL },
		{ "finding", MEMBER_WORD, offsetof(struct incident_step, finding), NULL },
		{ "origin", MEMBER_OTHER, 0, read_step_origin },
	};

	*step = (struct incident_step){
		.kind = STEP_KINDS,
		.first_ms = TIME_UNKNOWN,
		.last_ms = TIME_UNKNOWN,
		.pid = UNKNOWN_ID,
		.target_pid = UNKNOWN_ID,
	};
	members_read(MEMBERS(members), step, scan, arena);
}

/* A step of no kind that is known is left out. */
static void read_steps(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct reading *reading = into;
	struct incident *incident = &reading->incident;

	if (token->kind != JSON_ARRAY || reading->steps) {
		leave(scan, token);
		return;
	}
	reading->steps = arena_alloc(arena, INCIDENT_STEPS_MAX * sizeof(*reading->steps));
	while (json_next(scan, token)) {
		if (token->kind != JSON_OBJECT || !reading->steps || incident->step_count == INCIDENT_STEPS_MAX) {
			leave(scan, token);
			continue;
		}
		read_step(&reading->steps[incident->step_count], scan, arena);
		incident->step_count += reading->steps[incident->step_count].kind != STEP_KINDS;
	}
}

/* ---- findings ---- */

static void read_findings(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct reading *reading = into;
	struct finding *all = NULL;

	if (token->kind != JSON_ARRAY || reading->found) {
		leave(scan, token);
		return;
	}
	reading->found = arena_alloc(arena, INCIDENT_FOUND_MAX * sizeof(struct finding *));
	all = arena_alloc(arena, INCIDENT_FOUND_MAX * sizeof(*all));
	while (json_next(scan, token)) {
		size_t at = reading->incident.found_count;
		if (token->kind != JSON_OBJECT || !reading->found || !all || at == INCIDENT_FOUND_MAX) {
			leave(scan, token);
			continue;
		}
		finding_start(&all[at]);
		finding_read(&all[at], scan, arena);
		reading->found[at] = &all[at];
		reading->incident.found_count += all[at].id[0] != 0;
	}
}

static void read_reasons(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct incident *incident = &((struct reading *)into)->incident;
	struct span *reasons = NULL;

	incident->reason_count = members_texts(scan, token, arena, INCIDENT_REASONS_MAX, &reasons);
	if (incident->reason_count)
		memcpy(incident->reasons, reasons, incident->reason_count * sizeof(*reasons));
}

void incident_read(struct finding_reader *reader, struct json_scan *scan)
{
	static const struct member members[] = {
		{ "id", MEMBER_WORD, offsetof(struct reading, incident.id), NULL },
		{ "host", MEMBER_TEXT, offsetof(struct reading, incident.host), NULL },
		{ "score", MEMBER_NUMBER, offsetof(struct reading, incident.score), NULL },
		{ "severity", MEMBER_NUMBER, offsetof(struct reading, incident.severity), NULL },
		{ "risk", MEMBER_OTHER, offsetof(struct reading, incident.risk), finding_read_risk },
		{ "reasons", MEMBER_OTHER, 0, read_reasons },
		{ "actor", MEMBER_OTHER, offsetof(struct reading, incident.actor), finding_read_actor },
		{ "targets", MEMBER_OTHER, 0, read_targets },
		{ "targets_left", MEMBER_ID, offsetof(struct reading, incident.targets_left), NULL },
		{ "first", MEMBER_TIME, offsetof(struct reading, incident.first_ms), NULL },
		{ "last", MEMBER_TIME, offsetof(struct reading, incident.last_ms), NULL },
		{ "steps", MEMBER_OTHER, 0, read_steps },
		{ "steps_left", MEMBER_ID, offsetof(struct reading, incident.steps_left), NULL },
		{ "findings", MEMBER_OTHER, 0, read_findings },
		{ "findings_total", MEMBER_ID, offsetof(struct reading, incident.findings), NULL },
	};
	struct finding unknown;
	struct reading reading = { 0 };

	finding_start(&unknown);
	reading.incident = (struct incident){
		.actor = unknown.access.actor,
		.first_ms = TIME_UNKNOWN,
		.last_ms = TIME_UNKNOWN,
	};
	members_read(MEMBERS(members), &reading, scan, &reader->arena);
	reading.incident.targets = reading.targets;
	reading.incident.steps = reading.steps;
	reading.incident.found = reading.found;
	reader->incident = reading.incident;
}
