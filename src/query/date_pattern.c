#include "query/date_pattern.h"

#include <stdio.h>

#define DAY_SECONDS 86400

static const char *const months[] = { "January", "February", "March",	  "April",   "May",	 "June",
				      "July",	 "August",   "September", "October", "November", "December" };
static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };

/* ---- patterns ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool add_field(struct date_pattern *pattern, struct date_field field)
{
	if (pattern->count == DATE_FIELDS_MAX)
		return false;
	pattern->fields[pattern->count++] = field;
	return true;
}

/* Behind the opening quote at `at`; '' is a quote. Returns the offset behind the closing one, or 0. */
static size_t add_quoted(struct date_pattern *pattern, struct span text, size_t at)
{
	size_t end = at;

	if (at < text.len && text.data[at] == '\'')
		return add_field(pattern, (struct date_field){ .text = { text.data + at, 1 } }) ? at + 1 : 0;
	for (; end < text.len; end++) {
		if (text.data[end] != '\'')
			continue;
		bool twice = end + 1 < text.len && text.data[end + 1] == '\'';
		size_t len = end - at + twice;
		if (len && !add_field(pattern, (struct date_field){ .text = { text.data + at, len } }))
			return 0;
		if (!twice)
			return end + 1;
		at = end + 2;
		end++;
	}
	return 0;
}

const char *date_pattern_read(struct date_pattern *pattern, struct span text)
{
	size_t at = 0;

	pattern->count = 0;
	while (at < text.len) {
		size_t end = at + 1;
		char c = text.data[at];
		if (c == '\'') {
			at = add_quoted(pattern, text, at + 1);
			if (!at)
				return "the quote in the date pattern is not closed";
			continue;
		}
		while (end < text.len &&
		       (is_letter(c) ? text.data[end] == c : !is_letter(text.data[end]) && text.data[end] != '\''))
			end++;
		struct date_field field = { .text = { text.data + at, end - at } };
		if (is_letter(c)) {
			if (!strchr("GyYMLdDFEuaHkKhmsSwWzZX", c))
				return "a letter of the date pattern is none that dates have; text stands in single "
				       "quotes";
			field = (struct date_field){ .letter = c, .count = (unsigned)(end - at) };
		}
		if (!add_field(pattern, field))
			return "the date pattern is too long";
		at = end;
	}
	return NULL;
}

/* ---- the calendar ---- */

/* Days since the epoch of a date, and back (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct date {
	int64_t year, days;		  /* days since the epoch */
	int month, day, of_year, weekday; /* month from 1, of_year from 1, weekday from Sunday as 0 */
	int hour, minute, second, ms;
	int offset;
	struct span zone;
};

static void set_day(struct date *date, int64_t number)
{
	int64_t shifted = number + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;

	date->days = number;
	date->day = (int)(of_year - (153 * month + 2) / 5 + 1);
	date->month = (int)(month < 10 ? month + 3 : month - 9);
	date->year = year + era * 400 + (date->month <= 2);
	date->of_year = (int)(number - days_of(date->year, 1, 1)) + 1;
	date->weekday = (int)(((number + 4) % 7 + 7) % 7);
}

static void set_date(struct date *date, int64_t ms, const struct time_zone *zone)
{
	int64_t seconds = (ms >= 0 ? ms : ms - 999) / 1000;

	date->ms = (int)(ms - seconds * 1000);
	date->offset = time_zone_offset(zone, seconds, &date->zone);
	seconds += date->offset;
	int64_t day = (seconds >= 0 ? seconds : seconds - (DAY_SECONDS - 1)) / DAY_SECONDS;
	int rest = (int)(seconds - day * DAY_SECONDS);
	set_day(date, day);
	date->hour = rest / 3600;
	date->minute = rest / 60 % 60;
	date->second = rest % 60;
}

/* Java's English weeks begin on Sunday; the first is the one with the first of January. */
static int week_of_year(const struct date *date, int64_t *year)
{
	int64_t next = days_of(date->year + 1, 1, 1);
	int64_t start_of_week = date->days - date->weekday;
	int first_weekday = (int)(((days_of(date->year, 1, 1) + 4) % 7 + 7) % 7);

	*year = date->year;
	if (start_of_week + 6 >= next) {
		++*year;
		return 1;
	}
	return (date->of_year - 1 + first_weekday) / 7 + 1;
}

static int week_of_month(const struct date *date)
{
	int first_weekday = (int)(((days_of(date->year, date->month, 1) + 4) % 7 + 7) % 7);

	return (date->day - 1 + first_weekday) / 7 + 1;
}

/* ---- writing ---- */

static void add_number(struct buffer *to, int64_t number, unsigned digits)
{
	char room[40];
	unsigned width = digits < 30 ? digits : 30;

	snprintf(room, sizeof(room), "%0*lld", (int)width, (long long)number);
	buffer_text(to, room);
}

static void add_word(struct buffer *to, const char *word, bool whole)
{
	buffer_add(to, span_first(span_of(word), whole ? SIZE_MAX : 3));
}

static void add_year(struct buffer *to, int64_t year, unsigned count)
{
	if (count == 2)
		add_number(to, (year % 100 + 100) % 100, 2);
	else
		add_number(to, year, count);
}

static void add_offset(struct buffer *to, const struct date *date, const struct date_field *field)
{
	int minutes = (date->offset < 0 ? -date->offset : date->offset) / 60;

	if (field->letter == 'X' && date->offset == 0) {
		buffer_add_byte(to, 'Z');
		return;
	}
	buffer_add_byte(to, date->offset < 0 ? '-' : '+');
	add_number(to, minutes / 60, 2);
	if (field->letter == 'X' && field->count == 1)
		return;
	if (field->letter == 'X' && field->count >= 3)
		buffer_add_byte(to, ':');
	add_number(to, minutes % 60, 2);
}

static void add_clock(struct buffer *to, const struct date *date, const struct date_field *field)
{
	switch (field->letter) {
	case 'H':
		add_number(to, date->hour, field->count);
		break;
	case 'k':
		add_number(to, date->hour ? date->hour : 24, field->count);
		break;
	case 'K':
		add_number(to, date->hour % 12, field->count);
		break;
	case 'h':
		add_number(to, date->hour % 12 ? date->hour % 12 : 12, field->count);
		break;
	case 'm':
		add_number(to, date->minute, field->count);
		break;
	case 's':
		add_number(to, date->second, field->count);
		break;
	case 'S':
		add_number(to, date->ms, field->count);
		break;
	case 'a':
		buffer_text(to, date->hour < 12 ? "AM" : "PM");
		break;
	case 'z':
		buffer_add(to, date->zone);
		break;
	case 'Z':
	case 'X':
		add_offset(to, date, field);
		break;
	}
}

static void add_calendar(struct buffer *to, const struct date *date, const struct date_field *field)
{
	int64_t week_year;
	int week = week_of_year(date, &week_year);

	switch (field->letter) {
	case 'G':
		buffer_text(to, date->year > 0 ? "AD" : "BC");
		break;
	case 'y':
		add_year(to, date->year > 0 ? date->year : 1 - date->year, field->count);
		break;
	case 'Y':
		add_year(to, week_year, field->count);
		break;
	case 'M':
	case 'L':
		if (field->count >= 3)
			add_word(to, months[date->month - 1], field->count >= 4);
		else
			add_number(to, date->month, field->count);
		break;
	case 'd':
		add_number(to, date->day, field->count);
		break;
	case 'D':
		add_number(to, date->of_year, field->count);
		break;
	case 'F':
		add_number(to, (date->day - 1) / 7 + 1, field->count);
		break;
	case 'E':
		add_word(to, days[date->weekday], field->count >= 4);
		break;
	case 'u':
		add_number(to, date->weekday ? date->weekday : 7, field->count);
		break;
	case 'w':
		add_number(to, week, field->count);
		break;
	case 'W':
		add_number(to, week_of_month(date), field->count);
		break;
	default:
		add_clock(to, date, field);
	}
}

void date_pattern_write(struct buffer *to, const struct date_pattern *pattern, int64_t ms, const struct time_zone *zone)
{
	struct date date;

	set_date(&date, ms, zone);
	for (size_t i = 0; i < pattern->count; i++) {
		if (pattern->fields[i].letter)
			add_calendar(to, &date, &pattern->fields[i]);
		else
			buffer_add(to, pattern->fields[i].text);
	}
}

/* ---- reading ---- */

struct reading {
	struct span text;
	size_t at;
	int64_t year;
	int month, day, of_year, hour, minute, second, ms;
	bool half_day, pm; /* hours of 12 */
	bool has_offset, has_of_year;
	int offset;
};

/* Where the next field is a number, too, this one takes as many digits as it has letters; else all there are. */
static bool take_number(struct reading *reading, const struct date_field *field, bool adjacent, int64_t *number)
{
	struct span rest = span_skip(reading->text, reading->at);
	bool negative = !adjacent && span_starts(rest, SPAN("-"));
	uint64_t value;
	size_t used = span_decimal(span_first(span_skip(rest, negative), adjacent ? field->count : 18), &value);

	if (used == 0)
		return false;
	reading->at += used + negative;
	*number = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

static bool take_word(struct reading *reading, const char *const *words, int count, int *index)
{
	struct span rest = span_skip(reading->text, reading->at);

	for (int i = 0; i < count; i++) {
		struct span word = span_of(words[i]);
		bool whole = span_equal_nocase(span_first(rest, word.len), word);
		if (!whole && !span_equal_nocase(span_first(rest, 3), span_first(word, 3)))
			continue;
		reading->at += whole ? word.len : 3;
		*index = i;
		return true;
	}
	return false;
}

static bool take_literal(struct reading *reading, struct span literal)
{
	if (!span_starts(span_skip(reading->text, reading->at), literal))
		return false;
	reading->at += literal.len;
	return true;
}

/* Z, GMT, UTC, +0200, +02:00, +02. */
static bool take_zone(struct reading *reading)
{
	static const struct span names[] = { SPAN("Z"), SPAN("UTC"), SPAN("GMT") };
	bool named = false;

	for (size_t i = 0; i < 3 && !named; i++)
		named = take_literal(reading, names[i]);
	struct span rest = span_skip(reading->text, reading->at);
	uint64_t hours, minutes = 0;
	reading->has_offset = true;
	reading->offset = 0;
	if (!rest.len || (rest.data[0] != '+' && rest.data[0] != '-'))
		return named;
	if (span_decimal(span_first(span_skip(rest, 1), 2), &hours) != 2)
		return false;
	size_t colon = rest.len > 3 && rest.data[3] == ':';
	size_t used = span_decimal(span_first(span_skip(rest, 3 + colon), 2), &minutes);
	reading->at += used == 2 ? 5 + colon : 3;
	reading->offset = (int)(hours * 3600 + (used == 2 ? minutes : 0) * 60) * (rest.data[0] == '-' ? -1 : 1);
	return hours < 24 && minutes < 60;
}

static bool take_named(struct reading *reading, const struct date_field *field)
{
	static const char *const halves[] = { "AM ", "PM " }, *const eras[] = { "BC ", "AD " };
	struct span rest = span_skip(reading->text, reading->at);
	int index;

	switch (field->letter) {
	case 'E':
		return take_word(reading, days, 7, &index);
	case 'a':
	case 'G':
		for (index = 0; index < 2; index++)
			if (span_equal_nocase(
				    span_first(rest, 2),
				    span_first(span_of(field->letter == 'a' ? halves[index] : eras[index]), 2)))
				break;
		reading->at += 2;
		reading->pm |= field->letter == 'a' && index == 1;
		return index < 2;
	}
	return take_zone(reading);
}

static void set_number(struct reading *reading, const struct date_field *field, int64_t number)
{
	int value = number < 0 || number > 1000000 ? -1 : (int)number;

	switch (field->letter) {
	case 'y':
	case 'Y':
		/* Two digits: of this century, or from 80 on of the last. */
		reading->year = field->count <= 2 && number < 100 && number >= 0 ? number + (number < 80 ? 2000 : 1900)
										 : number;
		break;
	case 'M':
	case 'L':
		reading->month = value;
		break;
	case 'd':
		reading->day = value;
		break;
	case 'D':
		reading->of_year = value;
		reading->has_of_year = true;
		break;
	case 'H':
		reading->hour = value;
		break;
	case 'k':
		reading->hour = value == 24 ? 0 : value;
		break;
	case 'K':
	case 'h':
		reading->hour = value == 12 ? 0 : value;
		reading->half_day = true;
		break;
	case 'm':
		reading->minute = value;
		break;
	case 's':
		reading->second = value;
		break;
	case 'S':
		reading->ms = value;
		break;
	}
}

/* Fractions of a second are thousandths, however many letters there are; what is finer is cut. */
static bool take_fraction(struct reading *reading)
{
	int digits = 0, ms = 0;

	for (; reading->at < reading->text.len; reading->at++, digits++) {
		char c = reading->text.data[reading->at];
		if (c < '0' || c > '9')
			break;
		if (digits < 3)
			ms = ms * 10 + (c - '0');
	}
	for (int i = digits; i < 3; i++)
		ms *= 10;
	reading->ms = ms;
	return digits > 0;
}

static bool take_field(struct reading *reading, const struct date_field *field, bool adjacent)
{
	int64_t number;

	if (!field->letter)
		return take_literal(reading, field->text);
	if (strchr("EaGzZX", field->letter))
		return take_named(reading, field);
	if ((field->letter == 'M' || field->letter == 'L') && field->count >= 3) {
		int index;
		if (!take_word(reading, months, 12, &index))
			return false;
		reading->month = index + 1;
		return true;
	}
	if (field->letter == 'S')
		return take_fraction(reading);
	if (!take_number(reading, field, adjacent, &number))
		return false;
	set_number(reading, field, number);
	return true;
}

static bool is_numeric(const struct date_pattern *pattern, size_t i)
{
	const struct date_field *field = &pattern->fields[i];

	return i < pattern->count && field->letter && !strchr("EaGzZX", field->letter) &&
	       !((field->letter == 'M' || field->letter == 'L') && field->count >= 3);
}

static bool is_sound(const struct reading *reading)
{
	return reading->year > -9999 && reading->year < 10000 && reading->month >= 1 && reading->month <= 12 &&
	       reading->day >= 1 && reading->day <= 31 && reading->hour >= 0 && reading->hour <= 24 &&
	       reading->minute >= 0 && reading->minute <= 59 && reading->second >= 0 && reading->second <= 60 &&
	       reading->of_year >= 1 && reading->of_year <= 366 && !(reading->half_day && reading->hour > 12);
}

bool date_pattern_parse(const struct date_pattern *pattern, struct span text, const struct time_zone *zone, int64_t *ms)
{
	struct reading reading = { .text = text, .year = 1970, .month = 1, .day = 1, .of_year = 1 };
	struct span name;

	for (size_t i = 0; i < pattern->count; i++)
		if (!take_field(&reading, &pattern->fields[i], is_numeric(pattern, i + 1)))
			return false;
	if (reading.at != text.len || !is_sound(&reading))
		return false;
	int64_t day = reading.has_of_year ? days_of(reading.year, 1, 1) + reading.of_year - 1
					  : days_of(reading.year, reading.month, reading.day);
	int64_t seconds = day * DAY_SECONDS + (reading.hour + (reading.half_day && reading.pm ? 12 : 0)) * 3600 +
			  reading.minute * 60 + reading.second;
	/* What the zone was then; near a change of it, what it was an offset earlier. */
	int offset = reading.has_offset ? reading.offset : time_zone_offset(zone, seconds, &name);
	if (!reading.has_offset)
		offset = time_zone_offset(zone, seconds - offset, &name);
	*ms = (seconds - offset) * 1000 + reading.ms;
	return true;
}
