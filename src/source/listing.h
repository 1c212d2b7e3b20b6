/*
 * listing: the logs that an archive holds, in the order of reading.
 */
#ifndef SOURCE_LISTING_H
#define SOURCE_LISTING_H

#include "source/archive.h"
#include "source/collection.h"
#include "source/inputs.h"

struct listing {
	struct inputs *inputs; /* keeps the names */
	const struct input *archive;
	struct collections *collections;
	struct input *items; /* the members that are logs */
	size_t count, capacity;
	size_t seen;					/* members in all */
	uint64_t journals, archives, encrypted, broken; /* members that were not read */
};

int listing_init(struct listing *listing, struct inputs *inputs, const struct input *archive);
void listing_finish(struct listing *listing);

/* The reader's current member, decompressed, as opening_member gives it. NULL when memory is out. */
struct stream *listing_open(const struct listing *listing, struct archive_reader *reader, enum content *content);

/*
 * Takes the reader's current member, of which it reads the beginning. A log
 * is added to the items, and its stream given to the caller when `log` is not
 * NULL. Negative errno: memory is out.
 */
int listing_take(struct listing *listing, struct archive_reader *reader, const struct archive_member *member,
		 struct stream **log);

/* Whether a member that was taken is one of the logs, with its place and host now that more is known. */
bool listing_settle(struct listing *listing, struct input *item);

/* When all are taken: drops what a collection knows to be no log, and orders the rest. */
void listing_order(struct listing *listing);

/* At the end: what was recognised, what was left out. */
void listing_note(struct listing *listing);

#endif
