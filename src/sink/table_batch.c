#include "sink/table_batch.h"

#include "sink/cells_incident.h"
#include "sink/quantity.h"

struct span batch_cell(const struct batch *batch, const struct row *row, unsigned cell)
{
	return span_of(batch->text.data + row->begin[cell]);
}

static struct row *new_row(struct batch *batch, enum risk risk, bool quiet)
{
	struct row *row = &batch->rows[batch->count++];

	row->risk = risk;
	row->quiet = quiet;
	return row;
}

/* Returns the columns that the branch takes. */
static size_t add_branch(struct buffer *to, enum branch branch, bool utf8)
{
	if (branch == BRANCH_NONE)
		return 0;
	if (utf8)
		buffer_text(to, branch == BRANCH_LAST ? "└─ " : "├─ ");
	else
		buffer_text(to, branch == BRANCH_LAST ? "`- " : "|- ");
	return 3;
}

void batch_add_finding(struct batch *batch, const struct finding *finding, bool utf8, enum branch branch)
{
	struct row *row = new_row(batch, finding->risk, finding->suppressed_by.data != NULL);

	for (unsigned cell = 0; cell < CELL_COUNT; cell++) {
		row->begin[cell] = batch->text.len;
		row->columns[cell] = cell == CELL_TIME ? add_branch(&batch->text, branch, utf8) : 0;
		row->columns[cell] += cell_add(&batch->text, (enum cell)cell, finding, utf8);
		buffer_add_byte(&batch->text, '\0');
	}
}

void batch_add_incident(struct batch *batch, const struct incident *incident, bool utf8)
{
	struct row *row = new_row(batch, incident->risk, false);

	for (unsigned cell = 0; cell < CELL_COUNT; cell++) {
		row->begin[cell] = batch->text.len;
		row->columns[cell] = cell_add_incident(&batch->text, (enum cell)cell, incident, utf8);
		buffer_add_byte(&batch->text, '\0');
	}
}

void batch_add_left(struct batch *batch, uint64_t findings, bool utf8)
{
	struct row *row = new_row(batch, RISK_NONE, false);
	char room[QUANTITY_ROOM];

	for (unsigned cell = 0; cell < CELL_COUNT; cell++) {
		row->begin[cell] = batch->text.len;
		row->columns[cell] = 0;
		if (cell == CELL_TIME) {
			add_branch(&batch->text, BRANCH_LAST, utf8);
			buffer_printf(&batch->text, "%s more: --flat", quantity_count(findings, room));
			row->columns[cell] = 3 + strlen(room) + strlen(" more: --flat");
		}
		buffer_add_byte(&batch->text, '\0');
	}
}
