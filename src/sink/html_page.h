/*
 * html_page: what a report holds until its head can be written: the cards of
 * its incidents as they will stand in it, and what the timeline and the
 * filters need of each. Private to src/sink.
 *
 * A log can hold a million findings, a page that a browser can show cannot:
 * what finds no room is counted, and the page says so.
 */
#ifndef SINK_HTML_PAGE_H
#define SINK_HTML_PAGE_H

#include "base/buffer.h"
#include "model/incident.h"
#include "model/summary.h"

#define HTML_INCIDENTS_MAX 1000
#define HTML_FINDINGS_MAX 200	   /* of one incident */
#define HTML_HOSTS_MAX 24	   /* with a lane and a filter of their own; the last one is of all others */
#define HTML_CARD_MAX (512u << 10) /* bytes of one card before it stops to list things */
#define HTML_CARDS_MAX (16u << 20) /* bytes of all cards before the others are left out */
#define HTML_RAW_LINES_MAX 64	   /* of one finding */

/* An incident as the timeline needs it. */
struct html_mark {
	char id[17];
	int64_t first_ms, last_ms;
	enum risk risk;
	unsigned score, host;
	unsigned begin, end, row, others; /* the timeline's own */
	size_t title_at, title_len;	  /* in texts: escaped, "python3 4312 → sshd 812" */
};

struct html_host {
	size_t name_at, name_len; /* in texts: as the log has it */
	uint64_t incidents;
};

struct html_page {
	struct buffer cards, texts;
	struct html_mark marks[HTML_INCIDENTS_MAX];
	size_t mark_count;
	struct html_host hosts[HTML_HOSTS_MAX];
	size_t host_count;
	bool raw;
	uint64_t incidents, findings; /* of all that were given */
	uint64_t by_risk[RISK_HIGH + 1];
	uint64_t listed_by_risk[RISK_HIGH + 1]; /* of those on the page */
	uint64_t incidents_left, findings_left; /* without room here */
	int64_t first_ms, last_ms;		/* of those on the page; TIME_UNKNOWN */
};

struct span html_host_name(const struct html_page *page, size_t host); /* "unknown host", "other hosts" */

/* Whom a person would name: the script rather than its interpreter. */
struct span html_actor_name(const struct process *actor);
struct span html_target_name(const struct incident_target *target);

/* A card of the incident, or one more that is left out. */
void html_add_card(struct html_page *page, const struct incident *incident);

/* ---- what a card is made of; `begin`: where it began in `to` or the cards, so that it ends in time ---- */

/* Counts it and gives the timeline its mark. There must be room for one more. Returns its host. */
unsigned html_add_mark(struct html_page *page, const struct incident *incident);
void html_put_steps(struct buffer *to, const struct incident *incident, size_t begin);
void html_put_targets(struct buffer *to, const struct incident *incident, size_t begin);
/* Its findings. Counts what is left out. */
void html_add_findings(struct html_page *page, const struct incident *incident, size_t begin);

/* ---- the document's parts, in their order ---- */

void html_put_head(struct buffer *to, const struct html_page *page);
void html_put_style(struct buffer *to, const struct html_page *page);
void html_put_summary(struct buffer *to, const struct summary *summary);
void html_put_timeline(struct buffer *to, struct html_page *page); /* gives marks their rows */
void html_put_filters(struct buffer *to, const struct html_page *page);

#endif
