/*
 * memmem of glibc sets up tables first, which costs more than it gives for
 * the short texts and needles of log records: 300 instructions, mostly.
 *
 * The wide searcher compares the needle's first and last byte at 32 places
 * at once, and all of it where both fit.
 */
#include "base/find.h"

size_t find_plain(struct span s, struct span needle)
{
	for (size_t at = 0; needle.len <= s.len - at; at++) {
		size_t places = s.len - at - needle.len + 1;
		const char *found = memchr(s.data + at, needle.data[0], places);
		if (!found)
			break;
		at = (size_t)(found - s.data);
		if (memcmp(found, needle.data, needle.len) == 0)
			return at;
	}
	return s.len;
}

size_t count_plain(struct span s, char byte)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += s.data[i] == byte;
	return count;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define BLOCK 32
#define WIDE __attribute__((target("avx2")))

/* Which of 32 places the needle may begin at, a bit each: s holds all that it then covers. */
WIDE static inline uint32_t places_at(const char *p, struct span needle)
{
	__m256i first = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i last = _mm256_loadu_si256((const __m256i *)(const void *)(p + needle.len - 1));

	first = _mm256_cmpeq_epi8(first, _mm256_set1_epi8(needle.data[0]));
	last = _mm256_cmpeq_epi8(last, _mm256_set1_epi8(needle.data[needle.len - 1]));
	return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(first, last));
}

/* The first of the places at which all of the needle stands, or s.len. */
WIDE static inline size_t first_of(uint64_t places, struct span s, size_t at, struct span needle)
{
	for (; places; places &= places - 1) {
		size_t place = at + (unsigned)__builtin_ctzll(places);
		if (needle.len < 3 || memcmp(s.data + place + 1, needle.data + 1, needle.len - 2) == 0)
			return place;
	}
	return s.len;
}

WIDE size_t find_avx2(struct span s, struct span needle)
{
	size_t covered = BLOCK + needle.len - 1, at = 0;

	if (s.len < covered)
		return find_plain(s, needle);
	for (; at + BLOCK + covered <= s.len; at += 2 * BLOCK) {
		uint64_t places = places_at(s.data + at, needle);
		places |= (uint64_t)places_at(s.data + at + BLOCK, needle) << BLOCK;
		size_t place = first_of(places, s, at, needle);
		if (place < s.len)
			return place;
	}
	for (;; at += BLOCK) {
		at = at + covered <= s.len ? at : s.len - covered; /* the last block lies over the one before */
		size_t place = first_of(places_at(s.data + at, needle), s, at, needle);
		if (place < s.len || at + covered == s.len)
			return place;
	}
}

/* A byte of `sums` counts at most 255 blocks; then they are added up. */
WIDE size_t count_avx2(struct span s, char byte)
{
	const __m256i wanted = _mm256_set1_epi8(byte);
	size_t count = 0, at = 0;

	while (s.len - at >= BLOCK) {
		size_t blocks = (s.len - at) / BLOCK;
		__m256i sums = _mm256_setzero_si256();
		for (blocks = blocks < 255 ? blocks : 255; blocks--; at += BLOCK) {
			__m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(s.data + at));
			sums = _mm256_sub_epi8(sums, _mm256_cmpeq_epi8(block, wanted));
		}
		sums = _mm256_sad_epu8(sums, _mm256_setzero_si256());
		count += (size_t)(_mm256_extract_epi64(sums, 0) + _mm256_extract_epi64(sums, 1) +
				  _mm256_extract_epi64(sums, 2) + _mm256_extract_epi64(sums, 3));
	}
	return count + count_plain(span_skip(s, at), byte);
}
#endif
