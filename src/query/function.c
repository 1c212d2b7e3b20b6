#include "query/function.h"

#include <strings.h>

#include "query/function_runs.h"

static const struct function functions[] = {
#define FUNCTION(name, least, most, run, prepare) { SPAN(name), least, most, run, prepare },
#include "query/functions.def"
#undef FUNCTION
};

static int compare(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? strncasecmp(a.data, b.data, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

const struct function *function_find(struct span name)
{
	size_t low = 0, high = sizeof(functions) / sizeof(*functions);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(name, functions[middle].name);
		if (order == 0)
			return &functions[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* ---- arguments and results ---- */

bool argument_number(const struct node *node, size_t i, struct row *row, double *number)
{
	struct value value = node_argument(node, i, row);

	return value_to_number(&value, number);
}

bool argument_text(const struct node *node, size_t i, struct row *row, struct span *text)
{
	struct value value = node_argument(node, i, row);

	*text = row_text(row, &value);
	return value.kind != VALUE_NULL;
}

char *result_room(struct row *row, size_t len, struct value *result)
{
	char *room = row_room(row, len);

	*result = room ? value_text((struct span){ room, len }) : VALUE_OF_NULL;
	return room;
}
