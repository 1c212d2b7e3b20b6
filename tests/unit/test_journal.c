/* Journal entries, as JSON and in the export format. */
#include "dress_check.h"

#define JSON(text, result, count) assert_decodes(decode_json, SPAN(text), result, count)
#define EXPORT(text, result, count) assert_decodes(decode_journal_export, SPAN(text), result, count)

static const char audit_entry[] =
	"{\"__REALTIME_TIMESTAMP\":\"1615114232999999\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1615114232375000\","
	"\"_TRANSPORT\":\"audit\",\"_HOSTNAME\":\"web1\",\"_AUDIT_ID\":\"15558\",\"_AUDIT_TYPE\":\"1300\","
	"\"_AUDIT_TYPE_NAME\":\"SYSCALL\",\"SYSLOG_IDENTIFIER\":\"audit\",\"_PID\":\"9\",\"_AUDIT_FIELD_A0\":"
	"\"ffffff9c\","
	"\"MESSAGE\":\"SYSCALL arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c comm=\\\"cat\\\" key=(null)\"}";

static void test_audit_transport(void **state)
{
	assert_decodes(decode_json, span_of(audit_entry), DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c comm=\"cat\" key=(null)");
	assert_int_equal(queue.items[0].time_ms, 1615114232375);
	assert_int_equal(queue.items[0].serial, 15558);
	assert_span(queue.items[0].node, "web1");
	assert_int_equal(queue.items[0].trust, TRUST_KERNEL);
	assert_false(queue.items[0].whole_event);
}

static void test_audit_user_types_are_daemons(void **state)
{
	JSON("{\"_TRANSPORT\":\"audit\",\"_AUDIT_ID\":\"7\",\"_AUDIT_TYPE_NAME\":\"USER_AUTH\","
	     "\"__REALTIME_TIMESTAMP\":\"1000000\",\"MESSAGE\":\"USER_AUTH pid=1 msg='op=PAM'\"}",
	     DRESS_DONE, 1);
	assert_record(0, 1100, "pid=1 msg='op=PAM'");
	assert_int_equal(queue.items[0].trust, TRUST_DAEMON);
	assert_int_equal(queue.items[0].time_ms, 1000);
	JSON("{\"_TRANSPORT\":\"audit\",\"_AUDIT_ID\":\"7\",\"MESSAGE\":\"<audit-1400> apparmor=\\\"DENIED\\\"\","
	     "\"_AUDIT_TYPE\":\"1400\"}",
	     DRESS_DONE, 1);
	assert_record(0, 1400, "apparmor=\"DENIED\"");
}

/* journalctl without --all writes null for what is long. */
static void test_audit_without_message(void **state)
{
	JSON("{\"_TRANSPORT\":\"audit\",\"_AUDIT_ID\":\"8\",\"_AUDIT_TYPE\":\"1300\",\"MESSAGE\":null,"
	     "\"_AUDIT_FIELD_ARCH\":\"c000003e\",\"_AUDIT_FIELD_SYSCALL\":\"257\",\"_AUDIT_FIELD_NAME\":\"\\\"/proc/1/"
	     "mem\\\"\","
	     "\"_AUDIT_FIELD_KEY\":\"(null)\",\"_AUDIT_FIELD_ODD\":\"a "
	     "b\",\"_PID\":\"11\",\"_UID\":\"0\",\"_COMM\":\"cat\","
	     "\"_EXE\":\"/usr/bin/cat\",\"_AUDIT_LOGINUID\":\"1000\",\"_AUDIT_FIELD_X\":null}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=c000003e syscall=257 name=\"/proc/1/mem\" key=(null) odd=612062 pid=11 uid=0 comm=\"cat\" "
		      "exe=\"/usr/bin/cat\" auid=1000");
}

/* No serial, so nothing can join it. */
static void test_audit_without_id(void **state)
{
	JSON("{\"_TRANSPORT\":\"audit\",\"_AUDIT_TYPE\":\"1307\",\"MESSAGE\":\"CWD cwd=\\\"/\\\"\"}", DRESS_DONE, 1);
	assert_true(queue.items[0].whole_event);
	assert_int_equal(queue.items[0].time_ms, TIME_UNKNOWN);
	JSON("{\"_TRANSPORT\":\"audit\",\"_AUDIT_ID\":\"x\",\"_AUDIT_TYPE\":\"1307\"}", DRESS_BROKEN, 0);
}

static void test_kernel_transport(void **state)
{
	JSON("{\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"_HOSTNAME\":\"web1\","
	     "\"__REALTIME_TIMESTAMP\":\"1615280781000000\","
	     "\"MESSAGE\":\"audit: type=1307 audit(1615280781.676:2): cwd=\\\"/\\\"\"}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_CWD, "cwd=\"/\"");
	assert_int_equal(queue.items[0].trust, TRUST_KERNEL);
	assert_int_equal(queue.items[0].serial, 2);
	assert_span(queue.items[0].node, "web1");
	assert_int_equal(queue.items[0].raw.data[0], '{');
	JSON("{\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"MESSAGE\":"
	     "\"kauditd_printk_skb: 42 callbacks suppressed\",\"__REALTIME_TIMESTAMP\":\"2000000\"}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOSS);
	assert_int_equal(queue.items[0].lost, 42);
	JSON("{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"sshd[7]: segfault at 0\",\"__REALTIME_TIMESTAMP\":\"2000000\"}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOG);
	assert_span(queue.items[0].program, "kernel");
	assert_int_equal(queue.items[0].trust, TRUST_KERNEL);
}

/* Text that looks like a record stays text unless a root daemon that relays records wrote it. */
static void test_forged_records(void **state)
{
	JSON("{\"_TRANSPORT\":\"syslog\",\"_UID\":\"1000\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"_PID\":\"77\","
	     "\"MESSAGE\":\"type=SYSCALL msg=audit(1.002:3): arch=c000003e\"}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOG);
	assert_int_equal(queue.items[0].trust, TRUST_ANY_USER);
	assert_int_equal(queue.items[0].pid, 77);
	JSON("{\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"app\",\"MESSAGE\":\"audit(1.002:3): arch=c000003e\"}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOG);
	assert_int_equal(queue.items[0].trust, TRUST_DAEMON);
	JSON("{\"_TRANSPORT\":\"syslog\",\"_UID\":\"0\",\"SYSLOG_IDENTIFIER\":\"audispd\",\"MESSAGE\":"
	     "\"node=n type=CWD msg=audit(1.002:3): cwd=\\\"/\\\"\"}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_CWD, "cwd=\"/\"");
	assert_int_equal(queue.items[0].trust, TRUST_DAEMON);
}

static void test_log_entries(void **state)
{
	JSON("{\"_TRANSPORT\":\"syslog\",\"_UID\":\"0\",\"_COMM\":\"sudo\",\"SYSLOG_IDENTIFIER\":[\"sudo\",\"x\"],"
	     "\"_SOURCE_REALTIME_TIMESTAMP\":\"1615280781000999\",\"MESSAGE\":[104,105,255,0],\"_HOSTNAME\":\"h\"}",
	     DRESS_DONE, 1);
	assert_span(queue.items[0].program, "sudo");
	assert_span(queue.items[0].message, "hi\xff\0");
	assert_int_equal(queue.items[0].trust, TRUST_DAEMON);
	assert_int_equal(queue.items[0].time_ms, 1615280781000);
	JSON("{\"_TRANSPORT\":\"stdout\",\"_UID\":\"5\",\"_COMM\":\"app\",\"MESSAGE\":null}", DRESS_DONE, 1);
	assert_span(queue.items[0].program, "app");
	assert_int_equal(queue.items[0].message.len, 0);
}

static void test_json_oddities(void **state)
{
	JSON("{\"_TRANSPORT\":\"stdout\",\"MESSAGE\":[],\"_UID\":{},\"_PID\":[[1]],\"_COMM\":7}", DRESS_DONE, 1);
	JSON("{\"_TRANSPORT\":\"audit\",\"_AUDIT_FIELD_A0\":\"1\",\"MESS", DRESS_BROKEN, 0);
	/* The first value counts: a second _TRANSPORT cannot raise the trust. */
	JSON("{\"_TRANSPORT\":\"stdout\",\"_TRANSPORT\":\"audit\",\"MESSAGE\":\"x\"}", DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOG);
}

static void test_frame_trust_is_a_ceiling(void **state)
{
	check_frame.trust = TRUST_ANY_USER;
	assert_decodes(decode_json, span_of(audit_entry), DRESS_DONE, 1);
	assert_int_equal(queue.items[0].trust, TRUST_ANY_USER);
}

static void test_export_text(void **state)
{
	EXPORT("__CURSOR=s=1\n__REALTIME_TIMESTAMP=1615114232999999\n_TRANSPORT=audit\n_AUDIT_ID=15558\n"
	       "_AUDIT_TYPE=1307\nMESSAGE=CWD "
	       "cwd=\"/\"\n_SOURCE_REALTIME_TIMESTAMP=1615114232375000\n_HOSTNAME=web1\n\n",
	       DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_CWD, "cwd=\"/\"");
	assert_int_equal(queue.items[0].time_ms, 1615114232375);
	assert_int_equal(queue.items[0].serial, 15558);
	assert_span(queue.items[0].node, "web1");
	EXPORT("_TRANSPORT=syslog\r\n_UID=0\nSYSLOG_IDENTIFIER=sshd\nMESSAGE=a=b=c", DRESS_DONE, 1);
	assert_span(queue.items[0].message, "a=b=c");
}

static void test_export_binary(void **state)
{
	EXPORT("__CURSOR=x\n_TRANSPORT=syslog\nMESSAGE\n\x0e\0\0\0\0\0\0\0"
	       "a\n\n_UID=0\nb\0\xff"
	       "c\n_UID=1000\n",
	       DRESS_DONE, 1);
	assert_span(queue.items[0].message, "a\n\n_UID=0\nb\0\xff"
					    "c");
	assert_int_equal(queue.items[0].trust, TRUST_ANY_USER);
	/* the newlines at the end of a last value are gone when a document is handed in */
	EXPORT("__CURSOR=x\n_UID=0\nMESSAGE\n\x05\0\0\0\0\0\0\0abc", DRESS_DONE, 1);
	assert_span(queue.items[0].message, "abc");
}

static void test_export_damage(void **state)
{
	EXPORT("__CURSOR=x\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff"
	       "abc",
	       DRESS_BROKEN, 0);
	EXPORT("__CURSOR=x\nMESSAGE\n\x01\0", DRESS_BROKEN, 0);
	EXPORT("__CURSOR=x\nMESSAGE\n\x01\0\0\0\0\0\0\0ab\n", DRESS_BROKEN, 0);
	EXPORT("__CURSOR=x\nnot a field\n", DRESS_BROKEN, 0);
	EXPORT("HOME=/root\nPATH=/bin\n", DRESS_NOT_MINE, 0);
	EXPORT("", DRESS_NOT_MINE, 0);
	EXPORT("type=CWD msg=audit(1.2:3): x", DRESS_NOT_MINE, 0);
}

static void add_json_string(struct buffer *to, struct span text)
{
	buffer_add_byte(to, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c < ' ' || c == '"' || c == '\\')
			buffer_printf(to, "\\u%04x", c);
		else
			buffer_add_byte(to, (char)c);
	}
	buffer_add_byte(to, '"');
}

static void build_message(struct buffer *to, const struct record *raw)
{
	buffer_reset(to);
	buffer_text(to, record_type_name(raw->type));
	buffer_add_byte(to, ' ');
	buffer_add(to, raw->body);
}

static void build_json(struct buffer *to, const struct record *raw, struct span message)
{
	buffer_reset(to);
	buffer_printf(to, "{\"_TRANSPORT\":\"audit\",\"_AUDIT_ID\":\"%llu\",\"_AUDIT_TYPE\":\"%u\",",
		      (unsigned long long)raw->serial, raw->type);
	buffer_printf(to, "\"_SOURCE_REALTIME_TIMESTAMP\":\"%lld000\",\"MESSAGE\":", (long long)raw->time_ms);
	add_json_string(to, message);
	buffer_add_byte(to, '}');
}

static void build_export(struct buffer *to, const struct record *raw, struct span message)
{
	uint64_t len = message.len;

	buffer_reset(to);
	buffer_printf(to, "_TRANSPORT=audit\n_AUDIT_ID=%llu\n_AUDIT_TYPE=%u\nMESSAGE\n",
		      (unsigned long long)raw->serial, raw->type);
	for (size_t i = 0; i < 8; i++)
		buffer_add_byte(to, (char)(len >> 8 * i));
	buffer_add(to, message);
	buffer_printf(to, "\n_SOURCE_REALTIME_TIMESTAMP=%lld000\n\n", (long long)raw->time_ms);
}

static void assert_same(const struct record *raw)
{
	assert_int_equal(queue.count, 1);
	assert_int_equal(queue.items[0].type, raw->type);
	assert_int_equal(queue.items[0].serial, raw->serial);
	assert_int_equal(queue.items[0].time_ms, raw->time_ms);
	assert_span_at(queue.items[0].body, raw->body.data, raw->body.len, __LINE__);
}

/* A real log, dressed as journald would: it must come back as it was. */
static void test_round_trip(void **state)
{
	struct buffer text = { 0 }, message = { 0 }, dress = { 0 };
	FILE *file = fopen("tests/captures/shared/openat_abs.raw.log", "rb");
	struct record raw;
	size_t count = 0;

	if (!file)
		skip();
	while (!feof(file) && buffer_reserve(&text, 4096))
		text.len += fread(text.data + text.len, 1, 4096, file);
	fclose(file);
	for (struct span rest = buffer_span(&text); rest.len; rest = span_skip(rest, span_index(rest, '\n') + 1)) {
		raw = (struct record){ .trust = TRUST_KERNEL };
		if (!audit_parse(span_first(rest, span_index(rest, '\n')), &raw) || !record_type_name(raw.type))
			continue;
		build_message(&message, &raw);
		build_json(&dress, &raw, buffer_span(&message));
		assert_decodes(decode_json, buffer_span(&dress), DRESS_DONE, 1);
		assert_same(&raw);
		build_export(&dress, &raw, buffer_span(&message));
		assert_decodes(decode_journal_export, buffer_span(&dress), DRESS_DONE, 1);
		assert_same(&raw);
		count++;
	}
	assert_true(count > 10);
	buffer_finish(&text);
	buffer_finish(&message);
	buffer_finish(&dress);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_audit_transport),
		TEST(test_audit_user_types_are_daemons),
		TEST(test_audit_without_message),
		TEST(test_audit_without_id),
		TEST(test_kernel_transport),
		TEST(test_forged_records),
		TEST(test_log_entries),
		TEST(test_json_oddities),
		TEST(test_frame_trust_is_a_ceiling),
		TEST(test_export_text),
		TEST(test_export_binary),
		TEST(test_export_damage),
		TEST(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
