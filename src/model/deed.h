/*
 * deed: something that a process did beside accesses, and that may be a step
 * of an incident. Most programs do such things every day: a deed by itself
 * is never a finding.
 *
 * All text lives as long as that of the accesses of the same event.
 */
#ifndef MODEL_DEED_H
#define MODEL_DEED_H

#include "model/access.h"

enum deed_kind {
	DEED_EXEC,    /* a program was started: actor.exe, actor.cmdline */
	DEED_CONNECT, /* object is the address: 192.0.2.1:443, [2001:db8::1]:443 */
	DEED_WRITE,   /* a file was made: object is its path */
	DEED_SHADOW,  /* a file of password hashes was opened: object */
	DEED_SWEEP,   /* names or states of other processes were read under /proc: count of them so far */
	DEED_REMOVE,  /* a file was unlinked: object */
	DEED_BLIND,   /* audit rules were removed or auditing was switched off: object says which */
};

struct deed {
	enum deed_kind kind;
	int64_t time_ms;
	struct span host; /* data NULL when the log does not say */
	uint32_t boot;
	uint64_t serial; /* 0 for what is no audit event */
	struct origin origin;
	enum trust trust;
	bool failed;
	uint64_t count;
	struct process actor;
	struct span object;
};

#endif
