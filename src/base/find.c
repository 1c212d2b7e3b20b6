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

WIDE size_t find_avx2(struct span s, struct span needle)
{
	size_t covered = BLOCK + needle.len - 1;

	if (s.len < covered)
		return find_plain(s, needle);
	for (size_t at = 0;; at += BLOCK) {
		at = at + covered <= s.len ? at : s.len - covered; /* the last block lies over the one before */
		for (uint32_t places = places_at(s.data + at, needle); places; places &= places - 1) {
			size_t place = at + (unsigned)__builtin_ctz(places);
			if (memcmp(s.data + place, needle.data, needle.len) == 0)
				return place;
		}
		if (at + covered == s.len)
			return s.len;
	}
}
#endif
