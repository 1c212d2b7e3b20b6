/*
 * gzip: decompresses gzip (RFC 1952) by zlib, which checks the length and the
 * checksum of each member; libarchive's reader of gzip does not, and a log
 * that was damaged on the way would pass for a whole one.
 */
#ifndef SOURCE_GZIP_H
#define SOURCE_GZIP_H

#include "source/stream.h"

/* Whether the beginning of a stream is gzip's. */
bool gzip_is(struct span head);

/*
 * What comes out when `inner` is decompressed: all of its members, one behind
 * another. Takes inner over. A stream that is broken says so when it is read.
 * NULL when memory is out.
 */
struct stream *gzip_stream(struct stream *inner);

#endif
