/*
 * The table for people: TIME HOST RISK ACTOR TARGET ENTRY SYSCALL OUTCOME WHY.
 *
 * Widths need all rows, and memory must not grow with their number, so rows
 * are printed in batches, each with its headings. On a terminal the widest
 * columns give way first, and their text is wrapped at words. A terminal too
 * narrow for nine columns gets each finding as a short paragraph instead.
 *
 * libsmartcols would escape, and measure as escaped, the backslash of our own
 * \xNN. So it gets to see \XNN, which no text that was escaped can hold, and
 * the x is put back in what it has laid out.
 */
#include "sink/table_batch.h"
#include "sink/type.h"

#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>

#define NARROW 110	  /* columns */
#define BRANCH_COLUMNS 16 /* "├─ 11:33:42.386Z" */

static const char *row_colour(const struct row *row)
{
	static const char *const colours[] = {
		[RISK_NONE] = NULL,
		[RISK_REVIEW] = "\033[36m",
		[RISK_KNOWN_TOOL] = "\033[1;33m",
		[RISK_HIGH] = "\033[1;31m",
	};

	return row->quiet ? "\033[90m" : colours[row->risk];
}

/* ---- layout ---- */

static void natural_widths(const struct batch *batch, size_t widths[CELL_COUNT])
{
	for (unsigned cell = 0; cell < CELL_COUNT; cell++) {
		widths[cell] = strlen(cell_heading((enum cell)cell));
		for (size_t i = 0; i < batch->count; i++)
			if (batch->rows[i].columns[cell] > widths[cell])
				widths[cell] = batch->rows[i].columns[cell];
	}
}

/*
 * Takes columns away, in steps and in this order, until the table fits. Cells
 * that have one good place to break give way to it at once. What that leaves
 * over goes to the reasons.
 */
static void shrink(size_t widths[CELL_COUNT], size_t terminal, bool branches)
{
	static const struct {
		enum cell cell;
		size_t least;
		bool at_once;
	} steps[] = {
		{ CELL_WHY, 48, false },    { CELL_ACTOR, 40, false }, { CELL_TARGET, 20, false },
		{ CELL_HOST, 20, false },   { CELL_WHY, 32, false },   { CELL_ACTOR, 28, false },
		{ CELL_OUTCOME, 9, true },  { CELL_HOST, 12, false },  { CELL_TIME, 13, true },
		{ CELL_RISK, 9, true },	    { CELL_WHY, 20, false },   { CELL_ACTOR, 16, false },
		{ CELL_TARGET, 12, false }, { CELL_HOST, 8, false },   { CELL_SYSCALL, 8, false },
		{ CELL_ENTRY, 7, false },   { CELL_WHY, 16, false },
	};
	size_t needed = CELL_COUNT - 1;

	for (unsigned cell = 0; cell < CELL_COUNT; cell++)
		needed += widths[cell];
	if (needed <= terminal)
		return;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && needed > terminal; i++) {
		size_t *width = &widths[steps[i].cell], over = needed - terminal;
		size_t least = steps[i].cell == CELL_TIME && branches ? BRANCH_COLUMNS : steps[i].least;
		size_t spare = *width > least ? *width - least : 0;
		size_t less = spare < over || steps[i].at_once ? spare : over;
		*width -= less;
		needed -= less;
	}
	if (needed < terminal)
		widths[CELL_WHY] += terminal - needed;
}

/* ---- libsmartcols ---- */

static struct libscols_table *new_table(bool colour)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	scols_table_enable_colors(table, colour);
	for (unsigned cell = 0; cell < CELL_COUNT; cell++) {
		struct libscols_column *column =
			scols_table_new_column(table, cell_heading((enum cell)cell), 0, SCOLS_FL_WRAP);
		if (!column || scols_column_set_safechars(column, "\n") ||
		    scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL)) {
			scols_unref_table(table);
			return NULL;
		}
	}
	return table;
}

static void swap_escapes(char *text, size_t len, char from, char to)
{
	for (size_t i = 1; i < len; i++)
		if (text[i] == from && text[i - 1] == '\\')
			text[i] = to;
}

static int add_row(struct libscols_table *table, const struct batch *batch, const struct row *row,
		   const size_t widths[CELL_COUNT], struct buffer *scratch)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);

	for (unsigned cell = 0; line && cell < CELL_COUNT; cell++) {
		buffer_reset(scratch);
		if (row->columns[cell] <= widths[cell])
			buffer_add(scratch, batch_cell(batch, row, cell));
		else
			cell_wrap(scratch, batch_cell(batch, row, cell), widths[cell], "\n");
		buffer_add_byte(scratch, '\0');
		if (scratch->failed)
			return -ENOMEM;
		swap_escapes(scratch->data, scratch->len, 'x', 'X');
		if (scols_line_set_data(line, cell, scratch->data))
			return -ENOMEM;
	}
	if (!line)
		return -ENOMEM;
	if (row_colour(row))
		scols_cell_set_color(scols_line_get_cell(line, CELL_RISK), row_colour(row));
	return 0;
}

/* Padding behind the last column is no use to anybody. */
static void add_trimmed(struct buffer *to, const char *printed)
{
	for (struct span rest = span_of(printed); rest.len;) {
		struct span line = span_first(rest, span_index(rest, '\n'));
		rest = span_skip(rest, line.len + 1);
		while (line.len && line.data[line.len - 1] == ' ')
			line.len--;
		buffer_add(to, line);
		buffer_add_byte(to, '\n');
	}
}

static int print_columns(struct sink *sink, const struct batch *batch)
{
	struct libscols_table *table = new_table(sink->options.colour);
	struct buffer scratch = { 0 };
	size_t widths[CELL_COUNT];
	char *printed = NULL;
	int status = table ? 0 : -ENOMEM;

	natural_widths(batch, widths);
	if (sink->options.width)
		shrink(widths, sink->options.width, batch->branches);
	for (size_t i = 0; !status && i < batch->count; i++)
		status = add_row(table, batch, &batch->rows[i], widths, &scratch);
	if (!status && (scols_print_table_to_string(table, &printed) || !printed))
		status = -ENOMEM;
	if (!status) {
		swap_escapes(printed, strlen(printed), 'X', 'x');
		add_trimmed(&sink->line, printed);
	}
	free(printed);
	buffer_finish(&scratch);
	scols_unref_table(table);
	return status;
}

/* ---- narrow terminals ---- */

static void print_paragraph(struct sink *sink, const struct batch *batch, const struct row *row)
{
	static const enum cell first[] = { CELL_TIME, CELL_HOST },
			       second[] = { CELL_ACTOR, CELL_TARGET, CELL_ENTRY, CELL_SYSCALL, CELL_OUTCOME };
	const char *colour = sink->options.colour ? row_colour(row) : NULL;
	struct buffer *to = &sink->line, joined = { 0 };
	size_t columns = sink->options.width > 20 ? sink->options.width - 2 : 18;

	buffer_text(to, colour ? colour : "");
	buffer_add(to, batch_cell(batch, row, CELL_RISK));
	buffer_text(to, colour ? "\033[0m" : "");
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		buffer_add(to, SPAN("  "));
		buffer_add(to, batch_cell(batch, row, first[i]));
	}
	buffer_add(to, SPAN("\n  "));
	for (size_t i = 0; i < sizeof(second) / sizeof(second[0]); i++) {
		struct span text = batch_cell(batch, row, second[i]);
		if (span_equal(text, SPAN("-")))
			continue;
		buffer_text(&joined, joined.len ? " " : "");
		buffer_add(&joined, text);
	}
	cell_wrap(to, buffer_span(&joined), columns, "\n  ");
	buffer_add(to, SPAN("\n  "));
	cell_wrap(to, batch_cell(batch, row, CELL_WHY), columns, "\n  ");
	buffer_add_byte(to, '\n');
	to->failed |= joined.failed;
	buffer_finish(&joined);
}

/* ---- the sink ---- */

static int print_batch(struct sink *sink, struct err *err)
{
	struct batch *batch = sink->state;
	int status = 0;

	if (batch->text.failed)
		return err_set(err, -ENOMEM, "memory is out while the table is made; try --json");
	if (batch->count == 0)
		return 0;
	if (batch->any)
		buffer_add_byte(&sink->line, '\n');
	if (sink->options.width && sink->options.width < NARROW)
		for (size_t i = 0; i < batch->count; i++)
			print_paragraph(sink, batch, &batch->rows[i]);
	else
		status = print_columns(sink, batch);
	batch->any = true;
	batch->branches = false;
	batch->count = 0;
	buffer_reset(&batch->text);
	if (status) {
		buffer_reset(&sink->line);
		return err_set(err, status, "memory is out while the table is made; try --json");
	}
	return sink_put_line(sink, err);
}

static int table_begin(struct sink *sink, struct err *err)
{
	sink->state = calloc(1, sizeof(struct batch));
	return sink->state ? 0 : err_set(err, -ENOMEM, "memory is out");
}

static int table_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	struct batch *batch = sink->state;

	batch_add_finding(batch, finding, sink->options.utf8);
	return batch_is_full(batch) ? print_batch(sink, err) : 0;
}

/* A line for the incident and its findings beneath; one of a single finding is one line. */
static int table_incident(struct sink *sink, const struct incident *incident, struct err *err)
{
	struct batch *batch = sink->state;
	uint64_t left = incident->findings - incident->found_count;
	int status = 0;

	batch_add_incident(batch, incident, sink->options.utf8);
	for (size_t i = 0; i < incident->found_count && incident->findings > 1 && !status; i++) {
		status = batch_is_full(batch) ? print_batch(sink, err) : 0;
		batch_add_part(batch, incident, i, sink->options.utf8);
	}
	if (!status && batch_is_full(batch))
		status = print_batch(sink, err);
	if (!status && left)
		batch_add_left(batch, left, sink->options.utf8);
	return !status && batch_is_full(batch) ? print_batch(sink, err) : status;
}

static int table_end(struct sink *sink, struct err *err)
{
	return print_batch(sink, err);
}

static void table_destroy(struct sink *sink)
{
	struct batch *batch = sink->state;

	if (batch)
		buffer_finish(&batch->text);
	free(batch);
}

const struct sink_type sink_table = {
	.name = "table",
	.begin = table_begin,
	.finding = table_finding,
	.incident = table_incident,
	.end = table_end,
	.destroy = table_destroy,
};
