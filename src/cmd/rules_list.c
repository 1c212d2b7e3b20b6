#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/argument.h"
#include "cmd/rules.h"
#include "cmd/rules_coverage.h"
#include "cmd/tell.h"
#include "cmd/terminal.h"
#include "sink/escape.h"
#include "sink/json_writer.h"
#include "sink/rows.h"

enum option_key { OPTION_JSON = 256 };

struct listing {
	struct rules_session session;
	bool json;
};

/* ---- JSON ---- */

static void put_effect(struct buffer *to, const struct sigma_rule *rule)
{
	const struct sigma_effect *effect = &rule->effect;
	bool finds = rule->document != SIGMA_FILTER && effect->finds;

	json_put_word(to, "risk", finds ? risk_name(effect->risk) : NULL);
	if (finds)
		json_put_number(to, "score", effect->score);
	else
		json_put_null(to, "score");
	/* A sign is no matter of json_put_number. */
	if (effect->adds)
		buffer_printf(to, "\"adds\":%d,", effect->addition);
	else
		json_put_null(to, "adds");
}

static void put_json(struct buffer *to, const struct rules_session *session, const struct sigma_rule *rule)
{
	const struct rule_place *place = rule_places_of(&session->places, rule->place.file);
	char room[64];

	json_put_open(to, NULL, '{');
	json_put_text(to, "id", rule->id.len ? rule->id : (struct span){ NULL, 0 });
	json_put_text(to, "name", rule->name.len ? rule->name : (struct span){ NULL, 0 });
	json_put_text(to, "title", rule->title);
	json_put_word(to, "kind", rules_kind(rule));
	json_put_word(to, "level", rule->level ? sigma_level_name(rule->level) : NULL);
	put_effect(to, rule);
	json_put_text(to, "source", rules_source(rule, room));
	json_put_word(to, "state", sigma_state_name(rule->state));
	json_put_list(to, "tags", rule->tags.items, rule->tags.count);
	json_put_word(to, "from", place ? rule_place_kind_name(place->kind) : NULL);
	json_put_word(to, "file", rule->place.file);
	json_put_number(to, "line", rule->place.line);
	json_put_close(to, '}');
	json_put_end(to);
}

static int list_json(const struct listing *listing)
{
	const struct sigma_rules *rules = listing->session.rules;
	struct buffer text = { 0 };

	for (size_t i = 0; i < rules->count; i++)
		if (rules_session_wants(&listing->session, rules->items[i].place.file))
			put_json(&text, &listing->session, &rules->items[i]);
	return rules_print(&text);
}

/* ---- the table ---- */

enum column { LEVEL, TIER, TITLE, ID, SOURCE, STATE, FILE_NAME, COLUMN_COUNT };

static struct row_cell cell(struct span text)
{
	return (struct row_cell){ text.len ? ROW_TEXT : ROW_NULL, text };
}

/* "pack memory/interpreter.yml": the file as it is called in its place. */
static struct span file_of(const struct rules_session *session, const struct sigma_rule *rule, char room[512])
{
	const struct rule_place *place = rule_places_of(&session->places, rule->place.file);
	struct span file = span_of(rule->place.file);

	if (place && !place->is_file)
		file = span_skip(file, strlen(place->path) + 1);
	snprintf(room, 512, "%s %.*s", place ? rule_place_kind_name(place->kind) : "", (int)span_first(file, 480).len,
		 file.data);
	return span_of(room);
}

static struct span tier_of(const struct sigma_rule *rule, char room[16])
{
	if (rule->document == SIGMA_FILTER)
		return SPAN("");
	if (rule->effect.finds)
		return span_of(risk_name(rule->effect.risk));
	snprintf(room, 16, "%+d", rule->effect.addition);
	return span_of(room);
}

static int put_row(struct rows *rows, const struct rules_session *session, const struct sigma_rule *rule,
		   struct err *err)
{
	static const struct span names[] = { SPAN("level"),  SPAN("tier"),  SPAN("title"), SPAN("id"),
					     SPAN("source"), SPAN("state"), SPAN("file") };
	char source[64], kind[96], file[512], tier[16];
	struct span logsource = rules_source(rule, source);

	snprintf(kind, sizeof(kind), "%s%.*s", rule->document == SIGMA_FILTER ? "filter of " : "", (int)logsource.len,
		 logsource.data);
	const struct row_cell cells[COLUMN_COUNT] = {
		[LEVEL] = cell(span_of(sigma_level_name(rule->level))),
		[TIER] = cell(tier_of(rule, tier)),
		[TITLE] = cell(rule->title),
		[ID] = cell(rule->id.len ? rule->id : rule->name),
		[SOURCE] = cell(span_of(kind)),
		[STATE] = cell(span_of(sigma_state_name(rule->state))),
		[FILE_NAME] = cell(file_of(session, rule, file)),
	};
	return rows_put(rows, names, cells, COLUMN_COUNT, err);
}

static int put_rows(const struct rules_session *session, struct rows *rows, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < session->rules->count && result == 0; i++)
		if (rules_session_wants(session, session->rules->items[i].place.file))
			result = put_row(rows, session, &session->rules->items[i], err);
	return result < 0 ? result : rows_end(rows, err);
}

static int print_table(const struct rules_session *session)
{
	const struct rows_options options = {
		.colour = terminal_colours(STDOUT_FILENO, CHOICE_AUTO),
		.utf8 = session->utf8,
		.width = terminal_width(STDOUT_FILENO),
	};
	struct err err = { 0 };
	struct output *output = output_create(STDOUT_FILENO, "standard output", &err);
	struct rows *rows = output ? rows_create("table", output, &options, &err) : NULL;
	int result = rows ? put_rows(session, rows, &err) : -ENOMEM;

	if (result < 0 && result != -EPIPE)
		tell("%s", err.text);
	rows_destroy(rows);
	output_destroy(output);
	return result < 0 && result != -EPIPE ? STATUS_ERROR : 0;
}

/* ---- below the table ---- */

static void put_counts(struct buffer *to, const struct rules_session *session)
{
	size_t states[SIGMA_BROKEN + 1] = { 0 }, count = 0;

	for (size_t i = 0; i < session->rules->count; i++) {
		if (!rules_session_wants(session, session->rules->items[i].place.file))
			continue;
		states[session->rules->items[i].state]++;
		count++;
	}
	buffer_printf(to, "%s%zu rule%s:", count ? "\n" : "", count, count == 1 ? "" : "s");
	for (unsigned i = 0; i <= SIGMA_BROKEN; i++)
		if (states[i] || i == SIGMA_READY)
			buffer_printf(to, "%s %zu %s", i ? "," : "", states[i], sigma_state_name((enum sigma_state)i));
	buffer_add_byte(to, '\n');
}

static size_t count_of(const struct rules_session *session, const struct rule_place *place)
{
	size_t count = 0;

	for (size_t i = 0; i < session->rules->count; i++)
		count += rule_places_of(&session->places, session->rules->items[i].place.file) == place;
	return count;
}

static void put_places(struct buffer *to, const struct rules_session *session)
{
	for (size_t i = 0; i < session->places.count; i++) {
		const struct rule_place *place = &session->places.items[i];
		buffer_printf(to, "%-6s ", rule_place_kind_name(place->kind));
		escape_terminal(to, span_of(place->path), 0, session->utf8);
		buffer_printf(to, " (%zu)\n", count_of(session, place));
	}
	for (size_t i = 0; i < session->rules->placeholder_count; i++) {
		const struct sigma_placeholder *list = &session->rules->placeholders[i];
		buffer_printf(to, "%s%%%.*s%% (%zu)", i ? ", " : "lists  ", (int)list->name.len, list->name.data,
			      list->count);
	}
	if (session->rules->placeholder_count)
		buffer_add_byte(to, '\n');
}

static int list_table(const struct listing *listing)
{
	const struct rules_session *session = &listing->session;
	struct buffer text = { 0 };
	int status = print_table(session);

	put_counts(&text, session);
	rules_put_coverage(&text, session);
	put_places(&text, session);
	return rules_print(&text) ? STATUS_ERROR : status;
}

static int list(struct listing *listing)
{
	int status = rules_session_open(&listing->session);

	if (status)
		return status;
	int broken = rules_session_tell_errors(&listing->session);
	status = listing->json ? list_json(listing) : list_table(listing);
	return status ? status : broken;
}

/* ---- the command ---- */

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "One JSON object a line", 0 },
	{ 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct listing *listing = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &listing->session.places;
		return 0;
	case OPTION_JSON:
		listing->json = true;
		return 0;
	case ARGP_KEY_ARGS:
		listing->session.paths = (const char *const *)state->argv + state->next;
		listing->session.path_count = (size_t)(state->argc - state->next);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, NULL, 0 }, { 0 } };

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "[PATH...]",
	.doc = "Lists rules, what of ATT&CK they cover, and where they come from."
	       "\vPATH is a folder of rules or a file: it is read like what --rules names, and only what is in there "
	       "is listed.\n\n"
	       "Exit status: 0, 2 usage, 3 some rules were broken and are left out.",
	.children = children,
};

static int run(int argc, char **argv)
{
	struct listing listing = { .json = false };
	int status = STATUS_ERROR;

	rules_session_init(&listing.session);
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, &listing) == 0)
		status = list(&listing);
	rules_session_close(&listing.session);
	return status;
}

const struct command rules_list = {
	.name = "list",
	.summary = "list rules and what they cover",
	.run = run,
};
