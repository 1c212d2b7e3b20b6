/*
 * event: the records that share one (node, time, serial): what the kernel
 * said about one syscall, or one message of a user-space daemon.
 *
 * Its bytes belong to the assembler and live until the next call on it.
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "model/record.h"

struct event_record {
	uint16_t type;
	struct span body, raw;
};

struct event {
	struct span node; /* empty when the log does not say */
	uint32_t node_id; /* small, dense; the same node has the same id for the whole run */
	uint32_t boot;	  /* differs between the boots of a node: what history knows of one says nothing of another */
	int64_t time_ms;
	uint64_t serial;
	struct origin origin; /* of the first record that was read */
	enum trust trust;     /* the lowest of its records */
	bool incomplete;      /* records of it are missing */
	bool again;	      /* a record came late: the event is handed out a second time, whole */
	const struct event_record *records;
	size_t count;
};

#endif
