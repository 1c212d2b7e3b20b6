/*
 * rows: results with columns that nobody knows beforehand.
 *
 * A table for people, JSON lines and CSV for programs, a chart. All write
 * through an output, in whole lines; see output.h for what happens when it
 * fails. Names of columns may come from a log, as values do: both are escaped.
 *
 *   rows_create → rows_put* → rows_end → rows_destroy
 *
 * A new kind is one file with a `const struct rows_type` (rows_type.h), and
 * one line in the table of rows.c.
 */
#ifndef SINK_ROWS_H
#define SINK_ROWS_H

#include "base/err.h"
#include "sink/output.h"

enum row_kind {
	ROW_NULL,
	ROW_TEXT,
	ROW_NUMBER, /* text: its digits */
	ROW_TIME,   /* a number: ms since the epoch */
	ROW_BOOL,   /* text: true or false */
};

struct row_cell {
	enum row_kind kind;
	struct span text;
};

struct rows_options {
	bool colour, utf8;	 /* as in sink.h */
	unsigned width;		 /* of the terminal; 0: it is none, and lines are as long as they get */
	const struct span *keys; /* chart: the columns that say what a row is of; they outlive the rows */
	size_t key_count;
};

struct rows;

/* `name` is "table", "json", "csv" or "chart". The output outlives the rows. NULL with err: no such kind, memory is out. */
struct rows *rows_create(const char *name, struct output *output, const struct rows_options *options, struct err *err);
void rows_destroy(struct rows *rows);

/* One row; all is borrowed for the call. 0, or a negative errno with err; -EPIPE without a text. */
int rows_put(struct rows *rows, const struct span *names, const struct row_cell *cells, size_t count, struct err *err);

/* Writes what is held back, and flushes the output. */
int rows_end(struct rows *rows, struct err *err);

/* What did not fit: "", or a remark for the summary. */
const char *rows_remark(const struct rows *rows);

#endif
