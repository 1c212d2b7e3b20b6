/* The file of runs. A run that cannot be written whole is cut off again, so the file always ends with a whole run. */
#include "sink/runs.h"

#include "base/unlinked.h"
#include "model/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITE_PIECE (256u << 10)

struct runs {
	int fd, open_error;
	off_t end;
	struct run *items;
	size_t count, capacity;
};

int record_compare(const struct record_head *a, const struct record_head *b)
{
	for (unsigned i = 0; i < SPOOL_KEYS; i++)
		if (a->keys[i] != b->keys[i])
			return a->keys[i] < b->keys[i] ? -1 : 1;
	int order = memcmp(a->id, b->id, sizeof(a->id));
	if (order)
		return order;
	return finding_pack_compare((struct span){ (const char *)(a + 1), a->len },
				    (struct span){ (const char *)(b + 1), b->len });
}

/* ---- the file ---- */

struct runs *runs_create(const char *directory)
{
	struct runs *runs = calloc(1, sizeof(*runs));

	if (!runs)
		return NULL;
	runs->fd = unlinked_open(directory);
	runs->open_error = runs->fd < 0 ? -runs->fd : 0;
	return runs;
}

void runs_destroy(struct runs *runs)
{
	if (!runs)
		return;
	free(runs->items);
	if (runs->fd >= 0)
		close(runs->fd);
	free(runs);
}

void runs_clear(struct runs *runs)
{
	runs->count = 0;
	runs->end = 0; /* what lies in the file is never read, and written over */
}

size_t runs_count(const struct runs *runs)
{
	return runs->count;
}

struct run runs_item(const struct runs *runs, size_t i)
{
	return runs->items[i];
}

uint64_t runs_bytes(const struct runs *runs)
{
	return (uint64_t)runs->end;
}

static int write_all(int fd, struct span bytes, off_t at)
{
	while (bytes.len) {
		ssize_t n = pwrite(fd, bytes.data, bytes.len, at);
		if (n <= 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? -EIO : -errno;
		bytes = span_skip(bytes, (size_t)n);
		at += n;
	}
	return 0;
}

int runs_read(const struct runs *runs, char *to, size_t len, off_t at)
{
	while (len) {
		ssize_t n = pread(runs->fd, to, len, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? -EIO : -errno;
		to += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_block(struct runs *runs, const struct record_block *block, off_t *end)
{
	struct buffer piece = { 0 };
	int status = 0;

	for (size_t i = 0; i < block->count && !status; i++) {
		const struct record_head *record = block_record(block, i);
		struct span bytes = { (const char *)record, record_size(record) };
		if (piece.len + bytes.len > WRITE_PIECE) {
			status = write_all(runs->fd, buffer_span(&piece), *end);
			*end += (off_t)piece.len;
			buffer_reset(&piece);
		}
		if (!status && bytes.len > WRITE_PIECE) {
			status = write_all(runs->fd, bytes, *end);
			*end += (off_t)bytes.len;
		} else {
			buffer_add(&piece, bytes);
		}
	}
	if (!status && piece.failed)
		status = -ENOMEM;
	if (!status)
		status = write_all(runs->fd, buffer_span(&piece), *end);
	*end += (off_t)piece.len;
	buffer_finish(&piece);
	return status;
}

static bool reserve_run(struct runs *runs)
{
	if (runs->count < runs->capacity)
		return true;
	size_t capacity = runs->capacity ? runs->capacity * 2 : 16;
	struct run *items = reallocarray(runs->items, capacity, sizeof(*items));
	if (!items)
		return false;
	runs->items = items;
	runs->capacity = capacity;
	return true;
}

int runs_write(struct runs *runs, const struct record_block *block)
{
	off_t end = runs->end;

	if (runs->fd < 0)
		return -runs->open_error;
	if (!reserve_run(runs))
		return -ENOMEM;
	int status = write_block(runs, block, &end);
	if (status) { /* give the room back, and leave no half run */
		if (ftruncate(runs->fd, runs->end) != 0)
			return status; /* what lies behind `end` is never read */
		return status;
	}
	runs->items[runs->count++] = (struct run){ runs->end, end };
	runs->end = end;
	return 0;
}

int runs_rewrite(struct runs *runs, size_t i, const struct record_block *block)
{
	off_t end = runs->items[i].begin;
	int status = write_block(runs, block, &end);

	return status ? status : end == runs->items[i].end ? 0 : -EIO;
}
