/*
 * history: what earlier events of the same boot tell: processes, fds,
 * inodes, devices, mounts. Private to src/resolve.
 *
 * Every table has a ceiling; what is used least recently gives way and is
 * counted. Keys hold the boot, so that a pid of before a reboot says nothing
 * of one after it.
 */
#ifndef RESOLVE_HISTORY_H
#define RESOLVE_HISTORY_H

#include "base/table.h"
#include "resolve/call.h"
#include "resolve/path.h"

/* Text that an entry owns and that mostly stays the same. */
struct memo {
	char *data;
	uint32_t len, capacity;
};

#define TOLD_MAX 236 /* the usual record needs 140 to 200; longer ones are read anew each time */

/* What nearly every record asks for stands in front, within few cache lines. */
struct known_process {
	uint16_t told_len;     /* 0: not kept */
	bool inherits;	       /* its parent may have left it fds */
	bool executed;	       /* an exec event of its own was seen */
	bool command_told;     /* its command line has been reported as evidence */
	uint32_t fds;	       /* put in the table of fds so far: 0 spares the look-up */
	char told[TOLD_MAX];   /* the words in which its last record told of it (call.who), and the byte behind them */
	bool foreign_pids;     /* an ancestor put it into another pid namespace */
	bool foreign_children; /* it made or joined one: its children are in it (pid_namespaces(7)) */
	struct history *owner;
	uint64_t pid, ppid, auid, uid, euid, ses;
	struct memo comm, exe, script, cmdline, tty, root;
	struct memo handed; /* the script of env(1) (#!/usr/bin/env python3), for the program that it executes */
	uint64_t handed_uid;
	uint64_t script_uid, exe_uid; /* owners, from the exec event's PATH; UNKNOWN_ID */
	uint32_t exe_mode;
	int64_t start_ms;
	uint32_t generation;  /* execs seen */
	uint32_t incarnation; /* processes seen under this number */
	uint32_t swept;	      /* how often it read under /proc of another process than the time before */
	uint32_t connected;   /* how often it connected to elsewhere */
	uint64_t swept_last;
	uint64_t born; /* serial of the first event that names it: what its parent opens later is not its own */
};

struct known_fd {
	struct history *owner;
	struct place place;
	struct memo text; /* from the host's root */
	uint64_t serial;  /* of the event that put it */
	uint32_t dev, generation, incarnation;
	bool own; /* of the opener's own directory, by the name of self */
	bool close_on_exec;
	bool closed; /* a tombstone: what the parent has under this number is no longer open here */
};

struct known_inode {
	struct place place;
	bool named; /* under an explicit name; else through an fd, and what became of that is audited in part */
	int64_t time_ms;
};

enum device_evidence { DEVICE_NAMED = 1, DEVICE_KEY = 2, DEVICE_MOUNTED = 4 };

struct known_device {
	unsigned evidence; /* enum device_evidence, by or */
	bool foreign;	   /* first named by a process in another pid namespace */
};

struct known_mount {
	uint32_t boot;
	uint64_t pid;			  /* who mounted it */
	struct memo target;		  /* from the host's root */
	struct memo source;		  /* likewise; len 0 when the log does not tell it */
	struct place place;		  /* what the source is */
	uint32_t covered_dev, source_dev; /* of the PATH records; UINT32_MAX not told */
};

#define HISTORY_MOUNTS_MAX 1024

struct history {
	struct table processes, fds, inodes, devices, threads, keys;
	struct known_mount *mounts;
	size_t mount_count, mount_next;
	uint64_t mounts_lost;
	size_t text_bytes;	     /* owned by all memos */
	uint64_t serial;	     /* of the event that is being resolved */
	int64_t time_ms;	     /* likewise */
	uint64_t *asked, *asked_fds; /* resolver_watch; NULL: nobody does */
};

int history_init(struct history *history); /* 0 or -ENOMEM */
void history_finish(struct history *history);
uint64_t history_evicted(const struct history *history);

static inline struct span memo_span(const struct memo *memo)
{
	return memo->data ? (struct span){ memo->data, memo->len } : (struct span){ 0 };
}

/* Keeps a copy, cut to `max` bytes. A span without data clears it. Returns whether it changed. */
bool memo_set(struct history *history, struct memo *memo, struct span text, size_t max);

static inline uint64_t history_key(uint32_t boot, uint64_t low)
{
	return (uint64_t)boot << 32 | (low & 0xffffffffu);
}

struct known_process *history_process(struct history *history, uint32_t boot, uint64_t pid); /* NULL: not known */

/*
 * Learns from the event what it says of its actor: a new process inherits
 * from its parent what fork gives. *news is set when the process or its exe
 * was not known so. NULL when the event names no pid. Reads the call's actor unless it is told in the same words as
 * the last time.
 */
struct known_process *history_learn_actor(struct history *history, const struct event *event, struct call *call,
					  struct arena *arena, bool *news);

/* Gives up old entries until the text that all own is below its ceiling. */
void history_trim(struct history *history);

/* Whether `pid` is that process or, as far as the log tells, a descendant of it. */
bool history_descends(struct history *history, uint32_t boot, uint64_t pid, uint64_t ancestor);

/* Whether `pid` descends from the parent of `other`, and that is not init: in the same mount namespace, most likely. */
bool history_is_kin(struct history *history, uint32_t boot, uint64_t pid, uint64_t other);

/* The fd as the process holds it; looks at parents, and then *certain is false. NULL: not known. */
struct known_fd *history_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd, bool *certain);
/* Of the process's own directory by the name of self (place->self), `text` holds the number: a child can inherit it. */
void history_put_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd, const struct place *place,
		    struct span text, uint32_t dev, bool close_on_exec);
void history_drop_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd);

/* Inode numbers of procfs come from a counter: within a boot one names one object for as long as it is in the cache. */
const struct known_inode *history_inode(struct history *history, const struct event *event,
					const struct path_item *item);
/*
 * They will be asked for, or put, soon (table_expect): a process (by its history_key) and an inode are told so twice,
 * early and later.
 */
void history_expect_process(const struct history *history, uint64_t key, bool later);
void history_expect_inode(const struct history *history, uint32_t boot, const struct path_item *item, bool later);
void history_expect_fd(const struct history *history, uint32_t boot, uint64_t pid, uint64_t fd);
/* What an explicit name said stays. */
void history_put_inode(struct history *history, const struct event *event, const struct path_item *item,
		       const struct place *place, bool named);

struct known_device *history_device(struct history *history, uint32_t boot,
				    uint32_t dev); /* NULL: nothing says procfs */
/* `foreign` counts for a device that was not known before, `certainly` for any. */
void history_put_device(struct history *history, uint32_t boot, uint32_t dev, enum device_evidence evidence,
			bool foreign, bool certainly);

/* The process that a thread belongs to, as an open of task/<tid> proved it lately; else the number itself. */
uint64_t history_thread(struct history *history, uint32_t boot, uint64_t tid);
void history_put_thread(struct history *history, uint32_t boot, uint64_t tid, uint64_t pid);

/*
 * Keys of audit rules that watch procfs: by devminor= or dir=/proc, as the
 * log shows the rule being loaded. They outlive a boot: rules files do.
 */
bool history_is_procfs_key(struct history *history, uint32_t node, struct span key);
void history_put_procfs_key(struct history *history, uint32_t node, struct span key);

/* What was on the target before gives way. The caller fills in place and the devices. */
struct known_mount *history_put_mount(struct history *history, uint32_t boot, uint64_t pid, struct span target,
				      struct span source);
void history_drop_mount(struct history *history, uint32_t boot, struct span target);

/* The mount with the longest target that text lies in; NULL when there is none. */
const struct known_mount *history_mount(const struct history *history, uint32_t boot, struct span text);

#endif
