#include "query/dynamic.h"

#include "query/run_state.h"

static struct span field_name(struct span key, struct arena *arena, name_byte_fn *byte)
{
	char *name = arena_alloc(arena, key.len);

	for (size_t i = 0; name && i < key.len; i++)
		name[i] = byte(key.data[i]);
	return (struct span){ name, name ? key.len : 0 };
}

int dynamic_create(struct dynamic *dynamic, const struct operator* operator, struct plan * plan, name_byte_fn *byte)
{
	size_t count = operator->pattern_count;

	*dynamic = (struct dynamic){ .schema = plan->schema,
				     .keys = plan_alloc(plan, count * sizeof(*dynamic->keys)),
				     .targets = plan_alloc(plan, count * sizeof(*dynamic->targets)),
				     .key_count = count };
	if (!dynamic->keys || !dynamic->targets)
		return -ENOMEM;
	for (size_t i = 0; i < operator->option_count; i++)
		dynamic->keys_only |= span_equal(operator->options[i].name, SPAN("refonly"));
	for (size_t i = 0; i < count; i++) {
		struct span alias = operator->names[i].name;
		dynamic->keys[i] = field_name(operator->patterns[i], plan->arena, byte);
		dynamic->targets[i] = plan_write(plan, alias.len ? alias : dynamic->keys[i]);
	}
	plan->open |= operator->auto_mode && !dynamic->keys_only;
	return 0;
}

void dynamic_start(struct dynamic *dynamic, const struct run *run)
{
	if (dynamic->planned == 0)
		dynamic->planned = run->fields.count;
	dynamic->taken = 0;
}

uint32_t dynamic_slot(struct dynamic *dynamic, struct run *run, struct span name)
{
	for (size_t i = 0; i < dynamic->key_count; i++)
		if (span_equal_nocase(dynamic->keys[i], name))
			return dynamic->targets[i];
	if (dynamic->keys_only || name.len == 0 || name.len > DYNAMIC_NAME_MAX)
		return SLOT_NONE;
	uint32_t slot = schema_find(dynamic->schema, name);
	if (slot < MESSAGE_SLOT_COUNT)
		return SLOT_NONE;
	if ((slot == SLOT_NONE || slot >= dynamic->planned) && dynamic->taken++ >= DYNAMIC_FIELDS_MAX)
		return SLOT_NONE;
	return run_dynamic_slot(run, dynamic->schema, name);
}
