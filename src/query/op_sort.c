/*
 * sort by a, b asc: descending where nothing else is said; rows that are equal
 * stay in the order in which they came. Text is in the order of its bytes
 * unless it was cast to a number. Without keys rows pass as they are.
 */
#include <stdlib.h>

#include "query/order.h"
#include "query/run_state.h"
#include "query/shelf.h"

struct sort {
	struct order order;
	struct shelf shelf;
	bool sorted;
	size_t drained;
};

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct sort *sort = plan_alloc(plan, sizeof(*sort));

	if (!sort)
		return -ENOMEM;
	int status = order_create(&sort->order, plan, operator->keys, operator->key_count);
	if (status < 0)
		return status;
	shelf_init(&sort->shelf, plan, stage, operator->key_count);
	if (operator->key_count)
		plan->order = ORDER_GIVEN;
	stage->state = sort;
	return 0;
}

static int push(struct stage *stage, struct row *row)
{
	struct sort *sort = stage->state;

	if (!sort->order.count)
		return stage_hand_on(stage, row);
	order_evaluate(&sort->order, row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	return shelf_add(&sort->shelf, row, sort->order.values) ? FLOW_GO_ON : stage->run->err.number;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct shelved *left = *(struct shelved *const *)a, *right = *(struct shelved *const *)b;
	int result = order_compare(context, left->marks, right->marks);

	return result ? result : left->arrival < right->arrival ? -1 : 1;
}

static int drain(struct stage *stage, struct row *row)
{
	struct sort *sort = stage->state;
	struct shelf *shelf = &sort->shelf;

	if (!sort->sorted && shelf->count)
		qsort_r(shelf->rows, shelf->count, sizeof(struct shelved *), compare, &sort->order);
	sort->sorted = true;
	if (sort->drained == shelf->count)
		return FLOW_ENOUGH;
	shelf_restore(shelf, sort->drained++, row);
	return stage_hand_on(stage, row);
}

static void finish(struct stage *stage)
{
	struct sort *sort = stage->state;

	shelf_finish(&sort->shelf);
}

const struct operator_type sort_type = { .create = create, .push = push, .drain = drain, .finish = finish };
