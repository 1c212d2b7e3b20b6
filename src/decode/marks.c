/*
 * The wide reader, and its scalar twin that also reads what is left of the
 * text behind the last whole block.
 *
 * Invariant: nothing outside of the text is read. The wide reader looks at
 * the byte in front of each, too, so it begins with the second.
 */
#include "decode/marks.h"

#define SEPARATOR 0x1d

/* Goes on at `at`: no newline stands in front of it, and no separator unless marks says so. */
static struct marks find_from(struct span text, size_t at, struct marks marks)
{
	for (; at < text.len && text.data[at] != '\n'; at++) {
		char c = text.data[at];
		if (c == SEPARATOR && marks.separator == text.len)
			marks.separator = at;
		marks.second |= c == '(' && at && text.data[at - 1] == 't';
	}
	marks.newline = at;
	marks.separator = marks.separator < at ? marks.separator : at;
	return marks;
}

struct marks marks_find_plain(struct span text)
{
	return find_from(text, 0, (struct marks){ text.len, text.len, false });
}

#if defined(__x86_64__)
#include <immintrin.h>

#define BLOCK 32
#define WIDE __attribute__((target("avx2")))

WIDE static inline __m256i block_at(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* Each byte that is that one, all its bits set. */
WIDE static inline __m256i equal(__m256i block, char byte)
{
	return _mm256_cmpeq_epi8(block, _mm256_set1_epi8(byte));
}

WIDE static inline uint32_t bits_of(__m256i block)
{
	return (uint32_t)_mm256_movemask_epi8(block);
}

/* Takes what stands in the block at `at`; true when the newline does. */
WIDE static bool take_block(struct span text, size_t at, struct marks *marks)
{
	__m256i block = block_at(text.data + at);
	uint32_t newlines = bits_of(equal(block, '\n'));
	uint32_t line = newlines ? (newlines & -newlines) - 1 : UINT32_MAX;
	uint32_t separators = bits_of(equal(block, SEPARATOR)) & line;
	uint32_t brackets = bits_of(equal(block, '(')) & line;

	if (separators && marks->separator == text.len)
		marks->separator = at + (unsigned)__builtin_ctz(separators);
	marks->second |= (brackets & bits_of(equal(block_at(text.data + at - 1), 't'))) != 0;
	if (!newlines)
		return false;
	marks->newline = at + (unsigned)__builtin_ctz(newlines);
	marks->separator = marks->separator < marks->newline ? marks->separator : marks->newline;
	return true;
}

WIDE struct marks marks_find_avx2(struct span text)
{
	struct marks marks = { text.len, text.len, false };
	size_t at = 1;

	if (!text.len || text.data[0] == '\n' || text.data[0] == SEPARATOR)
		return marks_find_plain(text);
	for (; at + BLOCK <= text.len; at += BLOCK) {
		__m256i block = block_at(text.data + at);
		__m256i second = _mm256_and_si256(equal(block, '('), equal(block_at(text.data + at - 1), 't'));
		__m256i ends = _mm256_or_si256(equal(block, '\n'), equal(block, SEPARATOR));
		if (bits_of(_mm256_or_si256(second, ends)) && take_block(text, at, &marks))
			return marks;
	}
	return find_from(text, at, marks);
}
#endif
