#include "rule/sigma/anchor.h"

#include "match/fold.h"

static void set_worth(struct anchor_clause *clause)
{
	size_t letters = 12;

	for (size_t i = 0; i < clause->count; i++)
		if (clause->atoms[i].literal.len < letters)
			letters = clause->atoms[i].literal.len;
	clause->worth = clause->count ? letters * 64 - (clause->count < 64 ? clause->count : 63) : SIZE_MAX;
}

/* Keeps them sorted, the best ones. */
static void add_clause(struct anchor_clauses *clauses, struct anchor_clause clause)
{
	size_t at = clauses->count;

	while (at > 0 && clauses->items[at - 1].worth < clause.worth)
		at--;
	if (at == ANCHOR_CLAUSES_MAX)
		return;
	if (clauses->count < ANCHOR_CLAUSES_MAX)
		clauses->count++;
	memmove(&clauses->items[at + 1], &clauses->items[at], (clauses->count - at - 1) * sizeof(clause));
	clauses->items[at] = clause;
}

/* ---- items ---- */

static struct span fold_literal(struct span literal, struct arena *arena)
{
	char *folded = arena_alloc(arena, ANCHOR_LITERAL_MAX);

	literal = span_first(literal, ANCHOR_LITERAL_MAX);
	for (size_t i = 0; folded && i < literal.len; i++)
		folded[i] = (char)fold(literal.data[i]);
	return (struct span){ folded, folded ? literal.len : 0 };
}

static bool can_hold(const struct sigma_item *item, const struct sigma_test *test)
{
	return item->index != SIGMA_FIELD_NONE || test->kind == SIGMA_TEST_NULL || test->kind == SIGMA_TEST_EXISTS;
}

static bool add_atom(struct anchor_clause *clause, uint32_t field, struct span literal, struct arena *arena)
{
	struct span folded = fold_literal(literal, arena);

	if (folded.len < ANCHOR_LITERAL_MIN)
		return false;
	clause->atoms[clause->count++] = (struct anchor_atom){ field, folded, false, false };
	return true;
}

static bool is_piece(const struct wildcard_piece *piece, struct span literal)
{
	return literal.len <= ANCHOR_LITERAL_MAX && piece->bytes.data && span_equal(piece->bytes, literal);
}

static bool add_text(struct anchor_clause *clause, uint32_t field, const struct wildcard *wildcard, struct arena *arena)
{
	struct span literal = wildcard_longest(wildcard, arena);

	if (!add_atom(clause, field, literal, arena))
		return false;
	struct anchor_atom *atom = &clause->atoms[clause->count - 1];
	atom->at_start = !wildcard->open_start && is_piece(&wildcard->pieces[0], literal);
	atom->at_end = !wildcard->open_end && is_piece(&wildcard->pieces[wildcard->count - 1], literal);
	return true;
}

/* False: the test asks for no text. */
static bool add_test(struct anchor_clause *clause, uint32_t field, const struct sigma_test *test, struct arena *arena)
{
	if (test->kind == SIGMA_TEST_TEXT)
		return add_text(clause, field, &test->wildcard, arena);
	if (test->kind != SIGMA_TEST_REGEX || test->literals->count == 0)
		return false;
	for (size_t i = 0; i < test->literals->count; i++)
		if (!add_atom(clause, field, test->literals->items[i], arena))
			return false;
	return true;
}

static size_t atoms_of(const struct sigma_test *test)
{
	return test->kind == SIGMA_TEST_REGEX ? test->literals->count : 1;
}

/* One of these tests must hold. False: no clause says so. */
static bool clause_of_tests(struct anchor_clause *clause, const struct sigma_item *item, size_t from, size_t to,
			    struct arena *arena)
{
	size_t most = 0;

	for (size_t i = from; i < to; i++)
		most += atoms_of(&item->tests[i]);
	*clause = (struct anchor_clause){ .atoms = arena_alloc(arena, most * sizeof(struct anchor_atom)) };
	if (!clause->atoms)
		return false;
	for (size_t i = from; i < to; i++)
		if (can_hold(item, &item->tests[i]) && !add_test(clause, item->index, &item->tests[i], arena))
			return false;
	set_worth(clause);
	return true;
}

static void find_in_item(struct anchor_clauses *clauses, const struct sigma_item *item, struct arena *arena)
{
	struct anchor_clause clause;

	if (item->negated)
		return;
	for (size_t from = 0, to; from < item->count; from = to) {
		for (to = from + 1; to < item->count; to++)
			if (item->all && item->tests[to].value != item->tests[from].value)
				break;
		if (clause_of_tests(&clause, item, from, to, arena))
			add_clause(clauses, clause);
	}
}

/* ---- nodes ---- */

/* One child must hold: the best clause of each, joined. */
static void find_in_any(struct anchor_clauses *clauses, const struct sigma_node *node, struct arena *arena)
{
	struct anchor_clause *parts = arena_alloc(arena, node->count * sizeof(*parts));
	struct anchor_clause joined = { 0 };
	size_t total = 0;

	for (size_t i = 0; parts && i < node->count; i++) {
		struct anchor_clauses child;
		anchor_find(&child, node->children[i], arena);
		if (child.count == 0)
			return;
		parts[i] = child.items[0];
		total += parts[i].count;
	}
	if (!parts || total > ANCHOR_ATOMS_MAX)
		return;
	joined.atoms = arena_alloc(arena, total * sizeof(*joined.atoms));
	for (size_t i = 0; joined.atoms && i < node->count; i++) {
		memcpy(joined.atoms + joined.count, parts[i].atoms, parts[i].count * sizeof(*joined.atoms));
		joined.count += parts[i].count;
	}
	set_worth(&joined);
	if (joined.atoms)
		add_clause(clauses, joined);
}

static void find_in_all(struct anchor_clauses *clauses, const struct sigma_node *node, struct arena *arena)
{
	for (size_t i = 0; i < node->count; i++) {
		struct anchor_clauses child;
		anchor_find(&child, node->children[i], arena);
		for (size_t j = 0; j < child.count; j++)
			add_clause(clauses, child.items[j]);
	}
}

void anchor_find(struct anchor_clauses *clauses, const struct sigma_node *condition, struct arena *arena)
{
	clauses->count = 0;
	switch (condition->kind) {
	case SIGMA_AND:
		find_in_all(clauses, condition, arena);
		break;
	case SIGMA_OR:
	case SIGMA_AT_LEAST:
		find_in_any(clauses, condition, arena);
		break;
	case SIGMA_ITEM:
		find_in_item(clauses, condition->item, arena);
		break;
	case SIGMA_NOT:
	case SIGMA_LEAF:
		break;
	}
}
