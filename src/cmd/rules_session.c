#include <stdio.h>
#include <stdlib.h>

#include "cmd/argument.h"
#include "cmd/rules.h"
#include "cmd/tell.h"
#include "sink/escape.h"

#define TOLD_MAX 100

/* ---- options ---- */

enum option_key { OPTION_RULES = 0x5000, OPTION_ONLY };

static const struct argp_option options[] = {
	{ "rules", OPTION_RULES, "PATH", 0, "Also the rules in PATH, a folder or file; repeatable, the last wins", 0 },
	{ "only", OPTION_ONLY, NULL, 0, "No rules but those that are named", 0 },
	{ 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct rule_places *places = state->input;
	struct err err = { 0 };
	int status = 0;

	switch (key) {
	case OPTION_RULES:
		status = rule_places_add(places, text, &err);
		break;
	case OPTION_ONLY:
		places->only = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	if (status < 0)
		argument_refuse(state, "--rules: %s", err.text);
	return 0;
}

const struct argp rules_places_argp = { .options = options, .parser = parse };

/* ---- reading ---- */

void rules_session_init(struct rules_session *session)
{
	*session = (struct rules_session){ .utf8 = escape_locale_is_utf8() };
	rule_places_init(&session->places);
}

void rules_session_close(struct rules_session *session)
{
	sigma_rules_destroy(session->rules);
	rule_places_finish(&session->places);
}

static int fail(const struct err *err)
{
	tell("%s", err->text);
	return STATUS_ERROR;
}

int rules_session_open(struct rules_session *session)
{
	struct err err = { 0 };

	for (size_t i = 0; i < session->path_count; i++)
		if (rule_places_add(&session->places, session->paths[i], &err) < 0)
			return fail(&err);
	if (session->places.only && session->places.count == 0) {
		tell("--only: name the rules that are to be read, with --rules or as arguments");
		return STATUS_ERROR;
	}
	if (rule_places_settle(&session->places, &err) < 0)
		return fail(&err);
	session->rules = rule_places_load(&session->places, &err);
	return session->rules ? 0 : fail(&err);
}

bool rules_session_wants(const struct rules_session *session, const char *file)
{
	for (size_t i = 0; file && i < session->path_count; i++) {
		struct span path = span_of(session->paths[i]), name = span_of(file);
		while (path.len > 1 && path.data[path.len - 1] == '/')
			path.len--;
		if (span_starts(name, path) &&
		    (name.len == path.len || name.data[path.len] == '/' || path.data[path.len - 1] == '/'))
			return true;
	}
	return session->path_count == 0;
}

/* ---- what is wrong ---- */

void rules_put_diagnostic(struct buffer *to, const struct sigma_diagnostic *diagnostic, bool utf8)
{
	struct sigma_place place = diagnostic->place;

	escape_terminal(to, span_of(place.file ? place.file : "rules"), 0, utf8);
	if (place.line)
		buffer_printf(to, ":%u:%u", place.line, place.column);
	buffer_text(to, diagnostic->severity == SIGMA_ERROR ? ": error: " : ": warning: ");
	escape_terminal(to, span_of(diagnostic->text), 0, utf8);
	buffer_add_byte(to, '\n');
}

int rules_session_tell_errors(const struct rules_session *session)
{
	const struct sigma_diagnostics *diagnostics = &session->rules->diagnostics;
	struct buffer text = { 0 };
	size_t told = 0;

	for (size_t i = 0; i < diagnostics->count && told < TOLD_MAX; i++) {
		if (diagnostics->items[i].severity != SIGMA_ERROR)
			continue;
		buffer_text(&text, "proctor: ");
		rules_put_diagnostic(&text, &diagnostics->items[i], session->utf8);
		told++;
	}
	if (told < diagnostics->errors)
		buffer_printf(&text, "proctor: %zu more errors; `proctor rules check` shows them\n",
			      diagnostics->errors - told);
	if (text.len && !text.failed)
		fwrite(text.data, 1, text.len, stderr);
	buffer_finish(&text);
	return diagnostics->errors ? STATUS_LOSS : 0;
}

/* ---- one rule ---- */

typedef bool is_meant(const struct sigma_rule *rule, struct span name);

static bool has_id(const struct sigma_rule *rule, struct span name)
{
	return span_equal(rule->id, name) || span_equal(rule->name, name);
}

static bool has_title(const struct sigma_rule *rule, struct span name)
{
	return span_equal_nocase(rule->title, name);
}

static bool begins(const struct sigma_rule *rule, struct span name)
{
	return name.len >= 4 && span_starts(rule->id, name);
}

static size_t find(const struct sigma_rules *rules, struct span name, is_meant *meant, const struct sigma_rule **found)
{
	size_t count = 0;

	for (size_t i = 0; i < rules->count; i++)
		if (meant(&rules->items[i], name)) {
			*found = count ? *found : &rules->items[i];
			count++;
		}
	return count;
}

const struct sigma_rule *rules_session_find(const struct rules_session *session, const char *name)
{
	static is_meant *const ways[] = { has_id, has_title, begins };
	const struct sigma_rule *rule = NULL;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t count = find(session->rules, span_of(name), ways[i], &rule);
		/* A file's rules that `action: global` made alike may share their id: the first stands for them. */
		if (count == 1 || (count && ways[i] == has_id))
			return rule;
		if (count) {
			tell("%zu rules are called '%s'; `proctor rules list` has their ids", count, name);
			return NULL;
		}
	}
	tell("there is no rule '%s'; `proctor rules list` has their ids", name);
	return NULL;
}

struct span rules_name(const struct sigma_rule *rule)
{
	if (rule->id.len)
		return rule->id;
	return rule->name.len ? rule->name : rule->title;
}

const char *rules_kind(const struct sigma_rule *rule)
{
	static const char *const names[] = { "detection", "correlation", "filter" };

	return names[rule->document];
}

static void add_part(char *room, struct span part)
{
	size_t len = strlen(room);

	if (part.len)
		snprintf(room + len, 64 - len, "%s%.*s", len ? "/" : "", (int)span_first(part, 60).len, part.data);
}

struct span rules_source(const struct sigma_rule *rule, char room[64])
{
	const struct sigma_logsource *logsource = &rule->logsource;

	room[0] = '\0';
	if (rule->document == SIGMA_CORRELATION)
		return SPAN("correlation");
	if (rule->source != SIGMA_SOURCE_COUNT && rule->source != SIGMA_SOURCE_LINE)
		return span_of(sigma_source_name(rule->source));
	if (rule->source == SIGMA_SOURCE_COUNT)
		add_part(room, logsource->product);
	add_part(room, logsource->category);
	add_part(room, logsource->service);
	return room[0] ? span_of(room) : SPAN("line");
}

/* ---- printing ---- */

int rules_print(struct buffer *text)
{
	int status = text->failed ? STATUS_ERROR : 0;

	if (text->failed)
		tell("memory is out");
	else if (text->len)
		fwrite(text->data, 1, text->len, stdout);
	buffer_finish(text);
	*text = (struct buffer){ 0 };
	return status;
}
