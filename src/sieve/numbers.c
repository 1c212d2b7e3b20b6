#include "sieve/numbers.h"

#include <string.h>

static void put_word(struct numbers *numbers, size_t i, uint64_t bits)
{
	uint64_t more = bits & ~numbers->words[i];

	if (!more)
		return;
	numbers->words[i] |= more;
	numbers->used[i / 64] |= UINT64_C(1) << i % 64;
	numbers->count += (unsigned)__builtin_popcountll(more);
}

/* The first bit that is set from `at` on, or `count`, a multiple of 64. */
static size_t next_bit(const uint64_t *words, size_t at, size_t count)
{
	for (; at < count; at = (at / 64 + 1) * 64) {
		uint64_t rest = words[at / 64] >> at % 64;
		if (rest)
			return at + (unsigned)__builtin_ctzll(rest);
	}
	return count;
}

size_t numbers_next(const struct numbers *numbers, size_t from)
{
	size_t word = from / 64;

	if (word >= NUMBERS_WORDS)
		return NUMBERS_END;
	uint64_t rest = numbers->words[word] >> from % 64;
	if (rest)
		return from + (unsigned)__builtin_ctzll(rest);
	while ((word = next_bit(numbers->used, word + 1, NUMBERS_WORDS)) < NUMBERS_WORDS)
		if (numbers->words[word]) /* all may have been removed */
			return word * 64 + (unsigned)__builtin_ctzll(numbers->words[word]);
	return NUMBERS_END;
}

bool numbers_add(struct numbers *numbers, const struct numbers *from)
{
	size_t before = numbers->count;

	for (size_t i = 0; i < NUMBERS_WORDS; i++)
		if (from->words[i])
			put_word(numbers, i, from->words[i]);
	return numbers->count > before;
}

void numbers_add_but(struct numbers *numbers, const struct numbers *from, const struct numbers *but)
{
	for (size_t i = next_bit(from->used, 0, NUMBERS_WORDS); i < NUMBERS_WORDS;
	     i = next_bit(from->used, i + 1, NUMBERS_WORDS))
		put_word(numbers, i, from->words[i] & ~but->words[i]);
}

void numbers_clear(struct numbers *numbers)
{
	memset(numbers, 0, sizeof(*numbers));
}

void numbers_empty(struct numbers *numbers)
{
	for (size_t i = next_bit(numbers->used, 0, NUMBERS_WORDS); i < NUMBERS_WORDS;
	     i = next_bit(numbers->used, i + 1, NUMBERS_WORDS))
		numbers->words[i] = 0;
	memset(numbers->used, 0, sizeof(numbers->used));
	numbers->count = 0;
}
