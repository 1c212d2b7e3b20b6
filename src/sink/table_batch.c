#include "sink/table_batch.h"

#include "sink/cells_incident.h"
#include "sink/iso_time.h"
#include "sink/quantity.h"

/* How a row hangs from the one above it. */
enum branch { BRANCH_NONE, BRANCH_MORE, BRANCH_LAST };

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
	if (utf8)
		buffer_text(to, branch == BRANCH_LAST ? "└─ " : "├─ ");
	else
		buffer_text(to, branch == BRANCH_LAST ? "`- " : "|- ");
	return 3;
}

#define DATE_LEN 11 /* 2026-11-23T */

/* Below an incident of the same day the hour is enough. */
static size_t add_hour(struct buffer *to, int64_t time_ms, int64_t above_ms)
{
	char room[ISO_TIME_ROOM], above_room[ISO_TIME_ROOM];
	const char *time = iso_time(time_ms, room), *above = iso_time(above_ms, above_room);

	if (!time || !above || strlen(time) <= DATE_LEN || strncmp(time, above, DATE_LEN) != 0)
		return 0;
	buffer_text(to, time + DATE_LEN);
	return strlen(time + DATE_LEN);
}

static void add_finding(struct batch *batch, const struct finding *finding, bool utf8, enum branch branch,
			int64_t above_ms)
{
	struct row *row = new_row(batch, finding->risk, finding->suppressed_by.data != NULL);

	for (unsigned cell = 0; cell < CELL_COUNT; cell++) {
		size_t hour = 0;
		row->begin[cell] = batch->text.len;
		row->columns[cell] = 0;
		if (cell == CELL_TIME && branch != BRANCH_NONE) {
			row->columns[cell] = add_branch(&batch->text, branch, utf8);
			hour = add_hour(&batch->text, finding->access.time_ms, above_ms);
		}
		row->columns[cell] += hour ? hour : cell_add(&batch->text, (enum cell)cell, finding, utf8);
		buffer_add_byte(&batch->text, '\0');
	}
}

void batch_add_finding(struct batch *batch, const struct finding *finding, bool utf8)
{
	add_finding(batch, finding, utf8, BRANCH_NONE, 0);
}

void batch_add_part(struct batch *batch, const struct incident *incident, size_t i, bool utf8)
{
	bool last = i + 1 == incident->findings;

	batch->branches = true;
	add_finding(batch, incident->found[i], utf8, last ? BRANCH_LAST : BRANCH_MORE, incident->first_ms);
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
