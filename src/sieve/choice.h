/*
 * choice: of what an index notes, the events that are to be assembled, and
 * their lines in the order of the log.
 */
#ifndef SIEVE_CHOICE_H
#define SIEVE_CHOICE_H

#include "sieve/index.h"

/* A set of small numbers; of larger ones, of their low bits: then it holds more than was put. */
#define NUMBERS_BITS 22
struct numbers {
	uint64_t words[(1u << NUMBERS_BITS) / 64];
};

static inline bool numbers_have(const struct numbers *numbers, uint64_t number)
{
	number &= (1u << NUMBERS_BITS) - 1;
	return numbers->words[number / 64] >> number % 64 & 1;
}

static inline void numbers_put(struct numbers *numbers, uint64_t number)
{
	number &= (1u << NUMBERS_BITS) - 1;
	numbers->words[number / 64] |= UINT64_C(1) << number % 64;
}

/* Whose events are chosen; those that NOTE_TELL is of are in any case. */
struct wanted_events {
	struct numbers pids;	 /* all that they did */
	struct numbers sessions; /* the executions and deeds in them */
	struct numbers trees;	 /* those of these processes and of their descendants */
	bool any_session, any_tree;
};

struct sieve_choice;

struct sieve_choice *sieve_choice_create(const struct sieve_index *index); /* NULL: memory is out */
void sieve_choice_destroy(struct sieve_choice *choice);

/* Chooses anew; returns how many events that makes. `wanted->trees` grows by the descendants that are found. */
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
