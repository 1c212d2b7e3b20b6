/*
 * hot: runs one hot loop over a log, so that its instructions can be counted.
 *
 *   hot LOOP LOG
 *
 * `nothing` reads the log and ends; what another loop costs is what it counts beyond that. Stages run on what stands
 * before them: `resolve` counts decoding and assembling, too. A log of JSON is one if it begins with '{'.
 * tests/suite/hot_counts.sh runs all of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assemble/assemble.h"
#include "base/buffer.h"
#include "base/find.h"
#include "base/json_scan.h"
#include "decode/decode.h"
#include "decode/marks.h"
#include "match/sift.h"
#include "resolve/resolve.h"
#include "sieve/index.h"
#include "sieve/lines.h"

#define FRAME (256u << 10)

static volatile size_t sum; /* what keeps a loop from being left out */

static bool read_all(const char *path, struct buffer *log)
{
	FILE *file = fopen(path, "rb");
	char block[1 << 16];
	size_t got;

	if (!file)
		return false;
	while ((got = fread(block, 1, sizeof(block), file)) > 0)
		buffer_add(log, (struct span){ block, got });
	fclose(file);
	return !log->failed;
}

/* ---- line by line ---- */

static void each_line(struct span log, struct marks (*marks)(struct span text))
{
	while (log.len) {
		size_t newline = marks(log).newline;
		sum += newline;
		log = span_skip(log, newline + 1);
	}
}

/* ---- over the whole text ---- */

static void each_hit(struct span log, size_t (*find)(struct span s, struct span needle))
{
	while (log.len) {
		size_t at = find(log, SPAN("/proc/"));
		sum += at;
		log = span_skip(log, at + 1);
	}
}

/* ---- the sieve ---- */

/* Such as rules look for, and more than a handful of them. */
static const struct sieve_literal words[] = {
	{ SPAN("procdump"), SPAN("procdump"), false },		{ SPAN("mimipenguin"), SPAN("mimipenguin"), true },
	{ SPAN("truffleproc"), SPAN("truffleproc"), true },	{ SPAN("linikatz"), SPAN("linikatz"), true },
	{ SPAN("generate-core"), SPAN("generate-core"), true }, { SPAN("gdb\""), SPAN("gdb"), true },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static void each_place(struct span log, enum sift_level level)
{
	struct sift_text texts[WORDS + 1] = { { .text = SPAN("/proc") } };
	static struct sift_place places[4096];
	struct err err;

	for (size_t i = 0; i < WORDS; i++)
		texts[i + 1] = (struct sift_text){ words[i].text, true, false };
	struct sift *sift = sift_create(texts, WORDS + 1, &err);
	if (!sift)
		abort();
	for (size_t from = 0; from < log.len;)
		sum += sift_scan_with(sift, level, log, &from, places, 4096);
	sift_destroy(sift);
}

static void each_end(struct span log, line_ends_finder *find)
{
	static struct line_ends ends;

	for (; log.len; log = span_skip(log, LINES_BLOCK)) {
		find(&ends, span_first(log, LINES_BLOCK));
		sum += ends.count + ends.headers;
	}
}

static bool wants_none(const void *context, uint16_t type)
{
	(void)context;
	return type == 0;
}

/* With its first look, which is the fastest that the processor has. */
static void walk(struct span log)
{
	const struct sieve_index_options options = {
		.literals = words, .literal_count = WORDS, .wants_type = wants_none, .shelf = -1, .threads = 1
	};
	struct err err;
	uint64_t at;
	struct sieve_index *index = sieve_index_create(&options, &err);

	if (!index || sieve_index_add(index, log, 0, false) < 0 ||
	    sieve_index_read(index, NULL, NULL, &at) != DOUBT_NONE)
		abort();
	sum += sieve_index_piece(index, 0)->event_count;
	sieve_index_destroy(index);
}

/* ---- JSON ---- */

static void enter_all(struct json_scan *scan)
{
	struct json_token token;

	while (json_next(scan, &token)) {
		sum += token.text.len;
		if (token.kind >= JSON_ARRAY)
			enter_all(scan);
	}
}

static void skip_all(struct json_scan *scan)
{
	struct json_token token;

	while (json_next(scan, &token)) {
		if (token.kind >= JSON_ARRAY)
			json_skip(scan, &token);
		sum += token.text.len;
	}
}

static void each_object(struct span log, void (*read)(struct json_scan *scan))
{
	struct json_scan scan;

	json_start(&scan, log);
	read(&scan);
}

/* ---- stages ---- */

struct stages {
	struct summary summary;
	struct decoder *decoder;
	struct assembler *assembler;
	struct resolver *resolver;
};

static void take_events(struct stages *stages)
{
	struct event event;
	struct access access;

	while (assembler_next(stages->assembler, &event)) {
		sum += event.count;
		if (!stages->resolver)
			continue;
		resolver_take(stages->resolver, &event);
		while (resolver_next(stages->resolver, &access))
			sum += access.target.pid;
	}
}

static void take_frame(struct stages *stages, struct span bytes, bool first)
{
	struct frame frame = { .bytes = bytes, .trust = TRUST_KERNEL, .starts = first };
	struct record record;

	frame.format = bytes.len && bytes.data[0] == '{' ? FORMAT_JSON : FORMAT_AUDIT;
	decoder_feed(stages->decoder, &frame);
	while (decoder_next(stages->decoder, &record)) {
		sum += record.body.len;
		if (stages->assembler && assembler_add(stages->assembler, &record) > 0)
			take_events(stages);
	}
}

/* Whole lines, as many as make a frame. */
static struct span cut_frame(struct span log)
{
	size_t len = FRAME < log.len ? FRAME : log.len;

	while (len < log.len && len && log.data[len - 1] != '\n')
		len--;
	return span_first(log, len ? len : log.len);
}

static void run_stages(struct span log, bool assembles, bool resolves)
{
	struct stages *stages = calloc(1, sizeof(*stages));

	if (!stages)
		abort();
	stages->decoder = decoder_create(&stages->summary);
	stages->assembler = assembles ? assembler_create(&stages->summary) : NULL;
	stages->resolver = resolves ? resolver_create() : NULL;
	for (bool first = true; log.len; first = false) {
		struct span frame = cut_frame(log);
		take_frame(stages, frame, first);
		log = span_skip(log, frame.len);
	}
	decoder_destroy(stages->decoder);
	assembler_destroy(stages->assembler);
	resolver_destroy(stages->resolver);
	free(stages);
}

static bool run(const char *loop, struct span log)
{
	if (strcmp(loop, "nothing") == 0)
		return true;
	if (strcmp(loop, "marks_find_plain") == 0)
		return each_line(log, marks_find_plain), true;
	if (strcmp(loop, "find_plain") == 0)
		return each_hit(log, find_plain), true;
	if (strcmp(loop, "count_plain") == 0)
		return sum = count_plain(log, '\n'), true;
	if (strcmp(loop, "sift_plain") == 0)
		return each_place(log, SIFT_PLAIN), true;
	if (strcmp(loop, "line_ends_plain") == 0)
		return each_end(log, line_ends_finder_of(LINES_PLAIN)), true;
	if (strcmp(loop, "line_ends") == 0)
		return each_end(log, line_ends_find), true;
	if (strcmp(loop, "walker") == 0)
		return walk(log), true;
#if defined(__x86_64__)
	if (strcmp(loop, "sift_avx2") == 0)
		return each_place(log, SIFT_AVX2), true;
	if (strcmp(loop, "marks_find_avx2") == 0)
		return each_line(log, marks_find_avx2), true;
	if (strcmp(loop, "find_avx2") == 0)
		return each_hit(log, find_avx2), true;
	if (strcmp(loop, "count_avx2") == 0)
		return sum = count_avx2(log, '\n'), true;
#endif
	if (strcmp(loop, "json_next") == 0)
		return each_object(log, enter_all), true;
	if (strcmp(loop, "json_skip") == 0)
		return each_object(log, skip_all), true;
	if (strcmp(loop, "decode") == 0)
		return run_stages(log, false, false), true;
	if (strcmp(loop, "assemble") == 0)
		return run_stages(log, true, false), true;
	if (strcmp(loop, "resolve") == 0)
		return run_stages(log, true, true), true;
	return false;
}

int main(int argc, char **argv)
{
	struct buffer log = { 0 };

	if (argc != 3 || !read_all(argv[2], &log) || !run(argv[1], buffer_span(&log))) {
		fprintf(stderr, "usage: hot LOOP LOG\n");
		return 2;
	}
	buffer_finish(&log);
	return 0;
}
