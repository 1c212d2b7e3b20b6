/* Hosts and marks: what of an incident is not in its card. */
#include "sink/html_page.h"

#include "sink/escape.h"
#include "sink/html_writer.h"
#include "sink/quantity.h"
#include "sink/shape.h"

#define HOST_NAME_MAX_KEPT 255 /* bytes: the kernel's longest is 64 */

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

	name = span_first(name, HOST_NAME_MAX_KEPT);
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

/* ---- names ---- */

struct span html_actor_name(const struct process *actor)
{
	return actor->script.len ? span_basename(actor->script) : shape_process_name(actor);
}

struct span html_target_name(const struct incident_target *target)
{
	return target->comm.len ? target->comm : span_basename(target->exe);
}

/* ---- marks ---- */

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

	put_plain_process(to, html_actor_name(&incident->actor), incident->actor.pid);
	if (!incident->target_count)
		return;
	buffer_text(to, " → ");
	put_plain_process(to, html_target_name(target), target->pid);
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

unsigned html_add_mark(struct html_page *page, const struct incident *incident)
{
	unsigned host = host_of(page, incident->host);

	page->listed_by_risk[incident->risk]++;
	widen(page, incident);
	add_mark(page, incident, host);
	return host;
}
