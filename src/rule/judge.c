/*
 *   sighting ─▶ verdict ─▶ group (actor process, target, entry) ─▶ finding
 *                  │          ▲
 *                  └ firing ──┘ a correlation raises the groups that helped to complete it
 *
 * Log lines and crashes wait for the end, to be joined with what audit saw.
 */
#include "rule/judge.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "rule/crash.h"
#include "rule/groups.h"
#include "rule/story.h"

#define LINES_MAX 1024
#define LINES_TEXT_MAX (2u << 20) /* bytes that waiting lines may own */
#define FIELD_MAX 4096		  /* bytes of one text that a finding keeps */
#define RAW_MAX (256u << 10)	  /* bytes of raw lines that a finding keeps */

/* By a sigma_tag with this key a log line or crash is meant, by `sub` its number; other keys are those of groups. */
#define LINE_KEY 1

/* A line that waits. */
struct line {
	struct finding finding;
	uint64_t number; /* of all lines and crashes, those that make no finding too */
	bool final;	 /* correlations do not raise it */
};

struct judge {
	struct judge_options options;
	struct summary *summary;
	struct assessor *assessor;
	struct verdict verdict; /* of the sighting that is being judged */
	struct groups groups;
	struct story story;
	char technique[16];
	struct buffer window; /* what a window that closed was about */
	struct line *lines;   /* by number */
	size_t line_count, line_bytes;
	uint64_t line_number; /* of this one or the next */
};

static void take_closed(void *context, const struct sigma_firing *firing);
static struct sigma_tag tag_of(void *context, const struct access *access);

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
		assessor_set_closed(judge->assessor, take_closed, judge);
		assessor_set_tag(judge->assessor, tag_of, judge);
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
		finding_finish(&judge->lines[i].finding);
	free(judge->lines);
	buffer_finish(&judge->window);
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

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
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
		.blinded = verdict->blinded,
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
		told.actor = process_unknown;
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

/* NULL: it does not wait. */
static struct line *line_of(const struct judge *judge, uint64_t number)
{
	size_t from = 0, to = judge->line_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (judge->lines[middle].number < number)
			from = middle + 1;
		else
			to = middle;
	}
	return from < judge->line_count && judge->lines[from].number == number ? &judge->lines[from] : NULL;
}

static void raise_line(struct judge *judge, uint64_t number, const struct raise *raise)
{
	struct line *line = line_of(judge, number);
	struct finding raised, copy;

	if (!line || line->final || finding_is_raised(&line->finding, raise))
		return;
	raised = line->finding;
	raised.room = NULL;
	finding_raise(&raised, raise);
	if (!finding_copy(&copy, &raised)) {
		summary_note(judge->summary, true, false, "out of memory: a finding is not up to date");
		return;
	}
	judge->line_bytes += copy.room_size - line->finding.room_size;
	finding_finish(&line->finding);
	line->finding = copy;
}

static void keep_line(struct judge *judge, const struct finding *finding, uint64_t number, bool final)
{
	struct line *line = &judge->lines[judge->line_count];

	if (judge->line_count == LINES_MAX || judge->line_bytes > LINES_TEXT_MAX ||
	    !finding_copy(&line->finding, finding)) {
		emit(judge, finding); /* told, but not joined */
		return;
	}
	line->number = number;
	line->final = final;
	judge->line_bytes += line->finding.room_size;
	judge->line_count++;
}

/* What the correlation makes of others, when this sighting completes it: little, where any user could have written it. */
static struct raise raise_by(const struct sigma_rule *rule, const struct access *access)
{
	struct verdict worth = { 0 };

	if (rule->effect.finds) {
		worth.risk = rule->effect.risk;
		worth.score = rule->effect.score;
		verdict_weigh_trust(&worth, access);
	}
	return (struct raise){
		worth.risk, worth.score, pack_rule_name(rule), rule->id, rule->title, rule->effect.reason
	};
}

/* Accesses that a correlation is about become graver, whenever they were seen. */
static void raise_others(struct judge *judge, const struct verdict *verdict, const struct access *access)
{
	for (size_t i = 0; i < verdict->firing_count; i++) {
		const struct verdict_firing *firing = &verdict->firings[i];
		const struct raise raise = raise_by(firing->rule, access);
		const struct sigma_tag own = tag_of(judge, access);
		for (size_t j = 0; j < firing->tag_count; j++) {
			struct sigma_tag tag = firing->tags[j];
			if (tag.key == own.key && tag.sub == own.sub)
				continue;
			if (tag.key == LINE_KEY)
				raise_line(judge, tag.sub, &raise);
			else
				groups_raise(&judge->groups, tag.key, tag.sub, &raise);
		}
	}
}

static bool waits(const struct access *access)
{
	return access->sighting == SIGHTING_LINE || access->sighting == SIGHTING_CRASH;
}

static struct sigma_tag tag_of(void *context, const struct access *access)
{
	const struct judge *judge = context;
	struct sigma_tag tag = { LINE_KEY, judge->line_number };

	if (!waits(access))
		groups_key(access, &tag.key, &tag.sub);
	return tag;
}

/*
 * What was judged becomes a finding of its own or a part of one: that of `keyed`, which is the access or names its
 * actor as before. `times` 0: it was counted before.
 */
static void keep(struct judge *judge, const struct access *access, const struct access *keyed, uint64_t times)
{
	const struct verdict *verdict = &judge->verdict;
	bool hidden = access->self || verdict->filter;
	struct finding finding;

	if (verdict->risk == RISK_NONE && !access->self)
		return;
	if (hidden && (!judge->options.keep_hidden || access->sighting != SIGHTING_ACCESS))
		return;
	struct sigma_tag tag = tag_of(judge, keyed);
	struct access told = with_victim(access);
	fill(judge, &finding, &told, verdict);
	finding.count = times;
	if (!judge->options.keep_raw)
		finding.access.raw_count = 0;
	if (waits(access)) {
		if (judge->options.update_ms)
			tell_line(judge, &finding);
		else
			keep_line(judge, &finding, tag.sub, verdict->final);
		return;
	}
	if (!hidden && access->trust > TRUST_ANY_USER && access->actor.exe.len)
		story_mark(&judge->story, access);
	groups_put(&judge->groups, tag.key, tag.sub, &finding, verdict->final);
}

void judge_take(struct judge *judge, const struct access *access)
{
	assessor_take(judge->assessor, access, &judge->verdict);
	count(judge, access, &judge->verdict);
	raise_others(judge, &judge->verdict, access);
	keep(judge, access, access, 1);
	judge->line_number += waits(access);
}

/* Correlations have counted it. */
void judge_take_twin(struct judge *judge, const struct access *access, struct span first_exe)
{
	struct access keyed = *access;

	keyed.actor.exe = first_exe;
	assessor_alone(judge->assessor, access, &judge->verdict);
	keep(judge, access, &keyed, 0);
	judge->line_number += waits(access);
}

void judge_tick(struct judge *judge, int64_t now_ms, int64_t event_ms)
{
	telling_tick(&judge->groups.telling, now_ms);
	if (event_ms != TIME_UNKNOWN)
		assessor_time(judge->assessor, event_ms);
}

bool judge_wants_files(const struct judge *judge)
{
	return assessor_wants_files(judge->assessor);
}

bool judge_wants_events(const struct judge *judge)
{
	return assessor_wants_events(judge->assessor);
}

bool judge_offer(struct judge *judge, const struct event *event)
{
	return assessor_offer(judge->assessor, event);
}

/* "User=joe, Computer=web1": what the window was about. Names its host, too. */
static void describe_window(struct judge *judge, const struct sigma_firing *firing, struct access *access)
{
	const struct sigma_correlation *correlation = judge->options.pack->rules->items[firing->rule].correlation;
	struct buffer *text = &judge->window;

	text->len = 0;
	for (size_t i = 0; i < firing->group_count; i++) {
		if (span_equal(correlation->group_by[i], SPAN("Computer")) && !span_equal(firing->group[i], SPAN("-")))
			access->host = firing->group[i];
		buffer_add(text, i ? SPAN(", ") : SPAN(""));
		buffer_add(text, correlation->group_by[i]);
		buffer_add_byte(text, '=');
		buffer_add(text, firing->group[i]);
	}
	access->message = buffer_span(text);
}

/* What a correlation found by time alone: no sighting stands for it. */
static void take_closed(void *context, const struct sigma_firing *firing)
{
	struct judge *judge = context;
	const struct sigma_rule *rule = &judge->options.pack->rules->items[firing->rule];
	struct verdict verdict = { .risk = rule->effect.risk,
				   .score = rule->effect.score,
				   .rule = rule,
				   .threat = rule->effect.threat,
				   .reasons = { rule->effect.reason },
				   .reason_count = 1 };
	struct access access = { .sighting = SIGHTING_EVENT,
				 .verb = VERB_LOG,
				 .trust = firing->trusted ? TRUST_KERNEL : TRUST_ANY_USER,
				 .time_ms = firing->first_ms,
				 .request = UNKNOWN_ID,
				 .actor = process_unknown,
				 .target = process_unknown };
	struct finding finding;

	if (!rule->effect.finds)
		return;
	describe_window(judge, firing, &access);
	verdict_weigh_trust(&verdict, &access);
	fill(judge, &finding, &access, &verdict);
	finding.last_ms = firing->time_ms;
	finding.count = firing->count < 1 ? 1 : (uint64_t)firing->count;
	emit(judge, &finding);
}

void judge_end(struct judge *judge)
{
	assessor_end(judge->assessor);
	assessor_account(judge->assessor, judge->summary);
	judge->summary->evicted += judge->story.marks.evicted;
	groups_close_all(&judge->groups);
	for (size_t i = 0; i < judge->line_count; i++) {
		tell_line(judge, &judge->lines[i].finding);
		finding_finish(&judge->lines[i].finding);
	}
	judge->line_count = 0;
}
