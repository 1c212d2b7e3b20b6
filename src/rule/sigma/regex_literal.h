/* regex_literal: a text that whatever a regex matches must contain. */
#ifndef RULE_SIGMA_REGEX_LITERAL_H
#define RULE_SIGMA_REGEX_LITERAL_H

#include "base/arena.h"

/*
 * The longest such text that is easily seen, in small letters: it is there
 * without regard to case. Empty when there is none, or that is in doubt.
 */
struct span sigma_regex_literal(struct span pattern, struct arena *arena);

#endif
