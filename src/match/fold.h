/* fold: ASCII letters without case, and nothing else changed. */
#ifndef MATCH_FOLD_H
#define MATCH_FOLD_H

#include "base/span.h"

static inline unsigned char fold(char byte)
{
	unsigned char c = (unsigned char)byte;

	return (unsigned char)(c - 'A') < 26 ? c | 0x20 : c;
}

/* `folded` has no capital letter. */
static inline bool fold_equal(const char *text, const char *folded, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (fold(text[i]) != (unsigned char)folded[i])
			return false;
	return true;
}

#endif
