/*
 * resolver: what the files of this folder share while one event is resolved.
 * Private to src/resolve.
 */
#ifndef RESOLVE_RESOLVER_H
#define RESOLVE_RESOLVER_H

#include "model/deed.h"
#include "resolve/history.h"
#include "resolve/resolve.h"

#define SIGHTINGS_MAX 8
#define DEEDS_MAX 2
#define ARGUMENTS_MAX 512

#define NODES_WATCHED 4096

/* What the log says of its own gaps: auditing switched off, procfs left out by a rule, auditd gone without a word. */
struct coverage {
	uint64_t blinded, switched_off, died;
	bool running[NODES_WATCHED]; /* by node id: a DAEMON_START was seen and no DAEMON_END since */
	bool procfs_seen;
};

#define REACHED_KEPT 1024

/* Who reached memory or secrets of another process, and when: what is made or removed by his like may be a deed. */
struct reached {
	uint64_t who; /* a session, a process or its parent, of a boot */
	int64_t time_ms;
};

struct resolver {
	struct history history;
	struct coverage coverage;
	struct arena arena; /* reset for each event */
	const struct event *event;
	uint32_t boot;	   /* of the last event */
	uint64_t expected; /* key of the process whose entry resolver_expect is to fetch next; 0: none */
	struct call call;
	struct known_process *actor; /* NULL when the event names no process */
	bool news;		     /* the actor, or its exe, was not known before */
	struct path_walk walk;
	bool in_root;	    /* openat2 with RESOLVE_IN_ROOT: the directory is "/" to the name */
	bool links_certain; /* what the fds that the walk went through stand for */
	struct access sightings[SIGHTINGS_MAX];
	size_t count, next;
	bool wants_deeds;
	struct reached reached[REACHED_KEPT]; /* by what `who` hashes to: the later one stays */
	struct deed deeds[DEEDS_MAX];
	size_t deed_count, deed_next;
};

/* A new sighting with everything filled in that holds for the whole event. NULL when there are too many. */
struct access *resolver_add(struct resolver *resolver, enum sighting sighting, enum verb verb);

/* Who did it, with what history knows of it. */
void resolver_actor(struct resolver *resolver, struct process *actor);

/* Sets target.pid and what history knows of it; pid UNKNOWN_ID is allowed. Sets self. */
void resolver_target(struct resolver *resolver, struct access *access, uint64_t pid);

/*
 * `text` with the actor's number in place of /proc/self and /proc/thread-self: kept beyond this event, in an fd, a
 * mount or a root, they would come to mean another process. In the arena, or `text` itself.
 */
struct span resolver_numbered(struct resolver *resolver, struct span text);

/*
 * Whether the actor or an ancestor mounted a procfs over /proc: that goes
 * with a new pid namespace, whose numbers are not the host's.
 */
bool resolver_has_own_proc(struct resolver *resolver);

/* Walks `name` from where the process stands. False when the base of a relative name is not known. */
struct base {
	enum resolved_by how;
	bool certain;
	bool own;     /* the directory is the actor's own, opened by the name of self */
	uint32_t dev; /* of the directory, when how is RESOLVED_DIRFD; UINT32_MAX not known */
};
bool resolver_walk(struct resolver *resolver, struct span name, int64_t dirfd, struct base *base);

#define DIRFD_CWD (-100) /* AT_FDCWD */

/* The events of one kind each. */
void resolve_open(struct resolver *resolver);	       /* opens.c */
void resolve_ordinary_open(struct resolver *resolver); /* opens.c: one that call_is_ordinary */
void resolve_memory(struct resolver *resolver);	       /* memory.c: process_vm_*, ptrace, pidfd_getfd */
void resolve_exec(struct resolver *resolver);	       /* command.c */
void resolve_command(struct resolver *resolver); /* command.c: what a title or USER_CMD tells when nothing else did */
void resolve_rules(struct resolver *resolver);	 /* rules.c: CONFIG_CHANGE, DAEMON_START, DAEMON_END */

/* deed.c; each only when resolver->wants_deeds */
void deed_note_reached(struct resolver *resolver);     /* after an event that gave sightings */
bool deed_is_reached(const struct resolver *resolver); /* lately, by the actor, its session or its family */
void deed_of_open(struct resolver *resolver);	       /* of an ordinary one */
void deed_of_object(struct resolver *resolver, const struct span *text, const struct place *place);
void deed_of_call(struct resolver *resolver);			 /* connect, unlink */
void deed_of_rules(struct resolver *resolver, struct span what); /* auditing was weakened */

/* rules.c: what a command line of auditctl says of the rules. */
void learn_rule(struct resolver *resolver, const struct span *arguments, size_t count);

bool resolve_place(struct resolver *resolver); /* places.c: mounts, chroots, fds; false when the call is none of them */

#endif
