/* The first line is the header, the rest is one row. */
#include "dress_fuzz.h"

static struct span header;

static enum dress_result decode_row(const struct document *document, struct queue *queue)
{
	return decode_csv(document, header, queue);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size };
	size_t newline = span_index(input, '\n');

	header = span_first(input, newline);
	csv_is_defender_header(header);
	run_dress(decode_row, span_skip(input, newline + 1));
	return 0;
}
