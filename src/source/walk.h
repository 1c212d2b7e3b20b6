/*
 * walk: the regular files below a directory.
 */
#ifndef SOURCE_WALK_H
#define SOURCE_WALK_H

#include <sys/stat.h>

#include "base/arena.h"
#include "model/summary.h"

#define WALK_DEPTH_MAX 48
#define WALK_FILES_MAX 100000

struct walk_file {
	const char *path; /* the directory as it was named, '/', the rest; owned by the arena */
	size_t rest;	  /* offset of the rest in path */
	dev_t device;
	ino_t inode;
	uint64_t size;
	int64_t modified_ms;
	bool link; /* found through a symbolic link */
};

struct walk {
	struct walk_file *files;
	size_t count, capacity;
	bool flat;	   /* set by the caller: do not go below the directory */
	uint64_t special;  /* FIFOs, devices, sockets */
	uint64_t links;	   /* symbolic links to directories, and dangling ones */
	uint64_t left_out; /* behind the ceilings above */
};

/*
 * Adds every file below `directory`, each once, in byte order of its path.
 * Links to files are followed, links to directories not. What cannot be read
 * is a note. Negative errno when memory is out.
 */
int walk_add(struct walk *walk, const char *directory, struct arena *names, struct summary *summary);
void walk_finish(struct walk *walk);

#endif
