/* Defender tables as CSV. */
#include "dress_check.h"

static struct span header;

static enum dress_result decode_row(const struct document *document, struct queue *to)
{
	return decode_csv(document, header, to);
}

#define ROW(text, result, count) assert_decodes(decode_row, SPAN(text), result, count)

static void test_headers(void **state)
{
	assert_true(csv_is_defender_header(SPAN("Timestamp,DeviceName,ActionType,FileName")));
	assert_true(csv_is_defender_header(SPAN("\xef\xbb\xbf\"Timestamp\",\"DeviceName\",\"ProcessCommandLine\"")));
	assert_true(csv_is_defender_header(SPAN("Timestamp; DeviceName ;RemoteIP")));
	assert_true(csv_is_defender_header(SPAN("TimeGenerated [UTC],DeviceName,FolderPath\r")));
	assert_false(csv_is_defender_header(SPAN("")));
	assert_false(csv_is_defender_header(SPAN("Timestamp")));
	assert_false(csv_is_defender_header(SPAN("Timestamp,host,message")));
	assert_false(csv_is_defender_header(SPAN("type=SYSCALL msg=audit(1.2:3): a0=1, b")));
}

static void test_rows(void **state)
{
	header = SPAN("\xef\xbb\xbfTimestamp,DeviceName,ActionType,FileName,FolderPath,ProcessId,ProcessCommandLine,"
		      "ReportId");
	ROW("2024-03-01T10:11:12.1234567Z,web1,ProcessCreated,cat,/usr/bin/cat,4711,\"sh -c \"\"cat /x\"\"\",9",
	    DRESS_DONE, 3);
	assert_record(0, AUDIT_TYPE_SYSCALL, "op=exec success=yes pid=4711 comm=\"cat\" exe=\"/usr/bin/cat\"");
	assert_record(1, AUDIT_TYPE_EXECVE, "argc=3 a0=\"sh\" a1=\"-c\" a2=636174202F78");
	assert_int_equal(queue.items[0].serial, 9);
	assert_int_equal(queue.items[0].time_ms, 1709287872123);
	assert_span(queue.items[0].node, "web1");
}

static void test_quotes_hold_separators_and_newlines(void **state)
{
	header = SPAN("Timestamp,DeviceName,ProcessCommandLine,ProcessId\r");
	ROW("2024-03-01T10:11:12Z,web1,\"a,b\nc\",5", DRESS_DONE, 3);
	assert_record(1, AUDIT_TYPE_EXECVE, "argc=1 a0=612C620A63");
	ROW("2024-03-01T10:11:12Z,\"\",\"a\" junk,5", DRESS_DONE, 3);
	assert_record(1, AUDIT_TYPE_EXECVE, "argc=1 a0=\"a\"");
	assert_record(0, AUDIT_TYPE_SYSCALL, "op=exec success=yes pid=5");
}

static void test_other_separators(void **state)
{
	header = SPAN("Timestamp;DeviceName;ProcessId;FileName");
	ROW("2024-03-01T10:11:12Z;web1;5;a,b", DRESS_DONE, 1);
	assert_record(0, AUDIT_TYPE_SYSCALL, "op=exec success=yes pid=5 comm=\"a,b\" exe=\"a,b\"");
	header = SPAN("Timestamp\tDeviceName\tProcessId");
	ROW("2024-03-01T10:11:12Z\tweb1\t5", DRESS_DONE, 1);
}

static void test_damaged_rows(void **state)
{
	header = SPAN("Timestamp,DeviceName,ProcessId,ProcessCommandLine");
	ROW("2024-03-01T10:11:12Z,web1,5,\"never closed", DRESS_BROKEN, 0);
	ROW("2024-03-01T10:11:12Z,web1,5", DRESS_DONE, 1);
	ROW("2024-03-01T10:11:12Z,web1,5,x,too,many,columns", DRESS_DONE, 3);
	ROW("just words", DRESS_NO_EVENT, 0);
	ROW("", DRESS_NO_EVENT, 0);
	ROW(",,,", DRESS_NO_EVENT, 0);
}

static void test_many_columns(void **state)
{
	struct buffer names = { 0 }, values = { 0 };

	buffer_text(&names, "Timestamp,DeviceName,ProcessId");
	buffer_text(&values, "2024-03-01T10:11:12Z,web1,5");
	for (size_t i = 0; i < 1000; i++) {
		buffer_text(&names, ",x");
		buffer_text(&values, ",y");
	}
	header = buffer_span(&names);
	assert_decodes(decode_row, buffer_span(&values), DRESS_DONE, 1);
	buffer_finish(&names);
	buffer_finish(&values);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_headers),	     TEST(test_rows),	      TEST(test_quotes_hold_separators_and_newlines),
		TEST(test_other_separators), TEST(test_damaged_rows), TEST(test_many_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
