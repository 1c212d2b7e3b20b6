/*
 * anchor: the texts without which a condition cannot hold.
 *
 * A clause is a list of (field, text); a condition with clauses can hold only
 * where, in each clause, at least one text stands in its field. What a clause
 * leaves out is only speed: whatever passes all clauses is evaluated in full.
 */
#ifndef RULE_SIGMA_ANCHOR_H
#define RULE_SIGMA_ANCHOR_H

#include "rule/sigma/rule.h"

#define ANCHOR_LITERAL_MAX 48
#define ANCHOR_LITERAL_MIN 2 /* shorter ones stand nearly everywhere */
#define ANCHOR_ATOMS_MAX 16384
#define ANCHOR_CLAUSES_MAX 8

struct anchor_atom {
	uint32_t field;
	struct span literal;   /* in small letters */
	bool at_start, at_end; /* of the field it stands there, not anywhere */
};

struct anchor_clause {
	struct anchor_atom *atoms; /* none: it cannot hold at all */
	size_t count;
	size_t worth; /* the more, the fewer events pass it, probably */
};

struct anchor_clauses {
	struct anchor_clause items[ANCHOR_CLAUSES_MAX]; /* the most worth first */
	size_t count;					/* 0: every event has to be looked at */
};

/* The clauses of a condition, in the arena. When memory is out: fewer of them. */
void anchor_find(struct anchor_clauses *clauses, const struct sigma_node *condition, struct arena *arena);

#endif
