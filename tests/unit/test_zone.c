/* query/zone.c: files of the zone database, whole, cut, and wrong. What zones mean is in functions_date.cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "query/calendar.h"
#include "query/zone.h"

static char bytes[65536];
static size_t len;
static struct arena arena;

static int begin(void **state)
{
	FILE *file = fopen("/usr/share/zoneinfo/America/Los_Angeles", "re");

	arena_init(&arena, 0);
	if (!file)
		return -1;
	len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return len ? 0 : -1;
}

static int end(void **state)
{
	arena_finish(&arena);
	return 0;
}

static struct zone_type at(const struct zone *zone, int64_t seconds)
{
	struct zone_type type = zone_at(zone, seconds);

	assert_in_range(type.offset + 100000, 0, 200000);
	return type;
}

/* Every time has an offset, whatever the file says. */
static void ask(const struct zone *zone)
{
	static const int64_t times[] = { -CALENDAR_MS_MAX / 1000, -1, 0, 1710064800, 1720000000, 2855822400,
					 CALENDAR_MS_MAX / 1000 };

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		at(zone, times[i]);
		zone_to_utc(zone, times[i]);
	}
}

static void whole_file(void **state)
{
	struct zone zone = { 0 };

	assert_true(zone_read(&zone, (struct span){ bytes, len }, &arena));
	assert_true(zone.has_rule);
	assert_int_equal(at(&zone, 1710064799).offset, -8 * 3600);
	assert_int_equal(at(&zone, 1710064800).offset, -7 * 3600);
	assert_true(span_equal(at(&zone, 1710064800).name, SPAN("PDT")));
	ask(&zone);
}

static void cut_file(void **state)
{
	for (size_t cut = 0; cut < len; cut++) {
		struct zone zone = { 0 };
		char *copy = arena_alloc(&arena, cut + 1);
		memcpy(copy, bytes, cut);
		if (zone_read(&zone, (struct span){ copy, cut }, &arena))
			ask(&zone);
	}
	arena_reset(&arena);
}

static void wrong_bytes(void **state)
{
	uint64_t seed = 1;

	for (int i = 0; i < 20000; i++) {
		struct zone zone = { 0 };
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		size_t place = (size_t)(seed >> 33) % len;
		char before = bytes[place];
		bytes[place] = (char)(seed >> 20);
		if (zone_read(&zone, (struct span){ bytes, len }, &arena))
			ask(&zone);
		bytes[place] = before;
		arena_reset(&arena);
	}
}

static void rules(void **state)
{
	static const char *const right[] = { "UTC0",
					     "<-03>3",
					     "CET-1CEST,M3.5.0,M10.5.0/3",
					     "IST-2IDT,M3.4.4/26,M10.5.0",
					     "A1B,J60/2,300/-1:30:15",
					     "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0" };
	static const char *const wrong[] = { "",
					     "UTC",
					     "0",
					     "<-03",
					     "PST8PDT",
					     "PST8PDT,M3.2.0",
					     "PST8PDT,M13.2.0,M11.1.0",
					     "PST8PDT,M3.6.0,M11.1.0",
					     "PST8PDT,M3.2.7,M11.1.0",
					     "PST8PDT,M3.2.0,M11.1.0x",
					     "PST999999999999",
					     "PST8PDT,J366,0",
					     "PST8PDT,,",
					     "A8:60",
					     "A25" };
	struct zone_rule rule;

	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
		assert_true(zone_rule_read(&rule, span_of(right[i])));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(zone_rule_read(&rule, span_of(wrong[i])));
}

/* Day 60 of J is 1 March in every year; day 59 counted from 0 is 29 February in some. */
static void days_of_rules(void **state)
{
	struct zone_rule rule;
	int64_t leap = calendar_days(2024, 3) * 86400, usual = calendar_days(2023, 3) * 86400;

	assert_true(zone_rule_read(&rule, SPAN("A0B,J60/0,J300/0")));
	assert_false(zone_rule_at(&rule, leap - 1).daylight);
	assert_true(zone_rule_at(&rule, leap).daylight);
	assert_false(zone_rule_at(&rule, usual - 1).daylight);
	assert_true(zone_rule_at(&rule, usual).daylight);
	assert_true(zone_rule_read(&rule, SPAN("A0B,59/0,300/0")));
	assert_true(zone_rule_at(&rule, leap - 86400).daylight);
	assert_false(zone_rule_at(&rule, usual - 1).daylight);
	assert_true(zone_rule_at(&rule, usual).daylight);
}

static void offsets(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		int32_t seconds;
	} cases[] = { { "+01:00", 6, 3600 }, { "-0530x", 5, -19800 }, { "+5", 2, 18000 },
		      { "+05:", 3, 18000 },  { "+530", 4, 19800 },    { "5", 0, 0 },
		      { "+", 0, 0 },	     { "+24", 0, 0 },	      { "+0060", 0, 0 },
		      { "", 0, 0 },	     { "-00:00", 6, 0 },      { "+5:30", 5, 19800 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int32_t seconds = 0;
		assert_int_equal(zone_offset(span_of(cases[i].text), &seconds), cases[i].len);
		if (cases[i].len)
			assert_int_equal(seconds, cases[i].seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_file), cmocka_unit_test(cut_file),      cmocka_unit_test(wrong_bytes),
		cmocka_unit_test(rules),      cmocka_unit_test(days_of_rules), cmocka_unit_test(offsets),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
