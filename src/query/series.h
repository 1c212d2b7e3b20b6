/* series: what the operators on values in the order of the rows share. */
#ifndef QUERY_SERIES_H
#define QUERY_SERIES_H

#include "query/ast.h"

/* The name of the result: behind `as`, wherever that stands (accum f as g by a, accum f by a as g), or the other. */
struct span series_name(const struct operator* operator, struct span otherwise);

#endif
