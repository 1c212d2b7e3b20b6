#include "sieve/lines.h"

/* From `at` on; what stands in front of it may be the first half of a header. */
static void find_from(struct line_ends *ends, struct span text, size_t at)
{
	for (; at < text.len; at++) {
		char c = text.data[at];
		if (c == '\n' && ends->count < LINES_MAX)
			ends->at[ends->count++] = (uint16_t)at;
		ends->headers += c == '(' && at && text.data[at - 1] == 't';
	}
}

static void find_plain(struct line_ends *ends, struct span text)
{
	ends->count = ends->headers = 0;
	find_from(ends, text, 0);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,bmi,popcnt")))

/* Which of 64 bytes are that one. */
WIDE static inline uint64_t equal(const char *p, char byte)
{
	const __m256i wanted = _mm256_set1_epi8(byte);
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)) << 32;
}

/* More than two lines in 64 bytes are rare: two are written whether there are any or not. */
WIDE static inline void put_two(struct line_ends *ends, uint64_t newlines, size_t at)
{
	uint16_t *to = ends->at + ends->count;

	to[0] = (uint16_t)(at + _tzcnt_u64(newlines));
	to[1] = (uint16_t)(at + _tzcnt_u64(newlines & (newlines - 1)));
	ends->count += (unsigned)__builtin_popcountll(newlines);
	if (__builtin_popcountll(newlines) <= 2)
		return;
	ends->count -= (unsigned)__builtin_popcountll(newlines);
	for (; newlines && ends->count < LINES_MAX; newlines &= newlines - 1)
		ends->at[ends->count++] = (uint16_t)(at + _tzcnt_u64(newlines));
}

WIDE static void find_avx2(struct line_ends *ends, struct span text)
{
	uint64_t before = 0; /* whether the byte in front of the block is a t */
	size_t at = 0;

	ends->count = ends->headers = 0;
	for (; at + 64 <= text.len && ends->count <= LINES_MAX - 2; at += 64) {
		const char *p = text.data + at;
		uint64_t brackets = equal(p, '('), letters = equal(p, 't');
		put_two(ends, equal(p, '\n'), at);
		ends->headers += (unsigned)__builtin_popcountll(brackets & (letters << 1 | before));
		before = letters >> 63;
	}
	find_from(ends, text, at);
}

#define WIDER __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")))

/* Sixteen are written, and what is too much of them is written over. */
WIDER static inline void put_sixteen(struct line_ends *ends, uint64_t newlines, size_t at)
{
	const __m512i places =
		_mm512_set_epi64(0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
				 0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
	__m512i found = _mm512_maskz_compress_epi8(newlines, places);
	__m256i wide = _mm256_cvtepu8_epi16(_mm512_castsi512_si128(found));

	_mm256_storeu_si256((__m256i *)(void *)(ends->at + ends->count),
			    _mm256_add_epi16(wide, _mm256_set1_epi16((short)at)));
	ends->count += (unsigned)__builtin_popcountll(newlines);
	if (__builtin_popcountll(newlines) <= 16)
		return;
	ends->count -= (unsigned)__builtin_popcountll(newlines);
	for (; newlines && ends->count < LINES_MAX; newlines &= newlines - 1)
		ends->at[ends->count++] = (uint16_t)(at + (unsigned)__builtin_ctzll(newlines));
}

WIDER static void find_avx512(struct line_ends *ends, struct span text)
{
	const __m512i newline = _mm512_set1_epi8('\n'), bracket = _mm512_set1_epi8('('), letter = _mm512_set1_epi8('t');
	uint64_t before = 0;
	size_t at = 0;

	ends->count = ends->headers = 0;
	for (; at + 64 <= text.len && ends->count <= LINES_MAX - 16; at += 64) {
		__m512i block = _mm512_loadu_si512(text.data + at);
		uint64_t letters = _mm512_cmpeq_epi8_mask(block, letter);
		uint64_t brackets = _mm512_cmpeq_epi8_mask(block, bracket);
		put_sixteen(ends, _mm512_cmpeq_epi8_mask(block, newline), at);
		ends->headers += (unsigned)__builtin_popcountll(brackets & (letters << 1 | before));
		before = letters >> 63;
	}
	find_from(ends, text, at);
}
#endif

line_ends_finder *line_ends_finder_of(enum lines_level level)
{
	switch (level) {
	case LINES_PLAIN:
		return find_plain;
#if defined(__x86_64__)
	case LINES_AVX2:
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? find_avx2 : NULL;
	case LINES_AVX512:
		return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw") ? find_avx512 : NULL;
#endif
	default:
		return NULL;
	}
}

void line_ends_find(struct line_ends *ends, struct span text)
{
	for (enum lines_level level = LINES_LEVELS; level-- > LINES_PLAIN;) {
		line_ends_finder *find = line_ends_finder_of(level);
		if (!find)
			continue;
		find(ends, text);
		return;
	}
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
