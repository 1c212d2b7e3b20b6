/* The JSON dresses: each decodes to what the kernel would have written. */
#include "dress_check.h"

#include <dirent.h>
#include <sys/stat.h>

#include "decode/coalesced.h"
#include "model/fields.h"

#define JSON(text, result, count) assert_decodes(decode_json, SPAN(text), result, count)

static const char laurel_open[] =
	"{\"ID\":\"1705071450.879:29498378\",\"NODE\":\"web1\",\"SYSCALL\":{\"arch\":\"0xc000003e\",\"syscall\":257,"
	"\"success\":\"yes\",\"exit\":3,\"items\":1,\"ppid\":10,\"pid\":11,\"auid\":1000,\"uid\":0,\"gid\":0,\"euid\":"
	"0,"
	"\"tty\":\"(none)\",\"ses\":2,\"comm\":\"cat\",\"exe\":\"/usr/bin/cat\",\"key\":null,\"ARCH\":\"x86_64\","
	"\"SYSCALL\":\"openat\",\"UID\":\"root\",\"PPID\":{\"EVENT_ID\":\"1.2:3\",\"comm\":\"bash\"},"
	"\"ARGV\":[\"0xffffff9c\",\"0x7ffd4e3c1a2b\",\"0x0\",\"0x0\"]},\"CWD\":{\"cwd\":\"/root\"},"
	"\"PATH\":[{\"item\":0,\"name\":\"/proc/12/"
	"mem\",\"inode\":4711,\"dev\":\"00:15\",\"mode\":\"0o100600\",\"ouid\":0,"
	"\"rdev\":\"00:00\",\"nametype\":\"NORMAL\",\"cap_fp\":\"0x0\",\"OUID\":\"root\"}],"
	"\"PROCTITLE\":{\"ARGV\":[\"cat\",\"/proc/12/mem\"]},\"PARENT_INFO\":{\"ARGV\":[\"bash\"],\"ppid\":1}}";

static void test_laurel_event(void **state)
{
	assert_decodes(decode_json, span_of(laurel_open), DRESS_DONE, 4);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd4e3c1a2b a2=0 a3=0 items=1 "
		      "ppid=10 pid=11 "
		      "auid=1000 uid=0 gid=0 euid=0 tty=(none) ses=2 comm=\"cat\" exe=\"/usr/bin/cat\" key=(null)");
	assert_record(1, AUDIT_TYPE_CWD, "cwd=\"/root\"");
	assert_record(2, AUDIT_TYPE_PATH,
		      "item=0 name=\"/proc/12/mem\" inode=4711 dev=00:15 mode=0100600 ouid=0 rdev=00:00 "
		      "nametype=NORMAL cap_fp=0");
	assert_record(3, AUDIT_TYPE_PROCTITLE, "proctitle=636174002F70726F632F31322F6D656D");
	for (size_t i = 0; i < 4; i++) {
		assert_span(queue.items[i].node, "web1");
		assert_int_equal(queue.items[i].time_ms, 1705071450879);
		assert_int_equal(queue.items[i].serial, 29498378);
		assert_int_equal(queue.items[i].trust, TRUST_KERNEL);
		assert_int_equal(queue.items[i].whole_event, i == 3);
		assert_span_at(queue.items[i].raw, laurel_open, sizeof(laurel_open) - 1, __LINE__);
	}
}

/* Arguments come behind the exit as the kernel has them, unless one of their names stood before them already. */
static void test_laurel_order(void **state)
{
	JSON("{\"ID\":\"1.002:3\",\"SYSCALL\":{\"exit\":-2,\"items\":1,\"ARGV\":[\"0x1\",\"0x2\"],\"a0\":\"0x9\"}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "exit=-2 a0=1 a1=2 items=1 a0=9");
	JSON("{\"ID\":\"1.002:3\",\"SYSCALL\":{\"exit\":-2,\"a0\":\"0x9\",\"ARGV\":[\"0x1\"]}}", DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "exit=-2 a0=9 a0=1");
	JSON("{\"ID\":\"1.002:3\",\"SYSCALL\":{\"items\":1,\"ARGV\":[\"0x1\"],\"exit\":0}}", DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "items=1 a0=1 exit=0");
	JSON("{\"ID\":\"1.002:3\",\"SYSCALL\":[{\"exit\":0},{\"items\":1,\"ARGV\":[\"0x1\"]}]}", DRESS_DONE, 2);
	assert_record(1, AUDIT_TYPE_SYSCALL, "items=1 a0=1");
}

static void test_laurel_percent_and_escapes(void **state)
{
	JSON("{\"ID\":\"1.002:3\",\"EXECVE\":{\"argc\":4,\"ARGV\":[\"100%25 "
	     "sure\",\"caf\xc3\xa9\",\"\\u0000%c3\",\"%zz\"]}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_EXECVE,
		      "argc=4 a0=3130302520"
		      "73757265 a1=636166C3A9 a2=00C3 a3=\"%zz\"");
	assert_int_equal(queue.items[0].time_ms, 1002);
}

static void test_laurel_argument_string(void **state)
{
	JSON("{\"ID\":\"1.002:3\",\"EXECVE\":{\"argc\":3,\"ARGV_STR\":\"cat /proc/1/maps \"}}", DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_EXECVE, "argc=3 a0=\"cat\" a1=\"/proc/1/maps\" a2=\"\"");
}

static void test_laurel_translations_stand_in(void **state)
{
	JSON("{\"ID\":\"1.002:3\",\"SYSCALL\":{\"ARCH\":\"x86_64\",\"SYSCALL\":\"openat\",\"success\":\"yes\","
	     "\"AUID\":\"unset\",\"UID\":\"root\",\"EUID\":\"unknown(1000)\",\"GID\":\"root\"}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "success=yes arch=c000003e syscall=257 auid=4294967295 uid=0 euid=1000");
	JSON("{\"ID\":\"1.002:3\",\"SYSCALL\":{\"arch\":\"0x40000003\",\"syscall\":26,\"UID\":\"alice\",\"SYSCALL\":"
	     "\"x\"}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "arch=40000003 syscall=26");
}

static void test_laurel_odd_values(void **state)
{
	JSON("{\"ID\":\"1.002:3\",\"SOCKADDR\":[{\"saddr\":\"%01%00/x\",\"SADDR\":{\"path\":\"/x\"}}],"
	     "\"AVC\":[{\"denied\":[\"read\",\"open\"],\"pid\":1}],\"SYSCALL\":{\"uid\":0,\"uid\":0,\"subj\":\"="
	     "unconfined\"},"
	     "\"OBJ_PID\":[{\"opid\":12,\"ocomm\":\"a b\"},{\"opid\":13}],\"URINGOP\":[{\"uring_op\":18}],"
	     "\"UNKNOWN[1329]\":[{\"x\":\"\"}],\"NOT_A_TYPE\":{\"x\":1}}",
	     DRESS_DONE, 7);
	assert_record(0, 1306, "saddr=01002F78");
	assert_record(1, 1400, "denied=726561642C6F70656E pid=1");
	assert_record(2, AUDIT_TYPE_SYSCALL, "uid=0 uid=0 subj=\"=unconfined\"");
	assert_record(3, AUDIT_TYPE_OBJ_PID, "opid=12 ocomm=612062");
	assert_record(4, AUDIT_TYPE_OBJ_PID, "opid=13");
	assert_record(5, AUDIT_TYPE_URINGOP, "uring_op=18");
	assert_record(6, 1329, "x=\"\"");
}

/* Keys may be in any order (jq -S), and the id comes last then. */
static void test_laurel_id_last(void **state)
{
	JSON("{\"CWD\":{\"cwd\":\"/\"},\"ID\":\"5.006:7\",\"NODE\":\"n\"}", DRESS_DONE, 1);
	assert_int_equal(queue.items[0].time_ms, 5006);
	assert_int_equal(queue.items[0].serial, 7);
	assert_span(queue.items[0].node, "n");
}

static void test_laurel_damage(void **state)
{
	JSON("{\"ID\":\"5.006:7\"}", DRESS_NO_EVENT, 0);
	JSON("{\"ID\":\"5.006:7\",\"CWD\":{\"cwd\":\"/\"},\"PATH\":[{\"name\":\"/x", DRESS_BROKEN, 1);
	JSON("{\"ID\":\"5.006:7\",\"SYSCALL\":[1,[2],{}],\"CWD\":7}", DRESS_DONE, 1);
	JSON("{\"ID\":\"five\",\"CWD\":{\"cwd\":\"/\"}}", DRESS_NO_EVENT, 0);
}

static const char ecs_nested[] =
	"{\"@timestamp\":\"2024-01-12T14:57:30.879Z\",\"host\":{\"name\":\"web1\",\"architecture\":\"x86_64\"},"
	"\"agent\":{\"hostname\":\"shipper\"},\"tags\":[\"procfs\"],\"auditd\":{\"message_type\":\"syscall\","
	"\"sequence\":812,\"result\":\"fail\",\"session\":\"3\",\"summary\":{\"how\":\"/usr/bin/cat\"},\"data\":{"
	"\"arch\":\"x86_64\",\"syscall\":\"openat\",\"exit\":\"EACCES\",\"a0\":\"ffffff9c\",\"a1\":\"7ffd\",\"a2\":"
	"\"0\",\"a3\":\"0\","
	"\"tty\":\"pts0\"},\"paths\":[{\"name\":\"/proc/12/a "
	"b\",\"inode\":\"4711\",\"dev\":\"00:15\",\"mode\":\"0100600\","
	"\"ouid\":\"0\",\"item\":\"0\",\"nametype\":\"NORMAL\",\"rdev\":\"00:00\"},{\"item\":\"1\",\"nametype\":"
	"\"UNKNOWN\"}]},"
	"\"process\":{\"pid\":4312,\"parent\":{\"pid\":4000},\"executable\":\"/usr/bin/cat\",\"name\":\"cat\","
	"\"args\":[\"not\",\"an\",\"exec\"],\"working_directory\":\"/root\",\"title\":\"cat mem\"},"
	"\"user\":{\"id\":\"1000\",\"audit\":{\"id\":\"1000\"},\"group\":{\"id\":\"100\"},\"saved\":{\"id\":\"0\"}}}";

static void test_ecs_event(void **state)
{
	assert_decodes(decode_json, span_of(ecs_nested), DRESS_DONE, 5);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7ffd a2=0 a3=0 items=2 ppid=4000 "
		      "pid=4312 auid=1000 uid=1000 gid=100 euid=1000 suid=0 tty=pts0 ses=3 comm=\"cat\" "
		      "exe=\"/usr/bin/cat\" key=\"procfs\"");
	assert_record(1, AUDIT_TYPE_CWD, "cwd=\"/root\"");
	assert_record(2, AUDIT_TYPE_PATH,
		      "name=2F70726F632F31322F612062 inode=4711 dev=00:15 mode=0100600 ouid=0 item=0 nametype=NORMAL "
		      "rdev=00:00");
	assert_record(3, AUDIT_TYPE_PATH, "item=1 nametype=UNKNOWN name=(null)");
	assert_record(4, AUDIT_TYPE_PROCTITLE, "proctitle=636174206D656D");
	assert_true(queue.items[4].whole_event);
	assert_int_equal(queue.items[0].serial, 812);
	assert_int_equal(queue.items[0].time_ms, 1705071450879);
	assert_span(queue.items[0].node, "web1");
}

static void test_ecs_dotted_and_arrays(void **state)
{
	JSON("{\"@timestamp\":[\"2024-01-12T14:57:30.879Z\"],\"agent.hostname\":\"web2\",\"auditd.message_type\":["
	     "\"syscall\"],"
	     "\"auditd.sequence\":[9],\"auditd\":{\"data.syscall\":\"execve\",\"data\":{\"arch\":\"aarch64\"}},"
	     "\"auditd.data.argc\":\"2\",\"process.pid\":[5],\"process.args\":[\"sh\",\"-c\"],\"user.id\":\"root\","
	     "\"auditd.result\":\"success\",\"auditd.data.exit\":0,\"tags\":[\"a\",\"b\"]}",
	     DRESS_DONE, 2);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=c00000b7 syscall=221 success=yes exit=0 items=0 pid=5 auid=4294967295 uid=0 euid=0 "
		      "ses=4294967295 key=610162");
	assert_record(1, AUDIT_TYPE_EXECVE, "argc=2 a0=\"sh\" a1=\"-c\"");
	assert_span(queue.items[0].node, "web2");
}

static void test_ecs_auditbeat_6(void **state)
{
	JSON("{\"@timestamp\":\"2018-01-12T14:57:30.879Z\",\"beat\":{\"hostname\":\"old\"},\"auditd\":{\"sequence\":1,"
	     "\"result\":\"success\",\"data\":{\"arch\":\"x86_64\",\"syscall\":\"ptrace\",\"a0\":\"10\",\"opid\":"
	     "\"77\","
	     "\"ocomm\":\"sshd\"},\"summary\":{}},\"process\":{\"pid\":\"5\",\"ppid\":\"4\",\"exe\":\"/usr/bin/"
	     "gdb\",\"cwd\":\"/\"},"
	     "\"user\":{\"auid\":\"1000\",\"uid\":\"0\",\"euid\":\"0\"}}",
	     DRESS_DONE, 3);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=c000003e syscall=101 success=yes a0=10 items=0 ppid=4 pid=5 auid=1000 uid=0 euid=0 "
		      "ses=4294967295 exe=\"/usr/bin/gdb\" key=(null)");
	assert_record(1, AUDIT_TYPE_OBJ_PID, "opid=77 ocomm=\"sshd\"");
	assert_record(2, AUDIT_TYPE_CWD, "cwd=\"/\"");
}

static void test_ecs_other_records(void **state)
{
	JSON("{\"@timestamp\":\"2018-01-12T14:57:30.879Z\",\"auditd\":{\"message_type\":\"user_cmd\",\"sequence\":2,"
	     "\"result\":\"success\",\"session\":\"unset\",\"data\":{\"cmd\":\"cat "
	     "/etc/shadow\",\"terminal\":\"pts/1\"}},"
	     "\"process\":{\"pid\":5},\"user\":{\"id\":\"0\"}}",
	     DRESS_DONE, 1);
	assert_record(
		0, 1123,
		"pid=5 uid=0 ses=4294967295 msg=' cmd=636174202F6574632F736861646F77 terminal=pts/1 res=success'");
	assert_int_equal(queue.items[0].trust, TRUST_DAEMON);
	JSON("{\"auditd\":{\"message_type\":\"config_change\",\"sequence\":3,\"result\":\"success\",\"data\":{\"op\":"
	     "\"add_rule\","
	     "\"list\":\"4\"}},\"tags\":[\"procfs\"]}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_CONFIG_CHANGE, "op=add_rule list=4 key=\"procfs\" res=1");
}

static void test_ecs_ring(void **state)
{
	JSON("{\"auditd\":{\"message_type\":\"syscall\",\"sequence\":1,\"result\":\"success\",\"data\":{\"arch\":\"x86_"
	     "64\","
	     "\"syscall\":\"io_uring_enter\",\"uring_op\":\"18\"},\"paths\":[{\"name\":\"/proc/1/mem\"}]},"
	     "\"process\":{\"pid\":5},\"user\":{\"id\":\"0\"}}",
	     DRESS_DONE, 3);
	assert_record(0, AUDIT_TYPE_URINGOP, "uring_op=18 items=1 pid=5 auid=4294967295 uid=0 euid=0");
	assert_record(1, AUDIT_TYPE_SYSCALL,
		      "arch=c000003e syscall=426 success=yes items=1 pid=5 auid=4294967295 uid=0 euid=0 ses=4294967295 "
		      "key=(null)");
}

static void test_ecs_originals(void **state)
{
	JSON("{\"auditd\":{\"message_type\":\"syscall\",\"sequence\":3},\"host\":{\"name\":\"h\"},\"event\":{"
	     "\"original\":["
	     "\"type=SYSCALL msg=audit(1.002:3): arch=c000003e syscall=257 exe=\\\"/bin/x\\\"\","
	     "\"type=CWD msg=audit(1.002:3): cwd=\\\"/\\\"\",7,[8]]}}",
	     DRESS_DONE, 2);
	assert_record(0, AUDIT_TYPE_SYSCALL, "arch=c000003e syscall=257 exe=\"/bin/x\"");
	assert_record(1, AUDIT_TYPE_CWD, "cwd=\"/\"");
	assert_span(queue.items[0].node, "h");
	assert_int_equal(queue.items[0].serial, 3);
	assert_true(queue.items[1].whole_event);
}

/* filebeat: a document a record, so none of them ends its event. */
static void test_filebeat_records(void **state)
{
	JSON("{\"@timestamp\":\"2020-07-06T16:38:34.588Z\",\"auditd.log.record_type\":\"CWD\",\"auditd.log.sequence\":"
	     "4,"
	     "\"event.original\":\"node=n type=CWD msg=audit(5.006:4): cwd=\\\"/\\\"\"}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_CWD, "cwd=\"/\"");
	assert_span(queue.items[0].node, "n");
	assert_false(queue.items[0].whole_event);
	JSON("{\"@timestamp\":\"2020-07-06T16:38:34.588Z\",\"auditd.log.record_type\":\"SYSCALL\",\"auditd.log."
	     "sequence\":4,"
	     "\"auditd.log.syscall\":\"257\",\"auditd.log.success\":\"yes\",\"auditd.log.a0\":\"3\",\"auditd.log."
	     "items\":\"1\","
	     "\"auditd.log.ses\":\"2\",\"auditd.log.node\":\"n\",\"host.architecture\":\"x86_64\",\"process.exit_"
	     "code\":\"3\","
	     "\"process.pid\":8,\"process.executable\":\"/x\",\"user.audit.id\":\"1\",\"user.id\":\"2\"}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=c000003e syscall=257 success=yes exit=3 a0=3 items=1 pid=8 auid=1 uid=2 euid=2 ses=2 "
		      "exe=\"/x\" key=(null)");
	assert_false(queue.items[0].whole_event);
	assert_span(queue.items[0].node, "n");
}

static void test_golibaudit_raw(void **state)
{
	JSON("{\"@timestamp\":\"2018-01-10T21:28:41.392Z\",\"record_type\":\"syscall\",\"sequence\":106081,"
	     "\"raw_msg\":\"audit(1515619721.392:106081): arch=c000003e syscall=59 "
	     "exe=\\\"/bin/grep\\\"\",\"data\":{\"a0\":\"1\"}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "arch=c000003e syscall=59 exe=\"/bin/grep\"");
	assert_int_equal(queue.items[0].serial, 106081);
	assert_false(queue.items[0].whole_event);
	JSON("{\"record_type\":\"USER_LOGIN\",\"sequence\":\"1\",\"raw_msg\":\"audit(1.002:1): pid=1 msg='op=login'\"}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].trust, TRUST_DAEMON);
}

static void test_golibaudit_data(void **state)
{
	JSON("{\"@timestamp\":\"2018-01-10T21:28:41.392Z\",\"record_type\":\"syscall\",\"sequence\":5,\"data\":{"
	     "\"arch\":\"i386\",\"syscall\":\"open\",\"exit\":\"ENOENT\",\"result\":\"fail\",\"pid\":\"7\",\"ppid\":"
	     "\"6\",\"uid\":\"0\","
	     "\"auid\":\"unset\",\"ses\":\"unset\",\"comm\":\"a b\",\"exe\":\"/bin/a\",\"items\":\"1\"}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=40000003 syscall=5 success=no exit=-2 items=1 ppid=6 pid=7 auid=4294967295 uid=0 euid=0 "
		      "ses=4294967295 comm=612062 exe=\"/bin/a\" key=(null)");
	JSON("{\"record_type\":\"execve\",\"sequence\":5,\"data\":{\"argc\":\"2\",\"a0\":\"sh\",\"a1\":\"AB\"}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_EXECVE, "argc=2 a0=\"sh\" a1=\"AB\"");
	JSON("{\"record_type\":\"daemon_config\",\"sequence\":34,\"raw_msg\":\"auditd: config changed\","
	     "\"data\":{\"auid\":\"0\",\"pid\":\"1512\",\"result\":\"success\"}}",
	     DRESS_DONE, 1);
	assert_record(0, 1203, "pid=1512 auid=0 msg=' res=success'");
}

static void test_golibaudit_event(void **state)
{
	JSON("[{\"test_name\":\"x\",\"event\":{\"@timestamp\":\"2025-03-14T20:13:15.885Z\",\"sequence\":240,"
	     "\"category\":\"audit-rule\",\"record_type\":\"syscall\",\"result\":\"success\",\"session\":\"3\","
	     "\"summary\":{\"action\":\"opened\"},\"user\":{\"ids\":{\"auid\":\"1000\",\"uid\":\"0\"}},"
	     "\"process\":{\"pid\":\"15200\",\"ppid\":\"6099\",\"name\":\"link\",\"exe\":\"/l\",\"cwd\":\"/\"},"
	     "\"data\":{\"arch\":\"s390x\",\"syscall\":\"openat\"},\"paths\":[{\"item\":\"0\",\"name\":\"mem\"}]}},{}]",
	     DRESS_DONE, 3);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "arch=80000016 syscall=288 success=yes items=1 ppid=6099 pid=15200 auid=1000 uid=0 euid=0 ses=3 "
		      "comm=\"link\" exe=\"/l\" key=(null)");
	assert_record(2, AUDIT_TYPE_PATH, "item=0 name=\"mem\"");
	assert_true(queue.items[2].whole_event);
	/* Whoever left the summary out left an event. */
	JSON("{\"@timestamp\":\"2025-03-14T20:13:15.885Z\",\"sequence\":240,\"record_type\":\"syscall\","
	     "\"result\":\"success\",\"process\":{\"pid\":\"15200\",\"exe\":\"/l\"},\"data\":{\"arch\":\"x86_64\","
	     "\"syscall\":\"openat2\",\"a0\":\"3\",\"oflag\":\"0100000\",\"mode\":\"00\",\"resolve\":\"0x10\"},"
	     "\"paths\":[{\"item\":\"0\",\"name\":\"/mem\"}]}",
	     DRESS_DONE, 3);
	assert_record(1, AUDIT_TYPE_OPENAT2, "oflag=0100000 resolve=0x10");
	assert_record(2, AUDIT_TYPE_PATH, "item=0 name=\"/mem\"");
}

static void test_structured(void **state)
{
	JSON("{\"sequence\":1226433,\"timestamp\":\"1459376866.885\",\"messages\":[{\"type\":1300,\"data\":\"arch="
	     "c000003e "
	     "syscall=59 comm=\\\"x\\\"\"},{\"type\":1307,\"data\":\" cwd=\\\"/\\\"\"}],\"uid_map\":{\"0\":\"root\"}}",
	     DRESS_DONE, 2);
	assert_record(0, AUDIT_TYPE_SYSCALL, "arch=c000003e syscall=59 comm=\"x\"");
	assert_record(1, AUDIT_TYPE_CWD, "cwd=\"/\"");
	assert_int_equal(queue.items[0].time_ms, 1459376866885);
	assert_int_equal(queue.items[1].serial, 1226433);
	assert_true(queue.items[1].whole_event);
	JSON("{\"eventid\":\"50\",\"items\":{\"SYSCALL\":[\"arch=c000003e a0=3\"],\"PATH\":[\"item=0\",\"item=1\"],"
	     "\"COMMENT\":[\"words\"]},\"node\":\"127.0.1.1\",\"timestamp\":\"1668865019\",\"timestampfractional\":"
	     "\"052\"}",
	     DRESS_DONE, 3);
	assert_record(2, AUDIT_TYPE_PATH, "item=1");
	assert_int_equal(queue.items[0].time_ms, 1668865019052);
	assert_int_equal(queue.items[0].serial, 50);
	assert_span(queue.items[0].node, "127.0.1.1");
}

static void test_wrapped_lines(void **state)
{
	JSON("{\"@timestamp\":\"2024-01-12T14:57:30.879Z\",\"message\":\"type=CWD msg=audit(5.006:7): cwd=\\\"/\\\"\","
	     "\"log\":{\"file\":{\"path\":\"/var/log/audit/audit.log\"}},\"host\":{\"name\":\"web1\"}}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_CWD, "cwd=\"/\"");
	assert_int_equal(queue.items[0].trust, TRUST_KERNEL);
	assert_span(queue.items[0].node, "web1");
	/* Nobody knows who wrote this one. */
	JSON("{\"level\":\"info\",\"msg\":\"type=CWD msg=audit(5.006:7): cwd=\\\"/\\\"\"}", DRESS_DONE, 1);
	assert_int_equal(queue.items[0].trust, TRUST_ANY_USER);
	JSON("{\"time\":1705071450.5,\"msg\":\"running audit(1.2:3): x\",\"process.name\":\"app\",\"process.pid\":12}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOG);
	assert_span(queue.items[0].message, "running audit(1.2:3): x");
	assert_span(queue.items[0].program, "app");
	assert_int_equal(queue.items[0].pid, 12);
	assert_int_equal(queue.items[0].time_ms, 1705071450500);
	assert_int_equal(queue.items[0].trust, TRUST_ANY_USER);
}

static void test_wrappers(void **state)
{
	static const char text[] =
		"{\"took\":1,\"hits\":{\"total\":2,\"hits\":[{\"_index\":\"x\",\"_source\":{\"ID\":\"1.001:1\","
		"\"CWD\":{\"cwd\":\"/a\"}}},{\"_source\":{\"ID\":\"1.001:2\",\"CWD\":{\"cwd\":\"/b\"}}}]}}";

	assert_decodes(decode_json, span_of(text), DRESS_DONE, 2);
	assert_record(1, AUDIT_TYPE_CWD, "cwd=\"/b\"");
	assert_span(queue.items[1].raw, "{\"ID\":\"1.001:2\",\"CWD\":{\"cwd\":\"/b\"}}");
	assert_int_equal(queue.items[1].origin.offset, (size_t)(strstr(text, "{\"ID\":\"1.001:2") - text));
	JSON("{\"preview\":false,\"result\":{\"_raw\":\"type=CWD msg=audit(1.001:1): cwd=\\\"/\\\"\",\"host\":\"h\","
	     "\"source\":\"/var/log/audit/audit.log\"}}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].trust, TRUST_KERNEL);
	assert_span(queue.items[0].node, "h");
}

static void test_arrays_and_sequences(void **state)
{
	JSON("[{\"ID\":\"1.001:1\",\"CWD\":{\"cwd\":\"/\"}},{\"ID\":\"1.001:2\",\"CWD\":{\"cwd\":\"/\"}}]", DRESS_DONE,
	     2);
	assert_true(queue.items[0].whole_event);
	JSON("{\"ID\":\"1.001:1\",\"CWD\":{\"cwd\":\"/\"}}{\"ID\":\"1.001:2\",\"CWD\":{\"cwd\":\"/\"}},", DRESS_DONE,
	     2);
	JSON("\xef\xbb\xbf {\"ID\":\"1.001:1\",\"CWD\":{\"cwd\":\"/\"}}", DRESS_DONE, 1);
	JSON("[{\"ID\":\"1.001:1\",\"CWD\":{\"cwd\":\"/\"}},{\"ID\":", DRESS_BROKEN, 1);
	JSON("[", DRESS_DONE, 0);
	JSON("],", DRESS_DONE, 0);
}

static void test_no_event(void **state)
{
	JSON("{}", DRESS_NO_EVENT, 0);
	JSON("[]", DRESS_NO_EVENT, 0);
	JSON("[[[[[[[[[[[[[[{\"ID\":\"1.001:1\",\"CWD\":{}}]]]]]]]]]]]]]]", DRESS_NO_EVENT, 0);
	JSON("{\"attributes\":{\"hits\":0,\"title\":\"Dashboard\"},\"type\":\"search\",\"version\":\"1\"}",
	     DRESS_NO_EVENT, 0);
	JSON("{\"@timestamp\":\"2024-01-12T14:57:30.879Z\",\"metric\":{\"cpu\":1}}", DRESS_NO_EVENT, 0);
	JSON("{\"auditd\":{\"summary\":{}}}", DRESS_NO_EVENT, 0);
}

static void test_not_json(void **state)
{
	JSON("", DRESS_NOT_MINE, 0);
	JSON("[   12.345678] audit: type=1400 audit(1.2:3): x", DRESS_NOT_MINE, 0);
	JSON("[  OK  ] Started session", DRESS_NOT_MINE, 0);
	JSON("{ read } for pid=1", DRESS_NOT_MINE, 0);
	JSON("{} and words", DRESS_BROKEN, 0);
	JSON("type=CWD", DRESS_NOT_MINE, 0);
	JSON("{\"a\":1", DRESS_BROKEN, 0);
	JSON("{\"a\":}", DRESS_BROKEN, 0);
}

/* A path that is no place must never be taken for its neighbour: the table is sorted and has no twins. */
static void test_every_place_is_found(void **state)
{
	struct coalesced from;

	assert_true(
		coalesced_read(&from,
			       SPAN("{\"user.ids.fsgid\":\"1\",\"user.gid\":\"2\",\"@timestamp\":\"3\","
				    "\"_sourceName\":\"4\",\"timestamp\":\"x\",\"userx\":1,\"a\":{\"\":1,\"b\":[]}}"),
			       &queue.arena, true));
	assert_span(from.slots[SLOT_FSGID], "1");
	assert_span(from.slots[SLOT_GID], "2");
	assert_span(from.slots[SLOT_TIME], "3");
	assert_span(from.slots[SLOT_LOG_PATH], "4");
	assert_null(from.slots[SLOT_UID].data);
}

/* Found by the fuzzer: keys that fill the room for a path to its last byte. */
static void test_long_paths(void **state)
{
	struct coalesced from;
	struct buffer text = { 0 };

	for (size_t len = 120; len < 136; len++) {
		buffer_reset(&text);
		buffer_text(&text, "{\"auditd\":{");
		buffer_printf(&text, "\"%0*d\":{\"\":{\"x\":{\"yy\":{\"\":1}}}}}}", (int)len - 7, 0);
		assert_true(coalesced_read(&from, buffer_span(&text), &queue.arena, true));
	}
	buffer_finish(&text);
}

/* A hostile document costs no more memory than an honest one, and says that it was cut. */
static void test_ceilings(void **state)
{
	struct buffer text = { 0 };
	struct field field;

	buffer_text(&text, "{\"ID\":\"1.001:1\",\"PATH\":[{\"a\":1}");
	for (size_t i = 0; i < 200000; i++)
		buffer_text(&text, ",{\"a\":1}");
	buffer_text(&text, "]}");
	assert_decodes(decode_json, buffer_span(&text), DRESS_BROKEN, 131072);
	buffer_reset(&text);
	buffer_text(&text, "{\"ID\":\"1.001:1\",\"EXECVE\":{\"argc\":70001,\"ARGV\":[\"x\"");
	for (size_t i = 0; i < 70000; i++)
		buffer_text(&text, ",\"y\"");
	buffer_text(&text, "]}}");
	assert_decodes(decode_json, buffer_span(&text), DRESS_DONE, 1);
	assert_true(field_find(queue.items[0].body, SPAN("argc"), &field));
	assert_span(field.value, "70001");
	assert_true(field_find(queue.items[0].body, SPAN("a65535"), &field));
	assert_false(field_find(queue.items[0].body, SPAN("a65536"), &field));
	buffer_finish(&text);
}

static char *read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	assert_true(size >= 0);
	rewind(file);
	text = malloc((size_t)size + 1);
	*len = fread(text, 1, (size_t)size, file);
	fclose(file);
	return text;
}

static bool is_json_name(struct span name)
{
	return span_ends(name, SPAN(".json")) || span_ends(name, SPAN(".jsonl")) || span_ends(name, SPAN(".golden"));
}

/* Every JSON file whole, as one document; saved dashboards are no events. */
static void decode_tree(const char *folder, size_t *files, size_t *records)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[4096];

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct stat st;
		size_t len;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] == '.' || stat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode))
			decode_tree(path, files, records);
		if (!S_ISREG(st.st_mode) || !is_json_name(span_of(entry->d_name)))
			continue;
		char *text = read_file(path, &len);
		struct document document = document_of((struct span){ text, len });
		forget();
		enum dress_result result = decode_json(&document, &queue);
		bool dashboard = strstr(path, "/kibana/");
		if (result != (dashboard ? DRESS_NO_EVENT : DRESS_DONE) || (queue.count == 0) != dashboard) {
			print_error("%s: result %d, %zu records\n", path, result, queue.count);
			fail();
		}
		++*files;
		*records += queue.count;
		free(text);
	}
	closedir(dir);
}

static void test_shared_corpus(void **state)
{
	const char *shared = getenv("PROCTOR_SHARED");
	size_t files = 0, records = 0;
	char path[4096];

	if (!shared)
		skip();
	snprintf(path, sizeof(path), "%s/corpus", shared);
	decode_tree(path, &files, &records);
	assert_true(files > 40 && records > 200);
}

/* LAUREL's own test data tells the same event twice, raw and in JSON: all fields must agree. */
static void compare_twins(const char *stem)
{
	char path[4096];
	size_t len, compared = 0;

	snprintf(path, sizeof(path), "%s/corpus/threathunters-io+laurel/src/testdata/%s.json", getenv("PROCTOR_SHARED"),
		 stem);
	char *json = read_file(path, &len);
	struct document document = document_of((struct span){ json, len });
	forget();
	assert_int_equal(decode_json(&document, &queue), DRESS_DONE);
	snprintf(path, sizeof(path), "%s/corpus/threathunters-io+laurel/src/testdata/%s.txt", getenv("PROCTOR_SHARED"),
		 stem);
	char *text = read_file(path, &len);
	struct span rest = { text, len };
	while (rest.len) {
		struct record raw = { 0 };
		struct field field, twin;
		size_t newline = span_index(rest, '\n'), i = 0;
		bool parsed = audit_parse(span_first(rest, newline), &raw);
		rest = span_skip(rest, newline + 1);
		while (i < queue.count && queue.items[i].type != raw.type)
			i++;
		if (!parsed || i == queue.count || raw.type == AUDIT_TYPE_EXECVE || raw.type == AUDIT_TYPE_PATH)
			continue;
		assert_int_equal(raw.time_ms, queue.items[i].time_ms);
		assert_int_equal(raw.serial, queue.items[i].serial);
		while (field_next(&raw.body, &field)) {
			if (span_ends(field.name, SPAN("gid"))) /* lost in one of LAUREL's files */
				continue;
			assert_true(field_find(queue.items[i].body, field.name, &twin));
			struct span a = field_text(&field, &queue.arena), b = field_text(&twin, &queue.arena);
			assert_span_at(b, a.data, a.len, __LINE__);
			compared++;
		}
	}
	assert_true(compared > 20);
	free(json);
	free(text);
}

static void test_laurel_twins(void **state)
{
	if (!getenv("PROCTOR_SHARED"))
		skip();
	compare_twins("record-execve-long");
	compare_twins("record-ptrace");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_laurel_event),
		TEST(test_laurel_order),
		TEST(test_laurel_percent_and_escapes),
		TEST(test_laurel_argument_string),
		TEST(test_laurel_translations_stand_in),
		TEST(test_laurel_odd_values),
		TEST(test_laurel_id_last),
		TEST(test_laurel_damage),
		TEST(test_ecs_event),
		TEST(test_ecs_dotted_and_arrays),
		TEST(test_ecs_auditbeat_6),
		TEST(test_ecs_other_records),
		TEST(test_ecs_ring),
		TEST(test_ecs_originals),
		TEST(test_filebeat_records),
		TEST(test_golibaudit_raw),
		TEST(test_golibaudit_data),
		TEST(test_golibaudit_event),
		TEST(test_structured),
		TEST(test_wrapped_lines),
		TEST(test_wrappers),
		TEST(test_arrays_and_sequences),
		TEST(test_no_event),
		TEST(test_not_json),
		TEST(test_every_place_is_found),
		TEST(test_long_paths),
		TEST(test_ceilings),
		TEST(test_shared_corpus),
		TEST(test_laurel_twins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
