/*
 * A file can hold several members (appended by logrotate, pigz, bgzip), and
 * zeros behind them (tapes, block devices), as gzip(1) itself accepts.
 */
#include "source/gzip.h"

#include <stdlib.h>
#include <zlib.h>

#define BLOCK_SIZE (128u << 10)
#define GZIP_ONLY (16 + MAX_WBITS) /* inflateInit2: gzip's header and trailer, not zlib's */

struct gzip {
	struct stream stream;
	struct stream *inner;
	z_stream zlib;
	bool inside; /* a member has begun and not ended */
	bool ended;  /* `inner` has nothing more */
	bool zeros;  /* behind the last member */
	char block[BLOCK_SIZE];
};

bool gzip_is(struct span head)
{
	return span_starts(head, SPAN("\x1f\x8b\x08"));
}

static int fill(struct gzip *gzip, struct err *err)
{
	if (gzip->zlib.avail_in || gzip->ended)
		return 0;
	ssize_t got = stream_read(gzip->inner, gzip->block, sizeof(gzip->block), err);
	if (got < 0)
		return (int)got;
	gzip->ended = got == 0;
	gzip->zlib.next_in = (unsigned char *)gzip->block;
	gzip->zlib.avail_in = (unsigned)got;
	return 0;
}

/* Between members. 1: another begins. 0: that was the last one. */
static int begin_member(struct gzip *gzip, struct err *err)
{
	int status;

	while ((status = fill(gzip, err)) == 0 && gzip->zlib.avail_in) {
		if (*gzip->zlib.next_in) {
			if (gzip->zeros)
				return err_set(err, -EBADMSG, "something that is no gzip behind the zeros at its end");
			gzip->inside = true;
			return inflateReset(&gzip->zlib) == Z_OK ? 1 : err_set(err, -EINVAL, "zlib: cannot reset");
		}
		gzip->zeros = true;
		gzip->zlib.next_in++;
		gzip->zlib.avail_in--;
	}
	return status;
}

static int tell(const struct gzip *gzip, int result, struct err *err)
{
	if (result == Z_MEM_ERROR)
		return err_set(err, -ENOMEM, "out of memory");
	return err_set(err, -EBADMSG, "damaged gzip input (%s)", gzip->zlib.msg ? gzip->zlib.msg : "no gzip data");
}

static ssize_t gzip_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct gzip *gzip = (struct gzip *)stream;
	unsigned asked = room < (1u << 30) ? (unsigned)room : 1u << 30;

	gzip->zlib.next_out = (unsigned char *)to;
	gzip->zlib.avail_out = asked;
	while (gzip->zlib.avail_out == asked) {
		int status = gzip->inside ? fill(gzip, err) : begin_member(gzip, err);
		if (status < 0 || (status == 0 && !gzip->inside))
			return status;
		int result = inflate(&gzip->zlib, Z_NO_FLUSH); /* may have something left to give without new input */
		gzip->inside = result != Z_STREAM_END;
		if (result == Z_BUF_ERROR && gzip->ended)
			return err_set(err, -EBADMSG, "truncated gzip input");
		/* What came out before the damage is given first: zlib says the same again the next time. */
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR && gzip->zlib.avail_out == asked)
			return tell(gzip, result, err);
	}
	return (ssize_t)(asked - gzip->zlib.avail_out);
}

static uint64_t gzip_position(const struct stream *stream)
{
	return stream_position(((const struct gzip *)stream)->inner);
}

static void gzip_close(struct stream *stream)
{
	struct gzip *gzip = (struct gzip *)stream;

	inflateEnd(&gzip->zlib);
	stream_close(gzip->inner);
	free(gzip);
}

struct stream *gzip_stream(struct stream *inner)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (!gzip || inflateInit2(&gzip->zlib, GZIP_ONLY) != Z_OK) {
		stream_close(inner);
		free(gzip);
		return NULL;
	}
	gzip->stream =
		(struct stream){ .read = gzip_read, .position = gzip_position, .close = gzip_close, .head_end = 1 };
	gzip->inner = inner;
	gzip->inside = true;
	return &gzip->stream;
}
