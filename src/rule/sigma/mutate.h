/*
 * mutate: what a rule would be without one of its parts. A rule whose logs do
 * not tell it from one of these has a part that nothing tests.
 *
 *   detections, filters  each selection, each map in a list, each test of a
 *                        field or of keywords, but not each value of a list
 *   correlations         each rule, each field to group by or to count, what
 *                        the condition counts to, the order
 */
#ifndef RULE_SIGMA_MUTATE_H
#define RULE_SIGMA_MUTATE_H

#include "rule/sigma/rule.h"

#define MUTANT_WHAT_MAX 160

struct sigma_mutant {
	const struct sigma_node *condition;    /* of a detection or filter */
	struct sigma_correlation *correlation; /* of a correlation */
	struct sigma_place place;	       /* of the part that is missing */
	char what[MUTANT_WHAT_MAX];	       /* "without the selection 'x'" */
};

/* Borrowed for the call. */
typedef void sigma_mutated(void *context, const struct sigma_mutant *mutant);

/* One call for each part, of a linked rule that is not broken. 0 or -ENOMEM. */
int sigma_mutate(const struct sigma_rule *rule, sigma_mutated *mutated, void *context);

#endif
