#include "base/hash.h"

uint64_t hash_bytes(struct span s)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ s.len;

	for (; s.len >= 8; s = span_skip(s, 8)) {
		uint64_t word;
		memcpy(&word, s.data, 8);
		h = hash_mix(h ^ word);
	}
	uint64_t tail = 0;
	if (s.len)
		memcpy(&tail, s.data, s.len);
	return hash_mix(h ^ tail ^ (uint64_t)s.len << 56);
}
