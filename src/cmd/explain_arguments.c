#include "cmd/explain_arguments.h"

#include <ctype.h>
#include <stdlib.h>

#include "cmd/argument.h"
#include "cmd/command.h"
#include "cmd/rules.h"
#include "model/record.h"
#include "sink/collect.h"

enum option_key {
	OPTION_JSON = 256,
	OPTION_FROM,
	OPTION_SOURCE,
	OPTION_NO_CONFINE,
	OPTION_COLOUR,
	OPTION_PROGRESS,
	OPTION_NO_PROGRESS,
	OPTION_THREADS,
};

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "The sections as one JSON object, on one line", 1 },
	{ "from", OPTION_FROM, "FILE", 0,
	  "Take the finding from what `proctor scan --json` wrote (- is standard input), instead of reading logs", 1 },
	{ "source", OPTION_SOURCE, "TYPE", 0,
	  "Take every input for audit, ausearch, syslog, json, journal-export or csv instead of looking at each line",
	  2 },
	{ "threads", OPTION_THREADS, "N", 0,
	  "Use at most N threads (default: as many as processors); the output is the same for any number", 2 },
	{ "no-confine", OPTION_NO_CONFINE, NULL, 0, "Keep all privileges while reading: for debugging proctor only",
	  2 },
	{ "color", OPTION_COLOUR, "WHEN", 0, "auto (the default: on a terminal), always or never", 3 },
	{ "colour", OPTION_COLOUR, NULL, OPTION_ALIAS, NULL, 3 },
	{ "progress", OPTION_PROGRESS, NULL, 0, "Show progress though standard error is no terminal", 3 },
	{ "no-progress", OPTION_NO_PROGRESS, NULL, 0, "Show no progress", 3 },
	{ 0 },
};

static void take_id(struct explain_arguments *arguments, const char *text, const struct argp_state *state)
{
	size_t len = strlen(text);
	bool good = len >= COLLECT_ID_LEAST && len < sizeof(arguments->id);

	for (size_t i = 0; good && i < len; i++) {
		good = isxdigit((unsigned char)text[i]);
		arguments->id[i] = (char)tolower((unsigned char)text[i]);
	}
	if (!good)
		argument_refuse(state,
				"'%s' is no id: give the 16 hex digits that `proctor scan --json` prints as \"id\", or "
				"their beginning, at least %d",
				text, COLLECT_ID_LEAST);
}

static bool take_option(int key, const char *text, struct explain_arguments *arguments, const struct argp_state *state)
{
	switch (key) {
	case OPTION_JSON:
		return arguments->json = true;
	case OPTION_FROM:
		arguments->from = text;
		return true;
	case OPTION_SOURCE:
		arguments->scan.source.format =
			(enum format)argument_name(state, "--source", text, format_from_name(text),
						   "auto, audit, ausearch, syslog, json, journal-export, csv");
		return true;
	case OPTION_THREADS:
		arguments->scan.source.threads = (unsigned)argument_count(state, "--threads", text, SOURCE_THREADS_MAX);
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
	}
	return false;
}

static void check(const struct explain_arguments *arguments, const struct argp_state *state)
{
	if (!arguments->id[0])
		argument_refuse(state, "which finding? give its id, or the beginning of it; `proctor scan --json` has "
				       "them");
	if (arguments->from && arguments->scan.path_count)
		argument_refuse(state, "--from reads findings, PATH is a log: give one of them");
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct explain_arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->rulebook.places;
		return 0;
	case ARGP_KEY_ARGS:
		take_id(arguments, state->argv[state->next], state);
		arguments->scan.paths = (const char *const *)state->argv + state->next + 1;
		arguments->scan.path_count = (size_t)(state->argc - state->next - 1);
		return 0;
	case ARGP_KEY_SUCCESS:
		check(arguments, state);
		return 0;
	}
	return take_option(key, text, arguments, state) ? 0 : ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, NULL, 0 }, { 0 } };

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "ID [PATH...]",
	.doc = "Tells the story of one finding or incident: who, what, how it is known, what is normal for that "
	       "program, "
	       "what to check next and how, how to contain it, which secrets to change, and what the log cannot tell."
	       "\vID is the id of a finding or an incident, or its beginning. PATH is what `proctor scan` found it in; "
	       "without one, this host's own logs are read.\n\n"
	       "Exit status: 1 it was explained, 2 usage or input error, or no such id, or several, 3 it was explained "
	       "but something is missing, 130 or 143 stopped by a signal.",
	.children = children,
};

void explain_arguments_parse(struct explain_arguments *arguments, int argc, char **argv)
{
	*arguments = (struct explain_arguments){
		.scan = {
			.filter = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN, .show_suppressed = true },
			.telling = SCAN_INCIDENTS,
			.raw = true,
			.confine = true,
		},
	};
	rule_places_init(&arguments->rulebook.places);
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, arguments) != 0)
		exit(STATUS_ERROR);
}
