#include "rule/sigma/group.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

#define BUCKETS 32768 /* with all entries in use, four share one: more buckets would be misses of the cache */
#define SORT_STEPS_MAX 1024

/* ---- the pool ---- */

int sigma_pool_init(struct entry_pool *pool)
{
	*pool = (struct entry_pool){ .free = ENTRY_NONE_LEFT };
	pool->nodes = calloc(SIGMA_ENTRIES_MAX, sizeof(*pool->nodes));
	pool->buckets = calloc(BUCKETS, sizeof(*pool->buckets));
	return pool->nodes && pool->buckets ? 0 : -ENOMEM;
}

void sigma_pool_finish(struct entry_pool *pool)
{
	free(pool->nodes);
	free(pool->buckets);
	*pool = (struct entry_pool){ 0 };
}

bool sigma_pool_is_full(const struct entry_pool *pool)
{
	return pool->free == ENTRY_NONE_LEFT && pool->used == SIGMA_ENTRIES_MAX;
}

static uint32_t *bucket_of(const struct group *group, uint64_t value)
{
	return &group->pool->buckets[hash_join(group->key ^ group->sub, value) % BUCKETS];
}

static uint32_t pool_take(struct entry_pool *pool)
{
	uint32_t entry = pool->free;

	if (entry == ENTRY_NONE_LEFT)
		return pool->used++;
	pool->free = pool->nodes[entry].chain;
	return entry;
}

/* ---- entries ---- */

/* Behind which entry one of that time belongs; ENTRY_NONE_LEFT: before all. */
static uint32_t place_for(const struct group *group, int64_t time_ms)
{
	uint32_t at = group->last;

	for (unsigned steps = 0; at != ENTRY_NONE_LEFT && steps < SORT_STEPS_MAX; steps++) {
		if (group->pool->nodes[at].time_ms <= time_ms)
			break;
		at = group->pool->nodes[at].before;
	}
	return at;
}

void sigma_group_add(struct group *group, int64_t time_ms, uint64_t value)
{
	struct entry_node *nodes = group->pool->nodes;
	uint32_t entry = pool_take(group->pool), *bucket = bucket_of(group, value);
	uint32_t before = place_for(group, time_ms);
	uint32_t behind = before == ENTRY_NONE_LEFT ? group->first : nodes[before].behind;

	nodes[entry] = (struct entry_node){ time_ms, value, group, before, behind, *bucket };
	*bucket = entry + 1;
	if (before == ENTRY_NONE_LEFT)
		group->first = entry;
	else
		nodes[before].behind = entry;
	if (behind == ENTRY_NONE_LEFT)
		group->last = entry;
	else
		nodes[behind].before = entry;
	group->entries++;
}

uint32_t sigma_group_find(const struct group *group, uint64_t value)
{
	const struct entry_node *nodes = group->pool->nodes;
	uint32_t number = *bucket_of(group, value);

	while (number && (nodes[number - 1].group != group || nodes[number - 1].value != value))
		number = nodes[number - 1].chain;
	return number ? number - 1 : ENTRY_NONE_LEFT;
}

static void unchain(struct group *group, uint32_t entry)
{
	struct entry_node *nodes = group->pool->nodes;
	uint32_t *link = bucket_of(group, nodes[entry].value);

	while (*link != entry + 1)
		link = &nodes[*link - 1].chain;
	*link = nodes[entry].chain;
}

void sigma_group_remove(struct group *group, uint32_t entry)
{
	struct entry_node *nodes = group->pool->nodes, *node = &nodes[entry];

	unchain(group, entry);
	if (node->before == ENTRY_NONE_LEFT)
		group->first = node->behind;
	else
		nodes[node->before].behind = node->behind;
	if (node->behind == ENTRY_NONE_LEFT)
		group->last = node->before;
	else
		nodes[node->behind].before = node->before;
	node->group = NULL;
	node->chain = group->pool->free;
	group->pool->free = entry;
	group->entries--;
}

void sigma_group_expire(struct group *group, int64_t before_ms)
{
	while (group->first != ENTRY_NONE_LEFT && group->pool->nodes[group->first].time_ms < before_ms)
		sigma_group_remove(group, group->first);
}

/* ---- windows ---- */

void sigma_group_open(struct group *group, struct group_list *list, int64_t time_ms, int64_t now_ms)
{
	group->open_ms = time_ms;
	group->opened_ms = now_ms;
	group->list = list;
	group->earlier = list->last;
	group->later = NULL;
	if (list->last)
		list->last->later = group;
	else
		list->first = group;
	list->last = group;
}

void sigma_group_close(struct group *group)
{
	if (!group->list)
		return;
	if (group->earlier)
		group->earlier->later = group->later;
	else
		group->list->first = group->later;
	if (group->later)
		group->later->earlier = group->earlier;
	else
		group->list->last = group->earlier;
	group->list = NULL;
}

void sigma_group_release(void *released)
{
	struct group *group = released;

	sigma_group_close(group);
	while (group->entries)
		sigma_group_remove(group, group->first);
}

/* ---- values ---- */

void sigma_group_set_values(struct group *group, const struct span *values, size_t count)
{
	size_t used = 0;

	group->cut = 0;
	for (size_t i = 0; i < count; i++) {
		size_t room = (SIGMA_GROUP_TEXT_MAX - used) / (count - i);
		size_t len = values[i].len < room ? values[i].len : room;
		group->cut |= (uint8_t)((values[i].len > len) << i);
		group->lengths[i] = (uint16_t)len;
		if (len)
			memcpy(group->text + used, values[i].data, len);
		used += len;
	}
}

void sigma_group_values(const struct group *group, struct span *values, size_t count)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		values[i] = (struct span){ group->text + used, group->lengths[i] };
		used += group->lengths[i];
	}
}

bool sigma_group_has_values(const struct group *group, const struct span *values, size_t count)
{
	struct span own[SIGMA_GROUP_MAX];

	sigma_group_values(group, own, count);
	for (size_t i = 0; i < count; i++) {
		bool cut = group->cut >> i & 1;
		if (cut ? !span_starts(values[i], own[i]) || values[i].len == own[i].len
			: !span_equal(values[i], own[i]))
			return false;
	}
	return true;
}
