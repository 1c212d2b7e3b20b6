/*
 * pack: the rules in force, as one matcher. Made once, before the log is
 * read; does not change, and is shared by all that judge.
 */
#ifndef RULE_PACK_H
#define RULE_PACK_H

#include "rule/sigma/engine.h"

struct pack {
	struct sigma_rules *rules;
	struct sigma_engine *engine;
};

/* Takes linked rules over, also when it fails: -ENOMEM with err. */
int pack_init(struct pack *pack, struct sigma_rules *rules, struct err *err);
void pack_finish(struct pack *pack); /* zeroed memory is valid, and empty */

/* What findings call the rule: its name, else its title. */
struct span pack_rule_name(const struct sigma_rule *rule);

/* The first ATT&CK technique of its tags, as "T1003.007", in `room`; empty when it has none. */
struct span pack_rule_technique(const struct sigma_rule *rule, char room[16]);

#endif
