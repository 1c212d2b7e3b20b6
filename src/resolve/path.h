/*
 * path: what a path says, as text. Private to src/resolve.
 *
 * No file system is looked at: the log is of another time and mostly of
 * another machine. Links below /proc that only name a place (self, cwd, root,
 * fd/N) are followed with what the log tells.
 */
#ifndef RESOLVE_PATH_H
#define RESOLVE_PATH_H

#include "model/access.h"

#define PATH_TEXT_MAX 8192

enum place_kind {
	PLACE_NONE,
	PLACE_ELSEWHERE, /* only `text` means something */
	PLACE_PROC_ROOT,
	PLACE_PID_DIR,	/* /proc/<pid>, or below it and no entry that matters */
	PLACE_TASK_DIR, /* /proc/<pid>/task/<tid> */
	PLACE_ENTRY,	/* an entry of entries.def */
	PLACE_LINK,	/* behind /proc/<pid>/cwd, root, exe, fd/N or ns/X: wherever that led */
	PLACE_PIDFD,	/* a pidfd of `pid` */
};

/* Something an fd, an inode or a name can stand for. */
struct place {
	enum place_kind kind;
	uint64_t pid, tid; /* UNKNOWN_ID when not told */
	enum entry entry;
	bool self; /* named by self or thread-self */
};

/*
 * Reads a normalised absolute path below /proc, such as /proc/12/task/13/mem.
 * PLACE_ELSEWHERE for any other.
 */
struct place place_of(struct span text);

/*
 * True and *place for a path that ends in <pid>/entry or <pid>/task/<tid>/entry, wherever it begins. The number of an
 * fd (/dev/fd/7/mem) is no pid.
 */
bool place_of_suffix(struct span text, struct place *place);

/* A decimal pid: 1 to 2^31 - 1, no leading zero. */
bool parse_pid(struct span text, uint64_t *pid);

struct path_walk {
	char text[PATH_TEXT_MAX];
	size_t len;
	size_t floor;	 /* the process's root: ".." does not climb above it */
	uint64_t pid;	 /* whose path it is */
	struct span cwd; /* data NULL when not told */
	/* The path that an fd of this process stands for; data NULL when it is not known. */
	struct span (*descriptor)(void *context, uint64_t fd);
	void *context;
	bool used_fd, used_cwd, foreign_root, too_long;
	unsigned jumps;
};

/* Begins at the process's root ("" for the host's). */
void path_start(struct path_walk *walk, struct span root);

/* Appends a relative or absolute path, component by component. */
void path_add(struct path_walk *walk, struct span path);

static inline struct span path_text(const struct path_walk *walk)
{
	return walk->len ? (struct span){ walk->text, walk->len } : SPAN("/");
}

#endif
