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
#include "resolve/resolve.h"

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
#if defined(__x86_64__)
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
