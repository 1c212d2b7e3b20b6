/*
 * The readers: each says which places of a strip may begin a print, and what
 * they say is compared. The plain one is the twin of the wide ones.
 *
 *   a strip     │ block 0 │ block 1 │   …   │ block 63 │ what is behind │       a block: 64 bytes
 *
 *   codes       c0 c1 c2 c3 c4  …  c63 │ c64 c65 …                 once for each byte (sift_parts.h)
 *   shifted     c1 c2 c3 c4 c5  …  c64                             by 0 to 7: each asks a table for its buckets
 *   found[1]    0  0  0  1  0   …  0                               where the AND of the eight left any
 *   any         0 1 0 0 …                                          which blocks have a candidate: compared later
 *
 * No branch asks for candidates while a strip is read. None could be foreseen,
 * and a wrong guess costs as much as three blocks.
 *
 * Memory is read once: a read across two cache lines waits for both, and seven
 * shifted reads of every block would be such. AVX-512 shifts in registers, AVX2
 * writes a strip's classes down, where the nearest cache keeps them.
 */
#include "base/words.h"
#include "match/fold.h"
#include "match/sift_parts.h"

#define BLOCK 64
#define STRIP 64			 /* blocks: as many as a word has bits */
#define UNROLLED _Pragma("GCC unroll 8") /* else tables stay in memory, at -O2 */

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

static inline uint8_t buckets_at(const struct sift *sift, const char *p)
{
	uint8_t buckets = 0xff;

	UNROLLED
	for (unsigned i = 0; i < SIFT_PRINT; i++)
		buckets &= sift->by_byte[i][(unsigned char)p[i]];
	return buckets;
}

/* What was found. Beyond `max`, places are only counted. */
struct tray {
	struct sift_place *places;
	size_t count, max;
};

static void compare_text(const struct sift *sift, struct span text, size_t at, unsigned i, struct tray *tray)
{
	const struct sift_wanted *wanted = &sift->wanted[sift->order[i]];

	if (at < wanted->print || text.len - (at - wanted->print) < wanted->span ||
	    (!wanted->whole && !stands(wanted, text.data + at - wanted->print)))
		return;
	if (tray->count < tray->max)
		tray->places[tray->count] = (struct sift_place){ (uint32_t)(at - wanted->print), sift->order[i] };
	tray->count++;
}

/* Which of up to 64 prints are that word, a bit each. */
static uint64_t same_prints(const struct sift_print *prints, size_t count, uint64_t word)
{
	uint64_t same = 0;

	for (size_t i = 0; i < count; i++)
		same |= (uint64_t)((word & prints[i].mask) == prints[i].bits) << i;
	return same;
}

/* Compares the texts of the buckets with what stands around a print at `at`. */
static void compare(const struct sift *sift, struct span text, size_t at, struct tray *tray)
{
	const char *p = text.data + at;
	char last[SIFT_PRINT] = { 0 }; /* zeros behind the end: where a print has none of its text, any byte will do */

	if (text.len - at < SIFT_PRINT)
		p = memcpy(last, p, text.len - at);
	uint64_t word = word_load(p);
	for (uint8_t buckets = buckets_at(sift, p); buckets; buckets &= buckets - 1) {
		unsigned bucket = (unsigned)__builtin_ctz(buckets), end = sift->first[bucket + 1];
		for (unsigned i = sift->first[bucket]; i < end; i += 64) {
			uint64_t same = same_prints(&sift->prints[i], end - i < 64 ? end - i : 64, word);
			for (; same; same &= same - 1)
				compare_text(sift, text, at, i + (unsigned)__builtin_ctzll(same), tray);
		}
	}
}

/* ---- the readers ---- */

/*
 * Which places of each block may begin a print, into `found`, a bit each; returns which blocks have any. There are
 * STRIP blocks at most, and bytes for one more behind them.
 */
typedef uint64_t (*reader)(const struct sift *sift, const char *data, unsigned blocks, uint64_t found[STRIP]);

static uint64_t read_plain(const struct sift *sift, const char *data, unsigned blocks, uint64_t found[STRIP])
{
	uint64_t any = 0;

	for (unsigned block = 0; block < blocks; block++) {
		found[block] = 0;
		for (unsigned i = 0; i < BLOCK; i++)
			found[block] |= (uint64_t)(buckets_at(sift, data + block * BLOCK + i) != 0) << i;
		any |= (uint64_t)(found[block] != 0) << block;
	}
	return any;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))
#define WIDER __attribute__((target("avx512f,avx512bw,avx512vbmi")))

WIDE static inline __m256i table_of(const uint8_t bytes[16])
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}

/* As sift_class in the low four bits; the highest, for which a table would answer 0, is none. */
WIDE static inline __m256i classes_avx2(const char *p, __m256i steps)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i rows = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));

	return _mm256_add_epi8(bytes, _mm256_shuffle_epi8(steps, rows));
}

/* Which of 32 places may begin a print, by their classes and those behind them. */
WIDE static inline uint32_t places_avx2(const __m256i tables[SIFT_PRINT], const char *classes)
{
	__m256i buckets = _mm256_set1_epi8(-1);

	UNROLLED
	for (unsigned i = 0; i < SIFT_PRINT; i++)
		buckets = _mm256_and_si256(
			buckets, _mm256_shuffle_epi8(tables[i],
						     _mm256_loadu_si256((const __m256i *)(const void *)(classes + i))));
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(buckets, _mm256_setzero_si256()));
}

WIDE static uint64_t read_avx2(const struct sift *sift, const char *data, unsigned blocks, uint64_t found[STRIP])
{
	__attribute__((aligned(BLOCK))) char classes[(STRIP + 1) * BLOCK];
	const __m256i steps = table_of(sift_class_steps);
	__m256i tables[SIFT_PRINT];
	uint64_t any = 0;

	UNROLLED
	for (unsigned i = 0; i < SIFT_PRINT; i++)
		tables[i] = table_of(sift->by_class[i]);
	for (size_t at = 0; at < (blocks + 1) * BLOCK; at += 32)
		_mm256_store_si256((__m256i *)(void *)(classes + at), classes_avx2(data + at, steps));
	for (unsigned block = 0; block < blocks; block++) {
		const char *here = classes + block * BLOCK;
		found[block] = places_avx2(tables, here) | (uint64_t)places_avx2(tables, here + 32) << 32;
		any |= (uint64_t)(found[block] != 0) << block;
	}
	return any;
}

/* As sift_code in the low six bits: tables are asked by these alone. */
WIDER static inline __m512i codes_avx512(const char *p)
{
	__m512i bytes = _mm512_loadu_si512(p);

	return _mm512_ternarylogic_epi64(_mm512_set1_epi8(0x1f), bytes, _mm512_srli_epi16(bytes, 1), 0xca);
}

#define AND3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x80)

/* The buckets at 64 places, from their codes and those of the 64 behind them. `middle`: of lanes, for shifts into them. */
WIDER static inline __m512i buckets_avx512(const __m512i tables[SIFT_PRINT], __m512i here, __m512i behind)
{
	__m512i middle = _mm512_alignr_epi64(behind, here, 2);

#define AT(i) _mm512_permutexvar_epi8(_mm512_alignr_epi8(middle, here, i), tables[i])
	__m512i found = AND3(_mm512_permutexvar_epi8(here, tables[0]), AT(1), AT(2));
	return AND3(found, AND3(AT(3), AT(4), AT(5)), _mm512_and_si512(AT(6), AT(7)));
#undef AT
}

WIDER static uint64_t read_avx512(const struct sift *sift, const char *data, unsigned blocks, uint64_t found[STRIP])
{
	__m512i tables[SIFT_PRINT], here = codes_avx512(data);
	uint64_t any = 0;

	UNROLLED
	for (unsigned i = 0; i < SIFT_PRINT; i++)
		tables[i] = _mm512_loadu_si512(sift->by_code[i]);
	for (unsigned block = 0; block < blocks; block++) {
		__m512i behind = codes_avx512(data + (block + 1) * BLOCK);
		__m512i buckets = buckets_avx512(tables, here, behind);
		found[block] = _mm512_test_epi8_mask(buckets, buckets);
		any |= (uint64_t)(found[block] != 0) << block;
		here = behind;
	}
	return any;
}
#endif

/* GCC 12 with AddressSanitizer keeps tables where 64 bytes are not aligned, and reads them as if they were. */
#if defined(__SANITIZE_ADDRESS__) && !defined(__clang__) && __GNUC__ < 14
#define WIDER_IS_SAFE false
#else
#define WIDER_IS_SAFE true
#endif

bool sift_can(enum sift_level level)
{
	switch (level) {
	case SIFT_PLAIN:
		return true;
#if defined(__x86_64__)
	case SIFT_AVX2:
		return __builtin_cpu_supports("avx2");
	case SIFT_AVX512:
		return WIDER_IS_SAFE && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw");
#endif
	default:
		return false;
	}
}

static reader reader_of(enum sift_level level)
{
#if defined(__x86_64__)
	if (level == SIFT_AVX512)
		return read_avx512;
	if (level == SIFT_AVX2)
		return read_avx2;
#endif
	(void)level;
	return read_plain;
}

/* ---- the scan ---- */

static void compare_block(const struct sift *sift, struct span text, size_t at, uint64_t found, struct tray *tray)
{
	for (; found && tray->count <= tray->max; found &= found - 1) {
		size_t print = at + (unsigned)__builtin_ctzll(found);
		if (print < text.len) /* the last block may end behind it */
			compare(sift, text, print, tray);
	}
}

size_t sift_scan_with(const struct sift *sift, enum sift_level level, struct span text, size_t *from,
		      struct sift_place *places, size_t max)
{
	reader read = reader_of(level);
	struct tray tray = { places, 0, max };
	uint64_t found[STRIP];
	char last[3 * BLOCK] = { 0 }; /* the end of the text, and zeros for a block behind it */

	while (*from < text.len) {
		struct span rest = span_skip(text, *from);
		size_t blocks = STRIP;
		if (rest.len < 2 * BLOCK) {
			rest.data = memcpy(last, rest.data, rest.len);
			blocks = (rest.len + BLOCK - 1) / BLOCK;
		} else if (rest.len < (STRIP + 1) * BLOCK) {
			blocks = rest.len / BLOCK - 1;
		}
		for (uint64_t any = read(sift, rest.data, (unsigned)blocks, found); any; any &= any - 1) {
			unsigned block = (unsigned)__builtin_ctzll(any);
			size_t before = tray.count;
			compare_block(sift, text, *from + block * BLOCK, found[block], &tray);
			if (tray.count > max) {
				*from += block * BLOCK; /* it comes again, when there is room */
				return before;
			}
		}
		*from = rest.len > blocks * BLOCK ? *from + blocks * BLOCK : text.len;
	}
	return tray.count;
}

size_t sift_scan(const struct sift *sift, struct span text, size_t *from, struct sift_place *places, size_t max)
{
	return sift_scan_with(sift, sift->level, text, from, places, max);
}
