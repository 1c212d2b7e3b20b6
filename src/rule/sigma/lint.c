#include "rule/sigma/lint.h"

#include <stdio.h>

#include "rule/sigma/attack.h"
#include "rule/sigma/lint_parts.h"

#define STEPS_IN_ALL ((size_t)50000000)
#define ALTERNATIVES_MAX 256
#define NODES_MAX 4096

struct linting {
	struct sigma_rules *rules;
	const struct sigma_rule *rule;
	struct lint_asking asking; /* of the rule */
};

/* ---- what can never hold ---- */

/* The subject is "the selection 'a'" or "the condition". */
static void warn_of_clash(const struct linting *linting, struct sigma_place place, const char *subject)
{
	struct sigma_diagnostics *diagnostics = &linting->rules->diagnostics;
	const struct sigma_item *one = linting->asking.clash.one, *other = linting->asking.clash.other;
	struct span field = one ? span_first(one->field, 64) : SPAN("");

	if (!one)
		sigma_warning(diagnostics, place, "%s can never hold", subject);
	else if (!other)
		sigma_warning(diagnostics, place, "%s can never hold: no event has the field '%.*s'", subject,
			      (int)field.len, field.data);
	else if (one->place.line == other->place.line)
		sigma_warning(diagnostics, place,
			      "%s can never hold: what it says of '%.*s' in line %u excludes each other", subject,
			      (int)field.len, field.data, one->place.line);
	else
		sigma_warning(diagnostics, place,
			      "%s can never hold: what lines %u and %u say of '%.*s' excludes each other", subject,
			      other->place.line, one->place.line, (int)field.len, field.data);
}

static bool never(struct linting *linting, const struct sigma_node *node)
{
	struct lint_facts facts;

	facts.count = 0;
	linting->asking.clash = (struct lint_clash){ NULL, NULL };
	return lint_never(&linting->asking, node, &facts);
}

static bool lint_selections(struct linting *linting)
{
	const struct sigma_rule *rule = linting->rule;
	char subject[96];
	bool told = false;

	for (size_t i = 0; i < rule->selection_count; i++) {
		const struct sigma_selection *selection = &rule->selections[i];
		if (selection->used && never(linting, selection->node)) {
			snprintf(subject, sizeof(subject), "the selection '%.*s'",
				 (int)span_first(selection->name, 64).len, selection->name.data);
			warn_of_clash(linting, selection->place, subject);
			told = true;
		}
	}
	return told;
}

static void lint_condition(struct linting *linting)
{
	if (never(linting, linting->rule->condition))
		warn_of_clash(linting, linting->rule->place, "the condition");
}

/* ---- what is never needed ---- */

static const struct sigma_selection *selection_of(const struct sigma_rule *rule, const struct sigma_node *node)
{
	for (size_t i = 0; i < rule->selection_count; i++)
		if (rule->selections[i].node == node)
			return &rule->selections[i];
	return NULL;
}

static struct sigma_place place_of(const struct sigma_node *node, struct sigma_place otherwise)
{
	while (node->kind != SIGMA_ITEM && node->count)
		node = node->children[0];
	return node->kind == SIGMA_ITEM ? node->item->place : otherwise;
}

static void warn_of_needless(const struct linting *linting, const struct sigma_node *narrow,
			     const struct sigma_node *wide)
{
	const struct sigma_selection *one = selection_of(linting->rule, narrow),
				     *other = selection_of(linting->rule, wide);
	struct sigma_diagnostics *diagnostics = &linting->rules->diagnostics;

	if (one && other)
		sigma_warning(diagnostics, one->place, "'%.*s' is never needed: where it holds, '%.*s' holds, too",
			      (int)one->name.len, one->name.data, (int)other->name.len, other->name.data);
	else
		sigma_warning(diagnostics, place_of(narrow, linting->rule->place),
			      "this is never needed: where it holds, what begins in line %u holds, too",
			      place_of(wide, linting->rule->place).line);
}

/* Of a pair that is the same, the second is told. */
static bool is_needless(struct linting *linting, const struct sigma_node *node, size_t narrow, size_t wide)
{
	const struct sigma_node *one = node->children[narrow], *other = node->children[wide];

	if (one == other || !lint_node_covers(&linting->asking, other, one))
		return false;
	return narrow > wide || !lint_node_covers(&linting->asking, one, other);
}

static void lint_alternatives(struct linting *linting, const struct sigma_node *node)
{
	size_t count = node->count < ALTERNATIVES_MAX ? node->count : ALTERNATIVES_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t j = 0;
		while (j < count && !is_needless(linting, node, i, j))
			j++;
		if (j < count && linting->asking.steps)
			warn_of_needless(linting, node->children[i], node->children[j]);
	}
}

static void lint_needless(struct linting *linting, const struct sigma_node *node, unsigned *nodes)
{
	bool any = node->kind == SIGMA_OR || (node->kind == SIGMA_AT_LEAST && node->needed == 1);

	if (!*nodes || node->kind == SIGMA_ITEM)
		return;
	--*nodes;
	if (any)
		lint_alternatives(linting, node);
	for (size_t i = 0; i < node->count; i++)
		lint_needless(linting, node->children[i], nodes);
}

/* ---- what asks for nothing ---- */

static void lint_loose(const struct linting *linting)
{
	const struct sigma_rule *rule = linting->rule;
	bool filter = rule->document == SIGMA_FILTER;

	/* What only correlations ask for may be anything. */
	if (!rule->silent && lint_is_loose(rule->condition))
		sigma_warning(&linting->rules->diagnostics, rule->place,
			      "the %s '%.*s' %s every event that has its fields, whatever their values are",
			      filter ? "filter" : "rule", (int)span_first(rule->title, 128).len, rule->title.data,
			      filter ? "suppresses" : "matches");
}

/* ---- tags ---- */

static void lint_tags(const struct linting *linting)
{
	const struct sigma_rule *rule = linting->rule;

	for (size_t i = 0; i < rule->tags.count; i++) {
		struct span tag = span_first(rule->tags.items[i], 64);
		if (attack_tag_read(tag).kind != ATTACK_WRONG)
			continue;
		const char *meant = attack_tactic_suggest(tag);
		sigma_warning(&linting->rules->diagnostics, rule->place, "ATT&CK has nothing like the tag '%.*s'%s%s%s",
			      (int)tag.len, tag.data, meant ? "; did you mean 'attack." : "", meant ? meant : "",
			      meant ? "'?" : "");
	}
}

/* ---- all of it ---- */

static void lint_rule(struct linting *linting)
{
	const struct sigma_rule *rule = linting->rule;
	unsigned nodes = NODES_MAX;

	lint_tags(linting);
	if (rule->document == SIGMA_CORRELATION || rule->source == SIGMA_SOURCE_COUNT || !rule->condition)
		return;
	bool told = lint_selections(linting);
	if (!told && rule->state == SIGMA_READY)
		lint_condition(linting);
	lint_needless(linting, rule->condition, &nodes);
	lint_loose(linting);
}

void sigma_rules_lint(struct sigma_rules *rules)
{
	size_t left = STEPS_IN_ALL;

	for (size_t i = 0; i < rules->count; i++) {
		size_t given = left < LINT_STEPS_MAX ? left : LINT_STEPS_MAX;
		struct linting linting = { .rules = rules, .rule = &rules->items[i] };
		linting.asking = (struct lint_asking){ .source = linting.rule->source, .steps = given };
		if (linting.rule->state != SIGMA_BROKEN)
			lint_rule(&linting);
		left -= given - linting.asking.steps;
	}
}
