#include <math.h>

#include "query/functions.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- hex ---- */

static struct span without_prefix(struct span text)
{
	return span_skip(text, span_starts(text, SPAN("0x")) || span_starts(text, SPAN("0X")) ? 2 : 0);
}

void run_hex_to_dec(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	uint64_t number;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	text = without_prefix(span_trim(text));
	if (text.len && span_hex(text, &number) == text.len)
		*result = value_number((double)number);
}

void run_dec_to_hex(const struct node *node, struct row *row, struct value *result)
{
	double number;

	*result = VALUE_OF_NULL;
	if (!argument_number(node, 0, row, &number) || number < 0 || number > 0x1p53 || number != trunc(number))
		return;
	char digits[16], *room;
	size_t len = 0;
	uint64_t rest = (uint64_t)number;
	do
		digits[len++] = "0123456789ABCDEF"[rest & 15];
	while (rest >>= 4);
	room = result_room(row, len, result);
	for (size_t i = 0; room && i < len; i++)
		room[i] = digits[len - 1 - i];
}

void run_hex_to_ascii(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	text = without_prefix(text);
	for (size_t i = 0; i < text.len; i++)
		if (hex_digit(text.data[i]) < 0)
			return;
	if (text.len % 2)
		return;
	char *room = result_room(row, text.len / 2, result);
	for (size_t i = 0; room && i < text.len / 2; i++)
		room[i] = (char)(hex_digit(text.data[2 * i]) << 4 | hex_digit(text.data[2 * i + 1]));
}

void run_ascii_to_hex(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *room = result_room(row, text.len * 2, result);
	for (size_t i = 0; room && i < text.len; i++) {
		room[2 * i] = "0123456789ABCDEF"[(unsigned char)text.data[i] >> 4];
		room[2 * i + 1] = "0123456789ABCDEF"[text.data[i] & 15];
	}
}

/* ---- base64 (RFC 4648; the URL alphabet is read, too) ---- */

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

void run_base64_decode(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t len = 0;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	text = span_trim(text);
	while (text.len && text.data[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++)
		if (base64_digit(text.data[i]) < 0)
			return;
	if (text.len % 4 == 1)
		return;
	char *room = result_room(row, text.len * 3 / 4, result);
	for (size_t i = 0; room && i < text.len; i++) {
		bits = bits << 6 | (uint32_t)base64_digit(text.data[i]);
		held += 6;
		if (held >= 8)
			room[len++] = (char)(bits >> (held -= 8));
	}
}

void run_base64_encode(const struct node *node, struct row *row, struct value *result)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *room = result_room(row, (text.len + 2) / 3 * 4, result);
	for (size_t i = 0; room && i < text.len; i += 3) {
		uint32_t bits = 0;
		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (i + k < text.len ? (unsigned char)text.data[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			*room++ = i + k > text.len ? '=' : alphabet[bits >> (18 - 6 * k) & 63];
	}
}

/* ---- URLs (RFC 3986; a plus is a blank, as forms have it) ---- */

static bool is_unreserved(char c)
{
	char small = (char)(c | 0x20);

	return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-._*", c));
}

void run_url_encode(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	size_t len = 0;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	for (size_t i = 0; i < text.len; i++)
		len += is_unreserved(text.data[i]) || text.data[i] == ' ' ? 1 : 3;
	char *room = result_room(row, len, result);
	for (size_t i = 0; room && i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte == ' ' || is_unreserved(text.data[i])) {
			*room++ = byte == ' ' ? '+' : text.data[i];
			continue;
		}
		*room++ = '%';
		*room++ = "0123456789ABCDEF"[byte >> 4];
		*room++ = "0123456789ABCDEF"[byte & 15];
	}
}

/* What is no escape stays as it is. */
void run_url_decode(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	size_t len = 0;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *room = result_room(row, text.len, result);
	for (size_t i = 0; room && i < text.len; i++) {
		char c = text.data[i];
		bool escape = c == '%' && i + 2 < text.len && hex_digit(text.data[i + 1]) >= 0 &&
			      hex_digit(text.data[i + 2]) >= 0;
		if (escape) {
			c = (char)(hex_digit(text.data[i + 1]) << 4 | hex_digit(text.data[i + 2]));
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		room[len++] = c;
	}
	if (room)
		result->text.len = len;
}

/* ---- the check digit of card numbers (ISO/IEC 7812-1) ---- */

void run_luhn(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	unsigned sum = 0, place = 0;

	*result = value_bool(false);
	if (!argument_text(node, 0, row, &text))
		return;
	for (size_t i = text.len; i-- > 0;) {
		char c = text.data[i];
		if (c == ' ' || c == '-')
			continue;
		if (c < '0' || c > '9')
			return;
		unsigned digit = (unsigned)(c - '0') << (place++ % 2);
		sum = (sum + (digit > 9 ? digit - 9 : digit)) % 10;
	}
	*result = value_bool(place > 1 && sum == 0);
}
