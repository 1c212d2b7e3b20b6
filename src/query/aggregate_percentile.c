/*
 * pct, pct_sampling, median. All numbers are kept, so the results are exact
 * however many there are, and the same each time.
 */
#include <math.h>
#include <stdlib.h>

#include "query/aggregate.h"

struct sample {
	double *numbers;
	size_t count, capacity;
};

double percentile_of(const double *sorted, size_t count, double percent)
{
	double rank = percent / 100 * (double)(count - 1), below = floor(rank);
	size_t at = (size_t)below;

	if (at + 1 >= count)
		return sorted[count - 1];
	return sorted[at] + (rank - below) * (sorted[at + 1] - sorted[at]);
}

/* ---- compiling ---- */

static int create_percentile(struct aggregator *aggregator, struct plan *plan, const struct aggregate *aggregate)
{
	size_t count = aggregate->argument_count - 1;
	double *percents = plan_alloc(plan, (count ? count : 1) * sizeof(*percents));

	if (!percents)
		return -ENOMEM;
	percents[0] = 50;
	for (size_t i = 0; i < count; i++)
		if (plan_constant(plan, aggregate->arguments[i + 1], 0, 100, &percents[i]) < 0)
			return -EINVAL;
	aggregator->percents = percents;
	aggregator->result_count = count ? count : 1;
	aggregator->argument_count = 1;
	return 0;
}

static int create_median(struct aggregator *aggregator, struct plan *plan, const struct aggregate *aggregate)
{
	double *percent = plan_alloc(plan, sizeof(*percent));

	(void)aggregate;
	if (!percent)
		return -ENOMEM;
	*percent = 50;
	aggregator->percents = percent;
	return 0;
}

/* ---- rows ---- */

static int grow(struct sample *sample, struct stage *stage)
{
	size_t capacity = sample->capacity ? sample->capacity * 2 : 8;
	int status = stage_hold(stage, (capacity - sample->capacity) * sizeof(*sample->numbers));

	if (status < 0)
		return status;
	double *numbers = reallocarray(sample->numbers, capacity, sizeof(*numbers));
	if (!numbers)
		return stage_no_memory(stage);
	sample->numbers = numbers;
	sample->capacity = capacity;
	return 0;
}

static int add_sample(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	struct sample *sample = state;
	double number;

	(void)row;
	if (!value_to_number(&values[0], &number))
		return 0;
	if (sample->count == sample->capacity) {
		int status = grow(sample, aggregator->stage);
		if (status < 0)
			return status;
	}
	sample->numbers[sample->count++] = number;
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static void give_percentiles(const struct aggregator *aggregator, void *state, struct row *row)
{
	struct sample *sample = state;

	if (sample->count)
		qsort(sample->numbers, sample->count, sizeof(*sample->numbers), compare_numbers);
	for (size_t i = 0; i < aggregator->result_count; i++)
		row->values[aggregator->slots[i]] =
			sample->count
				? number_or_null(percentile_of(sample->numbers, sample->count, aggregator->percents[i]))
				: VALUE_OF_NULL;
}

static void forget(void *state)
{
	struct sample *sample = state;

	free(sample->numbers);
}

const struct aggregate_type aggregate_percentile = { .state_size = sizeof(struct sample),
						     .create = create_percentile,
						     .is_number = true,
						     .add = add_sample,
						     .result = give_percentiles,
						     .forget = forget };
const struct aggregate_type aggregate_median = { .state_size = sizeof(struct sample),
						 .create = create_median,
						 .is_number = true,
						 .add = add_sample,
						 .result = give_percentiles,
						 .forget = forget };
