/*
 * fillmissing timeslice(15m), values("a", "b") in f, values all in g
 *             with 0 for x takelast
 *
 * Each generator lists values of one field; every combination that no row has
 * becomes a row. Its other fields are what `with` says, else 0 where the field
 * holds numbers, false where it holds true and false, else null, as they are
 * all behind a transpose; with takelast they are those of the slice before. Slices go from the first to the last of
 * the search's range, or, where it is open, of the rows that were sliced.
 *
 * Rows stay in the order of the groups when they come in it; else the new
 * rows follow the others.
 */
#include <math.h>

#include "query/expr.h"
#include "query/fillmissing.h"

static bool option_is(const struct named_expr *option, const char *name)
{
	return span_equal_nocase(option->name, span_of(name));
}

static int add_list(struct generator *generator, struct plan *plan, const struct expr *in)
{
	generator->kind = GENERATE_VALUES;
	generator->count = in->child_count - 1;
	generator->values = plan_alloc(plan, generator->count * sizeof(*generator->values));
	if (!generator->values)
		return -ENOMEM;
	for (size_t i = 0; i < generator->count; i++) {
		struct node *node = expr_compile(plan, in->children[i + 1]);
		const struct value *value = node ? node_constant(node) : NULL;
		if (!node)
			return plan->err.number;
		if (!value)
			return plan_refuse(plan, &in->children[i + 1]->place, "this has to be a text");
		generator->values[i] = *value;
	}
	return 0;
}

static int add_slices(struct fillmissing *state, struct generator *generator, struct plan *plan,
		      const struct named_expr *option, const struct operator* operator)
{
	double width = 0;

	generator->kind = GENERATE_SLICES;
	generator->first = INFINITY;
	generator->last = -INFINITY;
	if (option->expr && slicing_period(plan, option->expr, &width) < 0)
		return -EINVAL;
	if (!option->expr && !plan->slicing)
		return plan_refuse(plan, &operator->place,
				   "there is no timeslice before this: write a width, as in timeslice(15m)");
	state->slicing = slicing_create(plan);
	if (!state->slicing)
		return -ENOMEM;
	state->slicing->width = width;
	return 0;
}

static int add_generator(struct fillmissing *state, struct plan *plan, const struct operator* operator,
			 const struct named_expr * option, struct span *name)
{
	struct generator *generator = &state->generators[state->count];

	if (option_is(option, "timeslice")) {
		*name = SPAN("_timeslice");
		if (state->slicing)
			return plan_refuse(plan, &operator->place, "fillmissing takes one timeslice");
		return add_slices(state, generator, plan, option, operator);
	}
	if (option_is(option, "values all")) {
		generator->kind = GENERATE_ALL;
		return plan_field_name(plan, option->expr, name);
	}
	int status = plan_field_name(plan, option->expr->children[0], name);
	return status < 0 ? status : add_list(generator, plan, option->expr);
}

static int add_generators(struct fillmissing *state, struct plan *plan, struct stage *stage,
			  const struct operator* operator)
{
	state->generators = plan_alloc(plan, operator->option_count * sizeof(*state->generators));
	if (!state->generators)
		return -ENOMEM;
	for (size_t i = 0; i < operator->option_count; i++) {
		const struct named_expr *option = &operator->options[i];
		struct span name = { 0 };
		if (!option_is(option, "timeslice") && !option_is(option, "values") && !option_is(option, "values all"))
			continue;
		int status = add_generator(state, plan, operator, option, &name);
		bool named = i + 1 < operator->option_count && option_is(&operator->options[i + 1], "timeslice in");
		if (status == 0 && named)
			status = plan_field_name(plan, operator->options[i + 1].expr, &name);
		if (status < 0)
			return status;
		struct generator *generator = &state->generators[state->count++];
		grouping_init(&generator->seen, stage, 1, 0);
		generator->slot = plan_write(plan, name);
		if (generator->slot == SLOT_NONE)
			return plan->err.number;
	}
	return 0;
}

static bool is_generated(const struct fillmissing *state, uint32_t slot)
{
	for (size_t i = 0; i < state->count; i++)
		if (state->generators[i].slot == slot)
			return true;
	return false;
}

static int add_given(struct fillmissing *state, struct plan *plan, const struct expr *equal)
{
	uint32_t slot = plan_read(plan, equal->children[0]->text);
	struct node *node = expr_compile(plan, equal->children[1]);
	const struct value *value = node ? node_constant(node) : NULL;

	if (!node || slot == SLOT_NONE)
		return plan->err.number;
	/* -1 is an operator and its number. */
	double number;
	if (!value && plan_constant(plan, equal->children[1], -INFINITY, INFINITY, &number) < 0)
		return -EINVAL;
	for (size_t i = 0; i < state->other_count; i++) {
		struct other *other = &state->others[i];
		if (other->slot != slot)
			continue;
		other->given = true;
		other->value = value ? *value : value_number(number);
	}
	return 0;
}

static int add_others(struct fillmissing *state, struct plan *plan, const struct operator* operator)
{
	state->others = plan_alloc(plan, plan->shown.count * sizeof(*state->others));
	if (!state->others)
		return -ENOMEM;
	for (size_t i = 0; i < plan->shown.count; i++) {
		uint32_t slot = plan->shown.items[i];
		if (is_generated(state, slot))
			continue;
		state->others[state->other_count++] = (struct other){
			.slot = slot,
			.given = plan->transposed,
			.numbers = slots_hold(&plan->numbers, slot),
		};
	}
	for (size_t i = 0; i < operator->option_count; i++) {
		int status = 0;
		if (option_is(&operator->options[i], "with"))
			status = add_given(state, plan, operator->options[i].expr);
		if (status < 0)
			return status;
		state->takes_last |= option_is(&operator->options[i], "takelast");
	}
	if (state->takes_last && !state->slicing)
		return plan_refuse(plan, &operator->place, "takelast needs a timeslice that it can take the last of");
	return 0;
}

/* The slices go round fastest, so that takelast has the one before at hand. */
static void move_slices_last(struct fillmissing *state)
{
	for (size_t i = 0; i + 1 < state->count; i++) {
		if (state->generators[i].kind != GENERATE_SLICES)
			continue;
		struct generator slices = state->generators[i];
		state->generators[i] = state->generators[state->count - 1];
		state->generators[state->count - 1] = slices;
	}
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct fillmissing *state = plan_alloc(plan, sizeof(*state));
	const struct slicing *before = plan->slicing;

	if (!state)
		return -ENOMEM;
	stage->state = state;
	arena_init(&state->made, 0);
	int status = add_generators(state, plan, stage, operator);
	if (status == 0)
		status = add_others(state, plan, operator);
	if (status < 0)
		return status;
	move_slices_last(state);
	state->marks = plan_alloc(plan, state->count * sizeof(*state->marks));
	state->by_marks = plan->order == ORDER_GROUPS;
	state->before = before;
	shelf_init(&state->shelf, plan, stage, state->count);
	grouping_init(&state->present, stage, state->count, sizeof(size_t));
	return state->marks ? 0 : -ENOMEM;
}

static void finish(struct stage *stage)
{
	struct fillmissing *state = stage->state;

	for (size_t i = 0; i < state->count; i++)
		grouping_finish(&state->generators[i].seen);
	grouping_finish(&state->present);
	shelf_finish(&state->shelf);
	arena_finish(&state->made);
}

const struct operator_type fillmissing_type = {
	.create = create, .push = fillmissing_push, .drain = fillmissing_drain, .finish = finish
};
