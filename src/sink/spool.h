/*
 * spool: findings, sorted, however many there are.
 *
 *   spool_create → spool_add* → spool_sort → spool_next* → (spool_resort → spool_next*)* → spool_destroy
 *
 * Findings are packed into one block of memory. When it is full it is sorted
 * and written as a run to an unlinked temporary file; the runs are merged
 * while they are read. Memory never exceeds the ceiling by more than one
 * finding a run that is compared. Same findings, same order out, whatever
 * the order they came in.
 *
 * The file is opened by spool_create, so that confinement can follow; later
 * calls use pread64, pwrite64 and ftruncate on that one descriptor.
 */
#ifndef SINK_SPOOL_H
#define SINK_SPOOL_H

#include "base/err.h"
#include "model/finding.h"

/* Always from the most to the least; then the newest first; then by id; then by content. */
enum spool_order { SPOOL_BY_TIME, SPOOL_BY_RISK, SPOOL_BY_SCORE, SPOOL_BY_COUNT };

int spool_order_from_name(const char *name); /* "time", "risk", "score", "count"; -1 when it is none */

#define SPOOL_KEYS 3

/* What keys are made of: kept beside each finding as it was taken, so that sorting anew need not unpack it. */
struct spool_place {
	uint64_t lineage, serial, count;
	int64_t first_ms, time_ms;
	uint8_t risk, score, entry; /* enum risk, 0-100, enum entry */
};

/* What findings are sorted by in that order. */
void spool_keys(enum spool_order order, const struct spool_place *place, uint64_t keys[SPOOL_KEYS]);

struct spool_options {
	size_t memory;	       /* bytes; 0 means 16 MiB */
	const char *directory; /* of the temporary file; NULL: $TMPDIR, else /var/tmp, else /tmp */
	enum spool_order order;
	uint64_t limit; /* hand out no more than these; 0: all */
};

struct spool;

/*
 * NULL with err when memory is out. A missing or read-only directory is no
 * error: then there is just the memory, and what does not fit is refused.
 */
struct spool *spool_create(const struct spool_options *options, struct err *err);
void spool_destroy(struct spool *spool);

/*
 * Takes a copy; origin.file and origin.member stay pointers and must live
 * until the end. 0, or a negative errno with err: this finding is refused and
 * counted, all that were taken before are kept, and so are later ones if
 * there is room for them.
 */
int spool_add(struct spool *spool, const struct finding *finding, struct err *err);

/* Drops all that was taken, before spool_sort: to begin anew. */
void spool_clear(struct spool *spool);

/* No more will come. 0, or a negative errno with err: nothing can be handed out. */
int spool_sort(struct spool *spool, struct err *err);

/*
 * Sorts anew by what `key` says of each finding: ascending, then by id, then
 * by content. Hands out from the beginning again. What was spilled is read,
 * sorted and written back where it lies, run by run. After the last
 * spool_add, also instead of spool_sort. 0, or a negative errno with err.
 */
typedef void (*spool_key)(void *context, const struct spool_place *place, uint64_t keys[SPOOL_KEYS]);
int spool_resort(struct spool *spool, spool_key key, void *context, struct err *err);

/* 1: *finding is the next one, which lives until the following call. 0: the end. Negative errno with err. */
int spool_next(struct spool *spool, struct finding *finding, struct err *err);

uint64_t spool_count(const struct spool *spool); /* taken */
uint64_t spool_refused(const struct spool *spool);
uint64_t spool_spilled_bytes(const struct spool *spool); /* in the temporary file now */

#endif
