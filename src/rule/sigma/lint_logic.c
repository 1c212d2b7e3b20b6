/*
 * What follows from what: items that hold ("facts") are gathered on the way
 * down a condition's ands, and each node is asked whether it can still hold,
 * or must.
 *
 * A field with several values passes a test when one of them does, so two
 * tests of it exclude each other only where it has one value at most; that
 * one implies the other is true of both kinds.
 */
#include "rule/sigma/lint_parts.h"

/* ---- fields ---- */

/*
 * Where several values are possible: any field of audit records; a host, which may also be "-"; an account, by number
 * and name; kin, to group by; a text as a whole.
 */
static bool has_one_value(const struct lint_asking *asking, const struct sigma_item *item)
{
	return item->index < SIGMA_FIELD_TABLE && !sigma_source_is_open(asking->source) &&
	       !span_ends(item->field, SPAN("User")) && !span_equal(item->field, SPAN("Computer")) &&
	       !span_equal(item->field, SPAN("SourceKin"));
}

static bool same_field(const struct sigma_item *a, const struct sigma_item *b)
{
	return a->index == b->index && a->index != SIGMA_FIELD_NONE;
}

static bool step(struct lint_asking *asking)
{
	if (asking->steps)
		asking->steps--;
	return asking->steps > 0;
}

/* ---- items: ranges of tests, of which one must pass ---- */

struct range {
	const struct sigma_test *first;
	size_t count;
};

/* Without `all` one range; else the tests that each value became. *at begins with 0. */
static bool next_range(const struct sigma_item *item, size_t *at, struct range *range)
{
	size_t end = *at;

	if (*at >= item->count)
		return false;
	if (!item->all)
		end = item->count;
	while (end < item->count && item->tests[end].value == item->tests[*at].value)
		end++;
	*range = (struct range){ &item->tests[*at], end - *at };
	*at = end;
	return true;
}

static bool ranges_exclude(struct lint_asking *asking, struct range a, struct range b)
{
	for (size_t i = 0; i < a.count; i++)
		for (size_t j = 0; j < b.count; j++)
			if (!step(asking) || !lint_excludes(&a.first[i], &b.first[j]))
				return false;
	return true;
}

static bool range_covers(struct lint_asking *asking, struct range wide, struct range narrow)
{
	for (size_t i = 0; i < narrow.count; i++) {
		size_t j = 0;
		while (j < wide.count && step(asking) && !lint_covers(&wide.first[j], &narrow.first[i]))
			j++;
		if (j == wide.count || !asking->steps)
			return false;
	}
	return true;
}

static bool items_exclude(struct lint_asking *asking, const struct sigma_item *one, const struct sigma_item *other)
{
	size_t i = 0, j;
	struct range a, b;

	if (!same_field(one, other) || !has_one_value(asking, one))
		return false;
	while (next_range(one, &i, &a))
		for (j = 0; next_range(other, &j, &b);)
			if (ranges_exclude(asking, a, b))
				return true;
	return false;
}

static bool item_covers(struct lint_asking *asking, const struct sigma_item *wide, const struct sigma_item *narrow)
{
	size_t i = 0, j;
	struct range a, b;

	if (wide == narrow)
		return true;
	if (!same_field(wide, narrow))
		return false;
	while (next_range(wide, &i, &a)) {
		bool found = false;
		for (j = 0; !found && next_range(narrow, &j, &b);)
			found = range_covers(asking, a, b);
		if (!found)
			return false;
	}
	return true;
}

/* ---- an item and the facts ---- */

static bool test_needs_field(const struct sigma_test *test)
{
	return test->kind != SIGMA_TEST_NULL && (test->kind != SIGMA_TEST_EXISTS || test->exists);
}

/* No event has the field, and each value wants it. */
static bool is_without_field(const struct sigma_item *item)
{
	for (size_t i = 0; i < item->count; i++)
		if (!test_needs_field(&item->tests[i]))
			return false;
	return item->index == SIGMA_FIELD_NONE;
}

static bool is_excluded(struct lint_asking *asking, const struct sigma_item *item, const struct lint_facts *facts)
{
	if (is_without_field(item)) {
		asking->clash = (struct lint_clash){ item, NULL };
		return true;
	}
	if (items_exclude(asking, item, item)) {
		asking->clash = (struct lint_clash){ item, item };
		return true;
	}
	for (size_t i = 0; i < facts->count; i++)
		if (facts->items[i] != item && items_exclude(asking, item, facts->items[i])) {
			asking->clash = (struct lint_clash){ item, facts->items[i] };
			return true;
		}
	return false;
}

static bool is_a_fact(struct lint_asking *asking, const struct sigma_item *item, const struct lint_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		if (item_covers(asking, item, facts->items[i])) {
			asking->clash = (struct lint_clash){ item, facts->items[i] };
			return true;
		}
	return false;
}

/* ---- nodes ---- */

static void gather(struct lint_asking *asking, const struct sigma_node *node, struct lint_facts *facts)
{
	if (node->kind == SIGMA_ITEM && !node->item->negated && facts->count < LINT_FACTS_MAX)
		facts->items[facts->count++] = node->item;
	bool all = node->kind == SIGMA_AND || (node->kind == SIGMA_AT_LEAST && node->needed == node->count) ||
		   (node->kind == SIGMA_OR && node->count == 1);
	for (size_t i = 0; all && i < node->count && step(asking); i++)
		gather(asking, node->children[i], facts);
}

static size_t needed_of(const struct sigma_node *node)
{
	return node->kind == SIGMA_AND ? node->count : node->kind == SIGMA_OR ? 1 : node->needed;
}

bool lint_never(struct lint_asking *asking, const struct sigma_node *node, struct lint_facts *facts)
{
	size_t never = 0, before = facts->count;

	if (!step(asking) || node->kind == SIGMA_LEAF)
		return false;
	if (node->kind == SIGMA_ITEM)
		return node->item->negated ? is_a_fact(asking, node->item, facts)
					   : is_excluded(asking, node->item, facts);
	if (node->kind == SIGMA_NOT)
		return lint_implied(asking, node->children[0], facts);
	gather(asking, node, facts);
	for (size_t i = 0; i < node->count; i++)
		never += lint_never(asking, node->children[i], facts);
	facts->count = before;
	return node->count - never < needed_of(node);
}

bool lint_implied(struct lint_asking *asking, const struct sigma_node *node, struct lint_facts *facts)
{
	size_t implied = 0;

	if (!step(asking) || node->kind == SIGMA_LEAF)
		return false;
	if (node->kind == SIGMA_ITEM)
		return node->item->negated ? is_excluded(asking, node->item, facts)
					   : is_a_fact(asking, node->item, facts);
	if (node->kind == SIGMA_NOT)
		return lint_never(asking, node->children[0], facts);
	for (size_t i = 0; i < node->count; i++)
		implied += lint_implied(asking, node->children[i], facts);
	return implied >= needed_of(node);
}

bool lint_node_covers(struct lint_asking *asking, const struct sigma_node *wide, const struct sigma_node *narrow)
{
	struct lint_facts facts;

	facts.count = 0;
	gather(asking, narrow, &facts);
	return step(asking) && facts.count > 0 && lint_implied(asking, wide, &facts);
}

/* ---- nothing asked for ---- */

static bool is_loose_test(const struct sigma_test *test)
{
	if (test->kind == SIGMA_TEST_TEXT)
		return test->wildcard.count == 0 && test->wildcard.open_start;
	return test->kind == SIGMA_TEST_EXISTS && test->exists;
}

static bool is_loose_item(const struct sigma_item *item)
{
	size_t loose = 0;

	for (size_t i = 0; i < item->count; i++)
		loose += is_loose_test(&item->tests[i]);
	return !item->negated && (item->all ? loose == item->count : loose > 0);
}

bool lint_is_loose(const struct sigma_node *node)
{
	size_t loose = 0;

	if (node->kind == SIGMA_ITEM)
		return is_loose_item(node->item);
	if (node->kind == SIGMA_NOT || node->kind == SIGMA_LEAF)
		return false;
	for (size_t i = 0; i < node->count; i++)
		loose += lint_is_loose(node->children[i]);
	return node->count > 0 && loose >= needed_of(node);
}
