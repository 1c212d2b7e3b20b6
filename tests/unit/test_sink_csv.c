/* csv: begins with the seed's columns, parses back to what went in, and runs no formula. */
#include "sink_samples.h"

#include <locale.h>
#include <stdio.h>

enum { COLUMNS = 36 };

static const struct sink_options plain = { 0 };

static const char *const columns[COLUMNS] = {
	"_messageTime",	 "hostname", "exe",	      "uid",	 "pid",	     "target_pid",    "proc_entry",
	"accessed_file", "syscall",  "risk",	      "score",	 "severity", "rule",	      "verb",
	"outcome",	 "count",    "first",	      "last",	 "id",	     "resolved_path", "resolved_by",
	"certain",	 "comm",     "script",	      "cmdline", "ppid",     "auid",	      "target_comm",
	"target_exe",	 "self",     "suppressed_by", "reasons", "file",     "member",	      "offset",
	"serial",
};

struct cell {
	struct buffer text;
	bool known;
};

/* One cell by RFC 4180; returns the byte behind it, and takes the bytes off. */
static char take_cell(struct span *rest, struct cell *cell)
{
	*cell = (struct cell){ 0 };
	bool quoted = rest->len && rest->data[0] == '"';
	size_t at = quoted;

	cell->known = quoted;
	for (; at < rest->len; at++) {
		char byte = rest->data[at];
		if (quoted && byte == '"') {
			if (at + 1 < rest->len && rest->data[at + 1] == '"') {
				at++;
			} else {
				at++;
				break;
			}
		} else if (!quoted && (byte == ',' || byte == '\r')) {
			break;
		}
		assert_true(byte != '\n');
		buffer_add_byte(&cell->text, byte);
		cell->known = true;
	}
	assert_true(at < rest->len);
	char end = rest->data[at];
	*rest = span_skip(*rest, at + 1);
	if (end == '\r') {
		assert_true(rest->len && rest->data[0] == '\n');
		*rest = span_skip(*rest, 1);
	}
	return end;
}

static void take_row(struct span *rest, struct cell cells[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++)
		assert_int_equal(take_cell(rest, &cells[i]), i == COLUMNS - 1 ? '\r' : ',');
}

static void free_row(struct cell cells[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++)
		buffer_finish(&cells[i].text);
}

/* The way back that docs/schema/README.md tells. */
static void cell_back(struct span cell, struct buffer *to)
{
	if (cell.len && cell.data[0] == '\'')
		cell = span_skip(cell, 1);
	for (; cell.len; cell = span_skip(cell, 1)) {
		uint64_t byte;
		if (cell.len >= 4 && cell.data[0] == '\\' && cell.data[1] == 'x') {
			assert_int_equal(span_hex(span_first(span_skip(cell, 2), 2), &byte), 2);
			buffer_add_byte(to, (char)byte);
			cell = span_skip(cell, 3);
		} else {
			buffer_add_byte(to, cell.data[0]);
		}
	}
}

static void assert_cell(const struct cell *cell, struct span text)
{
	struct buffer back = { 0 };

	assert_int_equal(cell->known, text.data != NULL);
	cell_back(buffer_span(&cell->text), &back);
	assert_true(span_equal(buffer_span(&back), text));
	buffer_finish(&back);
}

static int column(const char *name)
{
	for (int i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i], name) == 0)
			return i;
	fail_msg("no column %s", name);
	return 0;
}

static void test_csv_whole_row(void **state)
{
	static const char expected[] =
		"_messageTime,hostname,exe,uid,pid,target_pid,proc_entry,accessed_file,syscall,risk,"
		"score,severity,rule,verb,outcome,count,first,last,id,resolved_path,resolved_by,certain,"
		"comm,script,cmdline,ppid,auid,target_comm,target_exe,self,suppressed_by,reasons,"
		"file,member,offset,serial\r\n"
		"2026-11-23T22:56:01.786Z,web-01,/usr/bin/python3.11,0,4312,812,mem,mem,openat,HighRisk,"
		"95,9,memory-read,open,success,3,2026-11-23T22:56:01.786Z,2026-11-23T22:56:02.001Z,"
		"9a0c11e2d3f4a5b6,/proc/812/mem,dirfd,true,python3,/home/u/dump_heap.py,"
		"\"python3 /home/u/dump_heap.py 812 out\",4000,1000,sshd,/usr/sbin/sshd,false,,"
		"\"maps then mem of one target; the target holds credentials\","
		"/var/log/audit/audit.log,,4711,812\r\n";
	struct finding finding = sample_finding();
	struct capture capture = capture_sink("csv", &plain, &finding, 1);

	assert_string_equal(capture.text, expected);
	capture_free(&capture);
}

static void test_csv_header_alone(void **state)
{
	struct capture capture = capture_sink("csv", &plain, NULL, 0);
	struct span rest = { capture.text, capture.len };
	struct cell cells[COLUMNS];

	take_row(&rest, cells);
	for (int i = 0; i < COLUMNS; i++)
		assert_cell(&cells[i], span_of(columns[i]));
	assert_int_equal(rest.len, 0);
	free_row(cells);
	capture_free(&capture);
}

static void test_csv_unknown_is_empty(void **state)
{
	struct finding finding = sample_unknown();
	struct capture capture = capture_sink("csv", &plain, &finding, 1);

	assert_non_null(
		strstr(capture.text, "serial\r\n,,,,,,,,,,0,,,open,success,1,,,,,none,false,,,,,,,,false,,,,,0,\r\n"));
	capture_free(&capture);
}

static void assert_no_formula(const struct cell *cell)
{
	struct span text = buffer_span(&cell->text);

	if (text.len)
		assert_null(memchr("=+-@\t\r", text.data[0], 6));
}

static void test_csv_hostile_round_trip(void **state)
{
	enum { MAX = 200, ROUNDS = 1000 };
	static char rooms[ROUNDS][SAMPLE_TEXTS * MAX];
	static struct finding findings[ROUNDS];
	struct cell cells[COLUMNS];
	uint64_t seed = 4;

	for (int i = 0; i < ROUNDS; i++)
		findings[i] = sample_hostile_finding(&seed, rooms[i], MAX);
	struct capture capture = capture_sink("csv", &plain, findings, ROUNDS);
	struct span rest = { capture.text, capture.len };
	take_row(&rest, cells);
	free_row(cells);
	for (int i = 0; i < ROUNDS; i++) {
		const struct access *access = &findings[i].access;
		take_row(&rest, cells);
		for (int k = 0; k < COLUMNS; k++)
			assert_no_formula(&cells[k]);
		assert_cell(&cells[column("hostname")], access->host);
		assert_cell(&cells[column("exe")], access->actor.exe);
		assert_cell(&cells[column("accessed_file")], access->path);
		assert_cell(&cells[column("cmdline")], access->actor.cmdline);
		assert_cell(&cells[column("target_exe")], access->target.exe);
		assert_cell(&cells[column("suppressed_by")], findings[i].suppressed_by);
		free_row(cells);
	}
	assert_int_equal(rest.len, 0);
	capture_free(&capture);
}

static void test_csv_negative_outcome_number_is_text(void **state)
{
	struct finding finding = sample_finding();

	finding.access.outcome = -3000; /* no errno has that number */
	struct capture capture = capture_sink("csv", &plain, &finding, 1);
	assert_non_null(strstr(capture.text, ",open,'-3000,"));
	capture_free(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_whole_row),
		cmocka_unit_test(test_csv_header_alone),
		cmocka_unit_test(test_csv_unknown_is_empty),
		cmocka_unit_test(test_csv_hostile_round_trip),
		cmocka_unit_test(test_csv_negative_outcome_number_is_text),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
