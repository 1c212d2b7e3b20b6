/*
 * Counting for the line of truth. Tables here are small and never grow; what
 * no longer fits is still counted, under "other" or in notes_dropped, and
 * never loses its bearing on the exit status.
 */
#include "model/summary.h"

#include <stdarg.h>
#include <stdio.h>

static struct summary_kind *find_kind(struct summary_kind kinds[SUMMARY_KINDS_MAX], const char *name)
{
	for (unsigned i = 0; i < SUMMARY_KINDS_MAX - 1; i++)
		if (kinds[i].count == 0 || strncmp(kinds[i].name, name, sizeof(kinds[i].name) - 1) == 0)
			return &kinds[i];
	return &kinds[SUMMARY_KINDS_MAX - 1];
}

void summary_count(struct summary_kind kinds[SUMMARY_KINDS_MAX], const char *name, struct span sample,
		   const struct origin *origin)
{
	struct summary_kind *kind = find_kind(kinds, name);

	if (kind->count++)
		return;
	if (kind == &kinds[SUMMARY_KINDS_MAX - 1])
		name = "other";
	snprintf(kind->name, sizeof(kind->name), "%s", name);
	kind->sample_len = sample.len < SUMMARY_SAMPLE_LEN ? sample.len : SUMMARY_SAMPLE_LEN;
	if (kind->sample_len)
		memcpy(kind->sample, sample.data, kind->sample_len);
	if (!origin)
		return;
	snprintf(kind->file, sizeof(kind->file), "%s", origin->file ? origin->file : "");
	snprintf(kind->member, sizeof(kind->member), "%s", origin->member ? origin->member : "");
	kind->offset = origin->offset;
}

void summary_note(struct summary *summary, bool loss, bool input_error, const char *format, ...)
{
	char text[sizeof(summary->notes[0].text)];
	struct summary_note *note = summary->notes, *end = note + SUMMARY_NOTES_MAX;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	while (note < end && note->count && strcmp(note->text, text) != 0)
		note++;
	if (note == end) {
		summary->notes_dropped++;
		note = end - 1; /* carries what those that were dropped mean for the exit status */
	} else if (note->count++ == 0) {
		memcpy(note->text, text, sizeof(text));
	}
	note->loss |= loss;
	note->input_error |= input_error;
}

/* Serial gaps and evictions are shown, but decide nothing: the status is the same from both drivers. */
int summary_status(const struct summary *summary)
{
	bool loss = summary->lost_told > 0, input_error = false;

	for (unsigned i = 0; i < SUMMARY_NOTES_MAX; i++) {
		loss |= summary->notes[i].loss;
		input_error |= summary->notes[i].input_error;
	}
	if (input_error)
		return 2;
	if (loss)
		return 3;
	return summary->findings > 0;
}
