/*
 *   inner ──▶ block ──▶ codec ──▶ the reader's buffer
 *
 *	BETWEEN ──first byte──▶ INSIDE ──codec says so──▶ BETWEEN
 *	   │ end: the end          │ end: cut short
 *
 * Zeros BETWEEN are padding. Anything else there must be another compressed
 * stream, or is told as broken: nothing is left out without a word.
 */
#include "source/decompress.h"

#include <stdlib.h>

#include "source/archive.h"
#include "source/codec.h"

#define BLOCK_SIZE (128u << 10)

/* Blocks of 4 MiB, compressed and not. */
#define LZ4_MEMORY (8u << 20)

struct decompressor {
	struct stream stream;
	struct stream *inner;
	const struct codec *codec;
	void *state;
	struct span in;	  /* of block, not used yet */
	bool inside;	  /* a compressed stream has begun and not ended */
	bool ended;	  /* inner has */
	bool broken;	  /* nothing more comes */
	struct err broke; /* of inner or the codec; told when all before is read; number 0: nothing to tell */
	char block[BLOCK_SIZE];
};

static void fill(struct decompressor *from)
{
	ssize_t got = stream_read(from->inner, from->block, sizeof(from->block), &from->broke);

	from->ended = got <= 0;
	from->in = (struct span){ from->block, got > 0 ? (size_t)got : 0 };
}

static void skip_padding(struct decompressor *from)
{
	size_t zeros = 0;

	while (zeros < from->in.len && from->in.data[zeros] == '\0')
		zeros++;
	from->in = span_skip(from->in, zeros);
	from->inside = from->in.len;
}

/* Runs the codec once over what there is. */
static void step(struct decompressor *from, struct codec_buffers *buffers)
{
	size_t room = buffers->room;

	buffers->in = from->in;
	int result = from->codec->run(from->state, buffers, &from->broke);
	bool stuck = buffers->room == room && buffers->in.len == from->in.len;
	from->in = buffers->in;
	from->broken = result < 0;
	from->inside = result != 0;
	if (result > 0 && stuck) {
		from->broken = true;
		if (!from->broke.number)
			err_set(&from->broke, -EBADMSG, "the compressed data is cut short");
	}
}

/* The codec may hold back output for which there was no room, so it runs also when there is no more input. */
static ssize_t decompressor_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct decompressor *from = (struct decompressor *)stream;
	struct codec_buffers buffers = { .out = to, .room = room < UINT32_MAX ? room : UINT32_MAX };

	while (!from->broken && buffers.out == to) {
		if (!from->in.len && !from->ended)
			fill(from);
		if (!from->inside)
			skip_padding(from);
		if (from->inside)
			step(from, &buffers);
		else if (from->ended)
			break;
	}
	if (buffers.out == to && from->broke.number)
		return err_set(err, from->broke.number, "%s", from->broke.text);
	return buffers.out - to;
}

static uint64_t decompressor_position(const struct stream *stream)
{
	return stream_position(((const struct decompressor *)stream)->inner);
}

static void decompressor_heed(struct stream *stream, const atomic_bool *abandoned)
{
	stream_heed(((struct decompressor *)stream)->inner, abandoned);
}

static void decompressor_close(struct stream *stream)
{
	struct decompressor *from = (struct decompressor *)stream;

	if (from->state)
		from->codec->destroy(from->state);
	stream_close(from->inner);
	free(from);
}

size_t decompress_memory(const struct stream *stream)
{
	const struct decompressor *from = (const struct decompressor *)stream;

	return stream->read == decompressor_read ? sizeof(*from) + from->codec->memory(from->state) : LZ4_MEMORY;
}

static const struct codec *codec_of(struct span head)
{
	static const struct codec *const codecs[] = { &codec_gzip, &codec_xz, &codec_zstd, &codec_bzip2, NULL };
	size_t i = 0;

	while (codecs[i] && !span_starts(head, codecs[i]->magic))
		i++;
	return codecs[i];
}

struct stream *decompress_stream(struct stream *inner)
{
	const struct codec *codec = codec_of(stream_peek(inner));

	if (!codec) /* lz4: what libarchive hands out are whole blocks, and of a cut one nothing comes anyway */
		return archive_lz4(inner);
	struct decompressor *from = malloc(sizeof(*from));
	if (!from) {
		stream_close(inner);
		return NULL;
	}
	memset(from, 0, offsetof(struct decompressor, block));
	from->stream = (struct stream){
		.read = decompressor_read,
		.position = decompressor_position,
		.heed = decompressor_heed,
		.close = decompressor_close,
		.head_end = 1,
	};
	from->inner = inner;
	from->codec = codec;
	from->state = codec->create();
	if (!from->state) {
		decompressor_close(&from->stream);
		return NULL;
	}
	return &from->stream;
}
