/* Without gmtime and strftime: millions of accesses are printed, three times each. */
#include "sink/iso_time.h"

#include "model/record.h"

#define DAY_MS INT64_C(86400000)
#define YEAR_0000_MS (INT64_C(-719528) * DAY_MS)
#define YEAR_10000_MS (INT64_C(2932897) * DAY_MS)

static char *add_digits(char *at, unsigned value, unsigned digits, char behind)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	at[digits] = behind;
	return at + digits + 1;
}

/* Days since 0000-03-01 to a date: Howard Hinnant, "chrono-compatible low-level date algorithms". */
static char *add_date(char *at, unsigned days)
{
	unsigned era = days / 146097, day_of_era = days % 146097;
	unsigned year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	unsigned day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * day_of_year + 2) / 153;
	unsigned day = day_of_year - (153 * month + 2) / 5 + 1;

	month = month < 10 ? month + 3 : month - 9;
	at = add_digits(at, year + era * 400 + (month <= 2), 4, '-');
	at = add_digits(at, month, 2, '-');
	return add_digits(at, day, 2, 'T');
}

const char *iso_time(int64_t time_ms, char room[ISO_TIME_ROOM])
{
	/* from 0000-03-01, so that every day counts from there upward */
	int64_t begin = YEAR_0000_MS + 60 * DAY_MS;

	if (time_ms < begin || time_ms >= YEAR_10000_MS)
		return NULL;
	uint64_t since = (uint64_t)(time_ms - begin);
	unsigned of_day = (unsigned)(since % (uint64_t)DAY_MS);
	char *at = add_date(room, (unsigned)(since / (uint64_t)DAY_MS));
	at = add_digits(at, of_day / 3600000, 2, ':');
	at = add_digits(at, of_day / 60000 % 60, 2, ':');
	at = add_digits(at, of_day / 1000 % 60, 2, '.');
	at = add_digits(at, of_day % 1000, 3, 'Z');
	*at = '\0';
	return room;
}
