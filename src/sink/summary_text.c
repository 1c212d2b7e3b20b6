#include "sink/summary_text.h"

#include "sink/escape.h"
#include "sink/quantity.h"

#define SAMPLE_COLUMNS 100

/* "1 finding", "32 findings", "events not counted" */
static void add_count(struct buffer *to, uint64_t count, const char *one, const char *many)
{
	char room[QUANTITY_ROOM];

	if (count == SUMMARY_NOT_COUNTED)
		buffer_printf(to, "%s not counted", many);
	else
		buffer_printf(to, "%s %s", quantity_count(count, room), count == 1 ? one : many);
}

/* A clause of a list, only when there is something to tell. */
struct list {
	struct buffer *to;
	const char *between;
	bool any;
};

static void add_clause(struct list *list, uint64_t count, const char *one, const char *many)
{
	if (count == 0)
		return;
	buffer_text(list->to, list->any ? list->between : "");
	add_count(list->to, count, one, many);
	list->any = true;
}

static void add_input(struct buffer *to, const struct summary *summary)
{
	struct list list = { .to = to, .between = ", ", .any = true };
	char room[QUANTITY_ROOM];

	buffer_printf(to, "%s %s ", quantity_bytes(summary->bytes, room), summary->live ? "from" : "in");
	add_count(to, summary->files, summary->live ? "sensor" : "file", summary->live ? "sensors" : "files");
	buffer_text(to, ", ");
	add_count(to, summary->records, "record", "records");
	buffer_text(to, ", ");
	add_count(to, summary->events, "event", "events");
	add_clause(&list, summary->log_lines, "log line", "log lines");
}

static void add_accesses(struct buffer *to, const struct summary *summary)
{
	struct list list = { .to = to, .between = ", " };
	size_t open_at;

	buffer_text(to, ", ");
	add_count(to, summary->accesses, "access", "accesses");
	open_at = to->len;
	buffer_text(to, " (");
	add_clause(&list, summary->self, "own", "own");
	add_clause(&list, summary->suppressed, "suppressed by tuning", "suppressed by tuning");
	add_clause(&list, summary->untiered, "in no tier", "in no tier");
	if (list.any)
		buffer_add_byte(to, ')');
	else if (!to->failed)
		to->len = open_at;
	buffer_text(to, ", ");
	add_count(to, summary->findings, "finding", "findings");
	if (summary->incidents) {
		buffer_text(to, " in ");
		add_count(to, summary->incidents, "incident", "incidents");
	}
}

static void add_lost(struct buffer *to, const struct summary *summary)
{
	struct list list = { .to = to, .between = ", " };

	buffer_text(to, "; lost: ");
	add_clause(&list, summary->lost_told, "event that the log says is missing",
		   "events that the log says are missing");
	add_clause(&list, summary->serial_gaps, "serial number missing", "serial numbers missing");
	add_clause(&list, summary->incomplete_events, "incomplete event", "incomplete events");
	add_clause(&list, summary->evicted, "entry of a full history table", "entries of full history tables");
	add_clause(&list, summary->undecoded_lines, "line not decoded", "lines not decoded");
	if (summary->events == SUMMARY_NOT_COUNTED)
		buffer_text(to, list.any ? ", the rest not counted" : "not counted");
	else if (!list.any)
		buffer_text(to, "none");
}

static void add_doubts(struct buffer *to, const struct summary *summary)
{
	char room[QUANTITY_ROOM];

	if (summary->unknown_target)
		buffer_printf(to, "; unknown target: %s", quantity_count(summary->unknown_target, room));
	if (summary->uncertain)
		buffer_printf(to, "; uncertain target: %s", quantity_count(summary->uncertain, room));
	if (summary->late_records)
		buffer_printf(to, "; records come late: %s", quantity_count(summary->late_records, room));
	if (summary->duplicate_records)
		buffer_printf(to, "; records read twice: %s", quantity_count(summary->duplicate_records, room));
	buffer_printf(to, "; %s\n", quantity_seconds(summary->seconds, room));
}

static void add_place(struct buffer *to, const struct summary_kind *kind, bool utf8)
{
	if (!kind->file[0])
		return;
	buffer_text(to, " in ");
	escape_terminal(to, span_of(kind->file), SAMPLE_COLUMNS, utf8);
	if (kind->member[0]) {
		buffer_text(to, ", member ");
		escape_terminal(to, span_of(kind->member), SAMPLE_COLUMNS, utf8);
	}
	buffer_printf(to, " at byte %llu", (unsigned long long)kind->offset);
}

static void add_undecoded(struct buffer *to, const struct summary_kind *kind, bool utf8)
{
	size_t len = kind->sample_len < SUMMARY_SAMPLE_LEN ? kind->sample_len : SUMMARY_SAMPLE_LEN;
	char room[QUANTITY_ROOM];

	buffer_printf(to, "  not decoded: %s of ", quantity_count(kind->count, room));
	escape_terminal(to, span_of(kind->name), SAMPLE_COLUMNS, utf8);
	buffer_text(to, ", such as \"");
	escape_terminal(to, (struct span){ kind->sample, len }, SAMPLE_COLUMNS, utf8);
	buffer_add_byte(to, '"');
	add_place(to, kind, utf8);
	buffer_add_byte(to, '\n');
}

static void add_suppression(struct buffer *to, const struct summary_kind *kind, bool utf8)
{
	char room[QUANTITY_ROOM];

	buffer_printf(to, "  suppressed: %s by ", quantity_count(kind->count, room));
	escape_terminal(to, span_of(kind->name), SAMPLE_COLUMNS, utf8);
	buffer_text(to, " (--show-suppressed lists them)\n");
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

static void add_details(struct buffer *to, const struct summary *summary, bool utf8)
{
	char room[QUANTITY_ROOM];

	for (unsigned i = 0; i < SUMMARY_KINDS_MAX; i++)
		if (summary->suppressions[i].count)
			add_suppression(to, &summary->suppressions[i], utf8);
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

static const char *doubt_of(const struct summary *summary)
{
	if (summary->live)
		return "no open on procfs was seen, by anybody: the kernel's audit rules may not cover it, or auditing "
		       "may be off, and finding nothing proves nothing";
	if (summary->records)
		return "no open on procfs is in this log, by anybody: the host's audit rules may not cover it, and "
		       "finding nothing proves nothing";
	return "no audit record was read, so finding nothing proves nothing";
}

/* "Nothing found" is only worth what the log could have shown. */
static void add_coverage(struct buffer *to, const struct summary *summary)
{
	if (!summary->coverage_seen_procfs && !summary->accesses)
		buffer_printf(to, "  note: %s\n", doubt_of(summary));
}

void summary_text(struct buffer *to, const struct summary *summary, bool utf8)
{
	add_input(to, summary);
	add_accesses(to, summary);
	add_lost(to, summary);
	add_doubts(to, summary);
	add_details(to, summary, utf8);
	add_coverage(to, summary);
}
