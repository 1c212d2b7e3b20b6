/* order: the keys of a sort, compiled: what they are in a row, and which of two rows comes first. */
#ifndef QUERY_ORDER_H
#define QUERY_ORDER_H

#include "query/expr.h"

struct order {
	struct node **nodes;
	bool *ascending;
	size_t count;
	struct value *values; /* of the row that order_evaluate saw last */
};

/* Of the keys of sort and top; descending where they do not say. 0, or negative with the plan's error set. */
int order_create(struct order *order, struct plan *plan, const struct order_key *keys, size_t count);

/* Fills order->values. What goes wrong is row->trouble. */
void order_evaluate(struct order *order, struct row *row);

/*
 * By value_compare: nulls, numbers by size, texts by their bytes; the other
 * way round where the key is descending. Below 0 when a comes first.
 */
int order_compare(const struct order *order, const struct value *a, const struct value *b);

#endif
