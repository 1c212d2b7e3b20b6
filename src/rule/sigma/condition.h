/*
 * condition: "selection and not 1 of filter_*" (specification 2.1.0, "Condition").
 *
 *   or     = and { "or" and }
 *   and    = not { "and" not }
 *   not    = { "not" } term
 *   term   = "(" or ")" | ( number | "all" | "any" ) "of" ( "them" | pattern ) | name
 *
 * Words are recognised without regard to case. A selection whose name begins
 * with _ is not among "them".
 */
#ifndef RULE_SIGMA_CONDITION_H
#define RULE_SIGMA_CONDITION_H

#include "rule/sigma/builder.h"

#define CONDITION_MAX 8192	     /* bytes */
#define CONDITION_DEPTH_MAX 64	     /* parentheses and negations */
#define CONDITION_GATHERED_MAX 65536 /* selections that its patterns name, each time counted */

struct condition_names {
	/* The node of a name, or NULL when there is none. */
	const struct sigma_node *(*find)(void *context, struct span name);
	/* The next selection that a pattern (* is any text; empty: them) names: NULL behind the last. *at begins with 0. */
	const struct sigma_node *(*next)(void *context, struct span pattern, size_t *at);
	void *context;
};

/* NULL when it is wrong, and that is in the diagnostics with its column. */
const struct sigma_node *sigma_condition_read(struct sigma_builder *builder, const struct yaml_node *scalar,
					      const struct condition_names *names);

#endif
