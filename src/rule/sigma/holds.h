/* holds: whether a condition holds for an event, by itself. The slow, whole truth behind the literal sets. */
#ifndef RULE_SIGMA_HOLDS_H
#define RULE_SIGMA_HOLDS_H

#include "rule/sigma/event.h"
#include "rule/sigma/rule.h"

struct holds_counts {
	uint64_t regex_limited, regex_cut;
};

/* The match is room for any regex: only whether they match is asked for, never their groups. */
bool sigma_holds(const struct sigma_node *node, const struct sigma_event *event, struct regex_match *room,
		 struct holds_counts *counts);

#endif
