/* spool_parts: what the files of the spool share. Private to src/sink. */
#ifndef SINK_SPOOL_PARTS_H
#define SINK_SPOOL_PARTS_H

#include "sink/merge.h"
#include "sink/spool.h"

struct spool {
	struct spool_options options;
	struct runs *runs;
	char *block;
	size_t size, used, count;
	uint64_t taken, refused, handed_out;
	int full;	       /* the errno that made spilling impossible */
	struct merge *merge;   /* once sorted, if anything was spilled */
	struct buffer scratch; /* one record */
	struct span *raw;
	size_t raw_capacity, next;
};

uint32_t *spool_order(const struct spool *spool); /* offsets / 8 of the block's records, at the block's end */
struct record_block spool_block(const struct spool *spool);
bool spool_reserve_raw(struct spool *spool, uint64_t count);

/* Begins to hand out what is sorted. 0, or a negative errno with err. */
int spool_begin(struct spool *spool, struct err *err);

/* For qsort_r: a and b point to offsets / 8 in `data`. */
int record_compare_at(const void *a, const void *b, void *data);

#endif
