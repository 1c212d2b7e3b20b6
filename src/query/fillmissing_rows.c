/* Rows of fillmissing: which combinations there are, and new rows for those that are missing. */
#include <math.h>
#include <stdlib.h>

#include "query/fillmissing.h"
#include "query/run_state.h"

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

int fillmissing_push(struct stage *stage, struct row *row)
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

int fillmissing_drain(struct stage *stage, struct row *row)
{
	struct fillmissing *state = stage->state;
	struct shelf *shelf = &state->shelf;

	if (!state->filled) {
		int status = fill(state, stage, row);
		if (status < 0)
			return status;
		if (state->by_marks && shelf->count)
			qsort_r(shelf->rows, shelf->count, sizeof(struct shelved *), compare, state);
		state->filled = true;
		return FLOW_GO_ON; /* with a fresh row */
	}
	if (state->drained == shelf->count)
		return FLOW_ENOUGH;
	shelf_restore(shelf, state->drained++, row);
	return stage_hand_on(stage, row);
}
