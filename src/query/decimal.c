#include "query/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPONENT_MAX 308
#define TEXT_ROOM 40

/* The shortest of 15, 16 or 17 digits that reads back as the number. */
static void write_shortest(double number, char *text)
{
	for (int digits = DECIMAL_DIGITS - 2; digits <= DECIMAL_DIGITS; digits++) {
		snprintf(text, TEXT_ROOM, "%.*e", digits - 1, number);
		if (strtod(text, NULL) == number)
			return;
	}
}

static void strip(struct decimal *decimal)
{
	while (decimal->count && decimal->digits[decimal->count - 1] == 0)
		decimal->count--;
	if (decimal->count == 0)
		decimal->exponent = 0;
}

void decimal_of(struct decimal *decimal, double number)
{
	char text[TEXT_ROOM];
	const char *at = text;

	*decimal = (struct decimal){ .negative = signbit(number) };
	write_shortest(fabs(number), text);
	for (; *at && *at != 'e'; at++)
		if (*at >= '0' && *at <= '9')
			decimal->digits[decimal->count++] = (unsigned char)(*at - '0');
	decimal->exponent = *at ? (int)strtol(at + 1, NULL, 10) + 1 : 1;
	strip(decimal);
}

/* Adds one at the last digit; what overflows becomes a 1 in front. */
static void carry(struct decimal *decimal)
{
	int i = decimal->count;

	while (i > 0 && decimal->digits[i - 1] == 9)
		i--;
	decimal->count = i;
	if (i > 0) {
		decimal->digits[i - 1]++;
		return;
	}
	decimal->digits[0] = 1;
	decimal->count = 1;
	decimal->exponent++;
}

void decimal_keep(struct decimal *decimal, int digits)
{
	if (digits >= decimal->count)
		return;
	bool up = digits >= 0 && decimal->digits[digits] >= 5;
	decimal->count = digits > 0 ? digits : 0;
	if (up)
		carry(decimal);
	strip(decimal);
}

double decimal_round_number(double number, double places)
{
	struct decimal decimal;
	char text[TEXT_ROOM];
	int at = 0;

	if (!isfinite(number))
		return number;
	places = fmax(fmin(trunc(places), EXPONENT_MAX * 2), -EXPONENT_MAX * 2);
	decimal_of(&decimal, number);
	decimal_round(&decimal, (int)places);
	text[at++] = decimal.negative ? '-' : '+';
	for (int i = 0; i < decimal.count; i++)
		text[at++] = (char)('0' + decimal.digits[i]);
	snprintf(text + at, sizeof(text) - (size_t)at, "%se%d", decimal.count ? "" : "0",
		 decimal.exponent - decimal.count);
	return strtod(text, NULL) + 0.0;
}
