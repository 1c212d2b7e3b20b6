/*
 * lint: what is known to be wrong with searches for accesses to procfs, and
 * with searches as such. It reads a parsed search and runs nothing.
 *
 * code                 what it means
 * eval                 `eval f = e` belongs to metrics queries: `e as f`
 * doubled-backslash    "\\d" in a regex is a backslash and a d
 * unnamed-group        parse regex takes named groups only
 * sort-before-aggregate  the aggregate forgets the order
 * filter-after-sort    a where that could run on fewer rows, before the sort
 *
 * and for a search that looks at audit records (linux/audit, auditd, exe=,
 * syscall=, auid= or /proc/ occurs in it):
 *
 * pid-in-ppid, uid-in-auid, gid-in-egid
 *                      the key also stands inside a longer one, before it
 * name-in-hostname, comm-in-ocomm
 * nodrop-missing       parse of a key that not every record has drops the others
 * hostname-never       no record that the kernel writes has hostname=
 * single-record        exe= and name= are parsed from one message, but lie in two records
 * hex-missed           a key with a quote behind it misses values that are written as hex
 * proc-spellings       /proc/\d+ misses self, thread-self, task/<tid> and relative names
 * basename-exclusion   an exclusion by the last part of a path: anybody can name a file so
 */
#ifndef QUERY_LINT_H
#define QUERY_LINT_H

#include "query/ast.h"

struct lint_finding {
	const char *code; /* of the table above */
	struct place_in_text place;
	char message[256]; /* may quote the search: escape it for a terminal */
	char rewrite
		[512]; /* what to write at the place's operator instead; "" when it is longer, or no text alone mends it */
};

/*
 * Fills up to `max` findings in the order of the text and returns how many
 * there are in all. One of a kind for a pattern: its first place.
 */
size_t query_lint(const struct query *query, struct lint_finding *out, size_t max);

#endif
