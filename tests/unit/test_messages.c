/* engine/message*.c: what a search looks at, made of frames: categories, lines, events, accesses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/message_access.h"
#include "engine/messages.h"
#include "model/record.h"
#include "query/parse.h"
#include "shipped.h"

static void assert_text(struct span actual, const char *expected)
{
	if (!span_equal(actual, span_of(expected)))
		fail_msg("'%.*s' is not '%s'", (int)actual.len, actual.len ? actual.data : "", expected);
}

/* ---- categories ---- */

static void category_by_path(void **state)
{
	static const struct {
		const char *path, *category;
	} cases[] = {
		{ "/var/log/audit/audit.log", "linux/audit" },
		{ "audit.log.2.gz", "linux/audit" },
		{ "/var/log/audit/other", "linux/audit" },
		{ "case.tar.gz/var/log/audit/audit.log-20261123", "linux/audit" },
		{ "/var/log/auth.log", "linux/secure" },
		{ "auth.log.1", "linux/secure" },
		{ "secure-20261123", "linux/secure" },
		{ "secure", "linux/secure" },
		{ "secured", "" },
		{ "auth.logs", "" },
		{ "/var/log/syslog", "linux/syslog" },
		{ "messages_old", "linux/syslog" },
		{ "kern.log", "linux/syslog" },
		{ "dmesg", "os/linux" },
		{ "dpkg.log.1", "os/linux" },
		{ "/secure/x", "" },
		{ "syslog/x", "" },
		{ "SYSLOG", "" },
		{ "", "" },
		{ "/", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_text(category_of_path(NULL, span_of(cases[i].path)), cases[i].category);
}

static void category_by_glob(void **state)
{
	struct category_map *map = category_map_create();
	struct err err = { 0 };

	assert_int_equal(category_map_add(map, SPAN("*/nginx/*=prod/web"), NULL), 0);
	assert_int_equal(category_map_add(map, SPAN(" a?c.log = spaces are trimmed "), NULL), 0);
	assert_int_equal(category_map_add(map, SPAN("x=y=z"), NULL), 0);
	assert_int_equal(category_map_add(map, SPAN("audit*=first"), NULL), 0);
	assert_int_equal(category_map_add(map, SPAN("audit*=second"), NULL), 0);
	assert_text(category_of_path(map, SPAN("/var/log/nginx/deep/er/access.log")), "prod/web");
	assert_text(category_of_path(map, SPAN("nginx/access.log")), "");
	assert_text(category_of_path(map, SPAN("/b/abc.log")), "spaces are trimmed");
	assert_text(category_of_path(map, SPAN("x=y")), "z");
	assert_text(category_of_path(map, SPAN("/var/log/audit/audit.log")), "first");
	/* One that names a folder is of the whole path. */
	assert_int_equal(category_map_add(map, SPAN("log/app=never"), NULL), 0);
	assert_text(category_of_path(map, SPAN("/var/log/app")), "");
	/* A path with a NUL, and the usual names behind globs that do not match. */
	assert_text(category_of_path(map, SPAN("syslog\0x")), "");
	assert_text(category_of_path(map, SPAN("syslog")), "linux/syslog");
	static const char *const bad[] = { "", "=", "a", "a=", "=b", "  =b", "a=  " };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(category_map_add(map, span_of(bad[i]), &err), -EINVAL);
		assert_non_null(strstr(err.text, "is no GLOB=NAME"));
	}
	category_map_destroy(map);
	category_map_destroy(NULL);
}

static void many_globs(void **state)
{
	struct category_map *map = category_map_create();
	struct err err = { 0 };
	char text[32];

	for (int i = 0; i < CATEGORY_GLOBS_MAX; i++) {
		snprintf(text, sizeof(text), "log%d=name%d", i, i);
		assert_int_equal(category_map_add(map, span_of(text), &err), 0);
	}
	assert_int_equal(category_map_add(map, SPAN("a=b"), &err), -E2BIG);
	assert_text(category_of_path(map, SPAN("log4095")), "name4095");
	category_map_destroy(map);
}

/* Writes the text to a file; the map that was read of it, and the result. */
static int read_map(struct category_map *map, const char *text, size_t len, struct err *err)
{
	char path[] = "/tmp/proctor-test-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	int result = category_map_read(map, path, err);
	unlink(path);
	return result;
}

static void category_files(void **state)
{
	struct category_map *map = category_map_create();
	struct err err = { 0 };
	static const char good[] = "# comment\n\n  a=b  \r\n\t#c=d\ne=f";

	assert_int_equal(read_map(map, good, strlen(good), &err), 0);
	assert_text(category_of_path(map, SPAN("a")), "b");
	assert_text(category_of_path(map, SPAN("e")), "f");
	assert_text(category_of_path(map, SPAN("#c")), "");
	assert_int_equal(read_map(map, "a=b\nwrong\n", 10, &err), -EINVAL);
	assert_non_null(strstr(err.text, ", line 2: 'wrong' is no GLOB=NAME"));
	char *large = malloc(CATEGORY_FILE_MAX + 2);
	memset(large, '\n', CATEGORY_FILE_MAX + 2);
	assert_int_equal(read_map(map, large, CATEGORY_FILE_MAX + 2, &err), -E2BIG);
	free(large);
	assert_int_equal(category_map_read(map, "/nowhere/at/all", &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/at/all"));
	category_map_destroy(map);
}

static void category_by_content(void **state)
{
	assert_text(category_of_line(LINE_AUDIT, SPAN(""), SPAN("")), "linux/audit");
	assert_text(category_of_line(LINE_LOG, SPAN("sshd"), SPAN("x")), "linux/secure");
	assert_text(category_of_line(LINE_LOG, SPAN("/usr/sbin/sshd"), SPAN("x")), "linux/secure");
	assert_text(category_of_line(LINE_LOG, SPAN("cron"), SPAN("pam_unix(cron:session): session opened")),
		    "linux/secure");
	assert_text(category_of_line(LINE_LOG, SPAN("cron"), SPAN("x")), "linux/syslog");
	assert_text(category_of_line(LINE_UNKNOWN, SPAN("sshd"), SPAN("pam_unix(x)")), "os/linux");
}

/* ---- what a search needs ---- */

static void assert_needs(const char *search, const char *expected)
{
	struct query *query = query_parse(span_of(search), NULL, NULL);
	assert_non_null(query);
	struct message_needs needs = message_needs_of(query);
	char actual[4] = { needs.time ? 't' : '-', needs.host ? 'h' : '-', needs.category ? 'c' : '-', '\0' };

	if (strcmp(actual, expected) != 0)
		fail_msg("%s: %s", search, actual);
	query_destroy(query);
}

static void needs(void **state)
{
	assert_needs("*", "thc");
	assert_needs("* | where a", "thc");
	assert_needs("* | fields a", "thc");
	assert_needs("* | count", "---");
	assert_needs("* | parse regex \"(?<a>x)\" | where a = 1 | count by a", "---");
	assert_needs("* | parse regex \"(?<a>x)\" | sum(a), max(a) by b", "---");
	assert_needs("_sourceCategory=a | count", "--c");
	assert_needs("* | count by _sourcehost", "-h-");
	assert_needs("* | count by _SourceHost, _sourceCategory", "-hc");
	assert_needs("* | count by _messageTime", "t--");
	assert_needs("* | timeslice 1h | count by _timeslice", "thc");
	assert_needs("* | first(a) by b", "t--");
	assert_needs("* | last(a) by b", "t--");
	assert_needs("* | values(a) by b", "t--");
	assert_needs("* | limit 5 | count", "thc");
	assert_needs("* | sort by a | count", "thc");
	assert_needs("* | count {{more}}", "thc");
	assert_needs("* | formatDate(now(), \"y\") as a | count by a", "---");
	assert_needs("* | formatDate(_receiptTime, \"y\") as a | count by a", "t--");
}

/* ---- messages ---- */

struct collected {
	struct buffer text;
	size_t count;
};

static void take(struct messages *messages, struct collected *collected)
{
	struct message message;

	while (messages_next(messages, &message)) {
		buffer_printf(&collected->text, "%lld %.*s %.*s %.*s: ",
			      message.time_ms == TIME_UNKNOWN ? -1LL : (long long)message.time_ms,
			      (int)message.host.len, message.host.len ? message.host.data : "", (int)message.name.len,
			      message.name.len ? message.name.data : "", (int)message.category.len,
			      message.category.len ? message.category.data : "");
		buffer_add(&collected->text, message.raw);
		buffer_text(&collected->text, "$\n");
		collected->count++;
	}
}

/* Bytes up to behind the newline that ends so many lines. */
static size_t lines_len(struct span text, size_t lines)
{
	size_t len = 0;

	while (lines-- && len < text.len)
		len += span_index(span_skip(text, len), '\n') + 1;
	return len < text.len ? len : text.len;
}

/* The text in frames of so many lines each, each frame in memory of its own. */
static struct collected collect(const struct messages_options *options, struct span text, size_t lines,
				struct summary *summary)
{
	struct messages *messages = messages_create(options, summary);
	struct collected collected = { 0 };

	assert_non_null(messages);
	for (size_t at = 0; at < text.len;) {
		size_t len = lines_len(span_skip(text, at), lines);
		char *bytes = malloc(len + 1);
		memcpy(bytes, text.data + at, len);
		struct frame frame = { .bytes = { bytes, len },
				       .origin = { .file = "some/log", .offset = at },
				       .trust = TRUST_KERNEL,
				       .starts = at == 0,
				       .modified_ms = 1795430400000 };
		messages_feed(messages, &frame);
		take(messages, &collected);
		free(bytes);
		at += len;
	}
	messages_end(messages);
	take(messages, &collected);
	messages_account(messages, summary);
	buffer_add_byte(&collected.text, '\0');
	messages_destroy(messages);
	return collected;
}

static const char mixed[] =
	"\xef\xbb\xbftype=SYSCALL msg=audit(1795430000.001:1): arch=c000003e syscall=257 success=yes exit=3 "
	"a0=ffffff9c a1=7f00 "
	"a2=0 a3=0 items=1 ppid=1 pid=501 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) "
	"ses=1 "
	"comm=\"dumper\" exe=\"/opt/dumper\" key=(null)\n"
	"Nov 23 10:33:20 web-01 sshd[812]: Failed password for root\r\n"
	"type=CWD msg=audit(1795430000.001:1): cwd=\"/\"\n"
	"\n"
	"type=PATH msg=audit(1795430000.001:1): item=0 name=\"/proc/812/mem\" inode=1 dev=00:15 mode=0100600 ouid=0 "
	"ogid=0 "
	"rdev=00:00 nametype=NORMAL\n"
	"Nov 23 10:33:21 web-01 cron[9]: /tmp/mimipenguin ran\n"
	"nothing of the kind\n"
	"type=PROCTITLE msg=audit(1795430000.001:1): proctitle=\"dumper\"\n"
	"type=USER_LOGIN msg=audit(1795430000.002:2): pid=1 uid=0 auid=0 ses=1 msg='op=login res=success'\n"
	"the last line, without its end";

static const struct message_needs all = { true, true, true };

static void lines(void **state)
{
	struct messages_options options = { .unit = MESSAGE_LINE, .needs = all };
	struct summary summary = { 0 };
	struct span text = { mixed, sizeof(mixed) - 1 };
	struct collected whole = collect(&options, text, 99, &summary);

	assert_int_equal(whole.count, 9);
	assert_true(strncmp(whole.text.data, "1795430000001  some/log linux/audit: type=SYSCALL msg=", 54) == 0);
	assert_non_null(strstr(whole.text.data,
			       " web-01 some/log linux/secure: Nov 23 10:33:20 web-01 sshd[812]: Failed "
			       "password for root$\n"));
	assert_non_null(strstr(whole.text.data, " web-01 some/log linux/syslog: Nov 23 10:33:21 web-01 cron[9]"));
	assert_non_null(strstr(whole.text.data, "-1  some/log os/linux: nothing of the kind$\n"));
	assert_non_null(strstr(whole.text.data, "os/linux: the last line, without its end$\n"));
	for (size_t count = 1; count < 10; count++) {
		struct collected parts = collect(&options, text, count, &summary);
		assert_string_equal(parts.text.data, whole.text.data);
		buffer_finish(&parts.text);
	}
	buffer_finish(&whole.text);
	/* Decoding for stamps counts nothing. */
	assert_int_equal(summary.undecoded_lines, 0);
}

/* Lines without a literal are left out, however frames are cut; those with one are the same. */
static void literals(void **state)
{
	static const struct literal wanted[] = { { SPAN("MimiPenguin"), true },
						 { SPAN("sshd"), false },
						 { SPAN("end"), false } };
	struct summary summary = { 0 };
	struct span text = { mixed, sizeof(mixed) - 1 };

	for (size_t literal_count = 1; literal_count <= 3; literal_count++)
		for (size_t count = 1; count < 12; count++) {
			struct messages_options options = {
				.unit = MESSAGE_LINE, .needs = all, .literals = wanted, .literal_count = literal_count
			};
			struct collected some = collect(&options, text, count, &summary);
			assert_int_equal(some.count, literal_count);
			assert_non_null(strstr(some.text.data, "mimipenguin ran$\n"));
			buffer_finish(&some.text);
		}
	/* More of them than are looked for at once. */
	struct literal many[20];
	for (size_t i = 0; i < 20; i++)
		many[i] = (struct literal){ SPAN("sshd"), false };
	struct messages_options options = { .unit = MESSAGE_LINE, .needs = all, .literals = many, .literal_count = 20 };
	struct collected every = collect(&options, text, 3, &summary);
	assert_true(every.count >= 1);
	assert_non_null(strstr(every.text.data, "Failed password"));
	buffer_finish(&every.text);
}

static void left_out_lines_are_counted(void **state)
{
	static const struct literal wanted[] = { { SPAN("b"), false } };
	static const char text[] = "a\na\nb\na\nb";

	for (size_t count = 1; count < 6; count++) {
		struct messages_options options = {
			.unit = MESSAGE_LINE, .needs = all, .literals = wanted, .literal_count = 1
		};
		struct summary summary = { 0 };
		struct messages *messages = messages_create(&options, &summary);
		struct message message;
		for (size_t at = 0; at < strlen(text); at += lines_len(span_of(text + at), count)) {
			struct frame frame = { .bytes = { text + at, lines_len(span_of(text + at), count) },
					       .origin = { .file = "f" },
					       .starts = at == 0 };
			messages_feed(messages, &frame);
			while (messages_next(messages, &message))
				assert_text(message.raw, "b");
		}
		messages_end(messages);
		assert_int_equal(messages_count(messages), 5);
		messages_destroy(messages);
	}
}

static void events(void **state)
{
	struct messages_options options = { .unit = MESSAGE_EVENT, .needs = all };
	struct summary summary = { 0 };
	struct span text = { mixed, sizeof(mixed) - 1 };
	struct collected whole = collect(&options, text, 99, &summary);
	const char *event = strstr(whole.text.data, "linux/audit: type=SYSCALL");

	assert_non_null(event);
	const char *path = strstr(event, "\ntype=PATH"), *title = strstr(event, "\ntype=PROCTITLE");
	assert_true(path && title && path < title && title < strstr(event, "$\n"));
	assert_non_null(strstr(whole.text.data, "linux/audit: type=USER_LOGIN"));
	assert_non_null(
		strstr(whole.text.data, "linux/secure: Nov 23 10:33:20 web-01 sshd[812]: Failed password for root"));
	for (size_t count = 1; count < 10; count++) {
		struct collected parts = collect(&options, text, count, &summary);
		assert_int_equal(parts.count, whole.count);
		assert_int_equal(parts.text.len, whole.text.len);
		buffer_finish(&parts.text);
	}
	buffer_finish(&whole.text);
}

static void accesses(void **state)
{
	struct messages_options options = { .unit = MESSAGE_ACCESS, .needs = all, .pack = shipped_pack() };
	struct span text = { mixed, sizeof(mixed) - 1 };
	struct summary summary = { 0 };
	struct collected whole = collect(&options, text, 99, &summary);

	assert_non_null(strstr(whole.text.data, "1795430000001  some/log linux/audit: timestamp=\"1795430000001\" "));
	assert_non_null(strstr(whole.text.data, " file_path=\"/proc/812/mem\" file_basename=\"mem\" action=\"open\" "));
	assert_non_null(strstr(whole.text.data, " target_pid=\"812\" "));
	assert_non_null(strstr(whole.text.data, " risk=\"HighRisk\" "));
	assert_non_null(strstr(whole.text.data, "action=\"log\""));
	assert_non_null(strstr(whole.text.data, " threat_name=\""));
	for (size_t count = 1; count < 10; count++) {
		struct collected parts = collect(&options, text, count, &summary);
		assert_int_equal(parts.count, whole.count);
		buffer_finish(&parts.text);
	}
	buffer_finish(&whole.text);
}

/* ---- an access as text ---- */

#define HOSTILE "a\"b\\c\nd\re\tf\033g\177\xff\0h=\" i=\"j"

/* name="value" pairs, one blank between them; the value of one is unescaped. False when the text is no such thing. */
static bool read_pairs(struct span text, const char *wanted, struct buffer *value, size_t *count)
{
	size_t at = 0;

	for (*count = 0; at < text.len; ++*count) {
		size_t equals = at + span_index(span_skip(text, at), '=');
		bool is_it = span_equal((struct span){ text.data + at, equals - at }, span_of(wanted));
		if (equals + 1 >= text.len || text.data[equals + 1] != '"')
			return false;
		for (at = equals + 2; at < text.len && text.data[at] != '"'; at++) {
			char byte = text.data[at];
			if ((unsigned char)byte < 0x20 || byte == 0x7f)
				return false;
			if (byte == '\\') {
				uint64_t code = 0;
				byte = text.data[++at];
				if (byte == 'x') {
					span_hex(span_first(span_skip(text, at + 1), 2), &code);
					at += 2;
				}
				byte = byte == 'n'   ? '\n'
				       : byte == 'r' ? '\r'
				       : byte == 't' ? '\t'
				       : byte == 'x' ? (char)code
						     : byte;
			}
			if (is_it)
				buffer_add_byte(value, byte);
		}
		if (at >= text.len || (at + 1 < text.len && text.data[at + 1] != ' '))
			return false;
		at += 2;
	}
	return true;
}

static void hostile_access(void **state)
{
	struct span hostile = { HOSTILE, sizeof(HOSTILE) - 1 };
	struct process process = { 500,	    1,	     1000,    0,       0,	1, hostile, hostile,
				   hostile, hostile, hostile, hostile, hostile, 0, 1 };
	struct finding finding = {
		.access = { .time_ms = 1795430000001,
			    .host = hostile,
			    .serial = 7,
			    .path = hostile,
			    .resolved_path = hostile,
			    .syscall = SPAN("openat"),
			    .actor = process,
			    .target = process,
			    .message = hostile },
		.reasons = { hostile, hostile },
		.reason_count = 2,
		.rule = hostile,
		.suppressed_by = hostile,
	};
	static const char *const names[] = { "device_hostname",
					     "baseImage",
					     "commandLine",
					     "file_path",
					     "comm",
					     "script",
					     "cwd",
					     "tty",
					     "target_name",
					     "target_exe",
					     "path",
					     "resolved_path",
					     "rule",
					     "suppressed_by",
					     "message" };
	struct buffer text = { 0 };
	size_t pairs = 0;

	message_access_write(&text, &finding);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct buffer value = { 0 };
		assert_true(read_pairs(buffer_span(&text), names[i], &value, &pairs));
		if (!span_equal(buffer_span(&value), hostile))
			fail_msg("%s is '%.*s'", names[i], (int)value.len, value.data);
		buffer_finish(&value);
	}
	assert_in_range(pairs, 40, 60);
	buffer_finish(&text);
}

/* What is not known has nothing between its quotes, and every name is there once. */
static void unknown_access(void **state)
{
	struct process process = { .pid = UNKNOWN_ID,
				   .ppid = UNKNOWN_ID,
				   .auid = UNKNOWN_ID,
				   .uid = UNKNOWN_ID,
				   .euid = UNKNOWN_ID,
				   .ses = UNKNOWN_ID,
				   .script_uid = UNKNOWN_ID,
				   .start_ms = TIME_UNKNOWN };
	struct finding finding = { .access = { .time_ms = TIME_UNKNOWN, .actor = process, .target = process } };
	struct buffer text = { 0 }, value = { 0 };
	size_t pairs = 0;

	message_access_write(&text, &finding);
	static const char *const empty[] = { "timestamp",  "device_hostname", "user_userId", "pid",	   "parentPid",
					     "processUid", "sessionId",	      "target_pid",  "target_uid", "auid",
					     "euid",	   "serial",	      "risk" };
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++)
		assert_true(read_pairs(buffer_span(&text), empty[i], &value, &pairs));
	assert_int_equal(value.len, 0);
	assert_int_equal(span_find(buffer_span(&text), SPAN("threat_name")), text.len);
	assert_true(text.data[text.len - 1] == '"');
	buffer_finish(&text);
	buffer_finish(&value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(category_by_path),
		cmocka_unit_test(category_by_glob),
		cmocka_unit_test(many_globs),
		cmocka_unit_test(category_files),
		cmocka_unit_test(category_by_content),
		cmocka_unit_test(needs),
		cmocka_unit_test(lines),
		cmocka_unit_test(literals),
		cmocka_unit_test(left_out_lines_are_counted),
		cmocka_unit_test(events),
		cmocka_unit_test(accesses),
		cmocka_unit_test(hostile_access),
		cmocka_unit_test(unknown_access),
	};

	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
