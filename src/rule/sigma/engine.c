#include "rule/sigma/engine.h"

#include <stdlib.h>

#include "rule/sigma/engine_parts.h"

/* ---- which fields are read ---- */

static void read_field(struct sigma_engine *engine, struct source_index *index, uint32_t field)
{
	if (field < engine->field_count)
		engine->read[field] = true;
	else if (field == SIGMA_FIELD_WHOLE)
		index->reads_whole = true;
}

static void read_node(struct sigma_engine *engine, struct source_index *index, const struct sigma_node *node)
{
	if (node->kind == SIGMA_ITEM) {
		read_field(engine, index, node->item->index);
		for (size_t i = 0; i < node->item->count; i++)
			if (node->item->tests[i].kind == SIGMA_TEST_REFERENCE)
				read_field(engine, index, node->item->tests[i].reference.field);
	}
	for (size_t i = 0; i < node->count; i++)
		read_node(engine, index, node->children[i]);
}

static void read_selections(struct sigma_engine *engine, const struct sigma_rule *rule)
{
	for (size_t i = 0; i < rule->selection_count; i++)
		read_node(engine, &engine->sources[rule->source], rule->selections[i].node);
}

static void read_correlation(struct sigma_engine *engine, const struct sigma_correlation *correlation)
{
	for (size_t i = 0; i < correlation->member_count; i++) {
		const struct sigma_member *member = &correlation->members[i];
		const struct sigma_rule *rule = &engine->rules->items[member->rule];
		if (rule->document != SIGMA_DETECTION || rule->state != SIGMA_READY)
			continue;
		for (size_t j = 0; j < correlation->group_count; j++)
			read_field(engine, &engine->sources[rule->source], member->group[j]);
		for (size_t j = 0; j < correlation->counted_count; j++)
			read_field(engine, &engine->sources[rule->source], member->counted[j]);
	}
}

static void find_read_fields(struct sigma_engine *engine)
{
	for (size_t i = 0; i < engine->rules->count; i++) {
		const struct sigma_rule *rule = &engine->rules->items[i];
		if (rule->state != SIGMA_READY)
			continue;
		if (rule->document == SIGMA_CORRELATION)
			read_correlation(engine, rule->correlation);
		else
			read_selections(engine, rule);
	}
}

/* ---- the whole ---- */

struct sigma_engine *sigma_engine_create(const struct sigma_rules *rules, struct err *err)
{
	struct sigma_engine *engine = calloc(1, sizeof(*engine));

	if (!engine || !(engine->read = calloc(sigma_rules_field_count(rules) + 1, sizeof(*engine->read)))) {
		err_set(err, -ENOMEM, "memory is out for %zu rules", rules->count);
		free(engine);
		return NULL;
	}
	engine->rules = rules;
	engine->field_count = sigma_rules_field_count(rules);
	find_read_fields(engine);
	for (unsigned i = 0; i < SIGMA_SOURCE_COUNT; i++) {
		if (sigma_index_build(engine, (enum sigma_source)i, err) == 0)
			continue;
		sigma_engine_destroy(engine);
		return NULL;
	}
	return engine;
}

void sigma_engine_destroy(struct sigma_engine *engine)
{
	if (!engine)
		return;
	for (unsigned i = 0; i < SIGMA_SOURCE_COUNT; i++)
		sigma_index_finish(&engine->sources[i]);
	free(engine->read);
	free(engine);
}

bool sigma_engine_wants(const struct sigma_engine *engine, enum sigma_source source)
{
	return source < SIGMA_SOURCE_COUNT && engine->sources[source].slot_count > 0;
}

bool sigma_engine_reads(const struct sigma_engine *engine, uint32_t field)
{
	return field < engine->field_count && engine->read[field];
}

bool sigma_engine_reads_whole(const struct sigma_engine *engine, enum sigma_source source)
{
	return source < SIGMA_SOURCE_COUNT && engine->sources[source].reads_whole;
}

static bool is_among(uint32_t field, const uint32_t *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fields[i] == field)
			return true;
	return false;
}

bool sigma_engine_glances(const struct sigma_engine *engine, enum sigma_source source, const uint32_t *fields,
			  size_t count)
{
	const struct source_index *index = &engine->sources[source];

	for (size_t i = 0; i < index->set_count; i++)
		if (!is_among(index->sets[i].field, fields, count))
			return false;
	return index->glances;
}

struct sigma_engine_size sigma_engine_size(const struct sigma_engine *engine, enum sigma_source source)
{
	const struct source_index *index = &engine->sources[source];
	struct sigma_engine_size size = { index->slot_count, 0, index->always_count };

	for (size_t i = 0; i < index->set_count; i++)
		size.literals += index->sets[i].literal_count;
	return size;
}
