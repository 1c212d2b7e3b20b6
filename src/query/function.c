#include "query/function.h"

#include <strings.h>

#include "query/functions.h"

static const struct function functions[] = {
#define FUNCTION(name, least, most, run, prepare) { SPAN(name), least, most, run, prepare },
#include "query/functions.def"
#undef FUNCTION
};

#define NAME_MAX_LEN 32

const struct function *function_find(struct span name)
{
	size_t low = 0, high = sizeof(functions) / sizeof(*functions);
	char word[NAME_MAX_LEN];

	if (name.len == 0 || name.len >= sizeof(word) || memchr(name.data, 0, name.len))
		return NULL;
	memcpy(word, name.data, name.len);
	word[name.len] = '\0';
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcasecmp(word, functions[middle].name.data);
		if (order == 0)
			return &functions[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool argument_number(const struct node *node, size_t i, struct row *row, double *number)
{
	struct value value = node_argument(node, i, row);

	return value_to_number(&value, number);
}

bool argument_text(const struct node *node, size_t i, struct row *row, struct span *text)
{
	struct value value = node_argument(node, i, row);

	if (value.kind == VALUE_NULL)
		return false;
	*text = row_text(row, &value);
	return true;
}

char *result_room(struct row *row, size_t len, struct value *result)
{
	char *room = row_room(row, len);

	*result = room ? value_text((struct span){ room, len }) : VALUE_OF_NULL;
	return room;
}
