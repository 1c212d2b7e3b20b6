/*
 * span: bytes that somebody else owns.
 *
 * Everything that reaches proctor is attacker-controlled, so parsers take
 * spans and never C strings: a span may hold NUL and invalid UTF-8. The
 * header of whoever hands a span out says how long its bytes live.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const char *data;
	size_t len;
};

#define SPAN(literal) ((struct span){ (literal), sizeof(literal) - 1 })

static inline struct span span_of(const char *text)
{
	return (struct span){ text, text ? strlen(text) : 0 };
}

static inline bool span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool span_starts(struct span s, struct span prefix)
{
	return s.len >= prefix.len && memcmp(s.data, prefix.data, prefix.len) == 0;
}

static inline bool span_ends(struct span s, struct span suffix)
{
	return s.len >= suffix.len && memcmp(s.data + s.len - suffix.len, suffix.data, suffix.len) == 0;
}

/* The rest of s behind its first n bytes; n is cut to s.len. */
static inline struct span span_skip(struct span s, size_t n)
{
	n = n < s.len ? n : s.len;
	return (struct span){ s.data + n, s.len - n };
}

static inline struct span span_first(struct span s, size_t n)
{
	return (struct span){ s.data, n < s.len ? n : s.len };
}

/* Offset of the first such byte, or s.len. */
static inline size_t span_index(struct span s, char byte)
{
	const char *at = s.len ? memchr(s.data, byte, s.len) : NULL;

	return at ? (size_t)(at - s.data) : s.len;
}

/* Offset of the first occurrence of needle, or s.len when there is none. */
size_t span_find(struct span s, struct span needle);

/* How often the byte is in s. */
size_t span_count(struct span s, char byte);

bool span_equal_nocase(struct span a, struct span b);

/* As span_find, ASCII letters compared without case. */
size_t span_find_nocase(struct span s, struct span needle);

/* What is left without ASCII white space at both ends. */
struct span span_trim(struct span s);

/* Everything behind the last '/', or all of s. */
struct span span_basename(struct span path);

/*
 * Reads leading digits. Returns how many bytes were used: 0 when there is no
 * digit or the value does not fit, and then *value is unchanged.
 */
size_t span_decimal(struct span s, uint64_t *value);
size_t span_hex(struct span s, uint64_t *value);

#endif
