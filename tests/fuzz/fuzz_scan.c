/*
 * The whole pipe in memory: any bytes through decoder, assembler, resolver
 * and judge. Whatever comes in, every audit record is in an event or counted,
 * and everything that was taken is given back.
 */
#include "../unit/shipped.h"
#include "assemble/assemble.h"
#include "decode/decode.h"
#include "resolve/resolve.h"
#include "rule/judge.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pipe {
	struct summary summary;
	struct decoder *decoder;
	struct assembler *assembler;
	struct resolver *resolver;
	struct judge *judge;
	uint64_t events, emitted;
};

static void take_finding(void *context, const struct finding *finding)
{
	struct pipe *pipe = context;

	pipe->emitted++;
	if (finding->score > 100 || finding->risk == RISK_NONE || finding->count == 0)
		abort();
}

static void take_events(struct pipe *pipe)
{
	struct event event;
	struct access access;
	struct finding finding;

	while (assembler_next(pipe->assembler, &event)) {
		pipe->events += !event.again;
		if (!event.count)
			abort();
		resolver_take(pipe->resolver, &event);
		while (resolver_next(pipe->resolver, &access)) {
			judge_alone(pipe->judge, &access, &finding);
			judge_take(pipe->judge, &access);
			if (access.certain && access.self && access.target.pid != access.actor.pid &&
			    access.verb == VERB_OPEN && access.resolved_by != RESOLVED_SELF)
				abort();
		}
	}
}

static void take_records(struct pipe *pipe)
{
	struct record record;

	while (decoder_next(pipe->decoder, &record)) {
		if (record.kind != RECORD_AUDIT)
			continue;
		assembler_add(pipe->assembler, &record);
		take_events(pipe);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pipe pipe;
	struct frame frame = {
		.bytes = { (const char *)data, size },
		.origin = { .file = "fuzz" },
		.trust = TRUST_KERNEL,
		.starts = true,
	};
	struct judge_options options = { .pack = shipped_pack(), .emit = take_finding, .context = &pipe };

	pipe = (struct pipe){ 0 };
	pipe.decoder = decoder_create(&pipe.summary);
	pipe.assembler = assembler_create(&pipe.summary);
	pipe.resolver = resolver_create();
	pipe.judge = judge_create(&options, &pipe.summary);
	decoder_feed(pipe.decoder, &frame);
	take_records(&pipe);
	decoder_end(pipe.decoder);
	take_records(&pipe);
	assembler_end(pipe.assembler);
	take_events(&pipe);
	judge_end(pipe.judge);
	if (pipe.events != pipe.summary.events)
		abort();
	judge_destroy(pipe.judge);
	resolver_destroy(pipe.resolver);
	assembler_destroy(pipe.assembler);
	decoder_destroy(pipe.decoder);
	return 0;
}
