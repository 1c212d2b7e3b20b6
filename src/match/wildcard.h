/*
 * wildcard: `*` stands for any run of bytes, `?` for one; `\*` and `\?` for
 * themselves. A pattern covers the whole text.
 *
 * Time is the text's length times the longest piece between two stars at
 * worst, and the text's length alone where no piece holds a `?`.
 */
#ifndef MATCH_WILDCARD_H
#define MATCH_WILDCARD_H

#include "base/arena.h"

struct wildcard_piece {
	struct span text;	 /* unescaped */
	const unsigned char *any; /* one a byte: not 0 where a `?` stood; NULL when none did */
};

struct wildcard {
	struct wildcard_piece *pieces; /* what stands between stars, empty pieces left out */
	size_t count;
	bool open_start, open_end; /* a star stands there */
	bool ignore_case;	   /* of ASCII letters */
};

/* All of it lives in the arena; the pattern is copied. False: memory is out. */
bool wildcard_compile(struct wildcard *wildcard, struct span pattern, bool ignore_case, struct arena *arena);

bool wildcard_matches(const struct wildcard *wildcard, struct span text);

#endif
