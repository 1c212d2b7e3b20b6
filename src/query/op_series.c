/*
 * Values in the order of the rows, in each group of `by` by itself:
 *
 *   accum f        the sum up to here			rows in which f is no number are left out
 *   diff f         f less the f of the row before	left out; null in the first row
 *   backshift f,n  the f of n rows before		null in the first n rows
 *   smooth f,n     the average of the last n rows	n is 10 unless given, as is rollingstd's
 *   rollingstd f,n their deviation (of a sample; 0 for one)
 *   rateof f       the change of f per second since the row before, by _timeslice or else _messageTime
 *
 * They stream: a group's state is its last values, at most 1,000.
 */
#include <math.h>
#include <stdlib.h>

#include "query/aggregate.h"
#include "query/run_state.h"
#include "query/series.h"
#include "query/slicing.h"

#define WINDOW_MAX 1000 /* as Sumo Logic documents it */

struct window {
	double *items; /* a ring; `next` is the oldest once it is full */
	size_t count, next, capacity;
};

/* Of each group. */
struct past {
	struct exact_sum sum;
	struct window window;
	double last, last_time;
	bool has_last;
};

struct series;

/* The result for the row's number, given the past without it; takes the number into the past. */
typedef struct value series_fn(const struct series *series, struct past *past, double number, double time);

struct series {
	series_fn *run;
	struct node *node;
	uint32_t slot, time_slot;
	size_t length; /* of the window */
	bool leaves_out;
	struct node **keys;
	struct value *values;
	size_t key_count;
	struct grouping grouping;
};

/* ---- windows ---- */

static void window_put(struct window *window, double number)
{
	window->items[window->next] = number;
	window->next = (window->next + 1) % window->capacity;
	window->count += window->count < window->capacity;
}

static int window_create(struct window *window, size_t length, struct stage *stage)
{
	int status = stage_hold(stage, length * sizeof(*window->items));

	if (status < 0)
		return status;
	window->items = calloc(length, sizeof(*window->items));
	window->capacity = length;
	return window->items ? 0 : stage_no_memory(stage);
}

static double window_mean(const struct window *window)
{
	struct exact_sum sum = { 0 };

	for (size_t i = 0; i < window->count; i++)
		exact_sum_add(&sum, window->items[i]);
	return exact_sum_value(&sum) / (double)window->count;
}

static double window_deviation(const struct window *window)
{
	double mean = window_mean(window);
	struct exact_sum squares = { 0 };

	if (window->count < 2)
		return 0;
	for (size_t i = 0; i < window->count; i++)
		exact_sum_add(&squares, (window->items[i] - mean) * (window->items[i] - mean));
	return sqrt(exact_sum_value(&squares) / (double)(window->count - 1));
}

/* ---- the operators ---- */

static struct value run_accum(const struct series *series, struct past *past, double number, double time)
{
	(void)series;
	(void)time;
	exact_sum_add(&past->sum, number);
	return number_or_null(exact_sum_value(&past->sum));
}

static struct value run_diff(const struct series *series, struct past *past, double number, double time)
{
	struct value result = past->has_last ? number_or_null(number - past->last) : VALUE_OF_NULL;

	(void)series;
	(void)time;
	past->last = number;
	past->has_last = true;
	return result;
}

static struct value run_rateof(const struct series *series, struct past *past, double number, double time)
{
	double seconds = (time - past->last_time) / 1000;
	struct value result = run_diff(series, past, number, time);

	past->last_time = time;
	return result.kind == VALUE_NULL ? result : number_or_null(result.number / seconds);
}

static struct value run_backshift(const struct series *series, struct past *past, double number, double time)
{
	struct window *window = &past->window;
	struct value result = VALUE_OF_NULL;

	(void)series;
	(void)time;
	if (window->count == window->capacity)
		result = number_or_null(window->items[window->next]);
	window_put(window, number);
	return result;
}

static struct value run_smooth(const struct series *series, struct past *past, double number, double time)
{
	(void)series;
	(void)time;
	window_put(&past->window, number);
	return number_or_null(window_mean(&past->window));
}

static struct value run_rollingstd(const struct series *series, struct past *past, double number, double time)
{
	(void)series;
	(void)time;
	window_put(&past->window, number);
	return number_or_null(window_deviation(&past->window));
}

static const struct {
	enum operator_kind kind;
	struct span field;
	series_fn *run;
	size_t length;
	bool leaves_out;
} kinds[] = {
	{ OPERATOR_ACCUM, SPAN("_accum"), run_accum, 0, true },
	{ OPERATOR_DIFF, SPAN("_diff"), run_diff, 0, true },
	{ OPERATOR_BACKSHIFT, SPAN("_backshift"), run_backshift, 1, false },
	{ OPERATOR_SMOOTH, SPAN("_smooth"), run_smooth, 10, false },
	{ OPERATOR_ROLLINGSTD, SPAN("_rollingstd"), run_rollingstd, 10, false },
	{ OPERATOR_RATEOF, SPAN("_rateof"), run_rateof, 0, false },
};

/* ---- compiling ---- */

struct span series_name(const struct operator* operator, struct span otherwise)
{
	if (operator->names[0].name.len)
		return operator->names[0].name;
	if (operator->key_count && operator->keys[operator->key_count - 1].name.len)
		return operator->keys[operator->key_count - 1].name;
	return otherwise;
}

static int compile_keys(struct series *series, struct plan *plan, const struct operator* operator)
{
	series->key_count = operator->key_count;
	series->keys = plan_alloc(plan, series->key_count * sizeof(struct node *));
	series->values = plan_alloc(plan, series->key_count * sizeof(*series->values));
	if (!series->keys || !series->values)
		return -ENOMEM;
	for (size_t i = 0; i < series->key_count; i++) {
		series->keys[i] = expr_compile(plan, operator->keys[i].expr);
		if (!series->keys[i])
			return plan->err.number;
	}
	return 0;
}

/* What is written is a field's name; where it is missing, the operator has one. Returns the default. */
static struct span choose_kind(struct series *series, enum operator_kind kind)
{
	size_t i = 0;

	while (kinds[i].kind != kind)
		i++;
	series->run = kinds[i].run;
	series->length = kinds[i].length;
	series->leaves_out = kinds[i].leaves_out;
	return kinds[i].field;
}

static int compile_length(struct series *series, struct plan *plan, const struct operator* operator)
{
	double length;

	if (!operator->expr)
		return 0;
	if (!series->length)
		return plan_refuse(plan, &operator->expr->place, "%.*s takes no number of rows",
				   (int)operator->name.len, operator->name.data);
	if (plan_constant(plan, operator->expr, 1, WINDOW_MAX, &length) < 0)
		return -EINVAL;
	series->length = (size_t)length;
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct series *series = plan_alloc(plan, sizeof(*series));
	const struct named_expr *target = &operator->names[0];

	if (!series)
		return -ENOMEM;
	stage->state = series;
	struct span name = choose_kind(series, operator->kind);
	int status = compile_length(series, plan, operator);
	if (status == 0)
		status = compile_keys(series, plan, operator);
	if (status < 0)
		return status;
	series->node = expr_compile(plan, target->expr);
	if (!series->node)
		return plan->err.number;
	series->time_slot = plan->slicing ? plan->slicing->slot : SLOT_MESSAGE_TIME;
	series->slot = plan_write(plan, series_name(operator, name));
	grouping_init(&series->grouping, stage, series->key_count, sizeof(struct past));
	return 0;
}

/* ---- rows ---- */

static struct past *find_past(struct series *series, struct stage *stage, struct row *row)
{
	bool created;

	for (size_t i = 0; i < series->key_count; i++)
		series->values[i] = node_value(series->keys[i], row);
	struct group *group = grouping_find(&series->grouping, series->values, &created);
	if (!group)
		return NULL;
	struct past *past = grouping_state(&series->grouping, group);
	if (created && series->length && window_create(&past->window, series->length, stage) < 0)
		return NULL;
	return past;
}

static int push(struct stage *stage, struct row *row)
{
	struct series *series = stage->state;
	struct value value = node_value(series->node, row), time = row->values[series->time_slot];
	double number;
	bool is_number = value_to_number(&value, &number);

	if (!is_number && series->leaves_out)
		return stage_drop(stage, row, "the field is no number");
	struct past *past = find_past(series, stage, row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	if (!past)
		return stage->run->err.number;
	value = VALUE_OF_NULL;
	if (is_number)
		value = series->run(series, past, number, time.kind == VALUE_NUMBER ? time.number : NAN);
	row->values[series->slot] = value;
	return stage_hand_on(stage, row);
}

static void free_window(void *state, void *context)
{
	struct past *past = state;

	(void)context;
	free(past->window.items);
}

static void finish(struct stage *stage)
{
	struct series *series = stage->state;

	grouping_each(&series->grouping, free_window, NULL);
	grouping_finish(&series->grouping);
}

#define SERIES(word) const struct operator_type word##_type = { .create = create, .push = push, .finish = finish };

SERIES(accum)
SERIES(diff)
SERIES(backshift)
SERIES(smooth)
SERIES(rollingstd)
SERIES(rateof)
