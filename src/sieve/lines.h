/*
 * lines: where the lines of a block end, and whether one of them may hold a
 * second record; and the numbers of one. Private to src/sieve.
 */
#ifndef SIEVE_LINES_H
#define SIEVE_LINES_H

#include "base/span.h"

#define LINES_BLOCK ((size_t)64 << 10)

struct line_ends {
	uint64_t masks[LINES_BLOCK / 64]; /* a bit for each newline */
	size_t words;			  /* of masks that mean something */
	size_t newlines;
	size_t headers; /* how often "t(" occurs: once in each line, "audit(", unless somebody writes it */
};

/* Of at most LINES_BLOCK bytes. */
void line_ends_find(struct line_ends *ends, struct span text);
void line_ends_find_plain(struct line_ends *ends, struct span text); /* the twin */

/* The number behind " name=" of the SYSCALL record that begins there: not of what its process could have written. */
bool line_number(struct span rest, struct span name, uint64_t *number);

#endif
