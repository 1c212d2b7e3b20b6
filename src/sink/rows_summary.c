#include "sink/rows_summary.h"

#include "sink/escape.h"
#include "sink/quantity.h"

#define SAMPLE_COLUMNS 100

static void add_count(struct buffer *to, const char *before, uint64_t count, const char *one, const char *many)
{
	char room[QUANTITY_ROOM];

	buffer_printf(to, "%s%s %s", before, quantity_count(count, room), count == 1 ? one : many);
}

static void add_lost(struct buffer *to, const struct summary *summary)
{
	const struct {
		uint64_t count;
		const char *one, *many;
	} losses[] = {
		{ summary->lost_told, "event that the log says is missing", "events that the log says are missing" },
		{ summary->serial_gaps, "serial number missing", "serial numbers missing" },
		{ summary->incomplete_events, "incomplete event", "incomplete events" },
		{ summary->evicted, "entry of a full history table", "entries of full history tables" },
		{ summary->undecoded_lines, "line not decoded", "lines not decoded" },
	};
	const char *before = "; lost: ";

	for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++) {
		if (!losses[i].count)
			continue;
		add_count(to, before, losses[i].count, losses[i].one, losses[i].many);
		before = ", ";
	}
	if (before[0] == ';')
		buffer_text(to, "; lost: none");
}

static void add_undecoded(struct buffer *to, const struct summary_kind *kind, bool utf8)
{
	size_t len = kind->sample_len < SUMMARY_SAMPLE_LEN ? kind->sample_len : SUMMARY_SAMPLE_LEN;

	add_count(to, "  not decoded: ", kind->count, "of ", "of ");
	escape_terminal(to, span_of(kind->name), SAMPLE_COLUMNS, utf8);
	buffer_text(to, ", such as \"");
	escape_terminal(to, (struct span){ kind->sample, len }, SAMPLE_COLUMNS, utf8);
	buffer_text(to, "\"\n");
}

static void add_note(struct buffer *to, const struct summary_note *note, bool utf8)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, note->input_error ? "  error: " : note->loss ? "  lost: " : "  note: ");
	escape_terminal(to, span_of(note->text), 0, utf8);
	if (note->count > 1)
		buffer_printf(to, " (%s times)", quantity_count(note->count, room));
	buffer_add_byte(to, '\n');
}

void rows_summary(struct buffer *to, const struct summary *summary, uint64_t messages, uint64_t rows, bool utf8)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, quantity_bytes(summary->bytes, room));
	add_count(to, " in ", summary->files, "file", "files");
	add_count(to, ", ", messages, "message", "messages");
	add_count(to, ", ", rows, "row", "rows");
	add_lost(to, summary);
	buffer_printf(to, "; %s\n", quantity_seconds(summary->seconds, room));
	for (unsigned i = 0; i < SUMMARY_KINDS_MAX; i++)
		if (summary->undecoded[i].count)
			add_undecoded(to, &summary->undecoded[i], utf8);
	for (unsigned i = 0; i < SUMMARY_NOTES_MAX; i++)
		if (summary->notes[i].count)
			add_note(to, &summary->notes[i], utf8);
	if (summary->notes_dropped)
		buffer_printf(to, "  note: %s more notes do not fit here\n",
			      quantity_count(summary->notes_dropped, room));
}
