/*
 * rows_batch: rows kept until all their columns are known. Private to src/sink.
 *
 * Columns are in the order in which rows brought them.
 */
#ifndef SINK_ROWS_BATCH_H
#define SINK_ROWS_BATCH_H

#include "base/buffer.h"
#include "sink/rows.h"

#define ROWS_COLUMNS_MAX 1000
#define ROWS_BATCH_TEXT (8u << 20) /* bytes: a batch that holds more is full */

struct batch_text {
	size_t at, len; /* in text */
};

struct batch_cell {
	enum row_kind kind;
	struct batch_text text;
};

struct batch_row {
	size_t first, count; /* its cells, one a column that was known then */
};

struct rows_batch {
	struct buffer names, text;
	struct batch_text columns[ROWS_COLUMNS_MAX];
	struct batch_cell *cells;
	struct batch_row *rows;
	size_t column_count, cell_count, cell_room, count, row_room;
	bool closed;	   /* no new columns */
	uint64_t left_out; /* cells of columns that came too late, or are too many */
};

void rows_batch_finish(struct rows_batch *batch);

/* A copy. False when memory is out. */
bool rows_batch_add(struct rows_batch *batch, const struct span *names, const struct row_cell *cells, size_t count);

/* Whether it holds as much as one should. */
bool rows_batch_is_full(const struct rows_batch *batch, size_t rows_max);

/* Forgets the rows; the columns too, unless they are to be kept. */
void rows_batch_reset(struct rows_batch *batch, bool keep_columns);

/* Both borrow until the next call that changes the batch. A cell that the row does not have is null. */
struct span rows_batch_name(const struct rows_batch *batch, size_t column);
struct row_cell rows_batch_cell(const struct rows_batch *batch, size_t row, size_t column);

#endif
