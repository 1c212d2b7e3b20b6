#include "base/span.h"

#include <strings.h>

#include "base/find.h"
#include "base/words.h"

size_t span_find(struct span s, struct span needle)
{
	if (needle.len == 0 || needle.len > s.len)
		return needle.len == 0 ? 0 : s.len;
	if (needle.len > FIND_NEEDLE_MAX) {
		const char *at = memmem(s.data, s.len, needle.data, needle.len);
		return at ? (size_t)(at - s.data) : s.len;
	}
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return find_avx2(s, needle);
#endif
	return find_plain(s, needle);
}

size_t span_count(struct span s, char byte)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return count_avx2(s, byte);
#endif
	return count_plain(s, byte);
}

bool span_equal_nocase(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.data, b.data, a.len) == 0);
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool equal_lower(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

size_t span_find_nocase(struct span s, struct span needle)
{
	if (needle.len == 0 || needle.len > s.len)
		return needle.len == 0 ? 0 : s.len;
	unsigned char head = lower(needle.data[0]);
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (lower(s.data[i]) == head && equal_lower(s.data + i, needle.data, needle.len))
			return i;
	return s.len;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span span_trim(struct span s)
{
	while (s.len && is_space(s.data[0]))
		s = span_skip(s, 1);
	while (s.len && is_space(s.data[s.len - 1]))
		s.len--;
	return s;
}

struct span span_basename(struct span path)
{
	const char *slash = path.len ? memrchr(path.data, '/', path.len) : NULL;

	return slash ? span_skip(path, (size_t)(slash - path.data) + 1) : path;
}

/* With a look at each digit whether it still fits. */
static size_t long_decimal(struct span s, uint64_t *value)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < s.len && (unsigned char)(s.data[i] - '0') < 10; i++) {
		unsigned digit = (unsigned)(s.data[i] - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return 0;
		v = v * 10 + digit;
	}
	*value = v;
	return i;
}

size_t span_decimal(struct span s, uint64_t *value)
{
	uint64_t v;

	if (!s.len)
		return 0;
	size_t used = (size_t)(word_decimal(s.data, s.data + s.len, &v) - s.data);
	if (used > 19)
		return long_decimal(s, value);
	if (used)
		*value = v;
	return used;
}

size_t span_hex(struct span s, uint64_t *value)
{
	uint64_t v = 0, lost = 0;
	size_t i = 0;

	for (int digit; i < s.len && (digit = word_hex_digit(s.data[i])) >= 0; i++) {
		lost |= v >> 60;
		v = v << 4 | (unsigned)digit;
	}
	if (lost)
		return 0;
	if (i)
		*value = v;
	return i;
}
