/*
 * codec: decompressors as libraries offer them, each behind the same two
 * functions. Private to src/source.
 *
 * Unlike libarchive's filters they hand out what they made of cut data, to
 * the last byte.
 */
#ifndef SOURCE_CODEC_H
#define SOURCE_CODEC_H

#include "base/err.h"
#include "base/span.h"

/* What a codec reads and where it writes; both shrink by what it used. */
struct codec_buffers {
	struct span in;
	char *out;
	size_t room;
};

struct codec {
	struct span magic;
	void *(*create)(void); /* NULL: memory is out */
	/*
	 * 1: goes on, when there is more input or room. 0: a whole stream ended here; another may follow, and the
	 * state is ready for it. Negative errno: broken, err says how; what was made before that is in `out`.
	 */
	int (*run)(void *state, struct codec_buffers *buffers, struct err *err);
	void (*destroy)(void *state);
	/* Bytes that it has asked for, as far as it has come. */
	size_t (*memory)(const void *state);
};

extern const struct codec codec_gzip, codec_xz, codec_zstd, codec_bzip2;

#endif
