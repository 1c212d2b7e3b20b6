/*
 * literals: which of many texts occur in another one, in one pass.
 *
 * The pass is that of literals_few.c for a few, vectorscan's for more, where
 * the build has it and the processor can run it, else that of
 * literals_plain.c; all answer the same. A set does not change once it is
 * created, so threads share it; each has its own scratch. Letters without
 * case are those of ASCII.
 */
#ifndef MATCH_LITERALS_H
#define MATCH_LITERALS_H

#include "base/err.h"
#include "base/span.h"

/* Longer ones are refused; who looks for one, looks for a part of it and compares then. */
#define LITERAL_MAX 1024
#define LITERALS_MAX ((size_t)1 << 20)

/*
 * So many cost nearly nothing to be made ready. With more, too many places look like the beginning of one, so that they
 * are left to vectorscan.
 */
#define LITERALS_FEW_MAX 128

struct literal {
	struct span text; /* 1 to LITERAL_MAX bytes, any */
	bool ignore_case;
};

struct literals;
struct literals_scratch;

/* The index is the literal's in the list that the set was created from. */
typedef void literals_found(void *context, uint32_t index);

/* Copies what it needs. An empty list is fine. NULL with err: memory, or a literal of a length that is not allowed. */
struct literals *literals_create(const struct literal *items, size_t count, struct err *err);
void literals_destroy(struct literals *literals);

/* The twins, which tests hold together: vectorscan's pass however few they are, and the plain one. */
struct literals *literals_create_vectorscan(const struct literal *items, size_t count, struct err *err);
struct literals *literals_create_plain(const struct literal *items, size_t count, struct err *err);

struct literals_scratch *literals_scratch_create(const struct literals *literals); /* NULL: memory is out */
void literals_scratch_destroy(struct literals_scratch *scratch);

/* Calls `found` once for each literal that occurs in the text, in no order. No memory is allocated. */
void literals_scan(const struct literals *literals, struct literals_scratch *scratch, struct span text,
		   literals_found *found, void *context);

#endif
