/*
 *   sighting ─▶ verdict ─▶ group (actor process, target, entry) ─▶ finding
 *                             ▲
 *   mem after maps ──────────┘ raises the map's group, too
 *
 * Log lines and crashes wait for the end, to be joined with what audit saw.
 */
#include "rule/judge.h"

#include <stdlib.h>

#include "rule/crash.h"
#include "rule/groups.h"
#include "rule/story.h"

#define LINES_MAX 1024
#define LINES_TEXT_MAX (2u << 20) /* bytes that waiting lines may own */
#define FIELD_MAX 4096		  /* bytes of one text that a finding keeps */
#define RAW_MAX (256u << 10)	  /* bytes of raw lines that a finding keeps */

struct judge {
	struct judge_options options;
	struct summary *summary;
	struct groups groups;
	struct story story;
	struct arena arena;
	struct finding *lines;
	size_t line_count, line_bytes;
};

struct judge *judge_create(const struct judge_options *options, struct summary *summary)
{
	struct judge *judge = calloc(1, sizeof(*judge));

	if (!judge)
		return NULL;
	judge->options = *options;
	judge->summary = summary;
	judge->lines = calloc(LINES_MAX, sizeof(*judge->lines));
	if (judge->lines && groups_init(&judge->groups, summary) == 0 && story_init(&judge->story) == 0) {
		judge->groups.telling.emit = options->emit;
		judge->groups.telling.context = options->context;
		judge->groups.telling.update_ms = options->update_ms;
		return judge;
	}
	judge_destroy(judge);
	return NULL;
}

void judge_destroy(struct judge *judge)
{
	if (!judge)
		return;
	groups_finish(&judge->groups);
	story_finish(&judge->story);
	arena_finish(&judge->arena);
	for (size_t i = 0; i < judge->line_count; i++)
		finding_finish(&judge->lines[i]);
	free(judge->lines);
	free(judge);
}

static void cut(struct span *text)
{
	text->len = text->len < FIELD_MAX ? text->len : FIELD_MAX;
}

static void cut_texts(struct access *access)
{
	struct span *texts[] = {
		&access->path,	       &access->resolved_path, &access->message,   &access->actor.exe,
		&access->actor.script, &access->actor.cmdline, &access->actor.cwd, &access->target.exe
	};
	size_t raw = 0, count = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cut(texts[i]);
	while (count < access->raw_count && raw + access->raw[count].len <= RAW_MAX)
		raw += access->raw[count++].len;
	access->raw_count = count;
}

static void fill(struct finding *finding, const struct access *access, const struct verdict *verdict)
{
	*finding = (struct finding){
		.access = *access,
		.risk = verdict->risk,
		.score = verdict->score,
		.severity = severity_of(verdict->score),
		.rule = span_of(verdict->rule),
		.suppressed_by = span_of(verdict->suppressed_by),
		.suppressed_why = span_of(verdict->suppressed_why),
		.count = 1,
		.first_ms = access->time_ms,
		.last_ms = access->time_ms,
		.reason_count = verdict->reason_count,
	};
	for (size_t i = 0; i < verdict->reason_count; i++)
		finding->reasons[i] = span_of(verdict->reasons[i]);
	if (verdict->risk != RISK_NONE)
		finding->technique = SPAN("T1003.007");
	else
		finding->severity = 0;
	finding_set_id(finding);
	cut_texts(&finding->access);
}

/* Who crashed is the target of what made it crash; who that was, the record does not say. */
static struct access with_victim(const struct access *access)
{
	struct access told = *access;
	struct span comm;
	uint64_t pid;

	if (!crash_of(access, &comm, &pid))
		return told;
	told.target.comm = comm;
	told.target.pid = pid;
	if (access->sighting == SIGHTING_CRASH) {
		told.target.exe = told.actor.exe;
		told.actor = (struct process){ .pid = UNKNOWN_ID,
					       .ppid = UNKNOWN_ID,
					       .auid = UNKNOWN_ID,
					       .uid = UNKNOWN_ID,
					       .euid = UNKNOWN_ID,
					       .ses = UNKNOWN_ID,
					       .script_uid = UNKNOWN_ID,
					       .start_ms = TIME_UNKNOWN };
	}
	return told;
}

bool judge_alone(struct judge *judge, const struct access *access, struct finding *finding)
{
	arena_reset(&judge->arena);
	struct verdict verdict = verdict_of(access, &judge->arena);
	if (access->sighting != SIGHTING_ACCESS && verdict.risk == RISK_NONE)
		return false;
	struct access told = with_victim(access);
	fill(finding, &told, &verdict);
	return true;
}

static void emit(struct judge *judge, const struct finding *finding)
{
	if (judge->options.emit)
		judge->options.emit(judge->options.context, finding);
}

static void count(struct judge *judge, const struct access *access, const struct verdict *verdict)
{
	struct summary *summary = judge->summary;

	if (access->sighting != SIGHTING_ACCESS || access->again)
		return;
	summary->accesses++;
	summary->self += access->self;
	summary->unknown_target += !access->self && access->target.pid == UNKNOWN_ID &&
				   (access->entry == ENTRY_NONE || entry_tier(access->entry) != ENTRY_TIER_SYSTEM);
	summary->uncertain += !access->self && !access->certain;
	summary->untiered += !access->self && verdict->risk == RISK_NONE;
	if (verdict->suppressed_by) {
		summary->suppressed++;
		summary_count(summary->suppressions, verdict->suppressed_by, access->actor.exe, &access->origin);
	}
}

/* Joined with what was seen until now. */
static void tell_line(struct judge *judge, const struct finding *finding)
{
	struct story_reasons reasons;
	struct finding line = *finding;

	story_join(&judge->story, &line, &reasons);
	emit(judge, &line);
}

static void keep_line(struct judge *judge, const struct finding *finding)
{
	struct finding *line = &judge->lines[judge->line_count];

	if (judge->line_count == LINES_MAX || judge->line_bytes > LINES_TEXT_MAX || !finding_copy(line, finding)) {
		emit(judge, finding); /* told, but not joined */
		return;
	}
	judge->line_bytes += line->room_size;
	judge->line_count++;
}

void judge_take(struct judge *judge, const struct access *access)
{
	struct finding finding;

	arena_reset(&judge->arena);
	struct verdict verdict = verdict_of(access, &judge->arena);
	story_follow(&judge->story, access, &verdict, &judge->groups);
	count(judge, access, &verdict);
	bool hidden = access->self || verdict.suppressed_by;
	if (verdict.risk == RISK_NONE && !access->self)
		return;
	if (hidden && (!judge->options.keep_hidden || access->sighting != SIGHTING_ACCESS))
		return;
	struct access told = with_victim(access);
	fill(&finding, &told, &verdict);
	if (!judge->options.keep_raw)
		finding.access.raw_count = 0;
	if (access->sighting != SIGHTING_ACCESS && access->sighting != SIGHTING_EXECUTION) {
		(judge->options.update_ms ? tell_line : keep_line)(judge, &finding);
		return;
	}
	if (!hidden && access->trust > TRUST_ANY_USER && access->actor.exe.len)
		story_mark(&judge->story, access);
	groups_put(&judge->groups, &finding, verdict.debugger);
}

void judge_tick(struct judge *judge, int64_t now_ms)
{
	telling_tick(&judge->groups.telling, now_ms);
}

void judge_end(struct judge *judge)
{
	judge->summary->evicted += judge->story.maps.evicted + judge->story.marks.evicted;
	groups_close_all(&judge->groups);
	for (size_t i = 0; i < judge->line_count; i++) {
		tell_line(judge, &judge->lines[i]);
		finding_finish(&judge->lines[i]);
	}
	judge->line_count = 0;
}
