/* decode/syslog.c: lines of text in the dresses that syslog files have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "decode/dress.h"
#include "decoded.h"

#define assert_span(actual, expected) assert_true(span_equal((actual), SPAN(expected)))

#define NOV_14 1699963200000 /* 2023-11-14T12:00:00Z */

static struct frame syslog_file(enum trust trust)
{
	return (struct frame){
		.origin.file = "auth.log", .trust = trust, .host = "collected", .modified_ms = 1700000000000
	};
}

static void line(const char *text, int64_t time_ms, const char *host, const char *program, uint32_t pid,
		 const char *message)
{
	struct decoded *decoded = decode_stream(span_of(text), 0, syslog_file(TRUST_DAEMON));
	struct record *record = &decoded->records[0];

	assert_int_equal(decoded->count, 1);
	assert_int_equal(record->kind, RECORD_LOG);
	assert_int_equal(record->time_ms, time_ms);
	assert_true(span_equal(record->node, span_of(host)));
	assert_true(span_equal(record->program, span_of(program)));
	assert_int_equal(record->pid, pid);
	assert_true(span_equal(record->message, span_of(message)));
	assert_true(span_equal(record->raw, span_of(text)));
	assert_int_equal(decoded->summary.log_lines, 1);
	assert_int_equal(decoded->summary.records, 0);
	decoded_destroy(decoded);
}

static void rfc_3164(void **state)
{
	line("Nov 14 12:00:00 web1 sshd[812]: Accepted publickey for root", NOV_14, "web1", "sshd", 812,
	     "Accepted publickey for root");
	line("<38>Nov 14 12:00:00 web1 sshd[812]: x", NOV_14, "web1", "sshd", 812, "x");
	line("Nov 14 12:00:00 precise32 sudo:  vagrant : TTY=pts/0 ; COMMAND=/bin/sh", NOV_14, "precise32", "sudo", 0,
	     "vagrant : TTY=pts/0 ; COMMAND=/bin/sh");
	line("Nov 14 12:00:00.123 web1 some.exe[19]: x", NOV_14 + 123, "web1", "some.exe", 19, "x");
	line("Nov 14 12:00:00 web1 /sbin/anacron[1234]: x", NOV_14, "web1", "/sbin/anacron", 1234, "x");
	line("Nov 14 12:00:00 web1 Job `cron.daily' terminated", NOV_14, "web1", "", 0, "Job `cron.daily' terminated");
	line("Nov 14 12:00:00 kernel: [997.390602] sda2: rw=0", NOV_14, "collected", "kernel", 0,
	     "[997.390602] sda2: rw=0");
	line("Nov 14 12:00:00: --- last message repeated 5 times ---", NOV_14, "collected", "", 0,
	     "--- last message repeated 5 times ---");
	line("Nov 14 12:00:00 web1 systemd[99999999999]: x", NOV_14, "web1", "systemd", 0, "x");
	line("Nov 14 12:00:00 web1", NOV_14, "web1", "", 0, "");
}

/* Words that audit records begin with, in other programs' mouths. */
static void no_records(void **state)
{
	line("Nov 14 12:00:00 h dbus[5]: type=signal sender=:1.2", NOV_14, "h", "dbus", 5, "type=signal sender=:1.2");
	line("Nov 14 12:00:00 h a: audit(audit(", NOV_14, "h", "a", 0, "audit(audit(");
	line("Nov 14 12:00:00 h a: node=1", NOV_14, "h", "a", 0, "node=1");
}

static void rfc_5424(void **state)
{
	line("<30>1 2023-11-14T12:00:00.25Z web1 systemd 1 - - Stopping x", NOV_14 + 250, "web1", "systemd", 1,
	     "Stopping x");
	line("<30>1 2023-11-14T12:00:00Z web1 app - ID47 [a@1 x=\"q\\\"u] v\"][b y=\"]\"] hello world", NOV_14, "web1",
	     "app", 0, "hello world");
	line("<30>1 - - - - - - text", INT64_MIN, "collected", "", 0, "text");
	line("<30>1 2023-11-14T12:00:00Z web1 app 5 - - \xef\xbb\xbftext", NOV_14, "web1", "app", 5, "text");
	line("<30>1 2023-11-14T12:00:00Z web1 app 5 - [x", NOV_14, "web1", "app", 5, "");
	line("<30>1 2023-11-14T12:00:00Z", NOV_14, "collected", "", 0, "");
}

static void iso_and_others(void **state)
{
	line("2023-11-14T13:00:00.5+01:00 localhost sudo: x", NOV_14 + 500, "localhost", "sudo", 0, "x");
	line("2023-11-14 12:00:00 localhost kernel: x", NOV_14, "localhost", "kernel", 0, "x");
	line("2023-11-14T04:00:00-08:00 INFO periodic_scheduler[13707]: x", NOV_14, "collected", "periodic_scheduler",
	     13707, "x");
	line("Tue 2023-11-14 12:00:00 UTC web1 sshd[1]: x", NOV_14, "web1", "sshd", 1, "x");
	line("[ 1612.746129] usb 1-1: new device", INT64_MIN, "collected", "kernel", 0, "usb 1-1: new device");
	line("[  161.74][  T123] usb 1-1: new device", INT64_MIN, "collected", "kernel", 0, "usb 1-1: new device");
	line("[Tue Nov 14 12:00:00 2023] usb 1-1: new device", NOV_14, "collected", "kernel", 0, "usb 1-1: new device");
}

static void nobodys_text(void **state)
{
	static const char *const texts[] = {
		"MMM 22 07:54:32 host anacron[2]: x",
		"\tmany syslog parsers.",
		"with another line",
		"<999>hello",
		"<13>hello world",
		"[812]: x",
		"[1.5]: x",
		"[not dmesg] x",
		"[Tue Foo 14] x",
		"Nov 14 25:00:00 h a: b",
		"[x",
		"<",
		"<1",
		"[ 12.3",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct decoded *decoded = decode_stream(span_of(texts[i]), 0, syslog_file(TRUST_DAEMON));
		assert_int_equal(decoded->count, 0);
		assert_int_equal(decoded->summary.undecoded_lines, 1);
		assert_string_equal(decoded->summary.undecoded[0].name, "unknown text");
		decoded_destroy(decoded);
	}
}

static enum trust trust_of(const char *text, enum trust file)
{
	struct decoded *decoded = decode_stream(span_of(text), 0, syslog_file(file));
	enum trust trust = decoded->records[0].trust;

	assert_int_equal(decoded->count, 1);
	decoded_destroy(decoded);
	return trust;
}

/* logger -t sshd is open to all: never more than TRUST_DAEMON, and only for names that belong to daemons. */
static void trust(void **state)
{
	assert_int_equal(trust_of("Nov 14 12:00:00 h sshd[1]: x", TRUST_KERNEL), TRUST_DAEMON);
	assert_int_equal(trust_of("Nov 14 12:00:00 h sshd[1]: x", TRUST_DAEMON), TRUST_DAEMON);
	assert_int_equal(trust_of("Nov 14 12:00:00 h sshd[1]: x", TRUST_ANY_USER), TRUST_ANY_USER);
	assert_int_equal(trust_of("Nov 14 12:00:00 h bash: x", TRUST_DAEMON), TRUST_ANY_USER);
	assert_int_equal(trust_of("Nov 14 12:00:00 h kernel: x", TRUST_KERNEL), TRUST_DAEMON);
	assert_int_equal(trust_of("Nov 14 12:00:00 h kernel: audit: type=1302 audit(1.1:1): a", TRUST_DAEMON),
			 TRUST_DAEMON);
	assert_int_equal(trust_of("Nov 14 12:00:00 h kernel: audit: type=1302 audit(1.1:1): a", TRUST_ANY_USER),
			 TRUST_ANY_USER);
	assert_int_equal(trust_of("Nov 14 12:00:00 h me: audit: type=1302 audit(1.1:1): a", TRUST_KERNEL),
			 TRUST_ANY_USER);
}

/* Audit text that a user put into a command is worth nothing, and hides nothing. */
static void quoted(void **state)
{
	static const char *const messages[] = {
		"bob : TTY=pts/0 ; COMMAND=/tmp/lazagne type=SYSCALL msg=audit(1.001:2): arch=c000003e syscall=257",
		"bob : COMMAND=/tmp/lazagne 'audit(1.001:2): x'",
		"bob : COMMAND=/tmp/lazagne type=CWD msg=audit(1.001:2): cwd=\"/\" type=CWD msg=audit(1.001:x): y",
		"bob : COMMAND=/tmp/lazagne \"type=SYSCALL msg=audit(1.001:2): comm=\\\"x\\\"\"",
	};
	char text[512];

	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		snprintf(text, sizeof(text), "Nov 14 12:00:00 h sudo[7]: %s", messages[i]);
		struct decoded *decoded = decode_stream(span_of(text), 0, syslog_file(TRUST_DAEMON));
		assert_int_equal(decoded->count, 2);
		assert_int_equal(decoded->records[0].kind, RECORD_AUDIT);
		assert_int_equal(decoded->records[0].serial, 2);
		assert_int_equal(decoded->records[0].trust, TRUST_ANY_USER);
		assert_int_equal(decoded->records[1].kind, RECORD_LOG);
		assert_int_equal(decoded->records[1].trust, TRUST_DAEMON);
		assert_span(decoded->records[1].program, "sudo");
		assert_true(span_equal(decoded->records[1].message, span_of(messages[i])));
		assert_int_equal(decoded->summary.undecoded_lines, 0);
		decoded_destroy(decoded);
	}
}

/* A relay that we do not know: a forged record, and no second time the same as a log line. */
static void told_by_a_stranger(void **state)
{
	struct decoded *decoded =
		decode_stream(SPAN("Nov 14 12:00:00 h tag_audit: type=CWD msg=audit(1.001:2): cwd=\"/\""), 0,
			      syslog_file(TRUST_DAEMON));

	assert_int_equal(decoded->count, 1);
	assert_int_equal(decoded->records[0].kind, RECORD_AUDIT);
	assert_int_equal(decoded->records[0].trust, TRUST_ANY_USER);
	decoded_destroy(decoded);
}

/* LAUREL's JSON sent through syslog; anybody else's is worth nothing. */
static void json_inside(void **state)
{
#define OBJECT                                 \
	"{\"ID\":\"1739218487.007:22145057\"," \
	"\"SYSCALL\":{\"arch\":\"0xc000003e\",\"syscall\":101,\"success\":\"yes\",\"exit\":0,\"pid\":5}}"
	assert_int_equal(trust_of("Nov 14 12:00:00 h laurel: " OBJECT, TRUST_DAEMON), TRUST_DAEMON);
	assert_int_equal(trust_of("Nov 14 12:00:00 h bob: " OBJECT, TRUST_DAEMON), TRUST_ANY_USER);
	struct decoded *decoded =
		decode_stream(SPAN("Nov 14 12:00:00 h laurel: " OBJECT), 0, syslog_file(TRUST_DAEMON));
	assert_int_equal(decoded->records[0].kind, RECORD_AUDIT);
	assert_int_equal(decoded->records[0].serial, 22145057);
	assert_span(decoded->records[0].node, "h");
	assert_true(span_starts(decoded->records[0].raw, SPAN("Nov 14")));
	decoded_destroy(decoded);
#undef OBJECT
	line("Nov 14 12:00:00 h app: {\"msg\": \"hello\"}", NOV_14, "h", "app", 0, "{\"msg\": \"hello\"}");
}

static void tags(void **state)
{
	struct log_line line = { 0 };

	assert_true(syslog_tag(SPAN("a:"), &line));
	assert_span(line.message, "");
	assert_true(syslog_tag(SPAN("pam_unix(x):b: c"), &line) == false);
	assert_false(syslog_tag(SPAN(""), &line));
	assert_false(syslog_tag(SPAN(":"), &line));
	assert_false(syslog_tag(SPAN("a[1: b"), &line));
	assert_false(syslog_tag(SPAN("a[1]"), &line));
	assert_false(syslog_tag(SPAN("a b: c"), &line));
	assert_true(syslog_tag(SPAN("a[x]: b"), &line));
	assert_int_equal(line.pid, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_3164),	  cmocka_unit_test(no_records),
		cmocka_unit_test(json_inside),	  cmocka_unit_test(rfc_5424),
		cmocka_unit_test(iso_and_others), cmocka_unit_test(nobodys_text),
		cmocka_unit_test(trust),	  cmocka_unit_test(tags),
		cmocka_unit_test(quoted),	  cmocka_unit_test(told_by_a_stranger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
