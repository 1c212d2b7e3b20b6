/* sift_parts: a sift inside. Private to src/match. */
#ifndef MATCH_SIFT_PARTS_H
#define MATCH_SIFT_PARTS_H

#include "match/sift.h"

#define SIFT_BUCKETS 8
#define SIFT_PRINT 8 /* bytes of a print; of a shorter text the rest may be anything */

struct sift_wanted {
	char text[SIFT_TEXT_MAX]; /* folded, when case is ignored */
	uint8_t len;		  /* of text */
	uint8_t span;		  /* as it stands: twice that in hex */
	uint8_t print;		  /* where its print begins in what stands there */
	bool ignore_case, hex;
	uint8_t bucket;
};

struct sift {
	/* By byte: the buckets. For wide readers, by its low six bits, and by its low and high half. */
	uint8_t by_byte[SIFT_PRINT][256];
	uint8_t by_bits[SIFT_PRINT][64], by_low[SIFT_PRINT][16], by_high[SIFT_PRINT][16];
	size_t count;
	struct sift_wanted *wanted;
	uint16_t first[SIFT_BUCKETS + 1]; /* of the texts of a bucket in `order` */
	uint16_t order[SIFT_TEXTS_MAX];
	enum sift_level level;
};

/* The buckets whose prints may begin there. */
static inline uint8_t sift_buckets_at(const struct sift *sift, const char *p)
{
	uint8_t buckets = 0xff;

	for (unsigned i = 0; i < SIFT_PRINT; i++)
		buckets &= sift->by_byte[i][(unsigned char)p[i]];
	return buckets;
}

#endif
