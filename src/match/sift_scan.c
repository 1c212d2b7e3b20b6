/*
 * The readers: each says which of 64 places may begin a print, and what they
 * say is compared. The plain one is the twin of the wide ones.
 */
#include "base/words.h"
#include "match/fold.h"
#include "match/sift_parts.h"

#define BLOCK 64

static bool stands_in_hex(const struct sift_wanted *wanted, const char *at)
{
	for (size_t i = 0; i < wanted->len; i++) {
		int high = word_hex_digit(at[2 * i]), low = word_hex_digit(at[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		char c = (char)(high << 4 | low);
		if ((wanted->ignore_case ? (char)fold(c) : c) != wanted->text[i])
			return false;
	}
	return true;
}

static bool stands(const struct sift_wanted *wanted, const char *at)
{
	if (wanted->hex)
		return stands_in_hex(wanted, at);
	if (!wanted->ignore_case)
		return memcmp(at, wanted->text, wanted->len) == 0;
	for (size_t i = 0; i < wanted->len; i++)
		if ((char)fold(at[i]) != wanted->text[i])
			return false;
	return true;
}

/* As sift_buckets_at, near the end: what is behind it may be anything. */
static uint8_t buckets_of(const struct sift *sift, struct span rest)
{
	uint8_t buckets = 0xff;

	for (size_t i = 0; i < SIFT_PRINT && i < rest.len; i++)
		buckets &= sift->by_byte[i][(unsigned char)rest.data[i]];
	return buckets;
}

/* Compares the texts of the buckets with what stands around a print at `at`. Returns how many places there are then. */
static size_t compare(const struct sift *sift, struct span text, size_t at, struct sift_place *places, size_t count,
		      size_t max)
{
	for (uint8_t buckets = buckets_of(sift, span_skip(text, at)); buckets; buckets &= buckets - 1) {
		unsigned bucket = (unsigned)__builtin_ctz(buckets);
		for (unsigned i = sift->first[bucket]; i < sift->first[bucket + 1]; i++) {
			const struct sift_wanted *wanted = &sift->wanted[sift->order[i]];
			if (at < wanted->print || text.len - (at - wanted->print) < wanted->span ||
			    !stands(wanted, text.data + at - wanted->print))
				continue;
			if (count < max)
				places[count] = (struct sift_place){ (uint32_t)(at - wanted->print), sift->order[i] };
			count++;
		}
	}
	return count;
}

static uint64_t block_plain(const struct sift *sift, const char *p)
{
	uint64_t found = 0;

	for (unsigned i = 0; i < BLOCK; i++)
		found |= (uint64_t)(sift_buckets_at(sift, p + i) != 0) << i;
	return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))
#define WIDER __attribute__((target("avx512f,avx512bw,avx512vbmi")))

WIDE static inline __m256i table_of(const uint8_t bytes[16])
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}

WIDE static inline __m256i ask(__m256i bytes, __m256i low, __m256i high)
{
	const __m256i half = _mm256_set1_epi8(15);

	return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
				_mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

WIDE static inline uint32_t half_avx2(const __m256i low[SIFT_PRINT], const __m256i high[SIFT_PRINT], const char *p)
{
	__m256i found = _mm256_set1_epi8(-1);

	for (unsigned i = 0; i < SIFT_PRINT; i++)
		found = _mm256_and_si256(
			found, ask(_mm256_loadu_si256((const __m256i *)(const void *)(p + i)), low[i], high[i]));
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
}

/* The first block from *at on that holds a candidate; 0 when none does up to `end`, where whole blocks end. */
WIDE static uint64_t next_avx2(const struct sift *sift, const char *data, size_t *at, size_t end)
{
	__m256i low[SIFT_PRINT], high[SIFT_PRINT];

	for (unsigned i = 0; i < SIFT_PRINT; i++)
		low[i] = table_of(sift->by_low[i]), high[i] = table_of(sift->by_high[i]);
	for (; *at < end; *at += BLOCK) {
		uint64_t found = half_avx2(low, high, data + *at) | (uint64_t)half_avx2(low, high, data + *at + 32)
									    << 32;
		if (found)
			return found;
	}
	return 0;
}

WIDER static uint64_t next_avx512(const struct sift *sift, const char *data, size_t *at, size_t end)
{
	__m512i tables[SIFT_PRINT];

	for (unsigned i = 0; i < SIFT_PRINT; i++)
		tables[i] = _mm512_loadu_si512(sift->by_bits[i]);
	for (; *at < end; *at += BLOCK) {
		const char *p = data + *at;
		_mm_prefetch(p + 2048, _MM_HINT_T0);
		__m512i found = _mm512_permutexvar_epi8(_mm512_loadu_si512(p), tables[0]);
		for (unsigned i = 1; i < SIFT_PRINT; i++)
			found = _mm512_and_si512(found, _mm512_permutexvar_epi8(_mm512_loadu_si512(p + i), tables[i]));
		uint64_t places = _mm512_test_epi8_mask(found, found);
		if (places)
			return places;
	}
	return 0;
}
#endif

static uint64_t next_plain(const struct sift *sift, const char *data, size_t *at, size_t end)
{
	for (; *at < end; *at += BLOCK) {
		uint64_t found = block_plain(sift, data + *at);
		if (found)
			return found;
	}
	return 0;
}

bool sift_can(enum sift_level level)
{
	switch (level) {
	case SIFT_PLAIN:
		return true;
#if defined(__x86_64__)
	case SIFT_AVX2:
		return __builtin_cpu_supports("avx2");
	case SIFT_AVX512:
		return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw");
#endif
	default:
		return false;
	}
}

static uint64_t next_block(const struct sift *sift, enum sift_level level, const char *data, size_t *at, size_t end)
{
#if defined(__x86_64__)
	if (level == SIFT_AVX512)
		return next_avx512(sift, data, at, end);
	if (level == SIFT_AVX2)
		return next_avx2(sift, data, at, end);
#endif
	(void)level;
	return next_plain(sift, data, at, end);
}

/* What of the text is behind the last block that may be read whole, with the rest of a print behind it. */
static size_t scan_rest(const struct sift *sift, struct span text, size_t *from, struct sift_place *places,
			size_t count, size_t max)
{
	for (; *from < text.len; ++*from) {
		size_t now = compare(sift, text, *from, places, count, max);
		if (now > max)
			return count;
		count = now;
	}
	*from = text.len;
	return count;
}

size_t sift_scan_with(const struct sift *sift, enum sift_level level, struct span text, size_t *from,
		      struct sift_place *places, size_t max)
{
	size_t whole = *from;
	size_t count = 0;

	if (text.len >= *from + BLOCK + SIFT_PRINT)
		whole += (text.len - *from - SIFT_PRINT) / BLOCK * BLOCK;
	while (*from < whole) {
		uint64_t found = next_block(sift, level, text.data, from, whole);
		if (!found)
			break;
		size_t before = count;
		for (; found; found &= found - 1) {
			count = compare(sift, text, *from + (unsigned)__builtin_ctzll(found), places, count, max);
			if (count > max)
				return before; /* the block comes again, when there is room */
		}
		*from += BLOCK;
	}
	return scan_rest(sift, text, from, places, count, max);
}

size_t sift_scan(const struct sift *sift, struct span text, size_t *from, struct sift_place *places, size_t max)
{
	return sift_scan_with(sift, sift->level, text, from, places, max);
}
