/*
 *       the thread                              the walker
 *   pieces ──▶ batch of looks ──▶ │ ring │ ──▶ look, look, …
 *
 * Invariants: batch `first` is the walker's while filled > 0; the one behind
 * the filled ones is the thread's. A batch with no look is the end.
 */
#include "sieve/scout.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#define BATCH 8	  /* looks: half a MiB of log, so that handing over costs nothing */
#define BATCHES 3 /* in the ring */

struct batch {
	size_t count;
	struct look looks[BATCH];
};

struct scout {
	const struct sift *sift;
	const struct sieve_piece *pieces;
	size_t piece_count;
	size_t piece, at; /* what is looked at next: the thread's, if there is one */
	struct batch *ring;
	size_t used; /* of batch `first`: the walker's */
	bool ahead, began;
	pthread_t thread;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t moved;
	size_t first, filled;
	bool abandoned;
};

/* Whole lines, no more than a block; 0: its first line is longer than that. */
static size_t block_len(struct span rest)
{
	if (rest.len <= LINES_BLOCK)
		return rest.len;
	const char *newline = memrchr(rest.data, '\n', LINES_BLOCK);
	return newline ? (size_t)(newline - rest.data) + 1 : 0;
}

/* False: there is nothing more to look at. */
static bool look(struct scout *scout, struct look *look)
{
	while (scout->piece < scout->piece_count && scout->at == scout->pieces[scout->piece].bytes.len)
		scout->piece++, scout->at = 0;
	if (scout->piece == scout->piece_count)
		return false;
	const struct sieve_piece *piece = &scout->pieces[scout->piece];
	struct span rest = span_skip(piece->bytes, scout->at);
	size_t len = block_len(rest), from = 0;
	look->piece = piece;
	look->long_line = !len;
	look->block = span_first(rest, len ? len : LINES_BLOCK);
	look->count = sift_scan(scout->sift, look->block, &from, look->places, LOOK_PLACES_MAX);
	look->overfull = from < look->block.len;
	line_ends_find(&look->ends, look->block);
	scout->at += look->block.len;
	return true;
}

/* ---- the thread ---- */

static struct batch *await_room(struct scout *scout)
{
	pthread_mutex_lock(&scout->lock);
	while (scout->filled == BATCHES && !scout->abandoned)
		pthread_cond_wait(&scout->moved, &scout->lock);
	struct batch *batch = scout->abandoned ? NULL : &scout->ring[(scout->first + scout->filled) % BATCHES];
	pthread_mutex_unlock(&scout->lock);
	return batch;
}

static void publish(struct scout *scout)
{
	pthread_mutex_lock(&scout->lock);
	scout->filled++;
	pthread_cond_signal(&scout->moved);
	pthread_mutex_unlock(&scout->lock);
}

static void *run(void *context)
{
	struct scout *scout = context;
	struct batch *batch;

	while ((batch = await_room(scout))) {
		batch->count = 0;
		while (batch->count < BATCH && look(scout, &batch->looks[batch->count]))
			batch->count++;
		bool last = batch->count == 0;
		publish(scout);
		if (last)
			break;
	}
	return NULL;
}

/* ---- the walker's side ---- */

/* SIGBUS must come through: a log may be cut while it is mapped (source/mapped.h). */
static bool start(struct scout *scout)
{
	sigset_t most, before;

	sigfillset(&most);
	sigdelset(&most, SIGBUS);
	pthread_sigmask(SIG_SETMASK, &most, &before);
	bool started = pthread_create(&scout->thread, NULL, run, scout) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

struct scout *scout_create(const struct sift *sift, const struct sieve_piece *pieces, size_t count, bool ahead)
{
	struct scout *scout = calloc(1, sizeof(*scout));

	if (!scout)
		return NULL;
	scout->sift = sift;
	scout->pieces = pieces;
	scout->piece_count = count;
	scout->ring = malloc((ahead ? BATCHES : 1) * sizeof(*scout->ring));
	pthread_mutex_init(&scout->lock, NULL);
	pthread_cond_init(&scout->moved, NULL);
	if (!scout->ring) {
		scout_destroy(scout);
		return NULL;
	}
	scout->ahead = ahead && start(scout);
	return scout;
}

void scout_destroy(struct scout *scout)
{
	if (!scout)
		return;
	if (scout->ahead) {
		pthread_mutex_lock(&scout->lock);
		scout->abandoned = true;
		pthread_cond_signal(&scout->moved);
		pthread_mutex_unlock(&scout->lock);
		pthread_join(scout->thread, NULL);
	}
	pthread_cond_destroy(&scout->moved);
	pthread_mutex_destroy(&scout->lock);
	free(scout->ring);
	free(scout);
}

/* Gives the batch that is used up back; false: the end. */
static bool turn(struct scout *scout, bool give_back)
{
	pthread_mutex_lock(&scout->lock);
	if (give_back) {
		scout->first = (scout->first + 1) % BATCHES;
		scout->filled--;
		pthread_cond_signal(&scout->moved);
	}
	while (!scout->filled)
		pthread_cond_wait(&scout->moved, &scout->lock);
	pthread_mutex_unlock(&scout->lock);
	scout->used = 0;
	return scout->ring[scout->first].count > 0;
}

const struct look *scout_next(struct scout *scout)
{
	if (!scout->ahead)
		return look(scout, &scout->ring->looks[0]) ? &scout->ring->looks[0] : NULL;
	bool begins = !scout->began;
	scout->began = true;
	if ((begins || scout->used == scout->ring[scout->first].count) && !turn(scout, !begins))
		return NULL;
	return &scout->ring[scout->first].looks[scout->used++];
}
