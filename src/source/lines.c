/*
 *   start            end-partial      end             capacity
 *   │ whole lines     │ partial line  │ room for a read │
 *
 * Invariants: nothing at or behind end-partial holds a newline; a partial
 * line is at most line_max bytes; a read is at most line_max bytes, so that
 * of the lines that a read completes only the first can be overlong.
 */
#include "source/lines.h"

#include <stdlib.h>

#define CHUNK_DEFAULT (256u << 10)

void lines_init(struct lines *lines, size_t chunk, size_t line_max)
{
	chunk = chunk ? chunk : CHUNK_DEFAULT;
	*lines = (struct lines){ .chunk = chunk < line_max ? chunk : line_max, .line_max = line_max };
}

void lines_finish(struct lines *lines)
{
	free(lines->data);
	*lines = (struct lines){ 0 };
}

void lines_restart(struct lines *lines)
{
	lines->start = lines->end = lines->partial = 0;
	lines->offset = 0;
	lines->ended = lines->skipping = false;
	lines->broke.number = 0;
}

static void drop(struct lines *lines, size_t len)
{
	lines->start += len;
	lines->offset += len;
}

static bool make_room(struct lines *lines)
{
	size_t len = lines->end - lines->start;

	if (lines->start) {
		memmove(lines->data, lines->data + lines->start, len);
		lines->start = 0;
		lines->end = len;
	}
	if (lines->data && lines->capacity - len >= lines->chunk)
		return true;
	size_t capacity = len + lines->chunk + len / 2;
	char *data = realloc(lines->data, capacity);
	if (!data)
		return false;
	lines->data = data;
	lines->capacity = capacity;
	return true;
}

static int hand_out(struct lines *lines, size_t len, bool cut, struct lines_run *run)
{
	*run = (struct lines_run){ { lines->data + lines->start, len }, lines->offset, cut };
	drop(lines, len);
	return 1;
}

/* The rest of a cut line goes; its newline ends the skipping. */
static void skip_rest(struct lines *lines)
{
	struct span left = { lines->data + lines->start, lines->end - lines->start };
	size_t newline = span_index(left, '\n');

	lines->cut_bytes += newline;
	lines->skipping = newline == left.len;
	drop(lines, lines->skipping ? newline : newline + 1);
	lines->partial = 0;
}

static int hand_out_cut(struct lines *lines, struct lines_run *run)
{
	lines->cut_lines++;
	lines->skipping = true;
	lines->partial = 0;
	return hand_out(lines, lines->line_max, true, run);
}

/* 1 with a run when the buffer holds one, 0 when more must be read. */
static int from_buffer(struct lines *lines, struct lines_run *run)
{
	if (lines->skipping && lines->end > lines->start)
		skip_rest(lines);
	size_t len = lines->end - lines->start;
	if (len == lines->partial)
		return 0;
	const char *from = lines->data + lines->start;
	size_t known = lines->partial;
	size_t first = known + span_index((struct span){ from + known, len - known }, '\n');
	if (first > lines->line_max)
		return hand_out_cut(lines, run);
	const char *last = first < len ? memrchr(from + first, '\n', len - first) : NULL;
	lines->partial = last ? len - (size_t)(last + 1 - from) : len;
	return last ? hand_out(lines, len - lines->partial, false, run) : 0;
}

static void read_more(struct lines *lines, struct stream *stream)
{
	if (!make_room(lines)) {
		err_set(&lines->broke, -ENOMEM, "out of memory");
		lines->ended = true;
		return;
	}
	ssize_t got = stream_read(stream, lines->data + lines->end, lines->chunk, &lines->broke);
	lines->ended = got <= 0;
	lines->end += got > 0 ? (size_t)got : 0;
}

int lines_next(struct lines *lines, struct stream *stream, struct lines_run *run, struct err *err)
{
	while (!lines->ended) {
		if (from_buffer(lines, run))
			return 1;
		read_more(lines, stream);
	}
	if (lines->broke.number && err)
		*err = lines->broke;
	return lines->broke.number;
}

struct lines_run lines_rest(const struct lines *lines)
{
	size_t len = lines->end - lines->start;

	return (struct lines_run){ { len ? lines->data + lines->start : "", len }, lines->offset, false };
}

void lines_go_on(struct lines *lines)
{
	lines->ended = false;
	lines->broke.number = 0;
}
