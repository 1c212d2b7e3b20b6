/* rows_type: what a kind of rows must be able to do. Private to src/sink. */
#ifndef SINK_ROWS_TYPE_H
#define SINK_ROWS_TYPE_H

#include "base/buffer.h"
#include "sink/rows.h"
#include "sink/rows_batch.h"

struct rows_type {
	const char *name;
	int (*put)(struct rows *rows, const struct span *names, const struct row_cell *cells, size_t count,
		   struct err *err);
	int (*end)(struct rows *rows, struct err *err); /* may be NULL */
};

struct rows {
	const struct rows_type *type;
	struct output *output;
	struct rows_options options;
	struct buffer line;	 /* scratch for whole lines */
	struct rows_batch batch; /* of kinds that must see more than one row */
	bool started;		 /* something has been printed */
	char remark[256];
};

/* Hands rows->line to the output, and empties it. */
int rows_put_line(struct rows *rows, struct err *err);

/* Whether the text is a number as JSON writes them. */
bool rows_is_number(struct span text);

extern const struct rows_type rows_table, rows_json, rows_csv, rows_chart;

#endif
