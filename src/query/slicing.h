/*
 * slicing: time cut into slices of one width, from the epoch on (UTC), so that
 * hours and days begin where clocks have them begin, and weeks on Thursdays.
 */
#ifndef QUERY_SLICING_H
#define QUERY_SLICING_H

#include "query/plan.h"

struct slicing {
	double width;	    /* ms; 0: not known yet, or all of the range is one slice */
	double first, last; /* times that were sliced; first > last: none */
	double start, end;  /* of the search's range, end excluded; NAN where they are not known */
	uint32_t slot;	    /* of the slice's start */
};

/* A slicing of the run's range. NULL with the plan's error set. */
struct slicing *slicing_create(struct plan *plan);

/* The start of the slice that the time is in. */
double slicing_start(const struct slicing *slicing, double time);

/* The width of a clock that cuts from first to last into at most so many slices. */
double slicing_width(double first, double last, double most);

/* The ms of `5m`; refuses what has no unit. 0, or -EINVAL with the plan's error set. */
int slicing_period(struct plan *plan, const struct expr *expr, double *width);

#endif
