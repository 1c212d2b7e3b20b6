#include "sieve/lines.h"

/* The blocks from `at` on, one word of 64 places each; the last may be shorter. */
static void find_from(struct line_ends *ends, struct span text, size_t at)
{
	for (; at < text.len; at++) {
		char c = text.data[at];
		if (at % 64 == 0)
			ends->masks[ends->words++] = 0;
		if (c == '\n') {
			ends->masks[at / 64] |= UINT64_C(1) << at % 64;
			ends->newlines++;
		}
		ends->headers += c == '(' && at && text.data[at - 1] == 't';
	}
}

void line_ends_find_plain(struct line_ends *ends, struct span text)
{
	ends->words = ends->newlines = ends->headers = 0;
	find_from(ends, text, 0);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,popcnt")))

/* Which of 64 bytes are that one. */
WIDE static inline uint64_t equal(const char *p, char byte)
{
	const __m256i wanted = _mm256_set1_epi8(byte);
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)) << 32;
}

WIDE static void find_avx2(struct line_ends *ends, struct span text)
{
	uint64_t before = 0; /* whether the byte in front of the block is a t */
	size_t at = 0;

	for (; at + 64 <= text.len; at += 64) {
		const char *p = text.data + at;
		uint64_t newlines = equal(p, '\n'), brackets = equal(p, '('), letters = equal(p, 't');
		ends->masks[ends->words++] = newlines;
		ends->newlines += (unsigned)__builtin_popcountll(newlines);
		ends->headers += (unsigned)__builtin_popcountll(brackets & (letters << 1 | before));
		before = letters >> 63;
	}
	find_from(ends, text, at);
}

#define WIDER __attribute__((target("avx512f,avx512bw,popcnt")))

WIDER static void find_avx512(struct line_ends *ends, struct span text)
{
	const __m512i newline = _mm512_set1_epi8('\n'), bracket = _mm512_set1_epi8('('), letter = _mm512_set1_epi8('t');
	uint64_t before = 0;
	size_t at = 0;

	for (; at + 64 <= text.len; at += 64) {
		__m512i block = _mm512_loadu_si512(text.data + at);
		uint64_t newlines = _mm512_cmpeq_epi8_mask(block, newline);
		uint64_t letters = _mm512_cmpeq_epi8_mask(block, letter);
		uint64_t brackets = _mm512_cmpeq_epi8_mask(block, bracket);
		ends->masks[ends->words++] = newlines;
		ends->newlines += (unsigned)__builtin_popcountll(newlines);
		ends->headers += (unsigned)__builtin_popcountll(brackets & (letters << 1 | before));
		before = letters >> 63;
	}
	find_from(ends, text, at);
}
#endif

void line_ends_find(struct line_ends *ends, struct span text)
{
	ends->words = ends->newlines = ends->headers = 0;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512bw")) {
		find_avx512(ends, text);
		return;
	}
	if (__builtin_cpu_supports("avx2")) {
		find_avx2(ends, text);
		return;
	}
#endif
	find_from(ends, text, 0);
}

/* ---- numbers ---- */

#define NUMBERS_LEN 512 /* bytes: they stand in front of what its process could have written */

bool line_number(struct span rest, struct span name, uint64_t *number)
{
	struct span head = span_first(rest, NUMBERS_LEN);
	size_t at = span_find(head, name);

	return at < head.len && !memchr(head.data, '\n', at) &&
	       span_decimal(span_skip(head, at + name.len), number) > 0;
}
