/*
 * Times as logs write them. Where a stamp tells no zone it is taken as UTC,
 * where it tells no year the file's age decides.
 *
 *   2024-01-25T12:34:56.789+01:00    Jan 25 12:34:56    09/17/2023 17:15:56.661
 *
 * Nothing here asks the clock or the zone of this machine: the same log gives
 * the same times everywhere.
 */
#include "decode/dress.h"

struct civil {
	unsigned year, month, day, hour, minute, second, ms;
	int zone_minutes;
};

static const unsigned char days_in_month[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static bool leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool valid(const struct civil *c)
{
	return c->month >= 1 && c->month <= 12 && c->day >= 1 && c->day <= days_in_month[c->month - 1] &&
	       (c->month != 2 || c->day < 29 || leap(c->year)) && c->hour < 24 && c->minute < 60 && c->second <= 60;
}

/* Howard Hinnant's days_from_civil, for years from 0 on. */
static int64_t to_ms(const struct civil *c)
{
	int64_t year = (int64_t)c->year - (c->month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * ((int64_t)c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	int64_t seconds = (era * 146097 + day_of_era - 719468) * 86400 + c->hour * 3600 + c->minute * 60 + c->second;

	return (seconds - (int64_t)c->zone_minutes * 60) * 1000 + c->ms;
}

/* Takes exactly `count` digits at *at. */
static bool take_number(struct span text, size_t *at, size_t count, unsigned *value)
{
	unsigned v = 0;

	if (text.len - *at < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		unsigned digit = (unsigned)(text.data[*at + i] - '0');
		if (digit > 9)
			return false;
		v = v * 10 + digit;
	}
	*at += count;
	*value = v;
	return true;
}

static bool take_byte(struct span text, size_t *at, char byte)
{
	if (*at >= text.len || text.data[*at] != byte)
		return false;
	(*at)++;
	return true;
}

/* 12:34:56 with a fraction of any length behind it. */
static bool take_clock(struct span text, size_t *at, struct civil *c)
{
	unsigned scale = 100, digit;

	if (!take_number(text, at, 2, &c->hour) || !take_byte(text, at, ':') || !take_number(text, at, 2, &c->minute) ||
	    !take_byte(text, at, ':') || !take_number(text, at, 2, &c->second))
		return false;
	c->ms = 0;
	if (*at + 1 < text.len && (text.data[*at] == '.' || text.data[*at] == ',') &&
	    (unsigned char)(text.data[*at + 1] - '0') < 10)
		for ((*at)++; take_number(text, at, 1, &digit); scale /= 10)
			c->ms += digit * scale;
	return true;
}

/* Z, +01:00, +0100, +01; nothing is UTC. */
static void take_zone(struct span text, size_t *at, struct civil *c)
{
	size_t end = *at + 1;
	unsigned hours, minutes = 0;

	c->zone_minutes = 0;
	if (take_byte(text, at, 'Z') || *at >= text.len || (text.data[*at] != '+' && text.data[*at] != '-'))
		return;
	bool west = text.data[*at] == '-';
	if (!take_number(text, &end, 2, &hours) || hours > 23)
		return;
	size_t more = end;
	take_byte(text, &more, ':');
	if (take_number(text, &more, 2, &minutes) && minutes < 60)
		end = more;
	else
		minutes = 0;
	*at = end;
	c->zone_minutes = (int)(hours * 60 + minutes) * (west ? -1 : 1);
}

size_t stamp_iso(struct span text, int64_t *time_ms)
{
	struct civil c = { 0 };
	size_t at = 0;

	if (!take_number(text, &at, 4, &c.year) || !take_byte(text, &at, '-') || !take_number(text, &at, 2, &c.month) ||
	    !take_byte(text, &at, '-') || !take_number(text, &at, 2, &c.day) ||
	    !(take_byte(text, &at, 'T') || take_byte(text, &at, ' ')) || !take_clock(text, &at, &c) || !valid(&c))
		return 0;
	take_zone(text, &at, &c);
	*time_ms = to_ms(&c);
	return at;
}

static unsigned month_of(struct span text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; text.len >= 3 && i < 12; i++)
		if (memcmp(text.data, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* The latest such day that is not more than a day after near_ms. A 29 February needs up to eight years back. */
static bool choose_year(struct civil *c, int64_t near_ms)
{
	int64_t limit = near_ms + 86400000;
	int64_t year = near_ms / 31556952000 + 1971;

	for (int i = 0; i < 10; i++, year--) {
		if (year < 1970)
			break;
		c->year = (unsigned)year;
		if (valid(c) && to_ms(c) <= limit)
			return true;
	}
	return false;
}

/* The clock of "Jan 25 12:34:56", or a year in its place, as in "Jan 25 2024 12:34:56". */
static bool take_year_or_clock(struct span text, size_t *at, struct civil *c)
{
	size_t behind_year = *at;

	if (take_number(text, &behind_year, 4, &c->year) && take_byte(text, &behind_year, ' '))
		*at = behind_year;
	else
		c->year = 0;
	return take_clock(text, at, c);
}

size_t stamp_bsd(struct span text, int64_t near_ms, int64_t *time_ms)
{
	struct civil c = { .month = month_of(text) };
	size_t at = 4;

	if (!c.month || text.len < 15 || text.data[3] != ' ')
		return 0;
	while (at < text.len && text.data[at] == ' ' && at < 6)
		at++;
	if (!take_number(text, &at, 2, &c.day) && !take_number(text, &at, 1, &c.day))
		return 0;
	if (!take_byte(text, &at, ' ') || !take_year_or_clock(text, &at, &c))
		return 0;
	take_zone(text, &at, &c);
	if (!c.year) {
		c.year = 1970;
		if (near_ms > 0 && near_ms < INT64_MAX / 2)
			(void)choose_year(&c, near_ms);
		if (!valid(&c) && c.month == 2)
			c.year = 1972; /* 29 February, and no age to tell by */
	}
	if (!valid(&c))
		return 0;
	*time_ms = to_ms(&c);
	return at;
}

/* "09/17/2023", as strftime's %x writes it: month first unless it cannot be, day first with dots, year first with dashes. */
static bool take_local_date(struct span text, size_t *at, struct civil *c)
{
	unsigned part[3];
	size_t len[3];
	char separator = 0;

	for (int i = 0; i < 3; i++) {
		uint64_t value;
		len[i] = span_decimal(span_skip(text, *at), &value);
		if (len[i] == 0 || len[i] > 4)
			return false;
		part[i] = (unsigned)value;
		*at += len[i];
		if (i == 2)
			break;
		if (*at >= text.len || !strchr("/.-", text.data[*at]) || text.data[*at] == '\0')
			return false;
		if (separator && text.data[*at] != separator)
			return false;
		separator = text.data[(*at)++];
	}
	bool year_first = len[0] == 4, day_first = !year_first && (separator == '.' || part[0] > 12);
	c->year = part[year_first ? 0 : 2];
	c->month = part[year_first || day_first ? 1 : 0];
	c->day = part[year_first ? 2 : day_first ? 0 : 1];
	if (c->year < 100)
		c->year += 2000;
	return true;
}

size_t stamp_ausearch(struct span text, int64_t *time_ms)
{
	struct civil c = { 0 };
	size_t at = 0;

	if (!take_local_date(text, &at, &c) || !take_byte(text, &at, ' ') || !take_clock(text, &at, &c) || !valid(&c))
		return 0;
	*time_ms = to_ms(&c);
	return at;
}
