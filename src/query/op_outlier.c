/*
 * outlier f [by a] [window=10, threshold=3, consecutive=1, direction=+-]
 *
 * In the order of _timeslice, in each group by itself, f is held against the
 * mean and the deviation (of a sample) of the `window` rows before it:
 *
 *	f_error = f - mean	f_lower, f_upper = mean -, + threshold * deviation	f_std = deviation
 *	f_indicator is 1 outside of the bounds, on the side that direction names
 *	f_violation is 1 in the last of `consecutive` indicators
 *
 * With fewer than two rows before it there are no bounds. The last slice may be
 * cut off by the end of the range, so nothing is said of it: both are 0.
 */
#include <math.h>
#include <stdlib.h>

#include "query/aggregate.h"
#include "query/run_state.h"
#include "query/shelf.h"
#include "query/slicing.h"

#define WINDOW_MAX 1000

enum result { RESULT_ERROR, RESULT_LOWER, RESULT_UPPER, RESULT_STD, RESULT_INDICATOR, RESULT_VIOLATION, RESULT_COUNT };

struct finding {
	double number, mean, deviation; /* NAN: none */
	bool indicator, violation;
};

struct outlier {
	struct node *node, *time;
	struct node **keys;
	struct value *marks; /* the time, f, then the keys */
	size_t key_count;
	double window, threshold, consecutive;
	bool above, below; /* directions that count */
	uint32_t slots[RESULT_COUNT];
	struct shelf shelf;
	struct finding *findings; /* by arrival */
	double last_time;
	size_t drained;
};

/* ---- compiling ---- */

static int compile_option(struct outlier *state, struct plan *plan, const struct named_expr *option)
{
	if (span_equal(option->name, SPAN("window")))
		return plan_constant(plan, option->expr, 2, WINDOW_MAX, &state->window);
	if (span_equal(option->name, SPAN("threshold")))
		return plan_constant(plan, option->expr, 0, 1e6, &state->threshold);
	if (span_equal(option->name, SPAN("consecutive")))
		return plan_constant(plan, option->expr, 1, WINDOW_MAX, &state->consecutive);
	struct span signs = option->expr->text;
	state->above = span_index(signs, '+') < signs.len;
	state->below = span_index(signs, '-') < signs.len;
	if (state->above || state->below)
		return 0;
	return plan_refuse(plan, &option->expr->place, "this has to be +, - or +-");
}

static int compile_fields(struct outlier *state, struct plan *plan, const struct operator* operator)
{
	struct expr time = { .kind = EXPR_FIELD, .text = SPAN("_timeslice") };

	if (schema_find(plan->schema, time.text) == SLOT_NONE)
		return plan_refuse(plan, &operator->place,
				   "outlier follows rows in time: it needs timeslice, and _timeslice among the keys");
	state->time = expr_compile(plan, &time);
	state->node = expr_compile(plan, operator->names[0].expr);
	state->key_count = operator->key_count;
	state->keys = plan_alloc(plan, state->key_count * sizeof(struct node *));
	state->marks = plan_alloc(plan, (state->key_count + 2) * sizeof(*state->marks));
	if (!state->time || !state->node || !state->keys || !state->marks)
		return plan->err.number;
	for (size_t i = 0; i < state->key_count; i++) {
		state->keys[i] = expr_compile(plan, operator->keys[i].expr);
		if (!state->keys[i])
			return plan->err.number;
	}
	return 0;
}

static int name_results(struct outlier *state, struct plan *plan, struct span field)
{
	static const struct span endings[RESULT_COUNT] = {
		[RESULT_ERROR] = SPAN("_error"),	 [RESULT_LOWER] = SPAN("_lower"),
		[RESULT_UPPER] = SPAN("_upper"),	 [RESULT_STD] = SPAN("_std"),
		[RESULT_INDICATOR] = SPAN("_indicator"), [RESULT_VIOLATION] = SPAN("_violation"),
	};

	for (size_t i = 0; i < RESULT_COUNT; i++) {
		char *name = plan_alloc(plan, field.len + endings[i].len);
		if (!name)
			return -ENOMEM;
		memcpy(name, field.data, field.len);
		memcpy(name + field.len, endings[i].data, endings[i].len);
		state->slots[i] = plan_write(plan, (struct span){ name, field.len + endings[i].len });
		if (state->slots[i] == SLOT_NONE)
			return plan->err.number;
	}
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct outlier *state = plan_alloc(plan, sizeof(*state));
	struct span field;

	if (!state || plan_field_name(plan, operator->names[0].expr, &field) < 0)
		return plan->err.number;
	stage->state = state;
	state->window = 10;
	state->threshold = 3;
	state->consecutive = 1;
	state->above = state->below = true;
	state->last_time = -INFINITY;
	int status = compile_fields(state, plan, operator);
	for (size_t i = 0; i < operator->option_count && status == 0; i++)
		status = compile_option(state, plan, &operator->options[i]);
	if (status < 0)
		return status;
	shelf_init(&state->shelf, plan, stage, state->key_count + 2);
	return name_results(state, plan, field);
}

/* ---- rows in ---- */

static int push(struct stage *stage, struct row *row)
{
	struct outlier *state = stage->state;

	state->marks[0] = node_value(state->time, row);
	state->marks[1] = node_value(state->node, row);
	for (size_t i = 0; i < state->key_count; i++)
		state->marks[i + 2] = node_value(state->keys[i], row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	if (state->marks[0].kind == VALUE_NUMBER)
		state->last_time = fmax(state->last_time, state->marks[0].number);
	return shelf_add(&state->shelf, row, state->marks) ? FLOW_GO_ON : stage->run->err.number;
}

/* ---- the series ---- */

static int compare_keys(const struct outlier *state, const struct shelved *a, const struct shelved *b)
{
	int order = 0;

	for (size_t i = 0; i < state->key_count && order == 0; i++)
		order = value_compare(&a->marks[i + 2], &b->marks[i + 2]);
	return order;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct shelved *left = *(struct shelved *const *)a, *right = *(struct shelved *const *)b;
	int order = compare_keys(context, left, right);

	if (order == 0)
		order = value_compare(&left->marks[0], &right->marks[0]);
	return order ? order : left->arrival < right->arrival ? -1 : 1;
}

static int compare_arrivals(const void *a, const void *b)
{
	const struct shelved *left = *(struct shelved *const *)a, *right = *(struct shelved *const *)b;

	return left->arrival < right->arrival ? -1 : 1;
}

/* The mean and the deviation of the numbers before row `at`, back to `from` at most. */
static void measure(const struct outlier *state, size_t from, size_t at, struct finding *finding)
{
	struct shelved **rows = state->shelf.rows;
	struct exact_sum sum = { 0 }, squares = { 0 };
	double count = 0;
	size_t i = at;

	for (; i > from && count < state->window; i--) {
		double number = state->findings[rows[i - 1]->arrival].number;
		if (isnan(number))
			continue;
		exact_sum_add(&sum, number);
		count++;
	}
	if (count < 2)
		return;
	finding->mean = exact_sum_value(&sum) / count;
	for (; i < at; i++) {
		double from_mean = state->findings[rows[i]->arrival].number - finding->mean;
		if (!isnan(from_mean))
			exact_sum_add(&squares, from_mean * from_mean);
	}
	finding->deviation = sqrt(exact_sum_value(&squares) / (count - 1));
}

static bool is_outside(const struct outlier *state, const struct finding *finding)
{
	double room = state->threshold * finding->deviation;

	return (state->above && finding->number > finding->mean + room) ||
	       (state->below && finding->number < finding->mean - room);
}

/* The rows are in the order of the keys, then the time. */
static void judge_rows(struct outlier *state)
{
	struct shelved **rows = state->shelf.rows;
	double in_a_row = 0;
	size_t from = 0;

	for (size_t i = 0; i < state->shelf.count; i++) {
		struct finding *finding = &state->findings[rows[i]->arrival];
		const struct value *time = &rows[i]->marks[0];
		if (i && compare_keys(state, rows[i - 1], rows[i]) != 0) {
			from = i;
			in_a_row = 0;
		}
		*finding = (struct finding){ .number = NAN, .mean = NAN, .deviation = NAN };
		if (!value_to_number(&rows[i]->marks[1], &finding->number))
			continue;
		measure(state, from, i, finding);
		bool is_last = time->kind == VALUE_NUMBER && time->number == state->last_time;
		finding->indicator = !is_last && is_outside(state, finding);
		in_a_row = finding->indicator ? in_a_row + 1 : 0;
		finding->violation = in_a_row >= state->consecutive;
	}
}

static int judge_all(struct outlier *state, struct stage *stage)
{
	struct shelf *shelf = &state->shelf;
	int status = stage_hold(stage, shelf->count * sizeof(*state->findings));

	if (status < 0)
		return status;
	state->findings = calloc(shelf->count, sizeof(*state->findings));
	if (!state->findings)
		return stage_no_memory(stage);
	qsort_r(shelf->rows, shelf->count, sizeof(struct shelved *), compare, state);
	judge_rows(state);
	qsort(shelf->rows, shelf->count, sizeof(struct shelved *), compare_arrivals);
	return 0;
}

/* ---- rows out ---- */

static void set_results(const struct outlier *state, struct row *row, const struct finding *finding)
{
	struct value *values = row->values;
	double room = state->threshold * finding->deviation;

	values[state->slots[RESULT_ERROR]] = number_or_null(finding->number - finding->mean);
	values[state->slots[RESULT_LOWER]] = number_or_null(finding->mean - room);
	values[state->slots[RESULT_UPPER]] = number_or_null(finding->mean + room);
	values[state->slots[RESULT_STD]] = number_or_null(finding->deviation);
	values[state->slots[RESULT_INDICATOR]] = value_number(finding->indicator);
	values[state->slots[RESULT_VIOLATION]] = value_number(finding->violation);
}

static int drain(struct stage *stage, struct row *row)
{
	struct outlier *state = stage->state;

	if (state->drained == state->shelf.count)
		return FLOW_ENOUGH;
	if (!state->findings) {
		int status = judge_all(state, stage);
		if (status < 0)
			return status;
	}
	shelf_restore(&state->shelf, state->drained, row);
	set_results(state, row, &state->findings[state->drained++]);
	return stage_hand_on(stage, row);
}

static void finish(struct stage *stage)
{
	struct outlier *state = stage->state;

	shelf_finish(&state->shelf);
	free(state->findings);
}

const struct operator_type outlier_type = { .create = create, .push = push, .drain = drain, .finish = finish };
