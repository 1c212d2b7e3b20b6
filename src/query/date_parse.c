#include "query/date_pattern.h"

#define DIGITS_MAX 9 /* of one number */
#define YEAR_MAX 300000

/* What was read. Numbers as Java's Calendar takes them: they may be too large for their unit. */
struct reading {
	struct span rest;
	int64_t year, month, day, day_of_year; /* day_of_year 0: not given */
	int64_t hour, hour_of_12, minute, second, ms;
	bool has_hour, pm, bc, has_offset;
	int32_t offset;
	int64_t now_ms;
};

/* ---- pieces of text ---- */

/* Digits, `most` of them; how many there were, 0 when they are none or too many. */
static size_t take_digits(struct span *rest, size_t most, int64_t *number)
{
	size_t len = 0;

	*number = 0;
	while (len < most && len < rest->len && rest->data[len] >= '0' && rest->data[len] <= '9') {
		if (len == DIGITS_MAX)
			return 0;
		*number = *number * 10 + (rest->data[len++] - '0');
	}
	*rest = span_skip(*rest, len);
	return len;
}

static bool take_word(struct span *rest, struct span word)
{
	if (!span_equal_nocase(span_first(*rest, word.len), word))
		return false;
	*rest = span_skip(*rest, word.len);
	return true;
}

/* The index of a name, whole or its first three letters. */
static bool take_name(struct span *rest, const struct span *names, size_t count, int64_t *index)
{
	for (size_t i = 0; i < count; i++)
		if (take_word(rest, names[i]) || take_word(rest, span_first(names[i], 3))) {
			*index = (int64_t)i;
			return true;
		}
	return false;
}

/* ---- parts ---- */

/* From 80 years before now to 20 behind. */
static int64_t whole_year(int64_t year, int64_t now_ms)
{
	struct calendar now;

	calendar_of(&now, now_ms);
	year += now.year / 100 * 100;
	if (year > now.year + 20)
		return year - 100;
	return year <= now.year - 80 ? year + 100 : year;
}

static bool take_year(struct reading *reading, const struct date_part *part, size_t most)
{
	size_t len = take_digits(&reading->rest, most, &reading->year);

	if (len == 2 && part->count <= 2)
		reading->year = whole_year(reading->year, reading->now_ms);
	return len > 0;
}

static bool take_month(struct reading *reading, const struct date_part *part, size_t most)
{
	if (part->count < 3)
		return take_digits(&reading->rest, most, &reading->month) > 0;
	if (!take_name(&reading->rest, calendar_months, 12, &reading->month))
		return false;
	reading->month++;
	return true;
}

static const struct {
	struct span name;
	int hours;
} abbreviations[] = {
	{ SPAN("EST"), -5 }, { SPAN("EDT"), -4 }, { SPAN("CST"), -6 }, { SPAN("CDT"), -5 }, { SPAN("MST"), -7 },
	{ SPAN("MDT"), -6 }, { SPAN("PST"), -8 }, { SPAN("PDT"), -7 }, { SPAN("CEST"), 2 }, { SPAN("CET"), 1 },
	{ SPAN("EEST"), 3 }, { SPAN("EET"), 2 },  { SPAN("JST"), 9 },  { SPAN("UTC"), 0 },  { SPAN("GMT"), 0 },
};

/* Of X, XX and XXX: +01, +0100, +01:00. */
static const size_t offset_lens[] = { 0, 3, 5, 6 };

/* An offset, or a name with or without one: UTC, GMT+01:00, PST. Z is an X of no offset. */
static bool take_zone(struct reading *reading, const struct date_part *part)
{
	bool named = part->letter == 'X' && take_word(&reading->rest, SPAN("Z"));
	size_t len;

	reading->has_offset = true;
	reading->offset = 0;
	for (size_t i = 0; part->letter != 'X' && i < sizeof(abbreviations) / sizeof(*abbreviations) && !named; i++) {
		named = take_word(&reading->rest, abbreviations[i].name);
		reading->offset = named ? abbreviations[i].hours * 3600 : 0;
	}
	if (named && reading->offset)
		return true;
	len = zone_offset(reading->rest, &reading->offset);
	if (part->letter == 'X' && len != offset_lens[part->count])
		return named;
	reading->rest = span_skip(reading->rest, len);
	return named || len > 0;
}

static bool take_half(struct reading *reading)
{
	reading->pm = take_word(&reading->rest, SPAN("PM"));
	return reading->pm || take_word(&reading->rest, SPAN("AM"));
}

static bool take_era(struct reading *reading)
{
	reading->bc = take_word(&reading->rest, SPAN("BC"));
	return reading->bc || take_word(&reading->rest, SPAN("AD"));
}

/* 24 is 0 for k, 12 is 0 for h. */
static bool take_hour(struct reading *reading, const struct date_part *part, size_t most)
{
	bool of_day = part->letter == 'H' || part->letter == 'k';
	int64_t *hour = of_day ? &reading->hour : &reading->hour_of_12;

	if (!take_digits(&reading->rest, most, hour))
		return false;
	if ((part->letter == 'k' && *hour == 24) || (part->letter == 'h' && *hour == 12))
		*hour = 0;
	reading->has_hour |= of_day;
	return true;
}

static int64_t *number_of(struct reading *reading, char letter)
{
	switch (letter) {
	case 'd':
		return &reading->day;
	case 'D':
		return &reading->day_of_year;
	case 'm':
		return &reading->minute;
	case 's':
		return &reading->second;
	default: /* S: milliseconds, not a fraction */
		return &reading->ms;
	}
}

static bool take_part(struct reading *reading, const struct date_part *part, size_t most)
{
	int64_t weekday;

	switch (part->letter) {
	case 'y':
		return take_year(reading, part, most);
	case 'M':
	case 'L':
		return take_month(reading, part, most);
	case 'E':
		return take_name(&reading->rest, calendar_weekdays, 7, &weekday);
	case 'a':
		return take_half(reading);
	case 'G':
		return take_era(reading);
	case 'z':
	case 'Z':
	case 'X':
		return take_zone(reading, part);
	case 'H':
	case 'k':
	case 'K':
	case 'h':
		return take_hour(reading, part, most);
	default:
		return take_digits(&reading->rest, most, number_of(reading, part->letter)) > 0;
	}
}

/* A number that another part follows at once is as long as its part: yyyyMMdd. */
static bool take_parts(struct reading *reading, const struct date_pattern *pattern)
{
	for (size_t i = 0; i < pattern->count; i++) {
		const struct date_part *part = &pattern->parts[i];
		if (part->letter == '\0') {
			if (!span_starts(reading->rest, part->text))
				return false;
			reading->rest = span_skip(reading->rest, part->text.len);
			continue;
		}
		while (reading->rest.len && (reading->rest.data[0] == ' ' || reading->rest.data[0] == '\t'))
			reading->rest = span_skip(reading->rest, 1);
		bool abuts = i + 1 < pattern->count && part[1].letter;
		if (!take_part(reading, part, abuts ? part->count : SIZE_MAX))
			return false;
	}
	return true;
}

/* ---- the whole ---- */

static bool local_ms(const struct reading *reading, int64_t *ms)
{
	int64_t year = reading->bc ? 1 - reading->year : reading->year, months = reading->month / 12;
	int64_t hour = reading->has_hour ? reading->hour : reading->hour_of_12 + 12 * reading->pm;

	if (year < -YEAR_MAX || year > YEAR_MAX || months > YEAR_MAX)
		return false;
	int64_t days = reading->day_of_year ? calendar_days(year, 1) + reading->day_of_year - 1
					    : calendar_days(year, reading->month) + reading->day - 1;
	*ms = days * DAY_MS + hour * 3600000 + reading->minute * 60000 + reading->second * 1000 + reading->ms;
	return *ms >= -CALENDAR_MS_MAX && *ms <= CALENDAR_MS_MAX;
}

bool date_parse(const struct date_pattern *pattern, struct span text, const struct zone *zone, int64_t now_ms,
		int64_t *ms)
{
	struct reading reading = { .rest = text, .year = 1970, .month = 1, .day = 1, .now_ms = now_ms };
	int64_t local;

	if (!take_parts(&reading, pattern) || !local_ms(&reading, &local))
		return false;
	if (reading.has_offset) {
		*ms = local - (int64_t)reading.offset * 1000;
		return true;
	}
	int64_t seconds = local / 1000 - (local % 1000 < 0);
	*ms = zone_to_utc(zone, seconds) * 1000 + (local - seconds * 1000);
	return true;
}
