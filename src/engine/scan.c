#include <stdlib.h>
#include <unistd.h>

#include "base/unlinked.h"
#include "engine/inputs.h"
#include "engine/insights.h"
#include "engine/line_sighting.h"
#include "engine/scan_parts.h"
#include "engine/stories.h"

#define SPOOL_MEMORY (4u << 20)
#define SHELF_LEAST (UINT64_C(1) << 27) /* bytes of logs: what the sieve notes of less, memory holds */
#define PROGRESS_RECORDS 16384		/* records between looks at the clock */

static void fail(struct scan *scan, int result)
{
	if (result < 0 && !scan->failed)
		scan->failed = result;
}

static void take_finding(void *context, const struct finding *finding)
{
	struct scan *scan = context;
	struct err err = { 0 };

	bool printed = filter_passes(&scan->options->filter, finding);

	if (scan->seen)
		scan->seen(scan->seen_context, finding);
	if (printed && scan->options->found)
		scan->options->found(scan->options->found_context, finding);
	if (scan->incidents) {
		stories_add(scan->spool, scan->incidents, scan->summary, finding);
		return;
	}
	if (!printed)
		return;
	if (!finding->access.self && !finding->suppressed_by.data)
		scan->summary->findings++;
	if (!scan->options->accesses && spool_add(scan->spool, finding, &err) < 0)
		summary_note(scan->summary, true, false, "a finding was lost: %s", err.text);
}

static void print_access(struct scan *scan, const struct access *access)
{
	struct finding finding;

	if (!judge_alone(scan->judge, access, &finding) || !filter_passes(&scan->options->filter, &finding))
		return;
	if (!scan->options->raw)
		finding.access.raw_count = 0;
	fail(scan, sink_access(scan->sink, &finding, scan->err));
}

static void take_sighting(struct scan *scan, struct access *access)
{
	if (scan->incidents)
		incidents_place(scan->incidents, access);
	if (scan->options->accesses && !access->again)
		print_access(scan, access);
	judge_take(scan->judge, access);
}

static void take_events(struct scan *scan)
{
	struct event event;
	struct access access;
	struct deed deed;

	while (assembler_next(scan->assembler, &event)) {
		resolver_take(scan->resolver, &event);
		while (resolver_next(scan->resolver, &access))
			take_sighting(scan, &access);
		while (scan->incidents && resolver_next_deed(scan->resolver, &deed))
			incidents_take_deed(scan->incidents, &deed);
		if (scan->files && resolver_file(scan->resolver, &access))
			take_sighting(scan, &access);
		if (scan->offers && judge_offer(scan->judge, &event) && resolver_event(scan->resolver, &access))
			take_sighting(scan, &access);
	}
}

static void take_line(struct scan *scan, const struct record *record)
{
	struct access access = line_sighting(record);

	take_sighting(scan, &access);
}

/* A live sensor saw it whole. */
static void take_seen(struct scan *scan, const struct record *record)
{
	struct access access = *record->access;

	take_sighting(scan, &access);
}

void scan_take(struct scan *scan, const struct record *record)
{
	int due;

	switch (record->kind) {
	case RECORD_AUDIT:
		resolver_expect(scan->resolver, record);
		due = assembler_add(scan->assembler, record);
		if (due < 0)
			summary_note(scan->summary, true, false, "out of memory: a record was lost");
		if (due)
			take_events(scan);
		break;
	case RECORD_LOG:
		take_line(scan, record);
		break;
	case RECORD_LOSS:
		scan->summary->lost_told += record->lost ? record->lost : 1;
		break;
	case RECORD_ACCESS:
		take_seen(scan, record);
		break;
	}
}

bool scan_wants_stop(struct scan *scan)
{
	const struct scan_options *options = scan->options;

	if (scan->failed)
		return true;
	if (options->progress && options->progress(options->progress_context, scan->source))
		scan->stopped = true;
	return scan->stopped;
}

static void take_frames(struct scan *scan)
{
	struct frame frame;
	struct record record;

	while (!scan_wants_stop(scan) && source_next(scan->source, &frame) > 0) {
		decoder_feed(scan->decoder, &frame);
		while (decoder_next(scan->decoder, &record)) {
			scan_take(scan, &record);
			if (++scan->steps % PROGRESS_RECORDS == 0 && scan_wants_stop(scan))
				break;
		}
	}
	if (scan->stopped)
		summary_note(scan->summary, true, false,
			     "stopped before the end of the input: this is what was found until then");
	scan_finish_stages(scan);
}

void scan_finish_stages(struct scan *scan)
{
	struct record record;

	decoder_end(scan->decoder);
	while (decoder_next(scan->decoder, &record))
		scan_take(scan, &record);
	assembler_end(scan->assembler);
	take_events(scan);
	judge_end(scan->judge);
	resolver_account(scan->resolver, scan->summary);
}

static int write_findings(struct scan *scan)
{
	struct finding finding;
	int result = scan->failed;

	if (!scan->sink)
		return 0;
	if (scan->incidents && result == 0) {
		struct stories stories = { scan->options, scan->spool,	 scan->incidents,
					   scan->sink,	  scan->summary, filter_passes };
		result = stories_write(&stories, scan->err);
		int finished = sink_end(scan->sink, result == 0 ? scan->err : NULL);
		return result ? result : finished;
	}
	if (result == 0 && sink_wants_insights(scan->sink))
		result = insights_write(scan->spool, scan->sink, scan->summary, scan->err);
	else if (result == 0)
		result = spool_sort(scan->spool, scan->err);
	while (result == 0 && (result = spool_next(scan->spool, &finding, scan->err)) > 0)
		result = sink_finding(scan->sink, &finding, scan->err);
	int ended = sink_end(scan->sink, result == 0 ? scan->err : NULL);
	return result ? result : ended;
}

int scan_begin_stages(struct scan *scan)
{
	const struct scan_options *options = scan->options;
	struct judge_options judging = {
		.pack = options->pack,
		.watch = options->watch,
		.keep_hidden = options->filter.show_suppressed,
		.keep_raw = options->raw,
		.emit = take_finding,
		.context = scan,
	};

	if (options->telling != SCAN_FINDINGS) {
		scan->incidents = incidents_create(scan->summary);
		if (!scan->incidents)
			return err_set(scan->err, -ENOMEM, "out of memory before the scan began");
	}
	scan->decoder = decoder_create(scan->summary);
	scan->assembler = assembler_create(scan->summary);
	scan->resolver = resolver_create();
	scan->judge = judge_create(&judging, scan->summary);
	if (!scan->decoder || !scan->assembler || !scan->resolver || !scan->judge)
		return err_set(scan->err, -ENOMEM, "out of memory before the scan began");
	if (scan->incidents)
		resolver_want_deeds(scan->resolver);
	scan->files = judge_wants_files(scan->judge);
	scan->offers = judge_wants_events(scan->judge);
	return 0;
}

void scan_end_stages(struct scan *scan)
{
	incidents_destroy(scan->incidents);
	judge_destroy(scan->judge);
	resolver_destroy(scan->resolver);
	assembler_destroy(scan->assembler);
	decoder_destroy(scan->decoder);
	scan->incidents = NULL;
	scan->judge = NULL;
	scan->resolver = NULL;
	scan->assembler = NULL;
	scan->decoder = NULL;
}

static int create_spool(struct scan *scan)
{
	struct spool_options spooling = scan->options->spool;

	if (!spooling.memory)
		spooling.memory = SPOOL_MEMORY;
	if (scan->options->telling != SCAN_FINDINGS)
		spooling.limit = 0; /* incidents are made of all findings */
	scan->spool = spool_create(&spooling, scan->err);
	return scan->spool ? 0 : -ENOMEM;
}

/* By the sieve, else as a stream. */
static int read_logs(struct scan *scan)
{
	int result = scan_sieve(scan);

	if (result == 0) {
		result = scan_begin_stages(scan);
		if (result == 0)
			take_frames(scan);
	}
	if (result >= 0 && scan->options->progress)
		scan->options->progress(scan->options->progress_context, NULL);
	return result < 0 ? result : 0;
}

int scan_run(const struct scan_options *options, struct sink *sink, struct summary *summary, struct err *err)
{
	struct scan scan = { .options = options, .summary = summary, .sink = sink, .err = err, .shelf = -1 };
	double start = inputs_clock();
	int result;

	scan.source = source_create(options->paths, options->path_count, &options->source, summary, err);
	result = scan.source ? inputs_refuse_output(scan.source, options->output_path, err) : -ENOENT;
	if (result == 0)
		result = create_spool(&scan);
	if (result == 0 && options->driver != SCAN_STREAM && source_size(scan.source) >= SHELF_LEAST)
		scan.shelf = unlinked_open(options->spool.directory);
	if (result == 0 && options->confine)
		result = inputs_confine(scan.source, summary, err);
	if (result == 0)
		result = read_logs(&scan);
	if (result == 0)
		result = write_findings(&scan);
	summary->seconds = inputs_clock() - start;
	scan_end_stages(&scan);
	spool_destroy(scan.spool);
	if (scan.shelf >= 0)
		close(scan.shelf);
	source_destroy(scan.source);
	return result;
}
