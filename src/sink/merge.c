/*
 * A heap of cursors. Each cursor knows the head of its next record; a record
 * that does not fit into the cursor's window is read whole only when it is
 * handed out or when nothing but its content decides, so that many huge
 * findings cost no more memory than two.
 *
 * Windows have a least size, not a greatest number: a thousand runs (12 GB
 * of findings) cost 4 MiB, so one pass is enough.
 */
#include "sink/merge.h"

#include <errno.h>
#include <stdlib.h>

#define WINDOW_MIN 4096

struct cursor {
	struct record_head head;	  /* of the record that is next */
	const struct record_head *record; /* all of it, when it lies in memory; else NULL */
	off_t at, end;
	char *window;
	size_t window_size, window_len;
	off_t window_at;
	size_t next_in_block; /* only for the cursor on the block */
	bool on_block;
};

struct merge {
	const struct runs *runs;
	size_t run_count;
	struct record_block block;
	struct cursor *cursors, **heap;
	size_t cursor_count, heap_count;
	bool first_is_used; /* the top of the heap has been handed out */
	char *huge[2];	    /* records larger than a window, read on demand */
};

/* `len` bytes at `at` through the window; NULL when they do not fit into it, or with *status set. */
static const char *window_bytes(struct merge *merge, struct cursor *cursor, size_t len, int *status)
{
	size_t begin = (size_t)(cursor->at - cursor->window_at);

	if (len > cursor->window_size)
		return NULL;
	if (begin + len <= cursor->window_len)
		return cursor->window + begin;
	off_t left = cursor->end - cursor->at;
	cursor->window_len = left < (off_t)cursor->window_size ? (size_t)left : cursor->window_size;
	cursor->window_at = cursor->at;
	*status = cursor->window_len < len ? -EIO
					   : runs_read(merge->runs, cursor->window, cursor->window_len, cursor->at);
	return *status ? NULL : cursor->window;
}

/* Looks at the record at cursor->at. 1, 0 at the end of the run, or a negative errno. */
static int cursor_look(struct merge *merge, struct cursor *cursor)
{
	int status = 0;

	if (cursor->on_block) {
		if (cursor->next_in_block == merge->block.count)
			return 0;
		cursor->record = block_record(&merge->block, cursor->next_in_block);
		cursor->head = *cursor->record;
		return 1;
	}
	if (cursor->at >= cursor->end)
		return 0;
	const char *bytes = window_bytes(merge, cursor, sizeof(cursor->head), &status);
	if (!bytes)
		return status;
	memcpy(&cursor->head, bytes, sizeof(cursor->head));
	if (cursor->head.len > (uint64_t)(cursor->end - cursor->at) - sizeof(cursor->head))
		return -EIO; /* not what was written */
	bytes = window_bytes(merge, cursor, record_size(&cursor->head), &status);
	cursor->record = (const struct record_head *)(const void *)bytes;
	return status ? status : 1;
}

static int cursor_advance(struct merge *merge, struct cursor *cursor)
{
	if (cursor->on_block)
		cursor->next_in_block++;
	else
		cursor->at += (off_t)record_size(&cursor->head);
	return cursor_look(merge, cursor);
}

/* The whole record, in `slot` when it is too large for the window. */
static const struct record_head *cursor_record(struct merge *merge, const struct cursor *cursor, unsigned slot,
					       int *status)
{
	if (cursor->record)
		return cursor->record;
	size_t size = record_size(&cursor->head);
	free(merge->huge[slot]);
	merge->huge[slot] = malloc(size);
	*status = merge->huge[slot] ? runs_read(merge->runs, merge->huge[slot], size, cursor->at) : -ENOMEM;
	return *status ? NULL : (const struct record_head *)(const void *)merge->huge[slot];
}

/* ---- the merge ---- */

/* Whether a comes before b. Equal ones come in the order of their runs. */
static bool before(struct merge *merge, const struct cursor *a, const struct cursor *b, int *status)
{
	for (unsigned i = 0; i < SPOOL_KEYS; i++)
		if (a->head.keys[i] != b->head.keys[i])
			return a->head.keys[i] < b->head.keys[i];
	int order = memcmp(a->head.id, b->head.id, sizeof(a->head.id));
	if (order == 0) {
		const struct record_head *whole_a = cursor_record(merge, a, 0, status);
		const struct record_head *whole_b = whole_a ? cursor_record(merge, b, 1, status) : NULL;
		order = whole_b ? record_compare(whole_a, whole_b) : 0;
	}
	return order ? order < 0 : a < b;
}

static int sift_down(struct merge *merge, size_t i)
{
	int status = 0;

	for (;;) {
		size_t least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < merge->heap_count; child++)
			if (before(merge, merge->heap[child], merge->heap[least], &status))
				least = child;
		if (status || least == i)
			return status;
		struct cursor *swap = merge->heap[i];
		merge->heap[i] = merge->heap[least];
		merge->heap[least] = swap;
		i = least;
	}
}

static int open_cursor(struct merge *merge, size_t window_size)
{
	struct cursor *cursor = &merge->cursors[merge->cursor_count];

	if (merge->cursor_count == merge->run_count) {
		cursor->on_block = true;
	} else {
		struct run run = runs_item(merge->runs, merge->cursor_count);
		cursor->at = cursor->window_at = run.begin;
		cursor->end = run.end;
		cursor->window_size =
			run.end - run.begin < (off_t)window_size ? (size_t)(run.end - run.begin) : window_size;
		cursor->window = malloc(cursor->window_size);
		if (!cursor->window)
			return -ENOMEM;
	}
	merge->cursor_count++;
	int status = cursor_look(merge, cursor);
	if (status > 0)
		merge->heap[merge->heap_count++] = cursor;
	return status < 0 ? status : 0;
}

static int open_cursors(struct merge *merge, size_t memory)
{
	size_t count = merge->run_count + 1, window_size = (memory / count) & ~(size_t)7;
	int status = 0;

	merge->cursors = calloc(count, sizeof(*merge->cursors));
	merge->heap = calloc(count, sizeof(struct cursor *));
	if (!merge->cursors || !merge->heap)
		return -ENOMEM;
	while (!status && merge->cursor_count < count)
		status = open_cursor(merge, window_size < WINDOW_MIN ? WINDOW_MIN : window_size);
	for (size_t i = merge->heap_count / 2; i-- > 0 && !status;)
		status = sift_down(merge, i);
	return status;
}

struct merge *merge_create(const struct runs *runs, const struct record_block *block, size_t memory, int *status)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	*status = -ENOMEM;
	if (!merge)
		return NULL;
	merge->runs = runs;
	merge->run_count = runs_count(runs);
	merge->block = *block;
	*status = open_cursors(merge, memory);
	if (!*status)
		return merge;
	merge_destroy(merge);
	return NULL;
}

void merge_destroy(struct merge *merge)
{
	if (!merge)
		return;
	for (size_t i = 0; i < merge->cursor_count; i++)
		free(merge->cursors[i].window);
	free(merge->cursors);
	free(merge->heap);
	free(merge->huge[0]);
	free(merge->huge[1]);
	free(merge);
}

static int drop_used(struct merge *merge)
{
	int status = cursor_advance(merge, merge->heap[0]);

	merge->first_is_used = false;
	if (status < 0)
		return status;
	if (status == 0)
		merge->heap[0] = merge->heap[--merge->heap_count];
	return sift_down(merge, 0);
}

int merge_next(struct merge *merge, const struct record_head **record)
{
	int status = merge->first_is_used ? drop_used(merge) : 0;

	if (status || merge->heap_count == 0)
		return status;
	*record = cursor_record(merge, merge->heap[0], 0, &status);
	if (status)
		return status;
	merge->first_is_used = true;
	return 1;
}
