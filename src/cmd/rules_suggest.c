/* A filter for a finding: the logs are scanned again for it. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/reading.h"
#include "cmd/rulebook.h"
#include "cmd/rules.h"
#include "cmd/rules_suggestion.h"
#include "cmd/tell.h"
#include "engine/scan.h"

#define ID_LEAST 4 /* digits of an id that stand for all of it */

enum option_key { OPTION_NO_CONFINE = 256 };

struct suggesting {
	struct rulebook rulebook;
	const char *id;
	const char *const *paths;
	size_t path_count;
	bool confine;
	struct finding finding; /* a copy of the first that has the id */
	size_t found;		/* different ones */
	bool failed;
	struct summary summary;
};

static void take_finding(void *context, const struct finding *finding)
{
	struct suggesting *suggesting = context;

	if (strncmp(finding->id, suggesting->id, strlen(suggesting->id)) != 0)
		return;
	if (suggesting->found && strcmp(suggesting->finding.id, finding->id) == 0)
		return;
	if (suggesting->found++ == 0)
		suggesting->failed = !finding_copy(&suggesting->finding, finding);
}

static int scan(struct suggesting *suggesting)
{
	const struct scan_options options = {
		.paths = suggesting->paths,
		.path_count = suggesting->path_count,
		.pack = &suggesting->rulebook.pack,
		.filter = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN, .show_suppressed = true },
		.confine = suggesting->confine,
		.found = take_finding,
		.found_context = suggesting,
	};
	struct err err = { 0 };

	if (scan_run(&options, NULL, &suggesting->summary, &err) < 0) {
		tell("%s", err.text);
		return STATUS_ERROR;
	}
	if (suggesting->failed) {
		tell("memory is out");
		return STATUS_ERROR;
	}
	if (suggesting->found == 1)
		return 0;
	if (suggesting->found)
		tell("%zu findings begin with '%s': give more of the id", suggesting->found, suggesting->id);
	else
		tell("there is no finding '%s' in what was read; `proctor scan --json` has their ids", suggesting->id);
	return STATUS_ERROR;
}

static int suggest(struct suggesting *suggesting)
{
	struct buffer text = { 0 };
	int status = rulebook_open(&suggesting->rulebook, &suggesting->summary);

	if (!status)
		status = scan(suggesting);
	if (status)
		return status;
	const char *why = suggestion_refusal(&suggesting->finding, suggesting->rulebook.pack.rules);
	if (why) {
		tell("no filter for finding %s: %s", suggesting->finding.id, why);
		return STATUS_FOUND;
	}
	suggestion_write(&text, &suggesting->finding, clock_ms(CLOCK_REALTIME));
	return rules_print(&text);
}

/* ---- the command ---- */

static const struct argp_option options[] = {
	{ "no-confine", OPTION_NO_CONFINE, NULL, 0, "Keep all privileges while reading: for debugging proctor only",
	  0 },
	{ 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct suggesting *suggesting = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &suggesting->rulebook.places;
		return 0;
	case OPTION_NO_CONFINE:
		suggesting->confine = false;
		return 0;
	case ARGP_KEY_ARGS:
		suggesting->id = state->argv[state->next];
		suggesting->paths = (const char *const *)state->argv + state->next + 1;
		suggesting->path_count = (size_t)(state->argc - state->next - 1);
		return 0;
	case ARGP_KEY_SUCCESS:
		if (!suggesting->id || strlen(suggesting->id) < ID_LEAST)
			argp_error(state, "which finding? give its id, or the beginning of it; `proctor scan --json` "
					  "has them");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, NULL, 0 }, { 0 } };

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "FINDING [PATH...]",
	.doc = "Prints a filter for a finding, as narrow as what is known of it."
	       "\vFINDING is the id of a finding, or its beginning; PATH is what `proctor scan` found it in.\n\n"
	       "Exit status: 0 a filter was printed, 1 there can be none, 2 usage, input error or no such finding.",
	.children = children,
};

static int run(int argc, char **argv)
{
	struct suggesting *suggesting = calloc(1, sizeof(*suggesting));
	int status = STATUS_ERROR;

	if (!suggesting) {
		tell("memory is out");
		return STATUS_ERROR;
	}
	suggesting->confine = true;
	rule_places_init(&suggesting->rulebook.places);
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, suggesting) == 0)
		status = suggest(suggesting);
	finding_finish(&suggesting->finding);
	rulebook_close(&suggesting->rulebook);
	free(suggesting);
	return status;
}

const struct command rules_suggest = {
	.name = "suggest",
	.summary = "print a filter for a finding",
	.run = run,
};
