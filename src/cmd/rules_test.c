/* Rules on the logs beside them: each must hit some and miss others. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/rules.h"
#include "cmd/rules_suites.h"
#include "cmd/tell.h"
#include "sink/escape.h"

enum option_key { OPTION_MUTATE = 256 };

struct testing {
	struct rules_session session;
	struct pack pack;
	struct suites suites;
	struct buffer text;
	bool mutate, verbose;
	size_t tested, failed, untested, logs; /* rules and logs */
	size_t mutants, survivors;
	bool broken;   /* a failure of ours: memory */
	uint32_t rule; /* that is being changed */
};

/* ---- lines ---- */

static void put_rule(struct testing *testing, const char *what, uint32_t index, struct sigma_place place)
{
	const struct sigma_rule *rule = &testing->pack.rules->items[index];
	struct buffer *to = &testing->text;

	buffer_printf(to, "%-8s ", what);
	escape_terminal(to, span_of(place.file ? place.file : ""), 0, testing->session.utf8);
	buffer_printf(to, ":%u: ", place.line);
	escape_terminal(to, pack_rule_name(rule), 80, testing->session.utf8);
}

static void tell_failure(void *context, uint32_t rule, const char *path, const char *text)
{
	struct testing *testing = context;

	put_rule(testing, "failed", rule, testing->pack.rules->items[rule].place);
	buffer_text(&testing->text, ": ");
	escape_terminal(&testing->text, span_of(path), 0, testing->session.utf8);
	buffer_printf(&testing->text, ": %s\n", text);
}

/* ---- mutants ---- */

static void try_mutant(void *context, const struct sigma_mutant *mutant)
{
	struct testing *testing = context;
	int status = suites_notice(&testing->suites, testing->rule, mutant);

	testing->mutants++;
	testing->broken |= status < 0;
	if (status)
		return;
	testing->survivors++;
	put_rule(testing, "survivor", testing->rule, mutant->place);
	buffer_text(&testing->text, ": no log tells it from the rule ");
	escape_terminal(&testing->text, span_of(mutant->what), 0, testing->session.utf8);
	buffer_add_byte(&testing->text, '\n');
}

static void mutate(struct testing *testing, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end; i++) {
		const struct sigma_rule *rule = &testing->pack.rules->items[i];
		testing->rule = i;
		if (rule->state == SIGMA_READY)
			testing->broken |= sigma_mutate(rule, try_mutant, testing) < 0;
	}
}

/* ---- one file ---- */

static int check_suite(struct testing *testing, const struct suite *suite)
{
	int failures = suite_check(&testing->suites, suite, tell_failure, testing);

	testing->logs += suite->count;
	testing->tested += suite->rule_count;
	testing->failed += failures ? suite->rule_count : 0;
	for (size_t i = 0; i < suite->rule_count && testing->verbose && !failures; i++) {
		put_rule(testing, "good", suite->rules[i], testing->pack.rules->items[suite->rules[i]].place);
		buffer_printf(&testing->text, ": %zu to hit, %zu to miss\n", suite->logs[1].count,
			      suite->logs[0].count);
	}
	return failures;
}

/* Rules without events cannot be tried; what is broken was told. */
static void count_untested(struct testing *testing, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end; i++) {
		const struct sigma_rule *rule = &testing->pack.rules->items[i];
		if (rule->state == SIGMA_READY)
			continue;
		testing->untested++;
		if (!testing->verbose)
			continue;
		put_rule(testing, "untested", i, rule->place);
		buffer_printf(&testing->text, ": %s\n", sigma_state_name(rule->state));
	}
}

static void test_file(struct testing *testing, uint32_t first, uint32_t end)
{
	struct err err = { 0 };
	int failures = 0;

	count_untested(testing, first, end);
	if (suites_open(&testing->suites, first, end, &err) < 0) {
		tell("%s", err.text);
		testing->failed += end - first;
		testing->tested += end - first;
		return;
	}
	for (size_t i = 0; i < testing->suites.count; i++)
		failures += check_suite(testing, &testing->suites.items[i]);
	if (testing->mutate && !failures)
		mutate(testing, first, end);
}

/* ---- all of them ---- */

static void test_files(struct testing *testing)
{
	const struct sigma_rules *rules = testing->pack.rules;

	for (uint32_t first = 0, end; first < rules->count; first = end) {
		const char *file = rules->items[first].place.file;
		for (end = first + 1; end < rules->count && rules->items[end].place.file == file;)
			end++;
		if (rules_session_wants(&testing->session, file))
			test_file(testing, first, end);
	}
}

static void put_totals(struct testing *testing)
{
	struct buffer *to = &testing->text;

	buffer_printf(to, "%zu rules tried on %zu logs: %zu failed", testing->tested, testing->logs, testing->failed);
	if (testing->untested)
		buffer_printf(to, ", %zu cannot be tried here", testing->untested);
	if (testing->mutate)
		buffer_printf(to, "; %zu parts taken away, %zu of them without notice", testing->mutants,
			      testing->survivors);
	buffer_add_byte(to, '\n');
}

static int test(struct testing *testing)
{
	struct err err = { 0 };
	int status = rules_session_open(&testing->session);

	if (status)
		return status;
	int broken = rules_session_tell_errors(&testing->session);
	struct sigma_rules *rules = testing->session.rules;
	testing->session.rules = NULL;
	if (pack_init(&testing->pack, rules, &err) < 0 || suites_init(&testing->suites, &testing->pack) < 0) {
		tell("memory is out");
		return STATUS_ERROR;
	}
	test_files(testing);
	put_totals(testing);
	testing->text.failed |= testing->broken;
	if (rules_print(&testing->text))
		return STATUS_ERROR;
	return testing->failed || testing->survivors ? STATUS_FOUND : broken;
}

/* ---- the command ---- */

static const struct argp_option options[] = {
	{ "mutate", OPTION_MUTATE, NULL, 0, "Also take each part of each rule away, and tell where no log notices", 0 },
	{ "verbose", 'v', NULL, 0, "Also tell what is good, and what cannot be tried", 0 },
	{ 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct testing *testing = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &testing->session.places;
		return 0;
	case OPTION_MUTATE:
		testing->mutate = true;
		return 0;
	case 'v':
		testing->verbose = true;
		return 0;
	case ARGP_KEY_ARGS:
		testing->session.paths = (const char *const *)state->argv + state->next;
		testing->session.path_count = (size_t)(state->argc - state->next);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, NULL, 0 }, { 0 } };

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "[PATH...]",
	.doc = "Tries rules on the logs beside them: for X.yml those in X/hit must make it fire, those in X/miss must "
	       "not."
	       "\vPATH is a folder of rules or a file: it is read like what --rules names, and only what is in there "
	       "is tried.\n\n"
	       "Exit status: 0 all good, 1 something failed, 2 usage, 3 some rules were broken and are left out.",
	.children = children,
};

static int run(int argc, char **argv)
{
	struct testing *testing = calloc(1, sizeof(*testing));
	int status = STATUS_ERROR;

	if (!testing) {
		tell("memory is out");
		return STATUS_ERROR;
	}
	rules_session_init(&testing->session);
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, testing) == 0)
		status = test(testing);
	suites_finish(&testing->suites);
	pack_finish(&testing->pack);
	buffer_finish(&testing->text);
	rules_session_close(&testing->session);
	free(testing);
	return status;
}

const struct command rules_test = {
	.name = "test",
	.summary = "try rules on the logs beside them",
	.run = run,
};
