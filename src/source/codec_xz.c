/* xz by liblzma. */
#include "source/codec.h"

#include <lzma.h>
#include <stdlib.h>

/* xz -9 needs 65 MiB; a header may ask for 4 GiB. */
#define MEMORY_MAX (256u << 20)

struct xz {
	lzma_stream stream;
};

static void *create(void)
{
	struct xz *xz = calloc(1, sizeof(*xz));

	if (xz && lzma_stream_decoder(&xz->stream, MEMORY_MAX, 0) == LZMA_OK)
		return xz;
	free(xz);
	return NULL;
}

static int tell(lzma_ret result, struct err *err)
{
	if (result == LZMA_MEM_ERROR)
		return err_set(err, -ENOMEM, "xz: out of memory");
	if (result == LZMA_MEMLIMIT_ERROR)
		return err_set(err, -ENOMEM, "xz: it takes more than %u MiB of memory; decompress it first",
			       MEMORY_MAX >> 20);
	if (result == LZMA_OPTIONS_ERROR)
		return err_set(err, -EBADMSG, "xz: compressed with options that are not known");
	return err_set(err, -EBADMSG, result == LZMA_FORMAT_ERROR ? "xz: no xz data" : "xz: the data is damaged");
}

static int run(void *state, struct codec_buffers *buffers, struct err *err)
{
	struct xz *xz = state;

	xz->stream.next_in = (const uint8_t *)buffers->in.data;
	xz->stream.avail_in = buffers->in.len;
	xz->stream.next_out = (uint8_t *)buffers->out;
	xz->stream.avail_out = buffers->room;
	lzma_ret result = lzma_code(&xz->stream, LZMA_RUN);
	buffers->in = span_skip(buffers->in, buffers->in.len - xz->stream.avail_in);
	buffers->out = (char *)xz->stream.next_out;
	buffers->room = xz->stream.avail_out;
	if (result == LZMA_STREAM_END) /* takes the memory of before */
		result = lzma_stream_decoder(&xz->stream, MEMORY_MAX, 0) == LZMA_OK ? LZMA_STREAM_END : LZMA_MEM_ERROR;
	if (result == LZMA_STREAM_END)
		return 0;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? 1 : tell(result, err);
}

static void destroy(void *state)
{
	struct xz *xz = state;

	lzma_end(&xz->stream);
	free(xz);
}

static size_t memory(const void *state)
{
	return (size_t)lzma_memusage(&((const struct xz *)state)->stream);
}

const struct codec codec_xz = { SPAN("\xfd"
				     "7zXZ\0"),
				create, run, destroy, memory };
