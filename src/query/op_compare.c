/*
 * compare [with] timeshift 1d [7] [avg|min|max] [as x], …
 *
 * The search up to here is run once more for each time shift, on the messages
 * of the range that lies so much earlier, with the shift added to their times;
 * so time slices fall together. run.c hands each message to the runs whose
 * range it is in. At the end rows of equal keys are joined:
 *
 *	_timeslice, _count, _count_1d, _count_2d, …
 *
 * What one side lacks is null. The range has to be known (--since).
 */
#include <stdio.h>

#include "query/compare.h"
#include "query/expr.h"
#include "query/run_state.h"
#include "query/slicing.h"

/* ---- compiling: the shifts ---- */

static int compile_shift(struct comparison *comparison, struct plan *plan, const struct expr *expr, double *shift)
{
	const struct expr *time = expr->kind == EXPR_UNARY && expr->op == OP_NEGATE ? expr->children[0] : expr;
	int status = slicing_period(plan, time, shift);

	if (status < 0)
		return status;
	size_t digits = time->text.len;
	while (digits && (time->text.data[digits - 1] | 0x20) >= 'a')
		digits--;
	struct value number = value_text(span_first(time->text, digits));
	if (!value_to_number(&number, &comparison->number))
		comparison->number = 1;
	comparison->unit = span_skip(time->text, digits);
	return 0;
}

static int compile_summary(struct comparison *comparison, const struct expr *word)
{
	if (!word)
		return 0;
	comparison->summary = span_equal_nocase(word->text, SPAN("avg"))   ? SUMMARY_AVG
			      : span_equal_nocase(word->text, SPAN("min")) ? SUMMARY_MIN
									   : SUMMARY_MAX;
	return 0;
}

/* A search of its own, up to the operator. */
static struct query *query_before(struct plan *plan, const struct operator* end)
{
	struct query *query = plan_alloc(plan, sizeof(*query));
	struct operator** link;

	if (!query)
		return NULL;
	*query = *plan->query;
	link = &query->first;
	for (const struct operator* at = plan->query->first; at != end; at = at->next) {
		struct operator* copy = plan_alloc(plan, sizeof(*copy));
		if (!copy)
			return NULL;
		*copy = *at;
		*link = copy;
		link = &copy->next;
	}
	*link = NULL;
	return query;
}

static int add_run(struct compare *state, struct plan *plan, struct run *run, const struct query *query, double shift)
{
	struct run_options options = run->options;

	options.explain = false;
	options.limit = 0;
	struct run *past = run_create(query, &options, &plan->err);
	if (!past)
		return plan->err.number;
	past->root = run;
	run->past[run->past_count++] = (struct past_run){ .run = past, .shift_ms = (int64_t)shift };
	state->run_count++;
	return 0;
}

static int add_comparison(struct compare *state, struct plan *plan, struct run *run, const struct operator* operator,
			  const struct query * query)
{
	struct comparison *comparison = &state->comparisons[state->count];
	const struct named_expr *option = &operator->options[state->count * 3];
	double shift, times = 1;

	int status = compile_shift(comparison, plan, option[0].expr, &shift);
	if (status == 0 && option[1].expr)
		status = plan_constant(plan, option[1].expr, 1, RUNS_MAX, &times);
	if (status == 0)
		status = compile_summary(comparison, option[2].expr);
	if (status == 0 && state->run_count + (size_t)times > RUNS_MAX)
		status = plan_refuse(plan, &operator->place, "compare takes at most %d time shifts in all", RUNS_MAX);
	comparison->name = operator->names[state->count].name;
	comparison->named = comparison->name.len > 0;
	comparison->first = state->run_count;
	comparison->count = (size_t)times;
	for (size_t i = 0; i < comparison->count && status == 0; i++)
		status = add_run(state, plan, run, query, shift * (double)(i + 1));
	state->count++;
	return status;
}

static int add_comparisons(struct compare *state, struct plan *plan, struct stage *stage,
			   const struct operator* operator)
{
	const struct query *query = query_before(plan, operator);
	struct run *run = stage->run;

	state->comparisons = plan_alloc(plan, operator->name_count * sizeof(*state->comparisons));
	run->past = plan_alloc(plan, RUNS_MAX * sizeof(*run->past));
	if (!query || !state->comparisons || !run->past)
		return -ENOMEM;
	for (size_t i = 0; i < operator->name_count; i++) {
		int status = add_comparison(state, plan, run, operator, query);
		if (status < 0)
			return status;
	}
	return 0;
}

/* ---- compiling: the fields ---- */

static int find_fields(struct compare *state, struct plan *plan)
{
	for (size_t i = 0; i < plan->shown.count; i++) {
		uint32_t slot = plan->shown.items[i];
		struct slots *slots = slots_hold(&plan->keys, slot) ? &state->keys : &state->fields;
		if (!slots_add(slots, slot, plan->arena))
			return plan_no_memory(plan);
	}
	state->values = plan_alloc(plan, state->keys.count * sizeof(*state->values));
	return state->values ? 0 : -ENOMEM;
}

/* _count_yesterday, _count_2d, _count_1d_5_avg. */
static struct span result_name(struct plan *plan, const struct comparison *comparison, struct span field, size_t i)
{
	static const char *const words[] = { "", "avg", "min", "max" };
	char number[NUMBER_ROOM], count[NUMBER_ROOM] = "";
	bool several = comparison->count > 1 && comparison->summary == SUMMARY_NONE;
	double factor = several ? (double)(i + 1) : 1;
	size_t digits = number_to_text(comparison->number * factor, number);
	size_t room = field.len + comparison->name.len + comparison->unit.len + 2 * NUMBER_ROOM + 16;
	char *text = plan_alloc(plan, room);
	int len;

	if (!text)
		return (struct span){ 0 };
	number[digits] = '\0';
	if (comparison->named && several)
		snprintf(count, sizeof(count), "_%zu", i + 1);
	if (comparison->named)
		len = snprintf(text, room, "%.*s_%.*s%s", (int)field.len, field.data, (int)comparison->name.len,
			       comparison->name.data, count);
	else if (comparison->summary == SUMMARY_NONE)
		len = snprintf(text, room, "%.*s_%s%.*s", (int)field.len, field.data, number, (int)comparison->unit.len,
			       comparison->unit.data);
	else
		len = snprintf(text, room, "%.*s_%s%.*s_%zu_%s", (int)field.len, field.data, number,
			       (int)comparison->unit.len, comparison->unit.data, comparison->count,
			       words[comparison->summary]);
	return (struct span){ text, (size_t)len };
}

static int name_results(struct compare *state, struct plan *plan, struct comparison *comparison,
			const struct place_in_text *place)
{
	size_t results = results_of(comparison);

	comparison->slots = plan_alloc(plan, state->fields.count * results * sizeof(*comparison->slots));
	if (!comparison->slots)
		return -ENOMEM;
	for (size_t i = 0; i < state->fields.count * results; i++) {
		struct span field = plan->fields->items[state->fields.items[i / results]].name;
		struct span name = result_name(plan, comparison, field, i % results);
		if (!name.data)
			return -ENOMEM;
		uint32_t slot = schema_find(plan->schema, name);
		if (slot != SLOT_NONE && slots_hold(&plan->shown, slot))
			return plan_refuse(plan, place,
					   "there is already a field %.*s: give the comparison a name with `as`",
					   (int)(name.len < 60 ? name.len : 60), name.data);
		comparison->slots[i] = plan_write(plan, name);
		if (comparison->slots[i] == SLOT_NONE)
			return plan->err.number;
		if (slots_hold(&plan->numbers, state->fields.items[i / results]) &&
		    !slots_add(&plan->numbers, comparison->slots[i], plan->arena))
			return plan_no_memory(plan);
	}
	return 0;
}

static int check(struct plan *plan, const struct stage *stage, const struct operator* operator)
{
	if (plan->of_messages)
		return plan_refuse(plan, &operator->place,
				   "compare holds groups against each other: it follows an aggregate");
	if (plan->options->start_ms == TIME_UNKNOWN)
		return plan_refuse(
			plan, &operator->place,
			"compare holds the range of the search against an earlier one, and no range is given: "
			"say where it begins, as in --since 24h");
	if (stage->run->past)
		return plan_refuse(plan, &operator->place, "compare can stand in a search once");
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct compare *state = plan_alloc(plan, sizeof(*state));

	if (!state)
		return -ENOMEM;
	stage->state = state;
	int status = check(plan, stage, operator);
	if (status == 0)
		status = find_fields(state, plan);
	if (status == 0)
		status = add_comparisons(state, plan, stage, operator);
	if (status < 0)
		return status;
	arena_init(&state->texts, 0);
	shelf_init(&state->shelf, plan, stage, state->keys.count);
	for (size_t i = 0; i < state->count; i++) {
		status = name_results(state, plan, &state->comparisons[i], &operator->names[i].place);
		if (status < 0)
			return status;
	}
	size_t cells = state->run_count * state->fields.count;
	grouping_init(&state->grouping, stage, state->keys.count, sizeof(struct match) + cells * sizeof(struct value));
	state->in_groups = plan->order == ORDER_GROUPS;
	return 0;
}

static void finish(struct stage *stage)
{
	struct compare *state = stage->state;

	shelf_finish(&state->shelf);
	grouping_finish(&state->grouping);
	arena_finish(&state->texts);
}

const struct operator_type compare_type = {
	.create = create, .push = compare_push, .drain = compare_drain, .finish = finish
};
