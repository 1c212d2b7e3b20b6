/*
 * topk(n, x, -y) [by a, b]: of each group the n rows with the greatest x, by
 * group and then by rank, which is the field _rank from 1 on. -y: the least.
 */
#include "query/ranking.h"
#include "query/run_state.h"

#define TOPK_MAX 10000

struct topk {
	struct node **nodes;
	size_t key_count;
	struct value *keys;
	struct ranking ranking;
	uint32_t rank_slot;
	bool lined_up;
	size_t drained;
};

static int compile_order(struct topk *topk, struct plan *plan, const struct aggregate *fields)
{
	struct order_key *keys = plan_alloc(plan, fields->argument_count * sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < fields->argument_count; i++) {
		struct expr *expr = fields->arguments[i];
		keys[i].ascending = expr->kind == EXPR_UNARY && expr->op == OP_NEGATE;
		keys[i].expr = keys[i].ascending ? expr->children[0] : expr;
	}
	return order_create(&topk->ranking.order, plan, keys, fields->argument_count);
}

static int compile_keys(struct topk *topk, struct plan *plan, const struct operator* operator)
{
	topk->key_count = operator->key_count;
	topk->nodes = plan_alloc(plan, topk->key_count * sizeof(struct node *));
	topk->keys = plan_alloc(plan, topk->key_count * sizeof(*topk->keys));
	if (!topk->nodes || !topk->keys)
		return -ENOMEM;
	for (size_t i = 0; i < topk->key_count; i++) {
		topk->nodes[i] = expr_compile(plan, operator->keys[i].expr);
		if (!topk->nodes[i])
			return plan->err.number;
	}
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct topk *topk = plan_alloc(plan, sizeof(*topk));
	double most;

	if (!topk)
		return -ENOMEM;
	stage->state = topk;
	if (plan_constant(plan, operator->expr, 1, TOPK_MAX, &most) < 0)
		return -EINVAL;
	int status = compile_keys(topk, plan, operator);
	if (status < 0)
		return status;
	ranking_init(&topk->ranking, plan, stage, topk->key_count);
	status = compile_order(topk, plan, &operator->aggregates[0]);
	topk->ranking.most = (size_t)most;
	topk->ranking.newest_first = plan->order == ORDER_MESSAGES;
	topk->rank_slot = plan_write(plan, SPAN("_rank"));
	plan->order = ORDER_GIVEN;
	return status;
}

static int push(struct stage *stage, struct row *row)
{
	struct topk *topk = stage->state;

	for (size_t i = 0; i < topk->key_count; i++)
		topk->keys[i] = node_value(topk->nodes[i], row);
	order_evaluate(&topk->ranking.order, row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	return ranking_add(&topk->ranking, row, topk->keys, topk->ranking.order.values,
			   "it is not among the first of its group");
}

static int drain(struct stage *stage, struct row *row)
{
	struct topk *topk = stage->state;

	if (!topk->lined_up) {
		int status = ranking_line_up(&topk->ranking);
		if (status < 0)
			return status;
		topk->lined_up = true;
	}
	if (topk->drained == topk->ranking.count)
		return FLOW_ENOUGH;
	const struct ranked *ranked = topk->ranking.rows[topk->drained++];
	keeper_restore(&topk->ranking.keeper, row, ranked->row);
	row->values[topk->rank_slot] = value_number((double)ranked->rank);
	return stage_hand_on(stage, row);
}

static void finish(struct stage *stage)
{
	struct topk *topk = stage->state;

	ranking_finish(&topk->ranking);
}

const struct operator_type topk_type = { .create = create, .push = push, .drain = drain, .finish = finish };
