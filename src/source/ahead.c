/*
 *            the thread                        the reader
 *   inner ──▶ block ──▶ │ ring: first … first + filled │ ──▶ its buffer
 *
 *	STRAIGHT ──AHEAD_BEGINS were read──▶ RUNNING ──inner ended, or broke──▶ ENDED
 *	   └──────no thread, no memory──────▶ ALONE
 *
 * Invariants: block `first` is the reader's while filled > 0; the block behind
 * the filled ones is the thread's; how inner ended is told when all before
 * was read. A read of inner is a block, however short, so that a slow pipe is
 * heard at once.
 */
#include "source/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct block {
	size_t len;
	char bytes[AHEAD_BLOCK];
};

struct ahead {
	struct stream stream;
	struct stream *inner;
	atomic_uint_least64_t position;
	uint64_t straight; /* bytes read without the thread */
	bool running, alone;
	size_t used; /* of block `first`: the reader's */
	struct block *ring;
	pthread_t thread;
	atomic_bool abandoned; /* the reader wants no more */

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t moved; /* a block was filled or freed, or inner ended; only one ever waits */
	size_t first, filled;
	bool ended;
	ssize_t end; /* 0, or why it broke, with err */
	struct err err;
};

static ssize_t read_inner(struct ahead *ahead, char *to, size_t room, struct err *err)
{
	ssize_t got = stream_read(ahead->inner, to, room, err);

	atomic_store_explicit(&ahead->position, stream_position(ahead->inner), memory_order_relaxed);
	return got;
}

/* ---- the thread ---- */

/* The block to fill; NULL: no more is wanted. */
static struct block *await_room(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	while (ahead->filled == AHEAD_BLOCKS && !ahead->abandoned)
		pthread_cond_wait(&ahead->moved, &ahead->lock);
	struct block *block = &ahead->ring[(ahead->first + ahead->filled) % AHEAD_BLOCKS];
	pthread_mutex_unlock(&ahead->lock);
	return ahead->abandoned ? NULL : block;
}

/* Hands over what a read gave. False: nothing follows. */
static bool publish(struct ahead *ahead, ssize_t got)
{
	pthread_mutex_lock(&ahead->lock);
	if (got > 0) {
		ahead->filled++;
	} else {
		ahead->end = got;
		ahead->ended = true;
	}
	pthread_cond_signal(&ahead->moved);
	pthread_mutex_unlock(&ahead->lock);
	return got > 0;
}

static void *run(void *context)
{
	struct ahead *ahead = context;
	struct block *block;
	ssize_t got;

	do {
		block = await_room(ahead);
		if (!block)
			break;
		got = read_inner(ahead, block->bytes, sizeof(block->bytes), &ahead->err);
		block->len = got > 0 ? (size_t)got : 0;
	} while (publish(ahead, got));
	return NULL;
}

/* ---- the reader ---- */

static void start(struct ahead *ahead)
{
	sigset_t all, before;

	ahead->ring = malloc(sizeof(*ahead->ring) * AHEAD_BLOCKS);
	ahead->alone = !ahead->ring;
	if (ahead->alone)
		return;
	stream_heed(ahead->inner, &ahead->abandoned);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ahead->running = pthread_create(&ahead->thread, NULL, run, ahead) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	ahead->alone = !ahead->running;
}

/* The block to read; NULL: there is none any more. */
static const struct block *await_block(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	while (ahead->filled == 0 && !ahead->ended)
		pthread_cond_wait(&ahead->moved, &ahead->lock);
	const struct block *block = ahead->filled ? &ahead->ring[ahead->first] : NULL;
	pthread_mutex_unlock(&ahead->lock);
	return block;
}

static void give_back(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	ahead->first = (ahead->first + 1) % AHEAD_BLOCKS;
	ahead->filled--;
	ahead->used = 0;
	pthread_cond_signal(&ahead->moved);
	pthread_mutex_unlock(&ahead->lock);
}

static ssize_t take(struct ahead *ahead, char *to, size_t room, struct err *err)
{
	const struct block *block = await_block(ahead);

	if (!block && ahead->end < 0)
		return err_set(err, (int)ahead->end, "%s", ahead->err.text);
	if (!block)
		return 0;
	size_t left = block->len - ahead->used, len = left < room ? left : room;
	memcpy(to, block->bytes + ahead->used, len);
	ahead->used += len;
	if (len == left)
		give_back(ahead);
	return (ssize_t)len;
}

static ssize_t ahead_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct ahead *ahead = (struct ahead *)stream;

	if (!ahead->running && !ahead->alone && ahead->straight >= AHEAD_BEGINS)
		start(ahead);
	if (ahead->running)
		return take(ahead, to, room, err);
	ssize_t got = read_inner(ahead, to, room, err);
	ahead->straight += got > 0 ? (uint64_t)got : 0;
	return got;
}

static uint64_t ahead_position(const struct stream *stream)
{
	return atomic_load_explicit(&((const struct ahead *)stream)->position, memory_order_relaxed);
}

static void stop(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	ahead->abandoned = true;
	pthread_cond_signal(&ahead->moved);
	pthread_mutex_unlock(&ahead->lock);
	pthread_join(ahead->thread, NULL);
}

static void ahead_close(struct stream *stream)
{
	struct ahead *ahead = (struct ahead *)stream;

	if (ahead->running)
		stop(ahead);
	stream_close(ahead->inner);
	pthread_cond_destroy(&ahead->moved);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead->ring);
	free(ahead);
}

struct stream *ahead_stream(struct stream *inner)
{
	struct ahead *ahead = calloc(1, sizeof(*ahead));

	if (!ahead) {
		stream_close(inner);
		return NULL;
	}
	ahead->stream =
		(struct stream){ .read = ahead_read, .position = ahead_position, .close = ahead_close, .head_end = 1 };
	ahead->inner = inner;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->moved, NULL);
	return &ahead->stream;
}
