/*
 * lease_file: where a lease's state is kept while it is held, and who holds it.
 *
 * The folder has two files of ours: audit-lease.lock, which whoever holds a
 * lease has locked (flock), and audit-lease, the state. A state that nobody
 * has locked is what a crash left.
 */
#ifndef HOST_LEASE_FILE_H
#define HOST_LEASE_FILE_H

#include "host/lease_state.h"

struct lease_file {
	int directory, lock; /* -1: not open */
};

/* Opens and locks. -EBUSY with err if a lease is held for 2 seconds more; -EACCES if others could write into the folder. */
int lease_file_open(struct lease_file *file, const char *directory, struct err *err);
void lease_file_close(struct lease_file *file);

/* All of it or, with err, nothing. */
int lease_file_put(const struct lease_file *file, const struct lease_state *state, struct err *err);

/* 1: there was one of this boot; 0: none (one of an earlier boot is removed). `state` is zeroed before. */
int lease_file_get(const struct lease_file *file, struct lease_state *state, struct err *err);
int lease_file_remove(const struct lease_file *file, struct err *err);

#endif
