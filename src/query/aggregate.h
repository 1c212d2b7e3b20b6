/*
 * aggregate: one column behind a group: count, sum(x), pct(x, 95).
 *
 * An aggregate has a state in each group, cleared at first, takes the values
 * of its arguments row by row, and gives its results when the input has ended.
 * Sums are compensated (Neumaier), so that integers are exact below 2^53 and
 * the error of others does not grow with the number of rows.
 *
 * To add one: its line in aggregates.def and its type in aggregate_TOPIC.c.
 */
#ifndef QUERY_AGGREGATE_H
#define QUERY_AGGREGATE_H

#include "query/expr.h"
#include "query/function.h"
#include "query/grouping.h"

struct aggregator;

struct aggregate_type {
	size_t state_size;
	bool is_number; /* the results are numbers, whatever the rows */

	/* Beside arguments and results; may be NULL. 0, or negative with the plan's error set. */
	int (*create)(struct aggregator *aggregator, struct plan *plan, const struct aggregate *aggregate);

	/* Takes the values of the arguments in one row. 0, or a negative errno with run->err. */
	int (*add)(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row);

	/* Writes the results into their slots. */
	void (*result)(const struct aggregator *aggregator, void *state, struct row *row);

	void (*forget)(void *state);		       /* frees what a state owns; may be NULL */
	void (*finish)(struct aggregator *aggregator); /* frees what the groups share; may be NULL */
};

struct aggregator {
	const struct aggregate_type *type;
	struct stage *stage;
	struct node **arguments;
	size_t argument_count;
	uint32_t *slots; /* of the results */
	size_t result_count;
	size_t offset;		 /* of its state in a group's */
	bool newest_first;	 /* rows are messages in no order of their own: the first is the newest */
	const double *percents;	 /* one a result */
	struct grouping members; /* of count_distinct and values, all groups together */
	uint64_t next_set;
};

/* `by` and the word are compiled; plan_read of the arguments happens here, names and slots come with aggregator_name. */
int aggregator_create(struct aggregator *aggregator, struct plan *plan, struct stage *stage,
		      const struct aggregate *aggregate);

/* Makes the fields of the results; after all reading. 0, or negative with the plan's error set. */
int aggregator_name(struct aggregator *aggregator, struct plan *plan, const struct aggregate *aggregate);

/* aggregate_numbers.c, aggregate_one.c, aggregate_sets.c, aggregate_percentile.c */
extern const struct aggregate_type aggregate_count, aggregate_sum, aggregate_avg, aggregate_stddev, aggregate_variance;
extern const struct aggregate_type aggregate_min, aggregate_max, aggregate_first, aggregate_last;
extern const struct aggregate_type aggregate_most_recent, aggregate_least_recent;
extern const struct aggregate_type aggregate_count_distinct, aggregate_values, aggregate_percentile, aggregate_median;

/* ---- what the types share ---- */

/* A value that outlives its row; cleared memory is one that was never set. */
struct held_value {
	struct value value;
	char *room;
	size_t capacity;
	bool set;
};

int held_value_set(struct held_value *held, const struct value *value, struct stage *stage);
void held_value_forget(struct held_value *held);

/* A compensated sum. */
struct exact_sum {
	double sum, rest;
};

static inline void exact_sum_add(struct exact_sum *sum, double number)
{
	double total = sum->sum + number;
	bool larger = (sum->sum < 0 ? -sum->sum : sum->sum) >= (number < 0 ? -number : number);

	sum->rest += larger ? (sum->sum - total) + number : (number - total) + sum->sum;
	sum->sum = total;
}

static inline double exact_sum_value(const struct exact_sum *sum)
{
	return sum->sum + sum->rest;
}

/*
 * The percentile of sorted numbers: linear between the two nearest ranks, the
 * rank being percent/100 × (count − 1) from 0 (type 7 of Hyndman and Fan, 1996).
 */
double percentile_of(const double *sorted, size_t count, double percent);

#endif
