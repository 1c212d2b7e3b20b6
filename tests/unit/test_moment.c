/* Times as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cmd/moment.h"

#define NOW INT64_C(1795474561786) /* 2026-11-23T22:56:01.786Z */

static void is(const char *text, int64_t first_ms, int64_t last_ms)
{
	struct moment moment;

	if (!moment_parse(text, NOW, &moment))
		fail_msg("no time: %s", text);
	if (moment.first_ms != first_ms || moment.last_ms != last_ms)
		fail_msg("%s: %lld to %lld", text, (long long)moment.first_ms, (long long)moment.last_ms);
}

static void dates_and_times(void **state)
{
	is("2026-11-23", 1795392000000, 1795478399999);
	is("20261123", 1795392000000, 1795478399999);
	is("2024-02-29", 1709164800000, 1709251199999);
	is("2026-11-23T22:56", 1795474560000, 1795474619999);
	is("2026-11-23T22:56:01", 1795474561000, 1795474561999);
	is("2026-11-23 22:56:01Z", 1795474561000, 1795474561999);
	is("2026-11-23t22:56:01.7z", 1795474561700, 1795474561799);
	is("2026-11-23T22:56:01.786", NOW, NOW);
	is("2026-11-23T22:56:01.786999999", NOW, NOW);
	is("2026-11-24T00:56:01.786+02:00", NOW, NOW);
	is("2026-11-23T17:26:01.786-0530", NOW, NOW);
	is("2026-11-24T00:56:01.786+02", NOW, NOW);
	is(" 2026-11-23T22:56:01.786 ", NOW, NOW);
	is("1970-01-01T00:00:00.000", 0, 0);
	is("1969-12-31T23:59:59.999", -1, -1);
}

static void seconds_since_the_epoch(void **state)
{
	is("1795474561", 1795474561000, 1795474561999);
	is("1795474561.786", NOW, NOW);
	is("100000000", 100000000000, 100000000999);
	is("99999999999.9", 99999999999900, 99999999999999);
}

static void so_long_ago(void **state)
{
	is("0s", NOW, NOW);
	is("45s", NOW - 45000, NOW - 45000);
	is("90m", NOW - 5400000, NOW - 5400000);
	is("2h", NOW - 7200000, NOW - 7200000);
	is("3d", NOW - 259200000, NOW - 259200000);
	is("1w", NOW - 604800000, NOW - 604800000);
}

static void what_is_no_time(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"now",
		"yesterday",
		"-1h",
		"h",
		"2y",
		"2 h",
		"2hh",
		"1.5h",
		"9999999999999h",
		"2026",
		"2026-1-1",
		"2026-13-01",
		"2026-00-10",
		"2026-02-30",
		"2025-02-29",
		"2026-11-23T",
		"2026-11-23T22",
		"2026-11-23T24:00",
		"2026-11-23T22:60",
		"2026-11-23T22:56:61",
		"2026-11-23T22:56:01.",
		"2026-11-23T22:56:01x",
		"2026-11-23T22:56:01+",
		"2026-11-23T22:56:01+24:00",
		"2026-11-23T22:56:01+02:60",
		"2026-11-23T22:56:01Z ago",
		"2026-11-23Z",
		"2026/11/23",
		"1795474561.",
		"1795474561.x",
		"179547456178600000",
		"99999999999999999999999",
		"-5",
		"+5",
		"0x10",
		"0",
		"12345678",
	};
	struct moment moment;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (moment_parse(texts[i], NOW, &moment))
			fail_msg("taken for a time: '%s'", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_and_times),
		cmocka_unit_test(seconds_since_the_epoch),
		cmocka_unit_test(so_long_ago),
		cmocka_unit_test(what_is_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
