/*
 * Findings in another order than they were added for: each record gets new
 * keys, then the block and every run are sorted by themselves, as they were
 * when they were written. A run keeps its place in the file, so that this
 * takes no more room there than before, and one run's memory.
 */
#include "sink/spool_parts.h"

#include <errno.h>
#include <stdlib.h>

struct resorting {
	struct spool *spool;
	spool_key key;
	void *context;
	struct buffer data, order; /* of one run */
};

/* Gives every record of the run its keys, and notes where it lies. */
static int key_run(struct resorting *resorting, size_t len)
{
	char *data = resorting->data.data;

	for (size_t at = 0; at < len;) {
		struct record_head *head = (struct record_head *)(void *)(data + at);
		uint32_t place = (uint32_t)(at / 8);
		if (len - at < sizeof(*head) || head->len > len - at - sizeof(*head))
			return -EIO; /* not what was written */
		buffer_add(&resorting->order, (struct span){ (const char *)&place, sizeof(place) });
		at += record_size(head);
		resorting->key(resorting->context, &head->place, head->keys);
	}
	return 0;
}

static int resort_run(struct resorting *resorting, size_t i)
{
	struct runs *runs = resorting->spool->runs;
	struct run run = runs_item(runs, i);
	size_t len = (size_t)(run.end - run.begin);

	buffer_reset(&resorting->data);
	buffer_reset(&resorting->order);
	if (!buffer_reserve(&resorting->data, len))
		return -ENOMEM;
	int status = runs_read(runs, resorting->data.data, len, run.begin);
	if (!status)
		status = key_run(resorting, len);
	if (!status && resorting->order.failed)
		status = -ENOMEM;
	if (status)
		return status;
	uint32_t *order = (uint32_t *)(void *)resorting->order.data;
	struct record_block block = { resorting->data.data, order, resorting->order.len / sizeof(*order) };
	qsort_r(order, block.count, sizeof(*order), record_compare_at, resorting->data.data);
	return runs_rewrite(runs, i, &block);
}

static void resort_block(struct resorting *resorting)
{
	struct spool *spool = resorting->spool;
	uint32_t *order = spool_order(spool);

	for (size_t i = 0; i < spool->count; i++) {
		struct record_head *head = (struct record_head *)(void *)(spool->block + (size_t)order[i] * 8);
		resorting->key(resorting->context, &head->place, head->keys);
	}
	qsort_r(order, spool->count, sizeof(*order), record_compare_at, spool->block);
}

int spool_resort(struct spool *spool, spool_key key, void *context, struct err *err)
{
	struct resorting resorting = { .spool = spool, .key = key, .context = context };
	int status = 0;

	resort_block(&resorting);
	for (size_t i = 0; i < runs_count(spool->runs) && !status; i++)
		status = resort_run(&resorting, i);
	buffer_finish(&resorting.data);
	buffer_finish(&resorting.order);
	if (status)
		return err_set(err, status, "cannot sort the spilled findings anew: %s", strerror(-status));
	return spool_begin(spool, err);
}
