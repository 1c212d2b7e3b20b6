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
#include <stdlib.h>

#include "query/expr.h"
#include "query/grouping.h"
#include "query/run_state.h"
#include "query/shelf.h"
#include "query/slicing.h"

#define COMBINATIONS_MAX 10000 /* as Sumo Logic documents it */

enum generator_kind { GENERATE_VALUES, GENERATE_ALL, GENERATE_SLICES };

struct generator {
	enum generator_kind kind;
	uint32_t slot;
	struct value *values; /* GENERATE_VALUES from the start; the others when draining */
	size_t count;
	struct grouping seen; /* GENERATE_ALL */
	double first, last;   /* GENERATE_SLICES: of the rows */
};

/* What a field that no generator lists becomes in a new row. */
struct other {
	uint32_t slot;
	struct value value;
	bool given;		    /* by `with`; or null, behind a transpose */
	bool numbers, bools, texts; /* kinds that rows had */
};

struct fillmissing {
	struct generator *generators;
	size_t count;
	struct other *others;
	size_t other_count;
	struct value *marks;	      /* the generators' values in a row, in their order */
	struct slicing *slicing;      /* of the slices that are listed; NULL: none are */
	const struct slicing *before; /* of the timeslice that made the rows, or NULL */
	bool takes_last, by_marks, filled;
	struct grouping present; /* by marks; state: the number of the row, from 1 */
	struct shelf shelf;
	struct arena made; /* lists of values */
	size_t drained;
};

/* ---- compiling ---- */

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

/* ---- rows in ---- */

static int note_value(struct generator *generator, const struct value *value)
{
	bool created;

	if (generator->kind == GENERATE_ALL && value->kind != VALUE_NULL &&
	    !grouping_find(&generator->seen, value, &created))
		return -E2BIG;
	if (generator->kind == GENERATE_SLICES && value->kind == VALUE_NUMBER) {
		generator->first = fmin(generator->first, value->number);
		generator->last = fmax(generator->last, value->number);
	}
	return 0;
}

static void note_kind(struct other *other, const struct value *value)
{
	other->numbers |= value->kind == VALUE_NUMBER;
	other->bools |= value->kind == VALUE_BOOL;
	other->texts |= value->kind == VALUE_TEXT;
}

/* The row and its marks go to the shelf, and are found by them from now on. */
static struct shelved *keep(struct fillmissing *state, const struct row *row)
{
	bool created;
	struct group *group = grouping_find(&state->present, state->marks, &created);
	struct shelved *shelved = group ? shelf_add(&state->shelf, row, state->marks) : NULL;

	if (shelved)
		*(size_t *)grouping_state(&state->present, group) = state->shelf.count;
	return shelved;
}

static int push(struct stage *stage, struct row *row)
{
	struct fillmissing *state = stage->state;

	for (size_t i = 0; i < state->count; i++) {
		state->marks[i] = row->values[state->generators[i].slot];
		if (note_value(&state->generators[i], &state->marks[i]) < 0)
			return stage->run->err.number;
	}
	for (size_t i = 0; i < state->other_count; i++)
		note_kind(&state->others[i], &row->values[state->others[i].slot]);
	return keep(state, row) ? FLOW_GO_ON : stage->run->err.number;
}

/* ---- what the generators list ---- */

static int too_many(struct stage *stage)
{
	return err_set(&stage->run->err, -E2BIG,
		       "fillmissing in line %u of the search would list more than %d combinations; take longer slices, "
		       "or fewer values",
		       stage->place.line, COMBINATIONS_MAX);
}

/* From the range where it is known, else from the rows; *first > *last: there are none. */
static void find_range(const struct fillmissing *state, const struct generator *generator, double *first, double *last)
{
	const struct slicing *slicing = state->slicing, *before = state->before;

	*first = generator->first;
	*last = generator->last;
	if (before && before->first <= before->last) {
		*first = fmin(*first, before->first);
		*last = fmax(*last, before->last);
	}
	*first = isnan(slicing->start) ? *first : slicing->start;
	*last = isnan(slicing->end) ? *last : slicing->end - 1;
}

static int list_slices(struct fillmissing *state, struct generator *generator, struct stage *stage)
{
	struct slicing *slicing = state->slicing;
	double first, last;

	if (slicing->width <= 0 && state->before)
		slicing->width = state->before->width;
	find_range(state, generator, &first, &last);
	if (first > last || slicing->width <= 0)
		return 0;
	first = slicing_start(slicing, first);
	if ((last - first) / slicing->width >= COMBINATIONS_MAX)
		return too_many(stage);
	generator->count = (size_t)((slicing_start(slicing, last) - first) / slicing->width) + 1;
	generator->values = arena_alloc(&state->made, generator->count * sizeof(*generator->values));
	if (!generator->values)
		return stage_no_memory(stage);
	for (size_t i = 0; i < generator->count; i++)
		generator->values[i] = value_number(first + (double)i * slicing->width);
	return 0;
}

static int list_seen(struct fillmissing *state, struct generator *generator, struct stage *stage)
{
	struct grouping *seen = &generator->seen;

	if (seen->count > COMBINATIONS_MAX)
		return too_many(stage);
	grouping_sort(seen, grouping_compare, seen);
	generator->count = seen->count;
	generator->values = arena_alloc(&state->made, (seen->count + 1) * sizeof(*generator->values));
	if (!generator->values)
		return stage_no_memory(stage);
	for (size_t i = 0; i < seen->count; i++)
		generator->values[i] = grouping_at(seen, i)->keys[0];
	return 0;
}

/* How many combinations there are, or a negative errno. */
static int list_all(struct fillmissing *state, struct stage *stage)
{
	size_t combinations = 1;

	for (size_t i = 0; i < state->count; i++) {
		struct generator *generator = &state->generators[i];
		int status = generator->kind == GENERATE_SLICES ? list_slices(state, generator, stage)
			     : generator->kind == GENERATE_ALL	? list_seen(state, generator, stage)
								: 0;
		if (status < 0)
			return status;
		combinations *= generator->count;
		if (combinations > COMBINATIONS_MAX)
			return too_many(stage);
	}
	return (int)combinations;
}

/* ---- new rows ---- */

static struct value default_of(const struct other *other)
{
	if (other->given)
		return other->value;
	if (other->texts || other->numbers == other->bools)
		return VALUE_OF_NULL;
	return other->numbers ? value_number(0) : value_bool(false);
}

/* Combination i into the marks; the last generator goes round fastest. */
static void set_marks(struct fillmissing *state, size_t i)
{
	for (size_t j = state->count; j--;) {
		const struct generator *generator = &state->generators[j];
		state->marks[j] = generator->values[i % generator->count];
		i /= generator->count;
	}
}

static void set_row(const struct fillmissing *state, struct row *row, const struct shelved *last)
{
	row_reset(row);
	if (last)
		keeper_restore(&state->shelf.keeper, row, last->row);
	for (size_t i = 0; i < state->other_count && !last; i++)
		row->values[state->others[i].slot] = default_of(&state->others[i]);
	for (size_t i = 0; i < state->count; i++)
		row->values[state->generators[i].slot] = state->marks[i];
}

static int fill(struct fillmissing *state, struct stage *stage, struct row *row)
{
	int combinations = list_all(state, stage);
	struct shelved *last = NULL;

	for (int i = 0; i < combinations; i++) {
		bool created;
		if ((size_t)i % state->generators[state->count - 1].count == 0)
			last = NULL;
		set_marks(state, (size_t)i);
		struct group *group = grouping_find(&state->present, state->marks, &created);
		if (!group)
			return stage->run->err.number;
		size_t number = *(size_t *)grouping_state(&state->present, group);
		if (number) {
			last = state->shelf.rows[number - 1];
			continue;
		}
		set_row(state, row, state->takes_last ? last : NULL);
		last = keep(state, row);
		if (!last)
			return stage->run->err.number;
	}
	return combinations < 0 ? combinations : 0;
}

/* ---- rows out ---- */

/* By the slices first, then as the generators stand. */
static int compare(const void *a, const void *b, void *context)
{
	const struct shelved *left = *(struct shelved *const *)a, *right = *(struct shelved *const *)b;
	const struct fillmissing *state = context;

	for (size_t i = 0; i < state->count; i++) {
		size_t at = state->slicing ? (i + state->count - 1) % state->count : i;
		int order = value_compare(&left->marks[at], &right->marks[at]);
		if (order)
			return order;
	}
	return left->arrival < right->arrival ? -1 : 1;
}

static int drain(struct stage *stage, struct row *row)
{
	struct fillmissing *state = stage->state;
	struct shelf *shelf = &state->shelf;

	if (!state->filled) {
		int status = fill(state, stage, row);
		if (status < 0)
			return status;
		if (state->by_marks && shelf->count)
			qsort_r(shelf->rows, shelf->count, sizeof(*shelf->rows), compare, state);
		state->filled = true;
		return FLOW_GO_ON; /* with a fresh row */
	}
	if (state->drained == shelf->count)
		return FLOW_ENOUGH;
	shelf_restore(shelf, state->drained++, row);
	return stage_hand_on(stage, row);
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

const struct operator_type fillmissing_type = { .create = create, .push = push, .drain = drain, .finish = finish };
