/*
 * The table for people. Rows are printed in batches, each with its headings,
 * so that memory does not grow with their number. On a terminal the widest
 * columns give way, and their text is wrapped; when there are too many of
 * them, each row becomes a paragraph of names and values.
 */
#include <stdlib.h>
#include <wchar.h>

#include "model/finding.h"
#include "sink/cells.h"
#include "sink/escape.h"
#include "sink/iso_time.h"
#include "sink/rows_type.h"

#define BATCH_ROWS 1000
#define TEXT_COLUMNS_MAX 2000 /* of one cell: a line of 8 MiB must not push the rest off the screen */
#define WIDTH_LEAST 8	      /* columns that each column keeps */
#define GAP 2

struct layout {
	struct rows *rows;
	struct buffer text;	  /* escaped cells, row by row, each ending with NUL; the headings first */
	struct batch_text *cells; /* in text */
	size_t *widths;
	bool *numeric;
	size_t columns, count;
};

/* Of text that was escaped: all of it prints. */
static size_t columns_of(struct span text)
{
	mbstate_t state = { 0 };
	size_t columns = 0;

	while (text.len) {
		wchar_t character;
		size_t len = (unsigned char)text.data[0] < 0x80 ? 1 : mbrtowc(&character, text.data, text.len, &state);
		int width = len == 1 ? 1 : wcwidth(character);
		if (len == 0 || len > text.len) { /* cut inside of a character */
			len = 1;
			width = 1;
			state = (mbstate_t){ 0 };
		}
		columns += width < 0 ? 1 : (size_t)width;
		text = span_skip(text, len);
	}
	return columns;
}

static const char *time_text(struct span digits, char room[ISO_TIME_ROOM])
{
	uint64_t time_ms;

	return span_decimal(digits, &time_ms) == digits.len && time_ms < INT64_MAX ? iso_time((int64_t)time_ms, room)
										   : NULL;
}

static void add_cell(struct buffer *to, const struct row_cell *cell, bool utf8)
{
	char room[ISO_TIME_ROOM];
	const char *time = cell->kind == ROW_TIME ? time_text(cell->text, room) : NULL;

	if (cell->kind == ROW_NULL)
		buffer_add_byte(to, '-');
	else
		escape_terminal(to, time ? span_of(time) : cell->text, TEXT_COLUMNS_MAX, utf8);
}

/* ---- layout ---- */

static void layout_finish(struct layout *layout)
{
	buffer_finish(&layout->text);
	free(layout->cells);
	free(layout->widths);
	free(layout->numeric);
}

static void place_cell(struct layout *layout, size_t row, size_t column, const struct row_cell *cell)
{
	struct batch_text *place = &layout->cells[row * layout->columns + column];

	place->at = layout->text.len;
	add_cell(&layout->text, cell, layout->rows->options.utf8);
	place->len = layout->text.len - place->at;
	buffer_add_byte(&layout->text, '\0');
	if (layout->text.failed)
		return;
	size_t columns = columns_of((struct span){ layout->text.data + place->at, place->len });
	if (columns > layout->widths[column])
		layout->widths[column] = columns;
	if (row && cell->kind != ROW_NULL && cell->kind != ROW_NUMBER)
		layout->numeric[column] = false;
}

/* Line 0 is the headings. False when memory is out. */
static bool layout_init(struct layout *layout, struct rows *rows)
{
	const struct rows_batch *batch = &rows->batch;

	*layout = (struct layout){ .rows = rows, .columns = batch->column_count, .count = batch->count + 1 };
	layout->cells = calloc(layout->count * layout->columns, sizeof(*layout->cells));
	layout->widths = calloc(layout->columns, sizeof(*layout->widths));
	layout->numeric = calloc(layout->columns, sizeof(*layout->numeric));
	if (!layout->cells || !layout->widths || !layout->numeric)
		return false;
	for (size_t column = 0; column < layout->columns; column++) {
		struct row_cell heading = { ROW_TEXT, rows_batch_name(batch, column) };
		layout->numeric[column] = true;
		place_cell(layout, 0, column, &heading);
		for (size_t row = 1; row < layout->count; row++) {
			struct row_cell cell = rows_batch_cell(batch, row - 1, column);
			place_cell(layout, row, column, &cell);
		}
	}
	return !layout->text.failed;
}

static struct span layout_cell(const struct layout *layout, size_t row, size_t column)
{
	struct batch_text place = layout->cells[row * layout->columns + column];

	return (struct span){ layout->text.data + place.at, place.len };
}

static size_t width_at(const struct layout *layout, size_t most)
{
	size_t width = GAP * (layout->columns - 1);

	for (size_t column = 0; column < layout->columns; column++)
		width += layout->widths[column] < most ? layout->widths[column] : most;
	return width;
}

/* Cuts the widest columns until the table fits. False when it cannot. */
static bool shrink(struct layout *layout, size_t terminal)
{
	size_t most = terminal;

	if (width_at(layout, SIZE_MAX) <= terminal)
		return true;
	while (most > WIDTH_LEAST && width_at(layout, most) > terminal)
		most--;
	if (width_at(layout, most) > terminal)
		return false;
	for (size_t column = 0; column < layout->columns; column++)
		if (layout->widths[column] > most)
			layout->widths[column] = most;
	return true;
}

/* ---- columns ---- */

static const char *colour_of(const struct layout *layout, size_t row, size_t column)
{
	struct span cell = layout_cell(layout, row, column);

	if (!layout->rows->options.colour || !row || !span_equal(layout_cell(layout, 0, column), SPAN("risk")))
		return NULL;
	if (span_equal(cell, span_of(risk_name(RISK_HIGH))))
		return "\033[1;31m";
	if (span_equal(cell, span_of(risk_name(RISK_KNOWN_TOOL))))
		return "\033[1;33m";
	return span_equal(cell, span_of(risk_name(RISK_REVIEW))) ? "\033[36m" : NULL;
}

static void add_blanks(struct buffer *to, size_t count)
{
	while (count--)
		buffer_add_byte(to, ' ');
}

/* One line of a cell, filled up to the column's width. */
static void add_piece(const struct layout *layout, size_t row, size_t column, struct span piece)
{
	struct buffer *to = &layout->rows->line;
	const char *colour = colour_of(layout, row, column);
	size_t used = columns_of(piece), width = layout->widths[column];
	size_t blanks = used < width ? width - used : 0;

	if (layout->numeric[column])
		add_blanks(to, blanks);
	buffer_text(to, colour ? colour : "");
	buffer_add(to, piece);
	buffer_text(to, colour ? "\033[0m" : "");
	if (!layout->numeric[column])
		add_blanks(to, blanks);
	add_blanks(to, column + 1 < layout->columns ? GAP : 0);
}

/* Padding behind the last column is no use to anybody. */
static void end_line(struct buffer *to)
{
	while (to->len && to->data[to->len - 1] == ' ')
		to->len--;
	buffer_add_byte(to, '\n');
}

/* `rest`: what is still to be printed of each cell, its lines parted by newlines. */
static bool print_lines(const struct layout *layout, size_t row, struct span *rest)
{
	bool more = false;

	for (size_t column = 0; column < layout->columns; column++) {
		struct span piece = span_first(rest[column], span_index(rest[column], '\n'));
		add_piece(layout, row, column, piece);
		rest[column] = span_skip(rest[column], piece.len + 1);
		more |= rest[column].len > 0;
	}
	end_line(&layout->rows->line);
	return more;
}

static bool print_row(const struct layout *layout, size_t row, struct span *rest, struct buffer *wrapped)
{
	buffer_reset(wrapped);
	for (size_t column = 0; column < layout->columns; column++) {
		rest[column].len = wrapped->len; /* where it begins: the buffer may still move */
		cell_wrap(wrapped, layout_cell(layout, row, column), layout->widths[column], "\n");
		buffer_add_byte(wrapped, '\0');
	}
	if (wrapped->failed)
		return false;
	for (size_t column = 0; column < layout->columns; column++) {
		size_t begin = rest[column].len;
		size_t end = column + 1 < layout->columns ? rest[column + 1].len : wrapped->len;
		rest[column] = (struct span){ wrapped->data + begin, end - begin - 1 };
	}
	while (print_lines(layout, row, rest))
		;
	return true;
}

static bool print_columns(const struct layout *layout)
{
	struct span *rest = calloc(layout->columns, sizeof(*rest));
	struct buffer wrapped = { 0 };
	bool fine = rest != NULL;

	for (size_t row = 0; fine && row < layout->count; row++)
		fine = print_row(layout, row, rest, &wrapped);
	buffer_finish(&wrapped);
	free(rest);
	return fine;
}

/* ---- paragraphs ---- */

static void print_paragraphs(const struct layout *layout, size_t terminal)
{
	struct buffer *to = &layout->rows->line;

	for (size_t row = 1; row < layout->count; row++) {
		if (row > 1)
			buffer_add_byte(to, '\n');
		for (size_t column = 0; column < layout->columns; column++) {
			struct span name = layout_cell(layout, 0, column);
			size_t used = columns_of(name) + 2;
			buffer_add(to, name);
			buffer_add(to, SPAN(": "));
			cell_wrap(to, layout_cell(layout, row, column), terminal > used + 20 ? terminal - used : 20,
				  "\n  ");
			buffer_add_byte(to, '\n');
		}
	}
}

static int print_batch(struct rows *rows, struct err *err)
{
	struct layout layout = { 0 };
	bool fine = true;

	if (rows->batch.count && rows->batch.column_count) {
		fine = layout_init(&layout, rows);
		if (fine && rows->started)
			buffer_add_byte(&rows->line, '\n');
		rows->started = true;
		if (fine && rows->options.width && !shrink(&layout, rows->options.width))
			print_paragraphs(&layout, rows->options.width);
		else if (fine)
			fine = print_columns(&layout);
		layout_finish(&layout);
	}
	rows_batch_reset(&rows->batch, false);
	if (fine)
		return rows_put_line(rows, err);
	buffer_reset(&rows->line);
	return err_set(err, -ENOMEM, "memory is out while the table is made; try --json");
}

static int table_put(struct rows *rows, const struct span *names, const struct row_cell *cells, size_t count,
		     struct err *err)
{
	if (!rows_batch_add(&rows->batch, names, cells, count))
		return err_set(err, -ENOMEM, "memory is out while the table is made; try --json");
	return rows_batch_is_full(&rows->batch, BATCH_ROWS) ? print_batch(rows, err) : 0;
}

const struct rows_type rows_table = { .name = "table", .put = table_put, .end = print_batch };
