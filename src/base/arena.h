/*
 * arena: memory that is freed all at once.
 *
 * One arena a batch, reset rather than freed, so that the hot path never
 * calls malloc per record. Memory handed out stays put until the reset.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *first, *current;
	size_t block_size; /* bytes; 0 means 64 KiB */
	size_t used;	   /* bytes handed out since the reset */
};

void arena_init(struct arena *arena, size_t block_size);
void arena_finish(struct arena *arena);

/* Forgets everything handed out; keeps the blocks of ordinary size. */
void arena_reset(struct arena *arena);

/* 8-byte aligned, not cleared. NULL when memory is out. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy that the arena owns; an empty span when memory is out. */
struct span arena_copy(struct arena *arena, struct span s);

#endif
