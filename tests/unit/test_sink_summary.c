/* summary_text, progress, iso_time, quantity: what the operator reads beside the findings. */
#include "sink/iso_time.h"
#include "sink/progress.h"
#include "sink/quantity.h"
#include "sink/summary_text.h"
#include "sink_samples.h"

#include <locale.h>
#include <stdio.h>
#include <time.h>

/* ---- numbers ---- */

static void test_quantity(void **state)
{
	char room[QUANTITY_ROOM];

	assert_string_equal(quantity_count(0, room), "0");
	assert_string_equal(quantity_count(999, room), "999");
	assert_string_equal(quantity_count(1000, room), "1,000");
	assert_string_equal(quantity_count(4812332, room), "4,812,332");
	assert_string_equal(quantity_count(UINT64_MAX, room), "18,446,744,073,709,551,615");
	assert_string_equal(quantity_bytes(0, room), "0 bytes");
	assert_string_equal(quantity_bytes(1, room), "1 byte");
	assert_string_equal(quantity_bytes(999, room), "999 bytes");
	assert_string_equal(quantity_bytes(1000, room), "1.0 kB");
	assert_string_equal(quantity_bytes(9999, room), "9.9 kB");
	assert_string_equal(quantity_bytes(10000, room), "10 kB");
	assert_string_equal(quantity_bytes(999999, room), "999 kB");
	assert_string_equal(quantity_bytes(1234567890, room), "1.2 GB");
	assert_string_equal(quantity_bytes(UINT64_MAX, room), "18 EB");
	assert_string_equal(quantity_seconds(0, room), "0.00 s");
	assert_string_equal(quantity_seconds(0.042, room), "0.04 s");
	assert_string_equal(quantity_seconds(1.26, room), "1.3 s");
	assert_string_equal(quantity_seconds(59.96, room), "1 min 0 s");
	assert_string_equal(quantity_seconds(125, room), "2 min 5 s");
	assert_string_equal(quantity_seconds(11220, room), "3 h 7 min");
	assert_string_equal(quantity_seconds(-1, room), "0.00 s");
	assert_non_null(quantity_seconds(1e300, room));
}

static void test_iso_time(void **state)
{
	char room[ISO_TIME_ROOM], expected[80];
	uint64_t seed = 21;

	assert_string_equal(iso_time(0, room), "1970-01-01T00:00:00.000Z");
	assert_string_equal(iso_time(-1, room), "1969-12-31T23:59:59.999Z");
	assert_string_equal(iso_time(1795474561786, room), "2026-11-23T22:56:01.786Z");
	assert_string_equal(iso_time(951782400000, room), "2000-02-29T00:00:00.000Z");
	assert_string_equal(iso_time(253402300799999, room), "9999-12-31T23:59:59.999Z");
	assert_null(iso_time(253402300800000, room));
	assert_null(iso_time(TIME_UNKNOWN, room));
	assert_null(iso_time(INT64_MAX, room));
	for (int i = 0; i < 100000; i++) { /* every day from 1900 to 2200 or so, against the C library */
		int64_t ms = (int64_t)(sample_random(&seed) % 9467000000000) - 2208988800000;
		time_t seconds = (time_t)((ms - (ms % 1000 + 1000) % 1000) / 1000);
		struct tm tm;
		size_t len = strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &tm));
		snprintf(expected + len, sizeof(expected) - len, ".%03dZ", (int)((ms % 1000 + 1000) % 1000));
		assert_string_equal(iso_time(ms, room), expected);
	}
}

/* ---- the line of truth ---- */

static void assert_summary(const struct summary *summary, const char *expected)
{
	struct buffer text = { 0 };

	summary_text(&text, summary, true);
	buffer_add_byte(&text, '\0');
	assert_string_equal(text.data, expected);
	buffer_finish(&text);
}

static struct summary typical(void)
{
	return (struct summary){
		.files = 3,
		.bytes = 1234567890,
		.records = 4812332,
		.events = 1203411,
		.accesses = 12034,
		.self = 11200,
		.suppressed = 802,
		.findings = 32,
		.unknown_target = 2,
		.coverage_seen_procfs = true,
		.seconds = 1.3,
	};
}

static void test_summary_line(void **state)
{
	struct summary summary = typical();

	assert_summary(&summary, "1.2 GB in 3 files, 4,812,332 records, 1,203,411 events, 12,034 accesses "
				 "(11,200 own, 802 suppressed by tuning), 32 findings; lost: none; "
				 "unknown target: 2; 1.3 s\n");
}

static void test_summary_line_of_nothing(void **state)
{
	static const struct summary nothing;

	assert_summary(&nothing, "0 bytes in 0 files, 0 records, 0 events, 0 accesses, 0 findings; lost: none; 0.00 s\n"
				 "  note: no audit record was read, so finding nothing proves nothing\n");
}

static void test_summary_blind_host(void **state)
{
	struct summary summary = { .files = 1, .bytes = 10, .records = 1, .events = SUMMARY_NOT_COUNTED };

	assert_summary(&summary, "10 bytes in 1 file, 1 record, events not counted, 0 accesses, 0 findings; "
				 "lost: not counted; 0.00 s\n"
				 "  note: no open on procfs is in this log, by anybody: the host's audit rules may not "
				 "cover it, and finding nothing proves nothing\n");
}

static void test_summary_losses_and_details(void **state)
{
	static struct summary summary;
	struct origin origin = { .file = "/var/log/a\033[2J", .member = "b.log", .offset = 77 };

	summary = typical();
	summary.lost_told = 12;
	summary.serial_gaps = 1;
	summary.evicted = 3;
	summary.uncertain = 4;
	summary.late_records = 5;
	summary.duplicate_records = 6;
	summary.log_lines = 7;
	summary.untiered = 8;
	summary_count(summary.suppressions, "needrestart", (struct span){ 0 }, NULL);
	summary_count(summary.undecoded, "binary", SPAN("\0\033]0;x\a"), &origin);
	summary_note(&summary, true, false, "%s: shrank while it was read", "a.log");
	summary_note(&summary, true, false, "%s: shrank while it was read", "a.log");
	summary_note(&summary, false, true, "%s: Permission denied", "\xe2\x80\xae.log");
	summary_note(&summary, false, false, "a note");
	assert_summary(&summary, "1.2 GB in 3 files, 4,812,332 records, 1,203,411 events, 7 log lines, 12,034 accesses "
				 "(11,200 own, 802 suppressed by tuning, 8 in no tier), 32 findings; "
				 "lost: 12 events that the log says are missing, 1 serial number missing, "
				 "3 entries of full history tables; unknown target: 2; uncertain target: 4; "
				 "records come late: 5; records read twice: 6; 1.3 s\n"
				 "  suppressed: 1 by needrestart (--show-suppressed lists them)\n"
				 "  not decoded: 1 of binary, such as \"\\x00\\x1b]0;x\\x07\" in /var/log/a\\x1b[2J, "
				 "member b.log at byte 77\n"
				 "  lost: a.log: shrank while it was read (2 times)\n"
				 "  error: \\xe2\\x80\\xae.log: Permission denied\n"
				 "  note: a note\n");
}

/* ---- progress ---- */

struct screen {
	int ends[2];
	struct progress progress;
};

static struct screen screen_begin(unsigned width)
{
	struct screen screen;

	assert_int_equal(pipe(screen.ends), 0);
	progress_init(&screen.progress, screen.ends[1], width, true, 1000);
	return screen;
}

static void assert_screen(struct screen *screen, const char *expected)
{
	char text[4096];

	assert_int_equal(write(screen->ends[1], "", 1), 1); /* so that read has something */
	ssize_t n = read(screen->ends[0], text, sizeof(text));
	assert_true(n > 0);
	assert_string_equal(text, expected);
}

static void screen_end(struct screen *screen)
{
	close(screen->ends[0]);
	close(screen->ends[1]);
}

static void test_progress_is_silent_when_work_is_short(void **state)
{
	struct screen screen = screen_begin(80);

	for (int64_t now = 1000; now < 1500; now += 10)
		progress_update(&screen.progress, 1000, 2000, "audit.log", now);
	progress_erase(&screen.progress);
	assert_screen(&screen, "");
	screen_end(&screen);
}

static void test_progress_line(void **state)
{
	struct screen screen = screen_begin(100);

	progress_update(&screen.progress, 1200000000, 2900000000, "audit.log.3", 4000);
	assert_screen(&screen, "\r[########............]  41 %  1.2 GB of 2.9 GB  400 MB/s  4.3 s left  audit.log.3");
	progress_update(&screen.progress, 1300000000, 2900000000, "audit.log.3", 4050);
	assert_screen(&screen, ""); /* ten times a second at most */
	progress_update(&screen.progress, 2900000000, 2900000000, NULL, 5000);
	assert_screen(&screen, "\r[####################] 100 %  2.9 GB of 2.9 GB  725 MB/s                         ");
	progress_erase(&screen.progress);
	assert_screen(&screen, "\r                                                        \r");
	progress_erase(&screen.progress);
	assert_screen(&screen, "");
	screen_end(&screen);
}

static void test_progress_of_a_pipe(void **state)
{
	struct screen screen = screen_begin(100);

	progress_update(&screen.progress, 5000, 0, "\033[2Jstdin", 2000);
	assert_screen(&screen, "\r5.0 kB  5.0 kB/s  \\x1b[2Jstdin");
	screen_end(&screen);
}

static void test_progress_fits_the_terminal(void **state)
{
	for (unsigned width = 1; width < 120; width++) {
		struct screen screen = screen_begin(width);
		char text[4096];
		progress_update(&screen.progress, 1200000000, 2900000000, "a-rather-long-name-of-a-file.log", 4000);
		ssize_t n = read(screen.ends[0], text, sizeof(text));
		assert_true(n > 1 && screen.progress.columns <= (width > 1 ? width - 1 : 1));
		screen_end(&screen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantity),
		cmocka_unit_test(test_iso_time),
		cmocka_unit_test(test_summary_line),
		cmocka_unit_test(test_summary_line_of_nothing),
		cmocka_unit_test(test_summary_blind_host),
		cmocka_unit_test(test_summary_losses_and_details),
		cmocka_unit_test(test_progress_is_silent_when_work_is_short),
		cmocka_unit_test(test_progress_line),
		cmocka_unit_test(test_progress_of_a_pipe),
		cmocka_unit_test(test_progress_fits_the_terminal),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
