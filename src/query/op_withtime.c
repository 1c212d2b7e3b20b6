/* withtime x: x_withtime is x together with the message's time, for most_recent and least_recent. */
#include "query/expr.h"
#include "query/withtime.h"

struct state {
	uint32_t from, to;
};

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct state *state = plan_alloc(plan, sizeof(*state));
	struct span field;

	if (!state || plan_field_name(plan, operator->names[0].expr, &field) < 0)
		return plan->err.number;
	char *name = plan_alloc(plan, field.len + sizeof("_withtime"));
	if (!name)
		return -ENOMEM;
	memcpy(name, field.data, field.len);
	memcpy(name + field.len, "_withtime", sizeof("_withtime") - 1);
	state->from = plan_read(plan, field);
	state->to = plan_write(plan, (struct span){ name, field.len + sizeof("_withtime") - 1 });
	stage->state = state;
	return 0;
}

static int push(struct stage *stage, struct row *row)
{
	const struct state *state = stage->state;
	const struct value *value = &row->values[state->from];

	if (value->kind == VALUE_NULL) {
		row->values[state->to] = VALUE_OF_NULL;
		return stage_hand_on(stage, row);
	}
	struct value text = value_text(withtime_write(row, value, &row->values[SLOT_MESSAGE_TIME]));
	if (row->trouble)
		return stage_drop_bad(stage, row);
	row->values[state->to] = text;
	return stage_hand_on(stage, row);
}

const struct operator_type withtime_type = { .create = create, .push = push };
