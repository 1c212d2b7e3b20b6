/*
 * total f [as g] [by a]: the sum of f over all rows (of the group) in every
 * row. Rows in which f is no number are left out.
 */
#include "query/aggregate.h"
#include "query/run_state.h"
#include "query/series.h"
#include "query/shelf.h"

struct total {
	struct node *node;
	struct node **keys;
	struct value *values; /* of the keys, in the row that is looked at */
	size_t key_count;
	uint32_t slot;
	struct grouping grouping;
	struct shelf shelf; /* marks: the keys */
	size_t drained;
};

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct total *total = plan_alloc(plan, sizeof(*total));
	const struct named_expr *target = &operator->names[0];

	if (!total)
		return -ENOMEM;
	stage->state = total;
	if (operator->expr)
		return plan_refuse(plan, &operator->expr->place, "total takes no number of rows");
	total->key_count = operator->key_count;
	total->keys = plan_alloc(plan, total->key_count * sizeof(struct node *));
	total->values = plan_alloc(plan, total->key_count * sizeof(*total->values));
	total->node = expr_compile(plan, target->expr);
	if (!total->keys || !total->values || !total->node)
		return plan->err.number;
	for (size_t i = 0; i < total->key_count; i++) {
		total->keys[i] = expr_compile(plan, operator->keys[i].expr);
		if (!total->keys[i])
			return plan->err.number;
	}
	shelf_init(&total->shelf, plan, stage, total->key_count);
	grouping_init(&total->grouping, stage, total->key_count, sizeof(struct exact_sum));
	total->slot = plan_write(plan, series_name(operator, SPAN("_total")));
	return 0;
}

static int push(struct stage *stage, struct row *row)
{
	struct total *total = stage->state;
	struct value value = node_value(total->node, row);
	double number;
	bool created;

	if (!value_to_number(&value, &number))
		return row->trouble ? stage_drop_bad(stage, row) : stage_drop(stage, row, "the field is no number");
	for (size_t i = 0; i < total->key_count; i++)
		total->values[i] = node_value(total->keys[i], row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	struct group *group = grouping_find(&total->grouping, total->values, &created);
	if (!group || !shelf_add(&total->shelf, row, total->values))
		return stage->run->err.number;
	exact_sum_add(grouping_state(&total->grouping, group), number);
	return FLOW_GO_ON;
}

static int drain(struct stage *stage, struct row *row)
{
	struct total *total = stage->state;
	const struct shelf *shelf = &total->shelf;
	bool created;

	if (total->drained == shelf->count)
		return FLOW_ENOUGH;
	struct group *group = grouping_find(&total->grouping, shelf->rows[total->drained]->marks, &created);
	if (!group)
		return stage->run->err.number;
	shelf_restore(shelf, total->drained++, row);
	row->values[total->slot] = number_or_null(exact_sum_value(grouping_state(&total->grouping, group)));
	return stage_hand_on(stage, row);
}

static void finish(struct stage *stage)
{
	struct total *total = stage->state;

	shelf_finish(&total->shelf);
	grouping_finish(&total->grouping);
}

const struct operator_type total_type = { .create = create, .push = push, .drain = drain, .finish = finish };
