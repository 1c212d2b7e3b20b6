/*
 * words: eight bytes of text at a time, for the readers that see every record.
 *
 * The tricks are those of Bit Twiddling Hacks (Anderson): "haszero", "hasless",
 * and digits joined by pairs, fours, eights. The lowest byte that they flag is
 * right; what they flag above it may not be.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define WORD_ONES 0x0101010101010101u

/* The first byte of the text is the lowest of the word. */
static inline uint64_t word_load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

/* Flags the bytes that are that one. */
static inline uint64_t word_equal(uint64_t word, unsigned char byte)
{
	word ^= WORD_ONES * byte;
	return (word - WORD_ONES) & ~word & WORD_ONES << 7;
}

/* Flags the bytes that are less than that one, which is at most 128. */
static inline uint64_t word_less(uint64_t word, unsigned char byte)
{
	return (word - WORD_ONES * byte) & ~word & WORD_ONES << 7;
}

/* How many bytes stand in front of the first that is flagged. */
static inline unsigned word_first(uint64_t flags)
{
	return (unsigned)__builtin_ctzll(flags) / 8;
}

/* The number that eight digits (bytes of 0 to 9, the first the lowest) are. */
static inline uint64_t word_join_digits(uint64_t digits)
{
	digits = digits * 10 + (digits >> 8);
	return ((digits & 0x000000ff000000ffu) * 0x000f424000000064u +
		((digits >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u) >>
	       32;
}

/* Reads digits up to `end`; returns what is behind them. From the twentieth on, *value is cut to 64 bits. */
static inline const char *word_decimal(const char *p, const char *end, uint64_t *value)
{
	uint64_t v = 0;

	if (end - p >= 8) {
		uint64_t digits = word_load(p) ^ WORD_ONES * '0';
		uint64_t others = (digits | (digits + WORD_ONES * 0x76)) & WORD_ONES << 7;
		unsigned count = others ? word_first(others) : 8;
		if (count < 8) {
			*value = count ? word_join_digits(digits << (64 - 8 * count)) : 0;
			return p + count;
		}
		v = word_join_digits(digits);
		p += 8;
	}
	for (; p < end && (unsigned char)(*p - '0') < 10; p++)
		v = v * 10 + (unsigned char)(*p - '0');
	*value = v;
	return p;
}

/* The value of a hex digit of either case, -1 for any other byte. */
static inline int word_hex_digit(char c)
{
	static const int8_t digits[256] = {
		['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,	['6'] = 7,  ['7'] = 8,
		['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
		['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
	};

	return digits[(unsigned char)c] - 1;
}

#endif
