#include "cmd/reading.h"

#include <string.h>
#include <unistd.h>

#include "cmd/stop.h"

int64_t clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool reads_stdin(const struct reading_options *options)
{
	for (size_t i = 0; i < options->path_count; i++)
		if (strcmp(options->paths[i], "-") == 0)
			return true;
	return false;
}

void reading_start(struct reading *reading, const struct reading_options *options, struct summary *summary)
{
	bool clash = options->prints && isatty(STDOUT_FILENO);

	*reading = (struct reading){ .summary = summary, .of_stdin = reads_stdin(options) };
	reading->shows_progress = options->progress == CHOICE_ALWAYS ||
				  (options->progress == CHOICE_AUTO && !options->quiet && isatty(STDERR_FILENO));
	reading->shows_progress &= !clash;
	progress_init(&reading->progress, STDERR_FILENO, terminal_width(STDERR_FILENO), options->utf8,
		      clock_ms(CLOCK_MONOTONIC));
	stop_watch();
}

static void end_of_input(struct reading *reading)
{
	if (reading->shows_progress)
		progress_erase(&reading->progress);
	/* What ended may be standard input, by our own doing, which the stages cannot know. */
	if (!stop_signal() || reading->stopped || !reading->of_stdin)
		return;
	reading->stopped = true;
	summary_note(reading->summary, true, false,
		     "stopped while waiting for standard input: this is what came until then");
}

bool reading_progress(void *context, const struct source *source)
{
	struct reading *reading = context;
	uint64_t done, total;

	if (!source) {
		end_of_input(reading);
		return false;
	}
	if (stop_signal())
		return reading->stopped = true;
	if (reading->shows_progress) {
		source_progress(source, &done, &total);
		progress_update(&reading->progress, done, total, source_current(source), clock_ms(CLOCK_MONOTONIC));
	}
	return false;
}

void reading_end(struct reading *reading)
{
	if (reading->shows_progress)
		progress_erase(&reading->progress);
}
