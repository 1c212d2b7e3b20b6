/* decode/audit.c and audit_wrapped.c: audit text in all its wrappings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/dress.h"
#include "decoded.h"

#define assert_span(actual, expected) assert_true(span_equal((actual), SPAN(expected)))

static bool parse(struct span text, struct record *record)
{
	*record = (struct record){ .trust = TRUST_KERNEL };
	return audit_parse(text, record);
}

static void header(void **state)
{
	struct record record;

	assert_true(parse(SPAN("type=PATH msg=audit(1166111074.191:74): item=0 name=\"/x\""), &record));
	assert_int_equal(record.kind, RECORD_AUDIT);
	assert_int_equal(record.type, 1302);
	assert_int_equal(record.time_ms, 1166111074191);
	assert_int_equal(record.serial, 74);
	assert_span(record.body, "item=0 name=\"/x\"");
	assert_int_equal(record.node.len, 0);
	assert_int_equal(record.trust, TRUST_KERNEL);
	assert_true(parse(SPAN("node=web1 type=EOE msg=audit(1.002:3): "), &record));
	assert_span(record.node, "web1");
	assert_span(record.body, "");
	assert_int_equal(record.time_ms, 1002);
	assert_true(parse(SPAN("host=web1 type=1300 msg=audit(1.002:3):a=1"), &record));
	assert_int_equal(record.type, 1300);
	assert_span(record.body, "a=1");
	assert_true(parse(SPAN("type=1320 audit(1502573850.697:38395): "), &record));
	assert_int_equal(record.type, 1320);
	assert_true(parse(SPAN("type=UNKNOWN[1323] msg=audit(1389164020.991:2159): fd=6"), &record));
	assert_int_equal(record.type, 1323);
	assert_true(parse(SPAN("type=UNDER_SCORE msg=audit(1.1:1): a=1"), &record));
	assert_int_equal(record.type, 0);
	assert_true(parse(SPAN("type=DAEMON_END msg=audit(1162862354.005:5730) auditd normal halt"), &record));
	assert_span(record.body, "auditd normal halt");
	assert_true(parse(SPAN("type=AVC msg=audit(1.123456789:1) : a=1"), &record));
	assert_int_equal(record.time_ms, 1123);
}

static void broken_headers(void **state)
{
	static const char *const texts[] = {
		"",
		"type=",
		"type= msg=audit(1.1:1): a",
		"type=PATH",
		"type=PATH ",
		"type=PATH msg=",
		"type=PATH msg=audit(",
		"type=PATH msg=audit()",
		"type=PATH msg=audit(): a",
		"type=PATH msg=audit(1): a",
		"type=PATH msg=audit(1.): a",
		"type=PATH msg=audit(1.1): a",
		"type=PATH msg=audit(1.1:): a",
		"type=PATH msg=audit(1.1:1",
		"type=PATH msg=audit(1.1:1)x",
		"type=PATH msg=audit(-1.1:1): a",
		"type=PATH msg=audit(99999999999999999999.1:1): a",
		"type=PATH msg=audit(999999999999.1:1): a",
		"type=PATH msg=audit(1.1:99999999999999999999): a",
		"type=AVC msg=audit(12799=====8288.415:39): a",
		"type=PATH msg=audit(09/17/2023 17:15:56.661:623) : a",
		"node=x",
		"node=x type=PATH",
	};
	struct record record;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_false(parse(span_of(texts[i]), &record));
	assert_false(parse((struct span){ NULL, 0 }, &record));
}

static void enrichment_is_cut_off(void **state)
{
	struct record record;

	assert_true(parse(SPAN("type=PATH msg=audit(1.1:1): item=0 ouid=0\035OUID=\"root\""), &record));
	assert_span(record.body, "item=0 ouid=0");
	assert_true(parse(SPAN("type=PATH msg=audit(1.1:1): item=0  \r"), &record));
	assert_span(record.body, "item=0");
}

static void user_space_is_worth_a_daemon(void **state)
{
	struct record record;

	assert_true(parse(SPAN("type=USER_CMD msg=audit(1.1:1): a=1"), &record));
	assert_int_equal(record.trust, TRUST_DAEMON);
	assert_true(parse(SPAN("type=DAEMON_START msg=audit(1.1:1): a=1"), &record));
	assert_int_equal(record.trust, TRUST_DAEMON);
	assert_true(parse(SPAN("type=ANOM_EXEC msg=audit(1.1:1): a=1"), &record)); /* 2112: a daemon's finding */
	assert_int_equal(record.trust, TRUST_DAEMON);
	assert_true(parse(SPAN("type=ANOM_ABEND msg=audit(1.1:1): a=1"), &record)); /* 1701: the kernel's */
	assert_int_equal(record.trust, TRUST_KERNEL);
}

/* The first record of one line. */
static struct record first_of(size_t count, const char *text, struct decoded **decoded)
{
	*decoded = decode_stream(
		span_of(text), 0,
		(struct frame){
			.origin.file = "f", .trust = TRUST_KERNEL, .host = "files", .modified_ms = 1700000000000 });
	assert_int_equal((*decoded)->count, count);
	assert_int_equal((*decoded)->summary.lines, 1);
	return (*decoded)->records[0];
}

/* One line, one audit record. */
static struct record only(const char *text, struct decoded **decoded)
{
	return first_of(1, text, decoded);
}

static void wrapping_of(size_t count, const char *text, unsigned type, const char *node, enum trust trust,
			const char *body)
{
	struct decoded *decoded;
	struct record record = first_of(count, text, &decoded);

	assert_int_equal(record.kind, RECORD_AUDIT);
	assert_int_equal(record.type, type);
	assert_true(span_equal(record.node, span_of(node)));
	assert_int_equal(record.trust, trust);
	assert_true(span_equal(record.body, span_of(body)));
	assert_true(span_equal(record.raw, span_of(text)));
	assert_int_equal(record.time_ms, 1469547048568);
	assert_int_equal(record.serial, 334);
	assert_int_equal(decoded->summary.records, 1);
	decoded_destroy(decoded);
}

static void wrapping(const char *text, unsigned type, const char *node, enum trust trust, const char *body)
{
	wrapping_of(1, text, type, node, trust, body);
}

/* A log line that quotes a record stays a log line. */
static void quoting(const char *text, unsigned type, const char *node, const char *body)
{
	wrapping_of(2, text, type, node, TRUST_ANY_USER, body);
}

#define KEY "audit(1469547048.568:334): "

static void relayed(void **state)
{
	wrapping("Jul 26 18:30:48 web1 audispd: node=cent5 type=PATH msg=" KEY "a=1", 1302, "cent5", TRUST_KERNEL,
		 "a=1");
	wrapping("Jul 26 18:30:48 web1 audispd: type=PATH msg=" KEY "a=1", 1302, "web1", TRUST_KERNEL, "a=1");
	wrapping("<134>Oct 28 09:56:44 c6 audispd: node=c6 type=PATH msg=" KEY "a=1", 1302, "c6", TRUST_KERNEL, "a=1");
	wrapping("2016-07-26T19:04:35.989307+03:00 h audispd: node=n type=PATH msg=" KEY "a=1", 1302, "n", TRUST_KERNEL,
		 "a=1");
	wrapping("<13>1 2016-07-26T19:04:35Z h audisp-syslog 12 - [x y=\"a] b\"] type=PATH msg=" KEY "a=1", 1302, "h",
		 TRUST_KERNEL, "a=1");
	wrapping("Jul  8 10:31:23 h kernel: [  270.853767] audit: type=1302 " KEY "a=1", 1302, "h", TRUST_KERNEL,
		 "a=1");
	wrapping("Jul  8 10:31:23 h kernel: audit: type=1302 " KEY "a=1", 1302, "h", TRUST_KERNEL, "a=1");
	wrapping("Jul  8 10:31:23 h kernel: [42364.269117] type=1302 " KEY "a=1", 1302, "h", TRUST_KERNEL, "a=1");
	wrapping("Sep  7 17:47:53 h kernel: " KEY "type=1503 a=1", 1503, "h", TRUST_KERNEL, "a=1");
	wrapping("Sep  7 17:47:53 h kernel: " KEY "avc:  denied  { read }", 1400, "h", TRUST_KERNEL,
		 "avc:  denied  { read }");
	wrapping("[ 1612.746129] audit: type=1302 " KEY "a=1", 1302, "files", TRUST_KERNEL, "a=1");
	wrapping("[Thu Jan 25 12:34:56 2024] audit: type=1302 " KEY "a=1", 1302, "files", TRUST_KERNEL, "a=1");
	wrapping("audit: type=1302 " KEY "a=1", 1302, "files", TRUST_KERNEL, "a=1");
	wrapping("kernel: audit: type=1302 " KEY "a=1", 1302, "files", TRUST_KERNEL, "a=1");
	wrapping("audispd: node=x type=PATH msg=" KEY "a=1", 1302, "x", TRUST_KERNEL, "a=1");
	wrapping("type=PATH msg=" KEY "a=1\035OUID=\"root\"", 1302, "files", TRUST_KERNEL, "a=1");
	wrapping("Jul 26 18:30:48 h audispd: type=PATH msg=" KEY "name=\"/a#035b\" a=1#035OUID=\"root\"", 1302, "h",
		 TRUST_KERNEL, "name=\"/a#035b\" a=1");
}

/* Text that any user can have written stays worth just that. */
static void forged(void **state)
{
	wrapping("Jul 26 18:30:48 h bob: type=PATH msg=" KEY "a=1", 1302, "h", TRUST_ANY_USER, "a=1");
	quoting("Jul 26 18:30:48 h bash[12]: say type=PATH msg=" KEY "a=1", 1302, "h", "a=1");
	quoting("Jul 26 18:30:48 h kernel: say type=PATH msg=" KEY "a=1", 1302, "h", "a=1");
	wrapping("  - type=PATH msg=" KEY "a=1", 1302, "files", TRUST_ANY_USER, "a=1");
	wrapping("  x[0] == \"type=PATH msg=" KEY "name=\\\"/x\\\" a=1\"", 1302, "files", TRUST_ANY_USER,
		 "name=\"/x\" a=1");
	wrapping("raw_msg: " KEY "a=1", 0, "files", TRUST_ANY_USER, "a=1");
}

static void journald_style(void **state)
{
	struct decoded *decoded;
	struct record record = only("Nov 14 12:00:00 h audit[123]: SYSCALL arch=c000003e syscall=257 a0=3", &decoded);

	assert_int_equal(record.kind, RECORD_AUDIT);
	assert_int_equal(record.type, 1300);
	assert_int_equal(record.serial, 0);
	assert_int_equal(record.time_ms, 1699963200000);
	assert_true(record.whole_event);
	assert_span(record.body, "arch=c000003e syscall=257 a0=3");
	assert_span(record.node, "h");
	decoded_destroy(decoded);
	record = only("Nov 14 12:00:00 h audit: AUDIT1334 prog-id=1 op=LOAD", &decoded);
	assert_int_equal(record.type, 1334);
	decoded_destroy(decoded);
	record = only("Nov 14 12:00:00 h bob[123]: SYSCALL arch=c000003e", &decoded);
	assert_int_equal(record.kind, RECORD_LOG);
	decoded_destroy(decoded);
}

static void losses(void **state)
{
	struct decoded *decoded = decode_text(
		SPAN("Nov 14 12:00:00 h kernel: [1.0] kauditd_printk_skb: 17 callbacks suppressed\n"
		     "Nov 14 12:00:00 h kernel: audit: audit_backlog=321 > audit_backlog_limit=320\n"
		     "Nov 14 12:00:00 h kernel: audit: audit_lost=5 audit_rate_limit=0 audit_backlog_limit=320\n"
		     "Nov 14 12:00:00 h kernel: audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=320\n"
		     "Nov 14 12:00:00 h kernel: audit: backlog limit exceeded\n"
		     "Nov 14 12:00:00 h kernel: audit: audit_lost=3 audit_rate_limit=0 audit_backlog_limit=320\n"
		     "[ 12.0] audit: kauditd hold queue overflow\n"
		     "Nov 14 12:00:00 h audispd[5]: queue is full - dropping event\n"
		     "Nov 14 12:00:00 h bob: audit: backlog limit exceeded\n"));
	static const int64_t lost[] = { 17, -1, 5, 7, 0, 3, 0, 0, -1 };

	assert_int_equal(decoded->count, 9);
	for (size_t i = 0; i < 9; i++) {
		assert_int_equal(decoded->records[i].kind, lost[i] < 0 ? RECORD_LOG : RECORD_LOSS);
		assert_int_equal(decoded->records[i].lost, lost[i] < 0 ? 0 : lost[i]);
	}
	assert_span(decoded->records[0].node, "h");
	assert_int_equal(decoded->summary.log_lines, 2);
	decoded_destroy(decoded);
}

static void two_on_one_line(void **state)
{
	struct decoded *decoded = decode_text(SPAN(
		"type=PATH msg=audit(1.1:74): item=0 obj=x type=CWD msg=audit(1.1:74):  cwd=\"/\"\n"
		"host=a type=AVC msg=audit(1.1:75): key=(null) host=b type=CWD msg=audit(1.1:75): cwd=\"/\"\n"
		"type=PATH msg=audit(1.1:76): item=0 namtype=CWD msg=audit(1.1:76): cwd=\"/\"type=EOE "
		"msg=audit(1.1:76): \n"
		"Jul 26 18:30:48 h audispd: type=PATH msg=audit(1.1:77): a=1 type=CWD msg=audit(1.1:77): cwd=\"/\"\n"));

	assert_int_equal(decoded->count, 9);
	assert_int_equal(decoded->summary.lines, 4);
	assert_span(decoded->records[0].body, "item=0 obj=x");
	assert_span(decoded->records[0].raw, "type=PATH msg=audit(1.1:74): item=0 obj=x ");
	assert_int_equal(decoded->records[1].type, 1307);
	assert_int_equal(decoded->records[1].origin.offset, 42);
	assert_span(decoded->records[2].node, "a");
	assert_span(decoded->records[2].body, "key=(null)");
	assert_span(decoded->records[3].node, "b");
	assert_span(decoded->records[4].body, "item=0 nam");
	assert_span(decoded->records[5].body, "cwd=\"/\"");
	assert_int_equal(decoded->records[6].type, 1320);
	assert_span(decoded->records[8].node, "h");
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(decoded->records[i].trust, TRUST_KERNEL);
	decoded_destroy(decoded);
}

/* Nobody fakes a second record by text inside of quotes, and behind user-space text one has no trust. */
static void no_forged_second_record(void **state)
{
	struct decoded *decoded =
		decode_text(SPAN("type=EXECVE msg=audit(1.1:1): argc=1 a0=\"x type=CWD msg=audit(1.1:9): cwd=1\"\n"
				 "type=USER_CMD msg=audit(1.1:2): msg='cmd=x type=CWD msg=audit(1.1:9): cwd=1'\n"
				 "type=USER_AVC msg=audit(1.1:3): msg='cmdline=\"' type=CWD msg=audit(1.1:9): cwd=1'\n"
				 "type=CWD msg=audit(1.1:4): cwd=\"/\" type=CWD msg=audit(x:9): cwd=1\n"
				 "type=CWD msg=audit(1.1:5): cwd=\"/\" TYPE=CWD msg=audit(1.1:9): cwd=1\n"
				 "type=CWD msg=audit(1.1:6): cwd=\"/\" tty=(none) key=audit(1.1:9): msg=audit(\n"));

	assert_int_equal(decoded->count, 7);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(decoded->records[i].serial, i + 1);
	assert_int_equal(decoded->records[3].serial, 9);
	assert_int_equal(decoded->records[3].trust, TRUST_ANY_USER);
	for (size_t i = 4; i < 7; i++)
		assert_int_equal(decoded->records[i].serial, i);
	decoded_destroy(decoded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header),
		cmocka_unit_test(broken_headers),
		cmocka_unit_test(enrichment_is_cut_off),
		cmocka_unit_test(user_space_is_worth_a_daemon),
		cmocka_unit_test(relayed),
		cmocka_unit_test(forged),
		cmocka_unit_test(journald_style),
		cmocka_unit_test(losses),
		cmocka_unit_test(two_on_one_line),
		cmocka_unit_test(no_forged_second_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
