/* %f, %e and %g: Java rounds the shortest digits that stand for a number, half away from zero (decimal.h). */
#include <stdio.h>

#include "query/decimal.h"
#include "query/format.h"

#define PRECISION_USUAL 6
#define REAL_ROOM (309 + 1 + FORMAT_PRECISION_MAX + 8)

static size_t precision_of(const struct format_spec *spec)
{
	return spec->has_precision ? spec->precision : PRECISION_USUAL;
}

/* The digits from one power of ten down to another. */
static size_t write_digits(const struct decimal *decimal, int from, int to, char *room)
{
	size_t len = 0;

	for (int power = from; power >= to; power--)
		room[len++] = decimal_digit(decimal, power);
	return len;
}

static void add_fixed(struct text_maker *maker, const struct format_spec *spec, const struct decimal *decimal,
		      size_t places)
{
	char room[REAL_ROOM];
	int first = decimal->exponent > 0 ? decimal->exponent - 1 : 0;
	size_t whole = write_digits(decimal, first, 0, room), len = whole;

	if (places || spec->alternate)
		room[len++] = '.';
	len += write_digits(decimal, -1, -(int)places, room + len);
	struct format_digits digits = { decimal->negative, { room, whole }, { room + whole, len - whole } };
	format_add_number(maker, spec, &digits);
}

static void add_scientific(struct text_maker *maker, const struct format_spec *spec, const struct decimal *decimal,
			   size_t places)
{
	char room[REAL_ROOM];
	int power = decimal->count ? decimal->exponent - 1 : 0;
	size_t len = write_digits(decimal, power, power, room);

	if (places || spec->alternate)
		room[len++] = '.';
	len += write_digits(decimal, power - 1, power - (int)places, room + len);
	len += (size_t)snprintf(room + len, 8, "e%c%02d", power < 0 ? '-' : '+', power < 0 ? -power : power);
	struct format_digits digits = { decimal->negative, { room, 1 }, { room + 1, len - 1 } };
	format_add_number(maker, spec, &digits);
}

/* Digits in all; fixed from 10^-4 on, until they are too many before the point. */
static void add_general(struct text_maker *maker, const struct format_spec *spec, struct decimal *decimal)
{
	size_t precision = precision_of(spec);
	struct format_spec plain = *spec;

	precision = precision ? precision : 1;
	decimal_keep(decimal, (int)precision);
	plain.alternate = false;
	if (decimal->count == 0)
		add_fixed(maker, &plain, decimal, precision - 1);
	else if (decimal->exponent < -3 || decimal->exponent > (int)precision)
		add_scientific(maker, &plain, decimal, precision - 1);
	else
		add_fixed(maker, &plain, decimal, (size_t)((int)precision - decimal->exponent));
}

void format_add_real(struct text_maker *maker, const struct format_spec *spec, double number)
{
	struct decimal decimal;

	decimal_of(&decimal, number);
	if (spec->conversion == 'g') {
		add_general(maker, spec, &decimal);
	} else if (spec->conversion == 'e') {
		decimal_keep(&decimal, (int)precision_of(spec) + 1);
		add_scientific(maker, spec, &decimal, precision_of(spec));
	} else {
		decimal_round(&decimal, (int)precision_of(spec));
		add_fixed(maker, spec, &decimal, precision_of(spec));
	}
}
