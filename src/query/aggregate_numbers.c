/*
 * count, sum, avg, stddev, variance. What is no number is passed over; a
 * group without any has the sum 0, and no average and no deviation.
 */
#include <math.h>

#include "query/aggregate.h"

/* ---- count: rows, or rows in which the argument is not null ---- */

static int add_count(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	uint64_t *count = state;

	(void)row;
	*count += !aggregator->argument_count || values[0].kind != VALUE_NULL;
	return 0;
}

static void give_count(const struct aggregator *aggregator, void *state, struct row *row)
{
	row->values[aggregator->slots[0]] = value_number((double)*(uint64_t *)state);
}

const struct aggregate_type aggregate_count = {
	.state_size = sizeof(uint64_t), .is_number = true, .add = add_count, .result = give_count
};

/* ---- sum, avg ---- */

struct sum {
	struct exact_sum sum;
	uint64_t count;
};

static int add_sum(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	struct sum *sum = state;
	double number;

	(void)aggregator;
	(void)row;
	if (value_to_number(&values[0], &number)) {
		exact_sum_add(&sum->sum, number);
		sum->count++;
	}
	return 0;
}

static void give_sum(const struct aggregator *aggregator, void *state, struct row *row)
{
	const struct sum *sum = state;

	row->values[aggregator->slots[0]] = number_or_null(exact_sum_value(&sum->sum));
}

static void give_avg(const struct aggregator *aggregator, void *state, struct row *row)
{
	const struct sum *sum = state;

	row->values[aggregator->slots[0]] = number_or_null(exact_sum_value(&sum->sum) / (double)sum->count);
}

const struct aggregate_type aggregate_sum = {
	.state_size = sizeof(struct sum), .is_number = true, .add = add_sum, .result = give_sum
};
const struct aggregate_type aggregate_avg = {
	.state_size = sizeof(struct sum), .is_number = true, .add = add_sum, .result = give_avg
};

/* ---- stddev, variance: of a sample (n - 1), by Welford's recurrence; 0 for one number ---- */

struct spread {
	double mean, squares;
	uint64_t count;
};

static int add_spread(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	struct spread *spread = state;
	double number;

	(void)aggregator;
	(void)row;
	if (value_to_number(&values[0], &number)) {
		double from_mean = number - spread->mean;
		spread->mean += from_mean / (double)++spread->count;
		spread->squares += from_mean * (number - spread->mean);
	}
	return 0;
}

static double variance_of(const struct spread *spread)
{
	if (spread->count == 0)
		return NAN;
	return spread->count == 1 ? 0 : spread->squares / (double)(spread->count - 1);
}

static void give_variance(const struct aggregator *aggregator, void *state, struct row *row)
{
	row->values[aggregator->slots[0]] = number_or_null(variance_of(state));
}

static void give_stddev(const struct aggregator *aggregator, void *state, struct row *row)
{
	row->values[aggregator->slots[0]] = number_or_null(sqrt(variance_of(state)));
}

const struct aggregate_type aggregate_variance = {
	.state_size = sizeof(struct spread), .is_number = true, .add = add_spread, .result = give_variance
};
const struct aggregate_type aggregate_stddev = {
	.state_size = sizeof(struct spread), .is_number = true, .add = add_spread, .result = give_stddev
};
