/*
 * pairs: keys and values in text whose writer is not known: key=value,
 * key: value, key->value, "key": "value", key = value.
 *
 * A key is no part of a longer word: pid is not in ppid=1. A value in quotes
 * is what stands between them; any other ends at white space, at a comma or
 * semicolon that is not in brackets of its own, or at the end of brackets that
 * were opened before it.
 */
#ifndef QUERY_PAIRS_H
#define QUERY_PAIRS_H

#include "base/span.h"

struct pairs {
	struct span delimiter; /* empty: any of = : -> */
};

struct pair {
	struct span key, value;
};

/* The value of the first such key in the text. */
bool pairs_find(const struct pairs *pairs, struct span text, struct span key, struct span *value);

/* The next pair at or behind *at, which moves behind it. Its key begins with a letter or an underscore. */
bool pairs_next(const struct pairs *pairs, struct span text, size_t *at, struct pair *pair);

#endif
