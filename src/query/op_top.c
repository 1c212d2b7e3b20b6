/*
 * top n a, b [by x, y asc]: the n rows that come first by x, one for each a
 * and b; a, b, x and y go on. Without `by`, and by count, rows are counted by
 * a and b, and the count goes on as _count.
 *
 * Both are a ranking with one row a group; when counting, the groups' sizes
 * are what the rows are ordered by.
 */
#include <stdlib.h>

#include "query/ranking.h"
#include "query/run_state.h"

#define TOP_MAX 10000

struct top {
	struct node **nodes; /* of a, b */
	uint32_t *slots;
	size_t key_count;
	struct value *keys;
	size_t most;
	bool counts, ascending, lined_up;
	uint32_t count_slot;
	struct grouping grouping; /* counting: state is the number of rows */
	struct ranking ranking;
	size_t drained;
};

/* ---- compiling ---- */

/* `by count`, where no field has that name. */
static bool is_count(const struct plan *plan, const struct expr *expr)
{
	bool is_word = span_equal_nocase(expr->text, SPAN("count"));

	if (expr->kind == EXPR_CALL)
		return is_word && expr->child_count == 0;
	return expr->kind == EXPR_FIELD && is_word && !expr->quoted_name &&
	       schema_find(plan->schema, expr->text) == SLOT_NONE;
}

static int compile_fields(struct top *top, struct plan *plan, const struct operator* operator, struct slots * shown)
{
	top->key_count = operator->name_count;
	top->nodes = plan_alloc(plan, top->key_count * sizeof(struct node *));
	top->slots = plan_alloc(plan, top->key_count * sizeof(*top->slots));
	top->keys = plan_alloc(plan, top->key_count * sizeof(*top->keys));
	if (!top->nodes || !top->slots || !top->keys)
		return -ENOMEM;
	for (size_t i = 0; i < top->key_count; i++) {
		struct expr field = { .kind = EXPR_FIELD, .text = operator->names[i].name };
		top->nodes[i] = expr_compile(plan, &field);
		if (!top->nodes[i])
			return plan->err.number;
		top->slots[i] = top->nodes[i]->slot;
		if (!slots_hold(shown, top->slots[i]) && !slots_add(shown, top->slots[i], plan->arena))
			return plan_no_memory(plan);
	}
	return 0;
}

static int prepare_count(struct top *top, struct plan *plan, struct stage *stage, struct slots *shown)
{
	top->counts = true;
	top->count_slot = plan_write(plan, SPAN("_count"));
	if (top->count_slot == SLOT_NONE)
		return plan->err.number;
	if (!slots_hold(shown, top->count_slot) && !slots_add(shown, top->count_slot, plan->arena))
		return plan_no_memory(plan);
	plan_narrow(plan, shown, true);
	grouping_init(&top->grouping, stage, top->key_count, sizeof(uint64_t));
	return 0;
}

/* Only what goes on is kept. */
static int prepare_ranking(struct top *top, struct plan *plan, struct stage *stage, const struct operator* operator,
			   struct slots * shown)
{
	struct order order = { 0 };
	int status = order_create(&order, plan, operator->keys, operator->key_count);

	for (size_t i = 0; i < operator->key_count && status == 0; i++) {
		uint32_t slot = order.nodes[i]->slot;
		if (operator->keys[i].expr->kind == EXPR_FIELD && !slots_hold(shown, slot) &&
		    !slots_add(shown, slot, plan->arena))
			status = plan_no_memory(plan);
	}
	if (status < 0)
		return status;
	plan_narrow(plan, shown, true);
	ranking_init(&top->ranking, plan, stage, top->key_count);
	top->ranking.order = order;
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct top *top = plan_alloc(plan, sizeof(*top));
	struct slots shown = { 0 };
	double most;
	bool counts = operator->key_count == 0 || is_count(plan, operator->keys[0].expr);

	if (!top)
		return -ENOMEM;
	stage->state = top;
	if (plan_constant(plan, operator->expr, 1, TOP_MAX, &most) < 0)
		return -EINVAL;
	top->most = (size_t)most;
	top->ascending = operator->key_count && operator->keys[0].ascending;
	int status = compile_fields(top, plan, operator, & shown);
	if (status == 0)
		status = counts ? prepare_count(top, plan, stage, &shown)
				: prepare_ranking(top, plan, stage, operator, & shown);
	plan->keys = (struct slots){ .items = top->slots, .count = top->key_count, .capacity = top->key_count };
	plan->order = ORDER_GIVEN;
	return status;
}

/* ---- rows in ---- */

static int push(struct stage *stage, struct row *row)
{
	struct top *top = stage->state;
	bool created;

	for (size_t i = 0; i < top->key_count; i++)
		top->keys[i] = node_value(top->nodes[i], row);
	if (!top->counts)
		order_evaluate(&top->ranking.order, row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	if (!top->counts)
		return ranking_add(&top->ranking, row, top->keys, top->ranking.order.values,
				   "another row with these values comes before it");
	struct group *group = grouping_find(&top->grouping, top->keys, &created);
	if (!group)
		return stage->run->err.number;
	++*(uint64_t *)grouping_state(&top->grouping, group);
	return FLOW_GO_ON;
}

/* ---- rows out ---- */

static uint64_t count_of(const struct top *top, const void *bucket)
{
	return *(uint64_t *)grouping_state(&top->grouping, ((const struct bucket *)bucket)->group);
}

static int compare_counts(const void *a, const void *b, void *context)
{
	const struct top *top = context;
	uint64_t left = count_of(top, a), right = count_of(top, b);

	if (left == right)
		return grouping_compare(a, b, (void *)&top->grouping);
	return (left < right) == top->ascending ? -1 : 1;
}

static int line_up(struct top *top)
{
	top->lined_up = true;
	if (top->counts) {
		grouping_sort(&top->grouping, compare_counts, top);
		return 0;
	}
	int status = ranking_line_up(&top->ranking);
	ranking_by_marks(&top->ranking);
	return status;
}

static int drain(struct stage *stage, struct row *row)
{
	struct top *top = stage->state;

	if (!top->lined_up) {
		int status = line_up(top);
		if (status < 0)
			return status;
	}
	size_t i = top->drained++, count = top->counts ? top->grouping.count : top->ranking.count;
	if (i == count || i == top->most)
		return FLOW_ENOUGH;
	if (!top->counts) {
		keeper_restore(&top->ranking.keeper, row, top->ranking.rows[i]->row);
		return stage_hand_on(stage, row);
	}
	struct group *group = grouping_at(&top->grouping, i);
	for (size_t j = 0; j < top->key_count; j++)
		row->values[top->slots[j]] = group->keys[j];
	row->values[top->count_slot] = value_number((double)*(uint64_t *)grouping_state(&top->grouping, group));
	return stage_hand_on(stage, row);
}

static void finish(struct stage *stage)
{
	struct top *top = stage->state;

	grouping_finish(&top->grouping);
	ranking_finish(&top->ranking);
}

const struct operator_type top_type = { .create = create, .push = push, .drain = drain, .finish = finish };
