/* Rows of compare: those of the past runs are joined to those of the search by their keys. */
#include "query/compare.h"
#include "query/expr.h"
#include "query/run_state.h"

/* ---- rows in ---- */

int compare_push(struct stage *stage, struct row *row)
{
	struct compare *state = stage->state;
	bool created;

	for (size_t i = 0; i < state->keys.count; i++)
		state->values[i] = row->values[state->keys.items[i]];
	struct group *group = grouping_find(&state->grouping, state->values, &created);
	if (!group)
		return stage->run->err.number;
	struct match *match = grouping_state(&state->grouping, group);
	if (match->row)
		return stage_drop(stage, row,
				  "another row has the same keys, so there is no telling which is to be compared");
	if (!shelf_add(&state->shelf, row, state->values))
		return stage->run->err.number;
	match->row = state->shelf.count;
	return FLOW_GO_ON;
}

/* ---- the past ---- */

/* The value of the main run's field in a row of a past run. Both were compiled from the same text. */
static struct value value_in(const struct run *run, const struct row_view *view, uint32_t slot)
{
	struct span name = run->fields.items[slot].name;

	for (size_t i = 0; i < view->count; i++)
		if (span_equal_nocase(view->names[i], name))
			return view->values[i];
	return VALUE_OF_NULL;
}

static int take_past_row(struct compare *state, struct stage *stage, size_t number, const struct row_view *view)
{
	bool created;

	for (size_t i = 0; i < state->keys.count; i++)
		state->values[i] = value_in(stage->run, view, state->keys.items[i]);
	struct group *group = grouping_find(&state->grouping, state->values, &created);
	if (!group)
		return stage->run->err.number;
	struct match *match = grouping_state(&state->grouping, group);
	for (size_t i = 0; i < state->fields.count; i++) {
		struct value value = value_in(stage->run, view, state->fields.items[i]);
		if (value.kind == VALUE_TEXT) {
			int status = stage_hold(stage, value.text.len);
			if (status < 0)
				return status;
			value.text = arena_copy(&state->texts, value.text);
		}
		match->cells[number * state->fields.count + i] = value;
	}
	return 0;
}

static int take_past(struct compare *state, struct stage *stage, size_t number)
{
	struct run *past = stage->run->past[number].run;
	struct row_view view;
	struct err err = { 0 };
	int status = run_end(past, &err);

	while (status == 0 && run_next(past, &view, &err) > 0)
		status = take_past_row(state, stage, number, &view);
	stage->run->bad_rows += run_bad_rows(past);
	if (err.number)
		status = err_set(&stage->run->err, err.number, "%s", err.text);
	return status;
}

static int join(struct compare *state, struct stage *stage)
{
	state->joined = true;
	for (size_t i = 0; i < state->run_count; i++) {
		int status = take_past(state, stage, i);
		if (status < 0)
			return status;
	}
	return 0;
}

/* ---- rows out ---- */

static struct value sum_up(const struct compare *state, const struct comparison *comparison, const struct match *match,
			   size_t field)
{
	double result = 0, count = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		double number;
		const struct value *cell = &match->cells[(comparison->first + i) * state->fields.count + field];
		if (!value_to_number(cell, &number))
			continue;
		bool first = count++ == 0;
		if (comparison->summary == SUMMARY_AVG)
			result += number;
		else if (first || (comparison->summary == SUMMARY_MIN ? number < result : number > result))
			result = number;
	}
	if (count == 0)
		return VALUE_OF_NULL;
	return number_or_null(comparison->summary == SUMMARY_AVG ? result / count : result);
}

static void set_results(const struct compare *state, struct row *row, const struct match *match)
{
	for (size_t c = 0; c < state->count; c++) {
		const struct comparison *comparison = &state->comparisons[c];
		size_t results = results_of(comparison);
		for (size_t i = 0; i < state->fields.count * results; i++) {
			size_t run = comparison->first + i % results, field = i / results;
			row->values[comparison->slots[i]] = comparison->summary
								    ? sum_up(state, comparison, match, field)
								    : match->cells[run * state->fields.count + field];
		}
	}
}

/* In the order of the groups, or first the rows as they came, then what only the past has. */
static int compare_matches(const void *a, const void *b, void *context)
{
	const struct compare *state = context;
	const struct match *left = grouping_state(&state->grouping, ((const struct bucket *)a)->group);
	const struct match *right = grouping_state(&state->grouping, ((const struct bucket *)b)->group);

	if (!state->in_groups && left->row != right->row)
		return left->row && (!right->row || left->row < right->row) ? -1 : 1;
	return grouping_compare(a, b, (void *)&state->grouping);
}

int compare_drain(struct stage *stage, struct row *row)
{
	struct compare *state = stage->state;

	if (!state->joined) {
		int status = join(state, stage);
		if (status < 0)
			return status;
		grouping_sort(&state->grouping, compare_matches, state);
	}
	if (state->drained == state->grouping.count)
		return FLOW_ENOUGH;
	struct group *group = grouping_at(&state->grouping, state->drained++);
	const struct match *match = grouping_state(&state->grouping, group);
	if (match->row)
		shelf_restore(&state->shelf, match->row - 1, row);
	for (size_t i = 0; i < state->keys.count; i++)
		row->values[state->keys.items[i]] = group->keys[i];
	set_results(state, row, match);
	return stage_hand_on(stage, row);
}
