/*
 * A layer for MITRE's ATT&CK Navigator, format 4.5
 * (github.com/mitre-attack/attack-navigator, layers/spec/v4.5/layerformat.md):
 * each technique that rules are about, with their number as its score.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/rules.h"
#include "cmd/rules_coverage.h"
#include "cmd/tell.h"
#include "sink/json_writer.h"

static void put_strings(struct buffer *to, const char *name, const char *const *strings, size_t count)
{
	json_put_open(to, name, '[');
	for (size_t i = 0; i < count; i++)
		json_put_word(to, NULL, strings[i]);
	json_put_close(to, ']');
}

static void put_head(struct buffer *to)
{
	static const char *const platforms[] = { "Linux" };

	json_put_word(to, "name", "proctor");
	json_put_open(to, "versions", '{');
	json_put_word(to, "navigator", "4.9.0");
	json_put_word(to, "layer", "4.5");
	json_put_close(to, '}');
	json_put_word(to, "domain", "enterprise-attack");
	json_put_word(to, "description",
		      "Techniques that proctor " PROCTOR_VERSION " has rules for, scored by how many");
	json_put_open(to, "filters", '{');
	put_strings(to, "platforms", platforms, 1);
	json_put_close(to, '}');
	json_put_number(to, "sorting", 3);
	json_put_open(to, "layout", '{');
	json_put_word(to, "layout", "side");
	json_put_bool(to, "showID", true);
	json_put_word(to, "expandedSubtechniques", "annotated");
	json_put_close(to, '}');
	json_put_bool(to, "hideDisabled", false);
}

/* Titles, one a line. */
static void put_comment(struct buffer *to, const struct rules_session *session, const struct coverage *item)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < item->count && i < COVERAGE_RULES_MAX; i++) {
		buffer_text(&text, i ? "\n" : "");
		buffer_add(&text, session->rules->items[item->rules[i]].title);
	}
	if (item->count > COVERAGE_RULES_MAX)
		buffer_printf(&text, "\nand %zu more", item->count - COVERAGE_RULES_MAX);
	to->failed |= text.failed;
	json_put_text(to, "comment", buffer_span(&text));
	buffer_finish(&text);
}

static void put_technique(struct buffer *to, const struct rules_session *session, const struct coverage *item)
{
	json_put_open(to, NULL, '{');
	json_put_word(to, "techniqueID", item->technique);
	if (item->tactic)
		json_put_word(to, "tactic", item->tactic);
	json_put_number(to, "score", item->count);
	put_comment(to, session, item);
	json_put_bool(to, "enabled", true);
	json_put_close(to, '}');
}

static void put_layer(struct buffer *to, const struct rules_session *session, const struct coverage *items,
		      size_t count)
{
	static const char *const colours[] = { "#fff7bc", "#d95f0e" };
	size_t most = 1;

	json_put_open(to, NULL, '{');
	put_head(to);
	json_put_open(to, "techniques", '[');
	for (size_t i = 0; i < count; i++) {
		put_technique(to, session, &items[i]);
		most = items[i].count > most ? items[i].count : most;
	}
	json_put_close(to, ']');
	json_put_open(to, "gradient", '{');
	put_strings(to, "colors", colours, 2);
	json_put_number(to, "minValue", 0);
	json_put_number(to, "maxValue", most);
	json_put_close(to, '}');
	json_put_close(to, '}');
	json_put_end(to);
}

static int navigate(struct rules_session *session)
{
	struct coverage *items = NULL;
	struct buffer text = { 0 };
	int status = rules_session_open(session);

	if (status)
		return status;
	int broken = rules_session_tell_errors(session);
	size_t count = rules_coverage(session, &items);
	text.failed = count == SIZE_MAX;
	if (!text.failed)
		put_layer(&text, session, items, count);
	free(items);
	status = rules_print(&text);
	return status ? status : broken;
}

/* ---- the command ---- */

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct rules_session *session = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &session->places;
		return 0;
	case ARGP_KEY_ARGS:
		session->paths = (const char *const *)state->argv + state->next;
		session->path_count = (size_t)(state->argc - state->next);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, NULL, 0 }, { 0 } };

static const struct argp grammar = {
	.parser = parse,
	.args_doc = "[PATH...]",
	.doc = "Prints what rules cover as a layer for MITRE's ATT&CK Navigator (format 4.5, JSON)."
	       "\vPATH is a folder of rules or a file: it is read like what --rules names, and only what is in there "
	       "counts.\n\n"
	       "Exit status: 0, 2 usage, 3 some rules were broken and are left out.",
	.children = children,
};

static int run(int argc, char **argv)
{
	struct rules_session session;
	int status = STATUS_ERROR;

	rules_session_init(&session);
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, &session) == 0)
		status = navigate(&session);
	rules_session_close(&session);
	return status;
}

const struct command rules_navigator = {
	.name = "navigator",
	.summary = "print what rules cover as an ATT&CK Navigator layer",
	.run = run,
};
