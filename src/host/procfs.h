/*
 * procfs: which instances of procfs this host has mounted. Each has a device
 * of its own (major 0), and an audit rule sees one device.
 *
 * The evidence is mountinfo (proc(5)), of our own mount namespace and of
 * every other one that some process shows:
 *
 *	22 27 0:21 / /proc rw,relatime - proc proc rw
 *
 * What no namespace has mounted is not found: an instance that was detached
 * while descriptors of it are open, or made by fsmount(2) and never attached.
 */
#ifndef HOST_PROCFS_H
#define HOST_PROCFS_H

#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"

#define PROCFS_MAX 256 /* instances */

struct procfs {
	unsigned minor;
	pid_t pid;	 /* a process that has it mounted, 0 for our own mount namespace */
	bool whole;	 /* the root of the instance is what is mounted, not a directory of it */
	char where[256]; /* the mount point as mountinfo writes it, cut; the first that was found */
};

struct procfs_list {
	struct procfs items[PROCFS_MAX]; /* ours first, then as found; each minor once */
	size_t count;
	size_t left_out;   /* instances beyond PROCFS_MAX */
	size_t unreadable; /* processes whose mountinfo could not be read: they may have others */
};

/* Adds what a text in mountinfo's form names. Broken lines are passed over. */
void procfs_parse(struct procfs_list *list, struct span text, pid_t pid);

/* Reads the mountinfo below `proc` ("/proc") of ourselves and of each mount namespace. Negative errno with err if ours fails. */
int procfs_find(struct procfs_list *list, const char *proc, struct err *err);

/* The instance of that minor, or NULL. */
const struct procfs *procfs_with_minor(const struct procfs_list *list, unsigned minor);

#endif
