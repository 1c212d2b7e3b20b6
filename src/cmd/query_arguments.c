#include "cmd/query_arguments.h"

#include <argp.h>
#include <stdlib.h>

#include "cmd/argument.h"
#include "cmd/command.h"
#include "cmd/tell.h"
#include "model/record.h"

/* Options without a letter. */
enum option_key {
	OPTION_ASSEMBLE = 256,
	OPTION_ACCESSES,
	OPTION_CATEGORY,
	OPTION_CATEGORIES,
	OPTION_LOOKUP,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_SOURCE,
	OPTION_FORMAT,
	OPTION_JSON,
	OPTION_CSV,
	OPTION_LIMIT,
	OPTION_PLOT,
	OPTION_EXPLAIN,
	OPTION_LINT,
	OPTION_CHECK,
	OPTION_STRICT,
	OPTION_NO_CONFINE,
	OPTION_COLOUR,
	OPTION_PROGRESS,
	OPTION_NO_PROGRESS,
	OPTION_THREADS,
};

static const struct argp_option options[] = {
	{ .doc = "The search:", .group = 1 },
	{ "file", 'f', "FILE", 0, "Read the search from FILE; all arguments are paths then", 1 },
	{ "strict", OPTION_STRICT, NULL, 0, "Refuse what is no Sumo Logic search: `eval f = …`", 1 },
	{ "check", OPTION_CHECK, NULL, 0, "Only parse it", 1 },
	{ "lint", OPTION_LINT, NULL, 0, "Only say what is known to go wrong with such a search", 1 },

	{ .doc = "Messages:", .group = 2 },
	{ "assemble", OPTION_ASSEMBLE, NULL, 0, "A message is an audit event, its records joined by newlines", 2 },
	{ "accesses", OPTION_ACCESSES, NULL, 0, "A message is a resolved access, as name=\"value\" text", 2 },
	{ "category", OPTION_CATEGORY, "GLOB=NAME", 0, "The _sourceCategory of logs whose path matches; repeatable",
	  2 },
	{ "categories", OPTION_CATEGORIES, "FILE", 0, "The same, one GLOB=NAME a line", 2 },
	{ "lookup", OPTION_LOOKUP, "NAME=FILE", 0, "The table of `lookup … from NAME` and `cat NAME`: CSV; repeatable",
	  2 },
	{ "since", OPTION_SINCE, "TIME", 0, "Messages at or after TIME, as `proctor scan` takes it", 2 },
	{ "until", OPTION_UNTIL, "TIME", 0, "Messages at or before TIME", 2 },
	{ "source", OPTION_SOURCE, "TYPE", 0,
	  "Take every input for audit, ausearch, syslog, json, journal-export or csv instead of looking at each line",
	  2 },

	{ .doc = "Output:", .group = 3 },
	{ "format", OPTION_FORMAT, "FORMAT", 0, "table (the default), json or csv", 3 },
	{ "json", OPTION_JSON, NULL, 0, "One JSON object a line", 3 },
	{ "csv", OPTION_CSV, NULL, 0, "Comma-separated values, with a header", 3 },
	{ "plot", OPTION_PLOT, NULL, 0, "Draw aggregates as a bar chart, or over time", 3 },
	{ "output", 'o', "FILE", 0, "Write to FILE instead of standard output", 3 },
	{ "limit", OPTION_LIMIT, "N", 0, "End after N rows", 3 },
	{ "explain", OPTION_EXPLAIN, NULL, 0, "Also tell what each stage took, let through and dropped first, and why",
	  3 },

	{ .doc = "Running:", .group = 4 },
	{ "color", OPTION_COLOUR, "WHEN", 0, "auto (the default: on a terminal), always or never", 4 },
	{ "colour", OPTION_COLOUR, NULL, OPTION_ALIAS, NULL, 4 },
	{ "progress", OPTION_PROGRESS, NULL, 0, "Show progress though standard error is no terminal", 4 },
	{ "no-progress", OPTION_NO_PROGRESS, NULL, 0, "Show no progress", 4 },
	{ "quiet", 'q', NULL, 0, "No summary, no progress: rows and errors only", 4 },
	{ "threads", OPTION_THREADS, "N", 0,
	  "Use at most N threads (default: as many as processors); the output is the same for any number", 4 },
	{ "no-confine", OPTION_NO_CONFINE, NULL, 0, "Keep all privileges while reading: for debugging proctor only",
	  4 },
	{ 0 },
};

struct parsing {
	struct query_arguments *arguments;
	int64_t now_ms;
	bool formatted; /* --format, --json, --csv */
	bool drawn;	/* --plot */
};

static const char *parse_format(const struct argp_state *state, const char *text)
{
	static const char *const names[] = { "table", "json", "csv" };

	for (unsigned i = 0; i < 3; i++)
		if (strcmp(text, names[i]) == 0)
			return names[i];
	argument_refuse(state, "--format: '%s' is none of table, json, csv", text);
	return names[0];
}

static void set_unit(struct query_arguments *arguments, enum message_unit unit, const struct argp_state *state)
{
	enum message_unit *set = &arguments->search.unit;

	if (*set != MESSAGE_LINE && *set != unit)
		argp_error(state, "--assemble and --accesses: a message is the one or the other");
	*set = unit;
}

static void add_categories(int key, const char *text, struct query_arguments *arguments, const struct argp_state *state)
{
	struct err err = { 0 };
	int result = key == OPTION_CATEGORY ? category_map_add(arguments->categories, span_of(text), &err)
					    : category_map_read(arguments->categories, text, &err);

	if (result == 0)
		return;
	if (key == OPTION_CATEGORY)
		argument_refuse(state, "--category: %s", err.text);
	tell("%s", err.text);
	exit(STATUS_ERROR);
}

static void add_table(const char *text, struct query_arguments *arguments)
{
	struct err err = { 0 };

	if (lookup_tables_read(&arguments->tables, span_of(text), &err) == 0)
		return;
	tell("--lookup: %s", err.text);
	exit(STATUS_ERROR);
}

static bool take_search(int key, const char *text, struct query_arguments *arguments)
{
	switch (key) {
	case 'f':
		arguments->file = text;
		return true;
	case OPTION_STRICT:
		return arguments->parse.strict = true;
	case OPTION_CHECK:
		return arguments->check = true;
	case OPTION_LINT:
		return arguments->lint = true;
	}
	return false;
}

static bool take_messages(int key, const char *text, struct parsing *parsing, const struct argp_state *state)
{
	struct query_arguments *arguments = parsing->arguments;

	switch (key) {
	case OPTION_ASSEMBLE:
		set_unit(arguments, MESSAGE_EVENT, state);
		return true;
	case OPTION_ACCESSES:
		set_unit(arguments, MESSAGE_ACCESS, state);
		return true;
	case OPTION_CATEGORY:
	case OPTION_CATEGORIES:
		add_categories(key, text, arguments, state);
		return true;
	case OPTION_LOOKUP:
		add_table(text, arguments);
		return true;
	case OPTION_SINCE:
		arguments->search.since_ms = argument_moment(state, "--since", text, parsing->now_ms).first_ms;
		return true;
	case OPTION_UNTIL:
		arguments->search.until_ms = argument_moment(state, "--until", text, parsing->now_ms).last_ms;
		return true;
	case OPTION_SOURCE:
		arguments->search.source.format =
			(enum format)argument_name(state, "--source", text, format_from_name(text),
						   "auto, audit, ausearch, syslog, json, journal-export, csv");
		return true;
	}
	return false;
}

static bool take_output(int key, const char *text, struct parsing *parsing, const struct argp_state *state)
{
	struct query_arguments *arguments = parsing->arguments;

	switch (key) {
	case OPTION_FORMAT:
		arguments->format = parse_format(state, text);
		return parsing->formatted = true;
	case OPTION_JSON:
		arguments->format = "json";
		return parsing->formatted = true;
	case OPTION_CSV:
		arguments->format = "csv";
		return parsing->formatted = true;
	case OPTION_PLOT:
		return parsing->drawn = true;
	case 'o':
		arguments->search.output_path = strcmp(text, "-") == 0 ? NULL : text;
		return true;
	case OPTION_LIMIT:
		arguments->run.limit = argument_count(state, "--limit", text, INT64_MAX);
		return true;
	case OPTION_EXPLAIN:
		return arguments->run.explain = arguments->search.every_message = true;
	}
	return false;
}

static bool take_running(int key, const char *text, struct query_arguments *arguments, const struct argp_state *state)
{
	switch (key) {
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
	case OPTION_THREADS:
		arguments->search.source.threads =
			(unsigned)argument_count(state, "--threads", text, SOURCE_THREADS_MAX);
		return true;
	case OPTION_NO_CONFINE:
		arguments->search.confine = false;
		return true;
	case 'q':
		return arguments->quiet = true;
	}
	return false;
}

static void take_paths(struct query_arguments *arguments, const struct argp_state *state)
{
	struct search_options *search = &arguments->search;

	search->paths = (const char *const *)state->argv + state->next;
	search->path_count = (size_t)(state->argc - state->next);
	if (arguments->file || !search->path_count)
		return;
	arguments->text = *search->paths++;
	search->path_count--;
}

/* What contradicts itself would otherwise be left out in silence. */
static void check(const struct argp_state *state, const struct parsing *parsing)
{
	const struct query_arguments *arguments = parsing->arguments;
	const struct search_options *search = &arguments->search;

	if (!arguments->text && !arguments->file)
		argp_error(state,
			   "no search: give one in quotes, such as '_sourceCategory=linux/audit | count', or -f FILE");
	if (parsing->formatted && parsing->drawn)
		argp_error(state, "--plot is an output of its own: it goes with no --format, --json or --csv");
	if (arguments->lint && arguments->check)
		argp_error(state, "--lint and --check: --lint parses, too");
	if (search->since_ms != TIME_UNKNOWN && search->until_ms != TIME_UNKNOWN && search->since_ms > search->until_ms)
		argp_error(state, "--since is later than --until: nothing can be between them");
	for (size_t i = 0; arguments->file && strcmp(arguments->file, "-") == 0 && i < search->path_count; i++)
		if (strcmp(search->paths[i], "-") == 0)
			argp_error(state, "standard input is either the search (-f -) or a log (-)");
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct parsing *parsing = state->input;

	switch (key) {
	case ARGP_KEY_ARGS:
		take_paths(parsing->arguments, state);
		return 0;
	case ARGP_KEY_SUCCESS:
		check(state, parsing);
		return 0;
	}
	if (take_search(key, text, parsing->arguments) || take_messages(key, text, parsing, state) ||
	    take_output(key, text, parsing, state) || take_running(key, text, parsing->arguments, state))
		return 0;
	return ARGP_ERR_UNKNOWN;
}

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "SEARCH [PATH...]\n-f FILE [PATH...]",
	.doc = "Runs a Sumo Logic search on local logs."
	       "\vPATH is a log, a directory, a compressed file, an archive, a collection (UAC, sosreport, "
	       "Velociraptor) or - for standard input; without one, this host's own logs are read.\n\n"
	       "Exit status: 0 no rows, 1 rows, 2 usage, input or search error, 3 finished with losses, 130 or 143 "
	       "stopped by a signal. --check: 0 or 2. --lint: 0 nothing to say, 1 something.",
};

void query_arguments_parse(struct query_arguments *arguments, int argc, char **argv, int64_t now_ms)
{
	struct parsing parsing = { .arguments = arguments, .now_ms = now_ms };

	*arguments = (struct query_arguments){
		.format = "table",
		.run.now_ms = now_ms,
		.search = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN, .confine = true },
		.categories = category_map_create(),
	};
	arguments->search.categories = arguments->categories;
	lookup_tables_init(&arguments->tables);
	arguments->run.tables = &arguments->tables;
	argp_err_exit_status = STATUS_ERROR;
	if (!arguments->categories || argp_parse(&grammar, argc, argv, 0, NULL, &parsing) != 0)
		exit(STATUS_ERROR);
	if (parsing.drawn)
		arguments->format = "chart";
}

void query_arguments_finish(struct query_arguments *arguments)
{
	category_map_destroy(arguments->categories);
	lookup_tables_finish(&arguments->tables);
}
