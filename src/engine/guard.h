/*
 * guard: gives up what a scan does not need, once its inputs and outputs are
 * known: the user id when root, the file system but for what is named, the
 * network, exec.
 */
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/summary.h"

/* Output files are open already: nothing needs to be opened for writing. */
struct guard {
	const char *const *read_paths; /* files that will be opened for reading */
	size_t read_count;
	const char *const *read_trees; /* directories below which files come and go; not all need be there */
	size_t tree_count;
	bool threads; /* more of them will be started, and are confined as the one that starts them is */
	bool live;    /* sensors are read on: what receives from sockets that are open is left, too */
};

/*
 * 0, also when the kernel offers only a part of it: what is missing becomes
 * a note of the summary. Negative errno with err when a part that the kernel
 * has could not be used.
 */
int guard_confine(const struct guard *guard, struct summary *summary, struct err *err);

/* False in a build with AddressSanitizer or ThreadSanitizer, where guard_confine does nothing. */
bool guard_works(void);

#endif
