/*
 * query/: any bytes are a search that is refused, or runs over messages that have what its operators look for; bytes
 * behind a NUL are one message more. No row ends a run but by a ceiling, and stages count what goes through them.
 */
#include <stdlib.h>

#include "model/record.h"
#include "query/lint.h"
#include "query/lookup_table.h"
#include "query/parse.h"
#include "query/run.h"

#define ROWS_MAX 2000
#define NOW_MS 1795430400000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct span messages[] = {
	SPAN("type=SYSCALL msg=audit(1795430914.650:7388): arch=c000003e syscall=257 success=yes exit=4 ppid=1 "
	     "pid=28675 "
	     "uid=0 comm=\"cat\" exe=\"/usr/bin/cat\" key=(null)"),
	SPAN("Nov 23 10:48:34 host sshd[412]: Failed password for root from 10.0.0.1 port 22 ssh2"),
	SPAN("{\"a\":1,\"b\":[1,{\"c\":\"x\\u00e9\"},[2]],\"d\":{\"e f\":null,\"t\":true},\"a\":2}"),
	SPAN("2015-05-04 INFO [x] {\"foo\":{\"bar\":[{\"k\":\"v\"},{\"k\":7}]}} {\"n\":-1.5e3} tail"),
	SPAN("a=1; b=\"two words\", c: 'x' d->4 e= f=g(h,i) http://h/p?q=1&r=2"),
	SPAN("1,\"two, \"\"2\"\"\",,x\\,y,'z'"),
	SPAN("<r a=\"1\"><u id='7'>S&amp;&#65;</u><u id='8'><![CDATA[<x>]]></u><!-- c --></r>"),
	SPAN(""),
	SPAN("\0\xff\xfe\xc3\n\r\t{[\"'"),
	SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static size_t take_rows(struct run *run)
{
	struct row_view row;
	struct err err;
	size_t count = 0;

	while (count < ROWS_MAX && run_next(run, &row, &err) > 0) {
		for (size_t i = 0; i < row.count; i++)
			require(row.names[i].data && (row.values[i].kind != VALUE_TEXT || row.values[i].text.len == 0 ||
						      row.values[i].text.data));
		count++;
	}
	return count;
}

static void feed(struct run *run, struct span own)
{
	const size_t count = sizeof(messages) / sizeof(*messages);
	struct err err;
	int more = 0;

	for (size_t i = 0; i <= count && more == 0; i++) {
		struct message message = { .raw = i < count ? messages[i] : own,
					   .time_ms = i == 7 ? TIME_UNKNOWN : NOW_MS + (int64_t)i * 60000,
					   .category = i % 2 ? SPAN("linux/audit") : SPAN(""),
					   .host = SPAN("host"),
					   .name = SPAN("/var/log/x") };
		more = run_message(run, &message, &err);
		take_rows(run);
	}
	require(more >= 0 || err.number < 0);
	if (more >= 0 && run_end(run, &err) == 0)
		take_rows(run);
	for (size_t i = 0; i < run_stage_count(run); i++) {
		struct stage_report report;
		run_stage(run, i, &report);
		require(report.dropped <= report.in || report.out > 0);
	}
}

static void run(const struct query *query, struct span own)
{
	static const struct span csv = SPAN("a,b,id\n1,x,7\n2,\"y z\",8\n");
	struct lookup_tables tables;
	struct run_options options = { .memory = (size_t)4 << 20,
				       .now_ms = NOW_MS,
				       .start_ms = NOW_MS,
				       .end_ms = NOW_MS + 3600000,
				       .explain = true };
	struct err err;

	lookup_tables_init(&tables);
	require(lookup_tables_add(&tables, SPAN("t"), csv, &err) == 0);
	options.tables = &tables;
	struct run *made = run_create(query, &options, &err);
	if (made)
		feed(made, own);
	else
		require(err.number < 0 && err.text[0]);
	run_destroy(made);
	lookup_tables_finish(&tables);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct span search = span_first(text, span_index(text, '\0'));
	struct lint_finding findings[8];
	struct query_error error;
	struct query *query = query_parse(search, NULL, &error);

	if (!query) {
		require(error.message[0]);
		return 0;
	}
	query_lint(query, findings, 8);
	run(query, span_skip(text, search.len + 1));
	query_destroy(query);
	return 0;
}
