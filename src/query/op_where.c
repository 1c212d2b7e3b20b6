/* where: rows of which the condition is true go on. */
#include "query/expr.h"

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	stage->state = expr_compile(plan, operator->expr);
	return stage->state ? 0 : plan->err.number;
}

static int push(struct stage *stage, struct row *row)
{
	struct value truth = node_value(stage->state, row);

	if (row->trouble)
		return stage_drop_bad(stage, row);
	if (!value_is_true(&truth))
		return stage_drop(stage, row, "the condition is not true");
	return stage_hand_on(stage, row);
}

const struct operator_type where_type = { .create = create, .push = push };
