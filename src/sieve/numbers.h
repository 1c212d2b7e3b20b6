/*
 * numbers: a set of small numbers, a bit each. Of larger ones the low bits
 * count: then it may hold more than was put, never less. Most of such a set is
 * empty, so it is told which of its words are in use.
 */
#ifndef SIEVE_NUMBERS_H
#define SIEVE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBERS_BITS 22
#define NUMBERS_WORDS (((size_t)1 << NUMBERS_BITS) / 64)
#define NUMBERS_END SIZE_MAX

struct numbers {
	uint64_t words[NUMBERS_WORDS]; /* others may set bits here; then it is good for numbers_add and numbers_clear */
	uint64_t used[NUMBERS_WORDS / 64]; /* a bit a word: all that are not zero, if only functions put numbers */
	size_t count;			   /* of what functions put */
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
	numbers->used[number / 4096] |= UINT64_C(1) << number / 64 % 64;
	numbers->count++;
	return true;
}

static inline void numbers_remove(struct numbers *numbers, uint64_t number)
{
	numbers->count -= numbers_have(numbers, number);
	number &= (1u << NUMBERS_BITS) - 1;
	numbers->words[number / 64] &= ~(UINT64_C(1) << number % 64);
}

/* The first that is not below `from`, or NUMBERS_END. */
size_t numbers_next(const struct numbers *numbers, size_t from);

/* Puts all of `from`, whoever set its bits; whether any was new. */
bool numbers_add(struct numbers *numbers, const struct numbers *from);

/* Puts what `from` has and `but`, which may be `numbers`, has not. */
void numbers_add_but(struct numbers *numbers, const struct numbers *from, const struct numbers *but);

void numbers_clear(struct numbers *numbers); /* whoever set its bits */
void numbers_empty(struct numbers *numbers); /* of what functions put; sooner done */

#endif
