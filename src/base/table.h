/*
 * table: what history remembers, under a ceiling.
 *
 * A hash of fixed-size entries by a two-word key. When it is full, the entry
 * that was not used for longest gives way, about, and `evicted` counts it. Entries
 * stay where they are until they are removed or evicted.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_CAPACITY_MAX 65535

struct table {
	char *entries;	   /* capacity × stride: a head and the caller's entry */
	uint32_t *buckets; /* links to the first entry: narrow, since a look-up touches one at random */
	uint32_t *chains;  /* of each entry, the link to the next of its bucket, or the next free one */
	size_t stride, capacity, count;
	size_t clear; /* bytes of a new entry that are cleared: all; an owner who sets the rest itself may lower it */
	uint32_t bucket_mask;
	uint32_t newest, oldest, free; /* 1-based; 0 is none */
	uint64_t evicted;
	void (*release)(void *entry); /* called for what is removed or evicted; may be NULL */
};

/* 0, -ENOMEM, or -EINVAL beyond TABLE_CAPACITY_MAX. Untouched entries cost address space only, but for the rest of a large page. */
int table_init(struct table *table, size_t entry_size, size_t capacity, void (*release)(void *entry));
void table_finish(struct table *table);

/* NULL when there is none. A hit keeps it from being the next to give way. */
void *table_find(struct table *table, uint64_t key, uint64_t sub);

/*
 * The key will be looked up soon: what is in no cache comes meanwhile, first where its bucket is, and some hundred
 * instructions later, as many bytes of the entry that it leads to. Neither changes anything.
 */
void table_expect(const struct table *table, uint64_t key, uint64_t sub);
void table_expect_entry(const struct table *table, uint64_t key, uint64_t sub, size_t bytes);

/* The entry of that key, cleared when it is new. Never NULL. */
void *table_put(struct table *table, uint64_t key, uint64_t sub, bool *created);

void table_remove(struct table *table, uint64_t key, uint64_t sub);

/* Gives up the next entry, if there is one; that is not counted. */
bool table_evict(struct table *table);

/* The next to give way, or NULL: for tables that expire by age. */
void *table_oldest(struct table *table);

#endif
