/*
 * zone: time zones, of the system's zone database (TZif, RFC 8536). The C
 * library knows one zone a process, by an environment variable; here each
 * call names its own.
 *
 * Files are opened by zone_find only, so before the run.
 */
#ifndef QUERY_ZONE_H
#define QUERY_ZONE_H

#include "base/arena.h"

#define ZONE_TYPES_MAX 256

struct zone_type {
	int32_t offset; /* seconds east of UTC */
	bool daylight;
	struct span name; /* PST */
};

/* "Mm.w.d/time", "Jn/time", "n/time": when in a year the clock is changed. */
struct zone_change {
	char kind; /* 'M', 'J', or '\0' for a day counted from 0 with leap days */
	int month, week, day;
	int32_t seconds; /* of the local day */
};

/* What holds behind the last transition. */
struct zone_rule {
	struct zone_type standard, daylight;
	bool changes;
	struct zone_change begin, end; /* of daylight saving */
};

struct zone {
	const int64_t *times;	      /* of transitions, in seconds, ascending */
	const unsigned char *indexes; /* of the types that hold from each on */
	size_t count;
	struct zone_type *types;
	size_t type_count; /* at least 1 */
	struct zone_rule rule;
	bool has_rule;
};

/*
 * UTC, GMT, Z, an offset (+01:00, GMT-5), an abbreviation that Java knows (PST), or a name of the
 * database (America/Los_Angeles, in any case). NULL with *why, a constant text.
 */
const struct zone *zone_find(struct span name, struct arena *arena, const char **why);

/* What holds at a time, in seconds since 1970. */
struct zone_type zone_at(const struct zone *zone, int64_t seconds);

/* A local time in UTC. What the clock shows twice, or never, is taken for standard time, as Java does. */
int64_t zone_to_utc(const struct zone *zone, int64_t local_seconds);

/* ±h, ±hh, ±hhmm, ±hh:mm at the head of the text: its length, 0 when there is none. */
size_t zone_offset(struct span text, int32_t *seconds);

/* ---- parts ---- */

/* Reads a file of the database. False when it is none. */
bool zone_read(struct zone *zone, struct span bytes, struct arena *arena);

/* Reads "PST8PDT,M3.2.0,M11.1.0". False when it is no such rule. Names are borrowed. */
bool zone_rule_read(struct zone_rule *rule, struct span text);
struct zone_type zone_rule_at(const struct zone_rule *rule, int64_t seconds);

#endif
