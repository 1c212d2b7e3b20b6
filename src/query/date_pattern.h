/*
 * date_pattern: patterns of Java's SimpleDateFormat
 * (https://docs.oracle.com/javase/8/docs/api/java/text/SimpleDateFormat.html),
 * in English: G y Y M L d D F E u a H k K h m s S w W z Z X, text in single
 * quotes, and anything that is no letter.
 *
 * Times are milliseconds since the epoch, in the proleptic Gregorian calendar.
 * Zones come from the system's files (tzfile(5)), without the C library's
 * global zone.
 */
#ifndef QUERY_DATE_PATTERN_H
#define QUERY_DATE_PATTERN_H

#include "base/arena.h"
#include "base/buffer.h"

#define DATE_FIELDS_MAX 64

struct date_field {
	char letter;	  /* 0: text */
	unsigned count;	  /* how often the letter stands there */
	struct span text; /* of a text field; borrowed from the pattern */
};

struct date_pattern {
	struct date_field fields[DATE_FIELDS_MAX];
	size_t count;
};

struct time_zone;

/* NULL, or why the pattern is none: a constant text. */
const char *date_pattern_read(struct date_pattern *pattern, struct span text);

/* A zone NULL is UTC. */
void date_pattern_write(struct buffer *to, const struct date_pattern *pattern, int64_t ms, const struct time_zone *zone);

/* The whole text has to fit. False when it does not. */
bool date_pattern_parse(const struct date_pattern *pattern, struct span text, const struct time_zone *zone, int64_t *ms);

/* "UTC", "GMT", "Z", "+02:00", "GMT-7", "America/Los_Angeles", "PST". NULL when there is none. Lives in the arena. */
struct time_zone *time_zone_find(struct span name, struct arena *arena);

/* Seconds east of Greenwich at that time; *name is the zone's abbreviation then. */
int time_zone_offset(const struct time_zone *zone, int64_t seconds, struct span *name);

#endif
