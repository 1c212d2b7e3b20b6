/* table_batch: the rows of the table that wait to be printed, as text. Private to src/sink. */
#ifndef SINK_TABLE_BATCH_H
#define SINK_TABLE_BATCH_H

#include "model/incident.h"
#include "sink/cells.h"

#define BATCH_ROWS 1000

struct row {
	size_t begin[CELL_COUNT]; /* offsets of NUL-terminated cells in text */
	size_t columns[CELL_COUNT];
	enum risk risk;
	bool quiet; /* suppressed */
};

struct batch {
	struct row rows[BATCH_ROWS];
	size_t count;
	struct buffer text; /* failed when memory is out */
	bool any;	    /* something has been printed */
	bool branches;	    /* some row hangs from another */
};

static inline bool batch_is_full(const struct batch *batch)
{
	return batch->count == BATCH_ROWS || batch->text.failed;
}

/* Each adds one row to a batch that is not full. */
void batch_add_finding(struct batch *batch, const struct finding *finding, bool utf8);
void batch_add_incident(struct batch *batch, const struct incident *incident, bool utf8);
void batch_add_part(struct batch *batch, const struct incident *incident, size_t i, bool utf8); /* its i-th finding */
void batch_add_left(struct batch *batch, uint64_t findings, bool utf8);				/* "and 12 more" */

struct span batch_cell(const struct batch *batch, const struct row *row, unsigned cell);

#endif
