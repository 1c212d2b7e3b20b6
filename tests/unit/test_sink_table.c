/* table: for people, on any terminal, whatever the log holds. */
#include "sink_samples.h"

#include <locale.h>
#include <wchar.h>

static const struct sink_options wide = { .utf8 = true }, colours = { .utf8 = true, .colour = true };

static void assert_table(const struct sink_options *options, const struct finding *finding, const char *expected)
{
	struct capture capture = capture_sink("table", options, finding, 1);

	assert_string_equal(capture.text, expected);
	capture_free(&capture);
}

static void test_table_row(void **state)
{
	struct finding finding = sample_finding();

	assert_table(&wide, &finding,
		     "TIME                     HOST   RISK        "
		     "ACTOR                                                             "
		     "TARGET       ENTRY  SYSCALL OUTCOME WHY\n"
		     "2026-11-23T22:56:01.786Z web-01 HighRisk 95 "
		     "/usr/bin/python3.11 /home/u/dump_heap.py (4312, uid 0, auid 1000) "
		     "→ sshd (812) mem ×3 openat  success maps then mem of one target; the target holds credentials\n");
}

static void test_table_ascii(void **state)
{
	static const struct sink_options ascii = { 0 };
	struct finding finding = sample_finding();

	finding.access.host = SPAN("caf\xc3\xa9");
	struct capture capture = capture_sink("table", &ascii, &finding, 1);
	for (size_t i = 0; i < capture.len; i++)
		assert_true((unsigned char)capture.text[i] < 0x7f);
	assert_non_null(strstr(capture.text, " caf\\xc3\\xa9 "));
	assert_non_null(strstr(capture.text, "-> sshd (812) mem x3 "));
	capture_free(&capture);
}

static void expect_text(const struct finding *finding, const char *text)
{
	struct capture capture = capture_sink("table", &wide, finding, 1);

	if (!strstr(capture.text, text))
		fail_msg("no \"%s\" in:\n%s", text, capture.text);
	capture_free(&capture);
}

static void test_table_attempt_is_marked(void **state)
{
	struct finding finding = sample_finding();

	finding.access.outcome = -EACCES;
	expect_text(&finding, " EACCES (attempt) ");
}

static void test_table_target(void **state)
{
	struct finding finding = sample_finding();

	finding.access.certain = false;
	expect_text(&finding, "→ sshd (812?) ");
	finding.access.target.exe = finding.access.target.comm = (struct span){ 0 };
	expect_text(&finding, "→ pid 812? ");
	finding.access.target.pid = UNKNOWN_ID;
	expect_text(&finding, "→ unknown ");
	finding.access.self = true;
	expect_text(&finding, "→ itself ");
	finding.access.self = false;
	finding.access.entry = ENTRY_KCORE;
	expect_text(&finding, "→ the whole host ");
}

static void test_table_entry(void **state)
{
	struct finding finding = sample_finding();

	finding.count = 1;
	finding.access.write = true;
	expect_text(&finding, " mem (write) openat");
	finding.access.entry = ENTRY_NONE;
	finding.access.write = false;
	finding.access.verb = VERB_PTRACE;
	finding.access.syscall = SPAN("ptrace");
	finding.access.request = 16;
	expect_text(&finding, " -     ptrace ATTACH ");
	finding.count = 7;
	expect_text(&finding, " ×7    ptrace ATTACH ");
}

static void test_table_evidence_in_words(void **state)
{
	struct finding finding = sample_finding();

	finding.access.verb = VERB_EXEC;
	expect_text(&finding, "credentials: python3 /home/u/dump_heap.py 812 out\n");
	finding.access.verb = VERB_LOG;
	finding.access.message = SPAN("COMMAND=/tmp/mimipenguin\033[2K");
	expect_text(&finding, "credentials: COMMAND=/tmp/mimipenguin\\x1b[2K\n");
	finding.suppressed_by = SPAN("needrestart");
	finding.suppressed_why = SPAN("reads every map");
	expect_text(&finding, "suppressed by needrestart: reads every map; maps then mem");
}

static void test_table_long_text_is_cut(void **state)
{
	static char text[1 << 20];
	struct finding finding = sample_finding();

	memset(text, 'x', sizeof(text));
	finding.access.actor.exe = (struct span){ text, sizeof(text) };
	finding.access.actor.script = (struct span){ 0 };
	struct capture capture = capture_sink("table", &wide, &finding, 1);
	assert_true(capture.len < 2000);
	assert_non_null(strstr(capture.text, "xxx… (4312"));
	capture_free(&capture);
}

static void test_table_nothing_is_nothing(void **state)
{
	struct capture capture = capture_sink("table", &wide, NULL, 0);

	assert_int_equal(capture.len, 0);
	capture_free(&capture);
}

static void test_table_colours_only_when_asked(void **state)
{
	struct finding finding = sample_finding();
	struct capture capture = capture_sink("table", &colours, &finding, 1);

	assert_non_null(strstr(capture.text, "\033[1;31mHighRisk 95\033[0m"));
	capture_free(&capture);
}

/* No control byte but \n, and no line wider than the terminal. */
static void assert_fits(const struct capture *capture, unsigned width)
{
	struct span rest = { capture->text, capture->len };

	while (rest.len) {
		wchar_t line[4096];
		struct span one = span_first(rest, span_index(rest, '\n'));
		assert_true(one.len < rest.len);
		for (size_t i = 0; i < one.len; i++)
			assert_true((unsigned char)one.data[i] >= 0x20 && one.data[i] != 0x7f);
		((char *)(uintptr_t)one.data)[one.len] = '\0';
		size_t n = mbstowcs(line, one.data, 4096);
		if (width && wcswidth(line, n) > (int)width)
			fail_msg("%d columns, not %u: %s", wcswidth(line, n), width, one.data);
		assert_true(n < 4096);
		assert_true(width == 0 || wcswidth(line, n) <= (int)width);
		rest = span_skip(rest, one.len + 1);
	}
}

static void test_table_hostile_fits_every_terminal(void **state)
{
	enum { MAX = 150, ROUNDS = 40 };
	static char rooms[ROUNDS][SAMPLE_TEXTS * MAX];
	static struct finding findings[ROUNDS];
	uint64_t seed = 5;

	for (unsigned width = 40; width < 300; width += 7) {
		struct sink_options options = { .utf8 = true, .width = width };
		for (int i = 0; i < ROUNDS; i++) {
			findings[i] = sample_hostile_finding(&seed, rooms[i], MAX);
			findings[i].count %= 1000000;
		}
		struct capture capture = capture_sink("table", &options, findings, ROUNDS);
		assert_fits(&capture, width < 110 ? 0 : width);
		capture_free(&capture);
	}
}

static void test_table_many_rows_in_batches(void **state)
{
	struct capture capture = capture_begin();
	struct sink *sink = sink_create("table", capture.output, &wide, NULL);
	struct finding finding = sample_finding();
	size_t lines = 0;

	for (int i = 0; i < 2500; i++)
		assert_int_equal(sink_finding(sink, &finding, NULL), 0);
	assert_int_equal(sink_end(sink, NULL), 0);
	sink_destroy(sink);
	capture_end(&capture);
	for (size_t i = 0; i < capture.len; i++)
		lines += capture.text[i] == '\n';
	assert_int_equal(lines, 2500 + 3 + 2); /* three headings, two blank lines */
	capture_free(&capture);
}

static void test_table_ten_megabytes(void **state)
{
	size_t len = 10 << 20;
	char *text = malloc(len);
	struct finding finding = sample_finding();

	for (size_t i = 0; i < len; i++)
		text[i] = (char)(i * 31);
	finding.access.actor.exe = finding.access.host = finding.access.target.comm = finding.reasons[0] =
		(struct span){ text, len };
	finding.access.target.exe = (struct span){ 0 };
	struct capture capture = capture_sink("table", &wide, &finding, 1);
	assert_true(capture.len < 8000);
	assert_fits(&capture, 0);
	capture_free(&capture);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_row),
		cmocka_unit_test(test_table_ascii),
		cmocka_unit_test(test_table_attempt_is_marked),
		cmocka_unit_test(test_table_target),
		cmocka_unit_test(test_table_entry),
		cmocka_unit_test(test_table_evidence_in_words),
		cmocka_unit_test(test_table_long_text_is_cut),
		cmocka_unit_test(test_table_nothing_is_nothing),
		cmocka_unit_test(test_table_colours_only_when_asked),
		cmocka_unit_test(test_table_hostile_fits_every_terminal),
		cmocka_unit_test(test_table_many_rows_in_batches),
		cmocka_unit_test(test_table_ten_megabytes),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
