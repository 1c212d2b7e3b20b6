/*
 * pattern: whether a path is one of those that a table of this folder names.
 */
#ifndef RULE_PATTERN_H
#define RULE_PATTERN_H

#include "base/span.h"

/*
 * As fnmatch(3) with FNM_PATHNAME: a star stays within one directory; but "*" alone is every path. False for paths
 * that hold a NUL or 512 bytes.
 */
bool pattern_matches(const char *pattern, struct span path);

#endif
