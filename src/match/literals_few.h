/*
 * literals_few: the pass of literals.h over sets of a few literals, 32 places of the text at a time.
 *
 * It costs less to make than to open the log, where vectorscan's would take milliseconds for each set.
 */
#ifndef MATCH_LITERALS_FEW_H
#define MATCH_LITERALS_FEW_H

#include "match/literals_plain.h"

#define LITERALS_FEW_BYTES 4 /* by so many first bytes places are found */

/* Of each half of each of these bytes: the groups whose literals have it there, a bit each; groups are eight. */
struct literals_few {
	uint8_t low[LITERALS_FEW_BYTES][16], high[LITERALS_FEW_BYTES][16];
};

/* False: there are too many, or this processor cannot. */
bool literals_few_init(struct literals_few *few, const struct literal *items, size_t count);

/* `plain` was made of the same literals. */
void literals_few_scan(const struct literals_few *few, const struct literals_plain *plain, struct literals_seen *seen,
		       struct span text, literals_found *found, void *context);

#endif
