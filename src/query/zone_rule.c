/*
 * The rule of POSIX's TZ: names, offsets west of UTC, and when daylight saving
 * begins and ends.
 *
 *	PST8PDT,M3.2.0,M11.1.0	the second Sunday of March, the first of November, at 2:00
 *	<-03>3			no daylight saving
 */
#include "query/calendar.h"
#include "query/zone.h"

static bool take(struct span *text, char c)
{
	bool there = text->len && text->data[0] == c;

	*text = span_skip(*text, there);
	return there;
}

static bool take_name(struct span *text, struct span *name)
{
	size_t len = 0;

	if (take(text, '<')) {
		len = span_index(*text, '>');
		*name = span_first(*text, len);
		*text = span_skip(*text, len);
		return take(text, '>');
	}
	while (len < text->len && (text->data[len] | 0x20) >= 'a' && (text->data[len] | 0x20) <= 'z')
		len++;
	*name = span_first(*text, len);
	*text = span_skip(*text, len);
	return len > 0;
}

static bool take_number(struct span *text, int most, int *number)
{
	uint64_t value = 0;
	size_t len = span_decimal(*text, &value);

	*number = (int)(value <= (uint64_t)most ? value : 0);
	*text = span_skip(*text, len);
	return len > 0 && value <= (uint64_t)most;
}

/* [±]hh[:mm[:ss]] */
static bool take_time(struct span *text, int32_t *seconds)
{
	bool negative = take(text, '-');
	int part = 0, total = 0;

	if (!negative)
		take(text, '+');
	for (int unit = 3600; unit >= 1; unit /= 60) {
		if (!take_number(text, unit == 3600 ? 167 : 59, &part))
			return false;
		total += part * unit;
		if (!take(text, ':'))
			break;
	}
	*seconds = negative ? -total : total;
	return true;
}

/* What follows a name: less than 25 hours. */
static bool take_offset(struct span *text, int32_t *offset)
{
	int32_t west = 0;
	bool taken = take_time(text, &west) && west > -90000 && west < 90000;

	*offset = -west;
	return taken;
}

static bool take_change(struct span *text, struct zone_change *change)
{
	*change = (struct zone_change){ .seconds = 7200 };
	if (!take(text, ','))
		return false;
	if (take(text, 'M')) {
		change->kind = 'M';
		if (!take_number(text, 12, &change->month) || !take(text, '.') ||
		    !take_number(text, 5, &change->week) || !take(text, '.') || !take_number(text, 6, &change->day) ||
		    change->month == 0 || change->week == 0)
			return false;
	} else {
		change->kind = take(text, 'J') ? 'J' : '\0';
		if (!take_number(text, 365, &change->day))
			return false;
	}
	return !take(text, '/') || take_time(text, &change->seconds);
}

bool zone_rule_read(struct zone_rule *rule, struct span text)
{
	*rule = (struct zone_rule){ 0 };
	if (!take_name(&text, &rule->standard.name) || !take_offset(&text, &rule->standard.offset))
		return false;
	if (text.len == 0)
		return true;
	rule->changes = true;
	rule->daylight.daylight = true;
	rule->daylight.offset = rule->standard.offset + 3600;
	if (!take_name(&text, &rule->daylight.name))
		return false;
	if (text.len && text.data[0] != ',' && !take_offset(&text, &rule->daylight.offset))
		return false;
	return take_change(&text, &rule->begin) && take_change(&text, &rule->end) && text.len == 0;
}

/* ---- asking ---- */

/* Week 5 is the last one that has the day. */
static int64_t day_of_month(const struct zone_change *change, int64_t year)
{
	int64_t first = calendar_days(year, change->month), next = calendar_days(year, change->month + 1);
	int64_t weekday = ((first + 4) % 7 + 7) % 7;
	int64_t day = first + (change->day - weekday + 7) % 7 + 7 * (change->week - 1);

	return day < next ? day : day - 7;
}

/* Local seconds since 1970. */
static int64_t time_of(const struct zone_change *change, int64_t year)
{
	int64_t first = calendar_days(year, 1);
	bool leap = calendar_days(year, 3) - first == 60;

	if (change->kind == 'M')
		return day_of_month(change, year) * 86400 + change->seconds;
	if (change->kind == 'J')
		return (first + change->day - 1 + (leap && change->day >= 60)) * 86400 + change->seconds;
	return (first + change->day) * 86400 + change->seconds;
}

struct zone_type zone_rule_at(const struct zone_rule *rule, int64_t seconds)
{
	struct calendar calendar;

	if (!rule->changes)
		return rule->standard;
	calendar_of(&calendar, (seconds + rule->standard.offset) * 1000);
	int64_t begin = time_of(&rule->begin, calendar.year) - rule->standard.offset;
	int64_t end = time_of(&rule->end, calendar.year) - rule->daylight.offset;
	bool daylight = begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
	return daylight ? rule->daylight : rule->standard;
}
