/*
 *   clauses of all rules → hookups, sorted by literal → literal set and hooks
 */
#include "rule/sigma/engine.h"

#include <stdlib.h>

#include "rule/sigma/anchor.h"
#include "rule/sigma/engine_parts.h"

struct hookup {
	struct span literal;
	struct hook hook;
};

struct hookups {
	struct hookup *items;
	size_t count, capacity;
};

/* ---- collecting ---- */

static bool add_hookup(struct hookups *hookups, const struct anchor_atom *atom, uint32_t slot, uint32_t bit)
{
	if (hookups->count == hookups->capacity) {
		size_t capacity = hookups->capacity ? 2 * hookups->capacity : 256;
		struct hookup *items = realloc(hookups->items, capacity * sizeof(*items));
		if (!items)
			return false;
		hookups->items = items;
		hookups->capacity = capacity;
	}
	hookups->items[hookups->count++] = (struct hookup){ atom->literal, { atom->field, slot, bit } };
	return true;
}

static bool add_rule(struct source_index *index, struct hookups *hookups, const struct sigma_rule *rule,
		     uint32_t number, struct arena *arena)
{
	struct anchor_clauses clauses;
	uint32_t at = (uint32_t)index->slot_count++;
	struct slot *slot = &index->slots[at];

	anchor_find(&clauses, rule->condition, arena);
	*slot = (struct slot){ .rule = number };
	for (size_t i = 0; i < clauses.count; i++) {
		slot->wanted |= 1u << i;
		for (size_t j = 0; j < clauses.items[i].count; j++)
			if (!add_hookup(hookups, &clauses.items[i].atoms[j], at, 1u << i))
				return false;
	}
	if (slot->wanted == 0)
		index->always[index->always_count++] = at;
	return true;
}

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

/* ---- literal sets ---- */

static int compare_hookups(const void *a, const void *b)
{
	const struct hookup *x = a, *y = b;
	size_t len = x->literal.len < y->literal.len ? x->literal.len : y->literal.len;
	int order = memcmp(x->literal.data, y->literal.data, len);

	if (order == 0)
		order = (x->literal.len > y->literal.len) - (x->literal.len < y->literal.len);
	return order ? order : memcmp(&x->hook, &y->hook, sizeof(x->hook));
}

static bool allocate_hooks(const struct sigma_engine *engine, struct source_index *index, size_t count)
{
	index->first_hook = calloc(count + 1, sizeof(*index->first_hook));
	index->hooks = calloc(count + 1, sizeof(*index->hooks));
	index->scanned = calloc(engine->field_count + 1, sizeof(*index->scanned));
	return index->first_hook && index->hooks && index->scanned;
}

/* Writes each literal once to `list`, and its hooks. */
static void fill_hooks(const struct sigma_engine *engine, struct source_index *index, const struct hookups *hookups,
		       struct literal *list)
{
	uint32_t hooks = 0;

	for (size_t i = 0; i < hookups->count; i++) {
		const struct hookup *now = &hookups->items[i], *before = i ? now - 1 : NULL;
		bool same = before && span_equal(before->literal, now->literal);
		if (same && memcmp(&before->hook, &now->hook, sizeof(now->hook)) == 0)
			continue;
		if (!same) {
			index->first_hook[index->literal_count] = hooks;
			list[index->literal_count++] = (struct literal){ now->literal, true };
		}
		index->hooks[hooks++] = now->hook;
		if (now->hook.field < engine->field_count)
			index->scanned[now->hook.field] = true;
	}
	index->first_hook[index->literal_count] = hooks;
}

static int build_literals(const struct sigma_engine *engine, struct source_index *index, struct hookups *hookups,
			  struct err *err)
{
	struct literal *list = calloc(hookups->count + 1, sizeof(*list));

	if (!list || !allocate_hooks(engine, index, hookups->count)) {
		free(list);
		return err_set(err, -ENOMEM, "memory is out for %zu literals of rules", hookups->count);
	}
	if (hookups->count)
		qsort(hookups->items, hookups->count, sizeof(*hookups->items), compare_hookups);
	fill_hooks(engine, index, hookups, list);
	index->literals = literals_create(list, index->literal_count, err);
	free(list);
	return index->literals ? 0 : -ENOMEM;
}

static int build_source(struct sigma_engine *engine, enum sigma_source source, struct err *err)
{
	struct source_index *index = &engine->sources[source];
	struct hookups hookups = { 0 };
	struct arena arena = { 0 };
	int status = 0;

	index->slots = calloc(engine->rules->count + 1, sizeof(*index->slots));
	index->always = calloc(engine->rules->count + 1, sizeof(*index->always));
	if (!index->slots || !index->always)
		status = -ENOMEM;
	for (uint32_t i = 0; i < engine->rules->count && status == 0; i++) {
		const struct sigma_rule *rule = &engine->rules->items[i];
		if (rule->document != SIGMA_DETECTION || rule->state != SIGMA_READY || rule->source != source)
			continue;
		status = add_rule(index, &hookups, rule, i, &arena) ? 0 : -ENOMEM;
	}
	if (status < 0)
		err_set(err, status, "memory is out for %zu rules", engine->rules->count);
	else
		status = build_literals(engine, index, &hookups, err);
	if (index->slot_count > engine->slots_max)
		engine->slots_max = index->slot_count;
	free(hookups.items);
	arena_finish(&arena);
	return status;
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
		if (build_source(engine, (enum sigma_source)i, err) == 0)
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
	for (unsigned i = 0; i < SIGMA_SOURCE_COUNT; i++) {
		struct source_index *index = &engine->sources[i];
		literals_destroy(index->literals);
		free(index->first_hook);
		free(index->hooks);
		free(index->slots);
		free(index->always);
		free(index->scanned);
	}
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

struct sigma_engine_size sigma_engine_size(const struct sigma_engine *engine, enum sigma_source source)
{
	const struct source_index *index = &engine->sources[source];

	return (struct sigma_engine_size){ index->slot_count, index->literal_count, index->always_count };
}
