/*
 * incident: findings of one actor's lineage on one host, and what that
 * lineage did around them, told as one story in the order of time.
 *
 * A lineage is a process tree below its session or script. Steps beside the
 * findings (a download, a sweep, a dump file) are sought only there, and are
 * never findings themselves.
 *
 * All text belongs to who hands the incident out, until its next call.
 */
#ifndef MODEL_INCIDENT_H
#define MODEL_INCIDENT_H

#include "model/finding.h"

/* In the order in which an intruder gets there. */
enum step_kind {
	STEP_DOWNLOAD, /* a program was fetched: curl, wget, git, pip naming a host; a connect */
	STEP_BLINDING, /* audit rules removed, auditing switched off, procfs filtered out */
	STEP_TOOL,     /* a known tool, or a command that dumps memory, was started */
	STEP_RECON,    /* processes were looked for: pgrep, ps, sweeps of cmdline or status */
	STEP_ENVIRON,
	STEP_MAP,
	STEP_MEMORY, /* mem opened, process_vm_readv, kcore */
	STEP_ATTACH, /* ptrace, pidfd_getfd */
	STEP_DUMP,   /* a file was written after memory was reached */
	STEP_SHADOW, /* /etc/shadow or its like was read */
	STEP_UPLOAD, /* a connection after memory or environ was reached */
	STEP_CRASH,
	STEP_CLEANUP, /* what the lineage wrote or ran was removed, a shell's history, a log */
	STEP_KINDS
};

const char *step_kind_name(enum step_kind kind); /* "download", "blinding", … */

/* Findings of one kind by one program in a row are one, with a count: what it says is of the first of them. */
struct incident_step {
	enum step_kind kind;
	int64_t first_ms, last_ms;
	uint64_t count;
	uint64_t pid;	      /* UNKNOWN_ID: not known, or several */
	struct span program;  /* exe, or comm where that is all there is */
	struct span what;     /* in words: the command line, the path, the address */
	uint64_t target_pid;  /* UNKNOWN_ID when it has none, or several */
	struct span target;   /* its comm or exe */
	uint64_t serial;      /* of the event, 0 for log lines */
	struct origin origin; /* of its first record */
	char finding[17];     /* id of the (first) finding that this is; "" for a step beside them */
	bool wrote;	      /* a finding about a file: what is its path */
	bool failed;	      /* an attempt, or a command line that was not seen to do as it says */
};

struct incident_target {
	uint64_t pid; /* UNKNOWN_ID: the log does not tell */
	struct span comm, exe;
	uint32_t entries; /* 1 << enum entry */
	uint32_t verbs;	  /* 1 << enum verb */
	bool holder;	  /* it holds credentials */
};

#define INCIDENT_TARGETS_MAX 256
#define INCIDENT_STEPS_MAX 512
#define INCIDENT_REASONS_MAX 12
#define INCIDENT_FOUND_MAX 256

struct incident {
	char id[17]; /* 16 hex digits, from content alone */
	struct span host;
	enum risk risk;				   /* the highest of its findings */
	unsigned score;				   /* 0-100 */
	unsigned severity;			   /* 1-10 */
	struct span reasons[INCIDENT_REASONS_MAX]; /* of the score, in words */
	size_t reason_count;
	struct process actor;		       /* whose finding is the gravest */
	const struct incident_target *targets; /* gravest first */
	size_t target_count;
	uint64_t targets_left;		   /* that found no room */
	const struct incident_step *steps; /* in the order of time */
	size_t step_count;
	uint64_t steps_left;
	int64_t first_ms, last_ms;
	uint64_t findings;		    /* how many */
	const struct finding *const *found; /* the gravest of them, in the order of time */
	size_t found_count;
};

#endif
