/* choice_parts: a choice inside. Private to src/sieve. */
#ifndef SIEVE_CHOICE_PARTS_H
#define SIEVE_CHOICE_PARTS_H

#include "sieve/choice.h"

struct chosen {
	uint64_t *events, *strays; /* a bit each */
};

struct sieve_choice {
	const struct sieve_index *index;
	struct chosen *pieces;
	size_t count, events;
	struct wanted_events *done; /* what has been chosen for */
	struct numbers *fresh;	    /* known processes that this pass is about */
	uint64_t session_bits[65536 / 64],
		tree_bits[65536 / 64]; /* the low bits of what is wanted: of the index's kin */
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

/* joins.c: what is one event goes together, whichever part of it was chosen. */
void choice_join(struct sieve_choice *choice);

#endif
