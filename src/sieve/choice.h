/*
 * choice: of what an index notes, the events that are to be assembled, and
 * their lines in the order of the log. What was chosen stays chosen.
 */
#ifndef SIEVE_CHOICE_H
#define SIEVE_CHOICE_H

#include "sieve/index.h"
#include "sieve/numbers.h"

/*
 * Whose events are wanted; those that NOTE_TELL is of are in any case. Of `known` processes it is enough to know what
 * their records say of them: executions, and records that say something else than the one before.
 */
struct wanted_events {
	struct numbers known;	 /* pids */
	struct numbers followed; /* pids: all that they did */
	struct numbers sessions; /* the executions and deeds in them */
	struct numbers trees;	 /* pids: those of them and of their descendants */
};

struct sieve_choice;

struct sieve_choice *sieve_choice_create(const struct sieve_index *index); /* NULL: memory is out */
void sieve_choice_destroy(struct sieve_choice *choice);

/*
 * Chooses what is wanted by now, and what that hangs on: parents become known, descendants part of the trees. Returns
 * how many events are chosen in all.
 */
size_t sieve_choose(struct sieve_choice *choice, struct wanted_events *wanted);

size_t sieve_choice_events(const struct sieve_choice *choice); /* in the index, chosen or not */

/* Lines in a row of one chosen event. */
struct sieve_run {
	const struct sieve_piece *piece;
	struct span bytes; /* whole lines */
	bool boot;	   /* another boot of the host begins with it, or before it */
};

/* The next in the order of the log; `from` begins as zero. False: that was all. */
struct sieve_cursor {
	size_t piece, event, stray;
};
bool sieve_choice_next(const struct sieve_choice *choice, struct sieve_cursor *from, struct sieve_run *run);

#endif
