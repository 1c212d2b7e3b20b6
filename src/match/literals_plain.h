/* literals_plain: the pass of literals.h without SIMD: the fallback, and the twin that the other is compared with. */
#ifndef MATCH_LITERALS_PLAIN_H
#define MATCH_LITERALS_PLAIN_H

#include "match/literals.h"

struct literals_plain;
struct literals_seen; /* which were found in this pass */

struct literals_plain *literals_plain_create(const struct literal *items, size_t count); /* NULL: memory is out */
void literals_plain_destroy(struct literals_plain *plain);

struct literals_seen *literals_seen_create(size_t count);
void literals_seen_destroy(struct literals_seen *seen);

/* A pass in steps: what begins it, and a look at what may begin where the rest of the text does. */
void literals_plain_begin(struct literals_seen *seen);
void literals_plain_look(const struct literals_plain *plain, struct literals_seen *seen, struct span rest,
			 literals_found *found, void *context);

/* All of it, at every place. */
void literals_plain_scan(const struct literals_plain *plain, struct literals_seen *seen, struct span text,
			 literals_found *found, void *context);

#endif
