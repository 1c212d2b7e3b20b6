/*
 * The three digests of one family: blocks of 64 bytes are mixed into a state
 * of 32-bit words; the last blocks hold the rest of the text, a 1 bit, zeros,
 * and the length in bits.
 */
#include "query/digest.h"

#define BLOCK 64
#define STATE_MAX 8

typedef void mix_fn(uint32_t *state, const unsigned char *block);

static uint32_t left(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static uint32_t right(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t read_big(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t read_little(const unsigned char *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* ---- MD5 ---- */

static const uint32_t md5_constants[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
	0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
	0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
	0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static uint32_t md5_choose(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return (b & c) | (~b & d);
	case 1:
		return (d & b) | (~d & c);
	case 2:
		return b ^ c ^ d;
	default:
		return c ^ (b | ~d);
	}
}

static void mix_md5(uint32_t *state, const unsigned char *block)
{
	static const unsigned char shifts[4][4] = {
		{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 }
	};
	static const unsigned char strides[4] = { 1, 5, 3, 7 }, starts[4] = { 0, 1, 5, 0 };
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

	for (unsigned i = 0; i < 64; i++) {
		unsigned round = i / 16, word = (i * strides[round] + starts[round]) % 16;
		uint32_t sum = a + md5_choose(round, b, c, d) + md5_constants[i] + read_little(block + 4 * word);
		a = d;
		d = c;
		c = b;
		b += left(sum, shifts[round][i % 4]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

/* ---- SHA-1 ---- */

static uint32_t sha1_choose(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return ((b & c) | (~b & d)) + 0x5a827999;
	case 1:
		return (b ^ c ^ d) + 0x6ed9eba1;
	case 2:
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	default:
		return (b ^ c ^ d) + 0xca62c1d6;
	}
}

static void mix_sha1(uint32_t *state, const unsigned char *block)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
	uint32_t words[80] = { 0 };

	for (unsigned i = 0; i < 80; i++) {
		words[i] = i < 16 ? read_big(block + (size_t)4 * i)
				  : left(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
		uint32_t sum = left(a, 5) + sha1_choose(i / 20, b, c, d) + e + words[i];
		e = d;
		d = c;
		c = left(b, 30);
		b = a;
		a = sum;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

/* ---- SHA-256 ---- */

static const uint32_t sha256_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The word of round i, from 16 on, out of those before it; words go round. */
static uint32_t sha256_word(const uint32_t *words, unsigned i)
{
	uint32_t before = words[(i - 15) % 16], last = words[(i - 2) % 16];
	uint32_t low = right(before, 7) ^ right(before, 18) ^ before >> 3;
	uint32_t high = right(last, 17) ^ right(last, 19) ^ last >> 10;

	return words[i % 16] + low + words[(i - 7) % 16] + high;
}

static void mix_sha256(uint32_t *state, const unsigned char *block)
{
	uint32_t words[16] = { 0 }, s[STATE_MAX];

	memcpy(s, state, sizeof(s));
	for (unsigned i = 0; i < 64; i++) {
		words[i % 16] = i < 16 ? read_big(block + (size_t)4 * i) : sha256_word(words, i);
		uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
		uint32_t sum = s[7] + (right(s[4], 6) ^ right(s[4], 11) ^ right(s[4], 25)) + choice +
			       sha256_constants[i] + words[i % 16];
		uint32_t head = sum + (right(s[0], 2) ^ right(s[0], 13) ^ right(s[0], 22)) + majority;
		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += sum;
		s[0] = head;
	}
	for (unsigned i = 0; i < STATE_MAX; i++)
		state[i] += s[i];
}

/* ---- the frame of all three ---- */

static void mix_all(struct span text, uint32_t *state, mix_fn *mix, bool big_endian)
{
	unsigned char last[2 * BLOCK] = { 0 };
	size_t whole = text.len / BLOCK * BLOCK, rest = text.len - whole;
	size_t end = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	uint64_t bits = (uint64_t)text.len * 8;

	for (size_t at = 0; at < whole; at += BLOCK)
		mix(state, (const unsigned char *)text.data + at);
	if (rest)
		memcpy(last, text.data + whole, rest);
	last[rest] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		last[big_endian ? end - 1 - i : end - 8 + i] = (unsigned char)(bits >> 8 * i);
	for (size_t at = 0; at < end; at += BLOCK)
		mix(state, last + at);
}

static void write_words(const uint32_t *state, size_t count, bool big_endian, unsigned char *bytes)
{
	for (size_t i = 0; i < 4 * count; i++)
		bytes[i] = (unsigned char)(state[i / 4] >> 8 * (big_endian ? 3 - i % 4 : i % 4));
}

void digest_md5(struct span text, unsigned char *bytes)
{
	uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };

	mix_all(text, state, mix_md5, false);
	write_words(state, 4, false, bytes);
}

void digest_sha1(struct span text, unsigned char *bytes)
{
	uint32_t state[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };

	mix_all(text, state, mix_sha1, true);
	write_words(state, 5, true, bytes);
}

void digest_sha256(struct span text, unsigned char *bytes)
{
	uint32_t state[STATE_MAX] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
				      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	mix_all(text, state, mix_sha256, true);
	write_words(state, STATE_MAX, true, bytes);
}
