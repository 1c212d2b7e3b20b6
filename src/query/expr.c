/*
 * Compiling expressions, and the nodes that the language has beside calls.
 *
 * A null has no order and equals nothing, not even by `!=`, `!matches` and
 * `not in`; `!( … )` of such a comparison is true.
 */
#include "query/expr.h"

#include <math.h>

#include "match/regex.h"
#include "match/wildcard.h"
#include "query/function.h"

struct value number_or_null(double number)
{
	return isfinite(number) ? value_number(number) : VALUE_OF_NULL;
}

/* ---- leaves ---- */

static void run_constant(const struct node *node, struct row *row, struct value *result)
{
	(void)row;
	*result = node->constant;
}

static void run_field(const struct node *node, struct row *row, struct value *result)
{
	*result = row->values[node->slot];
}

const struct value *node_constant(const struct node *node)
{
	return node->run == run_constant ? &node->constant : NULL;
}

/* ---- logic ---- */

static bool is_true(const struct node *node, struct row *row)
{
	struct value value = node_value(node, row);

	return value_is_true(&value);
}

static void run_and(const struct node *node, struct row *row, struct value *result)
{
	*result = value_bool(is_true(node->children[0], row) && is_true(node->children[1], row));
}

static void run_or(const struct node *node, struct row *row, struct value *result)
{
	*result = value_bool(is_true(node->children[0], row) || is_true(node->children[1], row));
}

static void run_not(const struct node *node, struct row *row, struct value *result)
{
	*result = value_bool(!is_true(node->children[0], row));
}

static void run_condition(const struct node *node, struct row *row, struct value *result)
{
	*result = node_argument(node, is_true(node->children[0], row) ? 1 : 2, row);
}

/* ---- comparing ---- */

static void run_equal(const struct node *node, struct row *row, struct value *result)
{
	struct value a = node_argument(node, 0, row), b = node_argument(node, 1, row);
	bool known = a.kind != VALUE_NULL && b.kind != VALUE_NULL;

	*result = value_bool(known && value_equal(&a, &b) != node->negated);
}

static bool has_order(enum expr_op op, int order)
{
	switch ((int)op) {
	case OP_LESS:
		return order < 0;
	case OP_LESS_EQUAL:
		return order <= 0;
	case OP_GREATER:
		return order > 0;
	case OP_GREATER_EQUAL:
		return order >= 0;
	}
	return false;
}

static void run_order(const struct node *node, struct row *row, struct value *result)
{
	struct value a = node_argument(node, 0, row), b = node_argument(node, 1, row);
	int order;

	*result = value_bool(value_order(&a, &b, &order) && has_order(node->op, order));
}

static void run_in(const struct node *node, struct row *row, struct value *result)
{
	struct value sought = node_argument(node, 0, row);
	bool found = false;

	for (size_t i = 1; i < node->count && !found; i++) {
		struct value value = node_argument(node, i, row);
		found = value_equal(&sought, &value);
	}
	*result = value_bool(sought.kind != VALUE_NULL && found != node->negated);
}

/* ---- numbers ---- */

static void run_arithmetic(const struct node *node, struct row *row, struct value *result)
{
	struct value values[2] = { node_argument(node, 0, row), node_argument(node, 1, row) };
	double a, b;

	*result = VALUE_OF_NULL;
	if (!value_to_number(&values[0], &a) || !value_to_number(&values[1], &b))
		return;
	switch ((int)node->op) {
	case OP_ADD:
		*result = number_or_null(a + b);
		break;
	case OP_SUBTRACT:
		*result = number_or_null(a - b);
		break;
	case OP_MULTIPLY:
		*result = number_or_null(a * b);
		break;
	case OP_DIVIDE:
		*result = number_or_null(a / b);
		break;
	case OP_MODULO:
		*result = number_or_null(fmod(a, b));
		break;
	}
}

static void run_negate(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row);
	double number;

	*result = value_to_number(&value, &number) ? value_number(-number) : VALUE_OF_NULL;
}

/* ---- matches ---- */

static void run_wildcard(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row);

	*result = value_bool(value.kind != VALUE_NULL &&
			     wildcard_matches(node->prepared, row_text(row, &value)) != node->negated);
}

/* The pattern is another in each row. */
static void run_matches_field(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row), pattern = node_argument(node, 1, row);
	struct wildcard wildcard;

	*result = value_bool(false);
	if (value.kind == VALUE_NULL || pattern.kind == VALUE_NULL)
		return;
	if (wildcard_compile(&wildcard, row_text(row, &pattern), false, &row->arena))
		*result = value_bool(wildcard_matches(&wildcard, row_text(row, &value)) != node->negated);
	else
		row->trouble = "memory is out for a pattern";
}

static void run_regex(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row);
	int found;

	*result = value_bool(false);
	if (value.kind == VALUE_NULL)
		return;
	found = regex_search(node->searcher.regex, node->searcher.match, row_text(row, &value), 0);
	if (found < 0)
		row->trouble = "a regular expression takes too long on this row";
	else
		*result = value_bool(found != node->negated);
}

/* ---- compiling ---- */

static struct node *create(struct plan *plan, const struct expr *expr, node_fn *run)
{
	struct node *node = plan_alloc(plan, sizeof(*node));
	bool failed = !node;

	if (!node)
		return NULL;
	node->run = run;
	node->op = expr->op;
	node->negated = expr->negated;
	node->slot = SLOT_NONE;
	node->count = expr->child_count;
	node->children = plan_alloc(plan, expr->child_count * sizeof(struct node *));
	for (size_t i = 0; i < expr->child_count && !failed && node->children; i++)
		failed = !(node->children[i] = expr_compile(plan, expr->children[i]));
	return failed || !node->children ? NULL : node;
}

static struct node *create_constant(struct plan *plan, const struct expr *expr, struct value constant)
{
	struct node *node = create(plan, expr, run_constant);

	if (node)
		node->constant = constant;
	return node;
}

static struct node *create_field(struct plan *plan, const struct expr *expr)
{
	struct node *node = create(plan, expr, run_field);

	if (node)
		node->slot = plan_read(plan, expr->text);
	return node && node->slot != SLOT_NONE ? node : NULL;
}

static node_fn *binary_run(enum expr_op op)
{
	switch (op) {
	case OP_OR:
		return run_or;
	case OP_AND:
		return run_and;
	case OP_EQUAL:
	case OP_NOT_EQUAL:
		return run_equal;
	case OP_LESS:
	case OP_LESS_EQUAL:
	case OP_GREATER:
	case OP_GREATER_EQUAL:
		return run_order;
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
		return run_arithmetic;
	case OP_NOT:
	case OP_NEGATE:
		break;
	}
	return NULL;
}

static struct node *create_binary(struct plan *plan, const struct expr *expr)
{
	struct node *node = create(plan, expr, binary_run(expr->op));

	if (node)
		node->negated = expr->op == OP_NOT_EQUAL;
	return node;
}

static struct node *create_wildcard(struct plan *plan, const struct expr *expr)
{
	struct node *node = create(plan, expr, run_wildcard);
	struct wildcard *wildcard = plan_alloc(plan, sizeof(*wildcard));

	if (!node || !wildcard)
		return NULL;
	if (!wildcard_compile(wildcard, expr->text, false, plan->arena)) {
		plan_no_memory(plan);
		return NULL;
	}
	node->prepared = wildcard;
	return node;
}

static struct node *create_matches(struct plan *plan, const struct expr *expr)
{
	if (expr->child_count > 1)
		return create(plan, expr, run_matches_field);
	if (!expr->is_regex)
		return create_wildcard(plan, expr);
	struct node *node = create(plan, expr, run_regex);
	if (node && plan_regex(plan, expr->text, expr->ignore_case, &expr->place, &node->searcher) < 0)
		return NULL;
	return node;
}

static int check_count(struct plan *plan, const struct function *function, const struct expr *call)
{
	size_t given = call->child_count;

	if (given >= function->least && given <= function->most)
		return 0;
	if (function->least == function->most)
		return plan_refuse(plan, &call->place, "%s takes %zu arguments, not %zu", function->name.data,
				   function->least, given);
	return plan_refuse(plan, &call->place, "%s takes at %s %zu arguments, not %zu", function->name.data,
			   given < function->least ? "least" : "most",
			   given < function->least ? function->least : function->most, given);
}

static struct node *create_call(struct plan *plan, const struct expr *expr)
{
	const struct function *function = function_find(expr->text);

	if (!function) {
		plan_refuse(plan, &expr->place, "there is no function %.*s",
			    (int)(expr->text.len < 60 ? expr->text.len : 60), expr->text.data);
		return NULL;
	}
	if (check_count(plan, function, expr) < 0)
		return NULL;
	struct node *node = create(plan, expr, function->run);
	if (node && function->prepare && function->prepare(node, plan, expr) < 0)
		return NULL;
	return node;
}

static struct node *refuse(struct plan *plan, const struct expr *expr, const char *why)
{
	plan_refuse(plan, &expr->place, "%s", why);
	return NULL;
}

struct node *expr_compile(struct plan *plan, const struct expr *expr)
{
	switch (expr->kind) {
	case EXPR_NULL:
		return create_constant(plan, expr, VALUE_OF_NULL);
	case EXPR_BOOL:
		return create_constant(plan, expr, value_bool(expr->number != 0));
	case EXPR_NUMBER:
		return create_constant(plan, expr, value_number(expr->number));
	case EXPR_STRING:
	case EXPR_REGEX: /* an argument: the function compiles it */
		return create_constant(plan, expr, value_text(expr->text));
	case EXPR_FIELD:
		return create_field(plan, expr);
	case EXPR_UNARY:
		return create(plan, expr, expr->op == OP_NOT ? run_not : run_negate);
	case EXPR_BINARY:
		return create_binary(plan, expr);
	case EXPR_CONDITION:
		return create(plan, expr, run_condition);
	case EXPR_IN:
		return create(plan, expr, run_in);
	case EXPR_MATCHES:
		return create_matches(plan, expr);
	case EXPR_CALL:
		return create_call(plan, expr);
	case EXPR_SUBQUERY:
		return refuse(plan, expr, "proctor parses subqueries, but does not run them");
	case EXPR_PARAMETER:
		return refuse(plan, expr, "a parameter has no value here: write one in its place");
	}
	return NULL;
}
