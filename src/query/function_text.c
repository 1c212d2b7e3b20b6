/* Functions from text to text. Null in, null out, unless the function says otherwise. */
#include "query/function_runs.h"
#include "query/letters.h"
#include "query/text_maker.h"

#define CONCAT_MAX 16

/* A null is an empty text. */
void run_concat(const struct node *node, struct row *row, struct value *result)
{
	struct span parts[CONCAT_MAX];
	size_t count = node->count < CONCAT_MAX ? node->count : CONCAT_MAX, len = 0;

	for (size_t i = 0; i < count; i++) {
		argument_text(node, i, row, &parts[i]);
		len += parts[i].len;
	}
	char *to = result_room(row, len, result);
	for (size_t i = 0; i < count && to; i++) {
		if (parts[i].len)
			memcpy(to, parts[i].data, parts[i].len);
		to += parts[i].len;
	}
}

/* In characters; of a null 0. */
void run_length(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	argument_text(node, 0, row, &text);
	*result = value_number((double)letters_count(text));
}

/* ---- pieces ---- */

static bool is_offset(double number)
{
	return number >= 0 && number <= (double)TEXT_MAX && number == (double)(size_t)number;
}

/* Offsets in characters. Null when they are negative, no integers, or the end stands before the start. */
void run_substring(const struct node *node, struct row *row, struct value *result)
{
	double start, end = (double)TEXT_MAX;
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text) || !argument_number(node, 1, row, &start) || !is_offset(start))
		return;
	if (node->count > 2 && !argument_number(node, 2, row, &end))
		return;
	if (end > (double)TEXT_MAX)
		end = (double)TEXT_MAX;
	if (!is_offset(end) || end < start)
		return;
	text = span_skip(text, letters_offset(text, (size_t)start));
	*result = value_text(span_first(text, letters_offset(text, (size_t)(end - start))));
}

/* What Java's trim takes off: everything up to the space. */
void run_trim(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	while (text.len && (unsigned char)text.data[0] <= ' ')
		text = span_skip(text, 1);
	while (text.len && (unsigned char)text.data[text.len - 1] <= ' ')
		text.len--;
	*result = value_text(text);
}

/* ---- case ---- */

static void change_case(const struct node *node, struct row *row, struct value *result,
			void (*change)(char *text, size_t len))
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *to = result_room(row, text.len, result);
	if (!to || text.len == 0)
		return;
	memcpy(to, text.data, text.len);
	change(to, text.len);
}

void run_to_lower(const struct node *node, struct row *row, struct value *result)
{
	change_case(node, row, result, letters_to_lower);
}

void run_to_upper(const struct node *node, struct row *row, struct value *result)
{
	change_case(node, row, result, letters_to_upper);
}

/* ---- the rest ---- */

/* True for two empty texts, false when one is empty or null. */
void run_contains(const struct node *node, struct row *row, struct value *result)
{
	struct span text, sought;
	bool known = argument_text(node, 0, row, &text) && argument_text(node, 1, row, &sought);

	*result = value_bool(false);
	if (known && text.len && sought.len)
		*result = value_bool(span_find(text, sought) < text.len);
	else if (known)
		*result = value_bool(text.len == sought.len);
}

void run_to_string(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = argument_text(node, 0, row, &text) ? value_text(text) : VALUE_OF_NULL;
}

/* There is nothing to click on in a terminal: [name](address). */
void run_to_url(const struct node *node, struct row *row, struct value *result)
{
	struct span url, parts[3] = { 0 };

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &url) || !argument_text(node, 1, row, &parts[1]))
		return;
	if (node->count > 2)
		argument_text(node, 2, row, &parts[0]);
	if (node->count > 3)
		argument_text(node, 3, row, &parts[2]);
	struct text_maker maker;
	text_maker_init(&maker, row, parts[0].len + parts[1].len + parts[2].len + url.len + 4);
	text_maker_byte(&maker, '[');
	for (size_t i = 0; i < 3; i++)
		text_maker_add(&maker, parts[i]);
	text_maker_add(&maker, SPAN("]("));
	text_maker_add(&maker, url);
	text_maker_byte(&maker, ')');
	*result = text_maker_value(&maker);
}

/* The check digit of 13 to 19 digits, as cards have them; what is no digit is left out. */
void run_luhn(const struct node *node, struct row *row, struct value *result)
{
	unsigned sum = 0, count = 0;
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	for (size_t i = text.len; i-- > 0 && count < 20;) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
		if (digit > 9)
			continue;
		digit <<= count++ & 1;
		sum += digit > 9 ? digit - 9 : digit;
	}
	*result = value_bool(count >= 13 && count <= 19 && sum % 10 == 0);
}
