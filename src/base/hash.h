/*
 * hash: mixing of keys for the tables. Not for secrets.
 *
 * Keys come from logs, so a table that probes must also bound its probes.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"

/* splitmix64's finaliser (Steele, Lea, Flood, 2014). */
static inline uint64_t hash_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static inline uint64_t hash_join(uint64_t a, uint64_t b)
{
	return hash_mix(a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2)));
}

/* The same bytes give the same value on every machine and run. */
uint64_t hash_bytes(struct span s);

#endif
