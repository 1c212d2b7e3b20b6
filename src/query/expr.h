/*
 * expr: an expression, compiled. A node computes one value from the row; its
 * children are nodes. Nothing in it fails: what has no value is null, and
 * what must not go on sets row->trouble.
 */
#ifndef QUERY_EXPR_H
#define QUERY_EXPR_H

#include "query/plan.h"

struct node;

typedef void node_fn(const struct node *node, struct row *row, struct value *result);

struct node {
	node_fn *run;
	struct node **children;
	size_t count;
	uint32_t slot;
	bool negated;
	enum expr_op op;
	struct value constant;
	const void *prepared; /* what a function made of its constant arguments; the pattern of matches "…" */
	struct searcher searcher;
};

static inline struct value node_value(const struct node *node, struct row *row)
{
	struct value value;

	node->run(node, row, &value);
	return value;
}

static inline struct value node_argument(const struct node *node, size_t i, struct row *row)
{
	return node_value(node->children[i], row);
}

/* NULL with the plan's error set. */
struct node *expr_compile(struct plan *plan, const struct expr *expr);

/* The value of a node that is a constant; NULL otherwise. */
const struct value *node_constant(const struct node *node);

/* A number as a value; what is none (0/0, 1/0) is null. */
struct value number_or_null(double number);

#endif
