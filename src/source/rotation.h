/*
 * rotation: which file of a series a name is, and which came first.
 *
 * auditd writes audit.log.4 … audit.log.1, audit.log; logrotate writes
 * audit.log-20240101, audit.log.2024-01-01, with `extension` also
 * audit-20240101.log and audit.1.log; each may be compressed. journald has a
 * way of its own.
 */
#ifndef SOURCE_ROTATION_H
#define SOURCE_ROTATION_H

#include "base/span.h"

struct rotation {
	struct span folder; /* of the place: everything before the last '/', or empty */
	struct span stem;   /* the series is folder + stem + ending: "audit.log" + "" or "audit" + ".log" */
	struct span ending;
	uint64_t age; /* the order within a series: the oldest has the least, the plain name the most */
};

#define ROTATION_CURRENT UINT64_MAX

/* Borrows from place, the path of a log. A name that is no rotation is a series of its own. */
struct rotation rotation_of(struct span place);

bool rotation_same_series(const struct rotation *a, const struct rotation *b);

/* < 0 when a is to be read first: by folder, series, age; in byte order. */
int rotation_compare(const struct rotation *a, const struct rotation *b);

/* The name without .gz, .xz, .zst, .bz2, .lz4 and the like. */
struct span rotation_uncompressed(struct span name);

#endif
