/*
 * scout: the first look at the bytes, block by block: where lines end, and
 * where texts that matter stand. With threads of its own it runs ahead, and
 * what it finds is the same. Private to src/sieve.
 */
#ifndef SIEVE_SCOUT_H
#define SIEVE_SCOUT_H

#include "match/sift.h"
#include "sieve/index.h"
#include "sieve/lines.h"

#define LOOK_PLACES_MAX 4096

struct look {
	const struct sieve_piece *piece;
	struct span block; /* whole lines of it; only a log's last may lack its newline */
	bool long_line;	   /* the line that begins there is longer than a block */
	bool overfull;	   /* there are more places than are kept */
	size_t count;	   /* of places */
	struct line_ends ends;
	struct sift_place places[LOOK_PLACES_MAX];
};

struct scout;

/* Pieces and sift are borrowed. NULL: memory is out. Threads that cannot be had are done without. */
struct scout *scout_create(const struct sift *sift, const struct sieve_piece *pieces, size_t count, unsigned threads);
void scout_destroy(struct scout *scout);

/* The next block in order, which lives until the following call; NULL at the end. */
const struct look *scout_next(struct scout *scout);

#endif
