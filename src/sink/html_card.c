/* The card of an incident: who did what to whom, step by step. */
#include "sink/html_page.h"

#include "sink/html_writer.h"
#include "sink/quantity.h"
#include "sink/shape.h"

#define TITLE_TARGETS 3
#define UNSET_ID 4294967295u

/* ---- the head ---- */

static void put_targets_in_short(struct buffer *to, const struct incident *incident)
{
	uint64_t more = incident->targets_left;
	char room[QUANTITY_ROOM];

	for (size_t i = 0; i < incident->target_count; i++) {
		const struct incident_target *target = &incident->targets[i];
		if (i >= TITLE_TARGETS) {
			more++;
			continue;
		}
		buffer_text(to, i ? ", " : " → ");
		html_put_process(to, html_target_name(target), target->pid);
	}
	if (more)
		buffer_printf(to, " and %s more", quantity_count(more, room));
}

static void put_title(struct buffer *to, const struct incident *incident)
{
	html_put_process(to, html_actor_name(&incident->actor), incident->actor.pid);
	put_targets_in_short(to, incident);
}

static void put_meta(struct buffer *to, const struct incident *incident, struct span host)
{
	buffer_printf(to, "<p class=\"meta\"><span class=\"badge %s\">", html_risk_class(incident->risk));
	html_put_glyph(to, incident->risk);
	buffer_printf(to, "%s</span> <span class=\"host\">", risk_name(incident->risk));
	html_put_name(to, host);
	buffer_text(to, "</span> <span class=\"when\">");
	html_put_time(to, incident->first_ms);
	if (incident->last_ms != incident->first_ms) {
		buffer_text(to, " – ");
		html_put_clock(to, incident->last_ms, incident->first_ms);
	}
	buffer_text(to, "</span></p>\n");
}

static void put_reasons(struct buffer *to, const struct incident *incident)
{
	if (!incident->reason_count)
		return;
	buffer_text(to, "<ul class=\"reasons\">");
	for (size_t i = 0; i < incident->reason_count; i++) {
		buffer_text(to, "<li>");
		html_put_name(to, incident->reasons[i]);
		buffer_text(to, "</li>");
	}
	buffer_text(to, "</ul>\n");
}

static void put_head(struct buffer *to, const struct incident *incident, struct span host)
{
	buffer_text(to, "<header>\n<div class=\"what\">\n");
	put_meta(to, incident, host);
	buffer_printf(to, "<h3 id=\"t-%s\">", incident->id);
	put_title(to, incident);
	buffer_text(to, "</h3>\n");
	put_reasons(to, incident);
	buffer_printf(to,
		      "</div>\n<p class=\"score\"><b>%u</b> <span>score of 100</span> <span>severity %u</span></p>\n"
		      "</header>\n",
		      incident->score, incident->severity);
}

/* ---- who ---- */

static void put_id(struct buffer *to, const char *term, uint64_t id)
{
	char room[QUANTITY_ROOM];

	if (id == UNKNOWN_ID)
		return;
	const char *text = id == UNSET_ID ? "unset" : quantity_digits(id, room);
	buffer_printf(to, "<div><dt>%s</dt><dd>%s</dd></div>\n", term, text);
}

/* Each technique of its findings once. */
static void put_techniques(struct buffer *to, const struct incident *incident)
{
	bool any = false;

	for (size_t i = 0; i < incident->found_count; i++) {
		struct span technique = incident->found[i]->technique;
		bool is_new = technique.len > 0;
		for (size_t k = 0; is_new && k < i; k++)
			is_new = !span_equal(incident->found[k]->technique, technique);
		if (!is_new)
			continue;
		buffer_text(to, any ? ", " : "<div><dt>ATT&amp;CK</dt><dd>");
		html_put_name(to, technique);
		any = true;
	}
	if (any)
		buffer_text(to, "</dd></div>\n");
}

static void put_facts(struct buffer *to, const struct incident *incident)
{
	const struct process *actor = &incident->actor;

	buffer_text(to, "<h4>Actor</h4>\n<dl class=\"facts\">\n");
	html_put_fact(to, "Command line", actor->cmdline, true);
	html_put_fact(to, "Program", actor->exe.len ? actor->exe : actor->comm, false);
	html_put_fact(to, "Script", actor->script, false);
	html_put_fact(to, "Directory", actor->cwd, false);
	html_put_fact(to, "Terminal", actor->tty, false);
	put_id(to, "Process", actor->pid);
	put_id(to, "Parent", actor->ppid);
	put_id(to, "User", actor->uid);
	put_id(to, "Login user", actor->auid);
	put_id(to, "Session", actor->ses);
	put_techniques(to, incident);
	buffer_text(to, "</dl>\n");
}

/* ---- the whole ---- */

void html_add_card(struct html_page *page, const struct incident *incident)
{
	struct buffer *to = &page->cards;
	size_t begin = to->len;

	page->incidents++;
	page->findings += incident->findings;
	page->by_risk[incident->risk]++;
	if (page->mark_count == HTML_INCIDENTS_MAX || to->len >= HTML_CARDS_MAX) {
		page->incidents_left++;
		page->findings_left += incident->findings;
		return;
	}
	unsigned host = html_add_mark(page, incident);
	buffer_printf(to, "<article class=\"card f f-%s h-%u\" id=\"i-%s\" aria-labelledby=\"t-%s\">\n",
		      html_risk_class(incident->risk), host, incident->id, incident->id);
	put_head(to, incident, incident->host.len ? incident->host : SPAN("unknown host"));
	html_put_steps(to, incident, begin);
	put_facts(to, incident);
	html_put_targets(to, incident, begin);
	html_add_findings(page, incident, begin);
	buffer_printf(to, "<p class=\"id\">Incident <code>%s</code></p>\n</article>\n", incident->id);
}
