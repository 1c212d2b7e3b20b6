/* Numbers: everything is a double, as in the language itself. Where there is no result, it is null. */
#include <math.h>

#include "query/functions.h"

#define UNARY(name, expression)                                                                           \
	void run_##name(const struct node *node, struct row *row, struct value *result)                   \
	{                                                                                                 \
		double x;                                                                                 \
                                                                                                          \
		*result = argument_number(node, 0, row, &x) ? number_or_null(expression) : VALUE_OF_NULL; \
	}

#define BINARY(name, expression)                                                                     \
	void run_##name(const struct node *node, struct row *row, struct value *result)              \
	{                                                                                            \
		double x, y;                                                                         \
		bool known = argument_number(node, 0, row, &x) && argument_number(node, 1, row, &y); \
                                                                                                     \
		*result = known ? number_or_null(expression) : VALUE_OF_NULL;                        \
	}

UNARY(abs, fabs(x))
UNARY(acos, acos(x))
UNARY(asin, asin(x))
UNARY(atan, atan(x))
UNARY(cbrt, cbrt(x))
UNARY(ceil, ceil(x))
UNARY(cos, cos(x))
UNARY(cosh, cosh(x))
UNARY(exp, exp(x))
UNARY(expm1, expm1(x))
UNARY(floor, floor(x))
UNARY(log, log(x))
UNARY(log10, log10(x))
UNARY(log1p, log1p(x))
UNARY(sin, sin(x))
UNARY(sinh, sinh(x))
UNARY(sqrt, sqrt(x))
UNARY(tan, tan(x))
UNARY(tanh, tanh(x))
UNARY(to_degrees, x * 180 / M_PI)
UNARY(to_integer, trunc(x))
UNARY(to_number, x)
UNARY(to_radians, x *M_PI / 180)
BINARY(atan2, atan2(x, y))
BINARY(hypot, hypot(x, y))
BINARY(pow, pow(x, y))

/* Half away from zero, at so many decimals. */
void run_round(const struct node *node, struct row *row, struct value *result)
{
	double x, places = 0;

	*result = VALUE_OF_NULL;
	if (!argument_number(node, 0, row, &x) || (node->count > 1 && !argument_number(node, 1, row, &places)))
		return;
	if (places < -15 || places > 15) {
		*result = value_number(x);
		return;
	}
	double scale = pow(10, trunc(places));
	*result = number_or_null(round(x * scale) / scale);
}

/* Of the arguments that are numbers; null when none is. */
static void run_extreme(const struct node *node, struct row *row, struct value *result, bool largest)
{
	bool any = false;
	double best = 0, x;

	for (size_t i = 0; i < node->count; i++) {
		if (!argument_number(node, i, row, &x))
			continue;
		if (!any || (largest ? x > best : x < best))
			best = x;
		any = true;
	}
	*result = any ? value_number(best) : VALUE_OF_NULL;
}

void run_max(const struct node *node, struct row *row, struct value *result)
{
	run_extreme(node, row, result, true);
}

void run_min(const struct node *node, struct row *row, struct value *result)
{
	run_extreme(node, row, result, false);
}
