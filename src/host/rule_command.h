/* rule_command: a rule as a command for the shell. */
#ifndef HOST_RULE_COMMAND_H
#define HOST_RULE_COMMAND_H

#include "host/kernel_rule.h"

/* "auditctl -d always,exit -S open -F 'auid>=1000'". The option is -a (behind the other rules), -A (before them) or -d. */
void rule_command_write(const struct kernel_rule *rule, const char *option, struct buffer *to);

#endif
