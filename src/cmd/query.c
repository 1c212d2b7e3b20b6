#include <stdio.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/query_arguments.h"
#include "cmd/query_text.h"
#include "cmd/reading.h"
#include "cmd/report.h"
#include "cmd/rulebook.h"
#include "cmd/tell.h"
#include "engine/search.h"
#include "sink/escape.h"
#include "sink/rows_summary.h"

#define KEYS_MAX 64

struct searching {
	struct query_arguments arguments;
	struct buffer file; /* the search, when it is in one */
	struct query *query;
	struct run *run;
	struct rulebook rulebook;
	struct output *output;
	struct rows *rows;
	struct span keys[KEYS_MAX]; /* columns that say what a row of an aggregate is of */
	size_t key_count;
	struct summary summary;
	struct search_totals totals;
	bool utf8;
};

/* ---- before ---- */

static int parse_search(struct searching *searching)
{
	struct query_arguments *arguments = &searching->arguments;
	struct query_error error;
	struct span text;
	struct err err = { 0 };

	if (arguments->file && query_text_read(&searching->file, arguments->file, &err) < 0) {
		tell("%s", err.text);
		return STATUS_ERROR;
	}
	text = arguments->file ? buffer_span(&searching->file) : span_of(arguments->text);
	searching->query = query_parse(text, &arguments->parse, &error);
	if (searching->query)
		return 0;
	query_text_error(text, &error);
	return STATUS_ERROR;
}

static struct span key_name(const struct order_key *key)
{
	if (key->name.len)
		return key->name;
	if (key->expr->kind == EXPR_CALL && span_equal_nocase(key->expr->text, SPAN("timeslice")))
		return SPAN("_timeslice");
	return key->expr->text;
}

static void find_keys(struct searching *searching)
{
	for (const struct operator* at = searching->query->first; at; at = at->next) {
		if (at->kind != OPERATOR_AGGREGATE)
			continue;
		searching->key_count = 0;
		for (size_t i = 0; i < at->key_count && i < KEYS_MAX; i++)
			searching->keys[searching->key_count++] = key_name(&at->keys[i]);
	}
}

static int open_rows(struct searching *searching)
{
	const struct query_arguments *arguments = &searching->arguments;
	int fd = arguments->search.output_path ? -1 : STDOUT_FILENO;
	struct rows_options options = {
		.colour = terminal_colours(fd, arguments->colour),
		.utf8 = searching->utf8,
		.width = terminal_width(fd),
		.keys = searching->keys,
		.key_count = searching->key_count,
	};
	struct err err = { 0 };

	searching->rows = rows_create(arguments->format, searching->output, &options, &err);
	if (searching->rows)
		return 0;
	tell("%s", err.text);
	return STATUS_ERROR;
}

/* What an author calls the message's text, for errors that hold several lines. */
static void tell_lines(const char *text)
{
	fputs("proctor: ", stderr);
	fputs(text, stderr);
	fputc('\n', stderr);
}

static int prepare(struct searching *searching)
{
	struct query_arguments *arguments = &searching->arguments;
	struct search_options *search = &arguments->search;
	struct err err = { 0 };

	arguments->run.start_ms = search->since_ms;
	arguments->run.end_ms = search->until_ms;
	searching->run = run_create(searching->query, &arguments->run, &err);
	if (!searching->run) {
		tell_lines(err.text);
		return STATUS_ERROR;
	}
	search->since_ms = run_earliest_ms(searching->run);
	searching->output = report_open_output(search->output_path, search->paths, search->path_count);
	if (!searching->output)
		return STATUS_ERROR;
	find_keys(searching);
	return open_rows(searching);
}

/* ---- searching ---- */

/* A search of single lines that asks for what lies in two records finds nothing, and nobody would know. */
static void note_single_record(struct searching *searching)
{
	struct lint_finding findings[32];
	size_t count = query_lint(searching->query, findings, 32);

	if (searching->arguments.search.unit != MESSAGE_LINE)
		return;
	for (size_t i = 0; i < count && i < 32; i++)
		if (strcmp(findings[i].code, "single-record") == 0) {
			summary_note(&searching->summary, false, false,
				     "the search takes fields of one message that audit writes in several records "
				     "(lines); --assemble makes one message of each event, --lint tells more");
			return;
		}
}

static void write_summary(struct buffer *to, const struct summary *summary, const void *context)
{
	const struct searching *searching = context;

	rows_summary(to, summary, searching->totals.messages, searching->totals.rows, searching->utf8);
}

static int search(struct searching *searching)
{
	struct query_arguments *arguments = &searching->arguments;
	struct search_options *options = &arguments->search;
	struct reading_options wanted = { options->paths,   options->path_count,   arguments->progress,
					  arguments->quiet, !options->output_path, searching->utf8 };
	struct reading reading;
	struct err err = { 0 };

	reading_start(&reading, &wanted, &searching->summary);
	options->progress = reading_progress;
	options->progress_context = &reading;
	int result = search_run(options, searching->query, searching->run, searching->rows, &searching->totals,
				&searching->summary, &err);
	reading_end(&reading);
	note_single_record(searching);
	if (rows_remark(searching->rows)[0])
		summary_note(&searching->summary, false, false, "%s", rows_remark(searching->rows));
	struct report report = {
		.summary = &searching->summary,
		.output = searching->output,
		.output_path = options->output_path,
		.is_table = strcmp(arguments->format, "table") == 0 || strcmp(arguments->format, "chart") == 0,
		.quiet = arguments->quiet,
		.stopped = reading.stopped,
		.lines = searching->totals.rows,
		.write = write_summary,
		.context = searching,
	};
	int status = report_end(&report, result, &err);
	if (arguments->run.explain)
		query_text_explain(searching->run, searching->utf8);
	return status;
}

static int open_rules(struct searching *searching)
{
	struct search_options *search = &searching->arguments.search;

	search->pack = &searching->rulebook.pack;
	return search->unit == MESSAGE_ACCESS ? rulebook_open(&searching->rulebook, &searching->summary) : 0;
}

static int run_search(struct searching *searching)
{
	const struct query_arguments *arguments = &searching->arguments;
	bool json = strcmp(arguments->format, "json") == 0;
	int status = parse_search(searching);

	if (status || arguments->check)
		return status;
	if (arguments->lint)
		return query_text_lint(searching->query, json, searching->utf8) ? STATUS_FOUND : STATUS_NOTHING;
	status = open_rules(searching);
	if (!status)
		status = prepare(searching);
	return status ? status : search(searching);
}

static int run_query(int argc, char **argv)
{
	struct searching searching = { .utf8 = escape_locale_is_utf8() };

	query_arguments_parse(&searching.arguments, argc, argv, clock_ms(CLOCK_REALTIME));
	int status = run_search(&searching);
	rows_destroy(searching.rows);
	output_destroy(searching.output);
	run_destroy(searching.run);
	query_destroy(searching.query);
	buffer_finish(&searching.file);
	rulebook_close(&searching.rulebook);
	query_arguments_finish(&searching.arguments);
	return status;
}

const struct command command_query = {
	.name = "query",
	.summary = "run a Sumo Logic search on local logs",
	.run = run_query,
};
