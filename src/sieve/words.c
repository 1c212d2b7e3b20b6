/* The set is made of all literals; what was found in a text is kept with the text, as long as it is not driven out. */
#include "sieve/words.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/words.h"
#include "match/literals.h"

#define MEMO_BITS 13 /* of the number of texts that are known; they take 192 KiB */
#define HASHED 128   /* bytes of a text's beginning and of its end that tell its place among them */
#define HEX_LEAST 4  /* digits: two bytes */
#define ALL_FOUND (WORDS_RULE | WORDS_COMMAND)

struct memo {
	struct span text; /* borrowed; data NULL: none */
	unsigned found;
};

struct word {
	uint8_t found;	 /* enum words_found */
	bool only_coded; /* it counts only in what stands in hex */
};

struct words {
	struct literals *set;
	struct literals_scratch *scratch;
	struct word *words; /* by their place in the set */
	struct buffer decoded;
	struct memo memos[1 << MEMO_BITS];
};

/* ---- the set ---- */

/* Texts first as they stand, then those that stand otherwise in hex. */
static size_t list(const struct sieve_literal *literals, size_t count, struct literal *items, struct word *words)
{
	size_t all = count;

	for (size_t i = 0; i < count; i++) {
		const struct sieve_literal *literal = &literals[i];
		uint8_t found = literal->command ? WORDS_COMMAND : WORDS_RULE;
		items[i] = (struct literal){ literal->text, true };
		words[i] = (struct word){ found, false };
		if (span_equal(literal->text, literal->encoded))
			continue;
		items[all] = (struct literal){ literal->encoded, true };
		words[all++] = (struct word){ found, true };
	}
	return all;
}

struct words *words_create(const struct sieve_literal *literals, size_t count, struct err *err)
{
	struct words *words = calloc(1, sizeof(*words));
	struct literal *items = calloc(2 * count + 1, sizeof(*items));

	if (words)
		words->words = calloc(2 * count + 1, sizeof(*words->words));
	if (!words || !items || !words->words) {
		err_set(err, -ENOMEM, "out of memory");
		goto failed;
	}
	words->set = literals_create(items, list(literals, count, items, words->words), err);
	if (!words->set)
		goto failed;
	words->scratch = literals_scratch_create(words->set);
	if (!words->scratch) {
		err_set(err, -ENOMEM, "out of memory");
		goto failed;
	}
	free(items);
	return words;
failed:
	free(items);
	words_destroy(words);
	return NULL;
}

void words_destroy(struct words *words)
{
	if (!words)
		return;
	literals_scratch_destroy(words->scratch);
	literals_destroy(words->set);
	buffer_finish(&words->decoded);
	free(words->words);
	free(words);
}

/* ---- what is in hex ---- */

static size_t count_digits(struct span text)
{
	size_t digits = 0;

	while (digits < text.len && word_hex_digit(text.data[digits]) >= 0)
		digits++;
	return digits;
}

/* What stands in hex behind equals signs, each in a line of its own. The kernel writes a value in hex all of it, or not. */
static void decode(struct buffer *to, struct span text)
{
	buffer_reset(to);
	for (;;) {
		text = span_skip(text, span_index(text, '=') + 1);
		if (!text.len)
			return;
		size_t digits = count_digits(text);
		if (digits < HEX_LEAST || digits % 2)
			continue;
		for (size_t i = 0; i < digits; i += 2)
			buffer_add_byte(to,
					(char)(word_hex_digit(text.data[i]) << 4 | word_hex_digit(text.data[i + 1])));
		buffer_add_byte(to, '\n');
	}
}

/* ---- the search ---- */

struct search {
	const struct words *words;
	bool coded;
	unsigned found;
};

static void note(void *context, uint32_t index)
{
	struct search *search = context;
	const struct word *word = &search->words->words[index];

	if (search->coded || !word->only_coded)
		search->found |= word->found;
}

unsigned words_find(struct words *words, struct span text)
{
	struct search search = { words, false, 0 };

	literals_scan(words->set, words->scratch, text, note, &search);
	decode(&words->decoded, text);
	if (words->decoded.failed)
		return ALL_FOUND;
	search.coded = true;
	literals_scan(words->set, words->scratch, buffer_span(&words->decoded), note, &search);
	return search.found;
}

/*
 * Two chains of multiplications, which do not wait for each other. Not for tables that must not be filled at one place:
 * who crowds this one only has texts searched again.
 */
static uint64_t mix(uint64_t h, struct span s)
{
	const uint64_t factor = 0x9e3779b97f4a7c15u;
	uint64_t other = h;

	for (; s.len >= 16; s = span_skip(s, 16)) {
		h = (h ^ word_load(s.data)) * factor;
		other = (other ^ word_load(s.data + 8)) * factor;
	}
	for (; s.len; s = span_skip(s, 1))
		h = (h ^ (unsigned char)*s.data) * factor;
	return (h ^ other >> 32) * factor;
}

/* By its beginning and its end: what is between is seldom all that differs. */
static size_t place_of(struct span text)
{
	size_t behind = text.len < HASHED ? 0 : text.len - HASHED < HASHED ? text.len - HASHED : HASHED;
	uint64_t h = mix(text.len, span_first(text, HASHED));

	if (behind)
		h = mix(h, span_skip(text, text.len - behind));
	return (size_t)(h >> (64 - MEMO_BITS));
}

unsigned words_recall(struct words *words, struct span text)
{
	struct memo *memo = &words->memos[place_of(text)];

	if (!memo->text.data || !span_equal(memo->text, text))
		memo->found = words_find(words, text);
	memo->text = text; /* of two that are equal the later one is nearer to what is read next, and in a cache */
	return memo->found;
}
