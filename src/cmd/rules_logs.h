/*
 * rules_logs: the logs that a rule must hit and those that it must miss.
 *
 *   memory/sweep.yml            the rule, or several
 *   memory/sweep/hit/ miss/     logs, of any format that proctor reads
 *   memory/sweep/X/hit/ miss/   those of one of several rules: X is its id, its name, or its number in the file (from 1)
 *
 * A log in hit/ whose name begins with numbers, as in 2-image.log or 1+3-image.log, makes those rules of the file fire
 * that have these numbers, and no others.
 *
 * A rule without a folder of its own shares its file's with the others, unless only correlations ask for it: then it
 * is tested with them.
 */
#ifndef CMD_RULES_LOGS_H
#define CMD_RULES_LOGS_H

#include "rule/sigma/load.h"

#define RULES_LOGS_MAX 256 /* for one rule, of a kind */

struct rules_logs {
	char *directory;
	bool shared;		     /* with other rules of the file */
	char *paths[RULES_LOGS_MAX]; /* in the order of their names */
	size_t count;
};

/* 0 (also when there are none: count is 0), or a negative errno. Regular files only. */
int rules_logs_find(struct rules_logs *logs, const struct sigma_rules *rules, const struct sigma_rule *rule, bool hit);
/* The rule's number in its file, from 1. */
unsigned rules_logs_number(const struct sigma_rules *rules, const struct sigma_rule *rule);

/* Whether the name of the log begins with numbers, from 1 to `most`; then whether this one is among them. */
bool rules_logs_is_exact(const char *path, unsigned most);
bool rules_logs_names(const char *path, unsigned number);

void rules_logs_finish(struct rules_logs *logs);

#endif
