/*
 * find: the searchers that span_find chooses from. Tests hold them together.
 */
#ifndef BASE_FIND_H
#define BASE_FIND_H

#include "base/span.h"

#define FIND_NEEDLE_MAX 32 /* longer ones cost too much where the text nearly holds them all the time */

/* As span_find, for a needle of 1 to FIND_NEEDLE_MAX bytes. */
size_t find_plain(struct span s, struct span needle);
#if defined(__x86_64__)
size_t find_avx2(struct span s, struct span needle); /* only where the processor has AVX2 */
#endif

/* How often the byte is in s: as span_count. */
size_t count_plain(struct span s, char byte);
#if defined(__x86_64__)
size_t count_avx2(struct span s, char byte);
#endif

#endif
