/* Casts and mathematics. What is no number, and what has no finite result, is null. */
#include "query/function_runs.h"

#include <math.h>

#include "query/decimal.h"

/* Double.valueOf takes no bools, so neither does a cast. */
void run_number(const struct node *node, struct row *row, struct value *result)
{
	double number;

	*result = argument_number(node, 0, row, &number) ? value_number(number) : VALUE_OF_NULL;
}

/* Towards zero. */
void run_integer(const struct node *node, struct row *row, struct value *result)
{
	double number;

	*result = argument_number(node, 0, row, &number) ? value_number(trunc(number) + 0.0) : VALUE_OF_NULL;
}

/* ---- one number to another ---- */

static double signum(double number)
{
	return (number > 0) - (number < 0);
}

/* The C library's is off by the last bit for some cubes of whole numbers: of 27 it makes no 3. */
static double cube_root(double number)
{
	double root = cbrt(number), whole = rint(root);

	return whole * whole * whole == number ? whole : root;
}

static double to_degrees(double radians)
{
	return radians / M_PI * 180;
}

static double to_radians(double degrees)
{
	return degrees / 180 * M_PI;
}

struct math {
	struct span name;
	double (*of)(double number);
};

static const struct math maths[] = {
	{ SPAN("abs"), fabs },
	{ SPAN("acos"), acos },
	{ SPAN("asin"), asin },
	{ SPAN("atan"), atan },
	{ SPAN("cbrt"), cube_root },
	{ SPAN("ceil"), ceil },
	{ SPAN("cos"), cos },
	{ SPAN("cosh"), cosh },
	{ SPAN("exp"), exp },
	{ SPAN("expm1"), expm1 },
	{ SPAN("floor"), floor },
	{ SPAN("log"), log },
	{ SPAN("log10"), log10 },
	{ SPAN("log1p"), log1p },
	{ SPAN("rint"), rint },
	{ SPAN("signum"), signum },
	{ SPAN("sin"), sin },
	{ SPAN("sinh"), sinh },
	{ SPAN("sqrt"), sqrt },
	{ SPAN("tan"), tan },
	{ SPAN("tanh"), tanh },
	{ SPAN("toDegrees"), to_degrees },
	{ SPAN("toRadians"), to_radians },
};

int prepare_math(struct node *node, struct plan *plan, const struct expr *call)
{
	for (size_t i = 0; i < sizeof(maths) / sizeof(*maths); i++)
		if (span_equal_nocase(maths[i].name, call->text))
			node->prepared = &maths[i];
	return node->prepared ? 0 : plan_refuse(plan, &call->place, "this function is not known");
}

void run_math(const struct node *node, struct row *row, struct value *result)
{
	const struct math *math = node->prepared;
	double number;

	*result = argument_number(node, 0, row, &number) ? number_or_null(math->of(number)) : VALUE_OF_NULL;
}

/* ---- of two numbers ---- */

struct math_of_two {
	struct span name;
	double (*of)(double a, double b);
};

static const struct math_of_two maths_of_two[] = {
	{ SPAN("atan2"), atan2 }, { SPAN("hypot"), hypot }, { SPAN("max"), fmax },
	{ SPAN("min"), fmin },	  { SPAN("pow"), pow },
};

int prepare_math_of_two(struct node *node, struct plan *plan, const struct expr *call)
{
	for (size_t i = 0; i < sizeof(maths_of_two) / sizeof(*maths_of_two); i++)
		if (span_equal_nocase(maths_of_two[i].name, call->text))
			node->prepared = &maths_of_two[i];
	return node->prepared ? 0 : plan_refuse(plan, &call->place, "this function is not known");
}

void run_math_of_two(const struct node *node, struct row *row, struct value *result)
{
	const struct math_of_two *math = node->prepared;
	double a, b;

	*result = VALUE_OF_NULL;
	if (argument_number(node, 0, row, &a) && argument_number(node, 1, row, &b))
		*result = number_or_null(math->of(a, b));
}

/* ---- rounding and distance ---- */

/* Half goes up, as Java's Math.round has it: -2.5 becomes -2. To places, half goes away from zero. */
void run_round(const struct node *node, struct row *row, struct value *result)
{
	double number, places = 0;

	*result = VALUE_OF_NULL;
	if (!argument_number(node, 0, row, &number))
		return;
	if (node->count < 2)
		*result = value_number(fabs(number) < 0x1p52 ? floor(number + 0.5) : number);
	else if (argument_number(node, 1, row, &places))
		*result = number_or_null(decimal_round_number(number, places));
}

#define EARTH_KM 6372.8 /* what the figure of the reference was computed with */

void run_haversine(const struct node *node, struct row *row, struct value *result)
{
	double angles[4];

	*result = VALUE_OF_NULL;
	for (size_t i = 0; i < 4; i++) {
		if (!argument_number(node, i, row, &angles[i]))
			return;
		angles[i] = to_radians(angles[i]);
	}
	double latitude = sin((angles[2] - angles[0]) / 2), longitude = sin((angles[3] - angles[1]) / 2);
	double part = latitude * latitude + cos(angles[0]) * cos(angles[2]) * longitude * longitude;
	*result = number_or_null(2 * EARTH_KM * asin(sqrt(fmin(part, 1))));
}
