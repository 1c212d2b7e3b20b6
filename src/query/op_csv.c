/*
 * csv f [delim=","] [quote='"'] [escape='\'] extract 1 as a, 5 as b, c     (also: split)
 *
 * A column that the text does not have is null; a text that has none of the
 * columns, because the field is null, does not match.
 */
#include <stdlib.h>

#include "query/columns.h"
#include "query/extract.h"

#define COLUMN_MAX 1000000

struct target {
	uint32_t column, slot; /* columns count from 1 */
};

struct csv {
	struct extract extract;
	struct columns format;
	struct target *targets; /* in the order of the columns */
	size_t count;
};

/* ---- compiling ---- */

static int read_byte(struct plan *plan, const struct named_expr *option, int *byte)
{
	const struct expr *expr = option->expr;
	struct span text = expr ? expr->text : SPAN("");

	if (span_equal(text, SPAN("\\t")))
		text = SPAN("\t");
	if (!expr || expr->kind != EXPR_STRING || text.len != 1)
		return plan_refuse(plan, &option->place, "this has to be one character (of ASCII) in quotes");
	*byte = (unsigned char)text.data[0];
	return 0;
}

static int read_option(struct plan *plan, const struct named_expr *option, struct columns *format)
{
	if (span_equal_nocase(option->name, SPAN("delim")) || span_equal_nocase(option->name, SPAN("delimiter")))
		return read_byte(plan, option, &format->delimiter);
	if (span_equal_nocase(option->name, SPAN("quote")))
		return read_byte(plan, option, &format->quote);
	if (span_equal_nocase(option->name, SPAN("escape")))
		return read_byte(plan, option, &format->escape);
	return plan_refuse(plan, &option->place, "the options here are delim, quote and escape");
}

static int read_options(struct plan *plan, const struct operator* operator, struct columns * format)
{
	for (size_t i = 0; i < operator->option_count; i++) {
		int status = read_option(plan, &operator->options[i], format);
		if (status < 0)
			return status;
	}
	if (format->delimiter == format->quote || format->delimiter == format->escape)
		return plan_refuse(plan, &operator->place,
				   "the delimiter has to be another character than quote and escape");
	return 0;
}

static int by_column(const void *a, const void *b)
{
	const struct target *left = a, *right = b;

	return (left->column > right->column) - (left->column < right->column);
}

static int create_targets(struct plan *plan, const struct operator* operator, struct csv * csv)
{
	double column;

	csv->targets = plan_alloc(plan, operator->name_count * sizeof(*csv->targets));
	if (!csv->targets)
		return -ENOMEM;
	for (size_t i = 0; i < operator->name_count; i++) {
		const struct named_expr *name = &operator->names[i];
		int status = plan_constant(plan, name->expr, 1, COLUMN_MAX, &column);
		if (status < 0)
			return status;
		if (column != (double)(uint32_t)column)
			return plan_refuse(plan, &name->place, "a column is a whole number");
		csv->targets[csv->count++] =
			(struct target){ .column = (uint32_t)column, .slot = plan_write(plan, name->name) };
	}
	qsort(csv->targets, csv->count, sizeof(*csv->targets), by_column);
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct csv *csv = plan_alloc(plan, sizeof(*csv));

	if (!csv)
		return -ENOMEM;
	if (operator->multi)
		return plan_refuse(plan, &operator->place, "multi works with parse regex only");
	csv->format = (struct columns){ .delimiter = ',', .quote = '"', .escape = '\\' };
	extract_create(plan, operator, & csv->extract);
	stage->state = csv;
	int status = read_options(plan, operator, & csv->format);
	return status < 0 ? status : create_targets(plan, operator, csv);
}

/* ---- rows ---- */

static void take_columns(const struct csv *csv, struct row *row, struct span text)
{
	struct columns columns = csv->format;
	uint32_t at = 0; /* columns read */
	struct span column = { 0 };
	bool more = true;

	columns.text = text;
	for (size_t i = 0; i < csv->count; i++) {
		const struct target *target = &csv->targets[i];
		while (more && at < target->column) {
			at++;
			more = at < target->column ? columns_skip(&columns)
						   : columns_next(&columns, &row->arena, &column);
		}
		row->values[target->slot] = more ? value_text(column) : VALUE_OF_NULL;
	}
}

static int push(struct stage *stage, struct row *row)
{
	const struct csv *csv = stage->state;
	struct span text;
	bool is_text = extract_text(&csv->extract, row, &text);

	if (is_text)
		take_columns(csv, row, text);
	return extract_end(stage, row, &csv->extract, is_text, "the field that is to be split is null");
}

const struct operator_type csv_type = { .create = create, .push = push };
const struct operator_type split_type = { .create = create, .push = push };
