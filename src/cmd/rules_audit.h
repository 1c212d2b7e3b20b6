/* rules_audit: `proctor rules audit`, the kernel's audit rules for this host. */
#ifndef CMD_RULES_AUDIT_H
#define CMD_RULES_AUDIT_H

#include "cmd/command.h"
#include "host/audit_rules.h"
#include "host/coverage.h"

enum rules_audit_action { RULES_AUDIT_PRINT, RULES_AUDIT_INSTALL, RULES_AUDIT_REMOVE, RULES_AUDIT_CHECK };

struct rules_audit_arguments {
	enum rules_audit_action action;
	enum audit_profile profile;
	struct audit_scope scope;
	bool enable, json;
};

/* A sub-command of `proctor rules`; argv[0] is "proctor rules audit". */
extern const struct command rules_audit;

/* Exits on --help (0) and usage errors (2). */
void rules_audit_arguments_parse(struct rules_audit_arguments *arguments, int argc, char **argv);

/* Looks at this host and tells the gaps. The exit status: 0 none, 1 some, 2 cannot look. */
int rules_audit_check(const struct rules_audit_arguments *arguments, const struct audit_rules *wanted);

#endif
