/* merge: the runs of a file and a sorted block of memory, read as one. Private to src/sink. */
#ifndef SINK_MERGE_H
#define SINK_MERGE_H

#include "sink/runs.h"

struct merge;

/* Runs and block stay the caller's. Windows on the file take `memory` in all. NULL with the negative errno. */
struct merge *merge_create(const struct runs *runs, const struct record_block *block, size_t memory, int *status);
void merge_destroy(struct merge *merge);

/* 1: *record is the next one, until the following call. 0: the end. Or a negative errno. */
int merge_next(struct merge *merge, const struct record_head **record);

#endif
