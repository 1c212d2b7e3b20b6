/* cat path: the rows of a table, in place of the messages. */
#include "query/lookup_table.h"
#include "query/plan.h"
#include "query/run.h"

struct cat {
	const struct lookup_table *table;
	uint32_t *slots; /* one a column */
	size_t at;	 /* the next row */
};

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct cat *cat = plan_alloc(plan, sizeof(*cat));
	struct slots columns = { 0 };

	if (!cat)
		return -ENOMEM;
	stage->state = cat;
	cat->table = lookup_tables_find(plan->options->tables, operator->patterns[0]);
	if (!cat->table) {
		struct span path = span_first(operator->patterns[0], 80);
		return plan_refuse(
			plan, &operator->pattern_places[0],
			"there is no table of this name here; give it as a CSV file: --lookup '%.*s=FILE.csv'",
			(int)path.len, path.data);
	}
	cat->slots = plan_alloc(plan, cat->table->column_count * sizeof(*cat->slots));
	if (!cat->slots)
		return -ENOMEM;
	for (size_t i = 0; i < cat->table->column_count; i++) {
		cat->slots[i] = plan_write(plan, cat->table->header[i]);
		if (cat->slots[i] == SLOT_NONE || !slots_add(&columns, cat->slots[i], plan->arena))
			return plan->err.number ? plan->err.number : plan_no_memory(plan);
	}
	plan_narrow(plan, &columns, true);
	return 0;
}

static int push(struct stage *stage, struct row *row)
{
	stage_drop(stage, row, "cat shows its table only");
	return FLOW_ENOUGH;
}

static int drain(struct stage *stage, struct row *row)
{
	struct cat *cat = stage->state;
	const struct lookup_table *table = cat->table;

	if (cat->at == table->row_count)
		return FLOW_ENOUGH;
	for (size_t i = 0; i < table->column_count; i++)
		row->values[cat->slots[i]] = value_text(table->cells[cat->at * table->column_count + i]);
	cat->at++;
	return stage_hand_on(stage, row);
}

const struct operator_type cat_type = { .create = create, .push = push, .drain = drain };
