/*
 *   sighting ─▶ verdict ─▶ group (actor process, target, entry) ─▶ finding
 *                  │          ▲
 *                  └ firing ──┘ a correlation raises the groups that helped to complete it
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

/* By a sigma_tag with this key a waiting line is meant, by `sub` its place; other keys are those of groups. */
#define LINE_KEY 1

struct judge {
	struct judge_options options;
	struct summary *summary;
	struct assessor *assessor;
	struct verdict verdict; /* of the sighting that is being judged */
	struct groups groups;
	struct story story;
	char technique[16];
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
	judge->assessor = assessor_create(options->pack);
	if (judge->lines && judge->assessor && groups_init(&judge->groups, summary) == 0 &&
	    story_init(&judge->story) == 0) {
		assessor_set_watch(judge->assessor, options->watch);
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
	assessor_destroy(judge->assessor);
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

static void fill(struct judge *judge, struct finding *finding, const struct access *access,
		 const struct verdict *verdict)
{
	const struct sigma_rule *rule = verdict->rule, *filter = verdict->filter;

	*finding = (struct finding){
		.access = *access,
		.risk = verdict->risk,
		.score = verdict->score,
		.severity = rule ? severity_of(verdict->score) : 0,
		.credentials = verdict->credentials,
		.threat = verdict->threat,
		.count = 1,
		.first_ms = access->time_ms,
		.last_ms = access->time_ms,
		.reason_count = verdict->reason_count,
	};
	memcpy(finding->reasons, verdict->reasons, verdict->reason_count * sizeof(*verdict->reasons));
	if (rule) {
		finding->rule = pack_rule_name(rule);
		finding->rule_id = rule->id;
		finding->rule_title = rule->title;
		finding->technique = pack_rule_technique(rule, judge->technique);
	}
	if (filter) {
		finding->suppressed_by = pack_rule_name(filter);
		finding->suppressed_why = filter->description;
	}
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
	struct verdict *verdict = &judge->verdict;

	assessor_alone(judge->assessor, access, verdict);
	if (access->sighting != SIGHTING_ACCESS && verdict->risk == RISK_NONE)
		return false;
	struct access told = with_victim(access);
	fill(judge, finding, &told, verdict);
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
	if (verdict->filter) {
		char name[sizeof(summary->suppressions[0].name)];
		struct span text = span_first(pack_rule_name(verdict->filter), sizeof(name) - 1);
		memcpy(name, text.data, text.len);
		name[text.len] = 0;
		summary->suppressed++;
		summary_count(summary->suppressions, name, access->actor.exe, &access->origin);
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

static void raise_line(struct judge *judge, struct finding *line, const struct raise *raise)
{
	struct finding raised = *line, copy;

	raised.room = NULL;
	finding_raise(&raised, raise);
	if (!finding_copy(&copy, &raised)) {
		summary_note(judge->summary, true, false, "out of memory: a finding is not up to date");
		return;
	}
	judge->line_bytes += copy.room_size - line->room_size;
	finding_finish(line);
	*line = copy;
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

/* Accesses that a correlation is about become graver, whenever they were seen. */
static void raise_others(struct judge *judge, const struct verdict *verdict, struct sigma_tag own)
{
	for (size_t i = 0; i < verdict->firing_count; i++) {
		const struct verdict_firing *firing = &verdict->firings[i];
		const struct sigma_effect *effect = &firing->rule->effect;
		struct raise raise = { effect->finds ? effect->risk : RISK_NONE,
				       effect->finds ? effect->score : 0,
				       pack_rule_name(firing->rule),
				       firing->rule->id,
				       firing->rule->title,
				       effect->reason };
		for (size_t j = 0; j < firing->tag_count; j++) {
			struct sigma_tag tag = firing->tags[j];
			if (tag.key == own.key && tag.sub == own.sub)
				continue;
			if (tag.key == LINE_KEY && tag.sub < judge->line_count)
				raise_line(judge, &judge->lines[tag.sub], &raise);
			else
				groups_raise(&judge->groups, tag.key, tag.sub, &raise);
		}
	}
}

static bool waits(const struct access *access)
{
	return access->sighting == SIGHTING_LINE || access->sighting == SIGHTING_CRASH;
}

static struct sigma_tag tag_of(const struct judge *judge, const struct access *access)
{
	struct sigma_tag tag = { LINE_KEY, judge->line_count };

	if (!waits(access))
		groups_key(access, &tag.key, &tag.sub);
	return tag;
}

/* What was judged becomes a finding of its own or a part of one; `times` 0: it was counted before. */
static void keep(struct judge *judge, const struct access *access, struct sigma_tag tag, uint64_t times)
{
	const struct verdict *verdict = &judge->verdict;
	bool hidden = access->self || verdict->filter;
	struct finding finding;

	if (verdict->risk == RISK_NONE && !access->self)
		return;
	if (hidden && (!judge->options.keep_hidden || access->sighting != SIGHTING_ACCESS))
		return;
	struct access told = with_victim(access);
	fill(judge, &finding, &told, verdict);
	finding.count = times;
	if (!judge->options.keep_raw)
		finding.access.raw_count = 0;
	if (waits(access)) {
		(judge->options.update_ms ? tell_line : keep_line)(judge, &finding);
		return;
	}
	if (!hidden && access->trust > TRUST_ANY_USER && access->actor.exe.len)
		story_mark(&judge->story, access);
	groups_put(&judge->groups, tag.key, tag.sub, &finding, verdict->final);
}

void judge_take(struct judge *judge, const struct access *access)
{
	struct sigma_tag tag = tag_of(judge, access);

	assessor_take(judge->assessor, access, tag, &judge->verdict);
	count(judge, access, &judge->verdict);
	raise_others(judge, &judge->verdict, tag);
	keep(judge, access, tag, 1);
}

/* Correlations have counted it. */
void judge_take_twin(struct judge *judge, const struct access *access, struct span first_exe)
{
	struct access keyed = *access;

	keyed.actor.exe = first_exe;
	assessor_alone(judge->assessor, access, &judge->verdict);
	keep(judge, access, tag_of(judge, &keyed), 0);
}

void judge_tick(struct judge *judge, int64_t now_ms)
{
	telling_tick(&judge->groups.telling, now_ms);
}

bool judge_wants_events(const struct judge *judge)
{
	return assessor_wants_events(judge->assessor);
}

bool judge_offer(struct judge *judge, const struct event *event)
{
	return assessor_offer(judge->assessor, event);
}

/* What a correlation found by time alone: no sighting stands for it. */
static void take_closed(void *context, const struct sigma_firing *firing)
{
	struct judge *judge = context;
	const struct sigma_rule *rule = &judge->options.pack->rules->items[firing->rule];
	struct verdict verdict = { .risk = rule->effect.risk,
				   .score = rule->effect.score,
				   .rule = rule,
				   .reasons = { rule->effect.reason },
				   .reason_count = 1 };
	struct access access = with_victim(&(struct access){ .sighting = SIGHTING_CRASH });
	struct finding finding;

	access.sighting = SIGHTING_EVENT;
	access.verb = VERB_LOG;
	access.time_ms = firing->first_ms;
	access.request = UNKNOWN_ID;
	access.target = access.actor;
	access.message = firing->group_count ? firing->group[0] : (struct span){ 0 };
	fill(judge, &finding, &access, &verdict);
	finding.last_ms = firing->time_ms;
	finding.count = firing->count < 1 ? 1 : (uint64_t)firing->count;
	emit(judge, &finding);
}

void judge_end(struct judge *judge)
{
	assessor_end(judge->assessor, take_closed, judge);
	assessor_account(judge->assessor, judge->summary);
	judge->summary->evicted += judge->story.marks.evicted;
	groups_close_all(&judge->groups);
	for (size_t i = 0; i < judge->line_count; i++) {
		tell_line(judge, &judge->lines[i]);
		finding_finish(&judge->lines[i]);
	}
	judge->line_count = 0;
}
