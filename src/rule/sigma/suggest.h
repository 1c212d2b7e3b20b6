/* suggest: the name that was probably meant. */
#ifndef RULE_SIGMA_SUGGEST_H
#define RULE_SIGMA_SUGGEST_H

#include "base/span.h"

#define SUGGEST_MAX 48 /* longer names are not compared */

/* How many letters differ, are missing, too many or exchanged; case counts half a letter, rounded down. */
size_t sigma_suggest_distance(struct span a, struct span b);

/* The closest of the names, within a third of its length; NULL when there is none. */
const char *sigma_suggest(struct span name, const char *const *names, size_t count);

#endif
