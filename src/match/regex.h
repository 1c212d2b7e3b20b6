/*
 * regex: Java and RE2 patterns on PCRE2 with JIT, under match limits: no
 * pattern of anybody's takes more than a bounded time on any subject.
 */
#ifndef MATCH_REGEX_H
#define MATCH_REGEX_H

#include "base/err.h"
#include "base/span.h"

struct regex;

/* The named and numbered groups of a match; room for one regex, reused. */
struct regex_match;

/*
 * Bytes are matched as they are (no UTF-8 check), so any log line will do.
 * Java's possessive quantifiers, \h, (?<name>…) and lookaround work; the
 * error says where in the pattern it went wrong. NULL with err.
 */
struct regex *regex_create(struct span pattern, bool ignore_case, struct err *err);
void regex_destroy(struct regex *regex);

size_t regex_group_count(const struct regex *regex);		       /* without group 0 */
struct span regex_group_name(const struct regex *regex, size_t group); /* empty when it has none; borrowed */

struct regex_match *regex_match_create(const struct regex *regex); /* NULL: memory is out */
void regex_match_destroy(struct regex_match *match);

/* 1 found at or behind `from`, 0 not found, -E2BIG when the match limit ended it. */
int regex_search(const struct regex *regex, struct regex_match *match, struct span subject, size_t from);

/* What group i (0 is the whole) matched, inside of the subject; data NULL when it took no part. */
struct span regex_group(const struct regex_match *match, struct span subject, size_t group);

#endif
