/*
 * A line is overwritten with blanks, not erased by an escape sequence, so
 * that a dumb terminal shows the same. What cannot be written is not missed.
 */
#include "sink/progress.h"

#include "base/buffer.h"
#include "sink/escape.h"
#include "sink/quantity.h"

#include <unistd.h>

#define FIRST_MS 500
#define EVERY_MS 100
#define BAR_COLUMNS 20

void progress_init(struct progress *progress, int fd, unsigned width, bool utf8, int64_t now_ms)
{
	*progress = (struct progress){
		.fd = fd,
		.width = width ? width : 80,
		.utf8 = utf8,
		.begin_ms = now_ms,
		.shown_ms = INT64_MIN,
	};
}

static void add_bar(struct buffer *to, uint64_t done, uint64_t total)
{
	double part = done < total ? (double)done / (double)total : 1;
	unsigned filled = (unsigned)(part * BAR_COLUMNS);

	buffer_add_byte(to, '[');
	for (unsigned i = 0; i < BAR_COLUMNS; i++)
		buffer_add_byte(to, i < filled ? '#' : '.');
	buffer_printf(to, "] %3u %%  ", (unsigned)(part * 100));
}

/* All ASCII, so that bytes are columns. */
static void add_figures(struct buffer *to, uint64_t done, uint64_t total, double seconds)
{
	char room[QUANTITY_ROOM];
	double rate = (double)done / seconds;

	if (total)
		add_bar(to, done, total);
	buffer_text(to, quantity_bytes(done, room));
	if (total)
		buffer_printf(to, " of %s", quantity_bytes(total, room));
	buffer_printf(to, "  %s/s", quantity_bytes((uint64_t)rate, room));
	if (total && done && done < total)
		buffer_printf(to, "  %s left", quantity_seconds((double)(total - done) / rate, room));
}

static size_t add_line(struct buffer *line, const struct progress *progress, struct span figures, const char *current)
{
	size_t room = progress->width > 1 ? progress->width - 1 : 1; /* the last column makes some terminals wrap */
	size_t columns = figures.len < room ? figures.len : room;

	buffer_add(line, span_first(figures, columns));
	if (current && columns + 10 < room) {
		buffer_add(line, SPAN("  "));
		columns += 2 + escape_terminal(line, span_of(current), room - columns - 2, progress->utf8);
	}
	return columns;
}

static void blank(struct buffer *to, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		buffer_add_byte(to, ' ');
}

static void show(const struct progress *progress, struct buffer *line)
{
	if (!line->failed && write(progress->fd, line->data, line->len) < 0)
		return;
}

void progress_update(struct progress *progress, uint64_t done, uint64_t total, const char *current, int64_t now_ms)
{
	struct buffer line = { 0 }, figures = { 0 };

	if (now_ms - progress->begin_ms < FIRST_MS ||
	    (progress->shown_ms != INT64_MIN && now_ms - progress->shown_ms < EVERY_MS))
		return;
	add_figures(&figures, done, total, (double)(now_ms - progress->begin_ms) / 1000);
	buffer_add_byte(&line, '\r');
	size_t columns = add_line(&line, progress, buffer_span(&figures), current);
	if (columns < progress->columns)
		blank(&line, progress->columns - columns);
	show(progress, &line);
	progress->columns = columns;
	progress->shown_ms = now_ms;
	buffer_finish(&line);
	buffer_finish(&figures);
}

void progress_erase(struct progress *progress)
{
	struct buffer line = { 0 };

	if (progress->columns == 0)
		return;
	buffer_add_byte(&line, '\r');
	blank(&line, progress->columns);
	buffer_add_byte(&line, '\r');
	show(progress, &line);
	progress->columns = 0;
	buffer_finish(&line);
}
