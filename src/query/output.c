/* The last stage: rows wait for run_next. */
#include "query/run_state.h"

static int push(struct stage *stage, struct row *row)
{
	struct run *run = stage->run;
	size_t count = run->shown.count;
	uint64_t limit = run->options.limit;

	if (limit && run->handed_out == limit)
		return FLOW_ENOUGH;
	struct ready_row *ready = arena_alloc(&row->arena, sizeof(*ready) + count * sizeof(*ready->values));
	if (!ready)
		return stage_no_memory(stage);
	*ready = (struct ready_row){ .count = count };
	for (size_t i = 0; i < count; i++)
		ready->values[i] = row->values[run->shown.items[i]];
	*run->ready_end = ready;
	run->ready_end = &ready->next;
	return ++run->handed_out == limit ? FLOW_ENOUGH : FLOW_GO_ON;
}

const struct operator_type output_type = { .push = push };

/* ---- fields that the data names ---- */

/* Whether names of `upper` are looked up from `lower`. */
static bool sees(const struct schema *lower, const struct schema *upper)
{
	while (lower && lower != upper)
		lower = lower->parent;
	return lower;
}

static void show(struct run *run, uint32_t slot)
{
	if (slots_hold(&run->shown, slot) || !slots_add(&run->shown, slot, &run->arena))
		return;
	run->names[run->shown.count - 1] = run->fields.items[slot].name;
	run->fields.items[slot].shown = true;
}

uint32_t run_dynamic_slot(struct run *run, struct schema *schema, struct span name)
{
	uint32_t slot = schema_find(schema, name);
	bool visible = run->schema && sees(run->schema, schema) && schema_find(run->schema, name) == slot &&
		       !schema_hides(run->schema, schema, name);

	if (slot == SLOT_NONE) {
		if (!visible || run->fields.count == FIELDS_MAX)
			return SLOT_NONE;
		struct span kept = arena_copy(&run->arena, name);
		if (!kept.data || !schema_set(schema, kept, run->fields.count))
			return SLOT_NONE;
		slot = run->fields.count++;
		run->fields.items[slot] = (struct field){ .name = kept };
		run->row.count = run->fields.count;
	}
	if (visible && !run->fields.items[slot].shown)
		show(run, slot);
	return slot;
}
