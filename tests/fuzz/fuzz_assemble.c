/*
 * The assembler alone, fed with the records of audit text: each record is in
 * an event or counted as a duplicate; events keep to their key and leave in
 * order; and another host's lines in between change nothing.
 */
#include <stdio.h>
#include <stdlib.h>

#include "assemble/assemble.h"
#include "base/hash.h"
#include "decode/dress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct assembler *assembler;
	struct summary summary;
	uint64_t added, seen; /* records but for EOE */
	uint64_t events, disorder, hash;
	struct event last;
	uint64_t foreign;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool is_foreign(const struct event *event)
{
	return span_equal(event->node, SPAN("another"));
}

static void look(struct run *run, const struct event *event)
{
	uint64_t hash = hash_join(event->serial, (uint64_t)event->time_ms);
	uint64_t count = 0;

	for (size_t i = 0; i < event->count; i++) {
		const struct event_record *record = &event->records[i];
		struct record parsed = { 0 };
		require(audit_parse(record->raw, &parsed));
		require(parsed.serial == event->serial && parsed.time_ms == event->time_ms);
		require(span_equal(parsed.node, event->node) && parsed.type == record->type);
		require(span_equal(parsed.body, record->body));
		count += record->type != AUDIT_TYPE_EOE;
		hash = hash_join(hash, hash_bytes(record->raw));
	}
	run->seen += event->again ? 1 : count;
	run->events += !event->again;
	hash = hash_join(hash, hash_join(event->again, event->incomplete));
	if (!is_foreign(event))
		run->hash = hash_join(run->hash, hash);
}

static void look_at_order(struct run *run, const struct event *event)
{
	const struct event *last = &run->last;

	if (event->again || event->serial == 0)
		return;
	if (last->count && last->node_id == event->node_id && last->boot == event->boot && last->serial > event->serial)
		run->disorder++;
	run->last = *event;
}

static void drain(struct run *run)
{
	struct event event;

	while (assembler_next(run->assembler, &event)) {
		require(event.count > 0);
		look(run, &event);
		look_at_order(run, &event);
	}
}

static void add(struct run *run, const struct record *record)
{
	uint64_t duplicates = run->summary.duplicate_records;

	require(assembler_add(run->assembler, record) == 0);
	run->added += record->type != AUDIT_TYPE_EOE && run->summary.duplicate_records == duplicates;
	drain(run);
}

/* One more record of an event that is never complete, on a host of its own. */
static void add_foreign(struct run *run)
{
	char text[96];
	struct record record = { .kind = RECORD_AUDIT, .trust = TRUST_KERNEL };
	int len = snprintf(text, sizeof(text), "node=another type=PATH msg=audit(1.000:1): item=%llu",
			   (unsigned long long)run->foreign++);

	record.raw = (struct span){ text, (size_t)len };
	require(audit_parse(record.raw, &record));
	add(run, &record);
}

static void feed(struct run *run, struct span text, bool foreign)
{
	while (text.len) {
		size_t len = span_index(text, '\n');
		struct record record = { .kind = RECORD_AUDIT, .trust = TRUST_KERNEL };
		record.raw = span_first(text, len);
		record.origin.offset = (uint64_t)(text.len - len);
		if (audit_parse(record.raw, &record) && !span_equal(record.node, SPAN("another"))) {
			if (foreign)
				add_foreign(run);
			add(run, &record);
		}
		text = span_skip(text, len + 1);
	}
}

static uint64_t assemble(struct span text, bool foreign)
{
	static struct run run;

	run = (struct run){ 0 };
	run.assembler = assembler_create(&run.summary);
	require(run.assembler);
	feed(&run, text, foreign);
	assembler_end(run.assembler);
	drain(&run);
	require(run.seen == run.added);
	require(run.events == run.summary.events);
	require(run.disorder <= run.summary.late_records);
	assembler_destroy(run.assembler);
	return run.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	uint64_t hash = assemble(text, false);

	require(size > 65536 || assemble(text, true) == hash); /* below the window nothing is driven out */
	return 0;
}
