#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/orders.h"
#include "cmd/reading.h"
#include "cmd/report.h"
#include "cmd/sensors.h"
#include "cmd/tell.h"
#include "cmd/watch_arguments.h"
#include "sink/escape.h"
#include "sink/summary_text.h"
#include "sink/watch_status.h"

struct run {
	struct watch_arguments arguments;
	struct sensors sensors;
	struct utsname host;
	struct output *output;
	struct sink *sink;
	struct summary summary;
	int orders; /* descriptor */
	bool utf8, json;
};

static int64_t now_ms(void *context, clockid_t which)
{
	(void)context;
	return clock_ms(which);
}

static enum watch_order next_order(void *context)
{
	const struct run *run = context;

	return orders_next(run->orders);
}

/* ---- what is said of the watch itself ---- */

static void tell_sensors(const struct watch_status *status)
{
	for (size_t i = 0; i < status->sensor_count; i++) {
		const struct status_sensor *sensor = &status->sensors[i];
		tell("watching by %s%s%s%s%s", sensor->name, sensor->with ? " with " : "",
		     sensor->with ? sensor->with : "", *sensor->blind ? "; it does not see " : "", sensor->blind);
	}
}

static void print_status(const struct watch_status *status, bool utf8)
{
	struct buffer text = { 0 };

	watch_status_text(&text, status, utf8);
	if (!text.failed)
		fwrite(text.data, 1, text.len, stderr);
	buffer_finish(&text);
}

/* Among the findings where programs read them; for people, beside them. */
static void take_status(void *context, const struct watch_status *status)
{
	struct run *run = context;
	bool wanted = !run->arguments.quiet || status->why == STATUS_WHY_GAP || status->why == STATUS_WHY_ASKED;
	struct buffer line = { 0 };

	if (status->why == STATUS_WHY_STARTED && !run->arguments.quiet)
		tell_sensors(status);
	if (run->json && wanted) {
		watch_status_json(&line, status);
		if (!line.failed)
			output_write(run->output, buffer_span(&line),
				     NULL); /* an error stays, and shows at the flush */
	} else if (wanted && status->why != STATUS_WHY_STARTED && status->why != STATUS_WHY_ENDED) {
		print_status(status, run->utf8);
	}
	buffer_finish(&line);
}

static void tell_trouble(void *context, const char *text)
{
	(void)context;
	tell("%s", text);
}

static void write_summary(struct buffer *to, const struct summary *summary, const void *context)
{
	const struct run *run = context;

	summary_text(to, summary, run->utf8);
}

/* ---- the run ---- */

/* Behind what is there: a watch goes on where the one before it ended. */
static struct output *open_output(const char *path)
{
	struct err err = { 0 };
	struct output *output =
		path ? output_append(path, &err) : output_create(STDOUT_FILENO, "standard output", &err);

	if (!output)
		tell("%s", err.text);
	return output;
}

static int open_sink(struct run *run)
{
	const struct watch_arguments *arguments = &run->arguments;
	int fd = arguments->steward.output_path ? -1 : STDOUT_FILENO;
	struct sink_options options = {
		.raw = arguments->watch.raw,
		.colour = terminal_colours(fd, arguments->colour),
		.utf8 = run->utf8,
	};
	struct err err = { 0 };

	run->sink = sink_create(arguments->format, run->output, &options, &err);
	if (run->sink)
		return 0;
	tell("%s", err.text);
	return STATUS_ERROR;
}

static int watch(struct run *run)
{
	struct watch_options *options = &run->arguments.watch;
	struct err err = { 0 };

	options->steward = &run->arguments.steward;
	options->pack = &run->arguments.rulebook.pack;
	options->sensors = run->sensors.items;
	options->sensor_count = run->sensors.count;
	options->host = run->host.nodename;
	options->holders = true;
	options->scope = run->arguments.wish.scope;
	options->scope_of = run->arguments.wish.scope_of;
	options->output = run->output;
	options->clock = now_ms;
	options->order = next_order;
	options->order_fd = run->orders;
	options->status = take_status;
	options->tell = tell_trouble;
	options->context = run;
	int result = watch_run(options, run->sink, &run->summary, &err);
	struct report report = {
		.summary = &run->summary,
		.output = run->output,
		.output_path = run->arguments.steward.output_path,
		.quiet = run->arguments.quiet,
		.lines = run->summary.findings,
		.write = write_summary,
		.context = run,
	};
	return report_end(&report, result, &err);
}

/* Everything that takes rights, or could fail. */
static int prepare(struct run *run)
{
	struct err err = { 0 };
	int status = rulebook_open(&run->arguments.rulebook, &run->summary);

	if (status)
		return status;
	run->orders = orders_open(&err); /* before sensors: what they start must not die of a Ctrl-C before the watch */
	if (run->orders < 0) {
		tell("%s", err.text);
		return STATUS_ERROR;
	}
	run->output = open_output(run->arguments.steward.output_path);
	if (!run->output || !sensors_open(&run->sensors, &run->arguments.wish))
		return STATUS_ERROR;
	return open_sink(run);
}

static int run_watch(int argc, char **argv)
{
	struct run run = { .utf8 = escape_locale_is_utf8() };

	watch_arguments_parse(&run.arguments, argc, argv);
	run.json = strcmp(run.arguments.format, "json") == 0;
	uname(&run.host);
	run.arguments.wish.host = run.host.nodename;
	int status = prepare(&run);
	if (!status)
		status = watch(&run);
	sink_destroy(run.sink);
	output_destroy(run.output);
	sensors_close(&run.sensors);
	rulebook_close(&run.arguments.rulebook);
	return status;
}

const struct command command_watch = {
	.name = "watch",
	.summary = "find accesses to other processes' memory while they happen",
	.run = run_watch,
};
