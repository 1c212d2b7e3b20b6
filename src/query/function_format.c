/*
 * format("%…", …): Java's Formatter. Conversions b c d e f g n o s x and %,
 * in upper case, too; flags - + space 0 , ( #; widths, precisions, %1$s.
 *
 * The reference drops a row in which an argument is null or does not fit its
 * conversion, and so does this.
 */
#include "query/format.h"
#include "query/function_runs.h"

#include <math.h>

static const char does_not_fit[] = "format: a value is null or does not fit its conversion";

/* ---- whole numbers ---- */

static bool is_whole(double number)
{
	return number == trunc(number) && fabs(number) < 0x1p63;
}

static void add_integer(struct text_maker *maker, const struct format_spec *spec, double number)
{
	struct format_digits digits = { .negative = number < 0 };
	char room[24];
	uint64_t size = (uint64_t)fabs(number);
	size_t at = sizeof(room);

	do
		room[--at] = (char)('0' + size % 10);
	while (size /= 10);
	digits.whole = (struct span){ room + at, sizeof(room) - at };
	format_add_number(maker, spec, &digits);
}

/* Two's complement in 64 bits, as of a long. */
static void add_unsigned(struct text_maker *maker, const struct format_spec *spec, double number)
{
	unsigned bits = spec->conversion == 'x' ? 4 : 3;
	uint64_t rest = (uint64_t)(int64_t)number;
	char room[28];
	size_t at = sizeof(room);

	do
		room[--at] = "0123456789abcdef"[rest & ((1u << bits) - 1)];
	while (rest >>= bits);
	if (spec->alternate) {
		if (bits == 4)
			room[--at] = 'x';
		room[--at] = '0';
	}
	format_add_padded(maker, spec, (struct span){ room + at, sizeof(room) - at }, spec->zero);
}

/* Hexadecimal and octal want a number, not text that is one. */
static bool add_number(struct text_maker *maker, const struct format_spec *spec, const struct value *value)
{
	bool is_bits = spec->conversion == 'x' || spec->conversion == 'o';
	bool is_integer = is_bits || spec->conversion == 'd';
	double number;

	if (!value_to_number(value, &number) || (is_bits && value->kind != VALUE_NUMBER))
		return false;
	if (is_integer && !is_whole(number))
		return false;
	if (is_bits)
		add_unsigned(maker, spec, number);
	else if (is_integer)
		add_integer(maker, spec, number);
	else
		format_add_real(maker, spec, number);
	return true;
}

/* ---- the rest ---- */

static bool add_character(struct text_maker *maker, const struct format_spec *spec, const struct value *value,
			  struct row *row)
{
	char room[8];
	struct text_maker one = { .row = row, .data = room, .capacity = sizeof(room) };
	struct span text = value->text;

	if (value->kind == VALUE_NUMBER) {
		if (value->number < 0 || value->number > 0x10FFFF || !is_whole(value->number))
			return false;
		text_maker_code_point(&one, (uint32_t)value->number);
		text = (struct span){ room, one.len };
	} else if (value->kind != VALUE_TEXT || letters_count(text) != 1) {
		return false;
	}
	format_add_padded(maker, spec, text, false);
	return true;
}

static void add_text(struct text_maker *maker, const struct format_spec *spec, struct span text)
{
	if (spec->has_precision)
		text = span_first(text, letters_offset(text, spec->precision));
	format_add_padded(maker, spec, text, false);
}

static bool add_value(struct text_maker *maker, const struct format_spec *spec, const struct value *value,
		      struct row *row)
{
	if (spec->conversion == 'b') {
		bool truth = value->kind == VALUE_BOOL ? value->number != 0 : value->kind != VALUE_NULL;
		add_text(maker, spec, truth ? SPAN("true") : SPAN("false"));
		return true;
	}
	if (value->kind == VALUE_NULL)
		return false;
	if (spec->conversion == 'c')
		return add_character(maker, spec, value, row);
	if (spec->conversion != 's')
		return add_number(maker, spec, value);
	add_text(maker, spec, row_text(row, value));
	return true;
}

/* ---- the whole ---- */

static bool add_spec(struct text_maker *maker, const struct format_spec *spec, const struct node *node, struct row *row)
{
	size_t before = maker->len;
	struct value value;

	if (spec->conversion == 'n' || spec->conversion == '%') {
		format_add_padded(maker, spec, spec->conversion == 'n' ? SPAN("\n") : SPAN("%"), false);
		return true;
	}
	if (spec->argument >= node->count)
		return false;
	value = node_argument(node, spec->argument, row);
	if (!add_value(maker, spec, &value, row))
		return false;
	if (spec->upper && !maker->failed)
		letters_to_upper(maker->data + before, maker->len - before);
	return true;
}

int prepare_format(struct node *node, struct plan *plan, const struct expr *call)
{
	const struct expr *format = call->children[0];
	struct format_reader reader = { .rest = format->text };
	struct format_spec spec;

	(void)node;
	if (format->kind != EXPR_STRING)
		return 0;
	while (format_next(&reader, &spec))
		if (spec.conversion != 'n' && spec.conversion != '%' && spec.argument >= call->child_count)
			return plan_refuse(plan, &format->place,
					   "format: there are %zu conversions, but only %zu values", spec.argument,
					   call->child_count - 1);
	return reader.why ? plan_refuse(plan, &format->place, "%s", reader.why) : 0;
}

void run_format(const struct node *node, struct row *row, struct value *result)
{
	struct format_reader reader = { 0 };
	struct text_maker maker;
	struct format_spec spec;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &reader.rest)) {
		row->trouble = does_not_fit;
		return;
	}
	text_maker_init(&maker, row, reader.rest.len + 64);
	while (format_next(&reader, &spec)) {
		text_maker_add(&maker, reader.before);
		if (!add_spec(&maker, &spec, node, row)) {
			row->trouble = does_not_fit;
			return;
		}
	}
	text_maker_add(&maker, reader.before);
	if (reader.why)
		row->trouble = reader.why;
	else
		*result = text_maker_value(&maker);
}
