/*
 * doings: what lineages did that can become steps, kept under a ceiling.
 * Private to src/incident.
 *
 * Of a lineage the newest 64 are kept; of the lineages those that did
 * something lately. Once a finding of a lineage has left the judge, what it
 * did is wanted, and outlasts the table.
 */
#ifndef INCIDENT_DOINGS_H
#define INCIDENT_DOINGS_H

#include "base/table.h"
#include "model/deed.h"
#include "model/incident.h"

struct doing {
	uint64_t lineage, order; /* order: by which what is equal in time is sorted */
	enum step_kind kind;
	bool sweep;	 /* count is how many were read */
	bool connection; /* where it leads to: before memory was reached a download, later an upload */
	bool output;	 /* is written once its process reached memory */
	bool failed;
	int64_t first_ms, last_ms;
	uint64_t count, pid, serial;
	struct origin origin;
	struct span program, what;
};

struct doings {
	struct table table;  /* by lineage */
	struct table wanted; /* lineages with findings */
	size_t bytes;	     /* that the table's entries own */
	struct doing *kept;  /* of wanted lineages that left the table; their texts are owned */
	size_t kept_count, kept_capacity, kept_bytes;
	uint64_t lost; /* of wanted lineages, and found no room */
};

int doings_init(struct doings *doings); /* 0 or -ENOMEM */
void doings_finish(struct doings *doings);

/* Takes a copy, or adds to an equal one. */
void doings_take(struct doings *doings, const struct doing *doing);

/* A finding of that lineage was made. */
void doings_want(struct doings *doings, uint64_t lineage);

/* No more will come: all that is wanted, in the order of lineage, as `root` renames it, and time. */
void doings_settle(struct doings *doings, uint64_t (*root)(void *context, uint64_t lineage), void *context);

/* Those of one lineage, when settled; NULL when there are none. */
const struct doing *doings_of(const struct doings *doings, uint64_t lineage, size_t *count);

#endif
