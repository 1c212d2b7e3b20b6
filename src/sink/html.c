/*
 * A report of incidents as one file that needs nothing else: no script, no
 * picture, no font, no network. Whatever a log put into it is text.
 *
 * The head comes first and tells of all, so the incidents' cards wait in
 * memory; html_page.h says how many of them.
 */
#include "sink/html_page.h"
#include "sink/html_writer.h"
#include "sink/type.h"

#include <stdlib.h>

static int begin(struct sink *sink, struct err *err)
{
	struct html_page *page = calloc(1, sizeof(*page));

	if (!page)
		return err_set(err, -ENOMEM, "memory is out");
	page->raw = sink->options.raw;
	page->first_ms = page->last_ms = TIME_UNKNOWN;
	sink->state = page;
	return 0;
}

static void destroy(struct sink *sink)
{
	struct html_page *page = sink->state;

	if (page) {
		buffer_finish(&page->cards);
		buffer_finish(&page->texts);
	}
	free(page);
}

static int add_incident(struct sink *sink, const struct incident *incident, struct err *err)
{
	struct html_page *page = sink->state;

	html_add_card(page, incident);
	if (page->cards.failed || page->texts.failed)
		return err_set(err, -ENOMEM, "memory is out while the report is made; try --json --incidents");
	return 0;
}

static void put_left_out(struct buffer *to, const struct html_page *page)
{
	if (page->incidents_left) {
		buffer_text(to, "<p class=\"left\">This page has no room for ");
		html_put_count(to, page->incidents_left, "more incident", "more incidents");
		buffer_text(to, ": <code>proctor scan --json --incidents</code> prints all.</p>\n");
	}
	if (page->findings_left) {
		buffer_text(to, "<p class=\"left\">Not listed here: ");
		html_put_count(to, page->findings_left, "finding", "findings");
		buffer_text(to, " of those counted above.</p>\n");
	}
}

static int put_front(struct sink *sink, struct html_page *page, struct err *err)
{
	struct buffer *to = &sink->line;

	html_put_head(to, page);
	html_put_timeline(to, page);
	if (sink->options.summary)
		html_put_summary(to, sink->options.summary);
	buffer_text(to, "<section aria-labelledby=\"incidents\">\n<h2 id=\"incidents\">Incidents</h2>\n");
	if (page->incidents)
		html_put_filters(to, page);
	else
		buffer_text(to, "<p>Nothing was found.</p>\n");
	put_left_out(to, page);
	return sink_put_line(sink, err);
}

static int end(struct sink *sink, struct err *err)
{
	struct html_page *page = sink->state;
	int status = put_front(sink, page, err);

	if (status == 0)
		status = output_write(sink->output, buffer_span(&page->cards), err);
	if (status)
		return status;
	buffer_text(&sink->line,
		    "</section>\n</main>\n<footer class=\"end\">\n<p>A filled dot is a step that is a finding; a "
		    "hollow one is what the same processes did beside it. What a terminal or a browser would obey "
		    "instead of show is written as <code>\\xNN</code>. proctor " PROCTOR_VERSION ".</p>\n</footer>\n"
		    "</body>\n</html>\n");
	return sink_put_line(sink, err);
}

const struct sink_type sink_html = {
	.name = "html",
	.takes_raw = true,
	.begin = begin,
	.incident = add_incident,
	.end = end,
	.destroy = destroy,
};
