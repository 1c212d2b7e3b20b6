/* Which files are one series, and in which order they are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "source/rotation.h"

static int compare(const void *left, const void *right)
{
	struct rotation a = rotation_of(span_of(*(const char *const *)left));
	struct rotation b = rotation_of(span_of(*(const char *const *)right));

	return rotation_compare(&a, &b);
}

/* The names are given in the order in which they must be read; they are turned round and sorted. */
static void check_order(const char *const *names, size_t count)
{
	const char *sorted[16] = { 0 };

	for (size_t i = 0; i < count; i++)
		sorted[i] = names[count - 1 - i];
	qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(sorted[i], names[i]);
}

static bool same(const char *left, const char *right)
{
	struct rotation a = rotation_of(span_of(left)), b = rotation_of(span_of(right));

	return rotation_same_series(&a, &b);
}

static void check_series(const char *const *names, size_t count)
{
	check_order(names, count);
	for (size_t i = 1; i < count; i++)
		assert_true(same(names[0], names[i]));
}

#define CHECK_SERIES(...)                                            \
	do {                                                         \
		static const char *const names[] = { __VA_ARGS__ };  \
		check_series(names, sizeof(names) / sizeof(*names)); \
	} while (0)

static void test_numbers(void **state)
{
	CHECK_SERIES("audit.log.10", "audit.log.9", "audit.log.2", "audit.log.1", "audit.log");
	CHECK_SERIES("syslog.7.gz", "syslog.2.gz", "syslog.1", "syslog");
	CHECK_SERIES("a/audit.2.log", "a/audit.1.log.xz", "a/audit.log");
}

static void test_dates(void **state)
{
	CHECK_SERIES("audit.log-20231231", "audit.log-20240101.gz", "audit.log-20240102", "audit.log");
	CHECK_SERIES("audit.log.2023-12-31", "audit.log.2024-01-01.zst", "audit.log");
	CHECK_SERIES("messages-20240101-1704067200", "messages-20240101-1704070800", "messages-20240102-0", "messages");
	CHECK_SERIES("audit-20240101.log", "audit-20240102.log.lz4", "audit.log");
	CHECK_SERIES("x.log-2024010105", "x.log-20240101T06", "x.log");
}

static void test_compressions(void **state)
{
	CHECK_SERIES("audit.log.5.gz", "audit.log.4.xz", "audit.log.3.zst", "audit.log.2.bz2", "audit.log.1.lz4",
		     "audit.log");
	assert_true(span_equal(rotation_uncompressed(SPAN("x.log.gz")), SPAN("x.log")));
	assert_true(span_equal(rotation_uncompressed(SPAN(".gz")), SPAN(".gz")));
}

static void test_journals(void **state)
{
	CHECK_SERIES("system@0005f0a1b2c3d4e4-0011223344556677.journal~",
		     "system@1c92c9aecc984553b8deed2235ddfb1c-0000000000000001-0005f0a1b2c3d4e5.journal",
		     "system@1c92c9aecc984553b8deed2235ddfb1c-0000000000000900-0005f0a1b2c3d4e6.journal",
		     "system.journal");
	assert_false(same("system.journal", "user-1000.journal"));
}

static void test_different_series(void **state)
{
	assert_false(same("audit.log", "auth.log"));
	assert_false(same("a/audit.log", "b/audit.log.1"));
	assert_false(same("audit.log", "audit.log.old"));
	assert_false(same("10.0.0.5.log", "10.0.0.6.log"));
	assert_false(same("host-10.0.0.5", "host-10.0.0.6"));
	assert_false(same("audit", "audit.log"));
	assert_false(same("audit.log.20241399", "audit.log"));
	assert_false(same("audit.log.123456", "audit.log"));
}

static void test_whole_directory(void **state)
{
	static const char *const names[] = { "var/log/auth.log.1", "var/log/auth.log", "var/log/syslog",
					     "var/log/audit/audit.log.1", "var/log/audit/audit.log" };

	check_order(names, 5);
}

static void test_odd_names(void **state)
{
	static const char *const names[] = { "",    "/",  ".",	"..", ".1",	"-20240101",
					     ".gz", "a.", "a-", "x/", ".1.log", "@.journal" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_true(same(names[i], names[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),		 cmocka_unit_test(test_dates),
		cmocka_unit_test(test_compressions),	 cmocka_unit_test(test_journals),
		cmocka_unit_test(test_different_series), cmocka_unit_test(test_whole_directory),
		cmocka_unit_test(test_odd_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
