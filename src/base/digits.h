/* digits: numbers to text without printf, for what is written of every access. */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#define DIGITS_MAX 20 /* of any decimal number of 64 bits */

/* Writes the decimal digits, at most DIGITS_MAX, no NUL behind them. Returns how many. */
static inline size_t digits_decimal(char *to, uint64_t number)
{
	char digits[DIGITS_MAX];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	for (size_t i = at; i < sizeof(digits); i++)
		to[i - at] = digits[i];
	return sizeof(digits) - at;
}

/* Writes 16 hex digits, the first the highest, and a NUL: the ids of findings and incidents. */
static inline void digits_id(char to[17], uint64_t id)
{
	for (size_t i = 16; i-- > 0; id >>= 4)
		to[i] = "0123456789abcdef"[id & 15];
	to[16] = '\0';
}

#endif
