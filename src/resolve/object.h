/*
 * object: which object an open is about. Private to src/resolve.
 */
#ifndef RESOLVE_OBJECT_H
#define RESOLVE_OBJECT_H

#include "resolve/resolver.h"

struct opened {
	const struct path_item *item;
	struct place place;
	enum resolved_by how;
	bool certain, literal; /* literal: an absolute /proc/… name */
	bool other_pids;       /* on a procfs of another pid namespace */
	struct span text;      /* from the host's root; data NULL when not known */
	uint64_t flags;
	bool has_flags;
};

/* Whether the object's mode, where it is told, is that entry's. */
bool object_fits(const struct path_item *item, enum entry entry);

/* What the name says, from where the process stands, and the mounts that lie on it. */
void object_by_name(struct resolver *resolver, struct opened *opened);

/*
 * Whether the open is of an entry: as the name said, or else as the inode, the end of the name or the device tells.
 * What the name says of devices is to be learnt before.
 */
bool object_is_told(struct resolver *resolver, struct opened *opened);

/* How it was opened, as far as the log tells (opens.c). */
void open_read_flags(struct resolver *resolver, struct opened *opened);

#endif
