/*
 * numbers: a set of small numbers, a bit each. Of larger ones the low bits
 * count: then it may hold more than was put, never less.
 */
#ifndef SIEVE_NUMBERS_H
#define SIEVE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBERS_BITS 22
#define NUMBERS_WORDS (((size_t)1 << NUMBERS_BITS) / 64)

struct numbers {
	uint64_t words[NUMBERS_WORDS];
	size_t count; /* of what was put by numbers_put */
};

static inline bool numbers_have(const struct numbers *numbers, uint64_t number)
{
	number &= (1u << NUMBERS_BITS) - 1;
	return numbers->words[number / 64] >> number % 64 & 1;
}

/* Whether it is new. */
static inline bool numbers_put(struct numbers *numbers, uint64_t number)
{
	if (numbers_have(numbers, number))
		return false;
	number &= (1u << NUMBERS_BITS) - 1;
	numbers->words[number / 64] |= UINT64_C(1) << number % 64;
	numbers->count++;
	return true;
}

/* Puts all of `from`; whether any was new. */
bool numbers_add(struct numbers *numbers, const struct numbers *from);

void numbers_clear(struct numbers *numbers);

#endif
