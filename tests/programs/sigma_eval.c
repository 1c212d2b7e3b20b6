/*
 * sigma_eval check PATH…         loads rules; prints what is wrong, and how many of each log source can be evaluated
 * sigma_eval list PATH…          one line a rule: state, source, id, title
 * sigma_eval run PATH… <EVENTS   evaluates events, one JSON object a line; prints "line: rule" for each match
 *
 * An event: {"source":"process_creation","time":1700000000000,"fields":{"Image":"/bin/ls","a0":["x","y"]}}, for a line
 * of text also "program" and "whole". A rule is named by its id, else its name, else its title; behind it stands
 * " (suppressed by FILTER)", " (silent)" or " (correlated: VALUES)".
 *
 * Exit status: 0; 3 when rules had errors; 2 for a usage error.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "rule/sigma/correlate.h"
#include "rule/sigma/evaluate.h"

struct session {
	struct sigma_rules *rules;
	struct sigma_engine *engine;
	struct sigma_evaluator *evaluator;
	struct sigma_correlator *correlator;
	struct sigma_event event;
	unsigned long line;
};

/* ---- check and list ---- */

static void print_diagnostics(const struct sigma_diagnostics *diagnostics)
{
	for (size_t i = 0; i < diagnostics->count; i++) {
		const struct sigma_diagnostic *item = &diagnostics->items[i];
		printf("%s:%u:%u: %s: %s\n", item->place.file ? item->place.file : "-", item->place.line,
		       item->place.column, item->severity == SIGMA_ERROR ? "error" : "warning", item->text);
	}
}

static void print_part(const char *before, struct span part)
{
	printf("%s%.*s", before, part.len ? (int)part.len : 1, part.len ? part.data : "-");
}

static bool same_logsource(const struct sigma_rule *a, const struct sigma_rule *b)
{
	return a->document == b->document && span_equal(a->logsource.product, b->logsource.product) &&
	       span_equal(a->logsource.category, b->logsource.category) &&
	       span_equal(a->logsource.service, b->logsource.service);
}

static void print_share(const struct sigma_rules *rules, size_t first)
{
	const struct sigma_rule *rule = &rules->items[first];
	size_t count = 0, ready = 0;

	for (size_t i = 0; i < rules->count; i++) {
		if (!same_logsource(rule, &rules->items[i]))
			continue;
		if (i < first)
			return; /* was printed with that one */
		count++;
		ready += rules->items[i].state == SIGMA_READY;
	}
	print_part("", rule->logsource.product);
	print_part("/", rule->logsource.category);
	print_part("/", rule->logsource.service);
	printf("%s: %zu of %zu can be evaluated\n",
	       rule->document == SIGMA_FILTER	     ? " (filters)"
	       : rule->document == SIGMA_CORRELATION ? " (correlations)"
						     : "",
	       ready, count);
}

static void check(const struct session *session)
{
	print_diagnostics(&session->rules->diagnostics);
	for (size_t i = 0; i < session->rules->count; i++)
		print_share(session->rules, i);
	printf("%zu files, %zu documents, %zu rules, %zu errors, %zu warnings\n", session->rules->files,
	       session->rules->documents, session->rules->count, session->rules->diagnostics.errors,
	       session->rules->diagnostics.warnings);
	for (unsigned i = 0; i < SIGMA_SOURCE_COUNT; i++) {
		struct sigma_engine_size size = sigma_engine_size(session->engine, (enum sigma_source)i);
		if (size.rules)
			printf("%s: %zu rules, %zu literals, %zu rules without\n",
			       sigma_source_name((enum sigma_source)i), size.rules, size.literals, size.always);
	}
}

static struct span name_of(const struct sigma_rule *rule)
{
	if (rule->id.len)
		return rule->id;
	return rule->name.len ? rule->name : rule->title;
}

static void list(const struct session *session)
{
	for (size_t i = 0; i < session->rules->count; i++) {
		const struct sigma_rule *rule = &session->rules->items[i];
		printf("%s\t%s", sigma_state_name(rule->state),
		       rule->document == SIGMA_CORRELATION ? "correlation" : sigma_source_name(rule->source));
		print_part("\t", name_of(rule));
		print_part("\t", rule->title);
		putchar('\n');
	}
}

/* ---- run ---- */

static struct span text_of(struct json_object *value)
{
	if (!value)
		return (struct span){ NULL, 0 };
	if (json_object_is_type(value, json_type_string))
		return (struct span){ json_object_get_string(value), (size_t)json_object_get_string_len(value) };
	return span_of(json_object_to_json_string(value));
}

static void add_field(struct session *session, const char *name, struct json_object *value)
{
	uint32_t field = sigma_rules_field(session->rules, session->event.source, span_of(name));

	if (!json_object_is_type(value, json_type_array)) {
		sigma_event_add(&session->event, field, text_of(value));
		return;
	}
	for (size_t i = 0; i < json_object_array_length(value); i++)
		sigma_event_add(&session->event, field, text_of(json_object_array_get_idx(value, i)));
}

static enum sigma_source source_of(const char *name)
{
	unsigned i = 0;

	while (i < SIGMA_SOURCE_COUNT && strcmp(name, sigma_source_name((enum sigma_source)i)) != 0)
		i++;
	return (enum sigma_source)i;
}

static void fill_event(struct session *session, struct json_object *object)
{
	struct json_object *fields = json_object_object_get(object, "fields");
	struct json_object *whole = json_object_object_get(object, "whole");
	const char *source = json_object_get_string(json_object_object_get(object, "source"));

	sigma_event_begin(&session->event, source_of(source ? source : ""),
			  json_object_get_int64(json_object_object_get(object, "time")));
	session->event.services = sigma_services_of(text_of(json_object_object_get(object, "program")));
	if (whole)
		session->event.whole = text_of(whole);
	if (fields && json_object_is_type(fields, json_type_object)) {
		json_object_object_foreach(fields, name, value) add_field(session, name, value);
	}
}

static void print_match(void *context, const struct sigma_firing *firing)
{
	struct session *session = context;
	const struct sigma_rule *rule = &session->rules->items[firing->rule];

	printf("%lu:", session->line);
	print_part(" ", name_of(rule));
	printf(" (correlated:");
	for (size_t i = 0; i < firing->group_count; i++)
		print_part(" ", firing->group[i]);
	printf("%s)\n", rule->silent ? "; silent" : "");
}

static void evaluate(struct session *session)
{
	const struct sigma_match *matches;
	size_t count = sigma_evaluate(session->evaluator, &session->event, &matches);

	for (size_t i = 0; i < count; i++) {
		const struct sigma_rule *rule = &session->rules->items[matches[i].rule];
		printf("%lu:", session->line);
		print_part(" ", name_of(rule));
		if (matches[i].filter != SIGMA_NO_FILTER) {
			print_part(" (suppressed by ", name_of(&session->rules->items[matches[i].filter]));
			putchar(')');
		}
		puts(rule->silent ? " (silent)" : "");
	}
	sigma_correlate(session->correlator, &session->event, matches, count);
}

static void run(struct session *session)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&text, &room, stdin)) > 0) {
		struct json_object *object = json_tokener_parse(text);
		session->line++;
		if (!object) {
			printf("%lu: no JSON\n", session->line);
			continue;
		}
		fill_event(session, object);
		evaluate(session);
		json_object_put(object);
	}
	session->line++;
	sigma_correlate_end(session->correlator);
	free(text);
}

/* ---- the program ---- */

static int open_session(struct session *session, char **paths)
{
	struct err err = { 0 };

	session->rules = sigma_rules_create(NULL, 0);
	if (!session->rules)
		return -1;
	for (; *paths; paths++)
		sigma_rules_add_path(session->rules, *paths);
	sigma_rules_link(session->rules);
	session->engine = sigma_engine_create(session->rules, &err);
	session->evaluator = session->engine ? sigma_evaluator_create(session->engine) : NULL;
	session->correlator = sigma_correlator_create(session->rules, print_match, session);
	if (!session->evaluator || !session->correlator)
		return -1;
	return sigma_event_init(&session->event, sigma_rules_field_count(session->rules));
}

int main(int argc, char **argv)
{
	struct session session = { 0 };
	const char *action = argc > 2 ? argv[1] : "";
	int status = 2;

	if (strcmp(action, "check") != 0 && strcmp(action, "list") != 0 && strcmp(action, "run") != 0)
		fprintf(stderr, "usage: sigma_eval check|list|run PATH...\n");
	else if (open_session(&session, argv + 2) < 0)
		fprintf(stderr, "sigma_eval: memory is out\n");
	else
		status = session.rules->diagnostics.errors ? 3 : 0;
	if (status != 2 && strcmp(action, "check") == 0)
		check(&session);
	else if (status != 2 && strcmp(action, "list") == 0)
		list(&session);
	else if (status != 2)
		run(&session);
	sigma_event_finish(&session.event);
	sigma_correlator_destroy(session.correlator);
	sigma_evaluator_destroy(session.evaluator);
	sigma_engine_destroy(session.engine);
	sigma_rules_destroy(session.rules);
	return status;
}
