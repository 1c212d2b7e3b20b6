/* resolve/usual.c: what it takes of a SYSCALL or PATH record, the reader of fields reads just so. */
#include <stdlib.h>

#include "../unit/twins.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span body = { (const char *)data, size };
	struct arena arena;

	arena_init(&arena, 0);
	if (differing_beginnings(body, &arena) || differing_paths(body, &arena))
		abort();
	arena_finish(&arena);
	return 0;
}
