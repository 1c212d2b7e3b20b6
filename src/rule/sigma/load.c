#include "rule/sigma/load.h"

#include <errno.h>
#include <stdlib.h>

#include "rule/sigma/documents.h"

struct sigma_rules *sigma_rules_create(const struct sigma_placeholder *placeholders, size_t count)
{
	struct sigma_rules *rules = calloc(1, sizeof(*rules));

	if (!rules)
		return NULL;
	rules->placeholders = placeholders;
	rules->placeholder_count = count;
	return rules;
}

void sigma_rules_destroy(struct sigma_rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->regexes.count; i++)
		regex_destroy(rules->regexes.items[i]);
	free(rules->regexes.items);
	free(rules->items);
	free(rules->extra);
	sigma_diagnostics_finish(&rules->diagnostics);
	arena_finish(&rules->arena);
	free(rules);
}

/* ---- one document ---- */

static int append(struct sigma_rules *rules, const struct sigma_rule *rule)
{
	if (rules->count == SIGMA_RULES_MAX)
		return sigma_error(&rules->diagnostics, rule->place, "more than %d rules", SIGMA_RULES_MAX);
	if (rules->count == rules->capacity) {
		size_t capacity = rules->capacity ? 2 * rules->capacity : 64;
		struct sigma_rule *items = realloc(rules->items, capacity * sizeof(*items));
		if (!items)
			return sigma_out_of_memory(&rules->diagnostics, rule->place);
		rules->items = items;
		rules->capacity = capacity;
	}
	rules->items[rules->count++] = *rule;
	return 0;
}

static int read_body(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *root)
{
	static const char *const skip[] = { "condition", "timeframe", NULL };
	const struct yaml_node *detection = yaml_get(root, "detection"), *filter = yaml_get(root, "filter"),
			       *correlation = yaml_get(root, "correlation");

	if (!!detection + !!filter + !!correlation != 1)
		return sigma_error(builder->diagnostics, root->place,
				   "a rule has one of 'detection', 'correlation' and 'filter'%s",
				   detection || filter || correlation ? ", not several" : ": none is there");
	if (!correlation && !yaml_get(root, "logsource"))
		return sigma_error(builder->diagnostics, root->place, "the log source is missing");
	if (correlation) {
		rule->document = SIGMA_CORRELATION;
		return sigma_correlation_read(builder, rule, correlation);
	}
	if (filter) {
		rule->document = SIGMA_FILTER;
		return sigma_filter_read(builder, rule, filter);
	}
	const struct yaml_node *timeframe = yaml_get(detection, "timeframe");
	if (timeframe)
		sigma_warning(builder->diagnostics, timeframe->key->place,
			      "'timeframe' is no longer part of Sigma: write a correlation rule");
	return sigma_detection_read(builder, rule, detection, skip);
}

static void read_rule(struct sigma_rules *rules, const struct yaml_node *root, bool global)
{
	struct sigma_builder builder = { .arena = &rules->arena,
					 .diagnostics = &rules->diagnostics,
					 .placeholders = rules->placeholders,
					 .placeholder_count = rules->placeholder_count,
					 .regexes = &rules->regexes };
	struct sigma_rule rule = { .place = root->place, .global = global };

	if (sigma_metadata_read(&builder, &rule, root) < 0 || read_body(&builder, &rule, root) < 0)
		return;
	const struct yaml_node *generate = yaml_get(root, "generate");
	if (rule.correlation && generate && !yaml_is_bool(generate, &rule.correlation->generate)) {
		sigma_error(&rules->diagnostics, generate->place, "'generate' needs true or false");
		return;
	}
	append(rules, &rule);
}

/* ---- one file ---- */

static void take_document(void *context, const struct yaml_node *root, bool global)
{
	read_rule(context, root, global);
}

void sigma_rules_add_text(struct sigma_rules *rules, const char *name, struct span text)
{
	struct span copy = arena_copy(&rules->diagnostics.arena, (struct span){ name, strlen(name) + 1 });
	struct arena arena = { 0 };

	rules->files++;
	rules->documents += sigma_documents_read(text, copy.data, &arena, &rules->diagnostics, take_document, rules);
	arena_finish(&arena);
}

/* ---- fields ---- */

uint32_t sigma_rules_field(const struct sigma_rules *rules, enum sigma_source source, struct span name)
{
	uint32_t field = sigma_field_of(source, name);

	for (size_t i = 0; field == SIGMA_FIELD_NONE && i < rules->extra_count; i++)
		if (rules->extra[i].source == source && span_equal(rules->extra[i].name, name))
			field = (uint32_t)(SIGMA_FIELD_TABLE + i);
	return field;
}

uint32_t sigma_rules_field_count(const struct sigma_rules *rules)
{
	return (uint32_t)(SIGMA_FIELD_TABLE + rules->extra_count);
}
