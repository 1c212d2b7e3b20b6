#include "cmd/report.h"

#include <stdio.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/stop.h"
#include "cmd/tell.h"
#include "cmd/terminal.h"

/* ---- the output ---- */

static struct output *refuse(struct output *output, const char *path, const char *input)
{
	tell("%s is also an input (%s): it would be written over; choose another name with -o", path,
	     strcmp(input, "-") == 0 ? "standard input" : input);
	output_destroy(output);
	return NULL;
}

struct output *report_open_output(const char *path, const char *const *inputs, size_t count)
{
	struct err err = { 0 };
	struct output *output = path ? output_open(path, &err) : output_create(STDOUT_FILENO, "standard output", &err);

	if (!output) {
		tell("%s", err.text);
		return NULL;
	}
	for (size_t i = 0; path && i < count; i++)
		if (output_is(output, strcmp(inputs[i], "-") == 0 ? "/dev/stdin" : inputs[i]))
			return refuse(output, path, inputs[i]);
	return output;
}

/* ---- what is missing ---- */

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

/* ---- the end ---- */

static int print_summary(const struct report *report, bool to_stdout, struct err *err)
{
	struct summary shown = *report->summary;
	struct buffer text = { 0 };
	int result = 0;

	if (!to_stdout || terminal_same(STDOUT_FILENO, STDERR_FILENO))
		leave_out_told(&shown);
	if (to_stdout && report->lines)
		buffer_add_byte(&text, '\n');
	report->write(&text, &shown, report->context);
	if (to_stdout)
		result = text.failed ? 0 : output_write(report->output, buffer_span(&text), err);
	else
		fwrite(text.data, 1, text.failed ? 0 : text.len, stderr);
	buffer_finish(&text);
	return result;
}

/* A reader that went away has what it wanted: findings decide. */
static int status_of(const struct report *report, int result)
{
	int status = summary_status(report->summary);

	if (result < 0 && result != -EPIPE)
		status = report->summary->files == 0 || status == STATUS_ERROR ? STATUS_ERROR : STATUS_LOSS;
	return report->stopped ? STATUS_SIGNAL + stop_signal() : status;
}

int report_end(const struct report *report, int result, struct err *err)
{
	bool to_stdout = report->is_table && !report->output_path && result == 0;
	bool read_nothing = result < 0 && report->summary->files == 0;

	tell_notes(report->summary);
	if (result == 0 && !to_stdout)
		result = output_finish(report->output, err);
	if (!report->quiet && !read_nothing && !(result == -EPIPE && report->is_table) &&
	    print_summary(report, to_stdout, err) < 0)
		result = err->number;
	if (result == 0 && to_stdout)
		result = output_finish(report->output, err);
	if (result < 0 && err->text[0])
		tell("%s", err->text);
	return status_of(report, result);
}
