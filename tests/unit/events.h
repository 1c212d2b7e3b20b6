/*
 * For tests of assemble, resolve and rule: turns lines of audit text into
 * records, events, sightings or findings, as a scan does. Private to
 * tests/unit and tests/fuzz.
 */
#ifndef TESTS_UNIT_EVENTS_H
#define TESTS_UNIT_EVENTS_H

#include <stdlib.h>
#include <string.h>

#include "assemble/assemble.h"
#include "decode/decode.h"
#include "resolve/resolve.h"
#include "rule/judge.h"
#include "shipped.h"

/* Called for each; what is handed over lives for the call only. NULL: not wanted. */
struct pipe_calls {
	void (*record)(void *context, const struct record *record);
	void (*event)(void *context, const struct event *event);
	void (*sighting)(void *context, const struct access *access);
	void (*finding)(void *context, const struct finding *finding);
	void *context;
	bool keep_hidden, keep_raw;
};

struct pipe {
	struct pipe_calls calls;
	struct summary summary;
	struct decoder *decoder;
	struct assembler *assembler;
	struct resolver *resolver;
	struct judge *judge;
	uint64_t offset;
	bool started;
};

static inline void pipe_open(struct pipe *pipe, const struct pipe_calls *calls)
{
	*pipe = (struct pipe){ .calls = *calls };
	struct judge_options judging = {
		.pack = shipped_pack(),
		.keep_hidden = calls->keep_hidden,
		.keep_raw = calls->keep_raw,
		.emit = calls->finding,
		.context = calls->context,
	};
	pipe->decoder = decoder_create(&pipe->summary);
	pipe->assembler = assembler_create(&pipe->summary);
	pipe->resolver = resolver_create();
	pipe->judge = judge_create(&judging, &pipe->summary);
	if (!pipe->decoder || !pipe->assembler || !pipe->resolver || !pipe->judge)
		abort();
}

static inline void pipe_take_sightings(struct pipe *pipe, const struct event *event)
{
	struct access access;

	resolver_take(pipe->resolver, event);
	while (resolver_next(pipe->resolver, &access)) {
		if (pipe->calls.sighting)
			pipe->calls.sighting(pipe->calls.context, &access);
		judge_take(pipe->judge, &access);
	}
}

static inline void pipe_take_events(struct pipe *pipe)
{
	struct event event;

	while (assembler_next(pipe->assembler, &event)) {
		if (pipe->calls.event)
			pipe->calls.event(pipe->calls.context, &event);
		pipe_take_sightings(pipe, &event);
	}
}

static inline void pipe_take_records(struct pipe *pipe)
{
	struct record record;

	while (decoder_next(pipe->decoder, &record)) {
		if (pipe->calls.record)
			pipe->calls.record(pipe->calls.context, &record);
		if (record.kind != RECORD_AUDIT)
			continue;
		int due = assembler_add(pipe->assembler, &record);
		if (due < 0)
			abort();
		if (due)
			pipe_take_events(pipe);
	}
}

/* The bytes, whole lines, move to memory of their own, so that sanitizers see a look back at them. */
static inline void pipe_feed(struct pipe *pipe, struct span text)
{
	char *copy = malloc(text.len ? text.len : 1);

	if (text.len)
		memcpy(copy, text.data, text.len);
	struct frame frame = {
		.bytes = { copy, text.len },
		.origin = { .file = "test.log", .offset = pipe->offset },
		.trust = TRUST_KERNEL,
		.starts = !pipe->started,
	};
	pipe->started = true;
	pipe->offset += text.len;
	decoder_feed(pipe->decoder, &frame);
	pipe_take_records(pipe);
	free(copy);
}

static inline void pipe_close(struct pipe *pipe)
{
	decoder_end(pipe->decoder);
	pipe_take_records(pipe);
	assembler_end(pipe->assembler);
	pipe_take_events(pipe);
	judge_end(pipe->judge);
	resolver_account(pipe->resolver, &pipe->summary);
	judge_destroy(pipe->judge);
	resolver_destroy(pipe->resolver);
	assembler_destroy(pipe->assembler);
	decoder_destroy(pipe->decoder);
}

static inline void pipe_run(const struct pipe_calls *calls, struct span text, struct summary *summary)
{
	struct pipe pipe;

	pipe_open(&pipe, calls);
	pipe_feed(&pipe, text);
	pipe_close(&pipe);
	if (summary)
		*summary = pipe.summary;
}

#endif
