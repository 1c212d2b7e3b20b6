#include "rule/sigma/number.h"

#define DIGITS_MAX 300 /* so that neither the number nor what its fraction is divided by is infinite */

/* ---- numbers ---- */

static size_t read_digits(struct span text, double *number, double *scale)
{
	size_t i = 0;

	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
		*number = *number * 10 + (text.data[i] - '0');
		*scale *= 10;
	}
	return i;
}

static double power_of_ten(unsigned exponent)
{
	double power = 1;

	for (unsigned i = 0; i < exponent; i++)
		power *= 10;
	return power;
}

static size_t read_exponent(struct span text, double *number)
{
	size_t sign = text.len > 1 && (text.data[1] == '-' || text.data[1] == '+');
	uint64_t exponent;

	if (text.len == 0 || (text.data[0] | 0x20) != 'e')
		return 0;
	size_t used = span_decimal(span_skip(text, 1 + sign), &exponent);
	if (used == 0 || exponent > 308)
		return 0;
	double power = power_of_ten((unsigned)exponent);
	*number = text.data[1] == '-' ? *number / power : *number * power;
	return 1 + sign + used;
}

bool sigma_number_read(struct span text, double *number)
{
	bool negative = text.len && text.data[0] == '-';
	double value = 0, scale = 1;
	uint64_t hex;

	if (text.len > DIGITS_MAX)
		return false;
	text = span_skip(text, text.len && (negative || text.data[0] == '+'));
	if (span_starts(text, SPAN("0x")) && span_hex(span_skip(text, 2), &hex) == text.len - 2 && text.len > 2) {
		*number = negative ? -(double)hex : (double)hex;
		return true;
	}
	size_t used = read_digits(text, &value, &scale);
	if (used && used < text.len && text.data[used] == '.') {
		scale = 1;
		size_t digits = read_digits(span_skip(text, used + 1), &value, &scale);
		if (digits == 0)
			return false;
		used += 1 + digits;
		value /= scale;
	}
	if (used)
		used += read_exponent(span_skip(text, used), &value);
	*number = negative ? -value : value;
	return used && used == text.len;
}

bool sigma_number_compare(double a, enum sigma_compare compare, double b)
{
	switch (compare) {
	case SIGMA_EQ:
		return a == b;
	case SIGMA_NEQ:
		return a != b;
	case SIGMA_LT:
		return a < b;
	case SIGMA_LTE:
		return a <= b;
	case SIGMA_GT:
		return a > b;
	case SIGMA_GTE:
		return a >= b;
	}
	return false;
}

/* ---- dates ---- */

struct date {
	int64_t year;
	uint64_t month, day, hour, minute;
};

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back (Howard Hinnant, "chrono-compatible date algorithms"). */
static int64_t days_of(int64_t year, uint64_t month, uint64_t day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, struct date *date)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	date->day = (uint64_t)(of_year - (153 * month + 2) / 5 + 1);
	date->month = (uint64_t)(month < 10 ? month + 3 : month - 9);
	date->year = year + era * 400 + (date->month <= 2);
}

static bool read_two(struct span text, size_t at, uint64_t *number)
{
	return text.len >= at + 2 && span_decimal(span_first(span_skip(text, at), 2), number) == 2;
}

static bool read_iso(struct span text, struct date *date)
{
	uint64_t year;

	if (span_decimal(span_first(text, 4), &year) != 4 || text.len < 10 || text.data[4] != '-' ||
	    text.data[7] != '-' || !read_two(text, 5, &date->month) || !read_two(text, 8, &date->day))
		return false;
	date->year = (int64_t)year;
	if (date->month < 1 || date->month > 12 || date->day < 1 || date->day > 31)
		return false;
	if (text.len == 10)
		return true;
	return text.len >= 16 && (text.data[10] == 'T' || text.data[10] == ' ') && text.data[13] == ':' &&
	       read_two(text, 11, &date->hour) && read_two(text, 14, &date->minute) && date->hour < 24 &&
	       date->minute < 60;
}

/* Seconds, and a fraction or not, as audit(1688394732.123:4) begins. */
static bool read_epoch(struct span text, struct date *date)
{
	uint64_t seconds;
	size_t used = span_decimal(text, &seconds);

	if (used == 0 || used > 11 || (used < text.len && text.data[used] != '.'))
		return false;
	date_of((int64_t)(seconds / 86400), date);
	date->hour = seconds / 3600 % 24;
	date->minute = seconds / 60 % 60;
	return true;
}

/* Week 1 is the one with the year's first Thursday. */
static double week_of(const struct date *date)
{
	int64_t days = days_of(date->year, date->month, date->day);
	int64_t thursday = days - (((days + 3) % 7 + 7) % 7) + 3;
	struct date of_thursday;

	date_of(thursday, &of_thursday);
	int64_t week = (thursday - days_of(of_thursday.year, 1, 1)) / 7 + 1;
	return (double)week;
}

bool sigma_date_part(struct span text, enum sigma_time_part part, double *number)
{
	struct date date = { 0 };

	if (!read_iso(text, &date) && !read_epoch(text, &date))
		return false;
	switch (part) {
	case SIGMA_MINUTE:
		*number = (double)date.minute;
		return true;
	case SIGMA_HOUR:
		*number = (double)date.hour;
		return true;
	case SIGMA_DAY:
		*number = (double)date.day;
		return true;
	case SIGMA_WEEK:
		*number = week_of(&date);
		return true;
	case SIGMA_MONTH:
		*number = (double)date.month;
		return true;
	case SIGMA_YEAR:
		*number = (double)date.year;
		return true;
	}
	return false;
}
