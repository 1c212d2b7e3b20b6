/* MurmurHash3 x64 128 by Austin Appleby, who placed it in the public domain. */
#include "query/digest.h"

#define BLOCK 16

static const uint64_t factor_1 = 0x87c37b91114253d5, factor_2 = 0x4cf5ad432745937f;

static uint64_t left(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

/* Up to eight bytes, little-endian. */
static uint64_t read_word(const char *p, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len && i < 8; i++)
		word |= (uint64_t)(unsigned char)p[i] << 8 * i;
	return word;
}

static uint64_t scramble_1(uint64_t word)
{
	return left(word * factor_1, 31) * factor_2;
}

static uint64_t scramble_2(uint64_t word)
{
	return left(word * factor_2, 33) * factor_1;
}

static uint64_t finish(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccd;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53;
	return x ^ x >> 33;
}

void digest_murmur(struct span text, unsigned char *bytes)
{
	uint64_t a = 0, b = 0;
	size_t at = 0;

	for (; at + BLOCK <= text.len; at += BLOCK) {
		a = (left(a ^ scramble_1(read_word(text.data + at, 8)), 27) + b) * 5 + 0x52dce729;
		b = (left(b ^ scramble_2(read_word(text.data + at + 8, 8)), 31) + a) * 5 + 0x38495ab5;
	}
	size_t rest = text.len - at;
	if (rest > 8)
		b ^= scramble_2(read_word(text.data + at + 8, rest - 8));
	if (rest > 0)
		a ^= scramble_1(read_word(text.data + at, rest));
	a ^= text.len;
	b ^= text.len;
	a += b;
	b += a;
	a = finish(a);
	b = finish(b);
	a += b;
	b += a;
	for (unsigned i = 0; i < 8; i++) {
		bytes[i] = (unsigned char)(a >> 8 * i);
		bytes[8 + i] = (unsigned char)(b >> 8 * i);
	}
}
