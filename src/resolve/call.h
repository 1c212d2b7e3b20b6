/*
 * call: what the records of one event say about one system call, as numbers
 * and text. Private to src/resolve.
 *
 * Text lives in the event or in the arena given.
 */
#ifndef RESOLVE_CALL_H
#define RESOLVE_CALL_H

#include "base/arena.h"
#include "model/access.h"
#include "model/event.h"
#include "model/syscall.h"

#define PATH_ITEMS_MAX 16

struct path_item {
	struct span name; /* data NULL for (null) */
	uint64_t inode;
	uint32_t dev;  /* major << 20 | minor */
	uint32_t rdev; /* likewise */
	uint32_t mode;
	uint32_t uid; /* ouid */
	uint32_t number;
	bool has_dev, has_mode, has_uid, is_parent;
};

struct call {
	enum syscall_id id;
	struct span name; /* of the syscall for output; data NULL when the log does not say */
	bool has_record;  /* a SYSCALL or URINGOP record was there */
	bool from_ring;	  /* URINGOP: io_uring did it */
	struct span op;	  /* telemetry that names no syscall: "open", "exec" */
	bool failed;
	int64_t exit;	      /* negative errno when failed */
	struct process actor; /* as this event alone tells it; all but its pid only after call_read_actor */
	const struct event_record *unread; /* the record that tells the actor, until call_read_actor */
	struct span who;		   /* of a record in the usual order: from its ppid on; data NULL otherwise */
	size_t who_len;			   /* how much of it tells the actor; 0 not known yet */
	struct span arguments[4];	   /* likewise: its a0 to a3 */
	struct span rest;		   /* of the record's body, where its key= is */
	struct span title_body;		   /* of the PROCTITLE record; call_title decodes it */
	const struct event_record *execve; /* the first EXECVE record, or NULL */
	uint16_t note_type; /* CONFIG_CHANGE, DAEMON_*, ANOM_ABEND or USER_CMD, when the event holds one */
	struct span note;   /* its body */
	bool created;	    /* an ordinary open that came with the directory of what it made */
	bool hashes;	    /* an ordinary open whose name ends as those of files of password hashes do */
	bool detailed;	    /* by call_details; what follows is known only then */
	uint64_t a[4];
	bool has_a[4];
	struct span cwd;		 /* data NULL when there is none */
	uint64_t object_pid, object_uid; /* OBJ_PID */
	struct span object_comm;
	size_t path_count;
	struct path_item paths[PATH_ITEMS_MAX];
};

static inline uint32_t dev_major(uint32_t dev)
{
	return dev >> 20;
}

/* What every event needs: the SYSCALL or URINGOP record, and which records there are. */
void call_parse(struct call *call, const struct event *event, struct arena *arena);

/* Who did it, when only the pid has been read. */
void call_read_actor(struct call *call, struct arena *arena);

/* It is known already what the first `len` bytes of call->who say: only the rest of the record is of interest. */
void call_skip_actor(struct call *call, size_t len);

/*
 * Whether all that the PATH records name, but for the directories of what was
 * created, lies on a device that has a block device or driver behind it, and
 * is no directory: nothing of procfs, and no base for a later name. Looks only
 * at the beginnings of the records; false in doubt. Sets call->created and call->hashes.
 */
bool call_is_ordinary(struct call *call, const struct event *event);

/* The arguments, and the PATH, CWD and OBJ_PID records. Once: a second time does nothing. */
void call_details(struct call *call, const struct event *event, struct arena *arena);

/* The rule keys, decoded, parted by \1; data NULL when there is none. */
struct span call_keys(const struct call *call, struct arena *arena);

/* Whether the PROCTITLE may name /proc/…, in either form. */
bool call_title_names_proc(const struct call *call);

/* The title, its NULs as they are; data NULL when there is none. */
struct span call_title(const struct call *call, struct arena *arena);

/*
 * The arguments of the event's EXECVE records, joined where they were split
 * over several (a1[0]=, a1[1]=). Returns how many there are; at most
 * `max` are written. They live in the arena.
 */
size_t call_arguments(const struct event *event, struct arena *arena, struct span *arguments, size_t max);

/* The file that an open-like call is about: not the parent directory. NULL when no PATH tells. */
const struct path_item *call_object(const struct call *call);

#endif
