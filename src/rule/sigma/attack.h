/* attack: what the tags of rules say of ATT&CK (Sigma's tag appendix: attack.t1003.007, attack.credential-access). */
#ifndef RULE_SIGMA_ATTACK_H
#define RULE_SIGMA_ATTACK_H

#include "base/span.h"

enum attack_kind {
	ATTACK_NONE, /* the tag is of another namespace */
	ATTACK_TACTIC,
	ATTACK_TECHNIQUE,
	ATTACK_OTHER, /* a group, software, campaign …: G0010, S0349 */
	ATTACK_WRONG, /* attack. and something that is none of these */
};

#define ATTACK_ID_ROOM 16

struct attack_tag {
	enum attack_kind kind;
	const char *tactic;	 /* ATT&CK's short name: "credential-access" */
	char id[ATTACK_ID_ROOM]; /* "T1003.007", "S0349" */
};

struct attack_tag attack_tag_read(struct span tag);

/* The tactic that was probably meant, or NULL. */
const char *attack_tactic_suggest(struct span tag);

/* The technique that a sub-technique belongs to: "T1003" of "T1003.007". False: it is none. */
bool attack_parent(const char *id, char room[ATTACK_ID_ROOM]);

#endif
