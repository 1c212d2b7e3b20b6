/*
 * lookup a, b as c from path on x=y, z     (lookup * for all columns)
 *
 * The row of the table whose columns equal the fields gives the columns asked
 * for; of several, the last. A row that has none goes on, with nulls. In
 * `on x=y` the one is a field and the other a column, in either order, as
 * published: the column is the one that the table has. Values are compared
 * with case, but without it in tables of the new kind, path://"…".
 */
#include <stdio.h>

#include "query/lookup_table.h"
#include "query/plan.h"
#include "query/run.h"

struct join {
	uint32_t field; /* slot */
	size_t column;
};

struct output {
	uint32_t slot;
	size_t column;
};

struct lookup {
	const struct lookup_table *table;
	struct join *joins;
	size_t join_count;
	struct output *outputs;
	size_t output_count;
	bool nocase;
	uint32_t *rows; /* a hash of the table's rows: number + 1, or 0 */
	size_t mask;
};

/* ---- the table's rows by their keys ---- */

static const struct span *cell_at(const struct lookup *lookup, uint32_t row, size_t column)
{
	return &lookup->table->cells[row * lookup->table->column_count + column];
}

static uint64_t add_to_hash(const struct lookup *lookup, uint64_t hash, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (lookup->nocase && c >= 'A' && c <= 'Z')
			c |= 0x20;
		hash = (hash ^ c) * 0x100000001b3u;
	}
	hash ^= text.len;
	hash *= 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

static bool is_equal(const struct lookup *lookup, struct span a, struct span b)
{
	return lookup->nocase ? span_equal_nocase(a, b) : span_equal(a, b);
}

static bool has_keys(const struct lookup *lookup, uint32_t row, const struct span *keys)
{
	for (size_t i = 0; i < lookup->join_count; i++)
		if (!is_equal(lookup, *cell_at(lookup, row, lookup->joins[i].column), keys[i]))
			return false;
	return true;
}

/* Where the row with these keys is, or would be. */
static uint32_t *find_row(const struct lookup *lookup, const struct span *keys)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < lookup->join_count; i++)
		hash = add_to_hash(lookup, hash, keys[i]);
	size_t at = hash & lookup->mask;
	while (lookup->rows[at] && !has_keys(lookup, lookup->rows[at] - 1, keys))
		at = (at + 1) & lookup->mask;
	return &lookup->rows[at];
}

#define JOINS_MAX 16

static int index_rows(struct lookup *lookup, struct plan *plan)
{
	size_t capacity = 16;
	struct span keys[JOINS_MAX];

	while (capacity < lookup->table->row_count * 2)
		capacity *= 2;
	lookup->mask = capacity - 1;
	lookup->rows = plan_alloc(plan, capacity * sizeof(*lookup->rows));
	if (!lookup->rows)
		return -ENOMEM;
	for (uint32_t row = 0; row < lookup->table->row_count; row++) {
		for (size_t i = 0; i < lookup->join_count; i++)
			keys[i] = *cell_at(lookup, row, lookup->joins[i].column);
		*find_row(lookup, keys) = row + 1;
	}
	return 0;
}

/* ---- compiling ---- */

static int refuse_column(struct plan *plan, const struct place_in_text *place, const struct lookup_table *table)
{
	char columns[160];
	size_t len = 0;

	for (size_t i = 0; i < table->column_count && len + 2 < sizeof(columns); i++) {
		struct span name = span_first(table->header[i], sizeof(columns) - len - 2);
		len += (size_t)snprintf(columns + len, sizeof(columns) - len, "%s%.*s", i ? ", " : "", (int)name.len,
					name.data);
		len = len < sizeof(columns) ? len : sizeof(columns) - 1;
	}
	return plan_refuse(plan, place, "the table has no such column; it has %.*s", (int)len, columns);
}

static int add_join(struct lookup *lookup, const struct expr *condition, struct plan *plan)
{
	struct span left, right = { 0 };
	int status = plan_field_name(plan, condition->children[0], &left);

	if (status == 0)
		status = plan_field_name(plan, condition->children[1], &right);
	if (status < 0)
		return status;
	if (lookup->join_count == JOINS_MAX)
		return plan_refuse(plan, &condition->place, "a lookup joins by at most %d columns", JOINS_MAX);
	struct join *join = &lookup->joins[lookup->join_count++];
	join->column = lookup_table_column(lookup->table, right);
	join->field = plan_read(plan, left);
	if (join->column < lookup->table->column_count)
		return 0;
	join->column = lookup_table_column(lookup->table, left);
	join->field = plan_read(plan, right);
	return join->column < lookup->table->column_count ? 0 : refuse_column(plan, &condition->place, lookup->table);
}

static void add_output(struct lookup *lookup, struct plan *plan, struct span name, size_t column)
{
	lookup->outputs[lookup->output_count++] = (struct output){ .slot = plan_write(plan, name), .column = column };
}

static int add_outputs(struct lookup *lookup, const struct named_expr *name, struct plan *plan)
{
	const struct lookup_table *table = lookup->table;
	struct span column = name->expr->text;

	if (span_equal(column, SPAN("*"))) {
		for (size_t i = 0; i < table->column_count; i++)
			add_output(lookup, plan, table->header[i], i);
		return 0;
	}
	size_t found = lookup_table_column(table, column);
	if (found == table->column_count)
		return refuse_column(plan, &name->place, table);
	add_output(lookup, plan, name->name.len ? name->name : column, found);
	return 0;
}

static int refuse_table(struct plan *plan, const struct operator* operator)
{
	struct span path = span_first(operator->patterns[0], 80);

	return plan_refuse(plan, &operator->pattern_places[0],
			   "there is no table of this name here; give it as a CSV file: --lookup '%.*s=FILE.csv'",
			   (int)path.len, path.data);
}

static int resolve(struct lookup *lookup, const struct operator* operator, struct plan * plan)
{
	int status = 0;

	/* Fields are read before others are filled: on ip=ip. */
	for (size_t i = 0; status == 0 && i < operator->key_count; i++)
		status = add_join(lookup, operator->keys[i].expr, plan);
	for (size_t i = 0; status == 0 && i < operator->name_count; i++)
		status = add_outputs(lookup, &operator->names[i], plan);
	return status;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct lookup *lookup = plan_alloc(plan, sizeof(*lookup));

	if (!lookup)
		return -ENOMEM;
	stage->state = lookup;
	lookup->table = lookup_tables_find(plan->options->tables, operator->patterns[0]);
	if (!lookup->table)
		return refuse_table(plan, operator);
	lookup->nocase = span_starts(operator->patterns[0], SPAN("path://"));
	lookup->joins = plan_alloc(plan, JOINS_MAX * sizeof(*lookup->joins));
	lookup->outputs =
		plan_alloc(plan, operator->name_count * lookup->table->column_count * sizeof(*lookup->outputs));
	if (!lookup->joins || !lookup->outputs)
		return -ENOMEM;
	int status = resolve(lookup, operator, plan);
	return status < 0 ? status : index_rows(lookup, plan);
}

/* ---- rows ---- */

/* The table's row for this one: number + 1, or 0. */
static uint32_t look_up(const struct lookup *lookup, struct row *row)
{
	struct span keys[JOINS_MAX];

	for (size_t i = 0; i < lookup->join_count; i++) {
		const struct value *value = &row->values[lookup->joins[i].field];
		if (value->kind == VALUE_NULL)
			return 0;
		keys[i] = row_text(row, value);
	}
	return *find_row(lookup, keys);
}

static int push(struct stage *stage, struct row *row)
{
	const struct lookup *lookup = stage->state;
	uint32_t found = look_up(lookup, row);

	for (size_t i = 0; i < lookup->output_count; i++) {
		const struct output *output = &lookup->outputs[i];
		row->values[output->slot] =
			found ? value_text(*cell_at(lookup, found - 1, output->column)) : VALUE_OF_NULL;
	}
	return stage_hand_on(stage, row);
}

const struct operator_type lookup_type = { .create = create, .push = push };
