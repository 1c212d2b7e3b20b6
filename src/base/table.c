/*
 *   bucket ─▶ link ─▶ link          each link: an entry's number, and 16 bits of its hash
 *              │       │
 *              ▼       ▼
 *            entry   entry          newest ◀─▶ … ◀─▶ oldest by `newer`, `older`
 *
 * Links lie close together, apart from the entries: a look-up for what is not there, and the way to an entry that is
 * dropped, mostly miss no cache but for the bucket.
 *
 * A hit only marks its entry, so that it costs one cache line; an entry that
 * was marked becomes the newest when it would have to give way (second
 * chance, as in a clock).
 */
#include "base/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hash.h"

#define LINE 64
#define LARGE_PAGE (2u << 20)

struct head {
	uint64_t key, sub;
	uint32_t newer, older, bucket;
	bool used; /* since it was linked: it earns a second round */
};

static struct head *head_at(const struct table *table, uint32_t number)
{
	return (struct head *)(void *)(table->entries + (number - 1) * table->stride);
}

static uint32_t number_of(uint32_t link)
{
	return link & 0xffff;
}

static uint32_t link_of(uint32_t number, uint64_t hash)
{
	return number | ((uint32_t)(hash >> 32) & 0xffff0000u);
}

static void *entry_of(struct head *head)
{
	return head + 1;
}

/* Large entries begin on a cache line: their heads are what most look-ups come for. */
static size_t stride_of(size_t entry_size)
{
	size_t size = sizeof(struct head) + entry_size, unit = size > 4 * LINE ? LINE : 8;

	return (size + unit - 1) & ~(unit - 1);
}

/*
 * A look-up in a large table mostly misses the caches; with large pages it does not miss the TLB as well. The first is
 * made of small ones: many tables never grow beyond it, and clearing a large page for a few entries takes longer than
 * all that is done with them.
 */
static char *alloc_entries(size_t size)
{
	size_t unit = size < 2 * LARGE_PAGE ? LINE : LARGE_PAGE;

	size = (size + unit - 1) & ~(unit - 1);
	char *entries = aligned_alloc(unit, size);
	if (entries && unit == LARGE_PAGE)
		madvise(entries + LARGE_PAGE, size - LARGE_PAGE,
			MADV_HUGEPAGE); /* where there are none, small ones do */
	return entries;
}

int table_init(struct table *table, size_t entry_size, size_t capacity, void (*release)(void *entry))
{
	size_t buckets = 16;

	if (capacity > TABLE_CAPACITY_MAX)
		return -EINVAL;
	while (buckets < capacity * 2)
		buckets *= 2;
	*table = (struct table){
		.stride = stride_of(entry_size),
		.clear = entry_size,
		.capacity = capacity,
		.bucket_mask = (uint32_t)buckets - 1,
		.release = release,
	};
	table->entries = alloc_entries(capacity * table->stride);
	table->buckets = calloc(buckets, sizeof(*table->buckets));
	table->chains = calloc(capacity + 1, sizeof(*table->chains));
	if (table->entries && table->buckets && table->chains)
		return 0;
	table_finish(table);
	return -ENOMEM;
}

void table_finish(struct table *table)
{
	while (table->release && table->oldest)
		table_evict(table);
	free(table->entries);
	free(table->buckets);
	free(table->chains);
	*table = (struct table){ 0 };
}

static void unlink_use(struct table *table, struct head *head)
{
	if (head->newer)
		head_at(table, head->newer)->older = head->older;
	else
		table->newest = head->older;
	if (head->older)
		head_at(table, head->older)->newer = head->newer;
	else
		table->oldest = head->newer;
}

static void link_newest(struct table *table, uint32_t number)
{
	struct head *head = head_at(table, number);

	head->newer = 0;
	head->older = table->newest;
	if (table->newest)
		head_at(table, table->newest)->newer = number;
	else
		table->oldest = number;
	table->newest = number;
}

/* 0: there is none. */
static uint32_t find_number(const struct table *table, uint64_t hash, uint64_t key, uint64_t sub)
{
	uint32_t link = table->buckets[hash & table->bucket_mask];

	for (; link; link = table->chains[number_of(link)]) {
		if (link != link_of(number_of(link), hash))
			continue;
		const struct head *head = head_at(table, number_of(link));
		if (head->key == key && head->sub == sub)
			break;
	}
	return number_of(link);
}

static void drop(struct table *table, uint32_t number)
{
	struct head *head = head_at(table, number);
	uint32_t *link = &table->buckets[head->bucket];

	while (number_of(*link) != number)
		link = &table->chains[number_of(*link)];
	*link = table->chains[number];
	unlink_use(table, head);
	if (table->release)
		table->release(entry_of(head));
	table->chains[number] = table->free;
	table->free = number;
	table->count--;
}

void *table_find(struct table *table, uint64_t key, uint64_t sub)
{
	uint32_t number = table->count ? find_number(table, hash_join(key, sub), key, sub) : 0;

	if (!number)
		return NULL;
	head_at(table, number)->used = true;
	return entry_of(head_at(table, number));
}

void table_expect(const struct table *table, uint64_t key, uint64_t sub)
{
	__builtin_prefetch(&table->buckets[hash_join(key, sub) & table->bucket_mask]);
}

void table_expect_entry(const struct table *table, uint64_t key, uint64_t sub, size_t bytes)
{
	uint64_t hash = hash_join(key, sub);
	uint32_t link = table->buckets[hash & table->bucket_mask];

	if (!link || link != link_of(number_of(link), hash))
		return;
	const char *head = (const char *)head_at(table, number_of(link));
	for (size_t at = 0; at < sizeof(struct head) + bytes; at += LINE)
		__builtin_prefetch(head + at);
}

/* Gives the used ones at the old end their second round. Ends: each round clears a mark. */
static void settle(struct table *table)
{
	while (table->oldest && head_at(table, table->oldest)->used) {
		uint32_t number = table->oldest;
		unlink_use(table, head_at(table, number));
		link_newest(table, number);
		head_at(table, number)->used = false;
	}
}

static uint32_t take_free(struct table *table)
{
	if (!table->free && table->count == table->capacity) {
		settle(table);
		drop(table, table->oldest);
		table->evicted++;
		/* A table that is full gives way at each new entry: the next time to this one. */
		if (table->oldest)
			__builtin_prefetch(&table->buckets[head_at(table, table->oldest)->bucket]);
	}
	uint32_t number = table->free;
	if (number)
		table->free = table->chains[number];
	else
		number = (uint32_t)table->count + 1;
	table->count++;
	return number;
}

void *table_put(struct table *table, uint64_t key, uint64_t sub, bool *created)
{
	uint64_t hash = hash_join(key, sub);
	uint32_t number = table->count ? find_number(table, hash, key, sub) : 0;
	uint32_t bucket = (uint32_t)hash & table->bucket_mask;

	*created = !number;
	if (number) {
		head_at(table, number)->used = true;
		return entry_of(head_at(table, number));
	}
	number = take_free(table);
	struct head *head = head_at(table, number);
	memset(entry_of(head), 0, table->clear);
	*head = (struct head){ .key = key, .sub = sub, .bucket = bucket };
	table->chains[number] = table->buckets[bucket];
	table->buckets[bucket] = link_of(number, hash);
	link_newest(table, number);
	return entry_of(head);
}

void table_remove(struct table *table, uint64_t key, uint64_t sub)
{
	uint32_t number = table->count ? find_number(table, hash_join(key, sub), key, sub) : 0;

	if (number)
		drop(table, number);
}

bool table_evict(struct table *table)
{
	settle(table);
	if (!table->oldest)
		return false;
	drop(table, table->oldest);
	return true;
}

void *table_oldest(struct table *table)
{
	settle(table);
	return table->oldest ? entry_of(head_at(table, table->oldest)) : NULL;
}
