/* The line of truth as a page has it: what was read, left out and lost. The same counts as summary_text.c's. */
#include "sink/html_page.h"

#include "sink/html_writer.h"
#include "sink/quantity.h"

static void open_fact(struct buffer *to, const char *term)
{
	buffer_printf(to, "<div><dt>%s</dt><dd>", term);
}

static void close_fact(struct buffer *to)
{
	buffer_text(to, "</dd></div>\n");
}

/* A list of clauses, only of what there is. */
struct list {
	struct buffer *to;
	bool any;
};

static void add_clause(struct list *list, uint64_t count, const char *one, const char *many)
{
	if (!count)
		return;
	buffer_text(list->to, list->any ? ", " : "");
	html_put_count(list->to, count, one, many);
	list->any = true;
}

static void put_read(struct buffer *to, const struct summary *summary)
{
	struct list list = { .to = to };
	char room[QUANTITY_ROOM];

	open_fact(to, "Read");
	buffer_printf(to, "%s in ", quantity_bytes(summary->bytes, room));
	html_put_count(to, summary->files, "file", "files");
	close_fact(to);
	open_fact(to, "Of it");
	add_clause(&list, summary->records, "record", "records");
	add_clause(&list, summary->events, "event", "events");
	add_clause(&list, summary->log_lines, "log line", "log lines");
	if (!list.any)
		buffer_text(to, "nothing that could be understood");
	close_fact(to);
}

static void put_accesses(struct buffer *to, const struct summary *summary)
{
	struct list list = { .to = to };

	open_fact(to, "Accesses");
	add_clause(&list, summary->accesses, "in all", "in all");
	add_clause(&list, summary->self, "of processes to themselves", "of processes to themselves");
	add_clause(&list, summary->suppressed, "suppressed by tuning", "suppressed by tuning");
	add_clause(&list, summary->untiered, "in no tier", "in no tier");
	if (!list.any)
		buffer_text(to, "none");
	close_fact(to);
}

static void put_lost(struct buffer *to, const struct summary *summary)
{
	struct list list = { .to = to };

	open_fact(to, "Lost");
	add_clause(&list, summary->lost_told, "event that the log says is missing",
		   "events that the log says are missing");
	add_clause(&list, summary->serial_gaps, "serial number missing", "serial numbers missing");
	add_clause(&list, summary->incomplete_events, "incomplete event", "incomplete events");
	add_clause(&list, summary->evicted, "entry of a full history table", "entries of full history tables");
	add_clause(&list, summary->undecoded_lines, "line not decoded", "lines not decoded");
	if (!list.any)
		buffer_text(to, "nothing");
	close_fact(to);
}

static void put_doubts(struct buffer *to, const struct summary *summary)
{
	struct list list = { .to = to };
	size_t begin = to->len;

	open_fact(to, "Doubts");
	add_clause(&list, summary->unknown_target, "unknown target", "unknown targets");
	add_clause(&list, summary->uncertain, "uncertain target", "uncertain targets");
	add_clause(&list, summary->late_records, "record came late", "records came late");
	add_clause(&list, summary->duplicate_records, "record read twice", "records read twice");
	close_fact(to);
	if (!list.any && !to->failed)
		to->len = begin;
}

/* ---- tables ---- */

static bool any_kind(const struct summary_kind kinds[SUMMARY_KINDS_MAX])
{
	for (unsigned i = 0; i < SUMMARY_KINDS_MAX; i++)
		if (kinds[i].count)
			return true;
	return false;
}

static void put_suppression(struct buffer *to, const struct summary_kind *kind)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, "<tr><th scope=\"row\">");
	html_put_name(to, span_of(kind->name));
	buffer_printf(to, "</th><td data-is=\"Accesses\" class=\"number\">%s</td></tr>\n",
		      quantity_count(kind->count, room));
}

static void put_suppressions(struct buffer *to, const struct summary *summary)
{
	if (!any_kind(summary->suppressions))
		return;
	buffer_text(to, "<details class=\"more\"><summary>Taken for normal: ");
	html_put_count(to, summary->suppressed, "access", "accesses");
	buffer_text(to,
		    "</summary>\n<table><caption>By which tuning; --show-suppressed lists them</caption>\n<thead><tr>"
		    "<th scope=\"col\">Tuning</th><th scope=\"col\" "
		    "class=\"number\">Accesses</th></tr></thead>\n<tbody>\n");
	for (unsigned i = 0; i < SUMMARY_KINDS_MAX; i++)
		if (summary->suppressions[i].count)
			put_suppression(to, &summary->suppressions[i]);
	buffer_text(to, "</tbody></table>\n</details>\n");
}

static void put_place(struct buffer *to, const struct summary_kind *kind)
{
	char room[QUANTITY_ROOM];

	if (!kind->file[0])
		return;
	buffer_text(to, "<br/>in ");
	html_put_code(to, span_of(kind->file));
	if (kind->member[0]) {
		buffer_text(to, ", ");
		html_put_code(to, span_of(kind->member));
	}
	buffer_printf(to, " at byte %s", quantity_count(kind->offset, room));
}

static void put_undecoded_kind(struct buffer *to, const struct summary_kind *kind)
{
	size_t len = kind->sample_len < SUMMARY_SAMPLE_LEN ? kind->sample_len : SUMMARY_SAMPLE_LEN;
	char room[QUANTITY_ROOM];

	buffer_text(to, "<tr><th scope=\"row\">");
	html_put_name(to, span_of(kind->name));
	buffer_printf(to, "</th><td data-is=\"Lines\" class=\"number\">%s</td><td data-is=\"Such as\">",
		      quantity_count(kind->count, room));
	html_put_code(to, (struct span){ kind->sample, len });
	put_place(to, kind);
	buffer_text(to, "</td></tr>\n");
}

static void put_undecoded(struct buffer *to, const struct summary *summary)
{
	if (!any_kind(summary->undecoded))
		return;
	buffer_text(to, "<details class=\"more\"><summary>Not decoded: ");
	html_put_count(to, summary->undecoded_lines, "line", "lines");
	buffer_text(
		to,
		"</summary>\n<table><caption>By kind, and one of each</caption>\n<thead><tr><th scope=\"col\">Kind</th>"
		"<th scope=\"col\" class=\"number\">Lines</th><th scope=\"col\">Such as</th></tr></thead>\n<tbody>\n");
	for (unsigned i = 0; i < SUMMARY_KINDS_MAX; i++)
		if (summary->undecoded[i].count)
			put_undecoded_kind(to, &summary->undecoded[i]);
	buffer_text(to, "</tbody></table>\n</details>\n");
}

/* ---- notes ---- */

static void put_note(struct buffer *to, const struct summary_note *note)
{
	char room[QUANTITY_ROOM];

	buffer_printf(to, "<li><b>%s:</b> ", note->input_error ? "Error" : note->loss ? "Lost" : "Note");
	html_put_name(to, span_of(note->text));
	if (note->count > 1)
		buffer_printf(to, " (%s times)", quantity_count(note->count, room));
	buffer_text(to, "</li>\n");
}

/* "Nothing found" is only worth what the log could have shown. */
static const char *coverage(const struct summary *summary)
{
	if (summary->coverage_seen_procfs || summary->accesses)
		return NULL;
	return summary->records
		       ? "no open on procfs is in this log, by anybody: the host’s audit rules may not cover it, "
			 "and finding nothing proves nothing"
		       : "no audit record was read, so finding nothing proves nothing";
}

static void put_notes(struct buffer *to, const struct summary *summary)
{
	const char *words = coverage(summary);
	size_t begin = to->len, empty;
	char room[QUANTITY_ROOM];

	buffer_text(to, "<ul class=\"notes\">\n");
	empty = to->len;
	if (words)
		buffer_printf(to, "<li><b>Note:</b> %s</li>\n", words);
	for (unsigned i = 0; i < SUMMARY_NOTES_MAX; i++)
		if (summary->notes[i].count)
			put_note(to, &summary->notes[i]);
	if (summary->notes_dropped)
		buffer_printf(to, "<li><b>Note:</b> %s more notes do not fit here</li>\n",
			      quantity_count(summary->notes_dropped, room));
	if (to->len == empty && !to->failed)
		to->len = begin;
	else
		buffer_text(to, "</ul>\n");
}

void html_put_summary(struct buffer *to, const struct summary *summary)
{
	buffer_text(to, "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">What was read</h2>\n"
			"<dl class=\"facts\">\n");
	put_read(to, summary);
	put_accesses(to, summary);
	put_lost(to, summary);
	put_doubts(to, summary);
	buffer_text(to, "</dl>\n");
	put_notes(to, summary);
	put_suppressions(to, summary);
	put_undecoded(to, summary);
	buffer_text(to, "</section>\n");
}
