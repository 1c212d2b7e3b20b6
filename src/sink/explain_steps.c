/* What happened in the order of time, and the records behind the finding. */
#include "sink/explain_parts.h"

#include "sink/iso_time.h"

#define RECORDS_SHOWN 256

static struct span time_label(struct explanation *explanation, int64_t time_ms)
{
	char room[ISO_TIME_ROOM];
	const char *time = iso_time(time_ms, room);

	return time ? arena_copy(&explanation->arena, span_of(time)) : SPAN("unknown time");
}

static void add_target(struct buffer *to, const struct incident_step *step)
{
	struct process target = { .pid = step->target_pid, .exe = step->target };

	if (step->target_pid == UNKNOWN_ID && !step->target.len)
		return;
	buffer_text(to, " on ");
	words_process(to, &target);
}

static void add_count(struct buffer *to, uint64_t count, int64_t first_ms, int64_t last_ms)
{
	if (count < 2)
		return;
	buffer_printf(to, ", %llu times", (unsigned long long)count);
	if (last_ms == first_ms)
		return;
	buffer_text(to, " until ");
	words_time(to, last_ms);
}

static void add_step(struct explanation *explanation, const struct incident_step *step, struct buffer *text)
{
	const struct explain_subject *subject = explanation->subject;
	struct process actor = { .pid = step->pid, .exe = step->program };
	bool ours = !subject->whole && step->finding[0] && strcmp(step->finding, subject->finding->id) == 0;

	buffer_printf(text, "%s: ", step_kind_name(step->kind));
	words_process(text, &actor);
	add_target(text, step);
	if (step->what.len) {
		buffer_text(text, ": ");
		words_name(text, step->what);
	}
	buffer_text(text, step->failed ? "; an attempt" : "");
	add_count(text, step->count, step->first_ms, step->last_ms);
	buffer_text(text, ours ? " (this finding)" : "");
	explain_take(explanation, EXPLAIN_STEPS, EXPLAIN_STEP, time_label(explanation, step->first_ms), text);
}

static void add_incident(struct explanation *explanation, const struct incident *incident)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < incident->step_count; i++)
		add_step(explanation, &incident->steps[i], &text);
	if (incident->steps_left) {
		buffer_printf(&text, "%llu more steps found no room.", (unsigned long long)incident->steps_left);
		explain_take(explanation, EXPLAIN_STEPS, EXPLAIN_TEXT, (struct span){ 0 }, &text);
	}
	buffer_finish(&text);
}

static void add_alone(struct explanation *explanation, const struct finding *finding)
{
	const struct access *access = &finding->access;
	struct buffer text = { 0 };

	if (access->verb == VERB_LOG) {
		buffer_text(&text, "the line");
	} else {
		words_process(&text, &access->actor);
		buffer_add_byte(&text, ' ');
		words_did(&text, access);
	}
	add_count(&text, finding->count, finding->first_ms, finding->last_ms);
	explain_take(explanation, EXPLAIN_STEPS, EXPLAIN_STEP, time_label(explanation, finding->first_ms), &text);
	buffer_finish(&text);
	if (!explanation->subject->summary)
		explain_say(explanation, EXPLAIN_STEPS,
			    "What the actor did before and after is not known: the log itself was not read.");
}

static void add_records(struct explanation *explanation, const struct access *access)
{
	size_t shown = access->raw_count < RECORDS_SHOWN ? access->raw_count : RECORDS_SHOWN;
	struct buffer text = { 0 };

	for (size_t i = 0; i < shown; i++)
		explain_add(explanation, EXPLAIN_RECORDS, EXPLAIN_RECORD, (struct span){ 0 }, access->raw[i]);
	if (access->raw_count == 0)
		explain_say(explanation, EXPLAIN_RECORDS,
			    access->seen_by & (SEEN_BY_BPF | SEEN_BY_FANOTIFY | SEEN_BY_START)
				    ? "There are none: the sensor that saw it writes no records."
				    : "They were not kept: explain the log itself, or write findings with --raw.");
	if (access->raw_count > shown) {
		buffer_printf(&text, "%llu more of this event.", (unsigned long long)(access->raw_count - shown));
		explain_take(explanation, EXPLAIN_RECORDS, EXPLAIN_TEXT, (struct span){ 0 }, &text);
	}
	buffer_finish(&text);
}

void explain_steps(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;

	if (subject->incident && subject->incident->step_count)
		add_incident(explanation, subject->incident);
	else
		add_alone(explanation, subject->finding);
	add_records(explanation, &subject->finding->access);
}
