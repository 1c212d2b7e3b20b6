/*
 * guard_parts: what guard_confine is made of. Private to src/engine.
 *
 * Each returns 0, also when the kernel lacks it (a note of the summary says
 * so), or a negative errno with err when the kernel has it and refuses.
 */
#ifndef ENGINE_GUARD_PARTS_H
#define ENGINE_GUARD_PARTS_H

#include "engine/guard.h"

/* Landlock: the files that are named can be opened for reading; nothing else of the file system, and no network. */
int guard_files(const struct guard *guard, struct summary *summary, struct err *err);

/* The user: nobody instead of root; of all capabilities at most the one that reading the files takes. */
int guard_user(const struct guard *guard, struct summary *summary, struct err *err);

/* seccomp: the system calls that a scan makes from here on, and live a watch, no others. */
int guard_calls(const struct guard *guard, struct summary *summary, struct err *err);

/* Fills err in the words they share: what could not be done, and the remedy. */
int guard_refused(struct err *err, int number, const char *attempt);

#endif
