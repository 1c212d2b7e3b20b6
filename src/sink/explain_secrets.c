/* Which secrets to change, by what the target is. */
#include "sink/explain_parts.h"

#include "sink/explain_when.h"

#define COMM_LEN 15 /* TASK_COMM_LEN - 1: where the kernel cuts names */
#define HOLDERS_SHOWN 16

static const struct {
	const char *names, *holds, *change;
} holders[] = {
#define SECRETS(names, holds, change) { names, holds, change },
#include "sink/playbook.def"
#undef SECRETS
};
#define HOLDER_COUNT (sizeof(holders) / sizeof(holders[0]))

enum general {
#define GENERAL(id, text) GENERAL_##id,
#include "sink/playbook.def"
#undef GENERAL
};

static const char *const generals[] = {
#define GENERAL(id, text) [GENERAL_##id] = text,
#include "sink/playbook.def"
#undef GENERAL
};

static bool is_name(struct span name, struct span comm, struct span exe)
{
	if (span_equal(span_basename(exe), name))
		return true;
	return span_equal(comm, name) || (comm.len == COMM_LEN && span_starts(name, comm));
}

/* HOLDER_COUNT when it is none. */
static size_t holder_of(struct span comm, struct span exe)
{
	for (size_t i = 0; i < HOLDER_COUNT; i++)
		for (struct span rest = span_of(holders[i].names); rest.len;) {
			struct span name = span_first(rest, span_index(rest, ' '));
			if (is_name(name, comm, exe))
				return i;
			rest = span_skip(rest, name.len + 1);
		}
	return HOLDER_COUNT;
}

static void say(struct explanation *explanation, enum general general)
{
	explain_say(explanation, EXPLAIN_SECRETS, generals[general]);
}

/* Each kind of target once. */
static void add_holder(struct explanation *explanation, struct span comm, struct span exe, uint32_t *said)
{
	size_t holder = holder_of(comm, exe);
	struct buffer name = { 0 };

	if (*said & UINT32_C(1) << holder)
		return;
	*said |= UINT32_C(1) << holder;
	words_name(&name, exe.len ? span_basename(exe) : comm.len ? comm : SPAN("unnamed"));
	explain_take(explanation, EXPLAIN_SECRETS, EXPLAIN_FACT, SPAN("target"), &name);
	if (holder == HOLDER_COUNT) {
		say(explanation, GENERAL_OTHER);
	} else {
		explain_fact(explanation, EXPLAIN_SECRETS, "holds", span_of(holders[holder].holds));
		explain_fact(explanation, EXPLAIN_SECRETS, "change", span_of(holders[holder].change));
	}
	buffer_finish(&name);
}

static bool is_memory(const struct incident_target *target)
{
	return target->entries & UINT32_C(1) << ENTRY_MEM || target->verbs & ~(UINT32_C(1) << VERB_OPEN);
}

static void add_targets(struct explanation *explanation, const struct incident *incident)
{
	uint32_t said = 0;
	bool memory = false, unknown = false;

	for (size_t i = 0; i < incident->target_count; i++) {
		memory |= is_memory(&incident->targets[i]);
		unknown |= incident->targets[i].pid == UNKNOWN_ID;
	}
	say(explanation, memory ? GENERAL_WHEN_TAKEN : GENERAL_MAP_ONLY);
	for (size_t i = 0; i < incident->target_count && i < INCIDENT_TARGETS_MAX; i++)
		if (incident->targets[i].pid != UNKNOWN_ID)
			add_holder(explanation, incident->targets[i].comm, incident->targets[i].exe, &said);
	if (unknown)
		say(explanation, GENERAL_UNKNOWN);
}

static void add_target(struct explanation *explanation, uint32_t when)
{
	struct process target = words_target(explanation->subject);
	uint32_t said = 0;

	if (when & UINT32_C(1) << WHEN_HOST) {
		say(explanation, GENERAL_HOST);
	} else if (when & UINT32_C(1) << WHEN_UNKNOWN_TARGET) {
		say(explanation, GENERAL_UNKNOWN);
	} else if (target.pid != UNKNOWN_ID || target.comm.len || target.exe.len) {
		add_holder(explanation, target.comm, target.exe, &said);
		if (when & UINT32_C(1) << WHEN_ENVIRON)
			say(explanation, GENERAL_ENVIRON);
	}
}

void explain_secrets(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	const struct access *access = &subject->finding->access;
	uint32_t when = explain_circumstances(subject->finding);

	if (subject->whole) {
		add_targets(explanation, subject->incident);
		return;
	}
	if (access->self) {
		say(explanation, GENERAL_NOTHING);
		return;
	}
	if (when & UINT32_C(1) << WHEN_LINE || when & UINT32_C(1) << WHEN_EXECUTED)
		say(explanation, GENERAL_UNSEEN);
	else if (when & UINT32_C(1) << WHEN_REFUSED)
		say(explanation, GENERAL_REFUSED);
	else if (when & UINT32_C(1) << WHEN_MAPPED)
		say(explanation, GENERAL_MAP_ONLY);
	else
		say(explanation, GENERAL_WHEN_TAKEN);
	add_target(explanation, when);
}
