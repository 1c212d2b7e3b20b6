/* Prints what the decoders make of each file: audit records, log lines, losses, undecoded lines, lines. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "decode/decode.h"

static bool read_file(const char *name, struct buffer *bytes)
{
	FILE *file = fopen(name, "rb");
	size_t len = 1;

	if (!file)
		return false;
	while (len > 0 && buffer_reserve(bytes, 65536)) {
		len = fread(bytes->data + bytes->len, 1, 65536, file);
		bytes->len += len;
	}
	bool whole = !ferror(file) && !bytes->failed;
	fclose(file);
	return whole;
}

static uint64_t drain(struct decoder *decoder)
{
	struct record record;
	uint64_t losses = 0;

	while (decoder_next(decoder, &record))
		losses += record.kind == RECORD_LOSS;
	return losses;
}

static bool count_file(const char *name)
{
	struct summary *summary = calloc(1, sizeof(*summary));
	struct decoder *decoder = decoder_create(summary);
	struct buffer bytes = { 0 };
	bool read = read_file(name, &bytes);

	struct frame frame = {
		.bytes = buffer_span(&bytes), .origin.file = name, .trust = TRUST_KERNEL, .starts = true
	};
	decoder_feed(decoder, &frame);
	uint64_t losses = drain(decoder);
	decoder_end(decoder);
	losses += drain(decoder);
	printf("%llu %llu %llu %llu %llu\t%s\n", (unsigned long long)summary->records,
	       (unsigned long long)summary->log_lines, (unsigned long long)losses,
	       (unsigned long long)summary->undecoded_lines, (unsigned long long)summary->lines, name);
	decoder_destroy(decoder);
	buffer_finish(&bytes);
	free(summary);
	return read;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!count_file(argv[i])) {
			fprintf(stderr, "cannot read %s\n", argv[i]);
			return 1;
		}
	return 0;
}
