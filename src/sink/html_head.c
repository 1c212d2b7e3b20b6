/* What stands above the incidents: what the report is about, in figures, and what of it is to be shown. */
#include "sink/html_page.h"

#include "sink/html_writer.h"
#include "sink/quantity.h"

static const enum risk tiers[] = { RISK_HIGH, RISK_KNOWN_TOOL, RISK_REVIEW };

#define TIERS (sizeof(tiers) / sizeof(*tiers))

static uint64_t tier_count(const uint64_t by_risk[], enum risk tier)
{
	return by_risk[tier] + (tier == RISK_REVIEW ? by_risk[RISK_NONE] : 0);
}

static const char *tier_means(enum risk tier)
{
	switch (tier) {
	case RISK_HIGH:
		return "memory was reached, or its map by what should not";
	case RISK_KNOWN_TOOL:
		return "a tool made for it is named";
	case RISK_REVIEW:
	case RISK_NONE:
		break;
	}
	return "maps and environments; often harmless";
}

/* "12 incidents on 3 hosts" */
static void put_headline(struct buffer *to, const struct html_page *page)
{
	bool others = page->host_count == HTML_HOSTS_MAX;

	if (!page->incidents) {
		buffer_text(to, "No incident");
		return;
	}
	html_put_count(to, page->incidents, "incident", "incidents");
	buffer_text(to, others ? " on more than " : " on ");
	html_put_count(to, page->host_count - others, "host", "hosts");
}

static void put_lede(struct buffer *to, const struct html_page *page)
{
	buffer_text(to,
		    "<p class=\"lede\">Who reached the memory, the memory map or the environment of another process "
		    "(ATT&amp;CK T1003.007), told from logs");
	if (page->first_ms != TIME_UNKNOWN) {
		buffer_text(to, ", from ");
		html_put_time(to, page->first_ms);
		buffer_text(to, " to ");
		html_put_time(to, page->last_ms);
		buffer_text(to, " UTC");
	}
	buffer_text(to, ".</p>\n");
}

static void put_tiles(struct buffer *to, const struct html_page *page)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, "<ul class=\"tiles\">\n");
	for (size_t i = 0; i < TIERS; i++) {
		buffer_printf(to, "<li class=\"%s\"><b>%s</b><span>", html_risk_class(tiers[i]),
			      quantity_count(tier_count(page->by_risk, tiers[i]), room));
		html_put_glyph(to, tiers[i]);
		buffer_printf(to, " %s</span><small>%s</small></li>\n", risk_name(tiers[i]), tier_means(tiers[i]));
	}
	buffer_printf(
		to,
		"<li><b>%s</b><span>%s</span><small>accesses joined by actor, target and entry</small></li>\n</ul>\n",
		quantity_count(page->findings, room), page->findings == 1 ? "finding" : "findings");
}

void html_put_head(struct buffer *to, const struct html_page *page)
{
	buffer_text(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
			"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
			"'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n"
			"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
			"<meta name=\"referrer\" content=\"no-referrer\"/>\n"
			"<meta name=\"color-scheme\" content=\"light dark\"/>\n"
			"<meta name=\"generator\" content=\"proctor " PROCTOR_VERSION "\"/>\n<title>proctor: ");
	put_headline(to, page);
	buffer_text(to, "</title>\n<style>\n");
	html_put_style(to, page);
	buffer_text(to, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#incidents\">To the incidents</a>\n"
			"<header class=\"top\">\n<p class=\"brand\">proctor</p>\n<h1>");
	put_headline(to, page);
	buffer_text(to, "</h1>\n");
	put_lede(to, page);
	if (page->incidents)
		put_tiles(to, page);
	buffer_text(to, "</header>\n<main>\n");
}

/* ---- filters ---- */

static void put_tier_filters(struct buffer *to, const struct html_page *page)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, "<fieldset><legend>Tiers</legend>\n");
	for (size_t i = 0; i < TIERS; i++) {
		const char *tier = html_risk_class(tiers[i]);
		buffer_printf(
			to, "<label><input type=\"checkbox\" id=\"show-%s\" checked=\"checked\" autocomplete=\"off\"/>",
			tier);
		html_put_glyph(to, tiers[i]);
		buffer_printf(to, "%s <small>%s</small></label>\n", risk_name(tiers[i]),
			      quantity_count(tier_count(page->listed_by_risk, tiers[i]), room));
	}
	buffer_text(to, "</fieldset>\n");
}

static void put_host_filters(struct buffer *to, const struct html_page *page)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, "<fieldset><legend>Hosts</legend>\n<label><input type=\"radio\" name=\"host\" "
			"checked=\"checked\" autocomplete=\"off\"/>all</label>\n");
	for (size_t i = 0; i < page->host_count; i++) {
		buffer_printf(to, "<label><input type=\"radio\" name=\"host\" id=\"host-%zu\" autocomplete=\"off\"/>",
			      i);
		html_put_name(to, html_host_name(page, i));
		buffer_printf(to, " <small>%s</small></label>\n", quantity_count(page->hosts[i].incidents, room));
	}
	buffer_text(to, "</fieldset>\n");
}

void html_put_filters(struct buffer *to, const struct html_page *page)
{
	buffer_text(to, "<div class=\"filters\" role=\"group\" aria-label=\"What is shown\">\n");
	put_tier_filters(to, page);
	if (page->host_count > 1)
		put_host_filters(to, page);
	buffer_text(to, "</div>\n");
}
