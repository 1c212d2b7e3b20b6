#include "sieve/numbers.h"

#include <string.h>

bool numbers_add(struct numbers *numbers, const struct numbers *from)
{
	size_t before = numbers->count;

	for (size_t i = 0; i < NUMBERS_WORDS; i++) {
		uint64_t more = from->words[i] & ~numbers->words[i];
		if (!more)
			continue;
		numbers->words[i] |= more;
		numbers->count += (unsigned)__builtin_popcountll(more);
	}
	return numbers->count > before;
}

void numbers_clear(struct numbers *numbers)
{
	memset(numbers, 0, sizeof(*numbers));
}
