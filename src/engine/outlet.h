/*
 * outlet: a watch's output over months: flushed when there is something,
 * brought to the disk as is wished, turned to a new file when it is full.
 */
#ifndef ENGINE_OUTLET_H
#define ENGINE_OUTLET_H

#include "engine/steward.h"
#include "sink/output.h"

enum fsync_policy {
	FSYNC_NEVER,	/* the kernel does in its own time */
	FSYNC_FINDING,	/* after each finding */
	FSYNC_INTERVAL, /* once a second */
};

struct outlet {
	struct output *output;
	struct steward *steward; /* who opens files; NULL: nobody */
	uint64_t full_bytes;	 /* a file of that size is full; 0: none ever is */
	enum fsync_policy policy;
	bool found;		     /* a finding was written since the last sync */
	bool written;		     /* anything was */
	int64_t synced_ms, tried_ms; /* when it was last synced; when turning it failed, 0 when it did not */
};

/* Writes out what is pending, and sees to the disk and to the size. 0, or a negative errno with err. */
int outlet_flush(struct outlet *outlet, int64_t now_ms, struct err *err);

/*
 * Opens the output's file anew, after turning the old one away or not. A negative errno with err when that failed: then
 * the file that was open stays.
 */
int outlet_reopen(struct outlet *outlet, bool turn, struct err *err);

/* A full file is due to be turned. After outlet_flush. */
bool outlet_is_full(const struct outlet *outlet, int64_t now_ms);

#endif
