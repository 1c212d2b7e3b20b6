/* Zstandard, RFC 8878, by libzstd, which takes windows up to 128 MiB. */
#include "source/codec.h"

#include <zstd.h>

static void *create(void)
{
	return ZSTD_createDStream();
}

static int run(void *state, struct codec_buffers *buffers, struct err *err)
{
	ZSTD_inBuffer in = { buffers->in.data, buffers->in.len, 0 };
	ZSTD_outBuffer out = { buffers->out, buffers->room, 0 };
	size_t result = ZSTD_decompressStream(state, &out, &in);

	buffers->in = span_skip(buffers->in, in.pos);
	buffers->out += out.pos;
	buffers->room -= out.pos;
	if (ZSTD_isError(result))
		return err_set(err, -EBADMSG, "zstd: %s", ZSTD_getErrorName(result));
	return result ? 1 : 0;
}

static void destroy(void *state)
{
	ZSTD_freeDStream(state);
}

static size_t memory(const void *state)
{
	return ZSTD_sizeof_DStream(state);
}

const struct codec codec_zstd = { SPAN("\x28\xb5\x2f\xfd"), create, run, destroy, memory };
