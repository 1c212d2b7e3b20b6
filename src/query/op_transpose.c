/*
 * transpose row a column b [as x, y, *]: one row for each a, with a field for
 * each value of b.
 *
 * The fields are named for the values, several columns joined by "_", and hold
 * what is left of the row: the results of the aggregate. Of several results
 * each gets a field, its name behind the value's. Fields come in the order of
 * their names, those behind `as` first; when two rows have one cell, the later
 * counts. Rows come in the order of their keys, or, behind a sort, as they came.
 */
#include <stdlib.h>

#include "query/expr.h"
#include "query/grouping.h"
#include "query/run_state.h"

#define COLUMNS_MAX 300 /* as Sumo Logic documents it */

/* A field of the result. */
struct column {
	struct span name;
	uint32_t slot;
};

struct cell {
	struct cell *next;
	struct column *column;
	struct value value;
};

/* The state of a row of the result. */
struct line {
	struct cell *first, *last;
	uint64_t arrival; /* from 1 */
};

struct transpose {
	struct slots rows, columns, values;
	struct value *keys;    /* of a row, of either grouping */
	struct grouping lines; /* by the row's fields */
	struct grouping made;  /* by the column's fields; state: a struct column for each of the values */
	struct arena cells;
	struct column *named; /* behind `as` */
	size_t named_count;
	bool star;
	bool by_arrival, lined_up;
	struct schema *schema; /* below */
	size_t drained;
};

/* ---- compiling ---- */

static int read_fields(struct transpose *state, struct plan *plan, const struct operator* operator)
{
	for (size_t i = 0; i < operator->key_count; i++) {
		struct span name;
		if (plan_field_name(plan, operator->keys[i].expr, &name) < 0)
			return -EINVAL;
		if (!slots_add(&state->rows, plan_read(plan, name), plan->arena))
			return plan_no_memory(plan);
	}
	for (size_t i = 0; i < operator->name_count; i++)
		if (!slots_add(&state->columns, plan_read(plan, operator->names[i].name), plan->arena))
			return plan_no_memory(plan);
	return plan->err.number;
}

/* What is neither row nor column nor, while there is anything else, another key of the groups. */
static int find_values(struct transpose *state, struct plan *plan, bool with_keys)
{
	for (size_t i = 0; i < plan->shown.count; i++) {
		uint32_t slot = plan->shown.items[i];
		bool taken = slots_hold(&state->rows, slot) || slots_hold(&state->columns, slot) ||
			     (!with_keys && slots_hold(&plan->keys, slot)) ||
			     (plan->of_messages && slot < MESSAGE_SLOT_COUNT);
		if (!taken && !slots_add(&state->values, slot, plan->arena))
			return plan_no_memory(plan);
	}
	return 0;
}

static int name_columns(struct transpose *state, struct plan *plan, const struct operator* operator,
			struct slots * shown)
{
	state->star = operator->option_count == 0;
	state->named = plan_alloc(plan, operator->option_count * sizeof(*state->named));
	if (!state->named)
		return -ENOMEM;
	for (size_t i = 0; i < operator->option_count; i++) {
		const struct expr *field = operator->options[i].expr;
		if (span_equal(field->text, SPAN("*")) && !field->quoted_name) {
			state->star = true;
			continue;
		}
		uint32_t slot = plan_write(plan, field->text);
		if (slot == SLOT_NONE)
			return plan->err.number;
		if (!slots_hold(shown, slot) && !slots_add(shown, slot, plan->arena))
			return plan_no_memory(plan);
		state->named[state->named_count++] = (struct column){ .name = field->text, .slot = slot };
	}
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct transpose *state = plan_alloc(plan, sizeof(*state));
	struct slots shown = { 0 };

	if (!state)
		return -ENOMEM;
	stage->state = state;
	arena_init(&state->cells, 0);
	int status = read_fields(state, plan, operator);
	if (status == 0)
		status = find_values(state, plan, false);
	if (status == 0 && state->values.count == 0)
		status = find_values(state, plan, true);
	if (status == 0 && state->values.count == 0)
		status = plan_refuse(plan, &operator->place, "there is no field left to fill the table with");
	for (size_t i = 0; i < state->rows.count && status == 0; i++)
		if (!slots_hold(&shown, state->rows.items[i]) && !slots_add(&shown, state->rows.items[i], plan->arena))
			status = plan_no_memory(plan);
	if (status == 0)
		status = name_columns(state, plan, operator, & shown);
	if (status < 0)
		return status;
	size_t keys = state->rows.count > state->columns.count ? state->rows.count : state->columns.count;
	state->keys = plan_alloc(plan, keys * sizeof(*state->keys));
	state->by_arrival = plan->order != ORDER_GROUPS;
	grouping_init(&state->lines, stage, state->rows.count, sizeof(struct line));
	grouping_init(&state->made, stage, state->columns.count, state->values.count * sizeof(struct column));
	plan_narrow(plan, &shown, true);
	plan->open = state->star;
	plan->keys = state->rows;
	plan->transposed = true;
	state->schema = plan->schema;
	return state->keys ? 0 : -ENOMEM;
}

/* ---- rows in ---- */

static struct group *find_group(struct transpose *state, struct grouping *grouping, const struct slots *slots,
				const struct row *row, bool *created)
{
	for (size_t i = 0; i < slots->count; i++)
		state->keys[i] = row->values[slots->items[i]];
	return grouping_find(grouping, state->keys, created);
}

static struct cell *make_cell(struct transpose *state, struct stage *stage, const struct value *value)
{
	size_t len = value->kind == VALUE_TEXT ? value->text.len : 0;

	if (stage_hold(stage, sizeof(struct cell) + len) < 0)
		return NULL;
	struct cell *cell = arena_alloc(&state->cells, sizeof(*cell) + len);
	if (!cell) {
		stage_no_memory(stage);
		return NULL;
	}
	*cell = (struct cell){ .value = *value };
	if (len) {
		cell->value.text.data = memcpy(cell + 1, value->text.data, len);
	}
	return cell;
}

static int too_many(struct stage *stage)
{
	return err_set(&stage->run->err, -E2BIG,
		       "transpose in line %u of the search would make more than %d columns; take fewer rows before it "
		       "(where, topk), or turn rows and columns round",
		       stage->place.line, COLUMNS_MAX);
}

static int push(struct stage *stage, struct row *row)
{
	struct transpose *state = stage->state;
	bool created;
	struct group *group = find_group(state, &state->made, &state->columns, row, &created);

	if (!group)
		return stage->run->err.number;
	if (state->made.count * state->values.count > COLUMNS_MAX && state->star)
		return too_many(stage);
	struct column *columns = grouping_state(&state->made, group);
	group = find_group(state, &state->lines, &state->rows, row, &created);
	if (!group)
		return stage->run->err.number;
	struct line *line = grouping_state(&state->lines, group);
	if (created)
		line->arrival = state->lines.count;
	for (size_t i = 0; i < state->values.count; i++) {
		struct cell *cell = make_cell(state, stage, &row->values[state->values.items[i]]);
		if (!cell)
			return stage->run->err.number;
		cell->column = &columns[i];
		*(line->last ? &line->last->next : &line->first) = cell;
		line->last = cell;
	}
	return FLOW_GO_ON;
}

/* ---- columns ---- */

/* The column's values, and the result's name where there are several. */
static struct span column_name(struct transpose *state, struct run *run, const struct group *group, size_t value)
{
	struct span field = run->fields.items[state->values.items[value]].name;
	struct buffer text = { 0 };

	for (size_t i = 0; i < state->columns.count; i++) {
		char room[NUMBER_ROOM];
		const struct value *key = &group->keys[i];
		if (i)
			buffer_add_byte(&text, '_');
		if (key->kind == VALUE_TEXT)
			buffer_add(&text, key->text);
		else if (key->kind == VALUE_NUMBER)
			buffer_add(&text, (struct span){ room, number_to_text(key->number, room) });
		else
			buffer_text(&text, key->kind == VALUE_NULL ? "null" : key->number != 0 ? "true" : "false");
	}
	if (state->values.count > 1) {
		buffer_add_byte(&text, '_');
		buffer_add(&text, field);
	}
	struct span name = text.failed ? SPAN("") : arena_copy(&run->arena, buffer_span(&text));
	buffer_finish(&text);
	return name;
}

static int compare_columns(const void *a, const void *b)
{
	struct value left = value_text((*(struct column *const *)a)->name);
	struct value right = value_text((*(struct column *const *)b)->name);

	return value_compare(&left, &right);
}

static uint32_t slot_of(const struct transpose *state, struct run *run, struct span name)
{
	for (size_t i = 0; i < state->named_count; i++)
		if (span_equal_nocase(state->named[i].name, name))
			return state->named[i].slot;
	return state->star ? run_dynamic_slot(run, state->schema, name) : SLOT_NONE;
}

static int make_columns(struct transpose *state, struct run *run, struct stage *stage)
{
	size_t per_group = state->values.count, count = state->made.count * per_group;
	struct column **columns = calloc(count ? count : 1, sizeof(struct column *));

	if (!columns)
		return stage_no_memory(stage);
	grouping_sort(&state->made, grouping_compare, &state->made);
	for (size_t i = 0; i < count; i++) {
		struct group *group = grouping_at(&state->made, i / per_group);
		columns[i] = (struct column *)grouping_state(&state->made, group) + i % per_group;
		columns[i]->name = column_name(state, run, group, i % per_group);
	}
	qsort(columns, count, sizeof(struct column *), compare_columns);
	for (size_t i = 0; i < count; i++)
		columns[i]->slot = slot_of(state, run, columns[i]->name);
	free(columns);
	return 0;
}

/* ---- rows out ---- */

static int compare_arrivals(const void *a, const void *b, void *context)
{
	const struct grouping *lines = context;
	const struct line *left = grouping_state(lines, ((const struct bucket *)a)->group);
	const struct line *right = grouping_state(lines, ((const struct bucket *)b)->group);

	return left->arrival < right->arrival ? -1 : 1;
}

static int line_up(struct transpose *state, struct stage *stage)
{
	state->lined_up = true;
	grouping_sort(&state->lines, state->by_arrival ? compare_arrivals : grouping_compare, &state->lines);
	return make_columns(state, stage->run, stage);
}

static int drain(struct stage *stage, struct row *row)
{
	struct transpose *state = stage->state;

	if (!state->lined_up) {
		int status = line_up(state, stage);
		if (status < 0)
			return status;
	}
	if (state->drained == state->lines.count)
		return FLOW_ENOUGH;
	struct group *group = grouping_at(&state->lines, state->drained++);
	const struct line *line = grouping_state(&state->lines, group);
	for (size_t i = 0; i < state->rows.count; i++)
		row->values[state->rows.items[i]] = group->keys[i];
	for (const struct cell *cell = line->first; cell; cell = cell->next)
		if (cell->column->slot != SLOT_NONE)
			row->values[cell->column->slot] = cell->value;
	return stage_hand_on(stage, row);
}

static void finish(struct stage *stage)
{
	struct transpose *state = stage->state;

	grouping_finish(&state->lines);
	grouping_finish(&state->made);
	arena_finish(&state->cells);
}

const struct operator_type transpose_type = { .create = create, .push = push, .drain = drain, .finish = finish };
