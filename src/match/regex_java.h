/* regex_java: what Java and RE2 write otherwise than PCRE2. */
#ifndef MATCH_REGEX_JAVA_H
#define MATCH_REGEX_JAVA_H

#include "base/buffer.h"

/*
 * The pattern as PCRE2 takes it: \p{Alpha} and its like, \uXXXX. What is the
 * same in both, and what neither takes, stays as it is.
 */
void regex_from_java(struct buffer *to, struct span pattern);

#endif
