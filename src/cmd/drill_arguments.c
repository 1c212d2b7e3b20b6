#include "cmd/drill_arguments.h"

#include <argp.h>
#include <stdlib.h>

#include "cmd/argument.h"
#include "cmd/command.h"
#include "drill/decoy.h"

#define DECOY_FD_MAX 1024

/* Options without a letter. */
enum option_key {
	OPTION_SENSOR = 256,
	OPTION_FROM,
	OPTION_HOST_RULES,
	OPTION_LIST,
	OPTION_ONLY,
	OPTION_TEST,
	OPTION_JSON,
	OPTION_REPORT,
	OPTION_NAVIGATOR,
	OPTION_PROGRESS,
	OPTION_NO_PROGRESS,
	OPTION_AS_DECOY,
};

static const struct argp_option options[] = {
	{ .doc = "What is tested:", .group = 1 },
	{ "sensor", OPTION_SENSOR, "NAME[,NAME]", 0,
	  "The sensors of `proctor watch`: audit, bpf, fanotify; without it, what watch chooses", 1 },
	{ "from", OPTION_FROM, "COMMAND", 0,
	  "Start no watch: take the lines that the shell command prints, such as those of one that runs", 1 },
	{ "host-rules", OPTION_HOST_RULES, NULL, 0, "Test the audit rules that this host has, and make none", 1 },

	{ .doc = "What is carried out:", .group = 2 },
	{ "only", OPTION_ONLY, "PATTERN", 0, "Variants whose name or family matches, such as 'uring-*'", 2 },
	{ "test", OPTION_TEST, "N", 0,
	  "One of three tests instead: 1 MimiPenguin, 2 by hand, 3 LaZagne; each signal is told", 2 },
	{ "list", OPTION_LIST, NULL, 0, "List the variants and what is expected of each sensor; do nothing", 2 },

	{ .doc = "Output:", .group = 3 },
	{ "json", OPTION_JSON, NULL, 0, "One JSON object a variant", 3 },
	{ "report", OPTION_REPORT, "FILE", 0, "Also write a page (HTML) to FILE", 3 },
	{ "navigator", OPTION_NAVIGATOR, "FILE", 0, "Also write a layer for ATT&CK Navigator (JSON) to FILE", 3 },
	{ "progress", OPTION_PROGRESS, NULL, 0, "Show progress though standard error is no terminal", 3 },
	{ "no-progress", OPTION_NO_PROGRESS, NULL, 0, "Show no progress", 3 },
	{ &DECOY_WORD[2], OPTION_AS_DECOY, "FD", OPTION_HIDDEN, NULL, 3 },
	{ 0 },
};

static void take_what(int key, char *text, struct drill_arguments *arguments, const struct argp_state *state)
{
	struct drill_options *drill = &arguments->drill;

	switch (key) {
	case OPTION_SENSOR:
		if (drill_sensors(text) == 0)
			argument_refuse(state, "--sensor: '%s' is none of audit, bpf, fanotify", text);
		drill->sensor = text;
		break;
	case OPTION_FROM:
		drill->from = text;
		break;
	case OPTION_HOST_RULES:
		drill->host_rules = true;
		break;
	case OPTION_ONLY:
		drill->only = text;
		break;
	case OPTION_TEST:
		drill->test = (unsigned)argument_count(state, "--test", text, 3);
		break;
	}
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct drill_arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		argument_refuse(state, "'%s': a drill takes options only", text);
		return 0;
	case OPTION_SENSOR:
	case OPTION_FROM:
	case OPTION_HOST_RULES:
	case OPTION_ONLY:
	case OPTION_TEST:
		take_what(key, text, arguments, state);
		return 0;
	case OPTION_LIST:
		arguments->list = true;
		return 0;
	case OPTION_JSON:
		arguments->json = true;
		return 0;
	case OPTION_REPORT:
		arguments->html_path = text;
		return 0;
	case OPTION_NAVIGATOR:
		arguments->navigator_path = text;
		return 0;
	case OPTION_PROGRESS:
		arguments->progress = CHOICE_ALWAYS;
		return 0;
	case OPTION_NO_PROGRESS:
		arguments->progress = CHOICE_NEVER;
		return 0;
	case OPTION_AS_DECOY:
		arguments->decoy = (int)argument_count(state, DECOY_WORD, text, DECOY_FD_MAX);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.doc = "Tries this host's detection: starts processes that hold a made-up secret, gets at it in every known "
	       "way (ATT&CK T1003.007), and tells which the sensor saw. It touches nothing but what it started."
	       "\vWithout --host-rules the audit rules that are needed are made for the drill's own processes, and "
	       "taken away again.\n\n"
	       "Exit status: 0 everything was seen that this sensor should see, 1 something was missed, or something "
	       "normal was raised, 2 usage error or the drill could not be carried out, 130 or 143 stopped by a "
	       "signal.",
};

void drill_arguments_parse(struct drill_arguments *arguments, int argc, char **argv)
{
	*arguments = (struct drill_arguments){ .progress = CHOICE_AUTO, .decoy = -1 };
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, arguments) != 0)
		exit(STATUS_ERROR);
}
