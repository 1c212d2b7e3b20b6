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
#include "source/process_look.h"

#define FANOTIFY_PATH_MAX 1024
#define FANOTIFY_COMMAND_MAX 512
#define FANOTIFY_PROCFS_MAX 64 /* mounts of procfs in our namespace */
#define FANOTIFY_RECENT 1024

/* One a datagram. */
struct fanotify_message {
	uint64_t overflows, vanished; /* so far */
	int64_t time_ms;
	uint32_t actor_pid, target_pid, target_tid; /* 0: not known */
	uint32_t entry;				    /* enum entry; ENTRY_NONE: only the counts are news */
	uint8_t opened, trusted, has_actor, has_target;
	uint16_t path_len, command_len;
	uint32_t auid, ses;
	char path[FANOTIFY_PATH_MAX];	    /* of the event's file, as we see it */
	char command[FANOTIFY_COMMAND_MAX]; /* /proc/<actor>/cmdline */
	struct process_look actor, target;
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
	pid_t watch;
	enum wire_scope scope;
	uint64_t scope_of;
	struct procfs_mount procfs[FANOTIFY_PROCFS_MAX];
	size_t procfs_count;
	struct {
		uint32_t actor, target, entry;
		int64_t until_ms;
	} recent[FANOTIFY_RECENT]; /* opens: the reads that follow are not told as well */
	struct fanotify_message message;
};

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

/* Reads until the watch closes its end. The exit status. */
int fanotify_read(struct fanotify_reader *reader);

#endif
