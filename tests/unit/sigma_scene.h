/* For tests of the Sigma engine: rules from text, events from name and value, what matched. */
#ifndef SIGMA_SCENE_H
#define SIGMA_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "rule/sigma/correlate.h"

struct scene {
	struct sigma_rules *rules;
	struct sigma_engine *engine;
	struct sigma_evaluator *evaluator;
	struct sigma_event event;
	const struct sigma_match *matches;
	size_t count;
};

/* A whole rule on auditd events, which have any field: the selection's lines are indented by eight. */
#define RULE(id, selections, condition)                                                                           \
	"---\ntitle: t\nid: " id "\nlogsource:\n    product: linux\n    service: auditd\ndetection:\n" selections \
	"    condition: " condition "\n"
#define ONE(id, lines) RULE(id, "    s:\n" lines, "s")

static void scene_load(struct scene *scene, const char *text)
{
	*scene = (struct scene){ .rules = sigma_rules_create(NULL, 0) };
	sigma_rules_add_text(scene->rules, "test.yml", span_of(text));
}

static void scene_link(struct scene *scene)
{
	struct err err;

	sigma_rules_link(scene->rules);
	scene->engine = sigma_engine_create(scene->rules, &err);
	assert_non_null(scene->engine);
	scene->evaluator = sigma_evaluator_create(scene->engine);
	assert_non_null(scene->evaluator);
	assert_int_equal(sigma_event_init(&scene->event, sigma_rules_field_count(scene->rules)), 0);
}

static void scene_open(struct scene *scene, const char *text)
{
	scene_load(scene, text);
	scene_link(scene);
	for (size_t i = 0; i < scene->rules->diagnostics.count; i++)
		if (scene->rules->diagnostics.items[i].severity == SIGMA_ERROR)
			fail_msg("%u:%u: %s", scene->rules->diagnostics.items[i].place.line,
				 scene->rules->diagnostics.items[i].place.column,
				 scene->rules->diagnostics.items[i].text);
}

static void scene_close(struct scene *scene)
{
	sigma_event_finish(&scene->event);
	sigma_evaluator_destroy(scene->evaluator);
	sigma_engine_destroy(scene->engine);
	sigma_rules_destroy(scene->rules);
}

static void scene_begin(struct scene *scene, int64_t time_ms)
{
	sigma_event_begin(&scene->event, SIGMA_SOURCE_AUDITD, time_ms);
}

static void scene_add_span(struct scene *scene, const char *name, struct span value)
{
	sigma_event_add(&scene->event, sigma_rules_field(scene->rules, scene->event.source, span_of(name)), value);
}

static void scene_add(struct scene *scene, const char *name, const char *value)
{
	scene_add_span(scene, name, span_of(value));
}

/* Whether the rule of that id is among the matches, suppressed or not. */
static const struct sigma_match *scene_match(struct scene *scene, const char *id)
{
	for (size_t i = 0; i < scene->count; i++)
		if (span_equal(scene->rules->items[scene->matches[i].rule].id, span_of(id)))
			return &scene->matches[i];
	return NULL;
}

static bool scene_matches(struct scene *scene, const char *id)
{
	scene->count = sigma_evaluate(scene->evaluator, &scene->event, &scene->matches);
	return scene_match(scene, id) != NULL;
}

/* An event of one field only. */
static bool scene_asks(struct scene *scene, const char *id, const char *name, const char *value)
{
	scene_begin(scene, 0);
	scene_add(scene, name, value);
	return scene_matches(scene, id);
}

/* Diagnostics as "line:column: text", the first that has `part` in it; NULL when there is none. */
static const struct sigma_diagnostic *scene_diagnostic(const struct scene *scene, const char *part)
{
	for (size_t i = 0; i < scene->rules->diagnostics.count; i++)
		if (strstr(scene->rules->diagnostics.items[i].text, part))
			return &scene->rules->diagnostics.items[i];
	return NULL;
}

static inline void scene_unused(void)
{
	(void)scene_open;
	(void)scene_asks;
	(void)scene_diagnostic;
	(void)scene_match;
}

#endif
