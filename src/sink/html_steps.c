/* What an incident did, in order, and to whom. */
#include "sink/html_page.h"

#include "sink/html_writer.h"
#include "sink/quantity.h"

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

void html_put_steps(struct buffer *to, const struct incident *incident, size_t begin)
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
	html_put_process(to, html_target_name(target), target->pid);
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

void html_put_targets(struct buffer *to, const struct incident *incident, size_t begin)
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
