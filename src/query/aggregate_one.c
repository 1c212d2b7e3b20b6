/*
 * Aggregates whose result is one of the values: min, max, first, last,
 * most_recent, least_recent. Nulls are passed over.
 */
#include <math.h>
#include <stdlib.h>

#include "query/aggregate.h"
#include "query/withtime.h"

static void give_held(const struct aggregator *aggregator, void *state, struct row *row)
{
	const struct held_value *held = state;

	row->values[aggregator->slots[0]] = held->set ? held->value : VALUE_OF_NULL;
}

static void forget_held(void *state)
{
	held_value_forget(state);
}

/* ---- min, max: of the numbers; of the texts by their bytes when there is no number ---- */

static int add_extreme(struct aggregator *aggregator, void *state, const struct value *values, int sign)
{
	struct held_value *held = state;
	struct value value = values[0];

	if (value_to_number(&value, &value.number))
		value.kind = VALUE_NUMBER;
	if (value.kind == VALUE_NULL || (held->set && held->value.kind != VALUE_TEXT && value.kind == VALUE_TEXT))
		return 0;
	bool first_number = held->set && held->value.kind == VALUE_TEXT && value.kind != VALUE_TEXT;
	if (held->set && !first_number && value_compare(&value, &held->value) * sign <= 0)
		return 0;
	return held_value_set(held, &value, aggregator->stage);
}

static int add_min(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	(void)row;
	return add_extreme(aggregator, state, values, -1);
}

static int add_max(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	(void)row;
	return add_extreme(aggregator, state, values, 1);
}

const struct aggregate_type aggregate_min = {
	.state_size = sizeof(struct held_value), .add = add_min, .result = give_held, .forget = forget_held
};
const struct aggregate_type aggregate_max = {
	.state_size = sizeof(struct held_value), .add = add_max, .result = give_held, .forget = forget_held
};

/* ---- first, last ---- */

/* The held value comes first: it is the state that give_held sees. */
struct dated {
	struct held_value held;
	double time;
};

/* Without a time a row is older than all that have one. */
static double time_of(const struct value *time)
{
	return time->kind == VALUE_NUMBER ? time->number : -INFINITY;
}

/* Of rows of the same time the later one is the newer. */
static int take_newest(struct aggregator *aggregator, struct dated *dated, const struct value *value, double time)
{
	if (value->kind == VALUE_NULL || (dated->held.set && time < dated->time))
		return 0;
	dated->time = time;
	return held_value_set(&dated->held, value, aggregator->stage);
}

static int take_oldest(struct aggregator *aggregator, struct dated *dated, const struct value *value, double time)
{
	if (value->kind == VALUE_NULL || (dated->held.set && time >= dated->time))
		return 0;
	dated->time = time;
	return held_value_set(&dated->held, value, aggregator->stage);
}

/* Rows that have an order of their own have no time: all are of the same. */
static int add_first(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	if (aggregator->newest_first)
		return take_newest(aggregator, state, values, time_of(&row->values[SLOT_MESSAGE_TIME]));
	return take_oldest(aggregator, state, values, 0);
}

static int add_last(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	if (aggregator->newest_first)
		return take_oldest(aggregator, state, values, time_of(&row->values[SLOT_MESSAGE_TIME]));
	return take_newest(aggregator, state, values, 0);
}

const struct aggregate_type aggregate_first = {
	.state_size = sizeof(struct dated), .add = add_first, .result = give_held, .forget = forget_held
};
const struct aggregate_type aggregate_last = {
	.state_size = sizeof(struct dated), .add = add_last, .result = give_held, .forget = forget_held
};

/* ---- most_recent, least_recent: by the time that withtime put beside the value, else by the row's ---- */

static int add_recent(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row,
		      bool newest)
{
	struct value value = values[0], time = row->values[SLOT_MESSAGE_TIME];
	char *room = NULL;

	if (value.kind == VALUE_TEXT && !withtime_read(values[0].text, &value, &time, &room))
		return stage_no_memory(aggregator->stage);
	int status = newest ? take_newest(aggregator, state, &value, time_of(&time))
			    : take_oldest(aggregator, state, &value, time_of(&time));
	free(room);
	return status;
}

static int add_most_recent(struct aggregator *aggregator, void *state, const struct value *values,
			   const struct row *row)
{
	return add_recent(aggregator, state, values, row, true);
}

static int add_least_recent(struct aggregator *aggregator, void *state, const struct value *values,
			    const struct row *row)
{
	return add_recent(aggregator, state, values, row, false);
}

const struct aggregate_type aggregate_most_recent = {
	.state_size = sizeof(struct dated), .add = add_most_recent, .result = give_held, .forget = forget_held
};
const struct aggregate_type aggregate_least_recent = {
	.state_size = sizeof(struct dated), .add = add_least_recent, .result = give_held, .forget = forget_held
};
