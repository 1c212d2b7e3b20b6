/*
 * rules_logs: the logs that a rule must hit and those that it must miss.
 *
 *   memory/sweep.yml            the rule, or several
 *   memory/sweep/hit/ miss/     logs, of any format that proctor reads
 *   memory/sweep/ID/hit/ miss/  those of one of several rules, by its id or name
 *
 * A rule without a folder of its own has its file's, unless only correlations ask for it: then they are tested with
 * it.
 */
#ifndef CMD_RULES_LOGS_H
#define CMD_RULES_LOGS_H

#include "rule/sigma/load.h"

#define RULES_LOGS_MAX 256 /* for one rule, of a kind */

struct rules_logs {
	char *directory;
	char *paths[RULES_LOGS_MAX]; /* in the order of their names */
	size_t count;
};

/* 0 (also when there are none: count is 0), or a negative errno. Regular files only. */
int rules_logs_find(struct rules_logs *logs, const struct sigma_rule *rule, bool hit);
void rules_logs_finish(struct rules_logs *logs);

#endif
