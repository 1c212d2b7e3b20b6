#include "cmd/scan_arguments.h"

#include <argp.h>
#include <stdlib.h>

#include "cmd/argument.h"
#include "cmd/command.h"
#include "cmd/rules.h"
#include "model/record.h"

/* Options without a letter. */
enum option_key {
	OPTION_JSON = 256,
	OPTION_CSV,
	OPTION_FORMAT,
	OPTION_RAW,
	OPTION_ACCESSES,
	OPTION_INCIDENTS,
	OPTION_FLAT,
	OPTION_SHOW_SUPPRESSED,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_HOST,
	OPTION_RISK,
	OPTION_TARGET,
	OPTION_LIMIT,
	OPTION_SORT,
	OPTION_SOURCE,
	OPTION_COLOUR,
	OPTION_PROGRESS,
	OPTION_NO_PROGRESS,
	OPTION_NO_CONFINE,
	OPTION_THREADS,
	OPTION_FULL,
	OPTION_SIEVE,
	OPTION_EXPLAIN_PLAN,
};

static const struct argp_option options[] = {
	{ .doc = "Output:", .group = 1 },
	{ "format", OPTION_FORMAT, "FORMAT", 0,
	  "table (the default), json, csv, line, ecs, ocsf, cef, cse-record, cse-signal, cse-insight or html", 1 },
	{ "json", OPTION_JSON, NULL, 0, "One JSON object a line", 1 },
	{ "csv", OPTION_CSV, NULL, 0, "Comma-separated values, with a header", 1 },
	{ "output", 'o', "FILE", 0, "Write to FILE instead of standard output", 1 },
	{ "raw", OPTION_RAW, NULL, 0, "With --json, html, ecs and ocsf: add the raw records", 1 },
	{ "incidents", OPTION_INCIDENTS, NULL, 0,
	  "With --json: incidents whole, one a line, instead of findings (the table does so anyway)", 1 },
	{ "flat", OPTION_FLAT, NULL, 0, "Findings one by one, not by incident", 1 },
	{ "accesses", OPTION_ACCESSES, NULL, 0,
	  "Every single access, nothing collapsed or left out, in the order of the log", 1 },
	{ "sort", OPTION_SORT, "KEY", 0, "time (the default, newest first), risk, score or count", 1 },
	{ "limit", OPTION_LIMIT, "N", 0, "Print the first N incidents, or findings where they are printed one by one",
	  1 },

	{ .doc = "What is printed:", .group = 2 },
	{ "since", OPTION_SINCE, "TIME", 0, "Findings at or after TIME (see below)", 2 },
	{ "until", OPTION_UNTIL, "TIME", 0, "Findings at or before TIME", 2 },
	{ "host", OPTION_HOST, "PATTERN", 0, "Of hosts whose name matches, such as 'web*'", 2 },
	{ "risk", OPTION_RISK, "TIER", 0, "Of this tier or higher: Review, KnownTool, HighRisk", 2 },
	{ "target", OPTION_TARGET, "PID|NAME", 0, "On this process: a pid, or a pattern of its name", 2 },
	{ "show-suppressed", OPTION_SHOW_SUPPRESSED, NULL, 0, "Also what tuning takes for normal, and self-access", 2 },

	{ .doc = "Reading:", .group = 4 },
	{ "source", OPTION_SOURCE, "TYPE", 0,
	  "Take every input for audit, ausearch, syslog, json, journal-export or csv instead of looking at each line",
	  4 },
	{ "threads", OPTION_THREADS, "N", 0,
	  "Use at most N threads (default: as many as processors); the output is the same for any number", 4 },
	{ "full", OPTION_FULL, NULL, 0,
	  "Assemble and count every event, also where a look at the bytes finds those that matter", 4 },
	{ "sieve", OPTION_SIEVE, NULL, 0, "Look only for events that matter, however small the log is", 4 },
	{ "explain-plan", OPTION_EXPLAIN_PLAN, NULL, 0, "Tell which of the two was done, and why", 4 },
	{ "no-confine", OPTION_NO_CONFINE, NULL, 0, "Keep all privileges while reading: for debugging proctor only",
	  4 },

	{ .doc = "Messages:", .group = 5 },
	{ "color", OPTION_COLOUR, "WHEN", 0, "auto (the default: on a terminal), always or never", 5 },
	{ "colour", OPTION_COLOUR, NULL, OPTION_ALIAS, NULL, 5 },
	{ "progress", OPTION_PROGRESS, NULL, 0, "Show progress though standard error is no terminal", 5 },
	{ "no-progress", OPTION_NO_PROGRESS, NULL, 0, "Show no progress", 5 },
	{ "quiet", 'q', NULL, 0, "No summary, no progress: findings and errors only", 5 },
	{ 0 },
};

static const char *parse_format(const struct argp_state *state, const char *text)
{
	if (!sink_is_name(text))
		argument_refuse(state, "--format: '%s' is none of " SINK_NAMES, text);
	return text;
}

struct parsing {
	struct scan_arguments *arguments;
	int64_t now_ms;
	bool ordered; /* --sort or --limit */
	bool sorted;
	bool incidents, flat;
};

static void take_filter(int key, const char *text, struct parsing *parsing, const struct argp_state *state)
{
	struct scan_filter *filter = &parsing->arguments->scan.filter;

	switch (key) {
	case OPTION_SINCE:
		filter->since_ms = argument_moment(state, "--since", text, parsing->now_ms).first_ms;
		break;
	case OPTION_UNTIL:
		filter->until_ms = argument_moment(state, "--until", text, parsing->now_ms).last_ms;
		break;
	case OPTION_HOST:
		filter->host = text;
		break;
	case OPTION_RISK:
		filter->risk_min = (enum risk)argument_name(state, "--risk", text, risk_from_name(text),
							    "Review, KnownTool, HighRisk");
		break;
	case OPTION_TARGET:
		filter->target = text;
		break;
	case OPTION_SHOW_SUPPRESSED:
		filter->show_suppressed = true;
		break;
	}
}

static bool take_output(int key, const char *text, struct parsing *parsing, const struct argp_state *state)
{
	struct scan_arguments *arguments = parsing->arguments;
	struct scan_options *scan = &arguments->scan;

	switch (key) {
	case OPTION_FORMAT:
		arguments->format = parse_format(state, text);
		return true;
	case OPTION_JSON:
		arguments->format = "json";
		return true;
	case OPTION_CSV:
		arguments->format = "csv";
		return true;
	case 'o':
		scan->output_path = strcmp(text, "-") == 0 ? NULL : text;
		return true;
	case OPTION_RAW:
		scan->raw = true;
		return true;
	case OPTION_ACCESSES:
		scan->accesses = true;
		return true;
	case OPTION_INCIDENTS:
		return parsing->incidents = true;
	case OPTION_FLAT:
		return parsing->flat = true;
	case OPTION_SORT:
		scan->spool.order = (enum spool_order)argument_name(state, "--sort", text, spool_order_from_name(text),
								    "time, risk, score, count");
		return parsing->ordered = parsing->sorted = true;
	case OPTION_LIMIT:
		scan->spool.limit = argument_count(state, "--limit", text, INT64_MAX);
		return parsing->ordered = true;
	}
	return false;
}

static bool take_running(int key, const char *text, struct parsing *parsing, const struct argp_state *state)
{
	struct scan_arguments *arguments = parsing->arguments;

	switch (key) {
	case OPTION_SOURCE:
		arguments->scan.source.format =
			(enum format)argument_name(state, "--source", text, format_from_name(text),
						   "auto, audit, ausearch, syslog, json, journal-export, csv");
		return true;
	case OPTION_THREADS:
		arguments->scan.source.threads = (unsigned)argument_count(state, "--threads", text, SOURCE_THREADS_MAX);
		return true;
	case OPTION_FULL:
		arguments->scan.driver = SCAN_STREAM;
		return true;
	case OPTION_SIEVE:
		arguments->scan.driver = SCAN_SIEVE;
		return true;
	case OPTION_EXPLAIN_PLAN:
		arguments->explain_plan = true;
		return true;
	case OPTION_NO_CONFINE:
		arguments->scan.confine = false;
		return true;
	case OPTION_COLOUR:
		arguments->colour = (enum choice)argument_name(state, "--color", text, choice_from_name(text),
							       "auto, always, never");
		return true;
	case OPTION_PROGRESS:
		arguments->progress = CHOICE_ALWAYS;
		return true;
	case OPTION_NO_PROGRESS:
		arguments->progress = CHOICE_NEVER;
		return true;
	case 'q':
		arguments->quiet = true;
		return true;
	}
	return false;
}

/* What contradicts itself would otherwise be left out in silence. */
static void check(const struct argp_state *state, const struct parsing *parsing)
{
	const struct scan_options *scan = &parsing->arguments->scan;
	const struct scan_filter *filter = &scan->filter;

	if (filter->since_ms != TIME_UNKNOWN && filter->until_ms != TIME_UNKNOWN && filter->since_ms > filter->until_ms)
		argument_refuse(state, "--since is later than --until: nothing can be between them");
	if (scan->accesses && parsing->ordered)
		argument_refuse(state,
				"--sort and --limit are for findings; --accesses prints in the order of the log");
	if (sink_takes_insights(parsing->arguments->format) && (scan->accesses || parsing->ordered))
		argument_refuse(state,
				"--accesses, --sort and --limit are not for insights: those are made of all findings, "
				"in the order of time");
	if (sink_takes_incidents(parsing->arguments->format) && !sink_takes_findings(parsing->arguments->format) &&
	    (parsing->flat || scan->accesses || filter->show_suppressed))
		argument_refuse(state,
				"--format %s tells incidents: --flat, --accesses and --show-suppressed are not for it",
				parsing->arguments->format);
	if (parsing->incidents && !sink_takes_incidents(parsing->arguments->format))
		argument_refuse(state, "--incidents needs the table or --json: %s has no place for incidents",
				parsing->arguments->format);
	if (parsing->incidents && (parsing->flat || scan->accesses))
		argument_refuse(state, "--incidents contradicts --%s", parsing->flat ? "flat" : "accesses");
	if (parsing->incidents && filter->show_suppressed)
		argument_refuse(state,
				"--incidents: what --show-suppressed adds is part of no incident; leave one out");
	if (scan->raw && !sink_takes_raw(parsing->arguments->format))
		argument_refuse(state, "--raw needs --json or --format html: %s has no place for raw records",
				parsing->arguments->format);
}

/* The table tells incidents unless it is to be flat; JSON only when asked, but names them. */
static enum scan_telling telling(const struct parsing *parsing)
{
	const struct scan_arguments *arguments = parsing->arguments;
	bool json = strcmp(arguments->format, "json") == 0, flat = parsing->flat || arguments->scan.accesses;

	if (arguments->scan.accesses)
		return SCAN_FINDINGS;
	if (parsing->incidents ||
	    (!json && !flat && !arguments->scan.filter.show_suppressed && sink_takes_incidents(arguments->format)))
		return SCAN_INCIDENTS;
	return json ? SCAN_NAMED : SCAN_FINDINGS;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct parsing *parsing = state->input;
	struct scan_options *scan = &parsing->arguments->scan;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &parsing->arguments->rulebook.places;
		return 0;
	case ARGP_KEY_ARGS:
		scan->paths = (const char *const *)state->argv + state->next;
		scan->path_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_SUCCESS:
		check(state, parsing);
		scan->telling = telling(parsing);
		if (!parsing->sorted && !sink_takes_findings(parsing->arguments->format))
			scan->spool.order =
				SPOOL_BY_RISK; /* a report is read from the top, and may have no room for all */
		return 0;
	case OPTION_SINCE:
	case OPTION_UNTIL:
	case OPTION_HOST:
	case OPTION_RISK:
	case OPTION_TARGET:
	case OPTION_SHOW_SUPPRESSED:
		take_filter(key, text, parsing, state);
		return 0;
	}
	return take_output(key, text, parsing, state) || take_running(key, text, parsing, state) ? 0 : ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, "Rules:", 3 }, { 0 } };

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "[PATH...]",
	.doc = "Who read whose memory: finds in logs every access to another process's memory, memory map or "
	       "environment "
	       "(ATT&CK T1003.007)."
	       "\vPATH is a log, a directory, a compressed file, an archive, a collection (UAC, sosreport, "
	       "Velociraptor) or "
	       "- for standard input; without one, this host's own logs are read.\n\n"
	       "TIME is a date, or a date and time (2026-11-23T22:56:01Z; UTC unless it says otherwise), or seconds "
	       "since "
	       "the epoch, or so long ago (90m, 2h, 3d).\n\n"
	       "Exit status: 0 nothing found, 1 something found, 2 usage or input error, 3 finished with losses, 130 "
	       "or "
	       "143 stopped by a signal.",
	.children = children,
};

void scan_arguments_parse(struct scan_arguments *arguments, int argc, char **argv, int64_t now_ms)
{
	struct parsing parsing = { .arguments = arguments, .now_ms = now_ms };

	*arguments = (struct scan_arguments){
		.format = "table",
		.scan = {
			.filter = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN, .risk_min = RISK_NONE },
			.spool.order = SPOOL_BY_TIME,
			.confine = true,
		},
	};
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, &parsing) != 0)
		exit(STATUS_ERROR);
}
