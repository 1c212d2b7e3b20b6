/*
 * access: the noun everything turns on. An actor did a verb to an entry of a
 * target, with an outcome, known by evidence.
 *
 * It is to Linux what Sysmon's event 10 (ProcessAccess) is to Windows. All
 * spans point into the event it was resolved from, and die with it.
 */
#ifndef MODEL_ACCESS_H
#define MODEL_ACCESS_H

#include "model/record.h"

/* Those before exec reach another process; log and what follows never do. */
enum verb {
	VERB_OPEN,
	VERB_PROCESS_VM_READV,
	VERB_PROCESS_VM_WRITEV,
	VERB_PTRACE,
	VERB_PIDFD_GETFD,
	VERB_EXEC,
	VERB_LOG,
	VERB_WRITE
};
enum { VERB_COUNT = VERB_WRITE + 1 };

enum entry {
	ENTRY_NONE,
#define ENTRY(id, name, mode, tier, gives) ENTRY_##id,
#include "model/entries.def"
#undef ENTRY
	ENTRY_COUNT
};

enum entry_tier { ENTRY_TIER_MEMORY, ENTRY_TIER_SECRET, ENTRY_TIER_ADDRESS, ENTRY_TIER_SYSTEM };

/* What kind of sighting an access struct holds. Only the first is an access in the summary's count. */
enum sighting {
	SIGHTING_ACCESS,
	SIGHTING_EXECUTION, /* a program was seen to start or to run: actor only */
	SIGHTING_CRASH,	    /* the actor died by a signal */
	SIGHTING_LINE,	    /* a line of text: actor.comm, actor.pid, message */
	SIGHTING_EVENT,	    /* an audit event of another kind that a rule is about: actor, message */
	SIGHTING_FILE,	    /* a file was made, or opened for writing: actor, verb write, resolved_path, created */
};

/* Which evidence names the target. */
enum resolved_by {
	RESOLVED_NONE,
	RESOLVED_PATH,
	RESOLVED_CWD,
	RESOLVED_DIRFD,
	RESOLVED_FD,
	RESOLVED_INODE,
	RESOLVED_MOUNT,
	RESOLVED_CHROOT,
	RESOLVED_ARGUMENT,
	RESOLVED_SELF,
	RESOLVED_DEVICE,
	RESOLVED_COMMAND,
	RESOLVED_HELD,	/* live: found among the descriptors of a process when the watch began */
	RESOLVED_CHECK, /* live: the kernel asked whether the actor may reach into it */
};
enum { RESOLVED_COUNT = RESOLVED_CHECK + 1 };

/* A number in the log that may be missing. */
#define UNKNOWN_ID UINT64_MAX

/* Which live sensors saw it, by or; 0: it comes of a log. */
enum seen_by {
	SEEN_BY_AUDIT = 1,
	SEEN_BY_AUDISP = 2,
	SEEN_BY_JOURNAL = 4,
	SEEN_BY_FANOTIFY = 8,
	SEEN_BY_BPF = 16,
	SEEN_BY_START = 32, /* no sensor: the look that a watch takes when it begins (source/held.h) */
	SEEN_BY_END = 64,
};

const char *seen_by_name(enum seen_by bit); /* of one bit: "audit"; NULL when it is none */

/* Unknown text has data NULL; unknown numbers are UNKNOWN_ID. auid 4294967295 means unset and is known. */
struct process {
	uint64_t pid, ppid, auid, uid, euid, ses;
	struct span comm, exe, script, cmdline, cwd, tty;
	struct span container; /* live: the id of its container, as its cgroup tells it */
	uint64_t script_uid;   /* owner of the script file, from the execve event's PATH item 0 */
	int64_t start_ms;      /* time of its execve event, or live, of its start; or TIME_UNKNOWN */
};

/* Of whom nothing is known. */
extern const struct process process_unknown;

struct access {
	int64_t time_ms;
	struct span host; /* data NULL when the log does not say */
	uint64_t serial;
	uint32_t boot;	      /* of the host, as the log shows it; 0 for log lines */
	uint64_t lineage;     /* of the actor, as src/incident numbers them; 0 when nobody asked */
	struct origin origin; /* of the first record */
	enum trust trust;
	enum sighting sighting;
	enum verb verb;
	enum entry entry;
	enum resolved_by resolved_by;
	bool certain;
	bool self;
	bool write;	  /* opened for writing, or process_vm_writev */
	bool path_only;	  /* O_PATH: no read */
	bool created;	  /* verb write: the file was not there before */
	bool again;	  /* the same event was seen before, with fewer records */
	bool trusted_exe; /* nothing says that the actor's exe or script is not what it seems: no chroot, owned by root */
	bool incomplete;	   /* the event was cut: records of it are missing */
	unsigned seen_by;	   /* enum seen_by */
	int outcome;		   /* 0 or negative errno */
	struct span path;	   /* as the caller passed it */
	struct span resolved_path; /* what it means, such as /proc/12/mem */
	struct span syscall;	   /* name, or number where the name is not known; data NULL for log lines */
	uint64_t request;	   /* ptrace request, or UNKNOWN_ID */
	struct process actor, target;
	struct span parent_exe, parent_cmdline; /* of the actor's parent, when the log shows it */
	const struct span *raw;			/* the event's lines */
	size_t raw_count;
	struct span message; /* verb log: the line's message */
};

const char *verb_name(enum verb verb);
/* What was attempted, whether it worked or not: read, write, attach, copy, execute, crash, log. */
const char *access_action(const struct access *access);

/* Whose deed it is: who logged in, else whom the actor ran as; UNKNOWN_ID where the log does not tell. */
uint64_t access_user(const struct access *access);

/* Whether it is about another process, be it known or not: a line of text, a start of a program and the like are not. */
bool access_has_target(const struct access *access);
/* Whether it is known how it ended: of a line of text it is not. */
bool access_has_outcome(const struct access *access);

const char *resolved_by_name(enum resolved_by how);
const char *entry_name(enum entry entry); /* NULL for ENTRY_NONE */
const char *entry_gives(enum entry entry);
enum entry_tier entry_tier(enum entry entry);
uint32_t entry_mode(enum entry entry);
enum entry entry_from_name(struct span name); /* ENTRY_NONE when it is none that matters */

/* "EACCES" for -13, "success" for 0; a number's text for what has no name lives in `room`. */
const char *outcome_name(int outcome, char room[16]);

#endif
