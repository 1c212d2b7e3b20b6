/*
 * ahead: a stream that is read in a thread of its own, so that decompression
 * runs beside whatever is done with the bytes.
 */
#ifndef SOURCE_AHEAD_H
#define SOURCE_AHEAD_H

#include "source/stream.h"

/* So much can lie between the thread and the reader. */
#define AHEAD_BLOCK (256u << 10)
#define AHEAD_BLOCKS 4

/* So much of the beginning is read in place: what is only looked at, or small, causes no thread. */
#define AHEAD_BEGINS (256u << 10)

/*
 * What `inner` gives: the same bytes, then the same end or error. Takes it
 * over; it cannot be sought in any more. From the start of the thread until
 * the close, `inner` and what it reads from are the thread's. The thread has
 * all signals blocked and the privileges that the process has when it starts;
 * where it cannot be started, everything is read in place. Closing waits for
 * at most one read of inner, none of which waits for another process.
 * NULL when memory is out.
 */
struct stream *ahead_stream(struct stream *inner);

#endif
