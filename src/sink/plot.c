/*
 * Charts of aggregates, for terminals: a bar a row for `count by`, a bar a
 * moment for the results of timeslice, stacked where there is more than one
 * series. What cannot be drawn is printed as a table, with a remark.
 *
 *   sshd   ████████████████████████████▌ 57
 *   sudo   ██████ 12
 */
#include <stdio.h>
#include <stdlib.h>

#include "sink/escape.h"
#include "sink/plot_series.h"
#include "sink/rows_type.h"

#define ROWS_MAX 100000
#define CELLS_MAX 1000000
#define TEXT_MAX (32u << 20) /* bytes */
#define BARS_MAX 2000	     /* lines of a chart */
#define LABEL_MAX 48	     /* columns */
#define WIDTH_USUAL 80
#define BAR_LEAST 10 /* columns */

static unsigned chart_width(const struct rows *rows)
{
	return rows->options.width ? rows->options.width : WIDTH_USUAL;
}

static void add_padded(struct buffer *to, struct span text, size_t columns, bool utf8)
{
	size_t used = escape_terminal(to, text, columns, utf8);

	for (; used < columns; used++)
		buffer_add_byte(to, ' ');
	buffer_add(to, SPAN("  "));
}

/* The width of a text as add_padded shows it. */
static size_t shown_columns(struct span text, bool utf8)
{
	struct buffer ignored = { 0 };
	size_t columns = escape_terminal(&ignored, text, LABEL_MAX, utf8);

	buffer_finish(&ignored);
	return columns;
}

/* ---- bars ---- */

static const char *const colours[PLOT_SERIES_MAX] = {
	"\033[36m", "\033[33m", "\033[35m", "\033[32m", "\033[34m", "\033[31m", "\033[37m", "\033[90m",
};

static const char *series_sign(const struct rows *rows, size_t series)
{
	static const char *const blocks[] = { "█", "▓", "▒", "░", "▚", "▞", "▤", "▥" };
	static const char *const letters[] = { "#", "*", "+", "o", "=", "%", "@", "x" };

	if (!rows->options.utf8)
		return letters[series];
	return rows->options.colour ? blocks[0] : blocks[series];
}

static void add_signs(struct rows *rows, size_t series, size_t count, const char *last)
{
	bool coloured = rows->options.colour && (count || *last);

	buffer_text(&rows->line, coloured ? colours[series] : "");
	while (count--)
		buffer_text(&rows->line, series_sign(rows, series));
	buffer_text(&rows->line, last);
	buffer_text(&rows->line, coloured ? "\033[0m" : "");
}

/* One value, in eighths of a column where the terminal has them. Any value but 0 shows. */
static void add_bar(struct rows *rows, double value, double most, size_t columns)
{
	static const char *const parts[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	double eighths = most > 0 && value > 0 ? value / most * (double)columns * 8 : 0;
	size_t whole = (size_t)(eighths / 8), part = (size_t)eighths % 8;

	if (value > 0 && !whole && !part)
		part = 1;
	if (!rows->options.utf8) {
		whole += part >= 4 || (!whole && part);
		part = 0;
	}
	add_signs(rows, 0, whole, parts[part]);
}

static void add_stack(struct rows *rows, const double values[PLOT_SERIES_MAX], double most, size_t columns)
{
	double sum = 0;
	size_t drawn = 0;

	for (size_t series = 0; series < PLOT_SERIES_MAX; series++) {
		sum += values[series] > 0 ? values[series] : 0;
		size_t end = most > 0 ? (size_t)(sum / most * (double)columns + 0.5) : 0;
		if (end > drawn)
			add_signs(rows, series, end - drawn, "");
		drawn = end > drawn ? end : drawn;
	}
}

static void end_bar(struct rows *rows, struct span value)
{
	struct buffer *to = &rows->line;

	if (to->len && to->data[to->len - 1] != ' ')
		buffer_add_byte(to, ' ');
	escape_terminal(to, value, 24, rows->options.utf8);
	buffer_add_byte(to, '\n');
}

static size_t bar_columns(const struct rows *rows, size_t label)
{
	size_t taken = label + 2 + 14, width = chart_width(rows);

	return width > taken + BAR_LEAST ? width - taken : BAR_LEAST;
}

/* ---- count by ---- */

static void add_label(struct buffer *to, const struct rows *rows, const struct plot_shape *shape, size_t row,
		      size_t value)
{
	bool any = false;

	for (size_t column = 0; column < rows->batch.column_count; column++) {
		if (shape->roles[column] != PLOT_LABEL)
			continue;
		struct row_cell cell = rows_batch_cell(&rows->batch, row, column);
		buffer_text(to, any ? ", " : "");
		buffer_add(to, cell.kind == ROW_NULL ? SPAN("-") : cell.text);
		any = true;
	}
	if (any && shape->value_count < 2)
		return;
	buffer_text(to, any ? ": " : "");
	buffer_add(to, rows_batch_name(&rows->batch, value));
}

static double cell_number(const struct row_cell *cell)
{
	char text[64];

	if (cell->kind != ROW_NUMBER || cell->text.len >= sizeof(text))
		return 0;
	memcpy(text, cell->text.data, cell->text.len);
	text[cell->text.len] = 0;
	double number = strtod(text, NULL);
	return number > -1e300 && number < 1e300 ? number : 0;
}

/* Calls for each value of each row; false ends it. */
struct bars {
	struct rows *rows;
	const struct plot_shape *shape;
	double most;
	size_t label, count;
	struct buffer text;
};

static void measure_bar(struct bars *bars, size_t row, size_t column)
{
	struct row_cell cell = rows_batch_cell(&bars->rows->batch, row, column);
	double number = cell_number(&cell);

	buffer_reset(&bars->text);
	add_label(&bars->text, bars->rows, bars->shape, row, column);
	size_t columns = shown_columns(buffer_span(&bars->text), bars->rows->options.utf8);
	bars->label = columns > bars->label ? columns : bars->label;
	bars->most = number > bars->most ? number : bars->most;
}

static void draw_bar(struct bars *bars, size_t row, size_t column)
{
	struct rows *rows = bars->rows;
	struct row_cell cell = rows_batch_cell(&rows->batch, row, column);

	buffer_reset(&bars->text);
	add_label(&bars->text, rows, bars->shape, row, column);
	add_padded(&rows->line, buffer_span(&bars->text), bars->label, rows->options.utf8);
	add_bar(rows, cell_number(&cell), bars->most, bar_columns(rows, bars->label));
	end_bar(rows, cell.kind == ROW_NULL ? SPAN("-") : cell.text);
}

static void each_bar(struct bars *bars, void (*visit)(struct bars *, size_t row, size_t column))
{
	const struct rows_batch *batch = &bars->rows->batch;

	bars->count = 0;
	for (size_t row = 0; row < batch->count; row++)
		for (size_t column = 0; column < batch->column_count; column++)
			if (bars->shape->roles[column] == PLOT_VALUE && bars->count++ < BARS_MAX)
				visit(bars, row, column);
}

static void draw_bars(struct rows *rows, const struct plot_shape *shape)
{
	struct bars bars = { .rows = rows, .shape = shape };

	each_bar(&bars, measure_bar);
	each_bar(&bars, draw_bar);
	if (bars.count > BARS_MAX)
		snprintf(rows->remark, sizeof(rows->remark), "the chart has the first %d of %zu bars", BARS_MAX,
			 bars.count);
	rows->line.failed |= bars.text.failed;
	buffer_finish(&bars.text);
}

/* ---- timeslice ---- */

static void add_legend(struct rows *rows, const struct plot_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		add_signs(rows, i, 1, "");
		buffer_add_byte(&rows->line, ' ');
		escape_terminal(&rows->line, plot_series_name(series, i), LABEL_MAX, rows->options.utf8);
		buffer_text(&rows->line, i + 1 < series->count ? "   " : "\n");
	}
}

static void draw_moment(struct rows *rows, const struct plot_series *series, const struct plot_moment *moment)
{
	char label[ISO_TIME_ROOM], value[32];
	size_t columns;

	plot_series_label(series, moment->time_ms, label);
	add_padded(&rows->line, span_of(label), strlen(label), rows->options.utf8);
	columns = bar_columns(rows, strlen(label));
	if (series->count == 1)
		add_bar(rows, moment->values[0], series->most, columns);
	else
		add_stack(rows, moment->values, series->most, columns);
	snprintf(value, sizeof(value), "%.10g", plot_moment_sum(moment));
	end_bar(rows, span_of(value));
}

/* Moments at which nothing was are lines, too, where their number is not absurd. */
static void draw_times(struct rows *rows, const struct plot_series *series)
{
	struct plot_moment none = { 0 };
	bool has_steps = plot_series_has_steps(series, BARS_MAX);
	size_t drawn = 0;

	if (series->count > 1)
		add_legend(rows, series);
	for (size_t i = 0; i < series->moment_count && drawn < BARS_MAX; i++, drawn++) {
		const struct plot_moment *moment = &series->moments[i];
		if (i && has_steps)
			for (none.time_ms = moment[-1].time_ms + series->step_ms; none.time_ms < moment->time_ms;
			     none.time_ms += series->step_ms, drawn++)
				draw_moment(rows, series, &none);
		draw_moment(rows, series, moment);
	}
	if (drawn < series->moment_count)
		snprintf(rows->remark, sizeof(rows->remark), "the chart has the first %zu of %zu moments", drawn,
			 series->moment_count);
}

/* ---- rows ---- */

static int draw(struct rows *rows, struct err *err)
{
	struct plot_shape shape;
	struct plot_series series;
	bool fine = true;

	plot_shape_of(&shape, &rows->batch, &rows->options);
	if (!rows->batch.count)
		return 0;
	if (!shape.value_count) {
		snprintf(rows->remark, sizeof(rows->remark),
			 "there is nothing to draw: no column holds numbers; try `| count by FIELD` or `| timeslice 1h "
			 "| "
			 "count by _timeslice`");
		return rows_table.end(rows, err);
	}
	if (shape.has_time) {
		fine = plot_series_init(&series, &rows->batch, &shape);
		if (fine)
			draw_times(rows, &series);
		plot_series_finish(&series);
	} else {
		draw_bars(rows, &shape);
	}
	rows_batch_reset(&rows->batch, false);
	return fine ? rows_put_line(rows, err) : err_set(err, -ENOMEM, "memory is out while the chart is drawn");
}

static int chart_put(struct rows *rows, const struct span *names, const struct row_cell *cells, size_t count,
		     struct err *err)
{
	const struct rows_batch *batch = &rows->batch;

	if (batch->count >= ROWS_MAX || batch->cell_count >= CELLS_MAX || batch->text.len >= TEXT_MAX) {
		snprintf(rows->remark, sizeof(rows->remark), "the chart is of the first %zu rows", batch->count);
		return 0;
	}
	if (!rows_batch_add(&rows->batch, names, cells, count))
		return err_set(err, -ENOMEM, "memory is out while the chart is drawn");
	return 0;
}

const struct rows_type rows_chart = { .name = "chart", .put = chart_put, .end = draw };
