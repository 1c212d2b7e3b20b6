/*
 * record_types: of which audit records an event must have one, so that a rule
 * of service auditd can match it. Most rules name a type; where all do, most
 * events need not be taken apart for them.
 */
#ifndef RULE_RECORD_TYPES_H
#define RULE_RECORD_TYPES_H

#include "model/event.h"
#include "rule/sigma/load.h"

#define RECORD_TYPES_MAX 64

struct record_types {
	uint16_t types[RECORD_TYPES_MAX];
	size_t count;
	bool any; /* a rule does not name its types, or there are too many */
};

/* Of all rules that are ready. */
struct record_types record_types_of(const struct sigma_rules *rules);

bool record_types_have(const struct record_types *types, const struct event *event);

#endif
