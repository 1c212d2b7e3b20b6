/* gzip, RFC 1952, by zlib. */
#include "source/codec.h"

#include <stdlib.h>
#include <zlib.h>

#define WITH_GZIP_HEADER (15 + 16) /* zlib.h, inflateInit2 */

static void *create(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (z && inflateInit2(z, WITH_GZIP_HEADER) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static int run(void *state, struct codec_buffers *buffers, struct err *err)
{
	z_stream *z = state;

	z->next_in = (Bytef *)(uintptr_t)buffers->in.data; /* zlib.h: const only with ZLIB_CONST */
	z->avail_in = (uInt)buffers->in.len;
	z->next_out = (Bytef *)buffers->out;
	z->avail_out = (uInt)buffers->room;
	int result = inflate(z, Z_NO_FLUSH);
	buffers->in = span_skip(buffers->in, buffers->in.len - z->avail_in);
	buffers->out = (char *)z->next_out;
	buffers->room = z->avail_out;
	if (result == Z_STREAM_END)
		return inflateReset(z) == Z_OK ? 0 : err_set(err, -EIO, "gzip cannot begin anew");
	if (result == Z_OK || result == Z_BUF_ERROR)
		return 1;
	return err_set(err, result == Z_MEM_ERROR ? -ENOMEM : -EBADMSG, "gzip: %s", z->msg ? z->msg : zError(result));
}

static void destroy(void *state)
{
	inflateEnd(state);
	free(state);
}

/* zconf.h: a window of 32 KiB, and some. */
static size_t memory(const void *state)
{
	(void)state;
	return 40u << 10;
}

const struct codec codec_gzip = { SPAN("\x1f\x8b"), create, run, destroy, memory };
