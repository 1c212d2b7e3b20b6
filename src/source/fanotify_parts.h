/*
 * fanotify_parts: what passes from the reader of fanotify's events to the
 * sensor. Private to the two.
 *
 * Who reads an event opens its file in the same moment, with his own rights:
 * /proc/<pid>/mem and maps take those of ptrace. A confined watch has given
 * these up, so a small process of its own keeps them. It reads numbers, looks
 * at /proc, and hands on bytes.
 */
#ifndef SOURCE_FANOTIFY_PARTS_H
#define SOURCE_FANOTIFY_PARTS_H

#include <sys/types.h>

#include "bpf/wire.h"
#include "source/actor_look.h"
#include "source/procfs_object.h"

#define FANOTIFY_PATH_MAX 1024
#define FANOTIFY_PROCFS_MAX 64 /* mounts of procfs in our namespace */
#define FANOTIFY_RECENT 1024
#define FANOTIFY_BATCH 256
#define FANOTIFY_LIVES 16384
#define FANOTIFY_ACTORS 256

/* One a datagram. */
struct fanotify_message {
	uint64_t overflows, vanished, unnamed; /* so far */
	int64_t time_ms;
	uint32_t actor_pid, actor_parent, target_pid, target_tid; /* 0: not known */
	uint32_t entry;						  /* enum entry; ENTRY_NONE: only the counts are news */
	uint8_t opened, trusted, has_actor, has_target;
	uint8_t inherited; /* what is told of the actor is its parent's, whose program it runs still */
	uint16_t path_len, command_len;
	uint32_t auid, ses;
	char path[FANOTIFY_PATH_MAX];	 /* of the event's file, as we see it */
	char command[ACTOR_COMMAND_MAX]; /* /proc/<actor>/cmdline */
	struct process_look actor, target;
};

/* What was seen of a process. */
struct fanotify_actor {
	uint32_t pid; /* 0: nothing */
	int64_t seen_ns;
	struct actor_look seen;
};

/* What the kernel said of a process since the sensor began; 0: nothing. Times are of CLOCK_MONOTONIC. */
struct fanotify_life {
	uint32_t pid, parent;
	int64_t began_ns, executed_ns;
};

struct procfs_mount {
	uint64_t id, device;
	bool ours;	 /* "self" in it is us: its numbers are those of our pid namespace */
	char root[64];	 /* what of procfs is mounted: "/", "/12" */
	char point[512]; /* where */
};

struct fanotify_reader {
	int events;		   /* fanotify's descriptor */
	int proc, mounts, self_fd; /* descriptors of /proc, /proc/self/mountinfo, /proc/self/fd */
	int socket;
	int processes;	   /* of proc_events; -1: there is none */
	bool tells_errors; /* FAN_REPORT_FD_ERROR */
	pid_t watch;
	enum wire_scope scope;
	uint64_t scope_of;
	struct procfs_mount procfs[FANOTIFY_PROCFS_MAX];
	size_t procfs_count;
	struct {
		uint32_t actor, target, entry;
		int64_t until_ms;
	} recent[FANOTIFY_RECENT];		       /* opens: the reads that follow are not told as well */
	struct fanotify_life lives[FANOTIFY_LIVES];    /* by pid; the younger of two wins */
	struct fanotify_actor actors[FANOTIFY_ACTORS]; /* by pid, too */
	struct fanotify_actor fresh;
	bool more;	   /* there may be events in the queue */
	int64_t marked_ns; /* when our mark was put into the queue; 0: none is in it */
	bool wants_mark;
	int64_t emptied_ns; /* when fanotify's queue was found empty last, or our mark was put in that was met last */
	int64_t deaf_ns;    /* when processes were not heard of last */
	struct fanotify_message message;
};

/* Of which entry of which process an event is. Its path is left in the reader's message. */
struct procfs_object fanotify_find_object(struct fanotify_reader *reader, int fd, uint32_t actor);

/* Hears all that the kernel has said of processes. Before the events that were read are understood. */
void fanotify_take_processes(struct fanotify_reader *reader);

/* Fills in what the message says of its actor. */
void fanotify_name_actor(struct fanotify_reader *reader, uint32_t pid);

bool fanotify_is_in_scope(struct fanotify_reader *reader, uint32_t pid);

/* Marks every procfs that is mounted here, and again when mounts change. How many are marked, or a negative errno. */
int fanotify_mark_all(struct fanotify_reader *reader);

/*
 * What the path of an event's file on the mount `mount_id` means, seen from `actor`: "/12/mem" for /mnt/p/mem where
 * /mnt/p is a bind mount of /proc/12. The text lies in `room`. Empty: it cannot be told.
 */
struct span fanotify_inner_path(const struct fanotify_reader *reader, struct span path, uint64_t mount_id,
				uint32_t actor, char room[FANOTIFY_PATH_MAX]);

/* Whether the numbers in the procfs on this device are those of our pid namespace. */
bool fanotify_is_ours(const struct fanotify_reader *reader, uint64_t device);

int64_t fanotify_now_ns(void); /* CLOCK_MONOTONIC */

/* Reads until the watch closes its end. The exit status. */
int fanotify_read(struct fanotify_reader *reader);

#endif
