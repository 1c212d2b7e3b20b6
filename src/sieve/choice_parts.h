/* choice_parts: a choice inside. Private to src/sieve. */
#ifndef SIEVE_CHOICE_PARTS_H
#define SIEVE_CHOICE_PARTS_H

#include "sieve/choice.h"

struct chosen {
	uint64_t *events, *strays; /* a bit each */
};

/* One of an index: an event, or a stray that is none. */
struct part {
	uint32_t piece;
	uint32_t is_event : 1;
	uint32_t which : 31;
};

/* Two parts of one event, on both sides of a border: they go together. */
struct joint {
	struct part one, other;
};

struct joints {
	struct joint *items; /* in the order of the first one's pieces */
	size_t count, capacity;
	bool lost; /* memory is out */
};

struct known; /* choice_known.c */

struct sieve_choice {
	const struct sieve_index *index;
	struct chosen *pieces;
	size_t count, events;
	struct wanted_events *done; /* what has been chosen for */
	struct numbers *fresh;	    /* processes, or sessions, that this pass is about */
	struct known *known;
	struct joints joints;
	uint64_t low_bits[65536 / 64]; /* of `fresh`: of the index's kin */
	bool began;
};

static inline bool choice_has(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static inline void choice_put(uint64_t *bits, size_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* ---- choice_words.c ---- */

#define BATCH 64

/* Events of a piece that are taken one behind the other: their lines are far apart, and fetched ahead. */
struct batch {
	uint32_t piece;
	void (*take)(struct sieve_choice *choice, struct wanted_events *wanted, uint32_t piece, size_t event);
	const struct numbers *processes; /* of those it reads the lines; NULL: of all */
	bool others;			 /* rather of all others */
	size_t count;
	uint32_t events[BATCH];
};

/* Takes all of them, and empties it. */
void choice_take(struct sieve_choice *choice, struct wanted_events *wanted, struct batch *batch);

/* The number behind " name=" in an event's SYSCALL record. False: there is none. */
bool choice_read_number(const struct sieve_piece *piece, const struct sieve_event *event, struct span name,
			uint64_t *number);

/*
 * What such a record says of its process: " ppid=1 pid=42 auid=… key=", and on to the end of the piece. Empty: it is
 * written otherwise. *parent may be told all the same, or is UNKNOWN_ID.
 */
struct span choice_words(const struct sieve_piece *piece, const struct sieve_event *event, uint64_t *parent);

/* Up to " key=" with it; behind it stand a rule's words. 0: it is not in the line. */
uint16_t choice_words_len(struct span words);

/* Records of processes say nothing of those before: with the event, or in front of it, something begins. */
struct cut {
	uint32_t piece, event; /* it may be the number of events */
	bool boot; /* of the host: that is of all processes; else what a record of another type may say of this one */
	uint64_t pid;
};

struct cuts {
	struct cut *items; /* in the order of the log */
	size_t count, capacity;
};

bool cuts_find(struct cuts *cuts, const struct sieve_index *index); /* false: memory is out; free(cuts->items) */

/* ---- the choice's parts ---- */

/* choice_known.c: whose records are to be known. NULL: memory is out. */
struct known *known_create(const struct sieve_index *index);
void known_destroy(struct known *known);

/* Chooses for the processes that have come to be wanted since the last time; their parents come to be known. */
void choice_know(struct sieve_choice *choice, struct wanted_events *wanted);

/* joins.c: finds what goes together over borders, and chooses strays that tell something. False: memory is out. */
bool choice_begin_joints(struct sieve_choice *choice);

/* What is one event goes together, whichever part of it was chosen. */
void choice_join(struct sieve_choice *choice);

#endif
