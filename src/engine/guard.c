#include "engine/guard.h"

int guard_confine(const struct guard *guard, struct summary *summary, struct err *err)
{
	(void)guard;
	(void)summary;
	(void)err;
	return 0;
}
