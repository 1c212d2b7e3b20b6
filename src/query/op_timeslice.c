/*
 * timeslice 5m [as t] [by f]: the start of the slice that the message's time
 * (or f) is in, in ms; __timeslice_end, which is shown nowhere, is its end.
 *
 * `N buckets` takes the narrowest width of a clock that makes at most N of the
 * search's range. Where --since and --until do not give one, the range is that
 * of the rows, so they are kept until the end. Without a width all of the
 * range is one slice.
 */
#include <math.h>

#include "query/expr.h"
#include "query/run_state.h"
#include "query/shelf.h"
#include "query/slicing.h"

#define BUCKETS_MAX 1000000

struct timeslice {
	struct slicing *slicing;
	struct node *time;
	uint32_t end_slot;
	double buckets; /* 0: a width was given */
	bool keeps;	/* the width is known at the end only */
	struct shelf shelf;
	size_t drained;
};

/* ---- compiling ---- */

static int compile_time(struct timeslice *state, struct plan *plan, const struct operator* operator)
{
	struct expr time = { .kind = EXPR_FIELD, .text = SPAN("_messageTime") };

	if (operator->key_count> 1)
		return plan_refuse(plan, &operator->place, "timeslice takes one field of times");
	state->time = expr_compile(plan, operator->key_count ? operator->keys[0].expr : &time);
	return state->time ? 0 : plan->err.number;
}

/* What the operator says of the width. */
static int compile_width(struct timeslice *state, struct plan *plan, const struct operator* operator)
{
	struct slicing *slicing = state->slicing;

	if (!operator->expr)
		state->buckets = 1;
	else if (!operator->option_count)
		return slicing_period(plan, operator->expr, &slicing->width);
	else if (plan_constant(plan, operator->expr, 1, BUCKETS_MAX, &state->buckets) < 0)
		return -EINVAL;
	state->keeps = isnan(slicing->start) || isnan(slicing->end);
	if (operator->expr && !state->keeps)
		slicing->width = slicing_width(slicing->start, slicing->end - 1, state->buckets);
	if (!operator->expr)
		state->buckets = 0;
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct timeslice *state = plan_alloc(plan, sizeof(*state));
	struct span name = SPAN("_timeslice");

	if (!state)
		return -ENOMEM;
	stage->state = state;
	state->slicing = slicing_create(plan);
	if (!state->slicing)
		return -ENOMEM;
	int status = compile_width(state, plan, operator);
	if (status == 0)
		status = compile_time(state, plan, operator);
	if (status < 0)
		return status;
	if (operator->name_count && operator->names[0].name.len)
		name = operator->names[0].name;
	shelf_init(&state->shelf, plan, stage, 1);
	state->slicing->slot = plan_write(plan, name);
	state->end_slot = plan_read(plan, SPAN("__timeslice_end"));
	plan->slicing = state->slicing;
	return 0;
}

/* ---- rows ---- */

static int hand_on(struct timeslice *state, struct stage *stage, struct row *row, double time)
{
	const struct slicing *slicing = state->slicing;

	if (isnan(time)) {
		row->values[slicing->slot] = row->values[state->end_slot] = VALUE_OF_NULL;
		return stage_hand_on(stage, row);
	}
	double start = slicing_start(slicing, time), end = start + slicing->width;
	if (slicing->width <= 0)
		end = isnan(slicing->end) ? slicing->last : slicing->end;
	row->values[slicing->slot] = value_number(start);
	row->values[state->end_slot] = value_number(end);
	return stage_hand_on(stage, row);
}

static int push(struct stage *stage, struct row *row)
{
	struct timeslice *state = stage->state;
	struct slicing *slicing = state->slicing;
	struct value value = node_value(state->time, row);
	double time;

	if (row->trouble)
		return stage_drop_bad(stage, row);
	if (!value_to_number(&value, &time))
		time = NAN;
	slicing->first = time < slicing->first ? time : slicing->first;
	slicing->last = time > slicing->last ? time : slicing->last;
	if (!state->keeps)
		return hand_on(state, stage, row, time);
	value = value_number(time);
	return shelf_add(&state->shelf, row, &value) ? FLOW_GO_ON : stage->run->err.number;
}

static int drain(struct stage *stage, struct row *row)
{
	struct timeslice *state = stage->state;
	struct slicing *slicing = state->slicing;
	const struct shelf *shelf = &state->shelf;

	if (state->drained == shelf->count)
		return FLOW_ENOUGH;
	if (state->drained == 0 && state->buckets > 0 && slicing->first <= slicing->last)
		slicing->width = slicing_width(slicing->first, slicing->last, state->buckets);
	size_t i = state->drained++;
	shelf_restore(shelf, i, row);
	return hand_on(state, stage, row, shelf->rows[i]->marks[0].number);
}

static void finish(struct stage *stage)
{
	struct timeslice *state = stage->state;

	shelf_finish(&state->shelf);
}

const struct operator_type timeslice_type = { .create = create, .push = push, .drain = drain, .finish = finish };
