/*
 * fields a, b: only these go on, and of messages all whose name begins with an underscore.
 * fields - a, b: these do not.
 * fields a as b: a goes on as b.
 */
#include "query/plan.h"
#include "query/run_state.h"

struct rename {
	uint32_t from, to;
};

struct fields_state {
	struct rename *renames;
	size_t count;
};

static struct span source_name(const struct named_expr *name)
{
	return name->expr ? name->expr->text : name->name;
}

/* The slot of one that goes on; of `a as b`, what is to be moved is noted. */
static uint32_t keep(struct plan *plan, struct fields_state *state, const struct named_expr *name)
{
	uint32_t from = plan_read(plan, source_name(name));

	if (!name->expr || !name->name.len || span_equal_nocase(name->expr->text, name->name) || from == SLOT_NONE)
		return from;
	uint32_t to = plan_write(plan, name->name);
	if (to != SLOT_NONE)
		state->renames[state->count++] = (struct rename){ from, to };
	return to;
}

static int narrow(struct plan *plan, struct fields_state *state, const struct operator* operator)
{
	struct slots kept = { 0 }, before = plan->shown;

	for (size_t i = 0; i < operator->name_count; i++) {
		uint32_t slot = keep(plan, state, &operator->names[i]);
		if (slot == SLOT_NONE)
			return plan->err.number ? plan->err.number : -EINVAL;
		if (!slots_hold(&kept, slot) && !slots_add(&kept, slot, plan->arena))
			return plan_no_memory(plan);
	}
	/* "Aggregate query results include only the fields that you have specified" is how the reference has it. */
	for (size_t i = 0; i < before.count && plan->of_messages; i++) {
		struct span name = plan->fields->items[before.items[i]].name;
		if (span_starts(name, SPAN("_")) && !slots_hold(&kept, before.items[i]) &&
		    !slots_add(&kept, before.items[i], plan->arena))
			return plan_no_memory(plan);
	}
	plan_narrow(plan, &kept, false);
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct fields_state *state = plan_alloc(plan, sizeof(*state));

	if (!state)
		return -ENOMEM;
	state->renames = plan_alloc(plan, operator->name_count * sizeof(*state->renames));
	if (!state->renames)
		return -ENOMEM;
	stage->state = state;
	if (!operator->negated)
		return narrow(plan, state, operator);
	for (size_t i = 0; i < operator->name_count; i++)
		plan_remove(plan, source_name(&operator->names[i]));
	return 0;
}

static int push(struct stage *stage, struct row *row)
{
	const struct fields_state *state = stage->state;

	for (size_t i = 0; i < state->count; i++)
		row->values[state->renames[i].to] = row->values[state->renames[i].from];
	return stage_hand_on(stage, row);
}

const struct operator_type fields_type = { .create = create, .push = push };
