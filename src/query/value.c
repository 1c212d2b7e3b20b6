#include "query/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBER_TEXT_MAX 64 /* longer text is no number */

/* ---- numbers out of text ---- */

static size_t skip_digits(struct span s, size_t at)
{
	while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9')
		at++;
	return at;
}

/* Whether all of s is [-]digits[.digits][e[±]digits], or begins with the point. */
static bool is_number(struct span s)
{
	size_t at = s.len && s.data[0] == '-', start = at;

	at = skip_digits(s, at);
	size_t digits = at - start;
	if (at < s.len && s.data[at] == '.') {
		start = ++at;
		at = skip_digits(s, at);
		digits += at - start;
	}
	if (digits == 0)
		return false;
	if (at < s.len && (s.data[at] | 0x20) == 'e') {
		at++;
		at += at < s.len && (s.data[at] == '-' || s.data[at] == '+');
		start = at;
		at = skip_digits(s, at);
		if (at == start)
			return false;
	}
	return at == s.len;
}

static bool read_number(struct span s, double *number)
{
	char room[NUMBER_TEXT_MAX + 1];

	if (s.len == 0 || s.len > NUMBER_TEXT_MAX)
		return false;
	if (s.len <= 15 && skip_digits(s, 0) == s.len) {
		uint64_t value = 0;
		for (size_t i = 0; i < s.len; i++)
			value = value * 10 + (uint64_t)(s.data[i] - '0');
		*number = (double)value;
		return true;
	}
	if (!is_number(s))
		return false;
	memcpy(room, s.data, s.len);
	room[s.len] = '\0';
	double value = strtod(room, NULL);
	if (!isfinite(value))
		return false;
	*number = value;
	return true;
}

bool value_to_number(const struct value *value, double *number)
{
	switch (value->kind) {
	case VALUE_NUMBER:
		*number = value->number;
		return true;
	case VALUE_TEXT:
		return read_number(value->text, number);
	case VALUE_NULL:
	case VALUE_BOOL:
		return false;
	}
	return false;
}

/* ---- text out of numbers ---- */

static size_t write_integer(int64_t integer, char *room)
{
	char digits[NUMBER_ROOM];
	size_t len = 0, at = 0;
	uint64_t rest = integer < 0 ? -(uint64_t)integer : (uint64_t)integer;

	do
		digits[len++] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (integer < 0)
		room[at++] = '-';
	while (len)
		room[at++] = digits[--len];
	return at;
}

size_t number_to_text(double number, char *room)
{
	if (fabs(number) <= 0x1p53 && number == trunc(number))
		return write_integer((int64_t)number, room);
	return (size_t)snprintf(room, NUMBER_ROOM, "%.15g", number);
}

struct span value_to_text(const struct value *value, struct arena *arena)
{
	char room[NUMBER_ROOM];

	switch (value->kind) {
	case VALUE_TEXT:
		return value->text;
	case VALUE_NUMBER:
		return arena_copy(arena, (struct span){ room, number_to_text(value->number, room) });
	case VALUE_BOOL:
		return value->number != 0 ? SPAN("true") : SPAN("false");
	case VALUE_NULL:
		break;
	}
	return SPAN("");
}

/* ---- truth and order ---- */

bool value_is_true(const struct value *value)
{
	switch (value->kind) {
	case VALUE_BOOL:
	case VALUE_NUMBER:
		return value->number != 0;
	case VALUE_TEXT:
		return span_equal_nocase(value->text, SPAN("true"));
	case VALUE_NULL:
		break;
	}
	return false;
}

static int compare_bytes(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.data, b.data, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_numbers(double a, double b)
{
	return (a > b) - (a < b);
}

static int rank(const struct value *value)
{
	switch (value->kind) {
	case VALUE_NULL:
		return 0;
	case VALUE_NUMBER:
	case VALUE_BOOL:
		return 1;
	case VALUE_TEXT:
		break;
	}
	return 2;
}

int value_compare(const struct value *a, const struct value *b)
{
	int of_a = rank(a), of_b = rank(b);

	if (of_a != of_b)
		return of_a - of_b;
	if (of_a == 0)
		return 0;
	return of_a == 1 ? compare_numbers(a->number, b->number) : compare_bytes(a->text, b->text);
}

/* A bool beside text stands for the word. */
static struct span word_of(const struct value *value)
{
	return value->kind == VALUE_BOOL ? value->number != 0 ? SPAN("true") : SPAN("false") : value->text;
}

bool value_order(const struct value *a, const struct value *b, int *order)
{
	double number_a, number_b;

	if (value_to_number(a, &number_a) && value_to_number(b, &number_b)) {
		*order = compare_numbers(number_a, number_b);
		return true;
	}
	if (a->kind == VALUE_NULL || b->kind == VALUE_NULL || a->kind == VALUE_NUMBER || b->kind == VALUE_NUMBER)
		return false;
	*order = compare_bytes(word_of(a), word_of(b));
	return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
	double number_a, number_b;

	if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
		return false;
	if (a->kind == VALUE_NUMBER || b->kind == VALUE_NUMBER)
		return value_to_number(a, &number_a) && value_to_number(b, &number_b) && number_a == number_b;
	if (a->kind == VALUE_BOOL && b->kind == VALUE_BOOL)
		return a->number == b->number;
	return span_equal(word_of(a), word_of(b));
}
