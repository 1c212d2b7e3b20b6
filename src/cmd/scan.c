#include <unistd.h>

#include "cmd/command.h"
#include "cmd/reading.h"
#include "cmd/report.h"
#include "cmd/scan_arguments.h"
#include "cmd/tell.h"
#include "engine/scan.h"
#include "sink/escape.h"
#include "sink/summary_text.h"

struct run {
	struct scan_arguments arguments;
	struct output *output;
	struct sink *sink;
	struct summary summary;
	bool utf8;
};

static int open_sink(struct run *run)
{
	const struct scan_arguments *arguments = &run->arguments;
	int fd = arguments->scan.output_path ? -1 : STDOUT_FILENO;
	struct sink_options options = {
		.raw = arguments->scan.raw,
		.summary = &run->summary,
		.colour = terminal_colours(fd, arguments->colour),
		.utf8 = run->utf8,
		.width = terminal_width(fd),
	};
	struct err err = { 0 };

	run->sink = sink_create(arguments->format, run->output, &options, &err);
	if (run->sink)
		return 0;
	tell("%s", err.text);
	return STATUS_ERROR;
}

static void note_limit(struct run *run)
{
	uint64_t limit = run->arguments.scan.spool.limit;
	bool whole = run->arguments.scan.telling == SCAN_INCIDENTS;

	if (limit && (whole ? run->summary.incidents : run->summary.findings) > limit)
		summary_note(&run->summary, false, false, "--limit left all but %llu %s out", (unsigned long long)limit,
			     whole ? "incidents" : "findings");
}

static void write_summary(struct buffer *to, const struct summary *summary, const void *context)
{
	const struct run *run = context;

	summary_text(to, summary, run->utf8);
}

static void explain_plan(const struct scan_plan *plan)
{
	if (plan->sieved)
		tell("plan: sieve: only the events that matter were assembled");
	else
		tell("plan: stream: every event was assembled, for %s", plan->why);
}

static int scan(struct run *run)
{
	struct scan_arguments *arguments = &run->arguments;
	struct scan_options *options = &arguments->scan;
	struct reading_options wanted = { options->paths,
					  options->path_count,
					  arguments->progress,
					  arguments->quiet,
					  options->accesses && !options->output_path,
					  run->utf8 };
	struct reading reading;
	struct scan_plan plan = { 0 };
	struct err err = { 0 };

	reading_start(&reading, &wanted, &run->summary);
	options->pack = &arguments->rulebook.pack;
	options->progress = reading_progress;
	options->progress_context = &reading;
	options->plan = &plan;
	int result = scan_run(options, run->sink, &run->summary, &err);
	reading_end(&reading);
	if (arguments->explain_plan)
		explain_plan(&plan);
	note_limit(run);
	struct report report = {
		.summary = &run->summary,
		.output = run->output,
		.output_path = options->output_path,
		.is_table = strcmp(arguments->format, "table") == 0,
		.quiet = arguments->quiet,
		.stopped = reading.stopped,
		.lines = run->summary.findings,
		.write = write_summary,
		.context = run,
	};
	return report_end(&report, result, &err);
}

static int run_scan(int argc, char **argv)
{
	struct run run = { .utf8 = escape_locale_is_utf8() };
	const struct scan_options *options = &run.arguments.scan;
	int status;

	scan_arguments_parse(&run.arguments, argc, argv, clock_ms(CLOCK_REALTIME));
	status = rulebook_open(&run.arguments.rulebook, &run.summary);
	if (!status)
		run.output = report_open_output(options->output_path, options->paths, options->path_count);
	if (!status)
		status = run.output ? open_sink(&run) : STATUS_ERROR;
	if (!status)
		status = scan(&run);
	sink_destroy(run.sink);
	output_destroy(run.output);
	rulebook_close(&run.arguments.rulebook);
	return status;
}

const struct command command_scan = {
	.name = "scan",
	.summary = "find accesses to other processes' memory in logs",
	.run = run_scan,
};
