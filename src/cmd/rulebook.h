/* rulebook: the rules that a command works by, from where --rules and --only say. */
#ifndef CMD_RULEBOOK_H
#define CMD_RULEBOOK_H

#include "model/summary.h"
#include "rule/pack.h"
#include "rule/places.h"

struct rulebook {
	struct rule_places places; /* what --rules named is added, `only` is set before it is opened */
	struct pack pack;
};

/*
 * Reads all rules. What is broken is told with file, line and column, and is
 * a loss in the summary. 0, or STATUS_ERROR when it has been told that there
 * are none.
 */
int rulebook_open(struct rulebook *rulebook, struct summary *summary);
void rulebook_close(struct rulebook *rulebook); /* zeroed memory is valid, and empty */

#endif
