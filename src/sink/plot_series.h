/* plot_series: rows of a result as what a chart draws. Private to src/sink. */
#ifndef SINK_PLOT_SERIES_H
#define SINK_PLOT_SERIES_H

#include "sink/iso_time.h"
#include "sink/rows_batch.h"

/* What a column is for: one holds the time, some hold numbers, the others say what a row is of. */
enum plot_role { PLOT_LABEL, PLOT_TIME, PLOT_VALUE };

struct plot_shape {
	enum plot_role roles[ROWS_COLUMNS_MAX];
	size_t value_count;
	bool has_time;
};

void plot_shape_of(struct plot_shape *shape, const struct rows_batch *batch, const struct rows_options *options);

/* The largest, and behind them one for all the others. */
#define PLOT_SERIES_MAX 8

struct plot_moment {
	int64_t time_ms;
	double values[PLOT_SERIES_MAX];
};

struct plot_series {
	struct buffer text;
	struct batch_text names[PLOT_SERIES_MAX];
	size_t count;
	struct plot_moment *moments; /* by time */
	size_t moment_count;
	int64_t step_ms;    /* the least between two of them; 0: there are not two */
	double most;	    /* the largest sum of a moment */
	bool to_the_minute; /* all are whole minutes */
};

/* For shapes that have a time. False when memory is out; finish it in either case. */
bool plot_series_init(struct plot_series *series, const struct rows_batch *batch, const struct plot_shape *shape);
void plot_series_finish(struct plot_series *series);

struct span plot_series_name(const struct plot_series *series, size_t i);
double plot_moment_sum(const struct plot_moment *moment);

/* A moment as the chart names it: to the minute, where all are whole minutes. */
void plot_series_label(const struct plot_series *series, int64_t time_ms, char label[ISO_TIME_ROOM]);

/* Whether moments lie on a grid of steps, at most so many of them. */
bool plot_series_has_steps(const struct plot_series *series, size_t most);

#endif
