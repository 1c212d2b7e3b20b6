/*
 * decimal: a number as the shortest row of digits that stands for it, which is
 * what Java rounds when it formats: 0.125 to two places is 0.13, and 1.005 is
 * 1.01, although the double behind it lies a little below.
 */
#ifndef QUERY_DECIMAL_H
#define QUERY_DECIMAL_H

#include "query/value.h"

#define DECIMAL_DIGITS 17

/* 0.d1d2d3… times 10 to the exponent; zero has no digits. No zeros at the end. */
struct decimal {
	bool negative;
	unsigned char digits[DECIMAL_DIGITS];
	int count, exponent;
};

/* The number has to be finite. */
void decimal_of(struct decimal *decimal, double number);

/* Keeps that many digits from the first on (0 or fewer: none, or the 1 that half rounds up to). Half goes away from zero. */
void decimal_keep(struct decimal *decimal, int digits);

/* To so many places behind the point. */
static inline void decimal_round(struct decimal *decimal, int places)
{
	decimal_keep(decimal, decimal->exponent + places);
}

/* The digit at 10 to the power of `power`. */
static inline char decimal_digit(const struct decimal *decimal, int power)
{
	int i = decimal->exponent - 1 - power;

	return (char)('0' + (i >= 0 && i < decimal->count ? decimal->digits[i] : 0));
}

double decimal_round_number(double number, double places);

#endif
