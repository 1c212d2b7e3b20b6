#include "query/calendar.h"

const struct span calendar_months[12] = {
	SPAN("January"), SPAN("February"), SPAN("March"),     SPAN("April"),   SPAN("May"),	 SPAN("June"),
	SPAN("July"),	 SPAN("August"),   SPAN("September"), SPAN("October"), SPAN("November"), SPAN("December"),
};

const struct span calendar_weekdays[7] = {
	SPAN("Sunday"),	  SPAN("Monday"), SPAN("Tuesday"),  SPAN("Wednesday"),
	SPAN("Thursday"), SPAN("Friday"), SPAN("Saturday"),
};

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years that begin in March have the leap day at their end (Howard Hinnant, "chrono-compatible date algorithms"). */
int64_t calendar_days(int64_t year, int64_t month)
{
	year += divide_down(month - 1, 12);
	month -= divide_down(month - 1, 12) * 12;
	year -= month <= 2;
	int64_t era = divide_down(year, 400), year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void find_date(struct calendar *calendar, int64_t days)
{
	int64_t era = divide_down(days + 719468, 146097), day_of_era = days + 719468 - era * 146097;
	int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day_of_year + 2) / 153;

	calendar->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	calendar->month = (int)(month + (month < 10 ? 3 : -9));
	calendar->year = year + era * 400 + (calendar->month <= 2);
	calendar->day_of_year = (int)(days - calendar_days(calendar->year, 1) + 1);
	calendar->weekday = (int)(((days + 4) % 7 + 7) % 7);
}

/* The last days of December are in the first week of the next year unless they fill theirs. */
static void find_weeks(struct calendar *calendar)
{
	int year_len = (int)(calendar_days(calendar->year + 1, 1) - calendar_days(calendar->year, 1));
	int weekday = calendar->weekday;

	calendar->week_year = calendar->year;
	calendar->week_of_year = (calendar->day_of_year + 5 - weekday) / 7 + 1;
	calendar->week_of_month = (calendar->day + 5 - weekday) / 7 + 1;
	if (calendar->day_of_year + 6 - weekday > year_len) {
		calendar->week_of_year = 1;
		calendar->week_year++;
	}
}

void calendar_of(struct calendar *calendar, int64_t local_ms)
{
	int64_t days = divide_down(local_ms, DAY_MS);
	int ms = (int)(local_ms - days * DAY_MS);

	find_date(calendar, days);
	find_weeks(calendar);
	calendar->hour = ms / 3600000;
	calendar->minute = ms / 60000 % 60;
	calendar->second = ms / 1000 % 60;
	calendar->ms = ms % 1000;
}
