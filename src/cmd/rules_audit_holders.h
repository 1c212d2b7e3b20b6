/* rules_audit_holders: which processes hold credentials, by the rules that judge accesses to them. */
#ifndef CMD_RULES_AUDIT_HOLDERS_H
#define CMD_RULES_AUDIT_HOLDERS_H

#include "cmd/rulebook.h"
#include "rule/assess.h"

struct rules_audit_holders {
	struct rulebook rulebook;
	struct summary summary;
	struct assessor *assessor;
};

/* 0, or STATUS_ERROR when it has been told that there are no rules. Either way it is to be closed. */
int rules_audit_holders_open(struct rules_audit_holders *holders);
void rules_audit_holders_close(struct rules_audit_holders *holders);

/* As targets_find asks; `holders` is a struct rules_audit_holders. */
bool rules_audit_holders_has(void *holders, struct span comm, struct span exe);

#endif
