/* For tests of src/decode: runs text through a decoder and keeps copies of its records. */
#ifndef TESTS_UNIT_DECODED_H
#define TESTS_UNIT_DECODED_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "decode/decode.h"

#define DECODED_MAX 8192

struct decoded {
	struct summary summary;
	size_t count;
	struct record records[DECODED_MAX];
	struct arena arena;
	struct decoder *decoder;
};

static inline struct decoded *decoded_create(void)
{
	struct decoded *decoded = calloc(1, sizeof(*decoded));

	arena_init(&decoded->arena, 0);
	decoded->decoder = decoder_create(&decoded->summary);
	return decoded;
}

static inline void decoded_destroy(struct decoded *decoded)
{
	decoder_destroy(decoded->decoder);
	arena_finish(&decoded->arena);
	free(decoded);
}

static inline void decoded_drain(struct decoded *decoded)
{
	struct record record;

	while (decoder_next(decoded->decoder, &record)) {
		if (decoded->count == DECODED_MAX)
			abort();
		record.node = arena_copy(&decoded->arena, record.node);
		record.body = arena_copy(&decoded->arena, record.body);
		record.raw = arena_copy(&decoded->arena, record.raw);
		record.program = arena_copy(&decoded->arena, record.program);
		record.message = arena_copy(&decoded->arena, record.message);
		decoded->records[decoded->count++] = record;
	}
}

/* The bytes move to memory of their own for each frame, so that sanitizers see a look beyond them or back at old ones. */
static inline void decoded_feed(struct decoded *decoded, struct frame frame)
{
	char *copy = malloc(frame.bytes.len ? frame.bytes.len : 1);

	if (frame.bytes.len)
		memcpy(copy, frame.bytes.data, frame.bytes.len);
	frame.bytes.data = copy;
	decoder_feed(decoded->decoder, &frame);
	decoded_drain(decoded);
	free(copy);
}

static inline void decoded_end(struct decoded *decoded)
{
	decoder_end(decoded->decoder);
	decoded_drain(decoded);
}

/* One stream, in frames of whole lines of at least `chunk` bytes (0: one frame). */
static inline struct decoded *decode_stream(struct span text, size_t chunk, struct frame frame)
{
	struct decoded *decoded = decoded_create();

	frame.starts = true;
	while (text.len) {
		size_t len = chunk && chunk < text.len ? chunk : text.len;
		struct span behind = span_skip(text, len);
		if (text.data[len - 1] != '\n')
			len += span_index(behind, '\n') + (span_index(behind, '\n') < behind.len);
		frame.bytes = span_first(text, len);
		decoded_feed(decoded, frame);
		frame.origin.offset += len;
		frame.starts = false;
		text = span_skip(text, len);
	}
	decoded_end(decoded);
	return decoded;
}

static inline struct decoded *decode_text(struct span text)
{
	return decode_stream(text, 0, (struct frame){ .origin.file = "test.log", .trust = TRUST_KERNEL });
}

#endif
