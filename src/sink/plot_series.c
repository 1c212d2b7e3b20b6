#include "sink/plot_series.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

#define NAMES_MAX 512 /* series that are told apart before the largest are chosen */

/* ---- shape ---- */

static bool is_key(const struct rows_options *options, struct span name)
{
	for (size_t i = 0; i < options->key_count; i++)
		if (span_equal_nocase(options->keys[i], name))
			return true;
	return false;
}

/* What all its cells that are not null are; ROW_NULL when there is none, ROW_TEXT when they differ. */
static enum row_kind kind_of_column(const struct rows_batch *batch, size_t column)
{
	enum row_kind kind = ROW_NULL;

	for (size_t row = 0; row < batch->count; row++) {
		enum row_kind here = rows_batch_cell(batch, row, column).kind;
		if (here == ROW_NULL || here == kind)
			continue;
		if (kind != ROW_NULL)
			return ROW_TEXT;
		kind = here;
	}
	return kind;
}

void plot_shape_of(struct plot_shape *shape, const struct rows_batch *batch, const struct rows_options *options)
{
	*shape = (struct plot_shape){ 0 };
	for (size_t column = 0; column < batch->column_count; column++) {
		enum row_kind kind = kind_of_column(batch, column);
		if (kind == ROW_TIME && !shape->has_time) {
			shape->roles[column] = PLOT_TIME;
			shape->has_time = true;
		} else if (kind == ROW_NUMBER && !is_key(options, rows_batch_name(batch, column))) {
			shape->roles[column] = PLOT_VALUE;
			shape->value_count++;
		}
	}
}

/* ---- series ---- */

/* While rows are read: every series that there is, and every value. */
struct point {
	int64_t time_ms;
	size_t name;
	double value;
};

struct reading {
	const struct rows_batch *batch;
	const struct plot_shape *shape;
	struct buffer text, label;
	struct {
		struct batch_text text;
		uint64_t hash;
		double total;
		size_t rank;
	} names[NAMES_MAX];
	size_t name_count;
	struct point *points;
	size_t point_count;
	bool other; /* there are more than NAMES_MAX */
};

static double number_of(const struct row_cell *cell)
{
	char text[64];

	if (cell->kind == ROW_NULL || cell->text.len >= sizeof(text))
		return 0;
	memcpy(text, cell->text.data, cell->text.len);
	text[cell->text.len] = 0;
	double number = strtod(text, NULL);
	return number > 0 && number < 1e300 ? number : 0;
}

/* Its labels, or where the columns are the series, the column's name. */
static void make_label(struct reading *reading, size_t row, size_t value)
{
	bool any = false;

	buffer_reset(&reading->label);
	for (size_t column = 0; column < reading->batch->column_count; column++) {
		if (reading->shape->roles[column] != PLOT_LABEL)
			continue;
		struct row_cell cell = rows_batch_cell(reading->batch, row, column);
		buffer_text(&reading->label, any ? ", " : "");
		buffer_add(&reading->label, cell.kind == ROW_NULL ? SPAN("-") : cell.text);
		any = true;
	}
	if (any && reading->shape->value_count < 2)
		return;
	buffer_text(&reading->label, any ? ": " : "");
	buffer_add(&reading->label, rows_batch_name(reading->batch, value));
}

static size_t find_name(struct reading *reading, struct span label)
{
	uint64_t hash = hash_bytes(label);

	for (size_t i = 0; i < reading->name_count; i++) {
		struct batch_text text = reading->names[i].text;
		if (reading->names[i].hash == hash &&
		    span_equal((struct span){ reading->text.data + text.at, text.len }, label))
			return i;
	}
	if (reading->name_count == NAMES_MAX) {
		reading->other = true;
		return NAMES_MAX;
	}
	reading->names[reading->name_count].text = (struct batch_text){ reading->text.len, label.len };
	reading->names[reading->name_count].hash = hash;
	buffer_add(&reading->text, label);
	buffer_add_byte(&reading->text, '\0');
	return reading->name_count++;
}

static void read_row(struct reading *reading, size_t row)
{
	struct span digits = { 0 };
	uint64_t time_ms = 0;

	for (size_t column = 0; column < reading->batch->column_count; column++)
		if (reading->shape->roles[column] == PLOT_TIME)
			digits = rows_batch_cell(reading->batch, row, column).text;
	if (!digits.len || span_decimal(digits, &time_ms) != digits.len || time_ms > INT64_MAX)
		return;
	for (size_t column = 0; column < reading->batch->column_count; column++) {
		if (reading->shape->roles[column] != PLOT_VALUE)
			continue;
		struct row_cell cell = rows_batch_cell(reading->batch, row, column);
		make_label(reading, row, column);
		struct point point = { (int64_t)time_ms, find_name(reading, buffer_span(&reading->label)),
				       number_of(&cell) };
		if (point.name < NAMES_MAX)
			reading->names[point.name].total += point.value;
		reading->points[reading->point_count++] = point;
	}
}

/* The largest come first; equal ones in the order of the rows. */
static void rank_names(struct reading *reading)
{
	for (size_t i = 0; i < reading->name_count; i++) {
		size_t rank = 0;
		for (size_t k = 0; k < reading->name_count; k++)
			rank += reading->names[k].total > reading->names[i].total ||
				(k < i && reading->names[k].total == reading->names[i].total);
		reading->names[i].rank = rank;
	}
}

static void name_series(struct plot_series *series, const struct reading *reading)
{
	bool rest = reading->name_count > PLOT_SERIES_MAX || reading->other;

	series->count = rest ? PLOT_SERIES_MAX : reading->name_count;
	for (size_t i = 0; i < reading->name_count; i++) {
		size_t rank = reading->names[i].rank;
		struct batch_text text = reading->names[i].text;
		if (rank >= series->count)
			continue;
		series->names[rank] = (struct batch_text){ series->text.len, text.len };
		buffer_add(&series->text, (struct span){ reading->text.data + text.at, text.len });
		buffer_add_byte(&series->text, '\0');
	}
	if (!rest)
		return;
	series->names[PLOT_SERIES_MAX - 1] = (struct batch_text){ series->text.len, 9 };
	buffer_text(&series->text, "all other");
}

static int compare_points(const void *a, const void *b)
{
	const struct point *one = a, *other = b;

	return (one->time_ms > other->time_ms) - (one->time_ms < other->time_ms);
}

static size_t rank_of(const struct reading *reading, const struct point *point)
{
	size_t rank = point->name < NAMES_MAX ? reading->names[point->name].rank : PLOT_SERIES_MAX;

	return rank < PLOT_SERIES_MAX ? rank : PLOT_SERIES_MAX - 1;
}

/* The moment of the next point in time. */
static struct plot_moment *take_moment(struct plot_series *series, int64_t time_ms)
{
	struct plot_moment *next = &series->moments[series->moment_count];

	if (series->moment_count) {
		int64_t step = time_ms - next[-1].time_ms;
		if (step == 0)
			return &next[-1];
		if (!series->step_ms || step < series->step_ms)
			series->step_ms = step;
	}
	series->moment_count++;
	series->to_the_minute &= time_ms % 60000 == 0;
	*next = (struct plot_moment){ .time_ms = time_ms };
	return next;
}

static void add_moments(struct plot_series *series, const struct reading *reading)
{
	for (size_t i = 0; i < reading->point_count; i++) {
		const struct point *point = &reading->points[i];
		struct plot_moment *moment = take_moment(series, point->time_ms);
		moment->values[rank_of(reading, point)] += point->value;
		double sum = plot_moment_sum(moment);
		series->most = sum > series->most ? sum : series->most;
	}
}

bool plot_series_init(struct plot_series *series, const struct rows_batch *batch, const struct plot_shape *shape)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	size_t room = batch->count * shape->value_count + 1;
	bool fine = reading != NULL;

	*series = (struct plot_series){ .moments = calloc(room, sizeof(*series->moments)), .to_the_minute = true };
	if (fine) {
		reading->batch = batch;
		reading->shape = shape;
		reading->points = calloc(room, sizeof(*reading->points));
		fine = reading->points && series->moments;
	}
	if (fine) {
		for (size_t row = 0; row < batch->count; row++)
			read_row(reading, row);
		rank_names(reading);
		name_series(series, reading);
		qsort(reading->points, reading->point_count, sizeof(*reading->points), compare_points);
		add_moments(series, reading);
		fine = !reading->text.failed && !reading->label.failed && !series->text.failed;
	}
	if (reading) {
		buffer_finish(&reading->text);
		buffer_finish(&reading->label);
		free(reading->points);
	}
	free(reading);
	return fine;
}

void plot_series_finish(struct plot_series *series)
{
	buffer_finish(&series->text);
	free(series->moments);
}

struct span plot_series_name(const struct plot_series *series, size_t i)
{
	return (struct span){ series->text.data + series->names[i].at, series->names[i].len };
}

double plot_moment_sum(const struct plot_moment *moment)
{
	double sum = 0;

	for (size_t i = 0; i < PLOT_SERIES_MAX; i++)
		sum += moment->values[i];
	return sum;
}

void plot_series_label(const struct plot_series *series, int64_t time_ms, char label[ISO_TIME_ROOM])
{
	size_t len = strlen(series->to_the_minute ? "2026-11-23T22:56" : "2026-11-23T22:56:01");

	if (!iso_time(time_ms, label))
		snprintf(label, ISO_TIME_ROOM, "%lld", (long long)time_ms);
	else if (strlen(label) > len)
		label[len] = 0;
}

bool plot_series_has_steps(const struct plot_series *series, size_t most)
{
	const struct plot_moment *first = series->moments;

	if (!series->step_ms)
		return false;
	for (size_t i = 1; i < series->moment_count; i++)
		if ((first[i].time_ms - first->time_ms) % series->step_ms)
			return false;
	return (first[series->moment_count - 1].time_ms - first->time_ms) / series->step_ms < (int64_t)most;
}
