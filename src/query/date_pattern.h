/*
 * date_pattern: Java's SimpleDateFormat, in English.
 *
 *	yyyy-MM-dd'T'HH:mm:ss.SSSXXX
 *
 * A letter, repeated, is a part of a date; what stands in '…' and every other
 * character stands for itself, '' for one quote.
 */
#ifndef QUERY_DATE_PATTERN_H
#define QUERY_DATE_PATTERN_H

#include "query/calendar.h"
#include "query/text_maker.h"
#include "query/zone.h"

#define DATE_PATTERN_MAX 256 /* bytes */

struct date_part {
	char letter; /* '\0': text stands for itself */
	unsigned count;
	struct span text;
};

struct date_pattern {
	size_t count;
	struct date_part *parts;
};

/* Borrows the text, and lives in the arena. NULL, or in a constant text what is wrong. */
const char *date_pattern_read(struct date_pattern *pattern, struct span text, struct arena *arena);

/* Whether a date can be read by it: not week years, and not parts of weeks. */
bool date_pattern_parses(const struct date_pattern *pattern);

/* Within CALENDAR_MS_MAX of 1970. */
void date_format(struct text_maker *maker, const struct date_pattern *pattern, int64_t ms, const struct zone *zone);

/*
 * Reads the date at the head of the text, as leniently as Java: the 32nd of
 * January is the 1st of February, and what the pattern has no part for is
 * that of 1970-01-01. Two digits of a year are the one from 80 years before
 * now to 20 behind. False when the text does not fit.
 */
bool date_parse(const struct date_pattern *pattern, struct span text, const struct zone *zone, int64_t now_ms,
		int64_t *ms);

#endif
