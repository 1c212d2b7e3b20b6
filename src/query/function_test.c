/* Functions that ask what a value is. All but isNaN and isInfinity answer for null, too. */
#include "query/function_runs.h"

void run_is_null(const struct node *node, struct row *row, struct value *result)
{
	*result = value_bool(node_argument(node, 0, row).kind == VALUE_NULL);
}

/* The text that makes a value empty or not; a number or bool is never empty. */
static struct span text_of(const struct node *node, struct row *row)
{
	struct value value = node_argument(node, 0, row);

	if (value.kind == VALUE_NULL)
		return (struct span){ 0 };
	return value.kind == VALUE_TEXT ? value.text : SPAN("1");
}

void run_is_empty(const struct node *node, struct row *row, struct value *result)
{
	*result = value_bool(text_of(node, row).len == 0);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
}

void run_is_blank(const struct node *node, struct row *row, struct value *result)
{
	struct span text = text_of(node, row);
	size_t at = 0;

	while (at < text.len && is_space(text.data[at]))
		at++;
	*result = value_bool(at == text.len);
}

/* ---- numbers as Java writes them ---- */

static size_t skip_digits(struct span s, size_t at, char last)
{
	while (at < s.len && s.data[at] >= '0' && s.data[at] <= last)
		at++;
	return at;
}

/* Hexadecimal digits, and nothing behind them. */
static bool is_hex(struct span s)
{
	size_t at = 0;

	while (at < s.len &&
	       ((s.data[at] >= '0' && s.data[at] <= '9') || ((s.data[at] | 0x20) >= 'a' && (s.data[at] | 0x20) <= 'f')))
		at++;
	return s.len > 0 && at == s.len;
}

/* [digits][.digits][e[±]digits] with a letter of type behind it: L for whole numbers, D or F for all. */
static bool is_decimal(struct span s)
{
	size_t at = skip_digits(s, 0, '9'), digits = at;
	bool whole = true;

	if (at < s.len && s.data[at] == '.') {
		size_t end = skip_digits(s, at + 1, '9');
		digits += end - at - 1;
		at = end;
		whole = false;
	}
	if (at < s.len && (s.data[at] | 0x20) == 'e') {
		size_t start = at + 1;
		start += start < s.len && (s.data[start] == '-' || s.data[start] == '+');
		at = skip_digits(s, start, '9');
		whole = false;
		if (at == start)
			return false;
	}
	if (at + 1 == s.len) {
		char type = (char)(s.data[at] | 0x20);
		at += type == 'd' || type == 'f' || (type == 'l' && whole);
	}
	return digits > 0 && at == s.len;
}

static bool is_numeric(struct span s)
{
	if (s.len && (s.data[0] == '-' || s.data[0] == '+'))
		s = span_skip(s, 1);
	if (s.len > 2 && s.data[0] == '0' && (s.data[1] | 0x20) == 'x')
		return is_hex(span_skip(s, 2));
	if (s.len > 1 && s.data[0] == '0' && skip_digits(s, 0, '9') == s.len)
		return skip_digits(s, 0, '7') == s.len;
	return is_decimal(s);
}

void run_is_numeric(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row);

	*result = value_bool(value.kind == VALUE_NUMBER || (value.kind == VALUE_TEXT && is_numeric(value.text)));
}

/* ---- numbers that are none ---- */

static bool is_blank(const struct value *value)
{
	return value->kind == VALUE_NULL || (value->kind == VALUE_TEXT && span_trim(value->text).len == 0);
}

void run_is_nan(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row);
	double number;

	*result = is_blank(&value) ? VALUE_OF_NULL : value_bool(!value_to_number(&value, &number));
}

/* Arithmetic makes null of an infinity, so only text can be one. */
void run_is_infinity(const struct node *node, struct row *row, struct value *result)
{
	struct value value = node_argument(node, 0, row);
	struct span text = value.text;

	*result = VALUE_OF_NULL;
	if (is_blank(&value))
		return;
	if (value.kind == VALUE_TEXT && text.len && (text.data[0] == '-' || text.data[0] == '+'))
		text = span_skip(text, 1);
	*result = value_bool(value.kind == VALUE_TEXT && span_equal(text, SPAN("Infinity")));
}
