/* The card of an incident: who did what to whom, step by step. */
#include "sink/html_page.h"

#include "sink/escape.h"
#include "sink/html_writer.h"
#include "sink/quantity.h"
#include "sink/shape.h"

#define TITLE_TARGETS 3
#define UNSET_ID 4294967295u

/* ---- hosts ---- */

static bool is_host(const struct html_page *page, size_t i, struct span name)
{
	const struct html_host *host = &page->hosts[i];
	struct span known = span_first(span_skip(buffer_span(&page->texts), host->name_at), host->name_len);

	return span_equal(known, name);
}

static unsigned host_of(struct html_page *page, struct span name)
{
	size_t i = 0;

	while (i < page->host_count && i < HTML_HOSTS_MAX - 1 && !is_host(page, i, name))
		i++;
	if (i == page->host_count) {
		page->hosts[i] = (struct html_host){ .name_at = page->texts.len, .name_len = name.len };
		buffer_add(&page->texts, name);
		page->host_count++;
	}
	page->hosts[i].incidents++;
	return (unsigned)i;
}

struct span html_host_name(const struct html_page *page, size_t i)
{
	const struct html_host *host = &page->hosts[i];

	if (i == HTML_HOSTS_MAX - 1)
		return SPAN("other hosts");
	if (!host->name_len)
		return SPAN("unknown host");
	return span_first(span_skip(buffer_span(&page->texts), host->name_at), host->name_len);
}

/* ---- the head ---- */

/* "dump.py 4312": the script tells more than its interpreter. */
static struct span name_of_actor(const struct process *actor)
{
	return actor->script.len ? span_basename(actor->script) : shape_process_name(actor);
}

static struct span name_of_target(const struct incident_target *target)
{
	return target->comm.len ? target->comm : span_basename(target->exe);
}

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
		html_put_process(to, name_of_target(target), target->pid);
	}
	if (more)
		buffer_printf(to, " and %s more", quantity_count(more, room));
}

static void put_title(struct buffer *to, const struct incident *incident)
{
	html_put_process(to, name_of_actor(&incident->actor), incident->actor.pid);
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

/* ---- targets ---- */

static void put_bits(struct buffer *to, uint32_t bits, const char *(*word)(unsigned bit))
{
	bool any = false;

	for (unsigned bit = 0; bit < 32; bit++) {
		if (!(bits & 1u << bit) || !word(bit))
			continue;
		buffer_printf(to, "%s%s", any ? ", " : "", word(bit));
		any = true;
	}
}

static const char *entry_word(unsigned bit)
{
	return entry_name((enum entry)bit);
}

static const char *verb_word(unsigned bit)
{
	return verb_name((enum verb)bit);
}

static void put_target(struct buffer *to, const struct incident_target *target)
{
	buffer_text(to, "<tr><th scope=\"row\" data-is=\"Target\">");
	html_put_process(to, name_of_target(target), target->pid);
	if (target->holder)
		buffer_text(to, " <span class=\"chip\">holds credentials</span>");
	buffer_text(to, "</th><td data-is=\"Program\">");
	if (target->exe.len)
		html_put_code(to, target->exe);
	buffer_text(to, "</td><td data-is=\"Entries\">");
	put_bits(to, target->entries, entry_word);
	buffer_text(to, "</td><td data-is=\"How\">");
	put_bits(to, target->verbs, verb_word);
	buffer_text(to, "</td></tr>\n");
}

static void put_targets(struct buffer *to, const struct incident *incident, size_t begin)
{
	uint64_t all = incident->target_count + incident->targets_left, left;
	size_t i;

	if (!all)
		return;
	buffer_text(to, "<details class=\"more\"><summary>");
	html_put_count(to, all, "target", "targets");
	buffer_text(to,
		    "</summary>\n<table class=\"targets\"><caption>Whose memory, map or environment it was</caption>"
		    "<thead><tr><th scope=\"col\">Target</th><th scope=\"col\">Program</th>"
		    "<th scope=\"col\">Entries</th><th scope=\"col\">How</th></tr></thead>\n<tbody>\n");
	for (i = 0; i < incident->target_count && to->len - begin < HTML_CARD_MAX; i++)
		put_target(to, &incident->targets[i]);
	left = all - i;
	if (!i)
		buffer_text(to, "<tr><td colspan=\"4\">none that could be kept</td></tr>\n");
	buffer_text(to, "</tbody></table>\n");
	if (left) {
		buffer_text(to, "<p class=\"left\">");
		html_put_count(to, left, "more target is not listed.", "more targets are not listed.");
		buffer_text(to, "</p>\n");
	}
	buffer_text(to, "</details>\n");
}

/* ---- steps ---- */

/* The number of the finding that the step is, from 1, or 0. */
static size_t finding_number(const struct incident *incident, const char *id)
{
	for (size_t i = 0; *id && i < incident->found_count && i < HTML_FINDINGS_MAX; i++)
		if (strcmp(incident->found[i]->id, id) == 0)
			return i + 1;
	return 0;
}

static void put_step_target(struct buffer *to, const struct incident_step *step)
{
	if (!step->target.len && step->target_pid == UNKNOWN_ID)
		return;
	buffer_text(to, " → ");
	html_put_process(to, span_basename(step->target), step->target_pid);
}

static void put_step(struct buffer *to, const struct incident *incident, const struct incident_step *step)
{
	size_t number = finding_number(incident, step->finding);
	char room[QUANTITY_ROOM];

	buffer_printf(to, "<li class=\"%s\"><span class=\"at\">", step->finding[0] ? "found" : "beside");
	html_put_clock(to, step->first_ms, incident->first_ms);
	buffer_printf(to, "</span> <span class=\"kind\">%s</span> <span class=\"deed\">", step_kind_name(step->kind));
	html_put_process(to, span_basename(step->program), step->pid);
	put_step_target(to, step);
	if (step->what.len) {
		buffer_text(to, " ");
		html_put_code(to, step->what);
	}
	if (step->count > 1)
		buffer_printf(to, " <span class=\"times\">× %s</span>", quantity_count(step->count, room));
	if (step->failed)
		buffer_text(to, " <span class=\"chip\">failed</span>");
	if (number)
		buffer_printf(to, " <a href=\"#f-%s-%zu\">finding %zu</a>", incident->id, number, number);
	buffer_text(to, "</span></li>\n");
}

static void put_steps(struct buffer *to, const struct incident *incident, size_t begin)
{
	size_t i;

	if (!incident->step_count)
		return;
	buffer_text(to, "<h4>Steps</h4>\n<ol class=\"steps\">\n");
	for (i = 0; i < incident->step_count && (i == 0 || to->len - begin < HTML_CARD_MAX / 2); i++)
		put_step(to, incident, &incident->steps[i]);
	buffer_text(to, "</ol>\n");
	uint64_t left = incident->step_count - i + incident->steps_left;
	if (!left)
		return;
	buffer_text(to, "<p class=\"left\">");
	html_put_count(to, left, "later step is not listed.", "more steps are not listed.");
	buffer_text(to, "</p>\n");
}

/* ---- the whole ---- */

/* Without markup: the timeline's marks show it as a tool tip. */
static void put_plain_process(struct buffer *to, struct span name, uint64_t pid)
{
	char room[QUANTITY_ROOM];

	escape_html(to, name.len ? name : html_nameless(pid), 64);
	if (pid != UNKNOWN_ID)
		buffer_printf(to, " %s", quantity_digits(pid, room));
}

static void put_plain_title(struct buffer *to, const struct incident *incident)
{
	uint64_t more = incident->target_count + incident->targets_left - 1;
	const struct incident_target *target = incident->targets;
	char room[QUANTITY_ROOM];

	put_plain_process(to, name_of_actor(&incident->actor), incident->actor.pid);
	if (!incident->target_count)
		return;
	buffer_text(to, " → ");
	put_plain_process(to, name_of_target(target), target->pid);
	if (more)
		buffer_printf(to, " and %s more", quantity_count(more, room));
}

/* No log is to be trusted with the order of its times. */
static int64_t last_of(const struct incident *incident)
{
	bool is_later = html_shows_time(incident->last_ms) && incident->last_ms > incident->first_ms;

	return is_later ? incident->last_ms : incident->first_ms;
}

static void add_mark(struct html_page *page, const struct incident *incident, unsigned host)
{
	struct html_mark *mark = &page->marks[page->mark_count++];

	*mark = (struct html_mark){
		.first_ms = incident->first_ms,
		.last_ms = last_of(incident),
		.risk = incident->risk,
		.score = incident->score,
		.host = host,
		.title_at = page->texts.len,
	};
	memcpy(mark->id, incident->id, sizeof(mark->id));
	put_plain_title(&page->texts, incident);
	mark->title_len = page->texts.len - mark->title_at;
}

static void widen(struct html_page *page, const struct incident *incident)
{
	int64_t last_ms = last_of(incident);

	if (!html_shows_time(incident->first_ms))
		return;
	if (page->first_ms == TIME_UNKNOWN || incident->first_ms < page->first_ms)
		page->first_ms = incident->first_ms;
	if (page->last_ms == TIME_UNKNOWN || last_ms > page->last_ms)
		page->last_ms = last_ms;
}

void html_add_card(struct html_page *page, const struct incident *incident)
{
	struct buffer *to = &page->cards;
	size_t begin = to->len;

	page->incidents++;
	page->findings += incident->findings;
	if (page->mark_count == HTML_INCIDENTS_MAX || to->len >= HTML_CARDS_MAX) {
		page->incidents_left++;
		page->findings_left += incident->findings;
		return;
	}
	page->by_risk[incident->risk]++;
	widen(page, incident);
	unsigned host = host_of(page, incident->host);
	add_mark(page, incident, host);
	buffer_printf(to, "<article class=\"card f f-%s h-%u\" id=\"i-%s\" aria-labelledby=\"t-%s\">\n",
		      html_risk_class(incident->risk), host, incident->id, incident->id);
	put_head(to, incident, incident->host.len ? incident->host : SPAN("unknown host"));
	put_steps(to, incident, begin);
	put_facts(to, incident);
	put_targets(to, incident, begin);
	html_add_findings(page, incident, begin);
	buffer_printf(to, "<p class=\"id\">Incident <code>%s</code></p>\n</article>\n", incident->id);
}
