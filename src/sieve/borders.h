/*
 * borders: where one piece of the log ends and the next begins, events may be
 * cut, for their lines lie among each other. Private to src/sieve.
 */
#ifndef SIEVE_BORDERS_H
#define SIEVE_BORDERS_H

#include "sieve/index.h"

/* The event whose SYSCALL record stands there: it is in the index. */
size_t border_event_at(const struct sieve_piece *piece, uint32_t at);

/* Two that are of one event, on both sides of a border: a stray that has no event in its own piece, and … */
struct border_pair {
	bool behind; /* the stray is the next piece's, the other one the first's; else the other way round */
	size_t stray;
	bool is_event; /* … an event; else a stray that has none in its own piece either, and is no SYSCALL record */
	size_t other;
};

/* Calls `visit` for all of them that are near the border. */
typedef void border_visitor(void *context, const struct border_pair *pair);
void border_visit(const struct sieve_piece *first, const struct sieve_piece *next, border_visitor *visit,
		  void *context);

#define BORDER_PIECES 8 /* small files are pieces, too; of an event that goes on still further the walker doubts */

/* Whether an event can go on so many pieces further, with so many bytes between. */
static inline bool border_reaches(size_t pieces, size_t between)
{
	return pieces <= BORDER_PIECES && between < (size_t)4 << 20;
}

/* Gives events what was noted of their lines beyond the border. */
void border_settle(struct sieve_piece *first, struct sieve_piece *next);

#endif
