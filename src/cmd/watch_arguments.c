#include "cmd/watch_arguments.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/argument.h"
#include "cmd/command.h"
#include "cmd/rules.h"

#define UPDATE_MS 10000
#define HEARTBEAT_MS 60000
#define KEEP 5

/* Options without a letter. */
enum option_key {
	OPTION_JSON = 256,
	OPTION_FORMAT,
	OPTION_RAW,
	OPTION_ACCESSES,
	OPTION_SHOW_SUPPRESSED,
	OPTION_RISK,
	OPTION_TARGET,
	OPTION_SENSOR,
	OPTION_JOURNAL,
	OPTION_SCOPE_PID,
	OPTION_SCOPE_UID,
	OPTION_UPDATE,
	OPTION_ROTATE,
	OPTION_KEEP,
	OPTION_FSYNC,
	OPTION_HEARTBEAT,
	OPTION_COLOUR,
	OPTION_NO_CONFINE,
};

static const struct argp_option options[] = {
	{ .doc = "Output:", .group = 1 },
	{ "format", OPTION_FORMAT, "FORMAT", 0,
	  "line (the default), json, csv, ecs, ocsf, cef, cse-record or cse-signal", 1 },
	{ "json", OPTION_JSON, NULL, 0, "One JSON object a line, the status, too", 1 },
	{ "output", 'o', "FILE", 0, "Append to FILE instead of writing to standard output", 1 },
	{ "rotate", OPTION_ROTATE, "SIZE", 0, "Move FILE to FILE.1 when it has SIZE bytes (100M), and begin anew", 1 },
	{ "keep", OPTION_KEEP, "N", 0, "Keep so many of them (5); 0 none", 1 },
	{ "fsync", OPTION_FSYNC, "WHEN", 0, "never (the default), finding or interval: once a second", 1 },
	{ "raw", OPTION_RAW, NULL, 0, "With --json, ecs and ocsf: add the raw records", 1 },
	{ "accesses", OPTION_ACCESSES, NULL, 0, "Every single access, nothing collapsed or left out", 1 },
	{ "update", OPTION_UPDATE, "TIME", 0, "Tell a finding that grows again after TIME (10s)", 1 },

	{ .doc = "What is printed:", .group = 2 },
	{ "risk", OPTION_RISK, "TIER", 0, "Of this tier or higher: Review, KnownTool, HighRisk", 2 },
	{ "target", OPTION_TARGET, "PID|NAME", 0, "On this process: a pid, or a pattern of its name", 2 },
	{ "show-suppressed", OPTION_SHOW_SUPPRESSED, NULL, 0, "Also what tuning takes for normal, and self-access", 2 },

	{ .doc = "Watching:", .group = 4 },
	{ "sensor", OPTION_SENSOR, "NAME[,NAME]", 0,
	  "Use these instead of the best that work here: bpf, fanotify, audit, audisp, journal", 4 },
	{ "journal", OPTION_JOURNAL, "DIRECTORY", 0, "For the sensor journal: follow the files there", 4 },
	{ "scope-pid", OPTION_SCOPE_PID, "PID", 0,
	  "For bpf and fanotify: only what this process does, and those that it starts from now on", 4 },
	{ "scope-uid", OPTION_SCOPE_UID, "UID", 0, "For bpf and fanotify: only what this user does", 4 },
	{ "no-confine", OPTION_NO_CONFINE, NULL, 0, "Keep all privileges while watching: for debugging proctor only",
	  4 },

	{ .doc = "Messages:", .group = 5 },
	{ "heartbeat", OPTION_HEARTBEAT, "TIME", 0, "Tell every TIME (60s) what was read, found and lost; 0 never", 5 },
	{ "color", OPTION_COLOUR, "WHEN", 0, "auto (the default: on a terminal), always or never", 5 },
	{ "colour", OPTION_COLOUR, NULL, OPTION_ALIAS, NULL, 5 },
	{ "quiet", 'q', NULL, 0, "No status: findings, gaps and errors only", 5 },
	{ 0 },
};

static const char *parse_format(const struct argp_state *state, const char *text)
{
	if (strcmp(text, "table") == 0)
		argument_refuse(state, "--format: a table needs all of its rows; choose line");
	if (!sink_is_name(text))
		argument_refuse(state, "--format: '%s' is none of " SINK_NAMES, text);
	return text;
}

static int fsync_from_name(const char *name)
{
	static const char *const names[] = { "never", "finding", "interval" };

	for (int i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

static bool take_file(int key, const char *text, struct watch_arguments *arguments, const struct argp_state *state)
{
	switch (key) {
	case 'o':
		arguments->steward.output_path = strcmp(text, "-") == 0 ? NULL : text;
		return true;
	case OPTION_ROTATE:
		arguments->watch.full_bytes = argument_size(state, "--rotate", text);
		return true;
	case OPTION_KEEP:
		arguments->steward.keep =
			strcmp(text, "0") == 0 ? 0 : (unsigned)argument_count(state, "--keep", text, 1000);
		return true;
	case OPTION_FSYNC:
		arguments->watch.policy = (enum fsync_policy)argument_name(
			state, "--fsync", text, fsync_from_name(text), "never, finding, interval");
		return true;
	}
	return false;
}

static bool take_output(int key, const char *text, struct watch_arguments *arguments, const struct argp_state *state)
{
	struct watch_options *watch = &arguments->watch;

	switch (key) {
	case OPTION_FORMAT:
		arguments->format = parse_format(state, text);
		return true;
	case OPTION_JSON:
		arguments->format = "json";
		return true;
	case OPTION_RAW:
		return watch->raw = true;
	case OPTION_ACCESSES:
		return watch->accesses = true;
	case OPTION_UPDATE:
		watch->update_ms = argument_duration(state, "--update", text, 1);
		return true;
	}
	return false;
}

static bool take_filter(int key, const char *text, struct watch_arguments *arguments, const struct argp_state *state)
{
	struct scan_filter *filter = &arguments->watch.filter;

	switch (key) {
	case OPTION_RISK:
		filter->risk_min = (enum risk)argument_name(state, "--risk", text, risk_from_name(text),
							    "Review, KnownTool, HighRisk");
		return true;
	case OPTION_TARGET:
		filter->target = text;
		return true;
	case OPTION_SHOW_SUPPRESSED:
		return filter->show_suppressed = true;
	}
	return false;
}

static bool take_running(int key, const char *text, struct watch_arguments *arguments, const struct argp_state *state)
{
	switch (key) {
	case OPTION_SENSOR:
		arguments->wish.names = text;
		return true;
	case OPTION_JOURNAL:
		arguments->wish.journal = text;
		return true;
	case OPTION_SCOPE_PID:
		arguments->wish.scope = WIRE_SCOPE_PID;
		arguments->wish.scope_of = argument_count(state, "--scope-pid", text, UINT32_MAX);
		return true;
	case OPTION_SCOPE_UID:
		arguments->wish.scope = WIRE_SCOPE_UID;
		arguments->wish.scope_of =
			strcmp(text, "0") == 0 ? 0 : argument_count(state, "--scope-uid", text, UINT32_MAX);
		return true;
	case OPTION_NO_CONFINE:
		arguments->watch.confine = false;
		return true;
	case OPTION_HEARTBEAT:
		arguments->watch.heartbeat_ms = argument_duration(state, "--heartbeat", text, 0);
		return true;
	case OPTION_COLOUR:
		arguments->colour = (enum choice)argument_name(state, "--color", text, choice_from_name(text),
							       "auto, always, never");
		return true;
	case 'q':
		return arguments->quiet = true;
	}
	return false;
}

/* What contradicts itself would otherwise be left out in silence. */
static void check(const struct argp_state *state, const struct watch_arguments *arguments)
{
	if (arguments->watch.raw && !sink_takes_raw(arguments->format))
		argument_refuse(state, "--raw needs --json: %s has no place for raw records", arguments->format);
	if (arguments->watch.full_bytes && !arguments->steward.output_path)
		argument_refuse(state, "--rotate needs a file to rotate: give -o FILE");
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct watch_arguments *arguments = state->input;

	if (key == ARGP_KEY_INIT) {
		state->child_inputs[0] = &arguments->rulebook.places;
		return 0;
	}
	if (key == ARGP_KEY_ARG)
		argument_refuse(state, "'%s': a watch reads no files; proctor scan does", text);
	if (key == ARGP_KEY_SUCCESS)
		check(state, arguments);
	if (take_file(key, text, arguments, state) || take_output(key, text, arguments, state) ||
	    take_filter(key, text, arguments, state))
		return 0;
	return take_running(key, text, arguments, state) ? 0 : ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, "Rules:", 3 }, { 0 } };

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.doc = "Who reads whose memory, while it happens: accesses to another process's memory, memory map or "
	       "environment (ATT&CK T1003.007) on this host."
	       "\vTIME is 250ms, 10s, 5m or 1h; a number alone is seconds.\n\n"
	       "SIGTERM or Ctrl-C ends the watch with a summary, SIGUSR1 tells the status, SIGHUP opens the output "
	       "again.\n\n"
	       "Exit status: 0 nothing found, 1 something found, 2 usage or input error, 3 finished with losses.",
	.children = children,
};

void watch_arguments_parse(struct watch_arguments *arguments, int argc, char **argv)
{
	*arguments = (struct watch_arguments){
		.format = "line",
		.steward.keep = KEEP,
		.watch = {
			.filter = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN, .risk_min = RISK_NONE },
			.confine = true,
			.update_ms = UPDATE_MS,
			.heartbeat_ms = HEARTBEAT_MS,
		},
	};
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, arguments) != 0)
		exit(STATUS_ERROR);
}
