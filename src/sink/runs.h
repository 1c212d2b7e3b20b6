/*
 * runs: sorted runs of packed findings in one unlinked file. Private to
 * src/sink: what spool writes and merge reads.
 *
 *   block   [record│pad][record│pad]…        order: offsets / 8 of its records, sorted
 *   file    [run: record│pad, record│pad, …][run: …]
 */
#ifndef SINK_RUNS_H
#define SINK_RUNS_H

#include "base/buffer.h"
#include "sink/spool.h"

#include <sys/types.h>

/* What records are sorted by, and `len` bytes of packed finding behind it; then padding to 8. */
struct record_head {
	uint64_t keys[SPOOL_KEYS]; /* ascending */
	char id[16];
	uint64_t len, raw_count;
	struct spool_place place;
};

static inline size_t record_size(const struct record_head *head)
{
	return (sizeof(*head) + head->len + 7) & ~(size_t)7;
}

/* Records in memory; the block is 8-byte aligned. */
struct record_block {
	const char *data;
	const uint32_t *order;
	size_t count;
};

static inline const struct record_head *block_record(const struct record_block *block, size_t i)
{
	return (const struct record_head *)(const void *)(block->data + (size_t)block->order[i] * 8);
}

/* <0, 0, >0; content decides last, and 0 means that nobody can tell them apart. */
int record_compare(const struct record_head *a, const struct record_head *b);

struct run {
	off_t begin, end; /* in the file */
};

struct runs;

/* The file is in that directory, or where base/unlinked.h says. NULL when memory is out. */
struct runs *runs_create(const char *directory);
void runs_destroy(struct runs *runs);

/* Writes a sorted block as a run. A negative errno leaves everything as it was. */
int runs_write(struct runs *runs, const struct record_block *block);

/* Writes the block in place of run `i`, whose records it holds, in another order. 0 or a negative errno. */
int runs_rewrite(struct runs *runs, size_t i, const struct record_block *block);

/* `len` bytes at `at`; 0 or a negative errno. */
int runs_read(const struct runs *runs, char *to, size_t len, off_t at);

void runs_clear(struct runs *runs); /* forgets all of them */
size_t runs_count(const struct runs *runs);
struct run runs_item(const struct runs *runs, size_t i);
uint64_t runs_bytes(const struct runs *runs);

#endif
