#include "query/plan.h"

#include <stdarg.h>
#include <stdio.h>

#include "match/regex.h"
#include "query/keeper.h"
#include "query/run_state.h"

#define OPERATOR_TYPE(kind, type) extern const struct operator_type type;
#include "query/operator_types.def"
#undef OPERATOR_TYPE

static const struct {
	enum operator_kind kind;
	const struct operator_type *type;
} operator_types[] = {
#define OPERATOR_TYPE(kind, type) { kind, &type },
#include "query/operator_types.def"
#undef OPERATOR_TYPE
};

/* ---- slots ---- */

bool slots_hold(const struct slots *slots, uint32_t slot)
{
	for (size_t i = 0; i < slots->count; i++)
		if (slots->items[i] == slot)
			return true;
	return false;
}

bool slots_add(struct slots *slots, uint32_t slot, struct arena *arena)
{
	if (slots->count == slots->capacity) {
		size_t capacity = slots->capacity ? slots->capacity * 2 : 16;
		uint32_t *items = arena_alloc(arena, capacity * sizeof(*items));
		if (!items)
			return false;
		if (slots->count)
			memcpy(items, slots->items, slots->count * sizeof(*items));
		slots->items = items;
		slots->capacity = capacity;
	}
	slots->items[slots->count++] = slot;
	return true;
}

static void slots_remove(struct slots *slots, uint32_t slot)
{
	size_t kept = 0;

	for (size_t i = 0; i < slots->count; i++)
		if (slots->items[i] != slot)
			slots->items[kept++] = slots->items[i];
	slots->count = kept;
}

static struct slots slots_copy(const struct slots *slots, struct arena *arena)
{
	struct slots copy = { 0 };

	for (size_t i = 0; i < slots->count; i++)
		slots_add(&copy, slots->items[i], arena);
	return copy;
}

/* ---- fields ---- */

/* A field that only the data knows is filled above, where it has to be known, unless it was taken away since. */
static struct schema *schema_of_new(const struct plan *plan, struct span name)
{
	struct schema *schema = plan->schema;

	if (!plan->open || schema_hides(schema, NULL, name))
		return schema;
	while (schema->parent)
		schema = schema->parent;
	return schema;
}

static uint32_t add_slot(struct plan *plan, struct span name)
{
	if (plan->fields->count == FIELDS_MAX) {
		err_set(&plan->err, -E2BIG, "the search names more than %d fields", FIELDS_MAX);
		return SLOT_NONE;
	}
	uint32_t slot = plan->fields->count++;
	plan->fields->items[slot] = (struct field){ .name = name };
	if (!schema_set(schema_of_new(plan, name), name, slot))
		plan_no_memory(plan);
	return slot;
}

/* What only messages have, and only those who ask are given. */
static void note_metadata(struct plan *plan, struct span name, uint32_t slot)
{
	if (!plan->of_messages)
		return;
	if (span_equal_nocase(name, SPAN("_size")))
		plan->size_slot = slot;
	else if (span_equal_nocase(name, SPAN("_messagecount")))
		plan->count_slot = slot;
}

uint32_t plan_read(struct plan *plan, struct span name)
{
	uint32_t slot = schema_find(plan->schema, name);

	if (slot == SLOT_NONE && plan->of_messages && span_equal_nocase(name, SPAN("_receipttime")))
		return plan_read(plan, SPAN("_messageTime"));
	if (slot == SLOT_NONE) {
		slot = add_slot(plan, name);
		note_metadata(plan, name, slot);
	}
	return slot;
}

uint32_t plan_write(struct plan *plan, struct span name)
{
	uint32_t slot = schema_find(plan->schema, name);

	if (slot == SLOT_NONE)
		slot = add_slot(plan, name);
	if (slot == SLOT_NONE)
		return slot;
	plan->fields->items[slot].shown = true;
	if (!slots_hold(&plan->shown, slot) && !slots_add(&plan->shown, slot, plan->arena))
		plan_no_memory(plan);
	return slot;
}

void plan_narrow(struct plan *plan, const struct slots *slots, bool rows)
{
	struct schema *schema = schema_create(plan->arena, NULL);

	plan->shown = slots_copy(slots, plan->arena);
	plan->open = false;
	plan->of_messages &= !rows;
	if (!schema) {
		plan_no_memory(plan);
		return;
	}
	plan->schema = schema;
	for (size_t i = 0; i < slots->count; i++) {
		struct field *field = &plan->fields->items[slots->items[i]];
		field->shown = true;
		if (!schema_set(schema, field->name, slots->items[i]))
			plan_no_memory(plan);
	}
}

void plan_remove(struct plan *plan, struct span name)
{
	uint32_t slot = schema_find(plan->schema, name);
	struct schema *schema = schema_create(plan->arena, plan->schema);

	if (!schema || !schema_set(schema, name, SLOT_REMOVED)) {
		plan_no_memory(plan);
		return;
	}
	plan->schema = schema;
	if (slot != SLOT_NONE)
		slots_remove(&plan->shown, slot);
}

void plan_keeper(struct plan *plan, struct keeper *keeper)
{
	struct slots slots = slots_copy(&plan->shown, plan->arena);

	*keeper = (struct keeper){
		.slots = slots.items, .count = slots.count, .open = plan->open, .fields = plan->fields
	};
}

/* ---- helpers of operators ---- */

void *plan_alloc(struct plan *plan, size_t size)
{
	void *memory = arena_alloc(plan->arena, size);

	if (!memory) {
		plan_no_memory(plan);
		return NULL;
	}
	return memset(memory, 0, size);
}

int plan_refuse(struct plan *plan, const struct place_in_text *place, const char *format, ...)
{
	struct query_error error = { .place = *place };
	struct buffer text = { 0 };
	va_list args;

	va_start(args, format);
	vsnprintf(error.message, sizeof(error.message), format, args);
	va_end(args);
	query_error_print(&text, plan->text, &error);
	while (text.len && text.data[text.len - 1] == '\n')
		text.len--;
	err_set(&plan->err, -EINVAL, "%.*s", (int)text.len, text.failed ? "" : text.data);
	buffer_finish(&text);
	return -EINVAL;
}

int plan_no_memory(struct plan *plan)
{
	return err_set(&plan->err, -ENOMEM, "memory is out for the search");
}

int plan_regex(struct plan *plan, struct span pattern, bool ignore_case, const struct place_in_text *place,
	       struct searcher *searcher)
{
	struct made_regex *made = plan_alloc(plan, sizeof(*made));
	struct err err = { 0 };

	if (!made)
		return -ENOMEM;
	made->next = plan->regexes;
	plan->regexes = made;
	made->regex = regex_create(pattern, ignore_case, &err);
	if (!made->regex)
		return plan_refuse(plan, place, "%s", err.text);
	made->match = regex_match_create(made->regex);
	if (!made->match)
		return plan_no_memory(plan);
	*searcher = (struct searcher){ made->regex, made->match };
	return 0;
}

/* A number as written, with a sign, or a string that is one. */
static bool constant_number(const struct expr *expr, double *number)
{
	struct value text = value_text(expr->text);

	switch (expr->kind) {
	case EXPR_NUMBER:
		*number = expr->number;
		return true;
	case EXPR_STRING:
		return value_to_number(&text, number);
	case EXPR_UNARY:
		if (expr->op != OP_NEGATE || !constant_number(expr->children[0], number))
			return false;
		*number = -*number;
		return true;
	case EXPR_NULL:
	case EXPR_BOOL:
	case EXPR_FIELD:
	case EXPR_BINARY:
	case EXPR_CONDITION:
	case EXPR_IN:
	case EXPR_MATCHES:
	case EXPR_CALL:
	case EXPR_SUBQUERY:
	case EXPR_REGEX:
	case EXPR_PARAMETER:
		break;
	}
	return false;
}

/* Those of dashboards, {{name}}, and macros: `name`. */
static int refuse_parameter(struct plan *plan, const struct place_in_text *place)
{
	return plan_refuse(plan, place, "a parameter has no value here: write one in its place");
}

int plan_constant(struct plan *plan, const struct expr *expr, double least, double most, double *number)
{
	if (expr->kind == EXPR_PARAMETER)
		return refuse_parameter(plan, &expr->place);
	if (!constant_number(expr, number))
		return plan_refuse(plan, &expr->place, "this has to be a number");
	if (*number < least || *number > most)
		return plan_refuse(plan, &expr->place, "this has to be between %.15g and %.15g", least, most);
	return 0;
}

int plan_field_name(struct plan *plan, const struct expr *expr, struct span *name)
{
	if (expr->kind != EXPR_FIELD)
		return plan_refuse(plan, &expr->place, "this has to be the name of a field");
	*name = expr->text;
	return 0;
}

/* ---- the whole ---- */

struct stage *plan_stage(struct plan *plan, const struct operator_type *type, struct run *run)
{
	struct stage *stage = plan_alloc(plan, sizeof(*stage));

	if (stage) {
		stage->type = type;
		stage->run = run;
	}
	return stage;
}

static const struct operator_type *type_of(enum operator_kind kind)
{
	for (size_t i = 0; i < sizeof(operator_types) / sizeof(*operator_types); i++)
		if (operator_types[i].kind == kind)
			return operator_types[i].type;
	return NULL;
}

static bool opens_chain(const struct operator* operator)
{
	return operator->nodrop &&(operator->kind == OPERATOR_PARSE_REGEX || operator->kind == OPERATOR_PARSE_ANCHOR);
}

static int add_operator(struct plan *plan, const struct operator* operator, struct run * run, struct stage ***last)
{
	const struct operator_type *type = type_of(operator->kind);

	if (!type && (span_starts(operator->name, SPAN("{{")) || span_starts(operator->name, SPAN("`"))))
		return refuse_parameter(plan, &operator->place);
	if (!type)
		return plan_refuse(plan, &operator->place,
				   "%.*s is part of the language, but proctor does not run it; take this stage out",
				   (int)(operator->name.len < 40 ? operator->name.len : 40), operator->name.data);
	struct stage *stage = plan_stage(plan, type, run);
	if (!stage)
		return -ENOMEM;
	stage->place = operator->place;
	stage->text = operator->text;
	plan->operator= operator;
	int status = type->create(stage, operator, plan);
	/* A name too many, or memory, may have been told on the way. */
	if (status == 0 && plan->err.number)
		status = plan->err.number;
	if (status < 0)
		return status;
	plan->in_chain = opens_chain(operator);
	**last = stage;
	*last = &stage->next;
	return 0;
}

int plan_operators(struct plan *plan, const struct query *query, struct run *run, struct stage ***last)
{
	for (const struct operator* at = query->first; at; at = at->next) {
		int status = add_operator(plan, at, run, last);
		if (status < 0)
			return status;
	}
	return 0;
}
