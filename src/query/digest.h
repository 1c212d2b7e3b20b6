/*
 * digest: MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4), MurmurHash3 x64 128
 * (Appleby, seed 0). To give texts other names, not to keep secrets.
 */
#ifndef QUERY_DIGEST_H
#define QUERY_DIGEST_H

#include "base/span.h"

#define DIGEST_MAX 32

/* Writes the digest to `bytes`. */
typedef void digest_fn(struct span text, unsigned char *bytes);

digest_fn digest_md5;	 /* 16 bytes */
digest_fn digest_sha1;	 /* 20 bytes */
digest_fn digest_sha256; /* 32 bytes */
digest_fn digest_murmur; /* 16 bytes, the two words little-endian, as Guava prints them */

#endif
