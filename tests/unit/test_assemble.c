/* src/assemble: records → events, whatever the interleaving, each record once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "assemble/assemble.h"
#include "base/buffer.h"

#define FILE_NAME "test.log"
#define TAKEN_MAX 100000

/* An event as it left: what the tests look at. */
struct taken {
	uint64_t serial, origin;
	uint32_t boot, node_id;
	size_t count;
	bool again, incomplete;
	enum trust trust;
	char types[24]; /* S SYSCALL, C CWD, P PATH, T PROCTITLE, E EOE, X EXECVE, ? */
	char node[16], bodies[160];
};

static struct {
	struct assembler *assembler;
	struct summary summary;
	struct taken taken[TAKEN_MAX];
	size_t count;
	uint64_t offset;
	const char *file;
} run;

static char letter(uint16_t type)
{
	switch (type) {
	case AUDIT_TYPE_SYSCALL:
		return 'S';
	case AUDIT_TYPE_CWD:
		return 'C';
	case AUDIT_TYPE_PATH:
		return 'P';
	case AUDIT_TYPE_PROCTITLE:
		return 'T';
	case AUDIT_TYPE_EOE:
		return 'E';
	case AUDIT_TYPE_EXECVE:
		return 'X';
	default:
		return '?';
	}
}

static void take(const struct event *event)
{
	struct taken *taken = &run.taken[run.count++];

	assert_true(run.count < TAKEN_MAX);
	*taken = (struct taken){ .serial = event->serial,
				 .origin = event->origin.offset,
				 .boot = event->boot,
				 .node_id = event->node_id,
				 .count = event->count,
				 .again = event->again,
				 .incomplete = event->incomplete,
				 .trust = event->trust };
	assert_true(event->node.len < sizeof(taken->node));
	memcpy(taken->node, event->node.data, event->node.len);
	for (size_t i = 0, len = 0; i < event->count; i++) {
		const struct event_record *record = &event->records[i];
		if (i + 1 < sizeof(taken->types))
			taken->types[i] = letter(record->type);
		/* A body lies in its line. */
		assert_true(span_find(record->raw, record->body) < record->raw.len || !record->body.len);
		if (len + record->body.len + 2 < sizeof(taken->bodies)) {
			memcpy(taken->bodies + len, record->body.data, record->body.len);
			len += record->body.len;
			taken->bodies[len++] = '|';
		}
	}
}

static void drain(void)
{
	struct event event;

	while (assembler_next(run.assembler, &event))
		take(&event);
}

static int setup(void **state)
{
	memset(&run, 0, sizeof(run));
	run.file = FILE_NAME;
	run.assembler = assembler_create(&run.summary);
	return run.assembler ? 0 : -1;
}

static int teardown(void **state)
{
	assembler_destroy(run.assembler);
	return 0;
}

/* 0 and NULL stand for a stamp of 1000, 20 bytes of padding, and no node. */
struct line {
	uint16_t type;
	uint64_t serial;
	int64_t time_ms;
	const char *node, *body;
	size_t padding; /* bytes of the line beyond its body */
	bool forgeable, whole;
};

static void add_record(const struct line *line)
{
	size_t len = strlen(line->body), padding = line->padding ? line->padding : 20;
	char *raw = malloc(len + padding + 1);
	struct record record = {
		.kind = RECORD_AUDIT,
		.type = line->type,
		.serial = line->serial,
		.time_ms = line->time_ms ? line->time_ms : 1000,
		.node = span_of(line->node ? line->node : ""),
		.trust = line->forgeable ? TRUST_ANY_USER : TRUST_KERNEL,
		.whole_event = line->whole,
		.origin = { .file = run.file, .offset = run.offset },
	};

	memset(raw, '#', len + padding);
	memcpy(raw + padding, line->body, len);
	record.raw = (struct span){ raw, len + padding };
	record.body = (struct span){ raw + padding, len };
	run.offset += record.raw.len + 1;
	int due = assembler_add(run.assembler, &record);
	size_t before = run.count;
	assert_true(due >= 0);
	free(raw); /* the assembler has its own copy */
	drain();
	assert_true(due || run.count == before);
}

#define ADD(type_name, number, text, ...) \
	add_record(&(struct line){ .type = AUDIT_TYPE_##type_name, .serial = (number), .body = (text), __VA_ARGS__ })

#define SYSCALL_OF(items) "arch=c000003e syscall=257 a3=0 items=" #items " ppid=1 pid=2"

static void end(void)
{
	assembler_end(run.assembler);
	drain();
}

static void add_open(uint64_t serial)
{
	ADD(SYSCALL, serial, SYSCALL_OF(1));
	ADD(CWD, serial, "cwd=\"/\"");
	ADD(PATH, serial, "item=0 name=\"x\"");
	ADD(PROCTITLE, serial, "proctitle=\"x\"");
}

/* An event that comes first may be in the middle of the serials; from the second on they follow each other. */
static void one_after_the_other(void **state)
{
	for (uint64_t serial = 10; serial < 20; serial++)
		add_open(serial);
	end();
	assert_int_equal(run.count, 10);
	for (size_t i = 0; i < 10; i++) {
		assert_int_equal(run.taken[i].serial, 10 + i);
		assert_string_equal(run.taken[i].types, "SCPT");
		assert_false(run.taken[i].incomplete || run.taken[i].again);
	}
	assert_string_equal(run.taken[0].bodies, SYSCALL_OF(1) "|cwd=\"/\"|item=0 name=\"x\"|proctitle=\"x\"|");
	assert_int_equal(run.summary.events, 10);
	assert_int_equal(run.summary.incomplete_events, 0);
}

static void interleaved(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(1));
	ADD(SYSCALL, 11, SYSCALL_OF(1));
	ADD(CWD, 11, "cwd=\"/b\"");
	ADD(CWD, 10, "cwd=\"/a\"");
	ADD(PATH, 11, "item=0 name=\"b\"");
	ADD(PROCTITLE, 11, "proctitle=\"b\"");
	ADD(PATH, 10, "item=0 name=\"a\"");
	ADD(PROCTITLE, 10, "proctitle=\"a\"");
	end();
	assert_int_equal(run.count, 2);
	assert_int_equal(run.taken[0].serial, 10);
	assert_non_null(strstr(run.taken[0].bodies, "/a"));
	assert_null(strstr(run.taken[0].bodies, "/b"));
	assert_non_null(strstr(run.taken[1].bodies, "/b"));
}

/* 827 foreign lines inside one event were measured. */
static void far_apart(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(1));
	for (uint64_t serial = 11; serial < 300; serial++)
		add_open(serial);
	ADD(CWD, 10, "cwd=\"/\"");
	ADD(PATH, 10, "item=0 name=\"x\"");
	ADD(PROCTITLE, 10, "proctitle=\"x\"");
	end();
	assert_int_equal(run.count, 290);
	for (size_t i = 0; i < run.count; i++) {
		assert_int_equal(run.taken[i].serial, 10 + i);
		assert_string_equal(run.taken[i].types, "SCPT");
	}
	assert_int_equal(run.summary.late_records, 0);
}

/* An old event drives out what has smaller serials: not before it is whole, when it has just begun. */
static void young_before_old(void **state)
{
	ADD(SYSCALL, 5000, SYSCALL_OF(1));
	ADD(SYSCALL, 5001, SYSCALL_OF(0), .padding = ASSEMBLE_WINDOW - 4096);
	ADD(SYSCALL, 4000, SYSCALL_OF(1), .padding = 4096);
	assert_int_equal(run.count, 0);
	ADD(CWD, 4000, "cwd=\"/\"");
	ADD(PATH, 4000, "item=0 name=\"x\"");
	ADD(PROCTITLE, 4000, "proctitle=\"x\"");
	assert_int_equal(run.count, 2);
	assert_string_equal(run.taken[0].types, "SCPT");
	assert_int_equal(run.taken[1].serial, 5000);
}

/* One that is never completed holds nothing up for long; nor do many, each younger than the one before. */
static void grace_ends(void **state)
{
	ADD(SYSCALL, 5000, SYSCALL_OF(1));
	ADD(SYSCALL, 5001, SYSCALL_OF(0), .padding = ASSEMBLE_WINDOW - 4096);
	for (uint64_t serial = 4999; run.count == 0; serial--) {
		assert_true(serial > 4600);
		ADD(SYSCALL, serial, SYSCALL_OF(1), .padding = 4096);
	}
	assert_int_equal(run.taken[run.count - 1].serial, 5000);
	assert_true(run.offset < ASSEMBLE_WINDOW + ASSEMBLE_GRACE + 8192);
}

/* Another host's records fill the window: what is open leaves. What came is forgotten. */
static void settle(void)
{
	for (unsigned i = 0; i < 40; i++)
		ADD(PATH, 1000000 + i, "item=0", .padding = 100000, .node = "other");
	memset(run.taken, 0, sizeof(run.taken));
	run.count = 0;
}

/* Events do not wait for the end of the input: a complete one whose serial is next leaves at once. */
static void leaves_in_time(void **state)
{
	add_open(9);
	assert_int_equal(run.count, 0); /* which serial comes first is not known yet */
	settle();
	add_open(10);
	assert_int_equal(run.count, 1);
	add_open(11);
	assert_int_equal(run.count, 2);
}

/* A serial that never comes holds nobody up for ever. */
static void a_missing_serial(void **state)
{
	add_open(9);
	add_open(11);
	for (unsigned i = 0; i < 50; i++)
		ADD(CWD, 100 + i, "cwd=\"/\"", .padding = 100000);
	assert_true(run.count >= 2);
	end();
	assert_int_equal(run.taken[0].serial, 9);
	assert_int_equal(run.taken[1].serial, 11);
	assert_int_equal(run.summary.serial_gaps, 1 + 88);
}

static void duplicates(void **state)
{
	add_open(10);
	add_open(10);
	add_open(11);
	end();
	assert_int_equal(run.count, 2);
	assert_int_equal(run.summary.duplicate_records, 4);
	assert_string_equal(run.taken[0].types, "SCPT");
}

/* Two lines of the same length at the same address are two lines. */
static void equal_lengths(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(2));
	ADD(CWD, 10, "cwd=\"/\"");
	ADD(PATH, 10, "item=0 name=\"a\"");
	ADD(PATH, 10, "item=1 name=\"b\"");
	ADD(PROCTITLE, 10, "proctitle=\"x\"");
	end();
	assert_string_equal(run.taken[0].bodies,
			    SYSCALL_OF(2) "|cwd=\"/\"|item=0 name=\"a\"|item=1 name=\"b\"|proctitle=\"x\"|");
}

/* What the kernel announces and what is there decide whether records are missing. */
static void incomplete(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(2));
	ADD(CWD, 10, "cwd=\"/\"");
	ADD(PATH, 10, "item=0 name=\"a\"");
	ADD(SYSCALL, 11, SYSCALL_OF(0));
	ADD(PATH, 12, "item=0 name=\"a\"");
	ADD(CWD, 13, "cwd=\"/\"");
	ADD(SYSCALL, 14, SYSCALL_OF(1));
	ADD(EOE, 14, "");
	end();
	assert_int_equal(run.count, 5);
	assert_true(run.taken[0].incomplete);
	assert_false(run.taken[1].incomplete);
	assert_true(run.taken[2].incomplete);
	assert_false(run.taken[4].incomplete); /* EOE ends it */
	assert_int_equal(run.summary.incomplete_events, 2);
}

/* A late record brings its event back, whole; nothing is counted twice. */
static void late(void **state)
{
	ADD(SYSCALL, 9, SYSCALL_OF(1));
	ADD(CWD, 9, "cwd=\"/\"");
	for (unsigned i = 0; i < 40; i++)
		ADD(CWD, 10 + i, "cwd=\"/\"", .padding = 100000);
	assert_true(run.count > 0);
	assert_int_equal(run.taken[0].serial, 9);
	assert_true(run.taken[0].incomplete);
	size_t before = run.count;
	ADD(PATH, 9, "item=0 name=\"x\"");
	assert_int_equal(run.count, before + 1);
	assert_true(run.taken[before].again);
	assert_int_equal(run.taken[before].serial, 9);
	assert_string_equal(run.taken[before].types, "SCP");
	assert_int_equal(run.summary.late_records, 1);
	end();
	assert_int_equal(run.summary.events, 41);
}

/* EOE often comes late, and says nothing new. */
static void late_end(void **state)
{
	add_open(9);
	add_open(10);
	add_open(11);
	end();
	ADD(EOE, 10, "");
	assert_int_equal(run.count, 3);
}

static void whole_documents(void **state)
{
	add_open(9);
	end();
	ADD(SYSCALL, 10, "syscall=59", .whole = true);
	assert_int_equal(run.count, 2);
	assert_false(run.taken[1].incomplete);
}

/* A message of user space is an event by itself, in the order of serials; auditd's own count by themselves. */
static void user_space(void **state)
{
	add_open(9);
	settle();
	ADD(USER_CMD, 10, "pid=1 msg='cmd=6964'");
	assert_int_equal(run.count, 1);
	ADD(DAEMON_START, 7000, "op=start");
	assert_int_equal(run.count, 2);
	add_open(11);
	assert_int_equal(run.count, 3);
	assert_int_equal(run.taken[2].boot, run.taken[0].boot);
	assert_int_equal(run.summary.serial_gaps, 0);
	/* Without a key nothing can be joined. */
	ADD(SYSCALL, 0, SYSCALL_OF(0));
	ADD(SYSCALL, 0, SYSCALL_OF(0), .time_ms = 1001);
	assert_int_equal(run.count, 5);
}

static void nodes_apart(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(0), .node = "a");
	ADD(SYSCALL, 10, SYSCALL_OF(0), .node = "b");
	ADD(PROCTITLE, 10, "proctitle=\"b\"", .node = "b");
	ADD(PROCTITLE, 10, "proctitle=\"a\"", .node = "a");
	end();
	assert_int_equal(run.count, 2);
	for (size_t i = 0; i < 2; i++) {
		char other = run.taken[i].node[0] == 'a' ? 'b' : 'a';
		assert_string_equal(run.taken[i].types, "ST");
		assert_null(strchr(run.taken[i].bodies + strlen(SYSCALL_OF(0)), other == 'a' ? 'A' : 'B'));
	}
	assert_int_not_equal(run.taken[0].node_id, run.taken[1].node_id);
	assert_int_not_equal(run.taken[0].boot, run.taken[1].boot);
}

/* Another stamp is another event, be the serial the same. */
static void same_serial_other_stamp(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(0));
	ADD(PROCTITLE, 10, "proctitle=\"x\"", .time_ms = 1001);
	end();
	assert_int_equal(run.count, 2);
}

static void boots(void **state)
{
	for (uint64_t serial = 1000; serial < 1010; serial++)
		add_open(serial);
	for (uint64_t serial = 1; serial < 10; serial++) {
		ADD(SYSCALL, serial, SYSCALL_OF(0), .time_ms = 100000);
		ADD(PROCTITLE, serial, "proctitle=\"x\"", .time_ms = 100000);
	}
	end();
	assert_int_equal(run.count, 19);
	for (size_t i = 0; i < 19; i++)
		assert_int_equal(run.taken[i].serial, i < 10 ? 1000 + i : i - 9);
	assert_int_equal(run.taken[9].boot, run.taken[0].boot);
	assert_int_not_equal(run.taken[10].boot, run.taken[0].boot);
	assert_int_equal(run.taken[18].boot, run.taken[10].boot);
	assert_int_equal(run.summary.serial_gaps, 0);
}

/* The clock may be set back by a minute within one boot. */
static void clock_set_back(void **state)
{
	for (uint64_t serial = 10; serial < 40; serial++) {
		int64_t now = serial < 20 ? 100000 : 43000;
		ADD(SYSCALL, serial, SYSCALL_OF(0), .time_ms = now);
		ADD(PROCTITLE, serial ^ 1, "proctitle=\"x\"", .time_ms = (serial ^ 1) < 20 ? 100000 : 43000);
	}
	end();
	assert_int_equal(run.count, 30);
	for (size_t i = 0; i < 30; i++) {
		assert_int_equal(run.taken[i].serial, 10 + i);
		assert_int_equal(run.taken[i].boot, run.taken[0].boot);
		assert_int_equal(run.taken[i].count, 2);
	}
}

/* Trust is the least of the records'. */
static void trust(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(0));
	ADD(PROCTITLE, 10, "proctitle=\"x\"", .forgeable = true);
	end();
	assert_int_equal(run.taken[0].trust, TRUST_ANY_USER);
}

static void origin_is_the_first_records(void **state)
{
	ADD(SYSCALL, 10, SYSCALL_OF(0));
	uint64_t second = run.offset;
	ADD(SYSCALL, 11, SYSCALL_OF(0));
	ADD(PROCTITLE, 10, "proctitle=\"x\"");
	end();
	assert_int_equal(run.taken[0].origin, 0);
	assert_int_equal(run.taken[1].origin, second);
}

/* An event without end is cut, and that is told. */
static void endless(void **state)
{
	char body[64];

	for (unsigned i = 0; i < 40000; i++) {
		snprintf(body, sizeof(body), "item=%u name=\"x\"", i);
		ADD(PATH, 10, body, .padding = 40);
	}
	end();
	size_t records = 0;
	for (size_t i = 0; i < run.count; i++)
		records += run.taken[i].again ? 0 : run.taken[i].count;
	assert_true(records <= 40000 && records >= 10000);
	assert_int_equal(run.summary.notes[0].loss, true);
	assert_int_equal(records + run.summary.notes[0].count, 40000);
}

/* Nothing is in two events, and nothing is lost: random work, held against a plain list. */
static void each_record_once(void **state)
{
	enum { EVENTS = 3000, RECORDS = 5 };
	unsigned given[EVENTS] = { 0 };
	uint64_t draw = 88172645463325252u;
	size_t total = 0;
	char body[64];

	for (unsigned first = 0; total < (size_t)EVENTS * RECORDS;) {
		draw ^= draw << 13, draw ^= draw >> 7, draw ^= draw << 17;
		unsigned event = first + (unsigned)(draw % 150);
		if (event >= EVENTS || given[event] == RECORDS)
			event = first;
		snprintf(body, sizeof(body), "item=%u name=\"%u\"", given[event], event);
		ADD(PATH, 5000 + event, body, .padding = 150);
		given[event]++;
		total++;
		while (first < EVENTS && given[first] == RECORDS)
			first++;
	}
	end();
	assert_int_equal(run.count, EVENTS);
	for (unsigned i = 0; i < EVENTS; i++) {
		char expected[160];
		assert_int_equal(run.taken[i].serial, 5000 + i);
		snprintf(expected, sizeof(expected),
			 "item=0 name=\"%u\"|item=1 name=\"%u\"|item=2 name=\"%u\"|item=3 name=\"%u\"|item=4 "
			 "name=\"%u\"|",
			 i, i, i, i, i);
		assert_string_equal(run.taken[i].bodies, expected);
	}
}

static void many_hosts(void **state)
{
	char node[16];

	for (unsigned i = 0; i < 10000; i++) {
		snprintf(node, sizeof(node), "n%u", i % 5000);
		ADD(SYSCALL, 10 + i, SYSCALL_OF(0), .node = node, .whole = true);
	}
	end();
	assert_int_equal(run.count, 10000);
	assert_true(run.summary.notes[0].loss);
}

static void tick(int64_t now_ms, bool drained)
{
	if (assembler_tick(run.assembler, now_ms, drained))
		drain();
}

/* Live, a stream begins anywhere: what is whole has nothing to wait for, once all that was there is read. */
static void live_first(void **state)
{
	tick(1000, false);
	add_open(10);
	assert_int_equal(run.count, 0);
	tick(1000, true);
	assert_int_equal(run.count, 1);
	ADD(SYSCALL, 11, SYSCALL_OF(1));
	tick(1000 + ASSEMBLE_WAIT_MS - 1, true);
	assert_int_equal(run.count, 1);
	tick(1000 + ASSEMBLE_WAIT_MS, true);
	assert_int_equal(run.count, 2);
}

/* A record that stands alone does not hold up for long what is whole behind it; a call does. */
static void live_alone(void **state)
{
	tick(1000, false);
	add_open(10);
	tick(1000, true);
	add_record(&(struct line){ .type = 1424, .serial = 11, .body = "domain=1 status=deallocated" });
	add_open(12);
	assert_int_equal(run.count, 1);
	tick(1000 + ASSEMBLE_ALONE_MS - 1, true);
	assert_int_equal(run.count, 1);
	tick(1000 + ASSEMBLE_ALONE_MS, true);
	assert_int_equal(run.count, 3);
	assert_int_equal(run.summary.serial_gaps, 0);
	tick(2000, false);
	ADD(SYSCALL, 11, SYSCALL_OF(1)); /* it did not: all of it comes again */
	assert_int_equal(run.count, 4);
	assert_true(run.taken[3].again);
	assert_int_equal(run.taken[3].count, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_after_the_other),
		TEST(interleaved),
		TEST(far_apart),
		TEST(young_before_old),
		TEST(grace_ends),
		TEST(leaves_in_time),
		TEST(a_missing_serial),
		TEST(duplicates),
		TEST(equal_lengths),
		TEST(incomplete),
		TEST(late),
		TEST(late_end),
		TEST(whole_documents),
		TEST(user_space),
		TEST(nodes_apart),
		TEST(same_serial_other_stamp),
		TEST(boots),
		TEST(clock_set_back),
		TEST(trust),
		TEST(origin_is_the_first_records),
		TEST(endless),
		TEST(each_record_once),
		TEST(many_hosts),
		TEST(live_first),
		TEST(live_alone),
	};

	return cmocka_run_group_tests_name("assemble", tests, NULL, NULL);
}
