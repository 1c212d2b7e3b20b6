/*
 * As "Teddy" of Hyperscan (Langdale; described in Rust's aho-corasick): the literals are in eight groups. For a byte,
 * two shuffles tell by its halves which groups have it as their first, two more of the byte behind it which as their
 * second, and so on: where a group is left, one of it may begin, and literals_plain.c looks whether it does. The bit
 * that tells letters of one case from the other counts nowhere, so a few more bytes are taken for the same.
 *
 * Invariant: nothing outside of the text is read; what is left of it for less than a block is copied in front of zeros.
 */
#include "match/literals_few.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define GROUPS 8
#define CASE_BIT 2u /* of a byte's upper half: a letter in the other case differs in it alone */
#define BLOCK 32
#define BEHIND (LITERALS_FEW_BYTES - 1) /* bytes that a block's last place looks at behind it */
#define WIDE __attribute__((target("avx2")))

static void add(struct literals_few *few, struct span text, uint8_t group)
{
	for (size_t i = 0; i < LITERALS_FEW_BYTES; i++) {
		unsigned char byte = i < text.len ? (unsigned char)text.data[i] : 0;
		for (unsigned half = 0; half < 16; half++) {
			few->low[i][half] |= i >= text.len || (byte & 15u) == half ? group : 0;
			few->high[i][half] |= i >= text.len || ((byte >> 4 ^ half) & ~CASE_BIT) == 0 ? group : 0;
		}
	}
}

bool literals_few_init(struct literals_few *few, const struct literal *items, size_t count)
{
	*few = (struct literals_few){ 0 };
	if (count > LITERALS_FEW_MAX || !__builtin_cpu_supports("avx2"))
		return false;
	/* Who comes sorted has those that begin alike in one group. */
	for (size_t i = 0; i < count; i++)
		add(few, items[i].text, (uint8_t)(1u << i * GROUPS / count));
	return true;
}

WIDE static inline __m256i table_at(const uint8_t *table)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

/* The groups that have each of these bytes there. */
WIDE static inline __m256i groups_at(const struct literals_few *few, unsigned i, const char *p)
{
	const __m256i halves = _mm256_set1_epi8(15);
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), halves);

	__m256i low = _mm256_shuffle_epi8(table_at(few->low[i]), _mm256_and_si256(bytes, halves));
	return _mm256_and_si256(low, _mm256_shuffle_epi8(table_at(few->high[i]), high));
}

/* At which of 32 places a literal may begin, a bit each. */
WIDE static inline uint32_t places_at(const struct literals_few *few, const char *p)
{
	__m256i first = _mm256_and_si256(groups_at(few, 0, p), groups_at(few, 1, p + 1));
	__m256i behind = _mm256_and_si256(groups_at(few, 2, p + 2), groups_at(few, 3, p + 3));
	__m256i groups = _mm256_and_si256(first, behind);

	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
}

WIDE void literals_few_scan(const struct literals_few *few, const struct literals_plain *plain,
			    struct literals_seen *seen, struct span text, literals_found *found, void *context)
{
	char room[2 * BLOCK + BEHIND] = { 0 };
	size_t at = 0;

	literals_plain_begin(seen);
	for (; text.len - at >= BLOCK + BEHIND; at += BLOCK)
		for (uint32_t places = places_at(few, text.data + at); places; places &= places - 1)
			literals_plain_look(plain, seen, span_skip(text, at + (unsigned)__builtin_ctz(places)), found,
					    context);
	struct span rest = span_skip(text, at);
	memcpy(room, rest.data, rest.len);
	for (size_t i = 0; i < rest.len; i += BLOCK)
		for (uint32_t places = places_at(few, room + i); places; places &= places - 1)
			literals_plain_look(plain, seen, span_skip(rest, i + (unsigned)__builtin_ctz(places)), found,
					    context);
}
#else
bool literals_few_init(struct literals_few *few, const struct literal *items, size_t count)
{
	(void)items;
	(void)count;
	*few = (struct literals_few){ 0 };
	return false;
}

void literals_few_scan(const struct literals_few *few, const struct literals_plain *plain, struct literals_seen *seen,
		       struct span text, literals_found *found, void *context)
{
	(void)few;
	literals_plain_scan(plain, seen, text, found, context);
}
#endif
