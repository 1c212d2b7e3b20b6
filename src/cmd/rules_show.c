/* One rule as text: what it asks for in words, what feeds it, what suppresses it, what uses it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/argument.h"
#include "cmd/rules.h"
#include "cmd/rules_logs.h"
#include "cmd/tell.h"
#include "rule/sigma/describe.h"
#include "sink/escape.h"

#define LABEL_COLUMNS 14

struct showing {
	struct rules_session session;
	const char *name;
	struct buffer text;
};

/* ---- lines ---- */

/* Texts of a rule may have several lines: each of them is one here, below the first. */
static void put_lines(struct showing *showing, const char *label, struct span text)
{
	struct buffer *to = &showing->text;

	text = span_trim(text);
	if (text.len == 0)
		return;
	buffer_printf(to, "%-*s", LABEL_COLUMNS, label);
	while (text.len) {
		size_t len = span_index(text, '\n');
		escape_terminal(to, span_first(text, len), 0, showing->session.utf8);
		buffer_add_byte(to, '\n');
		text = span_skip(text, len + 1);
		if (text.len)
			buffer_printf(to, "%*s", LABEL_COLUMNS, "");
	}
}

static void put_line(struct showing *showing, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void put_line(struct showing *showing, const char *label, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_lines(showing, label, span_of(text));
}

static void put_texts(struct showing *showing, const char *label, const struct sigma_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		put_lines(showing, i ? "" : label, texts->items[i]);
}

static void put_tags(struct showing *showing, const struct sigma_texts *tags)
{
	struct buffer line = { 0 };

	for (size_t i = 0; i < tags->count; i++) {
		buffer_text(&line, i ? ", " : "");
		buffer_add(&line, tags->items[i]);
	}
	put_lines(showing, "tags", buffer_span(&line));
	showing->text.failed |= line.failed;
	buffer_finish(&line);
}

/* ---- parts ---- */

static void put_effect(struct showing *showing, const struct sigma_rule *rule)
{
	const struct sigma_effect *effect = &rule->effect;

	if (rule->document == SIGMA_FILTER) {
		put_line(showing, "effect", "suppresses matches of the rules that it is for");
		return;
	}
	if (effect->finds)
		put_line(showing, "effect", "a finding of tier %s, score %u%s%s", risk_name(effect->risk),
			 effect->score, effect->final ? ", which nothing else changes" : "",
			 rule->silent ? "; but only where a correlation asks for it" : "");
	else if (!effect->credentials || effect->addition)
		put_line(showing, "effect", "no finding by itself");
	if (effect->adds)
		put_line(showing, effect->finds ? "" : "effect",
			 "%+d to the score of a finding that another rule makes", effect->addition);
	if (effect->credentials)
		put_line(showing, "", "says that the target holds credentials");
	if (!span_equal(effect->reason, rule->title))
		put_lines(showing, "reason", effect->reason);
}

static const char *source_what(enum sigma_source source)
{
	static const char *const what[] = {
#define SOURCE(id, product, category, service, what) [SIGMA_SOURCE_##id] = (what),
#include "rule/sigma/sources.def"
#undef SOURCE
	};

	return source < SIGMA_SOURCE_COUNT ? what[source] : "proctor has no such log source";
}

static void put_source(struct showing *showing, const struct sigma_rule *rule)
{
	const struct sigma_logsource *logsource = &rule->logsource;
	const struct {
		const char *name;
		struct span value;
	} parts[] = { { "product", logsource->product },
		      { "category", logsource->category },
		      { "service", logsource->service } };
	struct buffer line = { 0 };

	if (rule->document == SIGMA_CORRELATION)
		return;
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].value.len == 0)
			continue;
		buffer_printf(&line, "%s%s ", line.len ? ", " : "", parts[i].name);
		buffer_add(&line, parts[i].value);
	}
	buffer_printf(&line, " (%s)", source_what(rule->source));
	put_lines(showing, "log source", buffer_span(&line));
	showing->text.failed |= line.failed;
	buffer_finish(&line);
}

static void put_head(struct showing *showing, const struct sigma_rule *rule)
{
	const struct rule_place *place = rule_places_of(&showing->session.places, rule->place.file);

	put_lines(showing, "title", rule->title);
	put_lines(showing, "id", rule->id);
	put_lines(showing, "name", rule->name);
	put_line(showing, "kind", "%s, %s", rules_kind(rule), sigma_state_name(rule->state));
	put_lines(showing, "level", span_of(sigma_level_name(rule->level)));
	put_effect(showing, rule);
	put_line(showing, "from", "%s, %s:%u", place ? rule_place_kind_name(place->kind) : "-", rule->place.file,
		 rule->place.line);
	put_source(showing, rule);
	put_lines(showing, "description", rule->description);
}

static void take_line(void *context, unsigned depth, struct span line)
{
	struct showing *showing = context;

	buffer_printf(&showing->text, "%*s", (int)(4 * depth), "");
	escape_terminal(&showing->text, line, 0, showing->session.utf8);
	buffer_add_byte(&showing->text, '\n');
}

static void put_tests(struct showing *showing, const struct sigma_rule *rule)
{
	buffer_printf(&showing->text, "\n%s\n",
		      rule->document == SIGMA_FILTER ? "It suppresses, of the rules that it is for:" : "It asks for:");
	if (sigma_describe(rule, take_line, showing) < 0)
		buffer_printf(&showing->text, "    (the file cannot be read any more)\n");
}

/* ---- who has to do with it ---- */

static void put_rule(struct showing *showing, const struct sigma_rule *rule, const char *more)
{
	struct buffer *to = &showing->text;

	buffer_text(to, "    ");
	escape_terminal(to, rules_name(rule), 0, showing->session.utf8);
	buffer_text(to, "  ");
	escape_terminal(to, rule->title, 0, showing->session.utf8);
	buffer_printf(to, "%s\n", more);
}

static void put_filters(struct showing *showing, const struct sigma_rule *rule)
{
	if (rule->filter_count)
		buffer_text(&showing->text, "\nFilters that suppress matches of it:\n");
	for (size_t i = 0; i < rule->filter_count; i++)
		put_rule(showing, &showing->session.rules->items[rule->filters[i]], "");
}

static bool applies_to(const struct sigma_rule *rule, uint32_t filter)
{
	for (size_t i = 0; i < rule->filter_count; i++)
		if (rule->filters[i] == filter)
			return true;
	return false;
}

static bool correlates(const struct sigma_rule *rule, uint32_t member)
{
	for (size_t i = 0; rule->correlation && rule->state != SIGMA_BROKEN && i < rule->correlation->member_count; i++)
		if (rule->correlation->members[i].rule == member)
			return true;
	return false;
}

static void put_users(struct showing *showing, const struct sigma_rule *rule)
{
	const struct sigma_rules *rules = showing->session.rules;
	uint32_t index = (uint32_t)(rule - rules->items);
	bool filter = rule->document == SIGMA_FILTER, told = false;

	for (size_t i = 0; i < rules->count; i++) {
		const struct sigma_rule *other = &rules->items[i];
		if (filter ? !applies_to(other, index) : !correlates(other, index))
			continue;
		if (!told)
			buffer_text(&showing->text,
				    filter ? "\nRules that it applies to:\n" : "\nCorrelations that use it:\n");
		told = true;
		put_rule(showing, other, other->correlation && other->correlation->generate ? " (generate)" : "");
	}
}

static void put_members(struct showing *showing, const struct sigma_rule *rule)
{
	if (!rule->correlation || rule->state == SIGMA_BROKEN)
		return;
	buffer_text(&showing->text, "\nRules that it correlates:\n");
	for (size_t i = 0; i < rule->correlation->member_count; i++)
		put_rule(showing, &showing->session.rules->items[rule->correlation->members[i].rule], "");
}

static void put_tail(struct showing *showing, const struct sigma_rule *rule)
{
	buffer_add_byte(&showing->text, '\n');
	put_texts(showing, "false alarms", &rule->falsepositives);
	put_texts(showing, "references", &rule->references);
	put_tags(showing, &rule->tags);
	put_lines(showing, "author", rule->author);
	put_lines(showing, "date", rule->modified.len ? rule->modified : rule->date);
	for (unsigned hit = 0; hit < 2; hit++) {
		struct rules_logs logs;
		if (rules_logs_find(&logs, showing->session.rules, rule, hit == 0) == 0 && logs.count)
			put_line(showing, hit ? "must miss" : "must hit", "%zu in %s", logs.count, logs.directory);
		rules_logs_finish(&logs);
	}
}

static int show(struct showing *showing)
{
	int status = rules_session_open(&showing->session);

	if (status)
		return status;
	int broken = rules_session_tell_errors(&showing->session);
	const struct sigma_rule *rule = rules_session_find(&showing->session, showing->name);
	if (!rule)
		return STATUS_ERROR;
	put_head(showing, rule);
	put_tests(showing, rule);
	put_members(showing, rule);
	put_filters(showing, rule);
	put_users(showing, rule);
	put_tail(showing, rule);
	status = rules_print(&showing->text);
	return status ? status : broken;
}

/* ---- the command ---- */

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct showing *showing = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &showing->session.places;
		return 0;
	case ARGP_KEY_ARG:
		if (showing->name)
			argp_error(state, "one rule at a time");
		showing->name = text;
		return 0;
	case ARGP_KEY_END:
		if (!showing->name)
			argp_error(state, "which rule? give its id; `proctor rules list` has them");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &rules_places_argp, 0, NULL, 0 }, { 0 } };

static const struct argp grammar = {
	.parser = parse,
	.args_doc = "ID",
	.doc = "Shows a rule: what it asks for, in words, what feeds it, which filters apply, what uses it."
	       "\vID is a rule's id or the beginning of it, its name or its title.\n\n"
	       "Exit status: 0, 2 usage or no such rule, 3 some rules were broken and are left out.",
	.children = children,
};

static int run(int argc, char **argv)
{
	struct showing showing = { .name = NULL };
	int status = STATUS_ERROR;

	rules_session_init(&showing.session);
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, &showing) == 0)
		status = show(&showing);
	buffer_finish(&showing.text);
	rules_session_close(&showing.session);
	return status;
}

const struct command rules_show = {
	.name = "show",
	.summary = "show a rule: what it asks for, and what has to do with it",
	.run = run,
};
