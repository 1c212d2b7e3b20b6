#include "match/sift.h"

#include <stdlib.h>

#include "base/words.h"
#include "match/fold.h"

#define BUCKETS 8
#define PRINT 8 /* bytes of a print; of a shorter text the rest may be anything */
#define BLOCK 64

struct wanted {
	char text[SIFT_TEXT_MAX]; /* folded, when case is ignored */
	uint8_t len;		  /* of text */
	uint8_t span;		  /* as it stands: twice that in hex */
	uint8_t print;		  /* where its print begins in what stands there */
	bool ignore_case, hex;
	uint8_t bucket;
};

struct sift {
	/* By byte: the buckets. For wide readers, by its low six bits, and by its low and high half. */
	uint8_t by_byte[PRINT][256];
	uint8_t by_bits[PRINT][64], by_low[PRINT][16], by_high[PRINT][16];
	size_t count;
	struct wanted *wanted;
	uint16_t first[BUCKETS + 1]; /* of the texts of a bucket in `order` */
	uint16_t order[SIFT_TEXTS_MAX];
	enum sift_level level;
};

/* The buckets whose prints may begin there. */
static inline uint8_t buckets_at(const struct sift *sift, const char *p)
{
	uint8_t buckets = 0xff;

	for (unsigned i = 0; i < PRINT; i++)
		buckets &= sift->by_byte[i][(unsigned char)p[i]];
	return buckets;
}

/* ---- prints ---- */

/* How many of a hundred thousand bytes of audit logs, or of hex digits in them, are this one, about. */
static unsigned share_of(unsigned char c, bool hex)
{
	if (hex)
		return c == '6' ? 25000 : c && strchr("072", c) ? 13000 : c == '4' ? 2000 : 5000;
	if (c >= '0' && c <= '9')
		return c < '8' ? 4000 : 1500;
	if (strchr("=\" ", c) && c)
		return 6000;
	if (c && strchr("aeioudsprtnmcl/_", c))
		return 2500;
	if (c >= 'A' && c <= 'F')
		return 1500;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ':' || c == '-')
		return c && strchr("jkqvwxyz", c) ? 300 : 900;
	return 100;
}

/* The byte values that can stand at that place of the text: into `set`; how many. */
static unsigned values_at(const struct wanted *wanted, size_t at, unsigned char set[4])
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)wanted->text[wanted->hex ? at / 2 : at];
	bool letter = wanted->ignore_case && c >= 'a' && c <= 'z';
	unsigned count = 0;

	if (!wanted->hex) {
		set[count++] = c;
		if (letter)
			set[count++] = c ^ 0x20;
		return count;
	}
	for (unsigned variant = 0; variant < (letter ? 2u : 1u); variant++) {
		unsigned value = variant ? c ^ 0x20u : c, digit = at % 2 ? value & 15 : value >> 4;
		bool told = count && (set[0] == (unsigned char)lower[digit] || set[0] == (unsigned char)upper[digit]);
		if (told)
			continue;
		set[count++] = (unsigned char)upper[digit];
		if (lower[digit] != upper[digit])
			set[count++] = (unsigned char)lower[digit];
	}
	return count;
}

/* What most of a log looks like: a print that stands in it is a bad one. */
static const char sample[] =
	"\ntype=SYSCALL msg=audit(1718000000.003:4807221): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c "
	"a1=55dd869bd268 a2=80000 a3=1b6 items=1 ppid=204021 pid=204096 auid=4294967295 uid=1000 gid=0 euid=0 suid=0 "
	"fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm=\"systemd-journal\" exe=\"/usr/lib/systemd/python3\" "
	"subj=system_u:system_r:sshd_t:s0-s0:c0.c1023 key=\"file_access\"\x1d" "ARCH=x86_64 SYSCALL=openat AUID=\"root\" "
	"UID=\"root\" GID=\"root\" EUID=\"root\" SUID=\"root\" FSUID=\"root\" EGID=\"root\" SGID=\"root\" FSGID=\"root\"\n"
	"type=CWD msg=audit(1718000000.003:4807221): cwd=\"/home/deploy\"\ntype=PATH msg=audit(1718000000.003:4807221): "
	"item=1 name=\"/usr/share/lib/modules/etc/passwd.conf\" inode=131373 dev=fd:00 mode=0100644 ouid=0 ogid=0 "
	"rdev=00:00 obj=system_u:object_r:lib_t:s0 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
	"OUID=\"root\" OGID=\"root\"\nnametype=PARENT nametype=CREATE dev=08:01 mode=040755 mode=0100600\n"
	"type=EXECVE msg=audit(1718000000.003:4807221): argc=3 a0=\"/bin/sh\" a1=\"-c\"\ntype=PROCTITLE "
	"msg=audit(1718000000.003:4807221): proctitle=2F7573722F62696E2F646F636B657264002D480066643A2F2F002D2D636F6E\n"
	"type=USER_START msg=audit(1718000000.003:4807222): pid=204021 uid=0 auid=1000 ses=42 msg='op=PAM:session_open "
	"grantors=pam_unix acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success'\n";

static bool holds(const unsigned char *set, unsigned count, char c)
{
	while (count--)
		if (set[count] == (unsigned char)c)
			return true;
	return false;
}

/* How often a print that begins there is met, relative to others. */
static double share_of_print(const struct wanted *wanted, size_t print)
{
	unsigned char sets[PRINT][4];
	unsigned counts[PRINT] = { 0 };
	double share = 1;
	size_t met = 0;

	for (size_t i = 0; i < PRINT && print + i < wanted->span; i++) {
		double sum = 0;
		counts[i] = values_at(wanted, print + i, sets[i]);
		for (unsigned k = 0; k < counts[i]; k++)
			sum += share_of(sets[i][k], wanted->hex) / 1e5;
		share *= sum;
	}
	for (size_t at = 0; at + PRINT < sizeof(sample); at++) {
		size_t i = 0;
		while (i < PRINT && (!counts[i] || holds(sets[i], counts[i], sample[at + i])))
			i++;
		met += i == PRINT;
	}
	return share + (double)met / sizeof(sample);
}

static void choose_print(struct wanted *wanted)
{
	double best = 2;

	for (size_t print = 0; print == 0 || print + PRINT <= wanted->span; print++) {
		double share = share_of_print(wanted, print);
		if (share < best)
			best = share, wanted->print = (uint8_t)print;
	}
}

/* ---- buckets ---- */

static void enter(struct sift *sift, const struct wanted *wanted, uint8_t bit)
{
	for (size_t i = 0; i < PRINT; i++) {
		unsigned char set[4];
		unsigned count = wanted->print + i < wanted->span ? values_at(wanted, wanted->print + i, set) : 0;
		for (unsigned c = 0; !count && c < 256; c++)
			sift->by_byte[i][c] |= bit;
		while (count--)
			sift->by_byte[i][set[count]] |= bit;
	}
}

/* How often the bucket would be met if the text were in it, too. */
static double share_of_bucket(const struct sift *sift, const struct wanted *wanted, uint8_t bit)
{
	struct sift with = *sift;
	double share = 1;
	size_t met = 0;

	enter(&with, wanted, bit);
	for (size_t i = 0; i < PRINT; i++) {
		double sum = 0;
		for (unsigned c = 0; c < 256; c++)
			sum += with.by_byte[i][c] & bit ? share_of((unsigned char)c, wanted->hex) / 1e5 : 0;
		share *= sum < 1 ? sum : 1;
	}
	for (size_t at = 0; at + PRINT < sizeof(sample); at++)
		met += (buckets_at(&with, sample + at) & bit) != 0;
	return share + (double)met / sizeof(sample);
}

/* Where it adds least to what has to be compared in vain. */
static void choose_bucket(struct sift *sift, struct wanted *wanted, double shares[BUCKETS])
{
	double least = 2;

	for (unsigned i = 0; i < BUCKETS; i++) {
		double more = share_of_bucket(sift, wanted, (uint8_t)(1u << i)) - shares[i];
		if (more < least)
			least = more, wanted->bucket = (uint8_t)i;
	}
	enter(sift, wanted, (uint8_t)(1u << wanted->bucket));
	shares[wanted->bucket] += least;
}

/*
 * The wide readers: AVX-512 asks by the low six bits, in which digits are like
 * letters from p on, AVX2 by each half of a byte. Both may say yes where
 * by_byte says no; what they find is compared.
 */
static void fill_wide(struct sift *sift)
{
	for (size_t i = 0; i < PRINT; i++) {
		for (unsigned c = 0; c < 256; c++) {
			sift->by_bits[i][c & 63] |= sift->by_byte[i][c];
			sift->by_low[i][c & 15] |= sift->by_byte[i][c];
			sift->by_high[i][c >> 4] |= sift->by_byte[i][c];
		}
	}
}

static void list_buckets(struct sift *sift)
{
	uint16_t at = 0;

	for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
		sift->first[bucket] = at;
		for (size_t i = 0; i < sift->count; i++)
			if (sift->wanted[i].bucket == bucket)
				sift->order[at++] = (uint16_t)i;
	}
	sift->first[BUCKETS] = at;
}

static bool take_text(struct wanted *wanted, const struct sift_text *text)
{
	size_t span = text->hex ? 2 * text->text.len : text->text.len;

	if (span < SIFT_TEXT_MIN || text->text.len > SIFT_TEXT_MAX)
		return false;
	*wanted = (struct wanted){ .len = (uint8_t)text->text.len,
				   .span = (uint8_t)span,
				   .ignore_case = text->ignore_case,
				   .hex = text->hex };
	for (size_t i = 0; i < text->text.len; i++)
		wanted->text[i] = text->ignore_case ? (char)fold(text->text.data[i]) : text->text.data[i];
	choose_print(wanted);
	return true;
}

static enum sift_level best_level(void)
{
	for (enum sift_level level = SIFT_LEVELS; level-- > SIFT_PLAIN;)
		if (sift_can(level))
			return level;
	return SIFT_PLAIN;
}

struct sift *sift_create(const struct sift_text *texts, size_t count, struct err *err)
{
	struct sift *sift = calloc(1, sizeof(*sift));
	double shares[BUCKETS] = { 0 };

	if (count > SIFT_TEXTS_MAX) {
		err_set(err, -E2BIG, "more than %u texts to look for", SIFT_TEXTS_MAX);
		free(sift);
		return NULL;
	}
	if (sift)
		sift->wanted = calloc(count + 1, sizeof(*sift->wanted));
	if (!sift || !sift->wanted) {
		err_set(err, -ENOMEM, "out of memory");
		sift_destroy(sift);
		return NULL;
	}
	for (; sift->count < count; sift->count++) {
		if (!take_text(&sift->wanted[sift->count], &texts[sift->count])) {
			err_set(err, -EINVAL, "a text to look for is not of %u to %u bytes", SIFT_TEXT_MIN,
				SIFT_TEXT_MAX);
			sift_destroy(sift);
			return NULL;
		}
		choose_bucket(sift, &sift->wanted[sift->count], shares);
	}
	fill_wide(sift);
	list_buckets(sift);
	sift->level = best_level();
	return sift;
}

void sift_destroy(struct sift *sift)
{
	if (!sift)
		return;
	free(sift->wanted);
	free(sift);
}

/* ---- scanning ---- */

static bool stands_in_hex(const struct wanted *wanted, const char *at)
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

static bool stands(const struct wanted *wanted, const char *at)
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

/* As buckets_at, near the end: what is behind it may be anything. */
static uint8_t buckets_of(const struct sift *sift, struct span rest)
{
	uint8_t buckets = 0xff;

	for (size_t i = 0; i < PRINT && i < rest.len; i++)
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
			const struct wanted *wanted = &sift->wanted[sift->order[i]];
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
		found |= (uint64_t)(buckets_at(sift, p + i) != 0) << i;
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

WIDE static inline uint32_t half_avx2(const __m256i low[PRINT], const __m256i high[PRINT], const char *p)
{
	__m256i found = _mm256_set1_epi8(-1);

	for (unsigned i = 0; i < PRINT; i++)
		found = _mm256_and_si256(
			found, ask(_mm256_loadu_si256((const __m256i *)(const void *)(p + i)), low[i], high[i]));
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
}

/* The first block from *at on that holds a candidate; 0 when none does up to `end`, where whole blocks end. */
WIDE static uint64_t next_avx2(const struct sift *sift, const char *data, size_t *at, size_t end)
{
	__m256i low[PRINT], high[PRINT];

	for (unsigned i = 0; i < PRINT; i++)
		low[i] = table_of(sift->by_low[i]), high[i] = table_of(sift->by_high[i]);
	for (; *at < end; *at += BLOCK) {
		uint64_t found = half_avx2(low, high, data + *at) |
				 (uint64_t)half_avx2(low, high, data + *at + 32) << 32;
		if (found)
			return found;
	}
	return 0;
}

WIDER static uint64_t next_avx512(const struct sift *sift, const char *data, size_t *at, size_t end)
{
	__m512i tables[PRINT];

	for (unsigned i = 0; i < PRINT; i++)
		tables[i] = _mm512_loadu_si512(sift->by_bits[i]);
	for (; *at < end; *at += BLOCK) {
		const char *p = data + *at;
		_mm_prefetch(p + 2048, _MM_HINT_T0);
		__m512i found = _mm512_permutexvar_epi8(_mm512_loadu_si512(p), tables[0]);
		for (unsigned i = 1; i < PRINT; i++)
			found = _mm512_and_si512(found,
						 _mm512_permutexvar_epi8(_mm512_loadu_si512(p + i), tables[i]));
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

	if (text.len >= *from + BLOCK + PRINT)
		whole += (text.len - *from - PRINT) / BLOCK * BLOCK;
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
