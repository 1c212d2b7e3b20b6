/*
 * json_marks: where in JSON the bytes are that its scanner stops at. Private to src/base.
 *
 * Both searchers have a twin; tests hold them together. SSE2 is part of every x86-64.
 */
#ifndef BASE_JSON_MARKS_H
#define BASE_JSON_MARKS_H

#include "base/words.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define JSON_BLOCK 64

/* In each a bit for each byte of a block, that of the first the lowest. */
struct json_block {
	uint64_t quotes, backslashes, brackets; /* brackets: of all four kinds */
};

static inline struct json_block json_block_plain(const char *p)
{
	struct json_block block = { 0 };

	for (unsigned i = 0; i < JSON_BLOCK; i++) {
		block.quotes |= (uint64_t)(p[i] == '"') << i;
		block.backslashes |= (uint64_t)(p[i] == '\\') << i;
		block.brackets |= (uint64_t)((p[i] | 0x20) == '{' || (p[i] | 0x20) == '}') << i;
	}
	return block;
}

/* The first quote or backslash, or `end`. */
static inline const char *json_special_plain(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t word = word_load(p), found = word_equal(word, '"') | word_equal(word, '\\');
		if (found)
			return p + word_first(found);
	}
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

#if defined(__SSE2__)
static inline void json_block_part(struct json_block *block, const char *p, unsigned at)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
	__m128i upper = _mm_or_si128(bytes, _mm_set1_epi8(0x20)); /* makes '{' of '[' and '}' of ']' */
	__m128i opening = _mm_cmpeq_epi8(upper, _mm_set1_epi8('{'));
	__m128i closing = _mm_cmpeq_epi8(upper, _mm_set1_epi8('}'));
	__m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
	__m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));

	block->quotes |= (uint64_t)(unsigned)_mm_movemask_epi8(quotes) << at;
	block->backslashes |= (uint64_t)(unsigned)_mm_movemask_epi8(backslashes) << at;
	block->brackets |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(opening, closing)) << at;
}

static inline struct json_block json_block_at(const char *p)
{
	struct json_block block = { 0 };

	json_block_part(&block, p, 0);
	json_block_part(&block, p, 16);
	json_block_part(&block, p, 32);
	json_block_part(&block, p, 48);
	return block;
}

static inline const char *json_special(const char *p, const char *end)
{
	for (; end - p >= 16; p += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
		__m128i found = _mm_or_si128(quotes, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
		unsigned bits = (unsigned)_mm_movemask_epi8(found);
		if (bits)
			return p + __builtin_ctz(bits);
	}
	return json_special_plain(p, end);
}
#else
static inline struct json_block json_block_at(const char *p)
{
	return json_block_plain(p);
}

static inline const char *json_special(const char *p, const char *end)
{
	return json_special_plain(p, end);
}
#endif

#endif
