#include "query/order.h"

int order_create(struct order *order, struct plan *plan, const struct order_key *keys, size_t count)
{
	order->nodes = plan_alloc(plan, count * sizeof(struct node *));
	order->ascending = plan_alloc(plan, count * sizeof(bool));
	order->values = plan_alloc(plan, count * sizeof(*order->values));
	if (!order->nodes || !order->ascending || !order->values)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		order->nodes[i] = expr_compile(plan, keys[i].expr);
		if (!order->nodes[i])
			return plan->err.number;
		order->ascending[i] = keys[i].ascending;
	}
	order->count = count;
	return 0;
}

void order_evaluate(struct order *order, struct row *row)
{
	for (size_t i = 0; i < order->count; i++)
		order->values[i] = node_value(order->nodes[i], row);
}

int order_compare(const struct order *order, const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < order->count; i++) {
		int result = value_compare(&a[i], &b[i]);
		if (result)
			return order->ascending[i] ? result : -result;
	}
	return 0;
}
