/*
 * grouping: a hash table of rows' keys, each with a state: what aggregates,
 * dedup and running totals stand on.
 *
 * A group is found by the values of its keys: of one kind and equal (0 and -0
 * are one; "5" and 5 are two). The keys of a new group are copied; a group
 * that is found costs no copy. Hashing is keyed by the process, so that no
 * log can aim at one bucket; what comes out is in the order of the keys, and
 * so does not depend on it.
 *
 * All memory is counted by stage_hold.
 */
#ifndef QUERY_GROUPING_H
#define QUERY_GROUPING_H

#include "query/stage.h"

struct group {
	uint64_t hash;
	struct value keys[]; /* then the state, cleared when the group is new */
};

struct bucket {
	uint64_t hash;
	struct group *group; /* NULL: free */
};

struct grouping {
	struct stage *stage;
	struct bucket *buckets;
	size_t capacity; /* a power of two, or 0 */
	size_t count, key_count, state_size;
	uint64_t seed;
	struct arena arena;
};

void grouping_init(struct grouping *groups, struct stage *stage, size_t key_count, size_t state_size);
void grouping_finish(struct grouping *groups);

/* The group of these keys, which is made when there is none. NULL with run->err when memory or the ceiling is reached. */
struct group *grouping_find(struct grouping *groups, const struct value *keys, bool *created);

/* Whether two values are one key. */
bool grouping_same_value(const struct value *a, const struct value *b);

static inline void *grouping_state(const struct grouping *groups, struct group *group)
{
	return group->keys + groups->key_count;
}

/* The order of two buckets by their keys, as value_compare has it; the context is the groups. Never 0 for two groups. */
int grouping_compare(const void *a, const void *b, void *context);

/* Lines the groups up in that order, or another of buckets; nothing is found in them afterwards. */
void grouping_sort(struct grouping *groups, int (*compare)(const void *a, const void *b, void *context), void *context);

/* The group at i below `count`, after grouping_sort. */
static inline struct group *grouping_at(const struct grouping *groups, size_t i)
{
	return groups->buckets[i].group;
}

/* Calls it for the state of every group, at any time, in no order. */
void grouping_each(const struct grouping *groups, void (*call)(void *state, void *context), void *context);

#endif
