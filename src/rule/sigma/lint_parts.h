/* lint_parts: what the parts of the lint share. Private to it. */
#ifndef RULE_SIGMA_LINT_PARTS_H
#define RULE_SIGMA_LINT_PARTS_H

#include "rule/sigma/load.h"

#define LINT_FACTS_MAX 256
#define LINT_STEPS_MAX 200000 /* comparisons in one rule */

/* Items that hold, all of them. */
struct lint_facts {
	const struct sigma_item *items[LINT_FACTS_MAX];
	size_t count;
};

struct lint_clash {
	const struct sigma_item *one, *other; /* `other` NULL: no event has the field */
};

struct lint_asking {
	enum sigma_source source;
	size_t steps; /* left; 0: nothing more is found */
	struct lint_clash clash;
};

/* ---- lint_test.c: two tests of one field ---- */

/* No value passes both. */
bool lint_excludes(const struct sigma_test *one, const struct sigma_test *other);

/* Every value that passes `narrow` passes `wide`. */
bool lint_covers(const struct sigma_test *wide, const struct sigma_test *narrow);

/* ---- lint_logic.c: items and nodes, as far as it can be told from the facts ---- */

bool lint_never(struct lint_asking *asking, const struct sigma_node *node, struct lint_facts *facts);
bool lint_implied(struct lint_asking *asking, const struct sigma_node *node, struct lint_facts *facts);

/* Where `narrow` holds, `wide` does. */
bool lint_node_covers(struct lint_asking *asking, const struct sigma_node *wide, const struct sigma_node *narrow);

/* Holds whatever the values are, as long as the fields are there. */
bool lint_is_loose(const struct sigma_node *node);

#endif
