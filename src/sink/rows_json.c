/*
 * JSON lines: one row an object a line, its fields by name and in its order.
 * Numbers that the search computed are numbers, text stays text; null where a
 * field has no value. Names that a row has twice are both there.
 *
 * {"_messageTime":1795430914650,"hostname":"web-01","exe":"/usr/bin/python3.11","risk":"HighRisk"}
 */
#include "sink/escape.h"
#include "sink/rows_type.h"

static void add_value(struct buffer *to, const struct row_cell *cell)
{
	switch (cell->kind) {
	case ROW_NULL:
		buffer_add(to, SPAN("null"));
		return;
	case ROW_NUMBER:
	case ROW_TIME:
		if (rows_is_number(cell->text)) {
			buffer_add(to, cell->text);
			return;
		}
		break; /* NaN and infinity have no number in JSON */
	case ROW_BOOL:
		buffer_add(to, cell->text);
		return;
	case ROW_TEXT:
		break;
	}
	escape_json(to, cell->text.data ? cell->text : SPAN(""));
}

static int json_put(struct rows *rows, const struct span *names, const struct row_cell *cells, size_t count,
		    struct err *err)
{
	struct buffer *to = &rows->line;

	buffer_add_byte(to, '{');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buffer_add_byte(to, ',');
		escape_json(to, names[i].data ? names[i] : SPAN(""));
		buffer_add_byte(to, ':');
		add_value(to, &cells[i]);
	}
	buffer_add(to, SPAN("}\n"));
	return rows_put_line(rows, err);
}

const struct rows_type rows_json = { .name = "json", .put = json_put };
