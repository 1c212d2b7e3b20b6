#include "rule/sigma/mutate.h"

#include <errno.h>
#include <stdio.h>

#define PARTS_MAX 4096 /* of one rule */

struct mutating {
	const struct sigma_rule *rule;
	struct arena *arena;
	sigma_mutated *mutated;
	void *context;
	const struct sigma_node *parts[PARTS_MAX];
	size_t count;
	bool failed;
};

/* ---- a condition without a part ---- */

/* The part itself, and what has nothing left, is gone: NULL. */
static const struct sigma_node *without(struct mutating *mutating, const struct sigma_node *node,
					const struct sigma_node *part)
{
	if (node == part)
		return NULL;
	if (node->kind == SIGMA_ITEM || node->kind == SIGMA_LEAF)
		return node;
	struct sigma_node *copy = arena_alloc(mutating->arena, sizeof(*copy));
	const struct sigma_node **children =
		arena_alloc(mutating->arena, (node->count + 1) * sizeof(const struct sigma_node *));
	mutating->failed |= !copy || !children;
	if (mutating->failed)
		return NULL;
	*copy = (struct sigma_node){ .kind = node->kind, .needed = node->needed, .children = children };
	for (size_t i = 0; i < node->count; i++) {
		const struct sigma_node *child = without(mutating, node->children[i], part);
		if (child)
			children[copy->count++] = child;
	}
	if (copy->kind == SIGMA_AT_LEAST && copy->needed > copy->count)
		copy->needed = (uint32_t)copy->count;
	return copy->count ? copy : NULL;
}

static void mutate_condition(struct mutating *mutating, const struct sigma_node *part, struct sigma_mutant *mutant)
{
	static const struct sigma_node always = { .kind = SIGMA_AND };

	arena_reset(mutating->arena);
	mutant->condition = without(mutating, mutating->rule->condition, part);
	if (!mutant->condition)
		mutant->condition = &always;
	if (!mutating->failed)
		mutating->mutated(mutating->context, mutant);
}

/* ---- the parts of a condition ---- */

/* A node with one child is that child: removing both would be the same mutant twice. */
static void gather(struct mutating *mutating, const struct sigma_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct sigma_node *child = node->children[i];
		if (node->count > 1 && child->kind != SIGMA_NOT && mutating->count < PARTS_MAX)
			mutating->parts[mutating->count++] = child;
		gather(mutating, child);
	}
}

static const struct sigma_item *first_item(const struct sigma_node *node)
{
	while (node->kind != SIGMA_ITEM && node->count)
		node = node->children[0];
	return node->kind == SIGMA_ITEM ? node->item : NULL;
}

static void describe(const struct sigma_node *part, struct sigma_mutant *mutant, struct sigma_place otherwise)
{
	const struct sigma_item *item = first_item(part);
	struct span field = item ? span_first(item->field, 64) : SPAN("");

	mutant->place = item ? item->place : otherwise;
	if (part->kind != SIGMA_ITEM)
		snprintf(mutant->what, sizeof(mutant->what), "without one of several maps");
	else if (field.len)
		snprintf(mutant->what, sizeof(mutant->what), "without the test of '%.*s'", (int)field.len, field.data);
	else
		snprintf(mutant->what, sizeof(mutant->what), "without keywords");
}

static void mutate_selection(struct mutating *mutating, const struct sigma_selection *selection)
{
	struct sigma_mutant mutant = { .place = selection->place };

	snprintf(mutant.what, sizeof(mutant.what), "without the selection '%.*s'",
		 (int)span_first(selection->name, 64).len, selection->name.data);
	mutate_condition(mutating, selection->node, &mutant);
	mutating->count = 0;
	gather(mutating, selection->node);
	for (size_t i = 0; i < mutating->count && !mutating->failed; i++) {
		describe(mutating->parts[i], &mutant, selection->place);
		mutate_condition(mutating, mutating->parts[i], &mutant);
	}
}

static void mutate_detection(struct mutating *mutating)
{
	for (size_t i = 0; i < mutating->rule->selection_count && !mutating->failed; i++)
		if (mutating->rule->selections[i].used)
			mutate_selection(mutating, &mutating->rule->selections[i]);
}

/* ---- correlations ---- */

static void hand_out(struct mutating *mutating, struct sigma_correlation *changed, struct sigma_place place,
		     const char *what, struct span name)
{
	struct sigma_mutant mutant = { .correlation = changed, .place = place };

	name = span_first(name, 64);
	snprintf(mutant.what, sizeof(mutant.what), "%s%s%.*s%s", what, name.len ? " '" : "", (int)name.len, name.data,
		 name.len ? "'" : "");
	mutating->mutated(mutating->context, &mutant);
}

/* A copy whose members may be changed. */
static struct sigma_correlation *copy_of(struct mutating *mutating)
{
	const struct sigma_correlation *correlation = mutating->rule->correlation;

	arena_reset(mutating->arena);
	struct sigma_correlation *copy = arena_alloc(mutating->arena, sizeof(*copy));
	struct sigma_member *members = arena_alloc(mutating->arena, (correlation->member_count + 1) * sizeof(*members));
	mutating->failed |= !copy || !members;
	if (mutating->failed)
		return NULL;
	*copy = *correlation;
	memcpy(members, correlation->members, correlation->member_count * sizeof(*members));
	copy->members = members;
	return copy;
}

static void remove_field(uint32_t *fields, size_t count, size_t at)
{
	memmove(fields + at, fields + at + 1, (count - at - 1) * sizeof(*fields));
}

static void mutate_groups(struct mutating *mutating)
{
	const struct sigma_correlation *correlation = mutating->rule->correlation;

	for (size_t i = 0; i < correlation->group_count; i++) {
		struct sigma_correlation *copy = copy_of(mutating);
		if (!copy)
			return;
		for (size_t j = 0; j < copy->member_count; j++)
			remove_field(copy->members[j].group, copy->group_count, i);
		memmove(copy->group_by + i, copy->group_by + i + 1,
			(copy->group_count - i - 1) * sizeof(*copy->group_by));
		copy->group_count--;
		hand_out(mutating, copy, mutating->rule->place, "without grouping by", correlation->group_by[i]);
	}
}

static void mutate_counted(struct mutating *mutating)
{
	const struct sigma_correlation *correlation = mutating->rule->correlation;
	bool counts = correlation->type == SIGMA_VALUE_COUNT;

	for (size_t i = 0; i < correlation->counted_count && counts; i++) {
		struct sigma_correlation *copy = copy_of(mutating);
		if (!copy)
			return;
		for (size_t j = 0; j < copy->member_count; j++)
			remove_field(copy->members[j].counted, copy->counted_count, i);
		copy->counted_count--;
		if (copy->counted_count == 0)
			copy->type = SIGMA_EVENT_COUNT;
		hand_out(mutating, copy, mutating->rule->place, "without counting", correlation->counted[i]);
	}
}

static bool is_temporal(const struct sigma_correlation *correlation)
{
	return correlation->type == SIGMA_TEMPORAL || correlation->type == SIGMA_TEMPORAL_ORDERED;
}

/* Of temporal ones as many rules are wanted as are left. */
static void remove_member(struct sigma_correlation *copy, size_t at)
{
	copy->member_count--;
	memmove(copy->members + at, copy->members + at + 1, (copy->member_count - at) * sizeof(*copy->members));
	for (size_t i = 0; i < copy->bound_count && is_temporal(copy); i++)
		if (copy->bounds[i].number > (double)copy->member_count)
			copy->bounds[i].number = (double)copy->member_count;
}

/* A condition over rules' names says itself who is needed. */
static void mutate_members(struct mutating *mutating)
{
	const struct sigma_correlation *correlation = mutating->rule->correlation;

	for (size_t i = 0; i < correlation->member_count && correlation->member_count > 1 && !correlation->expression;
	     i++) {
		struct sigma_correlation *copy = copy_of(mutating);
		if (!copy)
			return;
		remove_member(copy, i);
		hand_out(mutating, copy, correlation->members[i].place, "without the rule",
			 correlation->members[i].name);
	}
}

static void mutate_rest(struct mutating *mutating)
{
	const struct sigma_correlation *correlation = mutating->rule->correlation;
	struct sigma_correlation *copy = copy_of(mutating);

	if (copy && correlation->bound_count && !is_temporal(correlation)) {
		copy->bounds[0] = (struct sigma_bound){ SIGMA_GTE, 1 };
		copy->bound_count = 1;
		copy->monotone = true;
		hand_out(mutating, copy, mutating->rule->place, "counting to one only", SPAN(""));
		copy = copy_of(mutating);
	}
	if (copy && correlation->type == SIGMA_TEMPORAL_ORDERED) {
		copy->type = SIGMA_TEMPORAL;
		hand_out(mutating, copy, mutating->rule->place, "in any order", SPAN(""));
	}
}

int sigma_mutate(const struct sigma_rule *rule, sigma_mutated *mutated, void *context)
{
	struct arena arena = { 0 };
	struct mutating mutating = { .rule = rule, .arena = &arena, .mutated = mutated, .context = context };

	if (rule->correlation) {
		mutate_groups(&mutating);
		mutate_counted(&mutating);
		mutate_members(&mutating);
		mutate_rest(&mutating);
	} else if (rule->condition) {
		mutate_detection(&mutating);
	}
	arena_finish(&arena);
	return mutating.failed ? -ENOMEM : 0;
}
