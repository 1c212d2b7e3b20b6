#include <unistd.h>

#include "cmd/command.h"
#include "cmd/explain_arguments.h"
#include "cmd/reading.h"
#include "cmd/report.h"
#include "cmd/tell.h"
#include "engine/recall.h"
#include "engine/scan.h"
#include "sink/collect.h"
#include "sink/escape.h"
#include "sink/iso_time.h"

struct run {
	struct explain_arguments arguments;
	struct output *output;
	struct collector *collector;
	struct summary summary;
	struct buffer description, false_positives; /* of the rule */
	bool utf8;
};

/* ---- when it is not one ---- */

static void tell_near(const struct collected *near, size_t count)
{
	char room[ISO_TIME_ROOM];

	for (size_t i = 0; i < count; i++) {
		const char *time = iso_time(near[i].first_ms, room);
		tell("  %s  %s %s, score %u, %s", near[i].id,
		     near[i].risk == RISK_NONE ? "no tier," : risk_name(near[i].risk),
		     near[i].incident ? "incident" : "finding", near[i].score, time ? time : "time unknown");
	}
}

static int tell_none(const struct run *run)
{
	size_t count, matches = collector_matches(run->collector);
	const struct collected *near = collector_near(run->collector, &count);

	if (matches)
		tell("several ids begin with '%s'; give more of the one that is meant:", run->arguments.id);
	else if (count)
		tell("no finding or incident has the id '%s'; near to it:", run->arguments.id);
	else
		tell("no finding or incident has the id '%s': nothing was found in what was read; give the logs that "
		     "`proctor scan` found it in",
		     run->arguments.id);
	tell_near(near, count);
	return STATUS_ERROR;
}

/* ---- the rule ---- */

static const struct sigma_rule *rule_of(const struct sigma_rules *rules, const struct finding *finding)
{
	for (size_t i = 0; rules && i < rules->count; i++)
		if (finding->rule_id.len && span_equal(rules->items[i].id, finding->rule_id))
			return &rules->items[i];
	for (size_t i = 0; rules && i < rules->count; i++)
		if (finding->rule.len && span_equal(pack_rule_name(&rules->items[i]), finding->rule))
			return &rules->items[i];
	return NULL;
}

/* Lines of YAML are no lines here. */
static void add_text(struct buffer *to, struct span text)
{
	text = span_trim(text);
	for (size_t i = 0; i < text.len; i++)
		buffer_add_byte(to, text.data[i] == '\n' ? ' ' : text.data[i]);
}

static void set_rule(struct run *run, struct explain_subject *subject)
{
	const struct sigma_rule *rule = rule_of(run->arguments.rulebook.pack.rules, subject->finding);

	subject->rule.title = subject->finding->rule_title;
	if (!rule)
		return;
	subject->rule.title = rule->title;
	add_text(&run->description, rule->description);
	for (size_t i = 0; i < rule->falsepositives.count; i++) {
		buffer_text(&run->false_positives, i ? "; " : "");
		add_text(&run->false_positives, rule->falsepositives.items[i]);
	}
	subject->rule.description = buffer_span(&run->description);
	subject->rule.false_positives = buffer_span(&run->false_positives);
}

/* ---- the explanation ---- */

static int print(struct run *run, const struct explanation *explanation, struct err *err)
{
	struct buffer text = { 0 };
	struct explain_look look = {
		.width = terminal_width(STDOUT_FILENO),
		.colour = terminal_colours(STDOUT_FILENO, run->arguments.colour),
		.utf8 = run->utf8,
	};
	int result;

	if (run->arguments.json)
		explanation_json(&text, explanation);
	else
		explanation_text(&text, explanation, &look);
	result = text.failed ? err_set(err, -ENOMEM, "memory is out")
			     : output_write(run->output, buffer_span(&text), err);
	buffer_finish(&text);
	return result;
}

static int explain(struct run *run, struct err *err)
{
	struct explain_subject subject = { .summary = run->arguments.from ? NULL : &run->summary };
	struct explanation explanation;
	int result = collector_subject(run->collector, &subject);

	explanation_init(&explanation);
	if (result == 0) {
		set_rule(run, &subject);
		result = explanation_make(&explanation, &subject);
	}
	if (result < 0)
		err_set(err, result, "memory is out while the finding is explained");
	else
		result = print(run, &explanation, err);
	explanation_finish(&explanation);
	return result;
}

/* ---- the command ---- */

static int read_inputs(struct run *run, struct reading *reading, struct err *err)
{
	struct explain_arguments *arguments = &run->arguments;
	struct scan_options *options = &arguments->scan;
	struct recall_options recall = {
		.path = arguments->from,
		.confine = options->confine,
		.progress = reading_progress,
		.progress_context = reading,
	};

	options->pack = &arguments->rulebook.pack;
	options->progress = reading_progress;
	options->progress_context = reading;
	options->found = collector_finding;
	options->found_context = run->collector;
	if (arguments->from)
		return recall_run(&recall, collector_sink(run->collector), &run->summary, err);
	return scan_run(options, collector_sink(run->collector), &run->summary, err);
}

static int run_all(struct run *run)
{
	struct explain_arguments *arguments = &run->arguments;
	struct reading_options wanted = { arguments->from ? &arguments->from : arguments->scan.paths,
					  arguments->from ? 1 : arguments->scan.path_count,
					  arguments->progress,
					  false,
					  false,
					  run->utf8 };
	struct reading reading;
	struct err err = { 0 };
	bool missing = false;

	reading_start(&reading, &wanted, &run->summary);
	int result = read_inputs(run, &reading, &err);
	reading_end(&reading);
	if (result == 0 && collector_matches(run->collector) == 1)
		result = explain(run, &err);
	else
		missing = result == 0;
	run->summary.findings = 1; /* it was found, be it one that scan does not count */
	struct report report = {
		.summary = &run->summary,
		.output = run->output,
		.is_table = true,
		.quiet = true,
		.stopped = reading.stopped,
	};
	int status = report_end(&report, result, &err);
	if (result == -EINVAL)
		return STATUS_ERROR; /* --from was given what holds no finding */
	return missing && !reading.stopped ? tell_none(run) : status;
}

static int run_explain(int argc, char **argv)
{
	struct run run = { .utf8 = escape_locale_is_utf8() };
	struct err err = { 0 };
	int status = STATUS_ERROR;

	explain_arguments_parse(&run.arguments, argc, argv);
	run.output = output_create(STDOUT_FILENO, "standard output", &err);
	run.collector = collector_create(run.arguments.id, run.output);
	if (!run.output || !run.collector)
		tell("memory is out");
	else
		status = rulebook_open(&run.arguments.rulebook, &run.summary);
	if (!status)
		status = run_all(&run);
	buffer_finish(&run.description);
	buffer_finish(&run.false_positives);
	collector_destroy(run.collector);
	output_destroy(run.output);
	rulebook_close(&run.arguments.rulebook);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.summary = "tell the story of a finding, and what to do about it",
	.run = run_explain,
};
