/*
 * lines: where the lines of a block end, and whether one of them may hold a
 * second record; and the numbers of one. Private to src/sieve.
 */
#ifndef SIEVE_LINES_H
#define SIEVE_LINES_H

#include "base/span.h"

#define LINES_BLOCK ((size_t)64 << 10)
#define LINES_MAX 2048 /* a record has more bytes than a block of so many lines has for each */
#define LINES_SLACK 16 /* entries behind those that mean something, which are written all the same */

/* A list, and no mask of all bytes: another thread reads it, and each line of the cache that it takes over costs. */
struct line_ends {
	size_t count;
	size_t headers; /* how often "t(" occurs: once in each line, "audit(", unless somebody writes it */
	uint16_t at[LINES_MAX + LINES_SLACK]; /* of newlines, the first LINES_MAX of the block */
};

/* Of at most LINES_BLOCK bytes. */
void line_ends_find(struct line_ends *ends, struct span text);

/* The kinds of readers, which tests hold together. NULL: this processor, or this build, cannot. */
enum lines_level { LINES_PLAIN, LINES_AVX2, LINES_AVX512, LINES_LEVELS };
typedef void line_ends_finder(struct line_ends *ends, struct span text);
line_ends_finder *line_ends_finder_of(enum lines_level level);

/* The number behind " name=" of the SYSCALL record that begins there: not of what its process could have written. */
bool line_number(struct span rest, struct span name, uint64_t *number);

#endif
