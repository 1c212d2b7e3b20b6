/* limit n: the first n rows go on. */
#include "query/plan.h"

#define LIMIT_MAX 10000 /* as Sumo Logic documents it */

struct limit {
	uint64_t count, most;
};

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct limit *limit = plan_alloc(plan, sizeof(*limit));
	double most;

	if (!limit)
		return -ENOMEM;
	int status = plan_constant(plan, operator->expr, 1, LIMIT_MAX, &most);
	limit->most = (uint64_t)most;
	stage->state = limit;
	return status;
}

static int push(struct stage *stage, struct row *row)
{
	struct limit *limit = stage->state;

	if (limit->count == limit->most) {
		stage_drop(stage, row, "there were as many rows as the limit says before it");
		return FLOW_ENOUGH;
	}
	int flow = stage_hand_on(stage, row);
	return ++limit->count == limit->most && flow == FLOW_GO_ON ? FLOW_ENOUGH : flow;
}

const struct operator_type limit_type = { .create = create, .push = push };
