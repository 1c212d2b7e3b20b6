/*
 * The second driver. A look at all bytes notes where events are and what they
 * may be; those that may tell something are assembled and go through the
 * same stages as in the first. What the stages ask history for and was not
 * chosen is chosen then, and they begin anew, until nothing is missing:
 *
 *   log ─▶ index ─▶ choice ─▶ lines ─▶ decode ─▶ … ─▶ judge ─▶ findings
 *                     ▲                   │ asked for: pids     │
 *                     └───────────────────┴─ sessions, trees ◀──┘
 *
 * So nothing has to be known here of what a stage needs, and an event that
 * was not chosen is one that no stage would have asked for.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/scan_parts.h"
#include "rule/needs.h"
#include "sieve/choice.h"
#include "source/mapped.h"

#define SIEVE_LEAST ((uint64_t)16 << 20) /* bytes: of smaller logs the stream tells more, and as soon */
#define LITERAL_WORTH \
	((uint64_t)128 << 10) /* bytes of log: as soon as one of many literals is made ready, the stream has them */
#define ROUNDS_MAX 12
#define DENSE_PART 3	 /* when more than a third of the events are chosen, the stream is as fast … */
#define DENSE_LEAST 4096 /* … unless there are only a few */

struct sieving {
	struct scan *scan;
	struct needs needs;
	struct arena arena; /* of needs */
	struct mapped *mapped;
	struct sieve_index *index;
	struct sieve_choice *choice;
	struct wanted_events *wanted;
	struct numbers *asked, *followed; /* pids that this round asked history for, and for descriptors of */
	bool more;			  /* this round asked for what was not chosen */
	size_t begun;			  /* the input that frames are of, and one; 0: none yet */
	uint64_t before;		  /* bytes of the inputs in front of that */
};

static int use_stream(struct scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int use_stream(struct scan *scan, const char *format, ...)
{
	struct scan_plan *plan = scan->options->plan;
	va_list list;

	va_start(list, format);
	if (plan)
		vsnprintf(plan->why, sizeof(plan->why), format, list);
	va_end(list);
	return 0;
}

/* ---- what the rules need ---- */

static bool wants_type(const void *context, uint16_t type)
{
	const struct needs *needs = context;

	switch (type) {
	case 0: /* who knows */
	case AUDIT_TYPE_CONFIG_CHANGE:
	case AUDIT_TYPE_USER_CMD:
	case AUDIT_TYPE_ANOM_ABEND:
	case AUDIT_TYPE_DAEMON_START:
	case AUDIT_TYPE_DAEMON_END:
	case AUDIT_TYPE_OBJ_PID:
	case AUDIT_TYPE_URINGOP:
	case AUDIT_TYPE_OPENAT2:
		return true;
	}
	for (size_t i = 0; i < needs->types.count; i++)
		if (needs->types.types[i] == type)
			return true;
	return false;
}

/* Types that are of nearly every event. */
static bool asks_for_usual(const struct record_types *types)
{
	static const uint16_t usual[] = { AUDIT_TYPE_SYSCALL,  AUDIT_TYPE_PATH,	     AUDIT_TYPE_CWD, AUDIT_TYPE_EXECVE,
					  AUDIT_TYPE_SOCKADDR, AUDIT_TYPE_PROCTITLE, AUDIT_TYPE_EOE };

	for (size_t i = 0; i < types->count; i++)
		for (size_t j = 0; j < sizeof(usual) / sizeof(usual[0]); j++)
			if (types->types[i] == usual[j])
				return true;
	return false;
}

static int weigh_rules(struct sieving *sieving)
{
	const struct scan_options *options = sieving->scan->options;
	const struct needs *needs = &sieving->needs;

	if (options->watch)
		return use_stream(sieving->scan, "rules are being tried");
	if (needs->always)
		return use_stream(sieving->scan, "the rule '%.*s' has no text that a log must hold for it to match",
				  (int)(needs->always->title.len < 80 ? needs->always->title.len : 80),
				  needs->always->title.data ? needs->always->title.data : "");
	if (needs->files)
		return use_stream(sieving->scan, "rules ask for every file that is made or written");
	if (options->driver == SCAN_AUTO && needs->count > SIEVE_LITERALS_FEW &&
	    source_size(sieving->scan->source) / LITERAL_WORTH < needs->count)
		return use_stream(sieving->scan, "the rules look for %zu texts, and the log is small for so many",
				  needs->count);
	if (asks_for_usual(&needs->types))
		return use_stream(sieving->scan, "rules ask for every event of a usual type");
	return 1;
}

/* ---- the index ---- */

static const char *doubt_text(enum sieve_doubt doubt)
{
	switch (doubt) {
	case DOUBT_LINE:
		return "a line is no audit record as auditd writes it";
	case DOUBT_ORDER:
		return "the records are in more disorder than auditd writes them";
	case DOUBT_NODE:
		return "the log is of more than one node";
	case DOUBT_KEYS:
		return "audit rules for procfs are loaded in the log: by their keys later events are known";
	case DOUBT_DENSE:
		return "nearly every event matters, or what hangs on it";
	case DOUBT_WIDE:
		return "a number or a device has no room in the index";
	case DOUBT_MEMORY:
		return "memory is out";
	case DOUBT_STOPPED:
	case DOUBT_NONE:
		break;
	}
	return "";
}

static bool stop_reading(void *context, uint64_t done)
{
	struct scan *scan = context;

	source_show(scan->source, done);
	return scan_wants_stop(scan);
}

/* Which input that is, and where in it. */
static const char *place_of(const struct sieving *sieving, uint64_t *at)
{
	for (size_t i = 0; i < mapped_count(sieving->mapped); i++) {
		const struct mapped_input *input = mapped_input(sieving->mapped, i);
		if (*at < input->bytes.len)
			return input->frame.origin.file;
		*at -= input->bytes.len;
	}
	return "";
}

static int make_index(struct sieving *sieving)
{
	struct scan *scan = sieving->scan;
	const struct needs *needs = &sieving->needs;
	struct err err = { 0 };
	int result = 0;
	uint64_t at;

	struct sieve_literal *literals = arena_alloc(&sieving->arena, (needs->count + 1) * sizeof(*literals));
	if (!literals)
		return use_stream(scan, "memory is out");
	for (size_t i = 0; i < needs->count; i++)
		literals[i] = (struct sieve_literal){ needs->literals[i].text, needs->literals[i].encoded,
						      needs->literals[i].command };
	struct sieve_index_options options = { literals,
					       needs->count,
					       wants_type,
					       needs,
					       scan->shelf,
					       source_threads(scan->source),
					       scan->options->piece_max };
	scan->shelf = -1;
	sieving->index = sieve_index_create(&options, &err);
	if (!sieving->index)
		return use_stream(scan, "%s", err.text);
	for (size_t i = 0; i < mapped_count(sieving->mapped) && result == 0; i++) {
		const struct mapped_input *input = mapped_input(sieving->mapped, i);
		result = sieve_index_add(sieving->index, input->bytes, i, input->frame.continues);
	}
	if (result)
		return use_stream(scan, "memory is out");
	enum sieve_doubt doubt = sieve_index_read(sieving->index, stop_reading, scan, &at);
	if (doubt == DOUBT_STOPPED)
		return use_stream(scan, "it was stopped");
	if (doubt && mapped_shrank(sieving->mapped))
		return use_stream(scan, "a log was cut while it was read");
	if (doubt == DOUBT_DENSE || doubt == DOUBT_MEMORY)
		return use_stream(scan, "%s", doubt_text(doubt));
	if (doubt) {
		const char *file = place_of(sieving, &at);
		return use_stream(scan, "%s (byte %llu of %s)", doubt_text(doubt), (unsigned long long)at, file);
	}
	return 1;
}

/* ---- rounds ---- */

static void want_session(struct sieving *sieving, uint64_t session)
{
	struct wanted_events *wanted = sieving->wanted;

	sieving->more |= numbers_put(&wanted->sessions, session);
}

static void want_tree(struct sieving *sieving, uint64_t pid)
{
	struct wanted_events *wanted = sieving->wanted;

	if (pid <= 2 || pid == UNKNOWN_ID)
		return;
	sieving->more |= numbers_put(&wanted->trees, pid);
}

/* What its session, or its like, did besides becomes steps of its incident. */
static void take_seen(void *context, const struct finding *finding)
{
	struct sieving *sieving = context;
	const struct process *actor = &finding->access.actor;

	if (!sieving->scan->incidents || finding->access.self || finding->suppressed_by.data)
		return;
	if (actor->ses != UNKNOWN_ID && actor->ses != UINT32_MAX) {
		want_session(sieving, actor->ses);
		return;
	}
	want_tree(sieving, actor->pid);
	want_tree(sieving, actor->ppid);
}

static void begin_input(struct sieving *sieving, size_t input)
{
	sieving->begun = input + 1;
	sieving->before = 0;
	for (size_t i = 0; i < input; i++)
		sieving->before += mapped_input(sieving->mapped, i)->bytes.len;
}

static void feed(struct sieving *sieving, const struct sieve_run *run)
{
	struct scan *scan = sieving->scan;
	struct frame frame = mapped_input(sieving->mapped, run->piece->input)->frame;
	struct record record;

	frame.bytes = run->bytes;
	frame.starts = sieving->begun != run->piece->input + 1;
	if (frame.starts)
		begin_input(sieving, run->piece->input);
	frame.origin.offset = run->piece->offset + (uint64_t)(run->bytes.data - run->piece->bytes.data);
	decoder_feed(scan->decoder, &frame);
	while (decoder_next(scan->decoder, &record)) {
		assembler_seek(scan->assembler, sieving->before + record.origin.offset);
		scan_take(scan, &record);
	}
}

/* 1: all that was asked for was there. 0: choose again. Negative errno. */
static int run_round(struct sieving *sieving)
{
	struct scan *scan = sieving->scan;
	struct sieve_cursor cursor = { 0 };
	struct sieve_run run;

	numbers_clear(sieving->asked);
	numbers_clear(sieving->followed);
	sieving->more = false;
	sieving->begun = 0;
	int result = scan_begin_stages(scan);
	if (result)
		return result;
	assembler_set_sparse(scan->assembler);
	resolver_watch(scan->resolver, sieving->asked->words, sieving->followed->words);
	scan->seen = take_seen;
	scan->seen_context = sieving;
	while (sieve_choice_next(sieving->choice, &cursor, &run)) {
		while (run.boots--)
			assembler_next_boot(scan->assembler);
		feed(sieving, &run);
		if (++scan->steps % 4096 == 0 && scan_wants_stop(scan))
			break;
	}
	scan_finish_stages(scan);
	scan->seen = NULL;
	sieving->more |= numbers_add(&sieving->wanted->known, sieving->asked);
	sieving->more |= numbers_add(&sieving->wanted->followed, sieving->followed);
	return !sieving->more;
}

static void account(struct sieving *sieving)
{
	struct summary *summary = sieving->scan->summary;

	summary->lines = summary->records = summary->events = SUMMARY_NOT_COUNTED;
	summary->duplicate_records = summary->late_records = summary->late_events = 0;
	summary->incomplete_events = summary->serial_gaps = 0;
	for (size_t i = 0; i < mapped_count(sieving->mapped); i++) {
		summary->files++;
		summary->bytes += mapped_input(sieving->mapped, i)->bytes.len;
	}
}

/* As if nothing had been read. */
static void begin_anew(struct scan *scan, const struct summary *before)
{
	scan_end_stages(scan);
	spool_clear(scan->spool);
	*scan->summary = *before;
}

/* 1: the stages hold what the log tells. 0: the stream must tell it. Negative errno. */
static int run_rounds(struct sieving *sieving, const struct summary *before)
{
	struct scan *scan = sieving->scan;
	size_t events = sieve_choice_events(sieving->choice), before_it = 0;

	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		size_t chosen = sieve_choose(sieving->choice, sieving->wanted);
		if (round && chosen == before_it)
			return 1; /* what was asked for is not in the log */
		before_it = chosen;
		if (chosen > DENSE_LEAST && chosen > events / DENSE_PART)
			return use_stream(scan, "%zu of %zu events matter", chosen, events);
		begin_anew(scan, before);
		int result = run_round(sieving);
		if (result < 0)
			return result;
		if (assembler_was_scattered(scan->assembler))
			return use_stream(scan, "the records of one event are far apart");
		if (scan->summary->log_lines)
			return use_stream(scan, "log lines stand among the records");
		if (mapped_shrank(sieving->mapped))
			return use_stream(scan, "a log was cut while it was read");
		if (scan->stopped)
			return use_stream(scan, "it was stopped");
		if (result)
			return 1;
	}
	return use_stream(scan, "what matters could not be delimited");
}

static int sift(struct sieving *sieving)
{
	const struct summary before = *sieving->scan->summary;
	int result = run_rounds(sieving, &before);

	if (result > 0)
		account(sieving);
	else
		begin_anew(sieving->scan, &before);
	return result;
}

/* ---- the driver ---- */

static int prepare(struct sieving *sieving)
{
	struct scan *scan = sieving->scan;
	const struct scan_options *options = scan->options;
	const char *why;

	if (options->driver == SCAN_STREAM)
		return use_stream(scan, "--full asks for it");
	if (options->found)
		return use_stream(scan, "findings are asked for while they are made");
	if (options->accesses)
		return use_stream(scan, "--accesses tells of them in the order of the log");
	if (options->driver == SCAN_AUTO && source_size(scan->source) < SIEVE_LEAST)
		return use_stream(scan, "the log is small");
	arena_init(&sieving->arena, 0);
	needs_find(&sieving->needs, options->pack, &sieving->arena);
	int result = weigh_rules(sieving);
	if (result <= 0)
		return result;
	sieving->mapped = source_map(scan->source, &why);
	if (!sieving->mapped)
		return use_stream(scan, "%s", why);
	sieving->wanted = calloc(1, sizeof(*sieving->wanted));
	sieving->asked = calloc(1, sizeof(*sieving->asked));
	sieving->followed = calloc(1, sizeof(*sieving->followed));
	if (!sieving->wanted || !sieving->asked || !sieving->followed)
		return use_stream(scan, "memory is out");
	result = make_index(sieving);
	if (result <= 0)
		return result;
	sieving->choice = sieve_choice_create(sieving->index);
	return sieving->choice ? 1 : use_stream(scan, "memory is out");
}

int scan_sieve(struct scan *scan)
{
	struct sieving *sieving = calloc(1, sizeof(*sieving));
	int result;

	if (!sieving)
		return use_stream(scan, "memory is out");
	sieving->scan = scan;
	result = prepare(sieving);
	if (result > 0)
		result = sift(sieving);
	if (scan->options->plan)
		scan->options->plan->sieved = result > 0;
	sieve_choice_destroy(sieving->choice);
	sieve_index_destroy(sieving->index);
	mapped_destroy(sieving->mapped);
	free(sieving->asked);
	free(sieving->followed);
	free(sieving->wanted);
	arena_finish(&sieving->arena);
	free(sieving);
	return result;
}
