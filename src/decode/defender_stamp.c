#include "decode/defender_stamp.h"

#include <stdio.h>

#include "decode/dress.h"

struct stamp {
	uint64_t month, day, year, hour, minute, second, ms;
};

static void skip_any(struct span *text, const char *bytes)
{
	while (text->len && text->data[0] && strchr(bytes, text->data[0]))
		*text = span_skip(*text, 1);
}

/* A number, and behind it at least one of `bytes`, or nothing where that is NULL. */
static bool take_number(struct span *text, const char *bytes, uint64_t *value)
{
	size_t used = span_decimal(*text, value);

	if (!used)
		return false;
	*text = span_skip(*text, used);
	size_t left = text->len;
	if (bytes)
		skip_any(text, bytes);
	return !bytes || text->len < left;
}

/* "Mar 1, 2024 " or "3/1/2024, " */
static bool take_date(struct span *text, struct stamp *stamp)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	size_t at = span_find(span_of(months), span_first(*text, 3));

	if (at % 3 == 0 && at < sizeof(months) - 1) {
		stamp->month = at / 3 + 1;
		*text = span_skip(*text, 3);
		skip_any(text, ". ");
		return take_number(text, ", ", &stamp->day) && take_number(text, ", ", &stamp->year);
	}
	return take_number(text, "/", &stamp->month) && take_number(text, "/", &stamp->day) &&
	       take_number(text, ", ", &stamp->year);
}

/* "10:11:12", "10:11:12.123 AM" */
static bool take_clock(struct span *text, struct stamp *stamp)
{
	if (!take_number(text, ":", &stamp->hour) || !take_number(text, ":", &stamp->minute) ||
	    !take_number(text, NULL, &stamp->second))
		return false;
	if (text->len && text->data[0] == '.') {
		struct span digits = span_first(span_skip(*text, 1), 3);
		if (span_decimal(digits, &stamp->ms) != 3)
			stamp->ms = 0;
	}
	size_t half = span_find_nocase(*text, SPAN("PM"));
	if (stamp->hour <= 12 && half < text->len)
		stamp->hour = stamp->hour % 12 + 12;
	else if (stamp->hour == 12 && span_find_nocase(*text, SPAN("AM")) < text->len)
		stamp->hour = 0;
	return true;
}

bool defender_stamp(struct span text, int64_t *time_ms)
{
	struct stamp stamp = { 0 };
	char iso[40];

	if (stamp_iso(text, time_ms))
		return true;
	if (text.len < 10 || text.len > 64 || !take_date(&text, &stamp) || !take_clock(&text, &stamp))
		return false;
	if (stamp.month < 1 || stamp.month > 12 || stamp.day < 1 || stamp.day > 31 || stamp.year < 1970 ||
	    stamp.year > 9999 || stamp.hour > 23 || stamp.minute > 59 || stamp.second > 60)
		return false;
	snprintf(iso, sizeof(iso), "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)stamp.year, (unsigned)stamp.month,
		 (unsigned)stamp.day, (unsigned)stamp.hour, (unsigned)stamp.minute, (unsigned)stamp.second,
		 (unsigned)stamp.ms);
	return stamp_iso(span_of(iso), time_ms) > 0;
}
