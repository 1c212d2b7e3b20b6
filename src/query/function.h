/*
 * function: what can be called in an expression.
 *
 * To add one: its node_fn in a file function_TOPIC.c, and its line in
 * functions.def.
 */
#ifndef QUERY_FUNCTION_H
#define QUERY_FUNCTION_H

#include "query/expr.h"

#define ARGUMENTS_ANY SIZE_MAX

/* Makes ready what a call needs beside its arguments. 0, or negative with the plan's error set. */
typedef int prepare_fn(struct node *node, struct plan *plan, const struct expr *call);

struct function {
	struct span name;
	size_t least, most; /* arguments */
	node_fn *run;
	prepare_fn *prepare; /* or NULL */
};

/* NULL when there is none of that name. Case does not matter. */
const struct function *function_find(struct span name);

/* The number that an argument is; false when it is none. */
bool argument_number(const struct node *node, size_t i, struct row *row, double *number);

/* The text of an argument; false when it is null. */
bool argument_text(const struct node *node, size_t i, struct row *row, struct span *text);

/* A result of `len` bytes to be filled, or NULL with row->trouble and a null result. */
char *result_room(struct row *row, size_t len, struct value *result);

#endif
