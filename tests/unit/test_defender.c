/* Rows of Microsoft Defender's advanced hunting tables, as JSON. */
#include "dress_check.h"

#define JSON(text, result, count) assert_decodes(decode_json, SPAN(text), result, count)

static void test_process_event(void **state)
{
	JSON("{\"Timestamp\":\"2024-03-01T10:11:12.1234567Z\",\"DeviceName\":\"web1.example.com\",\"ActionType\":"
	     "\"ProcessCreated\",\"FileName\":\"python3.11\",\"FolderPath\":\"/usr/bin/python3.11\",\"ProcessId\":4711,"
	     "\"ProcessCommandLine\":\"python3 '/tmp/a b.py' \\\"x y\\\" it's\",\"AccountName\":\"root\","
	     "\"InitiatingProcessId\":4000,\"InitiatingProcessFileName\":\"bash\",\"ReportId\":637}",
	     DRESS_DONE, 3);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "op=exec success=yes ppid=4000 pid=4711 uid=0 acct=\"root\" comm=\"python3.11\" "
		      "exe=\"/usr/bin/python3.11\"");
	assert_record(1, AUDIT_TYPE_EXECVE, "argc=4 a0=\"python3\" a1=2F746D702F6120622E7079 a2=782079 a3=\"it's\"");
	assert_record(2, AUDIT_TYPE_PROCTITLE,
		      "proctitle=707974686F6E3320272F746D702F6120622E7079272022782079222069742773");
	assert_int_equal(queue.items[0].time_ms, 1709287872123);
	assert_int_equal(queue.items[0].serial, 637);
	assert_span(queue.items[0].node, "web1.example.com");
	assert_true(queue.items[2].whole_event);
	assert_false(queue.items[0].whole_event);
}

static void test_process_in_a_folder(void **state)
{
	JSON("{\"ActionType\":\"ProcessCreated\",\"FileName\":\"averyveryverylongname\",\"FolderPath\":\"/usr/local/"
	     "bin/\","
	     "\"ProcessId\":\"12.0\",\"AccountName\":\"alice\",\"ProcessCommandLine\":\"\"}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "op=exec success=yes pid=12 acct=\"alice\" comm=\"averyveryverylo\" "
		      "exe=\"/usr/local/bin/averyveryverylongname\"");
	JSON("{\"ActionType\":\"ProcessCreated\",\"FileName\":\"x\",\"FolderPath\":\"/opt\"}", DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "op=exec success=yes comm=\"x\" exe=\"/opt/x\"");
}

static void test_file_event(void **state)
{
	JSON("{\"Timestamp\":\"2024-03-01T10:11:12Z\",\"DeviceName\":\"web1\",\"ActionType\":\"FileCreated\","
	     "\"FileName\":"
	     "\"dump.bin\",\"FolderPath\":\"/tmp/"
	     "dump.bin\",\"InitiatingProcessId\":77,\"InitiatingProcessParentId\":70,"
	     "\"InitiatingProcessFileName\":\"dd\",\"InitiatingProcessFolderPath\":\"/usr/bin/dd\","
	     "\"InitiatingProcessCommandLine\":\"dd if=/proc/12/mem\",\"InitiatingProcessAccountName\":\"0\"}",
	     DRESS_DONE, 3);
	assert_record(0, AUDIT_TYPE_SYSCALL,
		      "op=open success=yes items=1 ppid=70 pid=77 uid=0 acct=\"0\" comm=\"dd\" exe=\"/usr/bin/dd\"");
	assert_record(1, AUDIT_TYPE_PATH, "item=0 name=\"/tmp/dump.bin\" action=\"FileCreated\"");
	assert_record(2, AUDIT_TYPE_PROCTITLE, "proctitle=64642069663D2F70726F632F31322F6D656D");
}

static void test_network_event(void **state)
{
	JSON("{\"Timestamp\":\"2024-03-01T10:11:12Z\",\"DeviceName\":\"web1\",\"ActionType\":\"ConnectionSuccess\","
	     "\"RemoteIP\":\"203.0.113.7\",\"RemotePort\":443,\"RemoteUrl\":\"raw.example.com\","
	     "\"InitiatingProcessId\":77,"
	     "\"InitiatingProcessFileName\":\"curl\"}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOG);
	assert_span(queue.items[0].program, "curl");
	assert_int_equal(queue.items[0].pid, 77);
	assert_span(queue.items[0].message, "connection to raw.example.com:443");
	JSON("{\"DeviceName\":\"web1\",\"RemoteIP\":\"203.0.113.7\"}", DRESS_DONE, 1);
	assert_span(queue.items[0].message, "connection to 203.0.113.7");
}

static void test_streaming_form(void **state)
{
	JSON("{\"records\":[{\"time\":\"2024-03-01T10:11:13Z\",\"tenantId\":\"t\",\"operationName\":\"Publish\","
	     "\"category\":"
	     "\"AdvancedHunting-DeviceFileEvents\",\"properties\":{\"Timestamp\":\"2024-03-01T10:11:12Z\","
	     "\"DeviceName\":"
	     "\"web1\",\"FolderPath\":\"/proc/12/"
	     "maps\",\"FileName\":\"maps\",\"InitiatingProcessId\":7,\"AdditionalFields\":"
	     "{\"x\":1}}},{\"category\":\"AdvancedHunting-DeviceInfo\",\"properties\":{\"DeviceName\":\"web1\"}}]}",
	     DRESS_DONE, 2);
	assert_record(1, AUDIT_TYPE_PATH, "item=0 name=\"/proc/12/maps\"");
	assert_int_equal(queue.items[0].time_ms, 1709287872000);
	assert_span(queue.items[0].node, "web1");
}

static void test_api_and_sentinel_forms(void **state)
{
	JSON("{\"Schema\":[{\"Name\":\"Timestamp\",\"Type\":\"DateTime\"}],\"Results\":[{\"DeviceName\":\"a\","
	     "\"ProcessId\":1,"
	     "\"ProcessCommandLine\":\"id\"}]}",
	     DRESS_DONE, 3);
	JSON("{\"TimeGenerated\":\"2024-03-01T10:11:12Z\",\"Type\":\"DeviceProcessEvents\",\"DeviceName\":\"a\","
	     "\"FileName\":\"id\",\"ActionType\":\"Odd\"}",
	     DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "op=exec success=yes comm=\"id\" exe=\"id\"");
	assert_int_equal(queue.items[0].time_ms, 1709287872000);
}

static void test_portal_stamps(void **state)
{
	static const char *const stamps[] = { "Mar 1, 2024 10:11:12 PM", "3/1/2024 10:11:12 PM", "3/1/2024, 22:11:12",
					      "3/1/2024, 10:11:12.000 PM" };
	char text[256];

	for (size_t i = 0; i < sizeof(stamps) / sizeof(*stamps); i++) {
		snprintf(text, sizeof(text), "{\"Timestamp\":\"%s\",\"DeviceName\":\"a\",\"ProcessId\":1}", stamps[i]);
		assert_decodes(decode_json, span_of(text), DRESS_DONE, 1);
		assert_int_equal(queue.items[0].time_ms, 1709331072000);
	}
	JSON("{\"Timestamp\":\"13/45/2024 99:99:99\",\"DeviceName\":\"a\",\"ProcessId\":1}", DRESS_DONE, 1);
	assert_int_equal(queue.items[0].time_ms, TIME_UNKNOWN);
}

static void test_other_tables(void **state)
{
	JSON("{\"DeviceName\":\"a\",\"ActionType\":\"ScriptContent\",\"FileName\":\"x.sh\","
	     "\"InitiatingProcessFileName\":\"sh\"}",
	     DRESS_DONE, 1);
	assert_int_equal(queue.items[0].kind, RECORD_LOG);
	assert_span(queue.items[0].message, "ScriptContent x.sh");
	JSON("{\"DeviceName\":\"a\",\"OSPlatform\":\"Linux\"}", DRESS_NO_EVENT, 0);
}

static void test_command_line_quotes(void **state)
{
	JSON("{\"ActionType\":\"ProcessCreated\",\"ProcessCommandLine\":\"  sh  -c 'a \\\"b' \\\"\\\" c\\\"d e\\\"f ' "
	     "g \"}",
	     DRESS_DONE, 3);
	assert_record(1, AUDIT_TYPE_EXECVE,
		      "argc=7 a0=\"sh\" a1=\"-c\" a2=61202262 a3=\"\" a4=6364206566 a5=\"'\" a6=\"g\"");
}

/* A command line of quotes must not cost the square of its length. */
static void test_long_command_line(void **state)
{
	struct buffer text = { 0 };

	buffer_text(&text, "{\"ActionType\":\"ProcessCreated\",\"ProcessCommandLine\":\"");
	for (size_t i = 0; i < 4u << 20; i++)
		buffer_add_byte(&text, i % 3 ? '\'' : 'b');
	buffer_text(&text, "\"}");
	assert_decodes(decode_json, buffer_span(&text), DRESS_DONE, 3);
	buffer_finish(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_process_event),     TEST(test_process_in_a_folder), TEST(test_file_event),
		TEST(test_network_event),     TEST(test_streaming_form),      TEST(test_api_and_sentinel_forms),
		TEST(test_portal_stamps),     TEST(test_other_tables),	      TEST(test_command_line_quotes),
		TEST(test_long_command_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
