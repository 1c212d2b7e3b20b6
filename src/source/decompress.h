/*
 * decompress: what comes out of a compressed stream.
 */
#ifndef SOURCE_DECOMPRESS_H
#define SOURCE_DECOMPRESS_H

#include "source/stream.h"

/*
 * Decompresses `inner` (gzip, xz, zstd, bzip2, lz4), which it takes over;
 * also several compressed streams one behind the other. Where the data is cut
 * or broken, every byte that could be made of it comes first, then the error.
 * NULL when memory is out.
 */
struct stream *decompress_stream(struct stream *inner);

/* Bytes that the decompressor has asked for, as far as it has come. `stream` is of decompress_stream. */
size_t decompress_memory(const struct stream *stream);

#endif
