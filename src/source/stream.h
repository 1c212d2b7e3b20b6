/*
 * stream: bytes in a row, whatever they come out of: a file, a pipe, a
 * decompressor, a member of an archive, a journal. Streams nest: closing the
 * outer closes what it reads from.
 */
#ifndef SOURCE_STREAM_H
#define SOURCE_STREAM_H

#include <stdatomic.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"

/* So much of the beginning can be looked at before reading. */
#define STREAM_PEEK_MAX (32u << 10)

struct stream {
	/* Bytes put into `to`, at least one; 0 at the end; negative errno when it broke, with err filled. */
	ssize_t (*read)(struct stream *stream, char *to, size_t room, struct err *err);
	/* How far the file on disk has been read, for progress. NULL: not known. */
	uint64_t (*position)(const struct stream *stream);
	/* As lseek(2). NULL: the bytes come in a row only. */
	int64_t (*seek)(struct stream *stream, int64_t offset, int whence);
	/*
	 * From now on a read that waits for another process, be it a second ago, gives up (-ECANCELED) soon after
	 * *abandoned became true. NULL: no read waits for one. Before threads share the stream.
	 */
	void (*heed)(struct stream *stream, const atomic_bool *abandoned);
	/* Frees the stream itself, too. */
	void (*close)(struct stream *stream);
	char *head; /* peeked and not yet read; the functions below manage it */
	size_t head_len, head_used;
	ssize_t head_end; /* what `read` said behind the head: 1 goes on, 0 ended, negative errno */
	struct err head_err;
};

/* As stream->read, with what was peeked first. Interrupted reads are taken up again. */
ssize_t stream_read(struct stream *stream, char *to, size_t room, struct err *err);

/*
 * Looks at the first bytes, at most STREAM_PEEK_MAX; fewer only when the
 * stream ends or breaks before. Before the first stream_read only, and the
 * span lives until then. A stream that broke at once gives an empty span;
 * the error comes with the reading.
 */
struct span stream_peek(struct stream *stream);

uint64_t stream_position(const struct stream *stream);

/* Negative errno when the stream cannot; what was peeked is dropped, so peek again. */
int64_t stream_seek(struct stream *stream, int64_t offset, int whence);

/* As stream->heed. */
void stream_heed(struct stream *stream, const atomic_bool *abandoned);

/* NULL is allowed. */
void stream_close(struct stream *stream);

/*
 * Reads from fd, and closes it at the end unless it is one of the standard
 * three. Holes of sparse files are left out. NULL when memory is out; fd is
 * closed then, too.
 */
struct stream *stream_of_fd(int fd);

#endif
