/* bzip2 by libbz2: blocks of 900 kB, so of a cut one nothing comes. */
#include "source/codec.h"

#include <bzlib.h>
#include <stdlib.h>

static void *create(void)
{
	bz_stream *bz = calloc(1, sizeof(*bz));

	if (bz && BZ2_bzDecompressInit(bz, 0, 0) == BZ_OK)
		return bz;
	free(bz);
	return NULL;
}

static void destroy(void *state)
{
	BZ2_bzDecompressEnd(state);
	free(state);
}

static int begin_anew(bz_stream *bz, struct err *err)
{
	BZ2_bzDecompressEnd(bz);
	*bz = (bz_stream){ 0 };
	return BZ2_bzDecompressInit(bz, 0, 0) == BZ_OK ? 0 : err_set(err, -ENOMEM, "bzip2: out of memory");
}

static int run(void *state, struct codec_buffers *buffers, struct err *err)
{
	bz_stream *bz = state;

	bz->next_in = (char *)(uintptr_t)buffers->in.data; /* bzlib.h knows no const */
	bz->avail_in = (unsigned)buffers->in.len;
	bz->next_out = buffers->out;
	bz->avail_out = (unsigned)buffers->room;
	int result = BZ2_bzDecompress(bz);
	buffers->in = span_skip(buffers->in, buffers->in.len - bz->avail_in);
	buffers->out = bz->next_out;
	buffers->room = bz->avail_out;
	if (result == BZ_STREAM_END)
		return begin_anew(bz, err);
	if (result == BZ_OK)
		return 1;
	if (result == BZ_MEM_ERROR)
		return err_set(err, -ENOMEM, "bzip2: out of memory");
	return err_set(err, -EBADMSG, "bzip2: the data is damaged");
}

/* bzip2(1): 100 kB and four bytes for each of a block's, which are 900,000 by default. */
static size_t memory(const void *state)
{
	(void)state;
	return 3700000;
}

const struct codec codec_bzip2 = { SPAN("BZh"), create, run, destroy, memory };
