/* decode/stamp.c: times as logs write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "decode/dress.h"

static int64_t utc(int year, int month, int day, int hour, int minute, int second, int ms)
{
	struct tm tm = { .tm_year = year - 1900,
			 .tm_mon = month - 1,
			 .tm_mday = day,
			 .tm_hour = hour,
			 .tm_min = minute,
			 .tm_sec = second };

	return (int64_t)timegm(&tm) * 1000 + ms;
}

#define ISO(text, expected_used, expected)                                     \
	do {                                                                   \
		int64_t ms = 7;                                                \
		assert_int_equal(stamp_iso(SPAN(text), &ms), (expected_used)); \
		assert_int_equal(ms, (expected));                              \
	} while (0)

static void iso(void **state)
{
	ISO("2024-01-25T12:34:56Z x", 20, utc(2024, 1, 25, 12, 34, 56, 0));
	ISO("2024-01-25T12:34:56.789+01:00", 29, utc(2024, 1, 25, 11, 34, 56, 789));
	ISO("2024-01-25T12:34:56.789123-0730", 31, utc(2024, 1, 25, 20, 4, 56, 789));
	ISO("2024-01-25 12:34:56,5+02", 24, utc(2024, 1, 25, 10, 34, 56, 500));
	ISO("2024-01-25 12:34:56 host", 19, utc(2024, 1, 25, 12, 34, 56, 0));
	ISO("2024-02-29T00:00:00", 19, utc(2024, 2, 29, 0, 0, 0, 0));
	ISO("2023-02-29T00:00:00", 0, 7);
	ISO("2024-13-01T00:00:00", 0, 7);
	ISO("2024-00-01T00:00:00", 0, 7);
	ISO("2024-01-01T24:00:00", 0, 7);
	ISO("2024-01-01T23:59:61", 0, 7);
	ISO("2024-01-01T23:59:6", 0, 7);
	ISO("2024-01-01", 0, 7);
	ISO("", 0, 7);
	ISO("1969-12-31T23:59:59Z", 20, -1000);
	ISO("2024-01-25T12:34:56+99:99", 19, utc(2024, 1, 25, 12, 34, 56, 0));
}

static void every_day(void **state)
{
	char text[32];
	int64_t ms;

	for (int64_t day = 0; day < 60000; day++) {
		time_t seconds = (time_t)day * 86400 + day % 86400;
		struct tm tm;
		gmtime_r(&seconds, &tm);
		size_t len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		assert_int_equal(stamp_iso((struct span){ text, len }, &ms), len);
		assert_int_equal(ms, (int64_t)seconds * 1000);
	}
}

#define BSD(text, near, expected_used, expected)                                       \
	do {                                                                           \
		int64_t ms = 7;                                                        \
		assert_int_equal(stamp_bsd(SPAN(text), (near), &ms), (expected_used)); \
		assert_int_equal(ms, (expected));                                      \
	} while (0)

static void bsd(void **state)
{
	int64_t near = utc(2024, 1, 25, 18, 0, 0, 0);

	BSD("Jan 25 12:34:56 host", near, 15, utc(2024, 1, 25, 12, 34, 56, 0));
	BSD("Jan  5 12:34:56 host", near, 15, utc(2024, 1, 5, 12, 34, 56, 0));
	BSD("Dec 31 23:59:59 host", near, 15, utc(2023, 12, 31, 23, 59, 59, 0));
	BSD("Jan 26 12:00:00 host", near, 15, utc(2024, 1, 26, 12, 0, 0, 0)); /* another zone's tomorrow */
	BSD("Jan 27 12:00:00 host", near, 15, utc(2023, 1, 27, 12, 0, 0, 0));
	BSD("Feb 29 12:00:00 host", near, 15, utc(2020, 2, 29, 12, 0, 0, 0));
	BSD("Feb 29 12:00:00 host", utc(2024, 3, 1, 0, 0, 0, 0), 15, utc(2024, 2, 29, 12, 0, 0, 0));
	BSD("Jan  1 15:09:04.562575 localhost", near, 22, utc(2024, 1, 1, 15, 9, 4, 562));
	BSD("Jan  1 15:09:04-08:00 localhost", near, 21, utc(2024, 1, 1, 23, 9, 4, 0));
	BSD("Jan 25 2011 12:34:56 host", near, 20, utc(2011, 1, 25, 12, 34, 56, 0));
	BSD("Jan 25 12:34:56", 0, 15, utc(1970, 1, 25, 12, 34, 56, 0));
	BSD("Feb 29 12:34:56", 0, 15, utc(1972, 2, 29, 12, 34, 56, 0));
	BSD("Jan 25 12:34:56", INT64_MAX, 15, utc(1970, 1, 25, 12, 34, 56, 0));
	BSD("Jan 25 12:34:56", -5, 15, utc(1970, 1, 25, 12, 34, 56, 0));
	BSD("Feb 30 12:34:56", near, 0, 7);
	BSD("Jan 32 12:34:56", near, 0, 7);
	BSD("MMM 22 07:54:32 host", near, 0, 7);
	BSD("Jan 25 12:34:5", near, 0, 7);
	BSD("Jan 25", near, 0, 7);
	BSD("", near, 0, 7);
}

#define AUSEARCH(text, expected_used, expected)                                     \
	do {                                                                        \
		int64_t ms = 7;                                                     \
		assert_int_equal(stamp_ausearch(SPAN(text), &ms), (expected_used)); \
		assert_int_equal(ms, (expected));                                   \
	} while (0)

static void ausearch(void **state)
{
	AUSEARCH("09/17/2023 17:15:56.661:623", 23, utc(2023, 9, 17, 17, 15, 56, 661));
	AUSEARCH("11/23/26 10:48:31.206:7368", 21, utc(2026, 11, 23, 10, 48, 31, 206));
	AUSEARCH("25/01/2026 12:34:56.789:1", 23, utc(2026, 1, 25, 12, 34, 56, 789));
	AUSEARCH("25.01.2026 12:34:56.789:1", 23, utc(2026, 1, 25, 12, 34, 56, 789));
	AUSEARCH("05.01.2026 12:34:56.789:1", 23, utc(2026, 1, 5, 12, 34, 56, 789));
	AUSEARCH("2026-01-25 12:34:56.789:1", 23, utc(2026, 1, 25, 12, 34, 56, 789));
	AUSEARCH("1490137971.011:50406", 0, 7);
	AUSEARCH("13/13/2026 12:34:56.789", 0, 7);
	AUSEARCH("01/02-2026 12:34:56.789", 0, 7);
	AUSEARCH("01/02/20260 12:34:56.789", 0, 7);
	AUSEARCH("01/02", 0, 7);
	AUSEARCH("", 0, 7);
}

/* No byte behind the span is read (the sanitizers watch), and every stamp is used up to its end at most. */
static void any_bytes(void **state)
{
	static const char alphabet[] = "0123456789:-/.TZ+ JanFebDec";

	srand(3);
	for (int round = 0; round < 200000; round++) {
		size_t len = (size_t)rand() % 32;
		char *bytes = malloc(len ? len : 1);
		struct span text = { bytes, len };
		int64_t ms;
		for (size_t i = 0; i < len; i++)
			bytes[i] = alphabet[(size_t)rand() % (sizeof(alphabet) - 1)];
		assert_true(stamp_iso(text, &ms) <= len);
		assert_true(stamp_bsd(text, 1700000000000, &ms) <= len);
		assert_true(stamp_ausearch(text, &ms) <= len);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso),	    cmocka_unit_test(every_day), cmocka_unit_test(bsd),
		cmocka_unit_test(ausearch), cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
