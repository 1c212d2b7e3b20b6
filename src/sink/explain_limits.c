/* What the log cannot tell: of this finding, and by what the reading of it lost. */
#include "sink/explain_parts.h"

#include "sink/explain_when.h"
#include "sink/quantity.h"

static const struct {
	enum explain_when when;
	const char *text;
} limits[] = {
#define LIMIT(when, text) { WHEN_##when, text },
#include "sink/playbook.def"
#undef LIMIT
};

static void take(struct explanation *explanation, struct buffer *text)
{
	explain_take(explanation, EXPLAIN_LIMITS, EXPLAIN_TEXT, (struct span){ 0 }, text);
}

static void add_count(struct explanation *explanation, uint64_t count, const char *what)
{
	struct buffer text = { 0 };
	char room[QUANTITY_ROOM];

	if (!count)
		return;
	buffer_printf(&text, "%s: %s", what, quantity_count(count, room));
	take(explanation, &text);
	buffer_finish(&text);
}

static void add_notes(struct explanation *explanation, const struct summary *summary)
{
	struct buffer text = { 0 };

	for (unsigned i = 0; i < SUMMARY_NOTES_MAX; i++) {
		const struct summary_note *note = &summary->notes[i];
		if (!note->count || (!note->loss && !note->input_error))
			continue;
		buffer_printf(&text, "Lost: %s", note->text);
		take(explanation, &text);
	}
	buffer_finish(&text);
}

static void add_losses(struct explanation *explanation, const struct summary *summary)
{
	add_count(explanation, summary->lost_told, "Events that the log itself says were lost");
	add_count(explanation, summary->serial_gaps, "Numbers missing between the events of the log");
	add_count(explanation, summary->incomplete_events, "Events of which records are missing");
	add_count(explanation, summary->undecoded_lines, "Lines that could not be read");
	add_count(explanation, summary->evicted,
		  "Processes and descriptors of the past that were forgotten for want of room");
	add_notes(explanation, summary);
	if (!summary->coverage_seen_procfs && !summary->accesses)
		explain_say(
			explanation, EXPLAIN_LIMITS,
			"No open on procfs is in the log, by anybody: the audit rules of the host may not cover it.");
}

void explain_limits(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	uint32_t circumstances = explain_circumstances(subject->finding);

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (circumstances & UINT32_C(1) << limits[i].when)
			explain_say(explanation, EXPLAIN_LIMITS, limits[i].text);
	if (subject->summary)
		add_losses(explanation, subject->summary);
	else
		explain_say(explanation, EXPLAIN_LIMITS,
			    "What was lost when the log was read: only findings were at hand. The summary of that scan "
			    "says it.");
}
