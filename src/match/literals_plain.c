/*
 * One hash by how the literals begin, letters folded: by one byte those of
 * one, by two those of two or three, by four all others. At each position of
 * the text the three chains that may begin there are compared.
 *
 *   texts   the literals one behind the other; folded where case is ignored
 *   heads   hashed; each the first of a chain
 */
#include "match/literals_plain.h"

#include <endian.h>
#include <stdlib.h>

#include "base/hash.h"
#include "match/fold.h"

#define NONE UINT32_MAX

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
	unsigned head_lens; /* by how many bytes literals are hashed: 1, 2 and 4 as bits */
};

/* A literal was found in this pass when its mark is the pass's number. */
struct literals_seen {
	uint32_t pass;
	size_t count;
	uint32_t marks[];
};

/* The first four bytes of a text, the first the lowest; zeros where it ends. */
static uint32_t word_at(struct span text)
{
	uint32_t word = 0;

	if (text.len >= sizeof(word))
		memcpy(&word, text.data, sizeof(word));
	else
		memcpy(&word, text.data, text.len);
	return le32toh(word);
}

/* The chain of texts that begin with these `len` bytes: 1, 2 or 4. The bit by which case differs counts in none. */
static inline uint32_t head_of(const struct literals_plain *plain, uint32_t word, unsigned len)
{
	word = (word | 0x20202020u) & UINT32_MAX >> (32 - 8 * len);
	return (uint32_t)hash_mix((uint64_t)len << 32 | word) & plain->hash_mask;
}

static unsigned head_len(size_t len)
{
	return len >= 4 ? 4 : len >= 2 ? 2 : 1;
}

static void add(struct literals_plain *plain, uint32_t index, const struct literal *item, uint32_t at)
{
	struct entry *entry = &plain->entries[index];
	unsigned len = head_len(item->text.len);
	uint32_t *head = &plain->heads[head_of(plain, word_at(item->text), len)];

	plain->head_lens |= len;
	*entry = (struct entry){ at, *head, (uint16_t)item->text.len, item->ignore_case };
	*head = index;
	for (size_t i = 0; i < item->text.len; i++)
		plain->texts[at + i] = item->ignore_case ? (char)fold(item->text.data[i]) : item->text.data[i];
}

static bool allocate(struct literals_plain *plain, size_t count, size_t bytes)
{
	uint32_t hashed = 16;

	while (hashed < 4 * count)
		hashed *= 2;
	plain->count = count;
	plain->hash_mask = hashed - 1;
	plain->entries = calloc(count + 1, sizeof(*plain->entries));
	plain->heads = malloc(hashed * sizeof(*plain->heads));
	plain->texts = malloc(bytes + 1);
	if (!plain->entries || !plain->heads || !plain->texts)
		return false;
	memset(plain->heads, 0xff, hashed * sizeof(*plain->heads));
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

void literals_plain_begin(struct literals_seen *seen)
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

void literals_plain_look(const struct literals_plain *plain, struct literals_seen *seen, struct span rest,
			 literals_found *found, void *context)
{
	uint32_t word = word_at(rest);

	for (unsigned len = 1; len <= 4 && len <= rest.len; len *= 2)
		if (plain->head_lens & len)
			follow(plain, seen, head_of(plain, word, len), rest, found, context);
}

void literals_plain_scan(const struct literals_plain *plain, struct literals_seen *seen, struct span text,
			 literals_found *found, void *context)
{
	literals_plain_begin(seen);
	for (size_t i = 0; i < text.len; i++)
		literals_plain_look(plain, seen, span_skip(text, i), found, context);
}
