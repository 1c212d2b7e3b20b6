/*
 * words: the literals of rules, where they are too many for the sift.
 *
 * The sift reads every byte of a log at the speed of memory, for a few texts.
 * For thousands there is no such search. But what a rule can ask for stands
 * in few records, and they say the same again and again:
 *
 *   type=SYSCALL … comm="cat" exe="/usr/bin/cat" key=…     from comm on: most were read before, word for word
 *   type=EXECVE … a0="cat" a1=2F746D702F612062             what is in hex is read as what it says
 *   type=PATH, type=CWD                                    of an execution: the script that is run
 *   type=PROCTITLE … proctitle="cat"
 *
 * The search is that of match/literals.h, by vectorscan where the build has
 * it. Private to src/sieve.
 */
#ifndef SIEVE_WORDS_H
#define SIEVE_WORDS_H

#include "sieve/index.h"

/* What was found; a bit each. */
enum words_found {
	WORDS_RULE = 1,	   /* what a rule may want, wherever it stands */
	WORDS_COMMAND = 2, /* … among arguments */
};

/* For one thread. */
struct words;

/* Copies what it needs. NULL with err: memory, or a literal of a length that cannot be looked for. */
struct words *words_create(const struct sieve_literal *literals, size_t count, struct err *err);
void words_destroy(struct words *words);

/* Which literals stand in the text, as they are, or in hex behind an equals sign: of enum words_found. */
unsigned words_find(struct words *words, struct span text);

/* The same. The text must stay as long as the words: when it is met again soon, what was found is known. */
unsigned words_recall(struct words *words, struct span text);

#endif
