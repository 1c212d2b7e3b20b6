#include <stdio.h>
#include <stdlib.h>

#include "cmd/rules.h"
#include "cmd/tell.h"
#include "rule/sigma/lint.h"
#include "sink/escape.h"
#include "sink/json_writer.h"

enum option_key { OPTION_JSON = 256, OPTION_STRICT };

struct checking {
	struct rules_session session;
	bool json, strict;
	size_t errors, warnings; /* of what was asked for */
};

/* ---- what is wrong ---- */

struct told {
	const struct sigma_diagnostic *item;
};

static int compare(const void *a, const void *b)
{
	const struct sigma_diagnostic *x = ((const struct told *)a)->item, *y = ((const struct told *)b)->item;
	int order = strcmp(x->place.file ? x->place.file : "", y->place.file ? y->place.file : "");

	if (order == 0)
		order = (x->place.line > y->place.line) - (x->place.line < y->place.line);
	if (order == 0)
		order = (x->place.column > y->place.column) - (x->place.column < y->place.column);
	return order ? order : (x > y) - (x < y);
}

static void put_json(struct buffer *to, const struct sigma_diagnostic *diagnostic)
{
	json_put_open(to, NULL, '{');
	json_put_word(to, "severity", diagnostic->severity == SIGMA_ERROR ? "error" : "warning");
	json_put_word(to, "file", diagnostic->place.file);
	json_put_number(to, "line", diagnostic->place.line);
	json_put_number(to, "column", diagnostic->place.column);
	json_put_word(to, "text", diagnostic->text);
	json_put_close(to, '}');
	json_put_end(to);
}

static void put_all(struct buffer *to, struct checking *checking, const struct told *sorted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!rules_session_wants(&checking->session, sorted[i].item->place.file))
			continue;
		if (sorted[i].item->severity == SIGMA_ERROR)
			checking->errors++;
		else
			checking->warnings++;
		if (checking->json)
			put_json(to, sorted[i].item);
		else
			rules_put_diagnostic(to, sorted[i].item, checking->session.utf8);
	}
}

static int put_diagnostics(struct buffer *to, struct checking *checking)
{
	const struct sigma_diagnostics *diagnostics = &checking->session.rules->diagnostics;
	struct told *sorted = calloc(diagnostics->count + 1, sizeof(*sorted));

	if (!sorted) {
		tell("memory is out");
		return STATUS_ERROR;
	}
	for (size_t i = 0; i < diagnostics->count; i++)
		sorted[i].item = &diagnostics->items[i];
	qsort(sorted, diagnostics->count, sizeof(*sorted), compare);
	put_all(to, checking, sorted, diagnostics->count);
	free(sorted);
	return 0;
}

/* ---- how much of it can be evaluated ---- */

static int compare_spans(struct span a, struct span b)
{
	int order = memcmp(a.data ? a.data : "", b.data ? b.data : "", a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

struct counted {
	const struct sigma_rule *rule;
};

static int compare_sources(const void *a, const void *b)
{
	const struct sigma_rule *x = ((const struct counted *)a)->rule, *y = ((const struct counted *)b)->rule;
	int order = (x->document > y->document) - (x->document < y->document);

	if (order == 0)
		order = compare_spans(x->logsource.product, y->logsource.product);
	if (order == 0)
		order = compare_spans(x->logsource.category, y->logsource.category);
	return order ? order : compare_spans(x->logsource.service, y->logsource.service);
}

static void put_part(struct buffer *to, const char *name, struct span value, bool utf8)
{
	if (value.len == 0)
		return;
	buffer_printf(to, ", %s ", name);
	escape_terminal(to, value, 40, utf8);
}

static void put_share(struct buffer *to, const struct sigma_rule *rule, size_t ready, size_t count, bool utf8)
{
	buffer_text(to, rules_kind(rule));
	put_part(to, "product", rule->logsource.product, utf8);
	put_part(to, "category", rule->logsource.category, utf8);
	put_part(to, "service", rule->logsource.service, utf8);
	buffer_printf(to, ": %zu of %zu can be evaluated\n", ready, count);
}

static size_t put_groups(struct buffer *to, const struct counted *sorted, size_t count, bool utf8)
{
	size_t all_ready = 0;

	for (size_t from = 0, at; from < count; from = at) {
		size_t ready = 0;
		for (at = from; at < count && compare_sources(&sorted[from], &sorted[at]) == 0; at++)
			ready += sorted[at].rule->state == SIGMA_READY;
		put_share(to, sorted[from].rule, ready, at - from, utf8);
		all_ready += ready;
	}
	return all_ready;
}

static void put_shares(struct buffer *to, const struct checking *checking)
{
	const struct sigma_rules *rules = checking->session.rules;
	struct counted *sorted = calloc(rules->count + 1, sizeof(*sorted));
	size_t count = 0;

	for (size_t i = 0; sorted && i < rules->count; i++)
		if (rules_session_wants(&checking->session, rules->items[i].place.file))
			sorted[count++].rule = &rules->items[i];
	if (sorted)
		qsort(sorted, count, sizeof(*sorted), compare_sources);
	size_t ready = put_groups(to, sorted, count, checking->session.utf8);
	buffer_printf(to, "%zu rule%s, of which %zu can be evaluated; %zu error%s, %zu warning%s\n", count,
		      count == 1 ? "" : "s", ready, checking->errors, checking->errors == 1 ? "" : "s",
		      checking->warnings, checking->warnings == 1 ? "" : "s");
	free(sorted);
}

static int check(struct checking *checking)
{
	struct buffer text = { 0 };
	int status = rules_session_open(&checking->session);

	if (status)
		return status;
	const struct sigma_diagnostics *diagnostics = &checking->session.rules->diagnostics;
	sigma_rules_lint(checking->session.rules);
	status = put_diagnostics(&text, checking);
	size_t lost = diagnostics->errors + diagnostics->warnings - diagnostics->count;
	if (!checking->json && lost)
		buffer_printf(&text, "%zu more errors and warnings are not shown\n", lost);
	if (!checking->json)
		put_shares(&text, checking);
	if (rules_print(&text) || status)
		return STATUS_ERROR;
	return checking->errors || (checking->strict && checking->warnings) ? STATUS_FOUND : STATUS_NOTHING;
}

/* ---- the command ---- */

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "One JSON object a line for each error and warning, and nothing else", 0 },
	{ "strict", OPTION_STRICT, NULL, 0, "Status 1 for warnings, too", 0 },
	{ 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct checking *checking = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &checking->session.places;
		return 0;
	case OPTION_JSON:
		checking->json = true;
		return 0;
	case OPTION_STRICT:
		checking->strict = true;
		return 0;
	case ARGP_KEY_ARGS:
		checking->session.paths = (const char *const *)state->argv + state->next;
		checking->session.path_count = (size_t)(state->argc - state->next);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, NULL, 0 }, { 0 } };

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "[PATH...]",
	.doc = "Tells what is wrong with rules, with file, line and column, and how many can be evaluated."
	       "\vPATH is a folder of rules or a file: it is read like what --rules names, and only what is in there "
	       "is told.\n\n"
	       "Exit status: 0 no error, 1 errors, 2 usage.",
	.children = children,
};

static int run(int argc, char **argv)
{
	struct checking checking = { .json = false };
	int status = STATUS_ERROR;

	rules_session_init(&checking.session);
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, &checking) == 0)
		status = check(&checking);
	rules_session_close(&checking.session);
	return status;
}

const struct command rules_check = {
	.name = "check",
	.summary = "tell what is wrong with rules",
	.run = run,
};
