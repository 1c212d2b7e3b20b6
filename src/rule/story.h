/*
 * story: what ties sightings together: maps, then mem of one target; a crash
 * or a log line, and what audit saw on the host about that time. Private to
 * src/rule.
 */
#ifndef RULE_STORY_H
#define RULE_STORY_H

#include "base/table.h"
#include "rule/groups.h"
#include "rule/verdict.h"

struct story {
	struct table marks; /* by host: what was seen there last */
};

int story_init(struct story *story); /* 0 or -ENOMEM */
void story_finish(struct story *story);

/* Something that deserves a finding was seen on that host. */
void story_mark(struct story *story, const struct access *access);

/* Room for the reasons that story_join adds to a finding, which borrows from it. */
struct story_reasons {
	char seen[128];
};

/* Adds what audit saw near the time of a log line or a crash: reasons and score. */
void story_join(struct story *story, struct finding *line, struct story_reasons *room);

#endif
