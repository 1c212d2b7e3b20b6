/* literals: what a message must hold to make a row, found out from the search. */
#ifndef QUERY_LITERALS_H
#define QUERY_LITERALS_H

#include "match/literals.h"
#include "query/ast.h"

/*
 * Literals, in the arena, of which a message must hold at least one or it
 * makes no row; *count 0 when none are known. False: memory is out.
 */
bool literals_of_query(const struct query *query, struct arena *arena, struct literal **literals, size_t *count);

#endif
