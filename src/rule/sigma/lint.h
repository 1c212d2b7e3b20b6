/*
 * lint: what is no error in rules, and still not what their writer meant.
 *
 *   - a condition or a selection that can never hold: two items want one field to be two things, or what is
 *     excluded is all of what is wanted
 *   - a selection, or a map in a list, that is never needed: where it holds, its neighbour under `or` holds, too
 *   - a rule or filter that asks for nothing but that its fields are there (`*`)
 *   - tags of ATT&CK that it does not have the form of
 *
 * That a name is unknown, a selection unused, a condition always or never true for want of a field, the loader and
 * linker tell already. What it tells is so; it does not find everything, and stops looking at a rule of which too
 * much would have to be compared.
 */
#ifndef RULE_SIGMA_LINT_H
#define RULE_SIGMA_LINT_H

#include "rule/sigma/load.h"

/* Adds warnings to the diagnostics of linked rules. */
void sigma_rules_lint(struct sigma_rules *rules);

#endif
