#include "rule/story.h"

#include <stdio.h>

#include "base/hash.h"

#define HOSTS_MAX 8192
#define JOIN_AGE_MAX (300 * 1000) /* ms: a log line and what audit saw on the same host */

/* When something was seen on a host last, and what. */
struct mark {
	int64_t time_ms;
	uint64_t pid;
	char program[48];
};

int story_init(struct story *story)
{
	*story = (struct story){ 0 };
	return table_init(&story->marks, sizeof(struct mark), HOSTS_MAX, NULL);
}

void story_finish(struct story *story)
{
	table_finish(&story->marks);
}

static uint64_t host_key(struct span host)
{
	return hash_bytes(host);
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

void story_join(struct story *story, struct finding *line, struct story_reasons *room)
{
	const struct mark *mark = near_mark(story, line);

	if (mark) {
		snprintf(room->seen, sizeof(room->seen), "audit saw %s (pid %llu) at work within five minutes",
			 mark->program, (unsigned long long)mark->pid);
		finding_add_reason(line, span_of(room->seen));
		line->score += 10;
	}
	line->score = line->score > 100 ? 100 : line->score;
	line->severity = severity_of(line->score);
}
