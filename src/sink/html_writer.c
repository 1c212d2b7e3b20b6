#include "sink/html_writer.h"

#include "sink/escape.h"
#include "sink/iso_time.h"
#include "sink/quantity.h"

void html_put_text(struct buffer *to, struct span text)
{
	char room[QUANTITY_ROOM];

	if (!text.data)
		text = SPAN("unknown");
	size_t left = escape_html(to, text, HTML_TEXT_MAX);
	if (left)
		buffer_printf(to, "… (%s more bytes)", quantity_count(left, room));
}

void html_put_name(struct buffer *to, struct span text)
{
	buffer_text(to, "<bdi>");
	html_put_text(to, text);
	buffer_text(to, "</bdi>");
}

void html_put_code(struct buffer *to, struct span text)
{
	buffer_text(to, "<code><bdi>");
	html_put_text(to, text);
	buffer_text(to, "</bdi></code>");
}

void html_put_fact(struct buffer *to, const char *term, struct span text, bool wide)
{
	if (!text.len)
		return;
	buffer_printf(to, "<div%s><dt>%s</dt><dd>", wide ? " class=\"wide\"" : "", term);
	html_put_code(to, text);
	buffer_text(to, "</dd></div>\n");
}

void html_put_count(struct buffer *to, uint64_t count, const char *one, const char *many)
{
	char room[QUANTITY_ROOM];

	buffer_printf(to, "%s %s", quantity_count(count, room), count == 1 ? one : many);
}

/* 2026-11-23T22:56:01.786Z: the date is 10 characters, the time behind it 12. */
#define DATE 10
#define CLOCK 12

bool html_shows_time(int64_t time_ms)
{
	char room[ISO_TIME_ROOM];

	return iso_time(time_ms, room);
}

static void put_time(struct buffer *to, int64_t time_ms, bool with_date)
{
	char room[ISO_TIME_ROOM];

	if (!iso_time(time_ms, room)) {
		buffer_text(to, "time unknown");
		return;
	}
	buffer_printf(to, "<time datetime=\"%s\">", room);
	if (with_date)
		buffer_printf(to, "%.*s ", DATE, room);
	buffer_printf(to, "%.*s</time>", CLOCK, room + DATE + 1);
}

void html_put_time(struct buffer *to, int64_t time_ms)
{
	put_time(to, time_ms, true);
}

void html_put_clock(struct buffer *to, int64_t time_ms, int64_t day_ms)
{
	char time[ISO_TIME_ROOM], day[ISO_TIME_ROOM];
	bool same = iso_time(time_ms, time) && iso_time(day_ms, day) && memcmp(time, day, DATE) == 0;

	put_time(to, time_ms, !same);
}

struct span html_nameless(uint64_t pid)
{
	return pid == UNKNOWN_ID ? SPAN("unknown") : SPAN("process");
}

void html_put_process(struct buffer *to, struct span name, uint64_t pid)
{
	char room[QUANTITY_ROOM];

	html_put_name(to, name.len ? name : html_nameless(pid));
	if (pid != UNKNOWN_ID)
		buffer_printf(to, " <span class=\"pid\">%s</span>", quantity_digits(pid, room));
}

const char *html_risk_class(enum risk risk)
{
	return risk == RISK_HIGH ? "high" : risk == RISK_KNOWN_TOOL ? "tool" : "review";
}

const char *html_glyph_path(enum risk risk)
{
	switch (risk) {
	case RISK_HIGH:
		return "M6 0 12 6 6 12 0 6z"; /* a lozenge */
	case RISK_KNOWN_TOOL:
		return "M6 .5 12 11.5H0z"; /* a triangle */
	case RISK_REVIEW:
	case RISK_NONE:
		break;
	}
	return "M6 1a5 5 0 1 0 .01 0zm0 2.4a2.6 2.6 0 1 1-.01 0z"; /* a ring */
}

void html_put_glyph(struct buffer *to, enum risk risk)
{
	buffer_printf(to,
		      "<svg class=\"glyph\" viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\">"
		      "<path class=\"%s\" d=\"%s\"/></svg>",
		      html_risk_class(risk), html_glyph_path(risk));
}
