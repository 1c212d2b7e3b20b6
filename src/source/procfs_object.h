/*
 * procfs_object: of which entry of which process a file of procfs is. A path
 * says it where it is one of the usual place; elsewhere (a bind mount, a
 * chroot) its end is a guess, which the inode proves.
 */
#ifndef SOURCE_PROCFS_OBJECT_H
#define SOURCE_PROCFS_OBJECT_H

#include <sys/stat.h>

#include "model/access.h"

/* ENTRY_NONE: of none that matters. */
struct procfs_object {
	uint32_t pid, tid; /* 0: not known, or the entry is none of a process */
	enum entry entry;
	bool ours; /* the numbers are of our pid namespace: the caller's to say */
};

/* By its path in procfs: "/12/mem", "/12/task/13/mem", "/kcore". */
struct procfs_object procfs_object_named(struct span path);

/* "…/12/mem", "…/12/task/13/mem": what the end of the path says, if it is the same inode below `proc`. */
struct procfs_object procfs_object_at_end(int proc, struct span path, const struct stat *st);

/* The same inode, sought in every process below `proc`: a look at each. */
struct procfs_object procfs_object_search(int proc, enum entry entry, const struct stat *st);

#endif
