/*
 * regex_literal: what text has to hold so that a regex can match it, found
 * out from the pattern, so that a search for bytes can rule most texts out.
 *
 * Conservative: where the pattern holds anything that is not surely
 * understood, there is no literal. The bytes are those of the text, compared
 * with case.
 */
#ifndef MATCH_REGEX_LITERAL_H
#define MATCH_REGEX_LITERAL_H

#include "base/arena.h"

#define REGEX_LITERALS_MAX 16

struct regex_literals {
	/* Any text that the pattern matches holds at least one of these; none are known when count is 0. */
	struct span items[REGEX_LITERALS_MAX];
	size_t count;
	bool at_start; /* count is 1, and every match begins with it */
};

/* The literals' bytes are the arena's. False, and no literals, when none are known. */
bool regex_literals_find(struct span pattern, bool ignore_case, struct arena *arena, struct regex_literals *literals);

/* Offset of the first literal of the set that the text holds, of any of them; text.len when it holds none. */
size_t regex_literals_in(const struct regex_literals *literals, struct span text);

#endif
