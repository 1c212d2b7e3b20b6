#include "query/aggregate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct entry {
	struct span word, field;
	size_t least, most;
	const struct aggregate_type *type;
};

static const struct entry entries[] = {
#define AGGREGATE(word, field, least, most, type) { SPAN(word), SPAN(field), least, most, &aggregate_##type },
#include "query/aggregates.def"
#undef AGGREGATE
};

static const struct entry *find_entry(struct span word)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		if (span_equal_nocase(entries[i].word, word))
			return &entries[i];
	return NULL;
}

/* ---- compiling ---- */

static bool is_star(const struct expr *expr)
{
	return expr->kind == EXPR_FIELD && span_equal(expr->text, SPAN("*"));
}

static int check_arguments(struct plan *plan, const struct entry *entry, const struct aggregate *aggregate)
{
	size_t given = aggregate->argument_count;

	if (given < entry->least || given > entry->most)
		return plan_refuse(plan, &aggregate->place, "%s takes %s, not %zu arguments", entry->word.data,
				   entry->most == 1 ? "one field" : "a field", given);
	for (size_t i = 0; i < given; i++)
		if (is_star(aggregate->arguments[i]) && entry->least)
			return plan_refuse(plan, &aggregate->arguments[i]->place, "%s takes a field, not *",
					   entry->word.data);
	return 0;
}

int aggregator_create(struct aggregator *aggregator, struct plan *plan, struct stage *stage,
		      const struct aggregate *aggregate)
{
	const struct entry *entry = find_entry(aggregate->function);
	size_t count = aggregate->argument_count;

	if (!entry)
		return plan_refuse(plan, &aggregate->place, "there is no such aggregate");
	int status = check_arguments(plan, entry, aggregate);
	if (status < 0)
		return status;
	*aggregator = (struct aggregator){ .type = entry->type, .stage = stage, .result_count = 1 };
	aggregator->newest_first = plan->order == ORDER_MESSAGES;
	count = count && is_star(aggregate->arguments[0]) ? 0 : count;
	aggregator->arguments = plan_alloc(plan, count * sizeof(struct node *));
	if (!aggregator->arguments)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		aggregator->arguments[i] = expr_compile(plan, aggregate->arguments[i]);
		if (!aggregator->arguments[i])
			return plan->err.number;
	}
	aggregator->argument_count = count;
	return entry->type->create ? entry->type->create(aggregator, plan, aggregate) : 0;
}

/* ---- names ---- */

static struct span percentile_name(struct plan *plan, const struct aggregate *aggregate, double percent, bool alone)
{
	const struct expr *field = aggregate->arguments[0];
	struct span base = field->kind == EXPR_FIELD ? field->text : SPAN("value");
	char number[NUMBER_ROOM];

	if (aggregate->name.len && alone)
		return aggregate->name;
	if (aggregate->name.len)
		base = aggregate->name;
	size_t digits = number_to_text(percent, number), room = base.len + digits + sizeof("__pct_");
	char *text = plan_alloc(plan, room);
	if (!text)
		return (struct span){ 0 };
	int len = snprintf(text, room, "%s%.*s_pct_%.*s", aggregate->name.len ? "" : "_", (int)base.len, base.data,
			   (int)digits, number);
	return (struct span){ text, (size_t)len };
}

int aggregator_name(struct aggregator *aggregator, struct plan *plan, const struct aggregate *aggregate)
{
	const struct entry *entry = find_entry(aggregate->function);

	aggregator->slots = plan_alloc(plan, aggregator->result_count * sizeof(*aggregator->slots));
	if (!aggregator->slots)
		return -ENOMEM;
	for (size_t i = 0; i < aggregator->result_count; i++) {
		struct span name = aggregate->name.len ? aggregate->name : entry->field;
		if (!entry->field.len)
			name = percentile_name(plan, aggregate, aggregator->percents[i], aggregator->result_count == 1);
		aggregator->slots[i] = plan_write(plan, name);
		if (aggregator->slots[i] == SLOT_NONE)
			return plan->err.number;
	}
	return 0;
}

/* ---- values that are kept ---- */

static bool held_value_grow(struct held_value *held, size_t len, struct stage *stage)
{
	size_t capacity = len < 32 ? 32 : len + len / 2;

	if (stage_hold(stage, capacity - held->capacity) < 0)
		return false;
	char *room = realloc(held->room, capacity);
	if (!room) {
		stage_no_memory(stage);
		return false;
	}
	held->room = room;
	held->capacity = capacity;
	return true;
}

int held_value_set(struct held_value *held, const struct value *value, struct stage *stage)
{
	held->value = *value;
	held->set = true;
	if (value->kind != VALUE_TEXT || value->text.len == 0)
		return 0;
	if (value->text.len > held->capacity && !held_value_grow(held, value->text.len, stage))
		return -E2BIG;
	memcpy(held->room, value->text.data, value->text.len);
	held->value.text.data = held->room;
	return 0;
}

void held_value_forget(struct held_value *held)
{
	free(held->room);
}
