#include "query/slicing.h"

#include <math.h>

#define SECOND 1000.0
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

struct slicing *slicing_create(struct plan *plan)
{
	struct slicing *slicing = plan_alloc(plan, sizeof(*slicing));
	const struct run_options *options = plan->options;

	if (!slicing)
		return NULL;
	slicing->first = INFINITY;
	slicing->last = -INFINITY;
	slicing->start = options->start_ms == TIME_UNKNOWN ? NAN : (double)options->start_ms;
	slicing->end = options->end_ms == TIME_UNKNOWN ? NAN : (double)options->end_ms + 1;
	return slicing;
}

double slicing_start(const struct slicing *slicing, double time)
{
	if (slicing->width > 0)
		return floor(time / slicing->width) * slicing->width;
	return isnan(slicing->start) ? slicing->first : slicing->start;
}

double slicing_width(double first, double last, double most)
{
	static const double widths[] = { 1,	      2,	   5,		10,	20,	    50,
					 100,	      200,	   500,		SECOND, 2 * SECOND, 5 * SECOND,
					 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE,
					 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,	2 * HOUR,   3 * HOUR,
					 4 * HOUR,    6 * HOUR,	   12 * HOUR,	DAY,	2 * DAY };
	struct slicing slicing = { 0 };

	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		slicing.width = widths[i];
		double slices = (slicing_start(&slicing, last) - slicing_start(&slicing, first)) / widths[i] + 1;
		if (slices <= most)
			return widths[i];
	}
	return WEEK * ceil(((last - first) / WEEK + 1) / most);
}

int slicing_period(struct plan *plan, const struct expr *expr, double *width)
{
	if (expr->kind == EXPR_PARAMETER)
		return plan_refuse(plan, &expr->place, "a parameter has no value here: write one in its place");
	if (expr->kind != EXPR_NUMBER || !expr->has_time_unit)
		return plan_refuse(plan, &expr->place, "this has to be a time such as 30s, 15m, 1h or 1d");
	*width = floor(expr->number);
	if (*width < 1 || *width > 100 * 366 * DAY)
		return plan_refuse(plan, &expr->place, "a slice of time has to be between 1ms and 100 years");
	return 0;
}
