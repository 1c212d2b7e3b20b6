/*
 * tuning: what is normal, by executable path, script, entry and relation;
 * never by a name that anyone can take.
 */
#ifndef RULE_TUNING_H
#define RULE_TUNING_H

#include "model/access.h"

enum relation { RELATION_ANY, RELATION_INIT, RELATION_CHILD };

struct tuning {
	const char *name, *exe, *script, *why;
	uint32_t entries; /* 1 << enum entry */
	enum relation relation;
};

/* The tuning that makes this access normal; NULL when there is none. */
const struct tuning *tuning_for(const struct access *access);

#endif
