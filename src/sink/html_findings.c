/* The findings of an incident, each with what proves it. */
#include "sink/html_page.h"

#include "sink/escape.h"
#include "sink/html_writer.h"
#include "sink/quantity.h"
#include "sink/shape.h"

static void put_access(struct buffer *to, const struct access *access)
{
	struct span path = shape_path(access);

	buffer_printf(to, "<td data-is=\"Access\"><span class=\"deed\">%s", access_action(access));
	if (access->entry != ENTRY_NONE)
		buffer_printf(to, " <b>%s</b>", entry_name(access->entry));
	if (access->target.pid != UNKNOWN_ID || access->target.comm.len || access->target.exe.len) {
		buffer_text(to, " of ");
		html_put_process(to, shape_process_name(&access->target), access->target.pid);
	}
	buffer_text(to, "</span>");
	if (path.len) {
		buffer_text(to, "<br/>");
		html_put_code(to, path);
	} else if (access->message.len) {
		buffer_text(to, "<br/>");
		html_put_code(to, access->message);
	}
	buffer_text(to, "</td>");
}

static void put_why(struct buffer *to, const struct finding *finding)
{
	buffer_text(to, "<td data-is=\"Why\">");
	for (size_t i = 0; i < finding->reason_count; i++) {
		buffer_text(to, i ? "; " : "");
		html_put_name(to, finding->reasons[i]);
	}
	if (finding->threat.len) {
		buffer_text(to, "<br/>known as ");
		html_put_name(to, finding->threat);
	}
	if (finding->rule.len) {
		buffer_text(to, "<br/>");
		buffer_text(to, "rule ");
		html_put_code(to, finding->rule);
	}
	buffer_text(to, "</td>");
}

static void put_outcome(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	char room[QUANTITY_ROOM];

	buffer_printf(to, "<td data-is=\"Outcome\">%s", outcome_name(access->outcome, room));
	if (access->syscall.len) {
		buffer_text(to, "<br/>");
		html_put_code(to, access->syscall);
	}
	if (finding->count > 1)
		buffer_printf(to, "<br/>× %s", quantity_count(finding->count, room));
	buffer_text(to, "</td>");
}

/* Where it stands, and how the target is known. */
static void put_evidence(struct buffer *to, const struct access *access)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, "<td data-is=\"Evidence\">");
	if (access->origin.file) {
		html_put_code(to, span_of(access->origin.file));
		if (access->origin.member) {
			buffer_text(to, ", ");
			html_put_code(to, span_of(access->origin.member));
		}
		buffer_printf(to, "<br/>at byte %s", quantity_count(access->origin.offset, room));
	}
	if (access->serial)
		buffer_printf(to, ", event %s", quantity_digits(access->serial, room));
	if (access->resolved_by != RESOLVED_NONE)
		buffer_printf(to, "<br/>target by %s, %s", resolved_by_name(access->resolved_by),
			      access->certain ? "certain" : "not certain");
	buffer_text(to, "</td>");
}

static void put_raw(struct buffer *to, const struct access *access, size_t begin)
{
	size_t i;

	buffer_text(to, "<tr class=\"raw\"><td colspan=\"6\"><details><summary>");
	html_put_count(to, access->raw_count, "raw record", "raw records");
	buffer_text(to, "</summary><pre>");
	for (i = 0; i < access->raw_count && i < HTML_RAW_LINES_MAX && to->len - begin < HTML_CARD_MAX; i++) {
		html_put_text(to, access->raw[i]);
		buffer_add_byte(to, '\n');
	}
	if (i < access->raw_count) {
		buffer_text(to, "… ");
		html_put_count(to, access->raw_count - i, "more record", "more records");
		buffer_add_byte(to, '\n');
	}
	buffer_text(to, "</pre></details></td></tr>\n");
}

static void put_finding(struct buffer *to, const struct incident *incident, size_t i)
{
	const struct finding *finding = incident->found[i];

	buffer_printf(to, "<tr id=\"f-%s-%zu\"><th scope=\"row\" data-is=\"Finding\">%zu · ", incident->id, i + 1,
		      i + 1);
	html_put_clock(to, finding->first_ms, incident->first_ms);
	buffer_text(to, "<br/>");
	html_put_glyph(to, finding->risk);
	buffer_printf(to, " %s %u</th>", risk_name(finding->risk), finding->score);
	put_access(to, &finding->access);
	buffer_text(to, "<td data-is=\"By\">");
	html_put_process(to, shape_process_name(&finding->access.actor), finding->access.actor.pid);
	buffer_text(to, "</td>");
	put_outcome(to, finding);
	put_why(to, finding);
	put_evidence(to, &finding->access);
	buffer_text(to, "</tr>\n");
}

void html_add_findings(struct html_page *page, const struct incident *incident, size_t begin)
{
	struct buffer *to = &page->cards;
	size_t i;

	buffer_text(to, "<details class=\"more\"><summary>");
	html_put_count(to, incident->findings, "finding", "findings");
	buffer_text(
		to,
		"</summary>\n<table class=\"findings\"><caption>Each access, and what proves it</caption>\n<thead><tr>"
		"<th scope=\"col\">Finding</th><th scope=\"col\">Access</th><th scope=\"col\">By</th>"
		"<th scope=\"col\">Outcome</th><th scope=\"col\">Why</th><th scope=\"col\">Evidence</th>"
		"</tr></thead>\n<tbody>\n");
	for (i = 0; i < incident->found_count && i < HTML_FINDINGS_MAX && to->len - begin < HTML_CARD_MAX; i++) {
		put_finding(to, incident, i);
		if (page->raw && incident->found[i]->access.raw_count)
			put_raw(to, &incident->found[i]->access, begin);
	}
	if (!i)
		buffer_text(to, "<tr><td colspan=\"6\">none that could be kept</td></tr>\n");
	buffer_text(to, "</tbody></table>\n");
	if (incident->findings > i) {
		page->findings_left += incident->findings - i;
		buffer_text(to, "<p class=\"left\">");
		html_put_count(to, incident->findings - i, "more finding is not listed.",
			       "more findings are not listed.");
		buffer_text(to, "</p>\n");
	}
	buffer_text(to, "</details>\n");
}
