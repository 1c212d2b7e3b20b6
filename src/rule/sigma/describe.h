/*
 * describe: what a rule asks for, in words.
 *
 * From the rule's file, which is read again: there the values are as they
 * were written, not as they are matched.
 */
#ifndef RULE_SIGMA_DESCRIBE_H
#define RULE_SIGMA_DESCRIBE_H

#include "rule/sigma/rule.h"

/* A line, from depth 1 on. Its text may hold anything that the file holds. */
typedef void sigma_described(void *context, unsigned depth, struct span line);

/* 0, or a negative errno when the file can not be read, or no rule begins any more where this one began. */
int sigma_describe(const struct sigma_rule *rule, sigma_described *described, void *context);

#endif
