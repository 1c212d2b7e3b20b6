#include "sieve/usual.h"

#include "base/words.h"

#define BLANK_PPID 9
#define BLANK_PID 10
#define BLANK_SES 21
#define WORDS 5 /* of 64 bytes: up to the session, mostly */

#define HEAD ": arch=c000003e syscall="
#define HEAD_LEN (sizeof(HEAD) - 1)

/* What the kinds differ in: which of 64 bytes are that one, and where the bit stands that has so many below it. */
typedef uint64_t equal_in(const char *p, char byte);
typedef unsigned bit_at(uint64_t bits, unsigned which);

#define INLINE static inline __attribute__((always_inline))

/* ---- SYSCALL ---- */

/* Where the blank stands that has so many before it: they are enough. */
INLINE const char *blank_at(const char *p, const uint64_t blanks[WORDS], const unsigned before[WORDS], unsigned which,
			    bit_at *bit)
{
	unsigned word = 0;

	for (unsigned i = 1; i < WORDS; i++)
		word += before[i] <= which;
	return p + word * 64 + bit(blanks[word], which - before[word]);
}

/* Digits, and a blank behind them. */
INLINE bool number(const char **p, const char *end, uint64_t *value)
{
	const char *digits = *p;

	*p = word_decimal(digits, end, value);
	return *p != digits && **p == ' ';
}

INLINE bool call_with(const char *p, const char *line_end, const char *end, struct usual_call *call, equal_in *equal,
		      bit_at *bit)
{
	uint64_t blanks[WORDS];
	unsigned before[WORDS], sum = 0;

	if (end - p < WORDS * 64 + 80 || memcmp(p, HEAD, HEAD_LEN) != 0)
		return false;
	for (unsigned i = 0; i < WORDS; i++) {
		before[i] = sum;
		blanks[i] = equal(p + i * 64, ' ');
		sum += (unsigned)__builtin_popcountll(blanks[i]);
	}
	if (sum <= BLANK_SES)
		return false;
	const char *parent = blank_at(p, blanks, before, BLANK_PPID, bit);
	const char *pid = blank_at(p, blanks, before, BLANK_PID, bit);
	const char *session = blank_at(p, blanks, before, BLANK_SES, bit);
	if (memcmp(parent, " ppid=", 6) != 0 || memcmp(pid, " pid=", 5) != 0 || memcmp(session, " ses=", 5) != 0)
		return false;
	parent += 6, pid += 5, session += 5;
	call->behind = p + HEAD_LEN;
	return number(&call->behind, end, &call->number) && number(&parent, end, &call->parent) &&
	       number(&pid, end, &call->pid) && number(&session, end, &call->session) && session < line_end &&
	       call->session <= UINT32_MAX;
}

/* ---- PATH ---- */

/* ": item=0 name=\"" */
INLINE bool begins_path(const char *p)
{
	return memcmp(p, ": item=", 7) == 0 && memcmp(p + 8, " name=\"", 7) == 0;
}

/* A mapped file's name begins with one. */
INLINE bool is_hex(char c)
{
	return (unsigned char)(c - '0') < 10 || (unsigned char)((c | 0x20) - 'a') < 6;
}

INLINE bool elsewhere_with(const char *p, const char *line_end, const char *end, equal_in *equal)
{
	bool named = false; /* the name's second quote has been seen */

	if (end - p < 32 || !begins_path(p) || is_hex(p[15]))
		return false;
	for (p += 16; p < line_end && end - p >= 72; p += 64) {
		/* " dev="; a name in quotes holds no blank. */
		uint64_t found =
			equal(p, ' ') & equal(p + 1, 'd') & equal(p + 2, 'e') & equal(p + 3, 'v') & equal(p + 4, '=');
		uint64_t quotes = equal(p, '"');
		named |= (quotes & -quotes) - 1 < (found & -found) - 1;
		if (!found)
			continue;
		const char *device = p + __builtin_ctzll(found) + 5;
		return named && device + 1 < line_end && (device[0] != '0' || (device[1] != '0' && is_hex(device[1])));
	}
	return false;
}

/* ---- the kinds ---- */

static uint64_t equal_plain(const char *p, char byte)
{
	uint64_t found = 0;

	for (unsigned i = 0; i < 64; i++)
		found |= (uint64_t)(p[i] == byte) << i;
	return found;
}

static unsigned bit_plain(uint64_t bits, unsigned which)
{
	while (which--)
		bits &= bits - 1;
	return (unsigned)__builtin_ctzll(bits);
}

static bool call_plain(const char *p, const char *line_end, const char *end, struct usual_call *call)
{
	return call_with(p, line_end, end, call, equal_plain, bit_plain);
}

static bool elsewhere_plain(const char *p, const char *line_end, const char *end)
{
	return elsewhere_with(p, line_end, end, equal_plain);
}

static const struct usual plain = { call_plain, elsewhere_plain };

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,bmi,bmi2,popcnt")))

WIDE static inline uint64_t equal_avx2(const char *p, char byte)
{
	const __m256i wanted = _mm256_set1_epi8(byte);
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)) << 32;
}

WIDE static inline unsigned bit_wide(uint64_t bits, unsigned which)
{
	return (unsigned)_tzcnt_u64(_pdep_u64(UINT64_C(1) << which, bits));
}

WIDE static bool call_avx2(const char *p, const char *line_end, const char *end, struct usual_call *call)
{
	return call_with(p, line_end, end, call, equal_avx2, bit_wide);
}

WIDE static bool elsewhere_avx2(const char *p, const char *line_end, const char *end)
{
	return elsewhere_with(p, line_end, end, equal_avx2);
}

static const struct usual wide = { call_avx2, elsewhere_avx2 };

#define WIDER __attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt")))

WIDER static inline uint64_t equal_avx512(const char *p, char byte)
{
	return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8(byte));
}

WIDER static inline unsigned bit_wider(uint64_t bits, unsigned which)
{
	return (unsigned)_tzcnt_u64(_pdep_u64(UINT64_C(1) << which, bits));
}

WIDER static bool call_avx512(const char *p, const char *line_end, const char *end, struct usual_call *call)
{
	return call_with(p, line_end, end, call, equal_avx512, bit_wider);
}

WIDER static bool elsewhere_avx512(const char *p, const char *line_end, const char *end)
{
	return elsewhere_with(p, line_end, end, equal_avx512);
}

static const struct usual wider = { call_avx512, elsewhere_avx512 };
#endif

const struct usual *usual_of(enum usual_level level)
{
	switch (level) {
	case USUAL_PLAIN:
		return &plain;
#if defined(__x86_64__)
	case USUAL_AVX2:
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? &wide : NULL;
	case USUAL_AVX512:
		return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi2") ? &wider : NULL;
#endif
	default:
		return NULL;
	}
}

const struct usual *usual_best(void)
{
	for (enum usual_level level = USUAL_LEVELS; level-- > USUAL_PLAIN;)
		if (usual_of(level))
			return usual_of(level);
	return &plain;
}
