/*
 * ahead: streams that are read in threads beside the reader's, so that
 * decompression runs beside whatever is done with the bytes; and inputs that
 * are opened before it is their turn, so that several are decompressed side by
 * side. The reader takes one after the other, in order, and sees what it would
 * see without: the same bytes, then the same end or error.
 */
#ifndef SOURCE_AHEAD_H
#define SOURCE_AHEAD_H

#include "source/sniff.h"
#include "source/stream.h"

#define AHEAD_BLOCK (256u << 10)

/* So many blocks may wait of the stream that is being read; so many of all. */
#define AHEAD_BLOCKS 4
#define AHEAD_BLOCKS_MAX 64

/* So much of the beginning is read in place: what is only looked at, or small, causes no thread. */
#define AHEAD_BEGINS (256u << 10)

/* So many inputs are open at a time before it is their turn, and no further one while they take more memory than this. */
#define AHEAD_OPEN_MAX 16
#define AHEAD_MEMORY_MAX (32u << 20)

/* Where fewer can be open than this, no input is opened ahead, so that there is one for each whose turn it is. */
#define AHEAD_DESCRIPTORS 64

/* An input that was opened. */
struct ahead_opened {
	struct stream *stream; /* NULL: it cannot be opened */
	enum content content;
	size_t memory; /* bytes that its decompressor asks for */
	bool wanted;   /* its bytes will be read, so that it is worth reading them ahead */
};

/* The inputs, as ahead_take will ask for them: from 0 up. The functions are called in any thread, `open` for one at a time. */
struct ahead_inputs {
	size_t count;
	void *context;
	bool (*is_worth)(const void *context, size_t i); /* opening ahead; it does not change */
	struct ahead_opened (*open)(void *context, size_t i);
};

struct ahead;

/*
 * `threads`: at most so many run, the reader's among them, which helps with
 * the work while it has nothing to read; so two at least. They start when
 * AHEAD_BEGINS bytes were read, have all signals blocked, and the privileges
 * that the process has then. Where none can be started, all is read in place.
 * Copies inputs. NULL when memory is out.
 */
struct ahead *ahead_create(unsigned threads, const struct ahead_inputs *inputs);

/* Waits for at most one read, or opening, of each thread. The reader's stream must be closed. NULL is allowed. */
void ahead_destroy(struct ahead *ahead);

/*
 * What `inner` gives. Takes it over; it cannot be sought in any more. Once
 * AHEAD_BEGINS bytes of it were read and until the close, `inner` and what it
 * reads from are the threads'. Its position is that of what was read here, not
 * of what was read ahead. Closing waits for at most one read of inner, none of
 * which waits for another process. One such stream is open at a time. NULL
 * when memory is out.
 */
struct stream *ahead_stream(struct ahead *ahead, struct stream *inner);

/*
 * It is the turn of input i, and those before it are closed. True: it was
 * opened ahead, and *stream, whose beginning can be looked at, is the
 * caller's. False: it was not, or that failed, so the caller opens it.
 */
bool ahead_take(struct ahead *ahead, size_t i, struct stream **stream, enum content *content);

#endif
