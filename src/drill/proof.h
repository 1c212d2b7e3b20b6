/* proof: whether what was read of a decoy is what it should be. */
#ifndef DRILL_PROOF_H
#define DRILL_PROOF_H

#include "base/span.h"
#include "drill/decoy.h"
#include "model/access.h"

/* Bytes that were read from the entry, or printed by a program that read it. ENTRY_NONE is memory. */
bool proof_holds(const struct decoy *decoy, enum entry entry, struct span bytes);

/* Reads the entry from fd, at the place that matters. 0, -EBADMSG, or the errno of the read. */
int proof_read(const struct decoy *decoy, enum entry entry, int fd);

#endif
