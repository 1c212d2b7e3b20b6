#include "sink/rows_batch.h"

#include <stdlib.h>

void rows_batch_finish(struct rows_batch *batch)
{
	buffer_finish(&batch->names);
	buffer_finish(&batch->text);
	free(batch->cells);
	free(batch->rows);
	*batch = (struct rows_batch){ 0 };
}

struct span rows_batch_name(const struct rows_batch *batch, size_t column)
{
	struct batch_text name = batch->columns[column];

	return (struct span){ batch->names.data + name.at, name.len };
}

struct row_cell rows_batch_cell(const struct rows_batch *batch, size_t row, size_t column)
{
	const struct batch_row *of = &batch->rows[row];
	struct row_cell null = { ROW_NULL, { 0 } };

	if (column >= of->count)
		return null;
	const struct batch_cell *cell = &batch->cells[of->first + column];
	if (cell->kind == ROW_NULL)
		return null;
	return (struct row_cell){ cell->kind, { batch->text.data + cell->text.at, cell->text.len } };
}

bool rows_batch_is_full(const struct rows_batch *batch, size_t rows_max)
{
	return batch->count >= rows_max || batch->text.len >= ROWS_BATCH_TEXT;
}

void rows_batch_reset(struct rows_batch *batch, bool keep_columns)
{
	batch->count = batch->cell_count = 0;
	buffer_reset(&batch->text);
	if (keep_columns)
		return;
	batch->column_count = 0;
	buffer_reset(&batch->names);
}

static bool is_column(const struct rows_batch *batch, size_t column, struct span name)
{
	return column < batch->column_count && span_equal(rows_batch_name(batch, column), name);
}

/* The column of that name, a new one if need be; ROWS_COLUMNS_MAX when there can be none. Rows mostly agree on places. */
static size_t find_column(struct rows_batch *batch, struct span name, size_t guess)
{
	if (is_column(batch, guess, name))
		return guess;
	for (size_t i = 0; i < batch->column_count; i++)
		if (is_column(batch, i, name))
			return i;
	if (batch->closed || batch->column_count == ROWS_COLUMNS_MAX)
		return ROWS_COLUMNS_MAX;
	batch->columns[batch->column_count] = (struct batch_text){ batch->names.len, name.len };
	buffer_add(&batch->names, name);
	buffer_add_byte(&batch->names, '\0'); /* so that there is memory also for names of no length */
	return batch->column_count++;
}

/* The items with room for that many; NULL when memory is out, and then they are as they were. */
static void *reserve(void *items, size_t *room, size_t wanted, size_t size)
{
	size_t more = *room ? *room : 64;

	if (wanted <= *room)
		return items;
	while (more < wanted)
		more *= 2;
	items = reallocarray(items, more, size);
	if (items)
		*room = more;
	return items;
}

static void put_cell(struct rows_batch *batch, size_t at, const struct row_cell *cell)
{
	batch->cells[at] = (struct batch_cell){ cell->kind, { batch->text.len, cell->text.len } };
	buffer_add(&batch->text, cell->text);
	buffer_add_byte(&batch->text, '\0');
}

bool rows_batch_add(struct rows_batch *batch, const struct span *names, const struct row_cell *cells, size_t count)
{
	size_t first = batch->cell_count, most = batch->column_count + count;

	/* One more: rows of no cells need memory, too, to be told from none left. */
	struct batch_cell *all = reserve(batch->cells, &batch->cell_room, first + most + 1, sizeof(*all));
	if (!all)
		return false;
	batch->cells = all;
	struct batch_row *rows = reserve(batch->rows, &batch->row_room, batch->count + 1, sizeof(*rows));
	if (!rows)
		return false;
	batch->rows = rows;
	for (size_t i = 0; i < most; i++)
		batch->cells[first + i].kind = ROW_NULL;
	for (size_t i = 0; i < count; i++) {
		size_t column = find_column(batch, names[i], i);
		if (column == ROWS_COLUMNS_MAX)
			batch->left_out++;
		else
			put_cell(batch, first + column, &cells[i]);
	}
	batch->rows[batch->count++] = (struct batch_row){ first, batch->column_count };
	batch->cell_count = first + batch->column_count;
	return !batch->text.failed && !batch->names.failed;
}
