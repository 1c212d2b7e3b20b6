/* Where a last line without a newline goes on, and what content is taken for a log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/join.h"
#include "source/place.h"
#include "source/sniff.h"

static const char *const lines[] = {
	"type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e syscall=257 exit=3 a0=ffffff9c comm=\"cat\"\n",
	"node=web1 type=PATH msg=audit(1700000000.123:42): item=0 name=\"/proc/1/mem\" inode=1\n",
	"Jan  2 03:04:05 web1 audispd: type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e\n",
	"<86>Jan  2 03:04:05 web1 audispd: node=web1 type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e\n",
	"<13>1 2024-01-02T03:04:05.678Z web1 sudo 123 - - root : COMMAND=/bin/sh\n",
	"2024-01-02T03:04:05.678+00:00 web1 sshd[1]: Accepted publickey for root\n",
	"{\"ID\":\"1700000000.123:42\",\"SYSCALL\":{\"arch\":\"0xc000003e\"},\"PATH\":[{\"name\":\"/proc/1/mem\"}]}\n",
};

/* Cut anywhere, a line comes together again; uncut lines stay two even when the newline between them is lost. */
static void test_any_cut_is_joined(void **state)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct span line = span_of(lines[i]);
		for (size_t at = 1; at < line.len; at++)
			if (!join_wanted(span_first(line, at), span_skip(line, at)))
				fail_msg("cut at %zu: %s", at, lines[i]);
	}
}

static void test_whole_lines_stay_apart(void **state)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		for (size_t j = 0; j < sizeof(lines) / sizeof(*lines); j++) {
			struct span tail = span_of(lines[i]);
			tail.len--;
			if (join_wanted(tail, span_of(lines[j])))
				fail_msg("joined: %s%s", lines[i], lines[j]);
		}
}

static void test_nothing_to_join(void **state)
{
	assert_false(join_wanted(SPAN(""), SPAN("x\n")));
	assert_false(join_wanted(SPAN("x"), SPAN("")));
	assert_true(join_wanted(SPAN("x"), SPAN("\n")));
	assert_true(join_wanted(SPAN("x"), SPAN("\r\n")));
}

static void test_logs_are_known(void **state)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_true(sniff_is_log(span_of(lines[i])));
		assert_int_equal(sniff_content(span_of(lines[i])), CONTENT_TEXT);
	}
	assert_true(sniff_is_log(SPAN("some header\n\n[   12.345678] audit: type=1300\n")));
	assert_true(sniff_is_log(SPAN("Timestamp,DeviceId,DeviceName,ActionType\n")));
	assert_true(sniff_is_log(SPAN("__CURSOR=s=1\n")));
	assert_true(sniff_is_log(SPAN("----\ntime->Tue Jan  2 03:04:05 2024\n")));
	assert_false(sniff_is_log(SPAN("# A heading\n\nSome prose, and more of it.\n")));
	assert_false(sniff_is_log(SPAN("")));
}

static void test_binaries_are_known(void **state)
{
	char wtmp[4096] = { 7 };
	char log[4096] = { 0 };

	assert_int_equal(sniff_content(SPAN("\x7f"
					    "ELF\2\1\1")),
			 CONTENT_BINARY);
	assert_int_equal(sniff_content((struct span){ wtmp, sizeof(wtmp) }), CONTENT_BINARY);
	assert_int_equal(sniff_content(SPAN("LPKSHHRH")), CONTENT_JOURNAL);
	assert_int_equal(sniff_content(SPAN("\x1f\x8b\x08")), CONTENT_COMPRESSED);
	assert_int_equal(sniff_content(SPAN("PK\3\4")), CONTENT_ZIP);
	assert_int_equal(sniff_content(SPAN("")), CONTENT_EMPTY);
	/* A log that begins with zeros, as after a crash, is a log. */
	memcpy(log + 1024, lines[0], strlen(lines[0]));
	assert_int_equal(sniff_content((struct span){ log, sizeof(log) }), CONTENT_TEXT);
}

static void test_trust_of_places(void **state)
{
	assert_int_equal(place_trust(SPAN("/var/log/auth.log")), TRUST_DAEMON);
	assert_int_equal(place_trust(SPAN("secure-20240101.gz")), TRUST_DAEMON);
	assert_int_equal(place_trust(SPAN("syslog.1")), TRUST_DAEMON);
	assert_int_equal(place_trust(SPAN("/var/log/audit/audit.log.2")), TRUST_KERNEL);
	assert_int_equal(place_trust(SPAN("authors.txt")), TRUST_KERNEL);
	assert_int_equal(place_trust(SPAN("")), TRUST_KERNEL);
	assert_true(place_is_host_log(SPAN("/x/kern.log.3.xz")));
	assert_false(place_is_host_log(SPAN("/x/security.txt")));
}

static void test_long_names_keep_their_end(void **state)
{
	char name[1000];

	memset(name, 'a', sizeof(name) - 1);
	memcpy(name + sizeof(name) - 11, "/audit.log", 11);
	struct place_shown shown = place_shown(name);
	assert_true(strlen(shown.text) < sizeof(shown.text));
	assert_memory_equal(shown.text, "...", 3);
	assert_string_equal(shown.text + strlen(shown.text) - 10, "/audit.log");
	assert_string_equal(place_shown("short").text, "short");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_cut_is_joined),	  cmocka_unit_test(test_whole_lines_stay_apart),
		cmocka_unit_test(test_nothing_to_join),		  cmocka_unit_test(test_logs_are_known),
		cmocka_unit_test(test_binaries_are_known),	  cmocka_unit_test(test_trust_of_places),
		cmocka_unit_test(test_long_names_keep_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
