/*
 * Three tables by how the literals begin, letters folded: one byte, two (for
 * those of two or three), a hash of four (for all others). At each position
 * of the text the three chains that may begin there are compared.
 *
 *   texts   the literals one behind the other; folded where case is ignored
 *   heads   256 + 65536 + the hashed ones; each the first of a chain
 */
#include "match/literals_plain.h"

#include <stdlib.h>

#include "base/hash.h"
#include "match/fold.h"

#define NONE UINT32_MAX
#define HEADS_OF_ONE 256
#define HEADS_OF_TWO 65536

struct entry {
	uint32_t text, next;
	uint16_t len;
	bool ignore_case;
};

struct literals_plain {
	struct entry *entries;
	uint32_t *heads;
	char *texts;
	size_t count;
	uint32_t hash_mask;
};

/* A literal was found in this pass when its mark is the pass's number. */
struct literals_seen {
	uint32_t pass;
	size_t count;
	uint32_t marks[];
};

static uint32_t head_of_two(const char *at)
{
	return HEADS_OF_ONE + (fold(at[0]) | (uint32_t)fold(at[1]) << 8);
}

static uint32_t head_of_four(const struct literals_plain *plain, const char *at)
{
	uint32_t word =
		fold(at[0]) | (uint32_t)fold(at[1]) << 8 | (uint32_t)fold(at[2]) << 16 | (uint32_t)fold(at[3]) << 24;

	return HEADS_OF_ONE + HEADS_OF_TWO + ((uint32_t)hash_mix(word) & plain->hash_mask);
}

static uint32_t head_of(const struct literals_plain *plain, struct span text)
{
	if (text.len == 1)
		return fold(text.data[0]);
	return text.len < 4 ? head_of_two(text.data) : head_of_four(plain, text.data);
}

static void add(struct literals_plain *plain, uint32_t index, const struct literal *item, uint32_t at)
{
	struct entry *entry = &plain->entries[index];
	uint32_t *head = &plain->heads[head_of(plain, item->text)];

	*entry = (struct entry){ at, *head, (uint16_t)item->text.len, item->ignore_case };
	*head = index;
	for (size_t i = 0; i < item->text.len; i++)
		plain->texts[at + i] = item->ignore_case ? (char)fold(item->text.data[i]) : item->text.data[i];
}

static bool allocate(struct literals_plain *plain, size_t count, size_t bytes)
{
	uint32_t hashed = 16;

	while (hashed < 2 * count)
		hashed *= 2;
	size_t heads = HEADS_OF_ONE + HEADS_OF_TWO + (size_t)hashed;
	plain->count = count;
	plain->hash_mask = hashed - 1;
	plain->entries = calloc(count + 1, sizeof(*plain->entries));
	plain->heads = malloc(heads * sizeof(*plain->heads));
	plain->texts = malloc(bytes + 1);
	if (!plain->entries || !plain->heads || !plain->texts)
		return false;
	memset(plain->heads, 0xff, heads * sizeof(*plain->heads));
	return true;
}

struct literals_plain *literals_plain_create(const struct literal *items, size_t count)
{
	struct literals_plain *plain = calloc(1, sizeof(*plain));
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += items[i].text.len;
	if (!plain || bytes > UINT32_MAX || !allocate(plain, count, bytes)) {
		literals_plain_destroy(plain);
		return NULL;
	}
	uint32_t at = 0;
	for (size_t i = 0; i < count; i++) {
		add(plain, (uint32_t)i, &items[i], at);
		at += (uint32_t)items[i].text.len;
	}
	return plain;
}

void literals_plain_destroy(struct literals_plain *plain)
{
	if (!plain)
		return;
	free(plain->entries);
	free(plain->heads);
	free(plain->texts);
	free(plain);
}

struct literals_seen *literals_seen_create(size_t count)
{
	struct literals_seen *seen = calloc(1, sizeof(*seen) + count * sizeof(seen->marks[0]));

	if (seen)
		seen->count = count;
	return seen;
}

void literals_seen_destroy(struct literals_seen *seen)
{
	free(seen);
}

static void begin_pass(struct literals_seen *seen)
{
	if (++seen->pass != 0)
		return;
	memset(seen->marks, 0, seen->count * sizeof(seen->marks[0]));
	seen->pass = 1;
}

static bool occurs(const struct literals_plain *plain, const struct entry *entry, struct span rest)
{
	const char *text = plain->texts + entry->text;

	if (entry->len > rest.len)
		return false;
	return entry->ignore_case ? fold_equal(rest.data, text, entry->len) : memcmp(rest.data, text, entry->len) == 0;
}

static void follow(const struct literals_plain *plain, struct literals_seen *seen, uint32_t head, struct span rest,
		   literals_found *found, void *context)
{
	for (uint32_t i = plain->heads[head]; i != NONE; i = plain->entries[i].next) {
		if (seen->marks[i] == seen->pass || !occurs(plain, &plain->entries[i], rest))
			continue;
		seen->marks[i] = seen->pass;
		found(context, i);
	}
}

void literals_plain_scan(const struct literals_plain *plain, struct literals_seen *seen, struct span text,
			 literals_found *found, void *context)
{
	begin_pass(seen);
	for (size_t i = 0; i < text.len; i++) {
		struct span rest = span_skip(text, i);
		follow(plain, seen, fold(rest.data[0]), rest, found, context);
		if (rest.len >= 2)
			follow(plain, seen, head_of_two(rest.data), rest, found, context);
		if (rest.len >= 4)
			follow(plain, seen, head_of_four(plain, rest.data), rest, found, context);
	}
}
