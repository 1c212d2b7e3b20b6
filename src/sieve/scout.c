/*
 *            the threads                            the walker
 *   pieces ──▶ claim ──▶ batch of looks ──▶ │ ring │ ──▶ look, look, …
 *
 * Batches are claimed in the order of the log, and each has the slot of its
 * number: whichever thread is through first, the walker takes them in order.
 * While it has to wait, it claims one, too.
 *
 *	number    taken … claimed
 *	slot      taken … claimed, modulo slots: CLAIMED, and READY once it is looked at
 *
 * Invariants: batch `taken` is the walker's while it is ready; a claimed one
 * is its thread's. A batch with no look is the end.
 */
#include "sieve/scout.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#define BATCH 8	      /* looks: half a MiB of log, so that handing over costs nothing */
#define SCOUTS_MAX 16 /* threads: more than the walker can follow */

struct batch {
	bool ready;
	size_t count;
	struct look looks[BATCH];
};

struct scout {
	const struct sift *sift;
	const struct sieve_piece *pieces;
	size_t piece_count;
	struct batch *ring;
	size_t slots;
	size_t used; /* looks of batch `taken`: the walker's */
	bool began;
	unsigned threads;
	pthread_t ids[SCOUTS_MAX];

	pthread_mutex_t lock; /* of what follows, and of `ready` */
	pthread_cond_t room, filled;
	size_t piece, at; /* what is claimed next */
	size_t taken, claimed;
	bool ended, abandoned;
};

/* Whole lines, no more than a block; 0: its first line is longer than that. */
static size_t block_len(struct span rest)
{
	if (rest.len <= LINES_BLOCK)
		return rest.len;
	const char *newline = memrchr(rest.data, '\n', LINES_BLOCK);
	return newline ? (size_t)(newline - rest.data) + 1 : 0;
}

/* The next block, which is not looked at yet. False: there is none. */
static bool claim(struct scout *scout, struct look *look)
{
	while (scout->piece < scout->piece_count && scout->at == scout->pieces[scout->piece].bytes.len)
		scout->piece++, scout->at = 0;
	if (scout->piece == scout->piece_count)
		return false;
	const struct sieve_piece *piece = &scout->pieces[scout->piece];
	struct span rest = span_skip(piece->bytes, scout->at);
	size_t len = block_len(rest);
	look->piece = piece;
	look->long_line = !len;
	look->block = span_first(rest, len ? len : LINES_BLOCK);
	scout->at += look->block.len;
	return true;
}

static void look_at(const struct scout *scout, struct look *look)
{
	size_t from = 0;

	look->count = sift_scan(scout->sift, look->block, &from, look->places, LOOK_PLACES_MAX);
	look->overfull = from < look->block.len;
	line_ends_find(&look->ends, look->block);
}

/* ---- the threads ---- */

static bool has_room(const struct scout *scout)
{
	return scout->claimed - scout->taken < scout->slots;
}

/* The next batch, where there is room for it; NULL: there is none, or none is wanted. The lock is held. */
static struct batch *claim_batch(struct scout *scout)
{
	if (scout->ended || scout->abandoned)
		return NULL;
	struct batch *batch = &scout->ring[scout->claimed++ % scout->slots];
	batch->count = 0;
	while (batch->count < BATCH && claim(scout, &batch->looks[batch->count]))
		batch->count++;
	scout->ended = batch->count == 0;
	return batch;
}

/* The lock is held, but not while it is looked at. */
static void look_at_batch(struct scout *scout, struct batch *batch)
{
	pthread_mutex_unlock(&scout->lock);
	for (size_t i = 0; i < batch->count; i++)
		look_at(scout, &batch->looks[i]);
	pthread_mutex_lock(&scout->lock);
	batch->ready = true;
	pthread_cond_signal(&scout->filled);
}

static void *run(void *context)
{
	struct scout *scout = context;
	struct batch *batch;

	pthread_mutex_lock(&scout->lock);
	do {
		while (!has_room(scout) && !scout->abandoned)
			pthread_cond_wait(&scout->room, &scout->lock);
		batch = claim_batch(scout);
		if (batch)
			look_at_batch(scout, batch);
	} while (batch);
	pthread_mutex_unlock(&scout->lock);
	return NULL;
}

/* ---- the walker's side ---- */

/* SIGBUS must come through: a log may be cut while it is mapped (source/mapped.h). */
static void start(struct scout *scout, unsigned threads)
{
	sigset_t most, before;

	sigfillset(&most);
	sigdelset(&most, SIGBUS);
	pthread_sigmask(SIG_SETMASK, &most, &before);
	while (scout->threads < threads && pthread_create(&scout->ids[scout->threads], NULL, run, scout) == 0)
		scout->threads++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct scout *scout_create(const struct sift *sift, const struct sieve_piece *pieces, size_t count, unsigned threads)
{
	struct scout *scout = calloc(1, sizeof(*scout));

	if (!scout)
		return NULL;
	threads = threads < SCOUTS_MAX ? threads : SCOUTS_MAX;
	scout->sift = sift;
	scout->pieces = pieces;
	scout->piece_count = count;
	scout->slots = threads ? threads + 3 : 1;
	scout->ring = calloc(scout->slots, sizeof(*scout->ring));
	pthread_mutex_init(&scout->lock, NULL);
	pthread_cond_init(&scout->room, NULL);
	pthread_cond_init(&scout->filled, NULL);
	if (!scout->ring) {
		scout_destroy(scout);
		return NULL;
	}
	start(scout, threads);
	return scout;
}

void scout_destroy(struct scout *scout)
{
	if (!scout)
		return;
	pthread_mutex_lock(&scout->lock);
	scout->abandoned = true;
	pthread_cond_broadcast(&scout->room);
	pthread_mutex_unlock(&scout->lock);
	while (scout->threads)
		pthread_join(scout->ids[--scout->threads], NULL);
	pthread_cond_destroy(&scout->room);
	pthread_cond_destroy(&scout->filled);
	pthread_mutex_destroy(&scout->lock);
	free(scout->ring);
	free(scout);
}

/* Gives the batch that is used up back, and awaits the next, looking at others meanwhile; false: the end. */
static bool turn(struct scout *scout, bool give_back)
{
	pthread_mutex_lock(&scout->lock);
	if (give_back) {
		scout->ring[scout->taken++ % scout->slots].ready = false;
		pthread_cond_signal(&scout->room);
	}
	const struct batch *batch = &scout->ring[scout->taken % scout->slots];
	while (!batch->ready) {
		struct batch *other = has_room(scout) ? claim_batch(scout) : NULL;
		if (other)
			look_at_batch(scout, other);
		else
			pthread_cond_wait(&scout->filled, &scout->lock);
	}
	pthread_mutex_unlock(&scout->lock);
	scout->used = 0;
	return batch->count > 0;
}

const struct look *scout_next(struct scout *scout)
{
	struct batch *batch = &scout->ring[scout->taken % scout->slots];

	if (!scout->threads) {
		if (!claim(scout, &batch->looks[0]))
			return NULL;
		look_at(scout, &batch->looks[0]);
		return &batch->looks[0];
	}
	bool begins = !scout->began;
	scout->began = true;
	if ((begins || scout->used == batch->count) && !turn(scout, !begins))
		return NULL;
	return &scout->ring[scout->taken % scout->slots].looks[scout->used++];
}
