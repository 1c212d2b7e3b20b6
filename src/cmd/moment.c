#include "cmd/moment.h"

#include <string.h>
#include <time.h>

#include "base/span.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define EPOCH_DIGITS_MIN 9  /* 1973: what is shorter is a year or a slip of the hand */
#define EPOCH_DIGITS_MAX 11 /* 5138 */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Exactly `count` digits. */
static bool take_digits(struct span *s, unsigned count, int *value)
{
	*value = 0;
	if (s->len < count)
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (!is_digit(s->data[i]))
			return false;
		*value = *value * 10 + (s->data[i] - '0');
	}
	*s = span_skip(*s, count);
	return true;
}

static bool take_byte(struct span *s, char byte)
{
	if (!s->len || s->data[0] != byte)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

/* ".375": what is beyond milliseconds is cut. *unit_ms becomes what one of the last digit is worth, 1 at least. */
static bool take_fraction(struct span *s, int64_t *ms, int64_t *unit_ms)
{
	int64_t worth = SECOND_MS;

	if (!take_byte(s, '.'))
		return true;
	if (!s->len || !is_digit(s->data[0]))
		return false;
	for (; s->len && is_digit(s->data[0]); *s = span_skip(*s, 1)) {
		worth /= 10;
		*ms += worth * (s->data[0] - '0');
	}
	*unit_ms = worth ? worth : 1;
	return true;
}

static bool take_zone(struct span *s, int64_t *east_ms)
{
	int hours, minutes = 0;

	*east_ms = 0;
	if (!s->len || take_byte(s, 'Z') || take_byte(s, 'z'))
		return true;
	int64_t sign = take_byte(s, '-') ? -1 : take_byte(s, '+') ? 1 : 0;
	if (!sign || !take_digits(s, 2, &hours))
		return false;
	take_byte(s, ':');
	if (s->len && !take_digits(s, 2, &minutes))
		return false;
	*east_ms = sign * (hours * HOUR_MS + minutes * MINUTE_MS);
	return hours < 24 && minutes < 60;
}

static bool take_clock(struct span *s, int64_t *ms, int64_t *unit_ms)
{
	int hours, minutes, seconds = 0;

	if (!take_digits(s, 2, &hours) || !take_byte(s, ':') || !take_digits(s, 2, &minutes))
		return false;
	*unit_ms = MINUTE_MS;
	if (take_byte(s, ':')) {
		if (!take_digits(s, 2, &seconds))
			return false;
		*unit_ms = SECOND_MS;
		*ms += seconds * SECOND_MS;
		if (!take_fraction(s, ms, unit_ms))
			return false;
	}
	*ms += hours * HOUR_MS + minutes * MINUTE_MS;
	return hours < 24 && minutes < 60 && seconds < 61;
}

/* 2026-11-23 or 20261123; midnight in *ms. */
static bool take_date(struct span *s, int64_t *ms)
{
	struct tm tm = { 0 };
	int year, month, day;

	if (!take_digits(s, 4, &year))
		return false;
	bool dashes = take_byte(s, '-');
	if (!take_digits(s, 2, &month) || (dashes && !take_byte(s, '-')) || !take_digits(s, 2, &day))
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	*ms = (int64_t)timegm(&tm) * SECOND_MS;
	return tm.tm_mon == month - 1 && tm.tm_mday == day; /* timegm put no 31st of June right */
}

static bool parse_iso(struct span s, struct moment *moment)
{
	int64_t ms, unit_ms = DAY_MS, east_ms = 0;

	if (!take_date(&s, &ms))
		return false;
	if (take_byte(&s, 'T') || take_byte(&s, 't') || take_byte(&s, ' ')) {
		if (!take_clock(&s, &ms, &unit_ms) || !take_zone(&s, &east_ms))
			return false;
	}
	moment->first_ms = ms - east_ms;
	moment->last_ms = moment->first_ms + unit_ms - 1;
	return s.len == 0;
}

static bool parse_ago(struct span s, int64_t now_ms, struct moment *moment)
{
	static const struct {
		char name;
		int64_t ms;
	} units[] = {
		{ 's', SECOND_MS }, { 'm', MINUTE_MS }, { 'h', HOUR_MS }, { 'd', DAY_MS }, { 'w', 7 * DAY_MS },
	};
	uint64_t count;
	size_t digits = span_decimal(s, &count);

	if (!digits || s.len != digits + 1 || count > 1000000)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].name != s.data[digits])
			continue;
		moment->first_ms = moment->last_ms = now_ms - (int64_t)count * units[i].ms;
		return true;
	}
	return false;
}

static bool parse_epoch(struct span s, struct moment *moment)
{
	int64_t ms = 0, unit_ms = SECOND_MS;
	uint64_t seconds;
	size_t digits = span_decimal(s, &seconds);

	if (digits < EPOCH_DIGITS_MIN || digits > EPOCH_DIGITS_MAX)
		return false;
	s = span_skip(s, digits);
	if (!take_fraction(&s, &ms, &unit_ms) || s.len)
		return false;
	moment->first_ms = (int64_t)seconds * SECOND_MS + ms;
	moment->last_ms = moment->first_ms + unit_ms - 1;
	return true;
}

bool moment_parse(const char *text, int64_t now_ms, struct moment *moment)
{
	struct span s = span_trim(span_of(text));

	return parse_ago(s, now_ms, moment) || parse_iso(s, moment) || parse_epoch(s, moment);
}
