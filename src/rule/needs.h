/*
 * needs: what a log must hold so that rules can match, for a reader that
 * passes over what cannot.
 */
#ifndef RULE_NEEDS_H
#define RULE_NEEDS_H

#include "base/arena.h"
#include "rule/pack.h"
#include "rule/record_types.h"

#define NEEDS_LITERALS_MAX 16384
#define NEEDS_LITERAL_MIN 3

/* A text that stands in the records of an execution, in any case of letters; `command`: in its arguments. */
struct need {
	struct span text;    /* as it is, */
	struct span encoded; /* or this in hex */
	bool command;
};

struct needs {
	struct need *literals;		 /* without any of them, no execution matches */
	size_t count;			 /* at most NEEDS_LITERALS_MAX */
	struct record_types types;	 /* that rules about audit events are about */
	bool files;			 /* rules ask for files that were made or written */
	const struct sigma_rule *always; /* a rule that may match whatever the log holds; NULL: there is none */
};

/* Texts live in the arena. */
void needs_find(struct needs *needs, const struct pack *pack, struct arena *arena);

#endif
