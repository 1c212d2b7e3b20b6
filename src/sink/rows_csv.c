/*
 * CSV by RFC 4180: a header, then a row a line; nothing where a field has no
 * value. The header is made of the first rows, so that a column that only
 * some of them have is in it; one that comes later is left out, and told.
 */
#include <stdio.h>

#include "sink/escape.h"
#include "sink/rows_type.h"

#define HEADER_ROWS 1000

static void end_line(struct buffer *to)
{
	if (!to->failed && to->len && to->data[to->len - 1] == ',')
		to->len--;
	buffer_add(to, SPAN("\r\n"));
}

static void add_header(struct rows *rows)
{
	for (size_t column = 0; column < rows->batch.column_count; column++) {
		escape_csv(&rows->line, rows_batch_name(&rows->batch, column));
		buffer_add_byte(&rows->line, ',');
	}
	end_line(&rows->line);
}

/* A negative number is no formula, whatever spreadsheets make of text that begins like one. */
static void add_cell(struct buffer *to, const struct row_cell *cell)
{
	bool number = (cell->kind == ROW_NUMBER || cell->kind == ROW_TIME) && rows_is_number(cell->text);

	if (number)
		buffer_add(to, cell->text);
	else if (cell->kind != ROW_NULL)
		escape_csv(to, cell->text);
	buffer_add_byte(to, ',');
}

static int print_batch(struct rows *rows, struct err *err)
{
	struct rows_batch *batch = &rows->batch;
	int result = 0;

	if (!rows->started && batch->count)
		add_header(rows);
	for (size_t row = 0; result == 0 && row < batch->count; row++) {
		for (size_t column = 0; column < batch->column_count; column++) {
			struct row_cell cell = rows_batch_cell(batch, row, column);
			add_cell(&rows->line, &cell);
		}
		end_line(&rows->line);
		result = rows_put_line(rows, err);
	}
	rows->started |= batch->count > 0;
	batch->closed = rows->started;
	rows_batch_reset(batch, true);
	return result;
}

static int csv_put(struct rows *rows, const struct span *names, const struct row_cell *cells, size_t count,
		   struct err *err)
{
	if (!rows_batch_add(&rows->batch, names, cells, count))
		return err_set(err, -ENOMEM, "memory is out while rows are written; try --json");
	if (rows->batch.left_out)
		snprintf(rows->remark, sizeof(rows->remark),
			 "%llu values are not in the CSV: their columns came after its header; --json has them",
			 (unsigned long long)rows->batch.left_out);
	return rows_batch_is_full(&rows->batch, rows->started ? 1 : HEADER_ROWS) ? print_batch(rows, err) : 0;
}

const struct rows_type rows_csv = { .name = "csv", .put = csv_put, .end = print_batch };
