#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/drill_arguments.h"
#include "cmd/reading.h"
#include "cmd/stop.h"
#include "cmd/tell.h"
#include "drill/decoy.h"
#include "drill/report.h"
#include "sink/escape.h"
#include "sink/output.h"

static bool is_stopped(void)
{
	return stop_signal() != 0;
}

static void show_progress(void *context, size_t number, size_t count, const char *name)
{
	(void)context;
	fprintf(stderr, "\r\033[K%zu/%zu %s", number + 1, count, name);
	fflush(stderr);
}

static bool wants_progress(const struct drill_arguments *arguments)
{
	return arguments->progress == CHOICE_ALWAYS ||
	       (arguments->progress == CHOICE_AUTO && isatty(STDERR_FILENO) && !arguments->list);
}

static const char *expected_word(const struct variant *variant, enum drill_sensor sensor)
{
	return expect_name(variant_expectation(variant, 1u << sensor).expect);
}

static int list(const struct drill_arguments *arguments)
{
	printf("%-20s %-9s %-6s %-6s %-9s %s\n", "VARIANT", "FAMILY", "audit", "bpf", "fanotify", "WHAT");
	for (size_t i = 0; i < variant_count(); i++) {
		const struct variant *variant = variant_at(i);

		if (variant->test != arguments->drill.test || !variant_fits(variant, arguments->drill.only))
			continue;
		printf("%-20s %-9s %-6s %-6s %-9s %s\n", variant->name, variant->family,
		       expected_word(variant, DRILL_AUDIT), expected_word(variant, DRILL_BPF),
		       expected_word(variant, DRILL_FANOTIFY), variant->what);
	}
	return STATUS_NOTHING;
}

static int write_file(const char *path, struct buffer *text)
{
	struct err err = { 0 };
	struct output *output = output_open(path, &err);
	int result = output ? 0 : err.number;

	if (result == 0 && text->failed)
		result = err_set(&err, -ENOMEM, "cannot write %s: memory is out", path);
	if (result == 0)
		result = output_write(output, buffer_span(text), &err);
	if (result == 0)
		result = output_finish(output, &err);
	if (result)
		tell("%s", err.text);
	output_destroy(output);
	buffer_finish(text);
	return result ? STATUS_ERROR : 0;
}

static int write_reports(const struct drill_arguments *arguments, const struct drill *drill)
{
	struct utsname host;
	struct report_place place = { "", clock_ms(CLOCK_REALTIME) };
	struct buffer text = { 0 };
	int status = 0;

	if (uname(&host) == 0)
		place.host = host.nodename;
	if (arguments->html_path) {
		report_html(&text, drill, &place);
		status = write_file(arguments->html_path, &text);
	}
	text = (struct buffer){ 0 };
	if (arguments->navigator_path && status == 0) {
		report_navigator(&text, drill, &place);
		status = write_file(arguments->navigator_path, &text);
	}
	return status;
}

static int print(const struct drill_arguments *arguments, const struct drill *drill)
{
	bool utf8 = escape_locale_is_utf8();
	struct buffer text = { 0 };

	if (arguments->json)
		report_json(&text, drill);
	else if (arguments->drill.test)
		report_test(&text, drill, utf8);
	else
		report_text(&text, drill, utf8);
	int status = text.failed ? STATUS_ERROR : 0;
	if (status)
		tell("memory is out");
	else
		fwrite(text.data, 1, text.len, stdout);
	buffer_finish(&text);
	return status;
}

static int status_of(const struct drill *drill, int result, const struct err *err)
{
	if (drill->restored)
		tell("%s", drill->restored);
	if (stop_signal())
		return STATUS_SIGNAL + stop_signal();
	if (result < 0) {
		tell("%s", err->text);
		return STATUS_ERROR;
	}
	if (drill->restored)
		return STATUS_ERROR;
	return drill_failures(drill) ? STATUS_FOUND : STATUS_NOTHING;
}

static int run(struct drill_arguments *arguments)
{
	struct err err = { 0 };
	struct drill drill;

	stop_watch();
	arguments->drill.stop = is_stopped;
	if (wants_progress(arguments))
		arguments->drill.progress = show_progress;
	int result = drill_run(&arguments->drill, &drill, &err);
	if (arguments->drill.progress)
		fputs("\r\033[K", stderr);
	int status = status_of(&drill, result, &err), written = 0;
	if (result == 0)
		written = print(arguments, &drill);
	if (result == 0 && written == 0)
		written = write_reports(arguments, &drill);
	drill_finish(&drill);
	return written ? written : status;
}

static int run_drill(int argc, char **argv)
{
	struct drill_arguments arguments;

	drill_arguments_parse(&arguments, argc, argv);
	if (arguments.decoy >= 0)
		return decoy_live(arguments.decoy);
	return arguments.list ? list(&arguments) : run(&arguments);
}

const struct command command_drill = {
	.name = "drill",
	.summary = "try whether the sensors of this host see every variant",
	.run = run_drill,
};
