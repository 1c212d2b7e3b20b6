#include "engine/search.h"

#include <stdlib.h>

#include "engine/inputs.h"
#include "model/record.h"

#define PROGRESS_MESSAGES 16 /* between looks at the clock and for a signal: a regex may take a second on each */

struct search {
	const struct search_options *options;
	const struct query *query;
	struct run *run;
	struct rows *rows;
	struct search_totals *totals;
	struct summary *summary;
	struct source *source;
	struct messages *messages;
	struct arena arena; /* of the row that is written */
	struct row_cell *cells;
	size_t cell_room;
	struct err *err;
	int failed;	/* the first negative errno */
	bool satisfied; /* the run wants no more */
	bool stopped;	/* the user wants no more */
	bool ended;	/* the input has ended: what was held back is still wanted */
};

/* ---- rows ---- */

/* Columns that hold times by their nature: the search's own, and what timeslice makes. */
static bool is_time_column(const struct query *query, struct span name)
{
	static const struct span names[] = { SPAN("_messagetime"), SPAN("_receipttime"), SPAN("_timeslice") };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal_nocase(name, names[i]))
			return true;
	for (const struct operator* at = query->first; at; at = at->next)
		if (at->kind == OPERATOR_TIMESLICE && at->name_count && span_equal_nocase(at->names[0].name, name))
			return true;
	return false;
}

static struct row_cell cell_of(struct search *search, struct span name, const struct value *value)
{
	struct row_cell cell = { ROW_NULL, { 0 } };

	switch (value->kind) {
	case VALUE_NULL:
		return cell;
	case VALUE_TEXT:
		cell.kind = ROW_TEXT;
		break;
	case VALUE_NUMBER:
		cell.kind = is_time_column(search->query, name) ? ROW_TIME : ROW_NUMBER;
		break;
	case VALUE_BOOL:
		cell.kind = ROW_BOOL;
		break;
	}
	cell.text = value_to_text(value, &search->arena);
	if (!cell.text.data)
		cell.text = SPAN("");
	return cell;
}

static bool reserve_cells(struct search *search, size_t count)
{
	if (count <= search->cell_room)
		return true;
	struct row_cell *cells = reallocarray(search->cells, count, sizeof(*cells));
	if (!cells)
		return false;
	search->cells = cells;
	search->cell_room = count;
	return true;
}

static void write_row(struct search *search, const struct row_view *row)
{
	if (!reserve_cells(search, row->count)) {
		search->failed = err_set(search->err, -ENOMEM, "out of memory while rows are written");
		return;
	}
	arena_reset(&search->arena);
	for (size_t i = 0; i < row->count; i++)
		search->cells[i] = cell_of(search, row->names[i], &row->values[i]);
	int result = rows_put(search->rows, row->names, search->cells, row->count, search->err);
	if (result < 0)
		search->failed = result;
	search->totals->rows++;
}

static void take_rows(struct search *search)
{
	struct row_view row;
	int result = 0;

	while (!search->failed && (result = run_next(search->run, &row, search->err)) > 0)
		write_row(search, &row);
	if (result < 0 && !search->failed)
		search->failed = result;
}

/* ---- messages ---- */

static bool is_in_time(const struct search_options *options, const struct message *message)
{
	if (options->since_ms == TIME_UNKNOWN && options->until_ms == TIME_UNKNOWN)
		return true;
	if (message->time_ms == TIME_UNKNOWN)
		return false;
	return (options->since_ms == TIME_UNKNOWN || message->time_ms >= options->since_ms) &&
	       (options->until_ms == TIME_UNKNOWN || message->time_ms <= options->until_ms);
}

static bool wants_stop(struct search *search)
{
	const struct search_options *options = search->options;

	if (search->failed || search->satisfied)
		return true;
	if (options->progress && options->progress(options->progress_context, search->source))
		search->stopped = true;
	return search->stopped;
}

/* False when the user stopped it before the last one. */
static bool take_messages(struct search *search)
{
	struct message message;
	uint64_t steps = 0;

	while (!search->failed && !search->satisfied && messages_next(search->messages, &message)) {
		if (!search->ended && ++steps % PROGRESS_MESSAGES == 0 && wants_stop(search))
			return false;
		if (!is_in_time(search->options, &message))
			continue;
		int result = run_message(search->run, &message, search->err);
		if (result < 0)
			search->failed = result;
		search->satisfied = result > 0;
		take_rows(search);
	}
	return true;
}

static void take_frames(struct search *search)
{
	struct frame frame;
	bool whole = true;

	while (whole && !wants_stop(search) && source_next(search->source, &frame) > 0) {
		messages_feed(search->messages, &frame);
		whole = take_messages(search);
	}
	if (search->stopped)
		summary_note(search->summary, true, false,
			     "stopped before the end of the input: these are the rows of what was read until then");
	messages_end(search->messages);
	search->ended = true;
	if (whole)
		take_messages(search);
	messages_account(search->messages, search->summary);
	if (search->options->progress)
		search->options->progress(search->options->progress_context, NULL);
}

static int end_rows(struct search *search)
{
	uint64_t bad;
	int result;

	if (!search->failed && run_end(search->run, search->err) < 0)
		search->failed = search->err->number;
	take_rows(search);
	bad = run_bad_rows(search->run);
	if (bad)
		summary_note(search->summary, true, false,
			     "%llu row%s left out: a regular expression or a value went beyond its limits; "
			     "--explain tells where",
			     (unsigned long long)bad, bad == 1 ? " was" : "s were");
	result = rows_end(search->rows, search->failed ? NULL : search->err);
	return search->failed ? search->failed : result;
}

/* ---- before ---- */

static int create_messages(struct search *search)
{
	const struct search_options *options = search->options;
	struct messages_options wanted = {
		.unit = options->unit,
		.needs = message_needs_of(search->query),
		.categories = options->categories,
		.pack = options->pack,
	};

	if (options->since_ms != TIME_UNKNOWN || options->until_ms != TIME_UNKNOWN)
		wanted.needs.time = true;
	if (!options->every_message)
		wanted.literal_count = run_literals(search->run, &wanted.literals);
	search->messages = messages_create(&wanted, search->summary);
	return search->messages ? 0 : err_set(search->err, -ENOMEM, "out of memory before the search began");
}

int search_run(const struct search_options *options, const struct query *query, struct run *run, struct rows *rows,
	       struct search_totals *totals, struct summary *summary, struct err *err)
{
	struct search search = {
		.options = options,
		.query = query,
		.run = run,
		.rows = rows,
		.totals = totals,
		.summary = summary,
		.err = err,
	};
	double start = inputs_clock();
	int result;

	*totals = (struct search_totals){ 0 };
	arena_init(&search.arena, 0);
	search.source = source_create(options->paths, options->path_count, &options->source, summary, err);
	result = search.source ? inputs_refuse_output(search.source, options->output_path, err) : -ENOENT;
	if (result == 0)
		result = create_messages(&search);
	if (result == 0 && options->confine)
		result = inputs_confine(search.source, summary, err);
	if (result == 0) {
		take_frames(&search);
		result = end_rows(&search);
		totals->messages = messages_count(search.messages);
	}
	summary->findings = totals->rows;
	summary->seconds = inputs_clock() - start;
	messages_destroy(search.messages);
	source_destroy(search.source);
	arena_finish(&search.arena);
	free(search.cells);
	return result;
}
