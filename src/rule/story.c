#include "rule/story.h"

#include <stdio.h>

#include "base/hash.h"

#define HOSTS_MAX 8192
#define JOIN_AGE_MAX (300 * 1000) /* ms: a log line and what audit saw on the same host */

/* Who read the map of a target last. */
struct map_reader {
	uint64_t pid, ppid, ses, key, sub;
	int64_t time_ms;
};

/* When something was seen on a host last, and what. */
struct mark {
	int64_t time_ms;
	uint64_t pid;
	char program[48];
};

int story_init(struct story *story)
{
	*story = (struct story){ 0 };
	if (table_init(&story->maps, sizeof(struct map_reader), HOSTS_MAX, NULL) == 0 &&
	    table_init(&story->marks, sizeof(struct mark), HOSTS_MAX, NULL) == 0)
		return 0;
	story_finish(story);
	return -ENOMEM;
}

void story_finish(struct story *story)
{
	table_finish(&story->maps);
	table_finish(&story->marks);
}

static uint64_t host_key(struct span host)
{
	return hash_bytes(host);
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

void story_follow(struct story *story, const struct access *access, struct verdict *verdict, struct groups *groups)
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
			table_put(&story->maps, host_key(access->host), access->target.pid, &created);
		*reader = (struct map_reader){ .pid = access->actor.pid,
					       .ppid = access->actor.ppid,
					       .ses = access->actor.ses,
					       .time_ms = access->time_ms };
		groups_key(access, &reader->key, &reader->sub);
	} else if (memory && !verdict->debugger) {
		const struct map_reader *reader = table_find(&story->maps, host_key(access->host), access->target.pid);
		if (!reader || !is_same_story(reader, access))
			return;
		verdict_reason(verdict, "maps, then mem of one target");
		verdict->rule = "maps-then-mem";
		verdict->score = verdict->score > 95 ? 100 : verdict->score + 5;
		groups_raise(groups, reader->key, reader->sub, "maps, then mem of one target");
	}
}

void story_mark(struct story *story, const struct access *access)
{
	bool created;
	struct mark *mark = table_put(&story->marks, host_key(access->host), 0, &created);
	struct span name = span_first(span_basename(access->actor.exe), sizeof(mark->program) - 1);

	mark->time_ms = access->time_ms;
	mark->pid = access->actor.pid;
	memset(mark->program, 0, sizeof(mark->program));
	if (name.len)
		memcpy(mark->program, name.data, name.len);
}

static bool is_near(int64_t a_ms, int64_t b_ms, int64_t age_ms)
{
	return a_ms != TIME_UNKNOWN && b_ms != TIME_UNKNOWN && a_ms - b_ms <= age_ms && b_ms - a_ms <= age_ms;
}

/* An audit log often does not name its host: then what has no name is taken for the line's host. */
static const struct mark *near_mark(struct story *story, const struct finding *line)
{
	struct span hosts[] = { line->access.host, { 0 } };

	for (size_t i = 0; i < 2; i++) {
		const struct mark *mark = table_find(&story->marks, host_key(hosts[i]), 0);
		if (mark && is_near(mark->time_ms, line->first_ms, JOIN_AGE_MAX))
			return mark;
	}
	return NULL;
}

static const struct map_reader *near_reader(struct story *story, const struct finding *line)
{
	struct span hosts[] = { line->access.host, { 0 } };

	for (size_t i = 0; i < 2 && line->access.target.pid != UNKNOWN_ID; i++) {
		const struct map_reader *reader = table_find(&story->maps, host_key(hosts[i]), line->access.target.pid);
		if (reader && is_near(reader->time_ms, line->first_ms, GROUP_AGE_MAX))
			return reader;
	}
	return NULL;
}

void story_join(struct story *story, struct finding *line, struct story_reasons *room)
{
	const struct mark *mark = near_mark(story, line);
	const struct map_reader *reader = near_reader(story, line);

	if (mark) {
		snprintf(room->seen, sizeof(room->seen), "audit saw %s (pid %llu) at work within five minutes",
			 mark->program, (unsigned long long)mark->pid);
		finding_add_reason(line, span_of(room->seen));
		line->score += 10;
	}
	if (reader) {
		snprintf(room->read, sizeof(room->read), "its memory map was read by pid %llu",
			 (unsigned long long)reader->pid);
		finding_add_reason(line, span_of(room->read));
		line->score += 20;
	}
	line->score = line->score > 100 ? 100 : line->score;
	line->severity = severity_of(line->score);
}
