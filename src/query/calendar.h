/*
 * calendar: days and what they are called, in the Gregorian calendar, which
 * is taken to have been in use at all times. Times here are local: zone.h
 * says what they are in UTC.
 */
#ifndef QUERY_CALENDAR_H
#define QUERY_CALENDAR_H

#include "base/span.h"

#define DAY_MS INT64_C(86400000)
#define CALENDAR_MS_MAX (INT64_C(8640000000000000)) /* either way of 1970: 100 million days, about 275,000 years */

struct calendar {
	int64_t year;
	int month, day; /* from 1 on */
	int hour, minute, second, ms;
	int weekday;			 /* Sunday is 0 */
	int day_of_year;		 /* from 1 on */
	int week_of_year, week_of_month; /* weeks begin on Sunday; the first has one day of the year at least */
	int64_t week_year;		 /* the year that the week belongs to */
};

/* Within CALENDAR_MS_MAX of 1970. */
void calendar_of(struct calendar *calendar, int64_t local_ms);

/* Days from 1970-01-01 to the first of a month; months beyond 1 to 12 run into other years. */
int64_t calendar_days(int64_t year, int64_t month);

/* The names in English; short ones have three letters. */
extern const struct span calendar_months[12], calendar_weekdays[7];

#endif
