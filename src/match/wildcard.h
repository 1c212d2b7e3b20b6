/*
 * wildcard: patterns with * (any bytes, none too) and ? (one character) over
 * the whole of a text; \* \? and \\ stand for what they escape. So they are
 * in Sumo Logic's searches and in Sigma (specification 2.1.0, "String
 * Wildcard", "Escape Character").
 *
 * A pattern is made of units: a byte, or one of the two signs; so that what
 * builds patterns need not escape. ? takes one UTF-8 character, or one byte
 * where the text is no UTF-8. Case, where it is ignored, is that of ASCII.
 *
 * Time is the text's length times the longest piece between two stars at
 * worst, and the text's length alone where case counts and no piece holds ?.
 */
#ifndef MATCH_WILDCARD_H
#define MATCH_WILDCARD_H

#include "base/arena.h"

#define WILDCARD_MANY 256
#define WILDCARD_ONE 257

struct wildcard_piece {
	const uint16_t *units; /* bytes and WILDCARD_ONE; folded where case is ignored */
	struct span bytes;     /* the same without the signs: data NULL when there is a WILDCARD_ONE in it */
	size_t len;
};

struct wildcard {
	const struct wildcard_piece *pieces; /* what stands between the stars, none is empty */
	size_t count;
	bool open_start, open_end; /* a star there */
	bool cased;
	bool exact;   /* every match has just `least` bytes */
	size_t least; /* bytes of the shortest match */
};

/*
 * Reads \*, \? and \\ as what they escape, * and ? as signs, anything else as
 * it stands. Writes at most text.len units, returns how many.
 */
size_t wildcard_parse(struct span text, uint16_t *units);

/* The arena holds what it needs of the units from then on. False: memory is out. */
bool wildcard_init(struct wildcard *wildcard, const uint16_t *units, size_t len, bool cased, struct arena *arena);

/* Both in one, from the text of a pattern. */
bool wildcard_compile(struct wildcard *wildcard, struct span pattern, bool ignore_case, struct arena *arena);

bool wildcard_matches(const struct wildcard *wildcard, struct span text);

/* False only where wildcard_matches is: a look at lengths and ends, for long lists of patterns. */
static inline bool wildcard_may_match(const struct wildcard *wildcard, struct span text)
{
	if (text.len < wildcard->least || (wildcard->exact && text.len > wildcard->least))
		return false;
	if (wildcard->count == 0 || wildcard->open_end)
		return true;
	const struct wildcard_piece *last = &wildcard->pieces[wildcard->count - 1];
	/* Folding changes one bit of a letter at most. */
	return !last->bytes.data ||
	       (((unsigned char)text.data[text.len - 1] ^ (unsigned char)last->bytes.data[last->len - 1]) & 0xdf) == 0;
}

/* The longest run of bytes that every match contains, folded where case is ignored. Empty when there is none. */
struct span wildcard_longest(const struct wildcard *wildcard, struct arena *arena);

#endif
