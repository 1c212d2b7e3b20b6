/*
 * Open addressing; at most half of the buckets are taken. Groups are of one
 * piece each, in an arena: head, keys, state, texts of the keys.
 */
#include "query/grouping.h"

#include <stdlib.h>
#include <sys/auxv.h>

#define CAPACITY_LEAST 64

/* ---- hashing ---- */

/* Sixteen bytes that the kernel gives each process; no system call, so confinement does not matter. */
static uint64_t process_seed(void)
{
	const void *bytes = (const void *)getauxval(AT_RANDOM); /* NOLINT(performance-no-int-to-ptr) */
	uint64_t halves[2] = { 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u };

	if (bytes)
		memcpy(halves, bytes, sizeof(halves));
	return (halves[0] ^ (halves[1] << 32 | halves[1] >> 32)) | 1;
}

/* Both halves of the product: no input bit is without influence on any output bit. */
static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word_at(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The last 1 to 7 bytes; overlapping loads instead of a loop. */
static uint64_t tail_word(const char *at, size_t len)
{
	uint32_t low, high;

	if (len < 4)
		return (unsigned char)at[0] | (uint64_t)(unsigned char)at[len / 2] << 8 |
		       (uint64_t)(unsigned char)at[len - 1] << 16;
	memcpy(&low, at, sizeof(low));
	memcpy(&high, at + len - 4, sizeof(high));
	return low | (uint64_t)high << 32;
}

static uint64_t hash_text(struct span text, uint64_t seed)
{
	uint64_t hash = seed ^ text.len;
	const char *at = text.data;
	size_t left = text.len;

	for (; left >= 16; left -= 16, at += 16)
		hash = fold(word_at(at) ^ seed, word_at(at + 8) ^ hash);
	if (left >= 8) {
		hash = fold(word_at(at) ^ seed, hash ^ 0xa0761d6478bd642fu);
		left -= 8;
		at += 8;
	}
	return left ? fold(tail_word(at, left) ^ seed, hash ^ 0xe7037ed1a0b428dbu) : hash;
}

static uint64_t hash_number(double number, uint64_t seed)
{
	uint64_t bits;

	number += 0.0; /* -0 becomes 0 */
	memcpy(&bits, &number, sizeof(bits));
	return fold(bits ^ seed, 0x8ebc6af09c88c6e3u ^ seed << 1);
}

static uint64_t hash_keys(const struct grouping *groups, const struct value *keys)
{
	uint64_t hash = groups->seed;

	for (size_t i = 0; i < groups->key_count; i++) {
		uint64_t part = keys[i].kind == VALUE_TEXT ? hash_text(keys[i].text, groups->seed)
							   : hash_number(keys[i].number, groups->seed + keys[i].kind);
		hash = fold(hash ^ part, 0x589965cc75374cc3u + keys[i].kind) ^ part;
	}
	return hash;
}

/* ---- finding ---- */

bool grouping_same_value(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == VALUE_TEXT)
		return span_equal(a->text, b->text);
	return a->kind == VALUE_NULL || a->number == b->number;
}

static bool same_keys(const struct grouping *groups, const struct group *group, const struct value *keys)
{
	for (size_t i = 0; i < groups->key_count; i++)
		if (!grouping_same_value(&group->keys[i], &keys[i]))
			return false;
	return true;
}

/* The bucket of these keys, or the free one where they belong. There is a free one. */
static struct bucket *find_bucket(const struct grouping *groups, const struct value *keys, uint64_t hash)
{
	size_t mask = groups->capacity - 1, at = hash & mask;
	struct bucket *bucket = &groups->buckets[at];

	while (bucket->group && (bucket->hash != hash || !same_keys(groups, bucket->group, keys))) {
		at = (at + 1) & mask;
		bucket = &groups->buckets[at];
	}
	return bucket;
}

/* ---- growing ---- */

static bool grow(struct grouping *groups)
{
	size_t old = groups->capacity, capacity = old ? old * 2 : CAPACITY_LEAST;
	struct bucket *from = groups->buckets;

	if (stage_hold(groups->stage, (capacity - old) * sizeof(*from)) < 0)
		return false;
	struct bucket *buckets = calloc(capacity, sizeof(*buckets));
	if (!buckets) {
		stage_let_go(groups->stage, (capacity - old) * sizeof(*from));
		stage_no_memory(groups->stage);
		return false;
	}
	for (size_t i = 0; i < old; i++) {
		size_t at = from[i].hash & (capacity - 1);
		while (from[i].group && buckets[at].group)
			at = (at + 1) & (capacity - 1);
		if (from[i].group)
			buckets[at] = from[i];
	}
	free(from);
	groups->buckets = buckets;
	groups->capacity = capacity;
	return true;
}

static struct group *make(struct grouping *groups, const struct value *keys, uint64_t hash)
{
	size_t head = sizeof(struct group) + groups->key_count * sizeof(*keys) + groups->state_size, size = head;

	for (size_t i = 0; i < groups->key_count; i++)
		size += keys[i].kind == VALUE_TEXT ? keys[i].text.len : 0;
	if (stage_hold(groups->stage, size) < 0)
		return NULL;
	struct group *group = arena_alloc(&groups->arena, size);
	if (!group) {
		stage_no_memory(groups->stage);
		return NULL;
	}
	char *text = (char *)group + head;
	group->hash = hash;
	for (size_t i = 0; i < groups->key_count; i++) {
		group->keys[i] = keys[i];
		if (keys[i].kind != VALUE_TEXT || !keys[i].text.len)
			continue;
		memcpy(text, keys[i].text.data, keys[i].text.len);
		group->keys[i].text.data = text;
		text += keys[i].text.len;
	}
	memset(grouping_state(groups, group), 0, groups->state_size);
	return group;
}

struct group *grouping_find(struct grouping *groups, const struct value *keys, bool *created)
{
	uint64_t hash = hash_keys(groups, keys);

	*created = false;
	if (groups->count * 2 >= groups->capacity && !grow(groups))
		return NULL;
	struct bucket *bucket = find_bucket(groups, keys, hash);
	if (bucket->group)
		return bucket->group;
	struct group *group = make(groups, keys, hash);
	if (!group)
		return NULL;
	*bucket = (struct bucket){ .hash = hash, .group = group };
	groups->count++;
	*created = true;
	return group;
}

/* ---- all of them ---- */

void grouping_init(struct grouping *groups, struct stage *stage, size_t key_count, size_t state_size)
{
	*groups = (struct grouping){ .stage = stage,
				     .key_count = key_count,
				     .state_size = (state_size + 7) & ~(size_t)7,
				     .seed = process_seed() };
	arena_init(&groups->arena, 0);
}

void grouping_finish(struct grouping *groups)
{
	free(groups->buckets);
	arena_finish(&groups->arena);
	*groups = (struct grouping){ 0 };
}

/* A bool and a number of the same size are two groups: the kind decides. */
int grouping_compare(const void *a, const void *b, void *context)
{
	const struct bucket *left = a, *right = b;
	const struct grouping *groups = context;

	for (size_t i = 0; i < groups->key_count; i++) {
		const struct value *x = &left->group->keys[i], *y = &right->group->keys[i];
		int order = value_compare(x, y);
		if (order == 0)
			order = (int)x->kind - (int)y->kind;
		if (order)
			return order;
	}
	return 0;
}

void grouping_sort(struct grouping *groups, int (*compare)(const void *, const void *, void *), void *context)
{
	size_t count = 0;

	for (size_t i = 0; i < groups->capacity; i++)
		if (groups->buckets[i].group)
			groups->buckets[count++] = groups->buckets[i];
	for (size_t i = count; i < groups->capacity; i++)
		groups->buckets[i].group = NULL;
	if (count)
		qsort_r(groups->buckets, count, sizeof(*groups->buckets), compare, context);
}

void grouping_each(const struct grouping *groups, void (*call)(void *state, void *context), void *context)
{
	for (size_t i = 0; i < groups->capacity; i++)
		if (groups->buckets[i].group)
			call(grouping_state(groups, groups->buckets[i].group), context);
}
