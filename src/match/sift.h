/*
 * sift: all places of a few texts in much text, at the speed of memory.
 *
 * Each text is known by eight bytes in a row of it, its print; of a shorter text
 * the rest may be anything. Texts share eight buckets; a table for each of the
 * eight bytes says in which buckets that byte may stand there, so that seven ANDs
 * tell, for as many places as a register has bytes, which buckets come into
 * question:
 *
 *   text      …  "  /  p  r  o  c  /  1  2  …
 *   table 0         .  ?  .  .  .                ?: in bucket 2 a print may begin with this byte
 *   table 1            ?                         … have this for its second
 *   table 2               ?
 *   …                        …
 *   AND             .  ▲  .  .  .                a candidate: the prints of bucket 2 are compared, then the texts
 *
 * The idea is that of Teddy in Hyperscan (Wang et al., NSDI 2019). A text can
 * also be looked for in hex, two digits for each of its bytes, as the kernel
 * writes what holds blanks: a print is then digits, with both letter cases
 * among their bytes.
 */
#ifndef MATCH_SIFT_H
#define MATCH_SIFT_H

#include "base/err.h"
#include "base/span.h"

#define SIFT_TEXT_MIN 4 /* bytes as they stand in the text: of one in hex, two */
#define SIFT_TEXT_MAX 64
#define SIFT_TEXTS_MAX 256

struct sift_text {
	struct span text;
	bool ignore_case; /* of ASCII letters */
	bool hex;	  /* its bytes are written as two digits each, of either case */
};

/* Does not change once it is created: threads share it. */
struct sift;

/* Copies what it needs. NULL with err: memory, or a text of a length that is not allowed, or too many. */
struct sift *sift_create(const struct sift_text *texts, size_t count, struct err *err);
void sift_destroy(struct sift *sift);

/* `at`: where the text begins, from the beginning of what is scanned. `which`: its place in the list of creation. */
struct sift_place {
	uint32_t at, which;
};

/*
 * The places in `text` from *from on, in the order of where their prints stand, at most `max`; all, when *from comes
 * back as text.len. The text is shorter than 4 GiB. A text that begins in `text` and ends behind it is not found.
 */
size_t sift_scan(const struct sift *sift, struct span text, size_t *from, struct sift_place *places, size_t max);

/* The readers that sift_scan chooses from: they say which places may begin a print. Tests hold them together. */
enum sift_level { SIFT_PLAIN, SIFT_AVX2, SIFT_AVX512, SIFT_LEVELS };
bool sift_can(enum sift_level level); /* on this processor, in this build */
size_t sift_scan_with(const struct sift *sift, enum sift_level level, struct span text, size_t *from,
		      struct sift_place *places, size_t max);

#endif
