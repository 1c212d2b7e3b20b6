/*
 * Where things go: findings to standard output or to -o; the summary under
 * the table, else to standard error; errors always to standard error.
 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/scan_arguments.h"
#include "cmd/stop.h"
#include "cmd/tell.h"
#include "engine/scan.h"
#include "sink/escape.h"
#include "sink/output.h"
#include "sink/progress.h"
#include "sink/summary_text.h"

struct run {
	struct scan_arguments arguments;
	struct output *output;
	struct sink *sink;
	struct summary summary;
	struct progress progress;
	bool shows_progress;
	bool stopped; /* a signal ended the reading */
	bool utf8;
};

static int64_t now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_table(const struct run *run)
{
	return strcmp(run->arguments.format, "table") == 0;
}

/* ---- before ---- */

static int refuse_output(const char *output, const char *input)
{
	tell("%s is also an input (%s): it would be written over; choose another name with -o", output,
	     strcmp(input, "-") == 0 ? "standard input" : input);
	return STATUS_ERROR;
}

static int open_output(struct run *run)
{
	const struct scan_options *options = &run->arguments.scan;
	const char *path = options->output_path;
	struct err err = { 0 };

	run->output = path ? output_open(path, &err) : output_create(STDOUT_FILENO, "standard output", &err);
	if (!run->output) {
		tell("%s", err.text);
		return STATUS_ERROR;
	}
	for (size_t i = 0; path && i < options->path_count; i++) {
		const char *input = options->paths[i];
		if (output_is(run->output, strcmp(input, "-") == 0 ? "/dev/stdin" : input))
			return refuse_output(path, input);
	}
	return 0;
}

static int open_sink(struct run *run)
{
	const struct scan_arguments *arguments = &run->arguments;
	int fd = arguments->scan.output_path ? -1 : STDOUT_FILENO;
	struct sink_options options = {
		.raw = arguments->scan.raw,
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

/* ---- while reading ---- */

static bool reads_stdin(const struct scan_options *options)
{
	for (size_t i = 0; i < options->path_count; i++)
		if (strcmp(options->paths[i], "-") == 0)
			return true;
	return false;
}

static void end_reading(struct run *run)
{
	if (run->shows_progress)
		progress_erase(&run->progress);
	/* What ended may be standard input, by our own doing, which the scan cannot know. */
	if (!stop_signal() || run->stopped || !reads_stdin(&run->arguments.scan))
		return;
	run->stopped = true;
	summary_note(&run->summary, true, false,
		     "stopped while waiting for standard input: this is what came until then");
}

static bool on_progress(void *context, const struct source *source)
{
	struct run *run = context;
	uint64_t done, total;

	if (!source) {
		end_reading(run);
		return false;
	}
	if (stop_signal())
		return run->stopped = true;
	if (run->shows_progress) {
		source_progress(source, &done, &total);
		progress_update(&run->progress, done, total, source_current(source), now_ms(CLOCK_MONOTONIC));
	}
	return false;
}

static void start_progress(struct run *run)
{
	const struct scan_arguments *arguments = &run->arguments;
	struct scan_options *options = &run->arguments.scan;
	/* Accesses are printed while we read: between them there is no place for it. */
	bool clash = options->accesses && !options->output_path && isatty(STDOUT_FILENO);

	run->shows_progress = arguments->progress == CHOICE_ALWAYS ||
			      (arguments->progress == CHOICE_AUTO && !arguments->quiet && isatty(STDERR_FILENO));
	run->shows_progress &= !clash;
	options->progress = on_progress;
	options->progress_context = run;
	progress_init(&run->progress, STDERR_FILENO, terminal_width(STDERR_FILENO), run->utf8, now_ms(CLOCK_MONOTONIC));
}

/* ---- after ---- */

static bool is_grave(const struct summary_note *note)
{
	return note->count && (note->loss || note->input_error);
}

static void tell_notes(const struct summary *summary)
{
	for (unsigned i = 0; i < SUMMARY_NOTES_MAX; i++) {
		const struct summary_note *note = &summary->notes[i];
		if (!is_grave(note))
			continue;
		if (note->count > 1)
			tell("%s (%llu times)", note->text, (unsigned long long)note->count);
		else
			tell("%s", note->text);
	}
}

/* What stands on standard error already need not be there twice. */
static void leave_out_told(struct summary *summary)
{
	for (unsigned i = 0; i < SUMMARY_NOTES_MAX; i++)
		if (is_grave(&summary->notes[i]))
			summary->notes[i].count = 0;
}

static int print_summary(struct run *run, bool to_stdout, struct err *err)
{
	struct summary shown = run->summary;
	struct buffer text = { 0 };
	int result = 0;

	if (!to_stdout || terminal_same(STDOUT_FILENO, STDERR_FILENO))
		leave_out_told(&shown);
	if (to_stdout && shown.findings)
		buffer_add_byte(&text, '\n');
	summary_text(&text, &shown, run->utf8);
	if (to_stdout)
		result = text.failed ? 0 : output_write(run->output, buffer_span(&text), err);
	else
		fwrite(text.data, 1, text.failed ? 0 : text.len, stderr);
	buffer_finish(&text);
	return result;
}

/* A reader that went away has what it wanted: findings decide. */
static int status_of(const struct run *run, int result)
{
	int status = summary_status(&run->summary);

	if (result < 0 && result != -EPIPE)
		status = run->summary.files == 0 || status == STATUS_ERROR ? STATUS_ERROR : STATUS_LOSS;
	return run->stopped ? STATUS_SIGNAL + stop_signal() : status;
}

static void note_limit(struct run *run)
{
	uint64_t limit = run->arguments.scan.spool.limit;

	if (limit && run->summary.findings > limit)
		summary_note(&run->summary, false, false, "--limit left all but %llu findings out",
			     (unsigned long long)limit);
}

static int report(struct run *run, int result, struct err *err)
{
	bool to_stdout = is_table(run) && !run->arguments.scan.output_path && result == 0;
	bool read_nothing = result < 0 && run->summary.files == 0;

	note_limit(run);
	tell_notes(&run->summary);
	if (result == 0 && !to_stdout)
		result = output_finish(run->output, err);
	if (!run->arguments.quiet && !read_nothing && !(result == -EPIPE && is_table(run)) &&
	    print_summary(run, to_stdout, err) < 0)
		result = err->number;
	if (result == 0 && to_stdout)
		result = output_finish(run->output, err);
	if (result < 0 && err->text[0])
		tell("%s", err->text);
	return status_of(run, result);
}

static int scan(struct run *run)
{
	struct err err = { 0 };
	int result;

	stop_watch();
	start_progress(run);
	result = scan_run(&run->arguments.scan, run->sink, &run->summary, &err);
	if (run->shows_progress)
		progress_erase(&run->progress);
	return report(run, result, &err);
}

static int run_scan(int argc, char **argv)
{
	struct run run = { .utf8 = escape_locale_is_utf8() };
	int status;

	scan_arguments_parse(&run.arguments, argc, argv, now_ms(CLOCK_REALTIME));
	status = open_output(&run);
	if (!status)
		status = open_sink(&run);
	if (!status)
		status = scan(&run);
	sink_destroy(run.sink);
	output_destroy(run.output);
	return status;
}

const struct command command_scan = {
	.name = "scan",
	.summary = "find accesses to other processes' memory in logs",
	.run = run_scan,
};
