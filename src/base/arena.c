/*
 *   first ──▶ block ──▶ block ──▶ …        `current` takes the next request;
 *             [used│free]                  a request that is larger than a
 *                                          block gets a block of its own.
 */
#include "base/arena.h"

#include <stdlib.h>

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	char data[];
};

void arena_init(struct arena *arena, size_t block_size)
{
	*arena = (struct arena){ .block_size = block_size };
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;
		free(block);
		block = next;
	}
}

void arena_finish(struct arena *arena)
{
	free_blocks(arena->first);
	*arena = (struct arena){ 0 };
}

void arena_reset(struct arena *arena)
{
	struct arena_block **link = &arena->first;
	size_t ordinary = arena->block_size ? arena->block_size : 65536;

	while (*link) {
		struct arena_block *block = *link;
		if (block->size > ordinary) {
			*link = block->next;
			free(block);
		} else {
			block->used = 0;
			link = &block->next;
		}
	}
	arena->current = arena->first;
	arena->used = 0;
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	size_t ordinary = arena->block_size ? arena->block_size : 65536;
	size_t room = size > ordinary ? size : ordinary;
	struct arena_block *block = room <= SIZE_MAX - sizeof(*block) ? malloc(sizeof(*block) + room) : NULL;

	if (!block)
		return NULL;
	block->size = room;
	block->used = 0;
	block->next = arena->current ? arena->current->next : arena->first;
	if (arena->current)
		arena->current->next = block;
	else
		arena->first = block;
	arena->current = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - 7)
		return NULL;
	size = (size + 7) & ~(size_t)7;
	struct arena_block *block = arena->current;
	while (block && block->size - block->used < size) {
		if (!block->next)
			break;
		arena->current = block = block->next;
	}
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	if (!block)
		return NULL;
	void *at = block->data + block->used;
	block->used += size;
	arena->used += size;
	return at;
}

struct span arena_copy(struct arena *arena, struct span s)
{
	char *at = s.len ? arena_alloc(arena, s.len) : NULL;

	if (!at)
		return (struct span){ "", 0 };
	memcpy(at, s.data, s.len);
	return (struct span){ at, s.len };
}
