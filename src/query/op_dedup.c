/*
 * dedup [consecutive] [n] [by a, b]: of rows that are equal in these fields
 * (in _raw when there are none) the first n.
 *
 * Of messages in no order of their own the first are the newest, as the
 * language lists them; which those are is known at the end only, so they are
 * kept until then. Behind a sort or an aggregate dedup streams.
 *
 * consecutive: rows that are equal and follow each other are a run, and each
 * run stands for itself.
 */
#include "query/aggregate.h"
#include "query/ranking.h"
#include "query/run_state.h"

#define DEDUP_MAX 1000000

static const char reason[] = "there are as many rows with these values already as dedup keeps";

struct dedup {
	struct node **nodes;
	size_t key_count;
	struct value *keys;	     /* the number of the run, then the keys' values in the row that is looked at */
	struct held_value *previous; /* the keys of the row before */
	bool consecutive, keeps;
	double run;
	uint64_t most;
	struct grouping grouping; /* streaming: state is the number of rows */
	struct ranking ranking;	  /* keeping */
	bool lined_up;
	size_t drained;
};

/* ---- compiling ---- */

static int compile_keys(struct dedup *dedup, struct plan *plan, const struct operator* operator)
{
	struct expr raw = { .kind = EXPR_FIELD, .text = SPAN("_raw") };
	size_t count = operator->key_count ? operator->key_count : 1;

	dedup->nodes = plan_alloc(plan, count * sizeof(struct node *));
	dedup->keys = plan_alloc(plan, (count + 1) * sizeof(*dedup->keys));
	dedup->previous = plan_alloc(plan, count * sizeof(*dedup->previous));
	if (!dedup->nodes || !dedup->keys || !dedup->previous)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		dedup->nodes[i] = expr_compile(plan, operator->key_count ? operator->keys[i].expr : &raw);
		if (!dedup->nodes[i])
			return plan->err.number;
	}
	dedup->key_count = count;
	return 0;
}

/* Newest first: the time is the mark of the ranking. Of a run, the order of arrival is enough. */
static int prepare_ranking(struct dedup *dedup, struct plan *plan, struct stage *stage)
{
	struct expr time = { .kind = EXPR_FIELD, .text = SPAN("_messageTime") };
	struct order_key key = { .expr = &time };

	ranking_init(&dedup->ranking, plan, stage, dedup->key_count + 1);
	dedup->ranking.newest_first = true;
	dedup->ranking.most = dedup->most;
	return order_create(&dedup->ranking.order, plan, &key, dedup->consecutive ? 0 : 1);
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct dedup *dedup = plan_alloc(plan, sizeof(*dedup));
	double most = 1;

	if (!dedup)
		return -ENOMEM;
	stage->state = dedup;
	if (operator->expr && plan_constant(plan, operator->expr, 1, DEDUP_MAX, &most) < 0)
		return -EINVAL;
	dedup->most = (uint64_t)most;
	dedup->consecutive = operator->option_count> 0;
	dedup->keeps = plan->order == ORDER_MESSAGES;
	int status = compile_keys(dedup, plan, operator);
	if (status < 0)
		return status;
	grouping_init(&dedup->grouping, stage, dedup->key_count + 1, sizeof(uint64_t));
	return dedup->keeps ? prepare_ranking(dedup, plan, stage) : 0;
}

/* ---- rows in ---- */

/* A row that is unlike the one before begins a run. */
static int note_run(struct dedup *dedup, struct stage *stage)
{
	bool same = dedup->run > 0;

	for (size_t i = 0; i < dedup->key_count && same; i++)
		same = grouping_same_value(&dedup->previous[i].value, &dedup->keys[i + 1]);
	if (same)
		return 0;
	dedup->run++;
	for (size_t i = 0; i < dedup->key_count; i++) {
		int status = held_value_set(&dedup->previous[i], &dedup->keys[i + 1], stage);
		if (status < 0)
			return status;
	}
	return 0;
}

/* Of runs only the last one matters, and its count is all there is to keep. */
static int stream_run(struct dedup *dedup, struct stage *stage, struct row *row, bool begins)
{
	dedup->drained = begins ? 1 : dedup->drained + 1;
	return dedup->drained > dedup->most ? stage_drop(stage, row, reason) : stage_hand_on(stage, row);
}

static int stream(struct dedup *dedup, struct stage *stage, struct row *row)
{
	bool created;
	struct group *group = grouping_find(&dedup->grouping, dedup->keys, &created);

	if (!group)
		return stage->run->err.number;
	uint64_t *count = grouping_state(&dedup->grouping, group);
	if (*count == dedup->most)
		return stage_drop(stage, row, reason);
	++*count;
	return stage_hand_on(stage, row);
}

static int push(struct stage *stage, struct row *row)
{
	struct dedup *dedup = stage->state;
	double before = dedup->run;

	for (size_t i = 0; i < dedup->key_count; i++)
		dedup->keys[i + 1] = node_value(dedup->nodes[i], row);
	if (row->trouble)
		return stage_drop_bad(stage, row);
	if (dedup->consecutive) {
		int status = note_run(dedup, stage);
		if (status < 0)
			return status;
	}
	dedup->keys[0] = value_number(dedup->run);
	if (!dedup->keeps)
		return dedup->consecutive ? stream_run(dedup, stage, row, dedup->run > before)
					  : stream(dedup, stage, row);
	order_evaluate(&dedup->ranking.order, row);
	return ranking_add(&dedup->ranking, row, dedup->keys, dedup->ranking.order.values, reason);
}

/* ---- rows out ---- */

static int drain(struct stage *stage, struct row *row)
{
	struct dedup *dedup = stage->state;
	struct ranking *ranking = &dedup->ranking;

	if (!dedup->keeps)
		return FLOW_ENOUGH;
	if (!dedup->lined_up) {
		int status = ranking_line_up(ranking);
		if (status < 0)
			return status;
		ranking_by_arrival(ranking);
		dedup->lined_up = true;
	}
	if (dedup->drained == ranking->count)
		return FLOW_ENOUGH;
	keeper_restore(&ranking->keeper, row, ranking->rows[dedup->drained++]->row);
	return stage_hand_on(stage, row);
}

static void finish(struct stage *stage)
{
	struct dedup *dedup = stage->state;

	for (size_t i = 0; i < dedup->key_count; i++)
		held_value_forget(&dedup->previous[i]);
	grouping_finish(&dedup->grouping);
	ranking_finish(&dedup->ranking);
}

const struct operator_type dedup_type = { .create = create, .push = push, .drain = drain, .finish = finish };
