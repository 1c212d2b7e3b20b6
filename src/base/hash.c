#include "base/hash.h"

/* Up to seven bytes, the first the lowest where the machine has it so: a copy of a length that is not known costs more. */
static uint64_t tail_of(struct span s)
{
	uint64_t tail = 0;
	uint32_t first, last;

	if (s.len >= sizeof(first) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
		memcpy(&first, s.data, sizeof(first));
		memcpy(&last, s.data + s.len - sizeof(last), sizeof(last));
		return first | (uint64_t)last << 8 * (s.len - sizeof(last));
	}
	for (size_t i = 0; i < s.len; i++)
		((unsigned char *)&tail)[i] = (unsigned char)s.data[i];
	return tail;
}

uint64_t hash_bytes(struct span s)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ s.len;

	if (!s.len)
		return hash_mix(h); /* hosts that no record names */
	for (; s.len >= 8; s = span_skip(s, 8)) {
		uint64_t word;
		memcpy(&word, s.data, 8);
		h = hash_mix(h ^ word);
	}
	uint64_t tail = tail_of(s);
	return hash_mix(h ^ tail ^ (uint64_t)s.len << 56);
}
