/* compare: what the files of the operator share: op_compare.c compiles, compare_rows.c joins. */
#ifndef QUERY_COMPARE_H
#define QUERY_COMPARE_H

#include "query/grouping.h"
#include "query/shelf.h"

#define RUNS_MAX 7 /* as Sumo Logic documents it */

enum summary { SUMMARY_NONE, SUMMARY_AVG, SUMMARY_MIN, SUMMARY_MAX };

/* One `timeshift`: its runs stand together. */
struct comparison {
	size_t first, count; /* of the runs */
	enum summary summary;
	struct span name; /* behind `as`, or the time as written, without its sign */
	bool named;
	double number; /* 1 and d of 1d */
	struct span unit;
	uint32_t *slots; /* of the results: one for each field and, unless they are summed up, run */
};

struct compare {
	struct comparison *comparisons;
	size_t count, run_count;
	struct slots keys, fields;
	struct value *values;	  /* of the keys */
	struct shelf shelf;	  /* rows of the search itself; marks: keys */
	struct grouping grouping; /* by keys; state: a struct match, then the cells of all runs */
	struct arena texts;
	bool in_groups, joined;
	size_t drained;
};

struct match {
	size_t row;	      /* in the shelf, from 1; 0: only the past has it */
	struct value cells[]; /* run × field */
};

/* How many fields a comparison makes of each field. */
static inline size_t results_of(const struct comparison *comparison)
{
	return comparison->summary == SUMMARY_NONE ? comparison->count : 1;
}

int compare_push(struct stage *stage, struct row *row);
int compare_drain(struct stage *stage, struct row *row);

#endif
