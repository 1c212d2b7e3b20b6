/*
 * A page that does nothing: no scripts, nothing loaded from elsewhere (its
 * policy says so, too), and each text escaped as text.
 */
#include <stdio.h>

#include "drill/report.h"
#include "sink/escape.h"
#include "sink/iso_time.h"

/* What a terminal would obey is made visible; then what HTML would take for markup is replaced. */
static void put_text(struct buffer *to, const char *text)
{
	struct buffer plain = { 0 };

	escape_terminal(&plain, span_of(text), 0, true);
	for (size_t i = 0; i < plain.len; i++) {
		switch (plain.data[i]) {
		case '&':
			buffer_text(to, "&amp;");
			break;
		case '<':
			buffer_text(to, "&lt;");
			break;
		case '>':
			buffer_text(to, "&gt;");
			break;
		case '"':
			buffer_text(to, "&quot;");
			break;
		case '\'':
			buffer_text(to, "&#39;");
			break;
		default:
			buffer_add_byte(to, plain.data[i]);
		}
	}
	to->failed |= plain.failed;
	buffer_finish(&plain);
}

static void put_element(struct buffer *to, const char *name, const char *text)
{
	buffer_printf(to, "<%s>", name);
	put_text(to, text);
	buffer_printf(to, "</%s>", name);
}

static void put_head(struct buffer *to)
{
	buffer_text(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
			"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
			"'unsafe-inline'\">\n"
			"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			"<title>proctor drill</title>\n<style>\n"
			"body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 "
			"1em;color:#1a1a1a;background:#fff}\n"
			"table{border-collapse:collapse;width:100%}\n"
			"th,td{text-align:left;padding:.25em .6em;border-bottom:1px solid #ddd;vertical-align:top}\n"
			"thead{display:table-header-group}\ntr{break-inside:avoid}\n"
			"td:first-child{font-family:ui-monospace,monospace;white-space:nowrap}\n"
			".seen,.quiet{color:#1b6e31}.missed,.raised{color:#a31515;font-weight:bold}\n"
			".expected-miss{color:#8a5a00}.not-run,.not-applicable{color:#666}\n"
			"@media print{body{margin:0;max-width:none;font-size:9pt}}\n"
			"</style>\n</head>\n<body>\n<h1>proctor drill</h1>\n");
}

static void put_facts(struct buffer *to, const struct drill *drill, const struct report_place *place)
{
	char room[ISO_TIME_ROOM], half[REPORT_LATENCY_ROOM], most[REPORT_LATENCY_ROOM];
	const char *time = iso_time(place->time_ms, room);

	buffer_text(to, "<p>Host ");
	put_element(to, "strong", place->host);
	buffer_text(to, ", sensor ");
	put_element(to, "strong", drill->sensor[0] ? drill->sensor : "not named");
	buffer_printf(to, ", %s.</p>\n<p>%zu variants:", time ? time : "at an unknown time", drill->count);
	for (int result = 0; result < RESULT_COUNT; result++) {
		size_t count = drill_count(drill, (enum result)result);
		const char *name = result_name((enum result)result);

		if (count)
			buffer_printf(to, " <span class=\"%s\">%zu %s</span>", name, count, name);
	}
	buffer_text(to, ".");
	if (drill_latency(drill, 50) >= 0)
		buffer_printf(to, " From the access to its line: half within %s, 99 of 100 within %s.",
			      report_latency(drill_latency(drill, 50), half),
			      report_latency(drill_latency(drill, 99), most));
	buffer_text(to, "</p>\n");
	if (drill->lost)
		buffer_printf(to, "<p class=\"missed\">The sensor says that it lost %llu events.</p>\n",
			      (unsigned long long)drill->lost);
	if (drill->stopped)
		buffer_text(to, "<p class=\"missed\">The drill was stopped early.</p>\n");
}

static void put_trial(struct buffer *to, const struct trial *trial)
{
	const char *result = result_name(trial_result(trial));
	char room[REPORT_LATENCY_ROOM];

	buffer_text(to, "<tr>");
	put_element(to, "td", trial->variant->name);
	put_element(to, "td", trial->variant->what);
	buffer_printf(to, "<td class=\"%s\">%s</td>", result, result);
	put_element(to, "td", trial->risk == RISK_NONE ? "" : risk_name(trial->risk));
	put_element(to, "td", report_latency(trial->latency_us, room));
	put_element(to, "td", trial_why(trial));
	buffer_text(to, "</tr>\n");
}

void report_html(struct buffer *to, const struct drill *drill, const struct report_place *place)
{
	const char *family = "";

	put_head(to);
	put_facts(to, drill, place);
	for (size_t i = 0; i < drill->count; i++) {
		const struct variant *variant = drill->trials[i].variant;

		if (strcmp(family, variant->family) != 0) {
			if (family[0])
				buffer_text(to, "</tbody></table>\n");
			family = variant->family;
			put_element(to, "h2", family);
			buffer_text(to, "\n<table><thead><tr><th>variant</th><th>what it does</th><th>result</th>"
					"<th>risk</th><th>latency</th><th>why</th></tr></thead><tbody>\n");
		}
		put_trial(to, &drill->trials[i]);
	}
	if (family[0])
		buffer_text(to, "</tbody></table>\n");
	buffer_text(to, "</body>\n</html>\n");
}
