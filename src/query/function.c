#include "query/function.h"

const struct function *function_find(struct span name)
{
	(void)name;
	return NULL;
}
