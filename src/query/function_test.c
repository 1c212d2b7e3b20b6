#include "query/functions.h"

void run_is_null(const struct node *node, struct row *row, struct value *result)
{
	*result = value_bool(node_argument(node, 0, row).kind == VALUE_NULL);
}

void run_is_empty(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = value_bool(!argument_text(node, 0, row, &text) || text.len == 0);
}

void run_is_blank(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = value_bool(!argument_text(node, 0, row, &text) || span_trim(text).len == 0);
}

void run_is_numeric(const struct node *node, struct row *row, struct value *result)
{
	double number;

	*result = value_bool(argument_number(node, 0, row, &number));
}
