/*
 * expression as field. Without a name, a cast of a field alone changes that
 * field, and any other call makes a field named for the function.
 */
#include "query/expr.h"

struct assign {
	struct node *node;
	uint32_t slot;
};

static bool is_cast(const struct expr *expr)
{
	static const struct span names[] = { SPAN("num"),    SPAN("number"), SPAN("int"),    SPAN("long"),
					     SPAN("double"), SPAN("toint"),  SPAN("tolong"), SPAN("todouble") };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal_nocase(expr->text, names[i]))
			return expr->child_count == 1 && expr->children[0]->kind == EXPR_FIELD;
	return false;
}

/* "_" and the word. Empty when memory is out. */
static struct span default_name(struct plan *plan, struct span word)
{
	char *name = plan_alloc(plan, word.len + 1);

	if (!name)
		return (struct span){ 0 };
	name[0] = '_';
	memcpy(name + 1, word.data, word.len);
	return (struct span){ name, word.len + 1 };
}

static struct span name_of(struct plan *plan, const struct operator* operator)
{
	const struct expr *expr = operator->expr;

	if (operator->names[0].name.len)
		return operator->names[0].name;
	if (expr->kind == EXPR_CALL)
		return is_cast(expr) ? expr->children[0]->text : default_name(plan, expr->text);
	return default_name(plan, expr->kind == EXPR_CONDITION ? SPAN("if") : SPAN("value"));
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct assign *assign = plan_alloc(plan, sizeof(*assign));

	if (!assign)
		return -ENOMEM;
	assign->node = expr_compile(plan, operator->expr);
	if (!assign->node)
		return plan->err.number;
	struct span name = name_of(plan, operator);
	if (!name.data)
		return -ENOMEM;
	assign->slot = plan_write(plan, name);
	stage->state = assign;
	return 0;
}

static int push(struct stage *stage, struct row *row)
{
	const struct assign *assign = stage->state;
	struct value value = node_value(assign->node, row);

	if (row->trouble)
		return stage_drop_bad(stage, row);
	row->values[assign->slot] = value;
	return stage_hand_on(stage, row);
}

const struct operator_type assign_type = { .create = create, .push = push };
