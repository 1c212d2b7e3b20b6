#include "sink/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "sink/rows_type.h"

static const struct rows_type *const types[] = { &rows_table, &rows_json, &rows_csv, &rows_chart };

struct rows *rows_create(const char *name, struct output *output, const struct rows_options *options, struct err *err)
{
	struct rows *rows = calloc(1, sizeof(*rows));

	if (!rows) {
		err_set(err, -ENOMEM, "memory is out");
		return NULL;
	}
	rows->output = output;
	rows->options = *options;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i]->name, name) == 0)
			rows->type = types[i];
	if (rows->type)
		return rows;
	err_set(err, -EINVAL, "there is no output format '%s'; give table, json or csv", name);
	rows_destroy(rows);
	return NULL;
}

void rows_destroy(struct rows *rows)
{
	if (!rows)
		return;
	rows_batch_finish(&rows->batch);
	buffer_finish(&rows->line);
	free(rows);
}

int rows_put(struct rows *rows, const struct span *names, const struct row_cell *cells, size_t count, struct err *err)
{
	return rows->type->put(rows, names, cells, count, err);
}

int rows_end(struct rows *rows, struct err *err)
{
	int result = rows->type->end ? rows->type->end(rows, err) : 0;

	return result ? result : output_flush(rows->output, err);
}

const char *rows_remark(const struct rows *rows)
{
	return rows->remark;
}

int rows_put_line(struct rows *rows, struct err *err)
{
	int result;

	if (rows->line.failed) {
		buffer_finish(&rows->line);
		return err_set(err, -ENOMEM, "memory is out while rows are written");
	}
	result = output_write(rows->output, buffer_span(&rows->line), err);
	buffer_reset(&rows->line);
	return result;
}

static size_t digits(struct span text)
{
	size_t n = 0;

	while (n < text.len && text.data[n] >= '0' && text.data[n] <= '9')
		n++;
	return n;
}

static bool take_exponent(struct span *text)
{
	if (!text->len || (text->data[0] | 0x20) != 'e')
		return true;
	*text = span_skip(*text, 1);
	if (text->len && (text->data[0] == '+' || text->data[0] == '-'))
		*text = span_skip(*text, 1);
	size_t n = digits(*text);
	*text = span_skip(*text, n);
	return n > 0;
}

/* RFC 8259, 6: no NaN, no infinity, no leading zeros. */
bool rows_is_number(struct span text)
{
	if (span_starts(text, SPAN("-")))
		text = span_skip(text, 1);
	size_t whole = digits(text);
	if (!whole || (whole > 1 && text.data[0] == '0'))
		return false;
	text = span_skip(text, whole);
	if (span_starts(text, SPAN("."))) {
		size_t fraction = digits(span_skip(text, 1));
		if (!fraction)
			return false;
		text = span_skip(text, 1 + fraction);
	}
	return take_exponent(&text) && !text.len;
}
