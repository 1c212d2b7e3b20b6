/*
 * A group is a finding while it grows. Its access is the most telling one:
 * a command line gives way to the open that it announced.
 *
 *   sighting ─▶ verdict ─▶ group (actor process, target, entry) ─▶ finding
 *                             ▲
 *   mem after maps ──────────┘ raises the map's group, too
 */
#include "rule/judge.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/table.h"
#include "rule/crash.h"
#include "rule/verdict.h"

#define GROUPS_MAX 4096
#define MAPS_MAX 8192
#define LINES_MAX 1024
#define TEXT_MAX (6u << 20)	    /* bytes that the text of all groups and lines may take */
#define FIELD_MAX 4096		    /* bytes of one text that a finding keeps */
#define RAW_MAX (256u << 10)	    /* bytes of raw lines that a finding keeps */
#define GROUP_AGE_MAX (3600 * 1000) /* ms of event time */
#define JOIN_AGE_MAX (300 * 1000)   /* ms: a log line and what audit saw on the same host */

struct group {
	struct judge *judge;
	struct finding finding;
	uint64_t last_serial;
	bool debugger;
};

/* Who read the map of a target last. */
struct map_reader {
	uint64_t pid, ppid, ses, key, sub;
	int64_t time_ms;
};

/* When something was seen on a host last, and what: for joining log lines. */
struct mark {
	int64_t time_ms;
	uint64_t pid;
	char program[48];
};

struct judge {
	struct judge_options options;
	struct summary *summary;
	struct table groups, maps, marks;
	struct arena arena;
	size_t text_bytes;     /* of groups and lines */
	struct finding *lines; /* log lines wait for the end, to be joined with what audit saw */
	size_t line_count;
};

static void close_group(void *entry);

struct judge *judge_create(const struct judge_options *options, struct summary *summary)
{
	struct judge *judge = calloc(1, sizeof(*judge));

	if (!judge)
		return NULL;
	judge->options = *options;
	judge->summary = summary;
	judge->lines = calloc(LINES_MAX, sizeof(*judge->lines));
	if (judge->lines && table_init(&judge->groups, sizeof(struct group), GROUPS_MAX, close_group) == 0 &&
	    table_init(&judge->maps, sizeof(struct map_reader), MAPS_MAX, NULL) == 0 &&
	    table_init(&judge->marks, sizeof(struct mark), MAPS_MAX, NULL) == 0)
		return judge;
	judge_destroy(judge);
	return NULL;
}

void judge_destroy(struct judge *judge)
{
	if (!judge)
		return;
	judge->options.emit = NULL;
	table_finish(&judge->groups);
	table_finish(&judge->maps);
	table_finish(&judge->marks);
	arena_finish(&judge->arena);
	for (size_t i = 0; i < judge->line_count; i++)
		finding_finish(&judge->lines[i]);
	free(judge->lines);
	free(judge);
}

static uint64_t host_key(struct span host)
{
	return hash_bytes(host);
}

/* From content alone, so that the id survives rotation and compression. */
static void set_id(struct finding *finding)
{
	const struct access *access = &finding->access;
	uint64_t h = hash_join(access->serial, (uint64_t)access->time_ms);

	h = hash_join(h, access->actor.pid);
	h = hash_join(h, access->target.pid);
	h = hash_join(h, (uint64_t)access->entry << 8 | (uint64_t)access->verb << 4 | access->sighting);
	h = hash_join(h, hash_bytes(access->actor.exe));
	h = hash_join(h, hash_bytes(access->message));
	snprintf(finding->id, sizeof(finding->id), "%016llx", (unsigned long long)h);
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
	set_id(finding);
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

static void close_group(void *entry)
{
	struct group *group = entry;

	emit(group->judge, &group->finding);
	group->judge->text_bytes -= group->finding.room_size;
	finding_finish(&group->finding);
}

/* Replaces what the group holds by a copy; keeps the old one when memory is out. */
static void set_group(struct group *group, const struct finding *finding)
{
	struct finding copy;

	if (!finding_copy(&copy, finding)) {
		summary_note(group->judge->summary, true, false, "out of memory: a finding is not up to date");
		return;
	}
	group->judge->text_bytes += copy.room_size - group->finding.room_size;
	finding_finish(&group->finding);
	group->finding = copy;
}

/* The groups that are old at this time are done. Those used least recently come first. */
static void close_old(struct judge *judge, int64_t now_ms)
{
	for (;;) {
		const struct group *oldest = table_oldest(&judge->groups);
		if (!oldest || now_ms - oldest->finding.last_ms <= GROUP_AGE_MAX)
			return;
		table_evict(&judge->groups);
	}
}

static void group_key(const struct access *access, uint64_t *key, uint64_t *sub)
{
	uint64_t what = access->entry != ENTRY_NONE ? (uint64_t)access->entry : 0x100u + access->verb;

	*key = hash_join(host_key(access->host), access->actor.pid);
	*key = hash_join(*key, hash_bytes(access->actor.exe));
	*sub = hash_join(access->target.pid, what);
	*sub = hash_join(*sub, (uint64_t)access->self << 1 | (access->entry == ENTRY_NONE && access->outcome));
	if (access->actor.pid == UNKNOWN_ID || access->sighting == SIGHTING_CRASH)
		*sub = hash_join(*sub, access->serial);
}

static bool has_reason(const struct finding *finding, struct span reason)
{
	for (size_t i = 0; i < finding->reason_count; i++)
		if (span_equal(finding->reasons[i], reason))
			return true;
	return false;
}

static void add_reason(struct finding *finding, struct span reason)
{
	if (!has_reason(finding, reason) && finding->reason_count < FINDING_REASONS_MAX)
		finding->reasons[finding->reason_count++] = reason;
}

/* A success tells more than an attempt, an open more than a command line, a higher score more than a lower one. */
static bool tells_more(const struct finding *new, const struct finding *old)
{
	if ((new->access.verb == VERB_EXEC) != (old->access.verb == VERB_EXEC))
		return old->access.verb == VERB_EXEC;
	if ((new->access.outcome == 0) != (old->access.outcome == 0))
		return new->access.outcome == 0;
	if (new->risk != old->risk)
		return new->risk > old->risk;
	return new->score > old->score;
}

/* Joins what two findings of one group say, in *whole, which borrows from both. */
static void join(struct finding *whole, const struct finding *old, const struct finding *new)
{
	bool replaces = tells_more(new, old);
	bool announced = old->access.verb == VERB_EXEC && new->access.verb != VERB_EXEC;
	bool repeats_command = new->access.verb == VERB_EXEC && old->access.verb != VERB_EXEC;

	*whole = replaces ? *new : *old;
	whole->room = NULL;
	whole->first_ms =
		announced || (repeats_command ? false : new->first_ms < old->first_ms) ? new->first_ms : old->first_ms;
	whole->last_ms = repeats_command || old->last_ms > new->last_ms ? old->last_ms : new->last_ms;
	whole->count = announced ? new->count : old->count + (repeats_command ? 0 : new->count);
	const struct finding *other = replaces ? old : new;
	if (!announced && !repeats_command)
		for (size_t i = 0; i < other->reason_count; i++)
			add_reason(whole, other->reasons[i]);
	whole->access.time_ms = whole->first_ms;
	whole->access.serial = replaces && announced ? new->access.serial : old->access.serial;
	whole->access.origin = replaces && announced ? new->access.origin : old->access.origin;
	set_id(whole);
	if (!announced)
		memcpy(whole->id, old->id, sizeof(whole->id));
}

static bool is_near_group(const struct finding *group, int64_t time_ms)
{
	return time_ms - group->last_ms <= GROUP_AGE_MAX && group->first_ms - time_ms <= GROUP_AGE_MAX;
}

/* Whether a new access tells nothing that the group does not say. */
static bool is_repetition(const struct finding *group, const struct finding *new)
{
	if (tells_more(new, group) || new->access.verb != group->access.verb || new->reason_count > group->reason_count)
		return false;
	for (size_t i = 0; i < new->reason_count; i++)
		if (!has_reason(group, new->reasons[i]))
			return false;
	return true;
}

static void put_group(struct judge *judge, const struct finding *finding, bool debugger)
{
	uint64_t key, sub;
	bool created;
	struct finding joined;

	group_key(&finding->access, &key, &sub);
	struct group *group = table_find(&judge->groups, key, sub);
	if (group && !is_near_group(&group->finding, finding->first_ms)) {
		table_remove(&judge->groups, key, sub);
		group = NULL;
	}
	if (!group) {
		group = table_put(&judge->groups, key, sub, &created);
		group->judge = judge;
		group->debugger = debugger;
		group->last_serial = finding->access.serial;
		set_group(group, finding);
		return;
	}
	if (finding->access.again && group->last_serial == finding->access.serial)
		return; /* the same event, told once more with a late record */
	group->last_serial = finding->access.serial;
	if (is_repetition(&group->finding, finding)) { /* the usual case: nothing to copy */
		struct finding *told = &group->finding;
		told->count++;
		told->last_ms = finding->last_ms > told->last_ms ? finding->last_ms : told->last_ms;
		told->first_ms = finding->first_ms < told->first_ms ? finding->first_ms : told->first_ms;
		told->access.time_ms = told->first_ms;
		return;
	}
	join(&joined, &group->finding, finding);
	set_group(group, &joined);
}

static void raise_map_group(struct judge *judge, const struct map_reader *reader, const char *reason)
{
	struct group *group = table_find(&judge->groups, reader->key, reader->sub);
	struct finding joined;

	if (!group || group->debugger || group->finding.suppressed_by.data || group->finding.risk == RISK_HIGH)
		return;
	joined = group->finding;
	joined.room = NULL;
	joined.risk = RISK_HIGH;
	joined.score = joined.score < 85 ? 85 : joined.score;
	joined.severity = severity_of(joined.score);
	joined.rule = SPAN("maps-then-mem");
	add_reason(&joined, span_of(reason));
	set_group(group, &joined);
}

static bool is_same_story(const struct map_reader *reader, const struct access *access)
{
	const struct process *actor = &access->actor;
	bool same_session = actor->ses != UNKNOWN_ID && actor->ses != UINT32_MAX && actor->ses == reader->ses;

	if (access->time_ms - reader->time_ms > GROUP_AGE_MAX || reader->time_ms - access->time_ms > GROUP_AGE_MAX)
		return false;
	/* init and kthreadd are everybody's parents. */
	bool siblings = actor->ppid != UNKNOWN_ID && actor->ppid > 2 && actor->ppid == reader->ppid;
	return actor->pid == reader->pid || siblings || actor->ppid == reader->pid || actor->pid == reader->ppid ||
	       same_session;
}

/* Maps then mem on one target, by one process, its children or its session. */
static void follow_sequence(struct judge *judge, const struct access *access, struct verdict *verdict)
{
	bool created;
	bool layout = access->verb == VERB_OPEN && access->entry != ENTRY_NONE &&
		      (access->entry == ENTRY_MAPS || entry_tier(access->entry) == ENTRY_TIER_ADDRESS);
	bool memory = (access->verb == VERB_OPEN && access->entry == ENTRY_MEM && !access->path_only) ||
		      access->verb == VERB_PROCESS_VM_READV;

	if (access->sighting != SIGHTING_ACCESS || access->self || access->target.pid == UNKNOWN_ID || access->outcome)
		return;
	if (layout && !verdict->suppressed_by) {
		struct map_reader *reader =
			table_put(&judge->maps, host_key(access->host), access->target.pid, &created);
		*reader = (struct map_reader){ .pid = access->actor.pid,
					       .ppid = access->actor.ppid,
					       .ses = access->actor.ses,
					       .time_ms = access->time_ms };
		group_key(access, &reader->key, &reader->sub);
	} else if (memory && !verdict->debugger) {
		const struct map_reader *reader = table_find(&judge->maps, host_key(access->host), access->target.pid);
		if (!reader || !is_same_story(reader, access))
			return;
		verdict_reason(verdict, "maps, then mem of one target");
		verdict->rule = "maps-then-mem";
		verdict->score = verdict->score > 95 ? 100 : verdict->score + 5;
		raise_map_group(judge, reader, "maps, then mem of one target");
	}
}

static void leave_mark(struct judge *judge, const struct access *access)
{
	bool created;
	struct mark *mark = table_put(&judge->marks, host_key(access->host), 0, &created);
	struct span name = span_first(span_basename(access->actor.exe), sizeof(mark->program) - 1);

	mark->time_ms = access->time_ms;
	mark->pid = access->actor.pid;
	memset(mark->program, 0, sizeof(mark->program));
	if (name.len)
		memcpy(mark->program, name.data, name.len);
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

static void keep_line(struct judge *judge, const struct finding *finding)
{
	struct finding *line = &judge->lines[judge->line_count];

	if (judge->line_count == LINES_MAX || judge->text_bytes > TEXT_MAX || !finding_copy(line, finding)) {
		emit(judge, finding); /* told, but not joined */
		return;
	}
	judge->text_bytes += line->room_size;
	judge->line_count++;
}

void judge_take(struct judge *judge, const struct access *access)
{
	struct finding finding;

	arena_reset(&judge->arena);
	struct verdict verdict = verdict_of(access, &judge->arena);
	follow_sequence(judge, access, &verdict);
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
		keep_line(judge, &finding);
		return;
	}
	if (!hidden && access->trust > TRUST_ANY_USER && access->actor.exe.len)
		leave_mark(judge, access);
	close_old(judge, access->time_ms);
	while (judge->text_bytes > TEXT_MAX && table_evict(&judge->groups))
		judge->groups.evicted++;
	put_group(judge, &finding, verdict.debugger);
}

static bool is_near(int64_t a_ms, int64_t b_ms, int64_t age_ms)
{
	return a_ms != TIME_UNKNOWN && b_ms != TIME_UNKNOWN && a_ms - b_ms <= age_ms && b_ms - a_ms <= age_ms;
}

/* An audit log often does not name its host: then what has no name is taken for the line's host. */
static const struct mark *near_mark(struct judge *judge, const struct finding *line)
{
	struct span hosts[] = { line->access.host, { 0 } };

	for (size_t i = 0; i < 2; i++) {
		const struct mark *mark = table_find(&judge->marks, host_key(hosts[i]), 0);
		if (mark && is_near(mark->time_ms, line->first_ms, JOIN_AGE_MAX))
			return mark;
	}
	return NULL;
}

static const struct map_reader *near_reader(struct judge *judge, const struct finding *line)
{
	struct span hosts[] = { line->access.host, { 0 } };

	for (size_t i = 0; i < 2 && line->access.target.pid != UNKNOWN_ID; i++) {
		const struct map_reader *reader = table_find(&judge->maps, host_key(hosts[i]), line->access.target.pid);
		if (reader && is_near(reader->time_ms, line->first_ms, GROUP_AGE_MAX))
			return reader;
	}
	return NULL;
}

/* What audit saw on the same host near the time of a log line or a crash. */
static void join_line(struct judge *judge, const struct finding *line)
{
	char seen[128], read[128];
	const struct mark *mark = near_mark(judge, line);
	const struct map_reader *reader = near_reader(judge, line);
	struct finding whole = *line;

	if (mark) {
		snprintf(seen, sizeof(seen), "audit saw %s (pid %llu) at work within five minutes", mark->program,
			 (unsigned long long)mark->pid);
		add_reason(&whole, span_of(seen));
		whole.score += 10;
	}
	if (reader) {
		snprintf(read, sizeof(read), "its memory map was read by pid %llu", (unsigned long long)reader->pid);
		add_reason(&whole, span_of(read));
		whole.score += 20;
	}
	whole.score = whole.score > 100 ? 100 : whole.score;
	whole.severity = severity_of(whole.score);
	emit(judge, &whole);
}

void judge_end(struct judge *judge)
{
	judge->summary->evicted += judge->groups.evicted + judge->maps.evicted + judge->marks.evicted;
	while (table_evict(&judge->groups))
		;
	for (size_t i = 0; i < judge->line_count; i++) {
		join_line(judge, &judge->lines[i]);
		finding_finish(&judge->lines[i]);
	}
	judge->line_count = 0;
}
