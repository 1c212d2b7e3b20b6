/*
 * The whole decoder: however the same bytes are cut into frames, the records
 * are the same; nothing of a frame is used behind its end; every line is
 * counted. Bytes at the end of the input say how the frames are cut.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct totals {
	uint64_t records, lines, undecoded, hash;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static uint64_t hash_record(const struct record *record)
{
	uint64_t hash = hash_join(record->kind, record->type);

	hash = hash_join(hash, (uint64_t)record->time_ms);
	hash = hash_join(hash, record->serial);
	hash = hash_join(hash, record->origin.offset);
	hash = hash_join(hash, record->trust);
	hash = hash_join(hash, record->whole_event);
	hash = hash_join(hash, hash_bytes(record->body));
	hash = hash_join(hash, hash_bytes(record->node));
	hash = hash_join(hash, hash_bytes(record->raw));
	hash = hash_join(hash, hash_bytes(record->program));
	return hash_join(hash, hash_bytes(record->message));
}

static void drain(struct decoder *decoder, struct totals *totals)
{
	struct record record;

	while (decoder_next(decoder, &record)) {
		totals->records++;
		totals->hash = hash_join(totals->hash, hash_record(&record));
	}
}

/* Frames of whole lines, in memory of their own. `cuts` chooses their sizes; NULL is one frame. */
static struct totals decode(struct span text, const uint8_t *cuts, enum format format)
{
	struct summary *summary = calloc(1, sizeof(*summary));
	struct decoder *decoder = decoder_create(summary);
	struct totals totals = { 0 };
	uint64_t offset = 0;

	for (size_t i = 0; text.len; i++) {
		size_t len = cuts ? 1 + (size_t)cuts[i % 4] * 2 : text.len;
		len = len < text.len ? len : text.len;
		if (text.data[len - 1] != '\n')
			len += span_index(span_skip(text, len), '\n') + 1;
		len = len < text.len ? len : text.len;
		char *copy = malloc(len);
		memcpy(copy, text.data, len);
		struct frame frame = { .bytes = { copy, len },
				       .origin = { "f", NULL, offset },
				       .format = format,
				       .trust = TRUST_KERNEL,
				       .starts = offset == 0,
				       .modified_ms = 1700000000000 };
		decoder_feed(decoder, &frame);
		drain(decoder, &totals);
		free(copy);
		text = span_skip(text, len);
		offset += len;
	}
	decoder_end(decoder);
	drain(decoder, &totals);
	totals.lines = summary->lines;
	totals.undecoded = summary->undecoded_lines;
	decoder_destroy(decoder);
	free(summary);
	return totals;
}

/* The same bytes as parts that continue each other, cut anywhere: nothing to compare, but nothing may break. */
static void decode_parts(struct span text, const uint8_t *cuts)
{
	struct summary *summary = calloc(1, sizeof(*summary));
	struct decoder *decoder = decoder_create(summary);
	struct totals totals = { 0 };

	for (size_t i = 0; text.len; i++) {
		size_t len = 1 + (size_t)cuts[i % 4] * 4;
		len = len < text.len ? len : text.len;
		char *copy = malloc(len);
		memcpy(copy, text.data, len);
		struct frame frame = { .bytes = { copy, len },
				       .origin = { "f", NULL, 0 },
				       .trust = TRUST_DAEMON,
				       .starts = true,
				       .continues = cuts[3] & 1,
				       .cut = cuts[3] & 2 };
		decoder_feed(decoder, &frame);
		drain(decoder, &totals);
		free(copy);
		text = span_skip(text, len);
	}
	decoder_end(decoder);
	drain(decoder, &totals);
	decoder_destroy(decoder);
	free(summary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 5)
		return 0;
	struct span text = { (const char *)data, size - 5 };
	const uint8_t *cuts = data + size - 5;
	enum format format = cuts[4] % 16 <= FORMAT_CSV ? cuts[4] % 16 : FORMAT_AUTO;
	struct totals whole = decode(text, NULL, format), parts = decode(text, cuts, format);
	uint64_t newlines = 0;

	for (size_t i = 0; i < text.len; i++)
		newlines += text.data[i] == '\n';
	newlines += text.len && text.data[text.len - 1] != '\n';
	require(whole.lines == newlines);
	require(whole.records == parts.records && whole.hash == parts.hash);
	require(whole.lines == parts.lines && whole.undecoded == parts.undecoded);
	decode_parts(text, cuts);
	return 0;
}
