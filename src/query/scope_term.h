/*
 * scope_term: keywords and phrases of the scope, as an index of terms would
 * find them. A term is a run of letters, digits, underscores and bytes beyond
 * ASCII; all else stands between terms. Case does not matter.
 */
#ifndef QUERY_SCOPE_TERM_H
#define QUERY_SCOPE_TERM_H

#include "base/span.h"

/*
 * An unquoted keyword: it has to begin and to end where a term does; `*` is
 * any run and `?` one character of a term.
 */
bool scope_keyword_in(struct span keyword, struct span text);

/* A quoted phrase: the same without wildcards, and white-space runs are equal. */
bool scope_phrase_in(struct span phrase, struct span text);

/* The value of metadata: all of it, `*` being any run where it was not quoted. */
bool scope_value_matches(struct span pattern, bool quoted, struct span value);

#endif
