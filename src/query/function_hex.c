/* Hexadecimal. What cannot be read is null. */
#include "query/function_runs.h"

#include <math.h>

#define DIGITS_MAX 16
#define BEYOND_LONG 9223372036854775808.0 /* 2^63 */

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 16 digits at most, two's complement. */
static struct value read_hex(struct span text)
{
	uint64_t number = 0;

	if (text.len == 0 || text.len > DIGITS_MAX)
		return VALUE_OF_NULL;
	for (size_t i = 0; i < text.len; i++) {
		int digit = digit_of(text.data[i]);
		if (digit < 0)
			return VALUE_OF_NULL;
		number = number << 4 | (unsigned)digit;
	}
	return value_number((double)(int64_t)number);
}

void run_hex_to_dec(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = argument_text(node, 0, row, &text) ? read_hex(text) : VALUE_OF_NULL;
}

/* The same with or without 0x. */
void run_parse_hex(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	if (text.len > 2 && text.data[0] == '0' && (text.data[1] | 0x20) == 'x')
		text = span_skip(text, 2);
	*result = read_hex(text);
}

/* Whole numbers: from text every digit counts, although a double holds 53 bits. */
static bool whole_number(const struct value *value, int64_t *number)
{
	bool negative = value->text.len && value->text.data[0] == '-';
	uint64_t digits;
	double size;

	if (value->kind == VALUE_TEXT) {
		struct span text = span_skip(value->text, negative);
		if (text.len == 0 || span_decimal(text, &digits) != text.len || digits > INT64_MAX)
			return false;
		*number = negative ? -(int64_t)digits : (int64_t)digits;
		return true;
	}
	if (!value_to_number(value, &size) || size < -BEYOND_LONG || size >= BEYOND_LONG || size != trunc(size))
		return false;
	*number = (int64_t)size;
	return true;
}

void run_dec_to_hex(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row);
	size_t len = 1;
	int64_t number;

	*result = VALUE_OF_NULL;
	if (!whole_number(&value, &number))
		return;
	uint64_t rest = (uint64_t)number;
	while (len < DIGITS_MAX && rest >> 4 * len)
		len++;
	char *to = result_room(row, len, result);
	for (; to && len > 0; rest >>= 4)
		to[--len] = "0123456789ABCDEF"[rest & 0xF];
}

void run_hex_to_ascii(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text) || text.len % 2)
		return;
	char *to = result_room(row, text.len / 2, result);
	for (size_t i = 0; i < text.len && to; i += 2) {
		int high = digit_of(text.data[i]), low = digit_of(text.data[i + 1]);
		if (high < 0 || low < 0) {
			*result = VALUE_OF_NULL;
			return;
		}
		to[i / 2] = (char)(high << 4 | low);
	}
}
