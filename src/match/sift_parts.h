/*
 * sift_parts: a sift inside. Private to src/match.
 *
 * A register asks a table by few bits of a byte, so the wide readers give each
 * byte a number: AVX-512 its code, of six bits, AVX2 its class, of four. Both
 * come from the row of the byte, which is its high half, and its column x:
 *
 *   row          2 (!"/)  3 (digits)  4 and 6 (letters a to o)  5 and 7 (p to z)
 *   code         0 + x    16 + x      32 + x                    48 + x           the case of letters is left out
 *   class        9 + x    x           9 + x                     10 + x           modulo 16: hex digits are what they are
 *
 * Other rows share codes and classes with these. What a number has in common
 * with another byte's is told apart when what was found is compared.
 */
#ifndef MATCH_SIFT_PARTS_H
#define MATCH_SIFT_PARTS_H

#include "match/sift.h"

#define SIFT_BUCKETS 8
#define SIFT_PRINT 8 /* bytes of a print; of a shorter text the rest may be anything */
#define SIFT_CODES 64
#define SIFT_CLASSES 16

struct sift_wanted {
	char text[SIFT_TEXT_MAX]; /* folded, when case is ignored */
	uint8_t len;		  /* of text */
	uint8_t span;		  /* as it stands: twice that in hex */
	uint8_t print;		  /* where its print begins in what stands there */
	bool ignore_case, hex;
	bool whole; /* the print is all of it */
	uint8_t bucket;
};

/* A print as a word, its first byte the lowest: it stands where (word & mask) == bits. */
struct sift_print {
	uint64_t bits, mask;
};

struct sift {
	/* For each byte of a print: the buckets, by the byte that stands there, its code, its class. */
	uint8_t by_byte[SIFT_PRINT][256];
	uint8_t by_code[SIFT_PRINT][SIFT_CODES], by_class[SIFT_PRINT][SIFT_CLASSES];
	size_t count;
	struct sift_wanted *wanted;
	uint16_t first[SIFT_BUCKETS + 1]; /* of the texts of a bucket in `order` */
	uint16_t order[SIFT_TEXTS_MAX];
	struct sift_print prints[SIFT_TEXTS_MAX]; /* of the texts in that order */
	enum sift_level level;
};

/* By row: what makes a class of a byte, added to it. It takes the row away, too: the sum is less than 32. */
static const uint8_t sift_class_steps[16] = { 0x00, 0xf0, 0xe9, 0xd0, 0xc9, 0xba, 0xa9, 0x9a,
					      0x80, 0x70, 0x60, 0x50, 0x40, 0x30, 0x20, 0x10 };

static inline unsigned sift_code(unsigned char c)
{
	return (c & 0x1f) | (c >> 1 & 0x20);
}

static inline unsigned sift_class(unsigned char c)
{
	return (c + sift_class_steps[c >> 4]) % SIFT_CLASSES;
}

#endif
