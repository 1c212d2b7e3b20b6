/*
 * The picture: a lane a host, time from left to right, an incident a mark and
 * a bar. Times are places in hundredths of a percent, so that the picture is
 * as wide as the page while its letters keep their size.
 *
 *   10:00        10:30        11:00           ticks
 *   web-01
 *   ◆▬▬▬▬▬▬      ○                            row 0
 *      ▲▬▬       ○ +3                         row 1: what would lie over another
 */
#include "sink/html_page.h"

#include <stdlib.h>

#include "sink/escape.h"
#include "sink/html_writer.h"
#include "sink/iso_time.h"

#define LEFT 100   /* where the first time stands */
#define WIDTH 9400 /* to where the last stands */
#define MARK 300   /* what a mark takes at least */
#define OTHERS 400 /* and with a number beside it */
#define ROWS_MAX 8 /* of a lane */
#define TICKS_MAX 6
#define LABELS_END 9000	 /* behind it a label would leave the picture */
#define LABELS_LATE 7500 /* on a narrow page */
#define TOP 34		 /* pixels above the lanes */
#define LABEL 22	 /* of the name of a host */
#define ROW 18

struct lane {
	unsigned rows, top;
	unsigned ends[ROWS_MAX];
	struct html_mark *last; /* in the last row */
};

struct picture {
	struct html_page *page;
	int64_t from_ms, span_ms;
	struct lane lanes[HTML_HOSTS_MAX];
	unsigned height;
};

static unsigned place_of(const struct picture *picture, int64_t time_ms)
{
	uint64_t since = (uint64_t)time_ms - (uint64_t)picture->from_ms;

	return LEFT + (unsigned)((double)since / (double)picture->span_ms * WIDTH);
}

static void put_place(struct buffer *to, const char *name, unsigned place)
{
	buffer_printf(to, " %s=\"%u.%02u%%\"", name, place / 100, place % 100);
}

/* ---- layout ---- */

static int compare_marks(const void *a, const void *b)
{
	const struct html_mark *left = *(struct html_mark *const *)a, *right = *(struct html_mark *const *)b;

	if (left->begin != right->begin)
		return left->begin < right->begin ? -1 : 1;
	if (left->risk != right->risk)
		return left->risk > right->risk ? -1 : 1;
	if (left->score != right->score)
		return left->score > right->score ? -1 : 1;
	return strcmp(left->id, right->id);
}

/* The first row of the lane that is free there; where none is, the last mark there stands for this one, too. */
static void place_mark(struct picture *picture, struct html_mark *mark)
{
	struct lane *lane = &picture->lanes[mark->host];
	unsigned row = 0;

	while (row < ROWS_MAX && lane->ends[row] > mark->begin)
		row++;
	if (row == ROWS_MAX) {
		lane->last->others++;
		if (lane->ends[ROWS_MAX - 1] < lane->last->begin + MARK + OTHERS)
			lane->ends[ROWS_MAX - 1] = lane->last->begin + MARK + OTHERS;
		mark->row = row;
		return;
	}
	mark->row = row;
	lane->ends[row] = (mark->end > mark->begin + MARK ? mark->end : mark->begin + MARK);
	if (row == ROWS_MAX - 1)
		lane->last = mark;
	if (row >= lane->rows)
		lane->rows = row + 1;
}

/* Returns how many marks there are to draw, sorted by time. */
static size_t lay_out(struct picture *picture, struct html_mark *marks[HTML_INCIDENTS_MAX])
{
	struct html_page *page = picture->page;
	size_t count = 0;

	for (size_t i = 0; i < page->mark_count; i++) {
		struct html_mark *mark = &page->marks[i];
		if (!html_shows_time(mark->first_ms))
			continue;
		mark->begin = place_of(picture, mark->first_ms);
		mark->end = place_of(picture, mark->last_ms);
		marks[count++] = mark;
	}
	qsort(marks, count, sizeof(struct html_mark *), compare_marks);
	for (size_t i = 0; i < count; i++)
		place_mark(picture, marks[i]);
	picture->height = TOP;
	for (size_t i = 0; i < page->host_count; i++) {
		struct lane *lane = &picture->lanes[i];
		lane->top = picture->height;
		picture->height += lane->rows ? LABEL + ROW * lane->rows : 0;
	}
	picture->height += 4;
	return count;
}

/* ---- time ---- */

/* Whole steps of a clock and a calendar, so few that their labels stand apart. */
static int64_t tick_step(int64_t span_ms)
{
	static const unsigned seconds[] = { 1,	     2,	      5,	10,	   15,	      30,     60,
					    120,     300,     600,	900,	   1800,      3600,   7200,
					    10800,   21600,   43200,	86400,	   172800,    604800, 1209600,
					    2592000, 7776000, 31536000, 157680000, 1576800000 };

	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++)
		if (span_ms / TICKS_MAX < (int64_t)seconds[i] * 1000)
			return (int64_t)seconds[i] * 1000;
	return span_ms;
}

#define DATE 10 /* of 2026-11-23T10:48:34.650Z */

struct label {
	bool date;
	int clock;   /* how much of 10:48:34 */
	bool spared; /* on a narrow page */
};

static void put_label(struct buffer *to, unsigned place, unsigned y, const struct label *label, struct span text)
{
	buffer_printf(to, "<text class=\"axis%s%s\"", label->date ? " date" : "", label->spared ? " spared" : "");
	put_place(to, "x", place);
	buffer_printf(to, " dx=\"4\" y=\"%u\">%.*s</text>", y, (int)text.len, text.data);
}

static void put_tick(struct buffer *to, const struct picture *picture, int64_t time_ms, const struct label *label)
{
	unsigned place = place_of(picture, time_ms);
	char room[ISO_TIME_ROOM];

	if (!iso_time(time_ms, room))
		return;
	buffer_text(to, "<line class=\"tick\"");
	put_place(to, "x1", place);
	put_place(to, "x2", place);
	buffer_printf(to, " y1=\"%u\" y2=\"%u\"/>", label->clock ? 16 : 2, picture->height);
	if (label->date && place <= LABELS_END)
		put_label(to, place, 12, label, (struct span){ room, DATE });
	struct label clock = { .spared = label->spared };
	if (label->clock && place <= LABELS_END)
		put_label(to, place, 27, &clock, (struct span){ room + DATE + 1, (size_t)label->clock });
	buffer_add_byte(to, '\n');
}

#define DAY_MS INT64_C(86400000)

static int64_t day_of(int64_t time_ms)
{
	return time_ms / DAY_MS - (time_ms % DAY_MS < 0);
}

/* Of a first tick that the next day follows at once, the date would run into that one's. */
static bool has_date(int64_t at, int64_t step, int64_t day)
{
	bool is_first = day == INT64_MIN;

	return day_of(at) != day && !(is_first && step < DAY_MS && day_of(at + step) != day_of(at));
}

static void put_ticks(struct buffer *to, const struct picture *picture)
{
	int64_t step = tick_step(picture->span_ms), last = picture->from_ms + picture->span_ms;
	int64_t at = picture->from_ms - picture->from_ms % step, day = INT64_MIN;

	at += at < picture->from_ms ? step : 0;
	for (unsigned i = 0; at <= last; i++, at += step) {
		struct label label = {
			.date = has_date(at, step, day),
			.clock = step >= DAY_MS	 ? 0
				 : step >= 60000 ? 5
						 : 8,
			.spared = place_of(picture, at) > LABELS_LATE || (step >= DAY_MS && i % 2),
		};
		put_tick(to, picture, at, &label);
		day = day_of(at);
	}
}

/* ---- lanes and marks ---- */

static void put_lane(struct buffer *to, const struct picture *picture, size_t host)
{
	const struct lane *lane = &picture->lanes[host];

	if (!lane->rows)
		return;
	buffer_printf(to,
		      "<g class=\"f h-%zu\"><line class=\"lane\" x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\"/>"
		      "<text class=\"name\" x=\"0\" y=\"%u\">",
		      host, lane->top, lane->top, lane->top + 15);
	escape_html(to, html_host_name(picture->page, host), 64);
	buffer_text(to, "</text></g>\n");
}

static void put_others(struct buffer *to, const struct html_mark *mark, unsigned y)
{
	if (!mark->others)
		return;
	buffer_printf(to, "<text class=\"axis f h-%u\"", mark->host);
	put_place(to, "x", mark->begin);
	buffer_printf(to, " dx=\"16\" y=\"%u\">+%u</text>\n", y + 10, mark->others);
}

static void put_mark(struct buffer *to, const struct picture *picture, const struct html_mark *mark)
{
	unsigned y = picture->lanes[mark->host].top + LABEL + ROW * mark->row;
	const char *tier = html_risk_class(mark->risk);

	if (mark->row == ROWS_MAX)
		return;
	buffer_printf(to, "<a class=\"f f-%s h-%u\" href=\"#i-%s\"><title>%s %u: ", tier, mark->host, mark->id,
		      risk_name(mark->risk), mark->score);
	buffer_add(to, span_first(span_skip(buffer_span(&picture->page->texts), mark->title_at), mark->title_len));
	buffer_text(to, "</title>");
	if (mark->end > mark->begin) {
		buffer_printf(to, "<rect class=\"%s\"", tier);
		put_place(to, "x", mark->begin);
		put_place(to, "width", mark->end - mark->begin);
		buffer_printf(to, " y=\"%u\" height=\"4\"/>", y + 4);
	}
	buffer_text(to, "<svg");
	put_place(to, "x", mark->begin);
	buffer_printf(
		to,
		" y=\"%u\" width=\"12\" height=\"12\" overflow=\"visible\"><path class=\"%s\" d=\"%s\"/></svg></a>\n",
		y, tier, html_glyph_path(mark->risk));
	put_others(to, mark, y);
}

static void put_legend(struct buffer *to)
{
	static const enum risk tiers[] = { RISK_HIGH, RISK_KNOWN_TOOL, RISK_REVIEW };

	buffer_text(to, "<figcaption>");
	for (size_t i = 0; i < sizeof(tiers) / sizeof(*tiers); i++) {
		buffer_text(to, "<span>");
		html_put_glyph(to, tiers[i]);
		buffer_printf(to, " %s</span> ", risk_name(tiers[i]));
	}
	buffer_text(to, "Bars run from an incident’s first access to its last. UTC.</figcaption>\n");
}

static void put_picture(struct buffer *to, struct picture *picture)
{
	struct html_mark *marks[HTML_INCIDENTS_MAX];
	size_t count = lay_out(picture, marks);

	buffer_printf(to,
		      "<figure class=\"timeline\">\n<svg width=\"100%%\" height=\"%u\" role=\"group\" "
		      "aria-label=\"Incidents over time, by host\">\n",
		      picture->height);
	put_ticks(to, picture);
	for (size_t i = 0; i < picture->page->host_count; i++)
		put_lane(to, picture, i);
	for (size_t i = 0; i < count; i++)
		put_mark(to, picture, marks[i]);
	buffer_text(to, "</svg>\n");
	put_legend(to);
	buffer_text(to, "</figure>\n");
	if (count == picture->page->mark_count)
		return;
	buffer_text(to, "<p class=\"left\">");
	html_put_count(to, picture->page->mark_count - count, "incident without a time is not drawn.",
		       "incidents without a time are not drawn.");
	buffer_text(to, "</p>\n");
}

void html_put_timeline(struct buffer *to, struct html_page *page)
{
	struct picture picture = { .page = page, .from_ms = page->first_ms };

	if (page->first_ms == TIME_UNKNOWN)
		return;
	picture.span_ms = page->last_ms - page->first_ms; /* both are of years of four digits */
	if (picture.span_ms < 1000)
		picture.span_ms = 1000;
	buffer_text(to, "<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">When</h2>\n");
	put_picture(to, &picture);
	buffer_text(to, "</section>\n");
}
