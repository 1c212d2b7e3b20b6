/*
 * crash: kernel lines and ANOM_ABEND records that tell of a process's death.
 */
#ifndef RULE_CRASH_H
#define RULE_CRASH_H

#include "model/access.h"

/* Whether the sighting tells of a crash; then *comm and *pid (UNKNOWN_ID when not told) say whose. */
bool crash_of(const struct access *access, struct span *comm, uint64_t *pid);

#endif
