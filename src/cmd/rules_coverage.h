/* rules_coverage: which tactics and techniques of ATT&CK rules are about, by their tags. */
#ifndef CMD_RULES_COVERAGE_H
#define CMD_RULES_COVERAGE_H

#include "cmd/rules.h"
#include "rule/sigma/attack.h"

#define COVERAGE_RULES_MAX 64 /* named with a technique; more are counted */

/* One technique under one tactic, or under none: rules that name the technique and the tactic. */
struct coverage {
	char technique[ATTACK_ID_ROOM];
	const char *tactic; /* NULL: its rules name no tactic */
	size_t count;
	uint32_t rules[COVERAGE_RULES_MAX];
};

/*
 * Of the rules that the session asks for and that can be evaluated, filters
 * aside; sorted by technique and tactic. *items is the caller's to free.
 * Returns how many; SIZE_MAX: memory is out.
 */
size_t rules_coverage(const struct rules_session *session, struct coverage **items);

/* As lines of text: a technique, its tactics, its rules counted. */
void rules_put_coverage(struct buffer *to, const struct rules_session *session);

#endif
