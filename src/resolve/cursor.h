/*
 * cursor: reading text whose order is known, piece by piece. Private to
 * src/resolve: the readers of usual records are made of it.
 *
 * Each step takes its piece and says true, or says false: then the record is
 * not in the usual form and its slow twin takes over.
 */
#ifndef RESOLVE_CURSOR_H
#define RESOLVE_CURSOR_H

#include "base/words.h"
#include "model/fields.h"

struct cursor {
	const char *at, *end;
};

/* Inlined, the length is a constant and the comparison a few loads. */
static inline __attribute__((always_inline)) bool cursor_expect(struct cursor *cursor, struct span literal)
{
	if ((size_t)(cursor->end - cursor->at) < literal.len || memcmp(cursor->at, literal.data, literal.len) != 0)
		return false;
	cursor->at += literal.len;
	return true;
}

static inline __attribute__((always_inline)) bool cursor_decimal(struct cursor *cursor, uint64_t *value)
{
	const char *start = cursor->at;

	cursor->at = word_decimal(start, cursor->end, value);
	return cursor->at > start && cursor->at - start < 19;
}

static inline bool cursor_hex(struct cursor *cursor, uint64_t *value)
{
	const char *start = cursor->at;
	uint64_t v = 0;

	for (int digit; cursor->at < cursor->end && (digit = word_hex_digit(*cursor->at)) >= 0; cursor->at++)
		v = v << 4 | (unsigned)digit;
	*value = v;
	return cursor->at > start && cursor->at - start <= 16;
}

/* A uid, a pid: 32 bits. */
static inline __attribute__((always_inline)) bool cursor_id(struct cursor *cursor, uint64_t *value)
{
	return cursor_decimal(cursor, value) && *value <= UINT32_MAX;
}

/* A plain value up to a blank; anything strange in it (a quote, a '=', a control byte) is left to the twin. */
static inline bool cursor_token(struct cursor *cursor, struct span *value)
{
	const char *start = cursor->at, *p = start;
	uint64_t found = 0;

	for (; cursor->end - p >= 8; p += 8) {
		uint64_t word = word_load(p);
		found = word_less(word, '"' + 1) | word_equal(word, '=');
		if (found)
			break;
	}
	if (found)
		p += word_first(found);
	else
		while (p < cursor->end && (unsigned char)*p > '"' && *p != '=')
			p++;
	cursor->at = p;
	*value = (struct span){ start, (size_t)(p - start) };
	return p > start && p < cursor->end && *p == ' ' && *start != '{' && *start != '\'';
}

/* In quotes, in hex, or plain; decoded as field_text does. */
static inline bool cursor_text(struct cursor *cursor, struct span *value, struct arena *arena)
{
	struct field field = { .quoted = cursor->at < cursor->end && *cursor->at == '"' };

	if (!field.quoted) {
		if (!cursor_token(cursor, &field.value))
			return false;
		*value = field_text(&field, arena);
		return true;
	}
	const char *start = cursor->at + 1;
	const char *close = start < cursor->end ? memchr(start, '"', (size_t)(cursor->end - start)) : NULL;
	if (!close)
		return false;
	*value = (struct span){ start, (size_t)(close - start) };
	cursor->at = close + 1;
	return true;
}

#endif
