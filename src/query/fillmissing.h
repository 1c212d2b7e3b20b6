/* fillmissing: what the files of the operator share: op_fillmissing.c compiles, fillmissing_rows.c fills. */
#ifndef QUERY_FILLMISSING_H
#define QUERY_FILLMISSING_H

#include "query/grouping.h"
#include "query/shelf.h"
#include "query/slicing.h"

#define COMBINATIONS_MAX 10000 /* as Sumo Logic documents it */

enum generator_kind { GENERATE_VALUES, GENERATE_ALL, GENERATE_SLICES };

struct generator {
	enum generator_kind kind;
	uint32_t slot;
	struct value *values; /* GENERATE_VALUES from the start; the others when draining */
	size_t count;
	struct grouping seen; /* GENERATE_ALL */
	double first, last;   /* GENERATE_SLICES: of the rows */
};

/* What a field that no generator lists becomes in a new row. */
struct other {
	uint32_t slot;
	struct value value;
	bool given;		    /* by `with`; or null, behind a transpose */
	bool numbers, bools, texts; /* kinds that rows had */
};

struct fillmissing {
	struct generator *generators;
	size_t count;
	struct other *others;
	size_t other_count;
	struct value *marks;	      /* the generators' values in a row, in their order */
	struct slicing *slicing;      /* of the slices that are listed; NULL: none are */
	const struct slicing *before; /* of the timeslice that made the rows, or NULL */
	bool takes_last, by_marks, filled;
	struct grouping present; /* by marks; state: the number of the row, from 1 */
	struct shelf shelf;
	struct arena made; /* lists of values */
	size_t drained;
};

int fillmissing_push(struct stage *stage, struct row *row);
int fillmissing_drain(struct stage *stage, struct row *row);

#endif
