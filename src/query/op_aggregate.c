/*
 * count, sum(x) as y, pct(z, 95) by a, b: one row a group.
 *
 * A key is a field or an expression; timeslice(1h) as one is the slice of the
 * message's time. count_frequent groups by its arguments instead, and its rows
 * come by their count, the greatest first.
 */
#include <stdlib.h>

#include "query/aggregate.h"
#include "query/run_state.h"
#include "query/slicing.h"

#define FREQUENT_MAX 10000 /* rows of count_frequent, as Sumo Logic documents it */

struct aggregation {
	struct grouping groups;
	struct aggregator *aggregators;
	size_t aggregator_count;
	struct node **keys;
	uint32_t *slots; /* one a key */
	size_t key_count;
	struct value *values; /* of the keys, then of all arguments, in the row that is being added */
	size_t value_count;
	bool frequent;
	bool draining;
	size_t drained, row_count;
};

/* ---- keys ---- */

static void run_slice(const struct node *node, struct row *row, struct value *result)
{
	const struct value *time = &row->values[node->slot];
	double number;

	*result = VALUE_OF_NULL;
	if (value_to_number(time, &number))
		*result = value_number(slicing_start(node->prepared, number));
}

static bool is_timeslice(const struct expr *expr)
{
	return expr->kind == EXPR_CALL && span_equal_nocase(expr->text, SPAN("timeslice"));
}

static struct node *compile_slice(struct plan *plan, const struct expr *call)
{
	struct node *node = plan_alloc(plan, sizeof(*node));
	struct slicing *slicing = slicing_create(plan);

	if (!node || !slicing)
		return NULL;
	if (call->child_count != 1) {
		plan_refuse(plan, &call->place, "timeslice takes one time, such as timeslice(1h)");
		return NULL;
	}
	if (slicing_period(plan, call->children[0], &slicing->width) < 0)
		return NULL;
	*node = (struct node){ .run = run_slice, .slot = plan_read(plan, SPAN("_messageTime")), .prepared = slicing };
	plan->slicing = slicing;
	return node;
}

static struct span key_name(struct plan *plan, const struct order_key *key)
{
	const struct expr *expr = key->expr;

	if (key->name.len)
		return key->name;
	if (expr->kind == EXPR_FIELD)
		return expr->text;
	if (expr->kind != EXPR_CALL)
		return SPAN("_key");
	char *name = plan_alloc(plan, expr->text.len + 1);
	if (!name)
		return (struct span){ 0 };
	name[0] = '_';
	memcpy(name + 1, expr->text.data, expr->text.len);
	return (struct span){ name, expr->text.len + 1 };
}

/* ---- compiling ---- */

/* What stands behind `by`, or behind count_frequent. */
static size_t count_keys(const struct operator* operator, bool frequent)
{
	return frequent ? operator->aggregates[0].argument_count : operator->key_count;
}

static struct order_key key_at(const struct operator* operator, bool frequent, size_t i)
{
	struct order_key field = { 0 };

	if (!frequent)
		return operator->keys[i];
	field.expr = operator->aggregates[0].arguments[i];
	return field;
}

static int compile_keys(struct aggregation *state, struct plan *plan, const struct operator* operator)
{
	state->key_count = count_keys(operator, state->frequent);
	state->keys = plan_alloc(plan, state->key_count * sizeof(struct node *));
	state->slots = plan_alloc(plan, state->key_count * sizeof(*state->slots));
	if (!state->keys || !state->slots)
		return -ENOMEM;
	for (size_t i = 0; i < state->key_count; i++) {
		struct order_key key = key_at(operator, state->frequent, i);
		state->keys[i] = is_timeslice(key.expr) ? compile_slice(plan, key.expr) : expr_compile(plan, key.expr);
		if (!state->keys[i])
			return plan->err.number;
	}
	return 0;
}

static int compile_aggregators(struct aggregation *state, struct plan *plan, struct stage *stage,
			       const struct operator* operator)
{
	size_t size = 0;

	state->aggregators = plan_alloc(plan, operator->aggregate_count * sizeof(*state->aggregators));
	if (!state->aggregators)
		return -ENOMEM;
	for (size_t i = 0; i < operator->aggregate_count; i++) {
		struct aggregate aggregate = operator->aggregates[i];
		struct aggregator *aggregator = &state->aggregators[i];
		if (state->frequent)
			aggregate.argument_count = 0;
		int status = aggregator_create(aggregator, plan, stage, &aggregate);
		if (status < 0)
			return status;
		state->aggregator_count++;
		aggregator->offset = size;
		size += (aggregator->type->state_size + 7) & ~(size_t)7;
		state->value_count += aggregator->argument_count;
	}
	grouping_init(&state->groups, stage, state->key_count, size);
	return 0;
}

/* A result may take the place of a key: published searches have most_recent(x) as id by id. */
static int add_result(struct plan *plan, struct slots *shown, const struct slots *keys,
		      const struct aggregate *aggregate, uint32_t slot, bool is_number)
{
	struct span name = plan->fields->items[slot].name;

	if (is_number && !slots_add(&plan->numbers, slot, plan->arena))
		return plan_no_memory(plan);
	if (!slots_hold(shown, slot))
		return slots_add(shown, slot, plan->arena) ? 0 : plan_no_memory(plan);
	if (slots_hold(keys, slot))
		return 0;
	return plan_refuse(plan, &aggregate->place,
			   "there is already a field %.*s behind this operator: give this another name with `as`",
			   (int)(name.len < 60 ? name.len : 60), name.data);
}

/* Only keys and results are known from here on. */
static int name_results(struct aggregation *state, struct plan *plan, const struct operator* operator)
{
	struct slots shown = { 0 }, keys = { 0 };

	for (size_t i = 0; i < state->key_count; i++) {
		struct order_key key = key_at(operator, state->frequent, i);
		struct span name = key_name(plan, &key);
		state->slots[i] = name.data ? plan_write(plan, name) : SLOT_NONE;
		if (state->slots[i] == SLOT_NONE)
			return plan->err.number;
		if (!slots_hold(&shown, state->slots[i]) && !slots_add(&shown, state->slots[i], plan->arena))
			return plan_no_memory(plan);
	}
	for (size_t i = 0; i < shown.count; i++)
		slots_add(&keys, shown.items[i], plan->arena);
	for (size_t i = 0; i < state->aggregator_count; i++) {
		struct aggregator *aggregator = &state->aggregators[i];
		int status = aggregator_name(aggregator, plan, &operator->aggregates[i]);
		for (size_t j = 0; j < aggregator->result_count && status == 0; j++)
			status = add_result(plan, &shown, &keys, &operator->aggregates[i], aggregator->slots[j],
					    aggregator->type->is_number);
		if (status < 0)
			return status;
	}
	plan_narrow(plan, &shown, true);
	plan->keys = keys;
	plan->transposed = false;
	plan->order = state->frequent ? ORDER_GIVEN : ORDER_GROUPS;
	return 0;
}

static int check_frequent(struct plan *plan, const struct operator* operator)
{
	for (size_t i = 0; i < operator->aggregate_count; i++) {
		const struct aggregate *aggregate = &operator->aggregates[i];
		if (!span_equal_nocase(aggregate->function, SPAN("count_frequent")))
			continue;
		if (operator->aggregate_count> 1 || operator->key_count || !aggregate->argument_count)
			return plan_refuse(plan, &aggregate->place,
					   "count_frequent stands alone, with the fields it counts by behind it");
		return 1;
	}
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct aggregation *state = plan_alloc(plan, sizeof(*state));
	int status;

	if (!state)
		return -ENOMEM;
	stage->state = state;
	status = check_frequent(plan, operator);
	state->frequent = status == 1;
	if (status >= 0)
		status = compile_keys(state, plan, operator);
	if (status == 0)
		status = compile_aggregators(state, plan, stage, operator);
	if (status == 0)
		status = name_results(state, plan, operator);
	if (status < 0)
		return status;
	state->value_count += state->key_count;
	state->values = plan_alloc(plan, state->value_count * sizeof(*state->values));
	return state->values ? 0 : -ENOMEM;
}

/* ---- rows in ---- */

static void evaluate(struct aggregation *state, struct row *row)
{
	struct value *value = state->values;

	for (size_t i = 0; i < state->key_count; i++)
		state->keys[i]->run(state->keys[i], row, value++);
	for (size_t i = 0; i < state->aggregator_count; i++) {
		const struct aggregator *aggregator = &state->aggregators[i];
		for (size_t j = 0; j < aggregator->argument_count; j++)
			aggregator->arguments[j]->run(aggregator->arguments[j], row, value++);
	}
}

static int push(struct stage *stage, struct row *row)
{
	struct aggregation *state = stage->state;
	const struct value *values = state->values + state->key_count;
	bool created;

	evaluate(state, row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	struct group *group = grouping_find(&state->groups, state->values, &created);
	if (!group)
		return stage->run->err.number;
	char *states = grouping_state(&state->groups, group);
	for (size_t i = 0; i < state->aggregator_count; i++) {
		struct aggregator *aggregator = &state->aggregators[i];
		int status = aggregator->type->add(aggregator, states + aggregator->offset, values, row);
		if (status < 0)
			return status;
		values += aggregator->argument_count;
	}
	return FLOW_GO_ON;
}

/* ---- rows out ---- */

static int compare_counts(const void *a, const void *b, void *context)
{
	const struct grouping *groups = context;
	const struct bucket *left = a, *right = b;
	uint64_t of_left = *(uint64_t *)grouping_state(groups, left->group);
	uint64_t of_right = *(uint64_t *)grouping_state(groups, right->group);

	return of_left == of_right ? grouping_compare(a, b, context) : of_left < of_right ? 1 : -1;
}

static void start_draining(struct aggregation *state)
{
	struct grouping *groups = &state->groups;

	state->draining = true;
	state->row_count = groups->count;
	grouping_sort(groups, state->frequent ? compare_counts : grouping_compare, groups);
	if (state->frequent && state->row_count > FREQUENT_MAX)
		state->row_count = FREQUENT_MAX;
}

static int drain(struct stage *stage, struct row *row)
{
	struct aggregation *state = stage->state;

	if (!state->draining)
		start_draining(state);
	if (state->drained == state->row_count)
		return FLOW_ENOUGH;
	struct group *group = grouping_at(&state->groups, state->drained++);
	char *states = grouping_state(&state->groups, group);
	for (size_t i = 0; i < state->key_count; i++)
		row->values[state->slots[i]] = group->keys[i];
	for (size_t i = 0; i < state->aggregator_count; i++) {
		const struct aggregator *aggregator = &state->aggregators[i];
		aggregator->type->result(aggregator, states + aggregator->offset, row);
	}
	return row->trouble ? stage_drop_bad(stage, row) : stage_hand_on(stage, row);
}

/* ---- the end ---- */

static void forget_states(void *states, void *context)
{
	const struct aggregation *state = context;

	for (size_t i = 0; i < state->aggregator_count; i++)
		if (state->aggregators[i].type->forget)
			state->aggregators[i].type->forget((char *)states + state->aggregators[i].offset);
}

static void finish(struct stage *stage)
{
	struct aggregation *state = stage->state;

	if (!state)
		return;
	grouping_each(&state->groups, forget_states, state);
	for (size_t i = 0; i < state->aggregator_count; i++)
		if (state->aggregators[i].type->finish)
			state->aggregators[i].type->finish(&state->aggregators[i]);
	grouping_finish(&state->groups);
}

const struct operator_type aggregate_type = { .create = create, .push = push, .drain = drain, .finish = finish };
