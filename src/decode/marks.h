/*
 * marks: one pass over the text behind a record's header, for the three bytes
 * that decide how it is read. Private to src/decode.
 */
#ifndef DECODE_MARKS_H
#define DECODE_MARKS_H

#include "base/span.h"

struct marks {
	size_t newline;	  /* offset of the first newline; the text's length when there is none */
	size_t separator; /* offset of the first 0x1d in front of that, or `newline` */
	bool second;	  /* "t(" stands in front of it: a second "audit(" may */
};

/* The two readers. Tests hold them together. */
struct marks marks_find_plain(struct span text);
#if defined(__x86_64__)
struct marks marks_find_avx2(struct span text); /* only where the processor has AVX2 */
#endif

static inline struct marks marks_find(struct span text)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return marks_find_avx2(text);
#endif
	return marks_find_plain(text);
}

#endif
