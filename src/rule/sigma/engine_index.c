/*
 *   clauses of all rules → hookups, sorted by field and literal → for each field a literal set and its hooks
 */
#include <stdlib.h>

#include "rule/sigma/anchor.h"
#include "rule/sigma/engine_parts.h"

/*
 * A clause is rare when each of its texts is asked for by so few rules, and
 * long enough. A rule that has a rare clause needs no other one: what many
 * rules ask for (program names, most of it) is in many events, too, and each
 * of its finds costs a step for each of these rules.
 */
#define RARE_RULES_MAX 4
#define RARE_LETTERS_MIN 6

struct hookup {
	uint32_t field;
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
	hookups->items[hookups->count++] = (struct hookup){ atom->field, atom->literal, { slot, bit } };
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

/* ---- literal sets ---- */

static int compare_hookups(const void *a, const void *b)
{
	const struct hookup *x = a, *y = b;
	size_t len = x->literal.len < y->literal.len ? x->literal.len : y->literal.len;
	int order = (x->field > y->field) - (x->field < y->field);

	if (order == 0)
		order = memcmp(x->literal.data, y->literal.data, len);
	if (order == 0)
		order = (x->literal.len > y->literal.len) - (x->literal.len < y->literal.len);
	return order ? order : memcmp(&x->hook, &y->hook, sizeof(x->hook));
}

static bool same_text(const struct hookup *a, const struct hookup *b)
{
	return a->field == b->field && span_equal(a->literal, b->literal);
}

/* Takes the bits of clauses that are not rare out of `rare`, for each slot. */
static void find_rare(const struct hookups *hookups, uint32_t *rare)
{
	for (size_t from = 0, to; from < hookups->count; from = to) {
		size_t rules = 1;
		for (to = from + 1; to < hookups->count && same_text(&hookups->items[from], &hookups->items[to]); to++)
			rules += hookups->items[to].hook.slot != hookups->items[to - 1].hook.slot;
		if (rules <= RARE_RULES_MAX && hookups->items[from].literal.len >= RARE_LETTERS_MIN)
			continue;
		for (size_t i = from; i < to; i++)
			rare[hookups->items[i].hook.slot] &= ~hookups->items[i].hook.bit;
	}
}

/* Leaves only a rare clause to the rules that have one. */
static bool prune(struct source_index *index, struct hookups *hookups)
{
	uint32_t *rare = calloc(index->slot_count + 1, sizeof(*rare));
	size_t kept = 0;

	if (!rare)
		return false;
	for (size_t i = 0; i < index->slot_count; i++)
		rare[i] = index->slots[i].wanted;
	find_rare(hookups, rare);
	for (size_t i = 0; i < index->slot_count; i++)
		if (rare[i])
			index->slots[i].wanted = rare[i] & -rare[i];
	for (size_t i = 0; i < hookups->count; i++)
		if (hookups->items[i].hook.bit & index->slots[hookups->items[i].hook.slot].wanted)
			hookups->items[kept++] = hookups->items[i];
	hookups->count = kept;
	free(rare);
	return true;
}

/* Writes each literal once to `list`, and its hooks. */
static void fill_hooks(struct field_set *set, const struct hookup *items, size_t count, struct literal *list)
{
	uint32_t hooks = 0;

	for (size_t i = 0; i < count; i++) {
		bool same = i && span_equal(items[i - 1].literal, items[i].literal);
		if (same && memcmp(&items[i - 1].hook, &items[i].hook, sizeof(items[i].hook)) == 0)
			continue;
		if (!same) {
			set->first_hook[set->literal_count] = hooks;
			list[set->literal_count++] = (struct literal){ items[i].literal, true };
		}
		set->hooks[hooks++] = items[i].hook;
	}
	set->first_hook[set->literal_count] = hooks;
}

/* The hookups are all of one field, in order. */
static int build_set(struct field_set *set, const struct hookup *items, size_t count, struct err *err)
{
	struct literal *list = calloc(count, sizeof(*list));

	set->field = items[0].field;
	set->first_hook = calloc(count + 1, sizeof(*set->first_hook));
	set->hooks = calloc(count, sizeof(*set->hooks));
	if (list && set->first_hook && set->hooks) {
		fill_hooks(set, items, count, list);
		set->literals = literals_create(list, set->literal_count, err);
	} else {
		err_set(err, -ENOMEM, "memory is out for %zu literals of rules", count);
	}
	free(list);
	return set->literals ? 0 : -ENOMEM;
}

/* All of them as of one field, if they are few and no rule does without: for sigma_glance. */
static int build_glance(struct source_index *index, struct hookups *hookups, struct err *err)
{
	size_t different = 0;

	for (size_t i = 0; i < hookups->count; i++)
		hookups->items[i].field = SIGMA_FIELD_NONE;
	if (hookups->count)
		qsort(hookups->items, hookups->count, sizeof(*hookups->items), compare_hookups);
	for (size_t i = 0; i < hookups->count; i++)
		different += i == 0 || !same_text(&hookups->items[i - 1], &hookups->items[i]);
	index->glances = index->always_count == 0 && different && different <= LITERALS_FEW_MAX;
	return index->glances ? build_set(&index->glance, hookups->items, hookups->count, err) : 0;
}

static size_t count_fields(const struct hookups *hookups)
{
	size_t count = 0;

	for (size_t i = 0; i < hookups->count; i++)
		count += i == 0 || hookups->items[i].field != hookups->items[i - 1].field;
	return count;
}

static int build_sets(const struct sigma_engine *engine, struct source_index *index, struct hookups *hookups,
		      struct err *err)
{
	if (hookups->count)
		qsort(hookups->items, hookups->count, sizeof(*hookups->items), compare_hookups);
	if (!prune(index, hookups))
		return err_set(err, -ENOMEM, "memory is out for %zu rules", index->slot_count);
	index->sets = calloc(count_fields(hookups) + 1, sizeof(*index->sets));
	index->set_of = calloc(engine->field_count + 1, sizeof(*index->set_of));
	if (!index->sets || !index->set_of)
		return err_set(err, -ENOMEM, "memory is out for %zu literals of rules", hookups->count);
	for (size_t from = 0, to; from < hookups->count; from = to) {
		uint32_t field = hookups->items[from].field;
		for (to = from + 1; to < hookups->count && hookups->items[to].field == field;)
			to++;
		if (build_set(&index->sets[index->set_count++], hookups->items + from, to - from, err) < 0)
			return -ENOMEM;
		if (field < engine->field_count)
			index->set_of[field] = (uint32_t)index->set_count;
	}
	return build_glance(index, hookups, err);
}

int sigma_index_build(struct sigma_engine *engine, enum sigma_source source, struct err *err)
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
		status = build_sets(engine, index, &hookups, err);
	if (index->slot_count > engine->slots_max)
		engine->slots_max = index->slot_count;
	free(hookups.items);
	arena_finish(&arena);
	return status;
}

static void finish_set(struct field_set *set)
{
	literals_destroy(set->literals);
	free(set->first_hook);
	free(set->hooks);
}

void sigma_index_finish(struct source_index *index)
{
	for (size_t i = 0; i < index->set_count; i++)
		finish_set(&index->sets[i]);
	finish_set(&index->glance);
	free(index->sets);
	free(index->set_of);
	free(index->slots);
	free(index->always);
}
