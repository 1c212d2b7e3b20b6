/* What the walker notes of lines, line by line, and what it will not be sure of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit_lines.h"
#include "base/buffer.h"
#include "sieve/index.h"

/* With so many literals they are looked for in other ways, and the same must come of it. */
#define LITERALS (SIEVE_LITERALS_FEW + 200)

static struct sieve_literal literals[LITERALS] = { { SPAN("truffleproc"), SPAN("truffleproc"), true } };
static size_t literal_count = 1;

static bool wants_type(const void *context, uint16_t type)
{
	return type == 0 || type == AUDIT_TYPE_USER_CMD;
}

struct reading {
	size_t piece_max;
	unsigned threads;
	bool (*stop)(void *context, uint64_t done);
};

static enum sieve_doubt read_with(struct sieve_index **index, struct span text, struct reading how)
{
	const struct sieve_index_options options = { .literals = literals,
						     .literal_count = literal_count,
						     .wants_type = wants_type,
						     .shelf = -1,
						     .threads = how.threads,
						     .piece_max = how.piece_max };
	struct err err;
	uint64_t at;

	*index = sieve_index_create(&options, &err);
	assert_non_null(*index);
	assert_int_equal(sieve_index_add(*index, text, 0, false), 0);
	return sieve_index_read(*index, how.stop, NULL, &at);
}

static enum sieve_doubt doubt_of(struct span text)
{
	struct sieve_index *index;
	enum sieve_doubt doubt = read_with(&index, text, (struct reading){ 0 });

	sieve_index_destroy(index);
	return doubt;
}

/* Of a log without doubt; all of it in one piece. */
static const struct sieve_piece *read_piece(struct sieve_index **index, struct span text)
{
	assert_int_equal(read_with(index, text, (struct reading){ 0 }), DOUBT_NONE);
	assert_int_equal(sieve_index_pieces(*index), 1);
	return sieve_index_piece(*index, 0);
}

#define assert_notes(piece, i, expected) assert_int_equal((piece)->events[i].notes, expected)

static void test_events(void **state)
{
	static const struct span text = SPAN(OPEN("7", "42", "41", "cat", "/etc/hosts") OPEN(
		"8", "42", "41", "cat", "/etc/hosts") OPEN("9000", "42", "41", "tac", "/etc/hosts"));
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(&index, text);

	assert_int_equal(piece->event_count, 3);
	assert_int_equal(piece->stray_count, 0);
	for (size_t i = 0; i < 3; i++) {
		assert_memory_equal(text.data + piece->events[i].at, "type=SYSCALL", 12);
		assert_int_equal(piece->events[i].pid, 42);
		assert_notes(piece, i, 0);
		assert_int_equal(piece->kin[i], 3); /* its session */
		assert_false(piece->events[i].news);
	}
	assert_int_equal(piece->events[1].serial, 8);
	assert_int_equal(piece->events[2].serial, 9000 & ((1u << SIEVE_SERIAL_BITS) - 1));
	sieve_index_destroy(index);
}

static void test_notes(void **state)
{
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(
		&index,
		SPAN(CALL("1", "42", "42", "41", "curl") /* connect */
		     CALL("2", "59", "43", "41", "ls") ARGUMENTS("2", "argc=1 a0=\"ls\"")
			     CALL("3", "257", "44", "41", "touch") PATH("3", "0", "/tmp", "fd:01", "040755")
				     PATH("3", "1", "/tmp/x", "fd:01", "0100644") CALL("4", "257", "45", "41", "cat")
					     PATH("4", "0", "/etc/shadow", "fd:01", "0100600")
						     CALL("5", "101", "46", "41", "strace") /* ptrace */
		     CALL("6", "257", "47", "41", "cat") PATH("6", "0", "/x/environ", "00:15", "0100400") CALL(
			     "7", "59", "48", "41", "bash") ARGUMENTS("7", "argc=2 a0=\"bash\" a1=\"truffleproc\"")));

	assert_int_equal(piece->event_count, 7);
	assert_notes(piece, 0, NOTE_DEED);
	assert_notes(piece, 1, NOTE_EXEC);
	assert_notes(piece, 2, NOTE_DEED);
	assert_notes(piece, 3, NOTE_DEED);
	assert_notes(piece, 4, NOTE_TELL);
	assert_notes(piece, 5, NOTE_TELL | NOTE_PROC);
	assert_notes(piece, 6, NOTE_EXEC | NOTE_TELL);
	sieve_index_destroy(index);
}

/* A file of mem's mode is an access if its device is procfs, which a later line says. */
static void test_faint(void **state)
{
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(
		&index, SPAN(CALL("1", "257", "42", "41", "cat") PATH("1", "0", "x", "00:15", "0100600")
				     CALL("2", "257", "42", "41", "cat") PATH("2", "0", "x", "00:16", "0100600")
					     CALL("3", "257", "42", "41", "cat") PATH("3", "0", "x", "00:15", "0100644")
						     CALL("4", "257", "43", "41", "ls")
							     PATH("4", "0", "/proc/1/stat", "00:15", "0100444")));

	assert_notes(piece, 0, NOTE_TELL | NOTE_PROC);
	assert_notes(piece, 1, 0);
	assert_notes(piece, 2, NOTE_TELL | NOTE_PROC); /* by its inode, the same */
	assert_true(piece->events[3].notes & NOTE_TELL);
	sieve_index_destroy(index);
}

static void test_interleaved(void **state)
{
	static const struct span text =
		SPAN(CALL("7", "59", "42", "41", "bash") CALL("8", "257", "43", "41", "ls") CWD("8")
			     ARGUMENTS("7", "argc=2 a0=\"bash\" a1=\"truffleproc\"")
				     PATH("8", "0", "/etc/hosts", "fd:01", "0100644")
					     CALL("9", "257", "44", "42", "bash") CALL("10", "257", "45", "41", "ls"));
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(&index, text);

	assert_int_equal(piece->event_count, 4);
	assert_int_equal(piece->stray_count, 2);
	assert_int_equal(piece->strays[0].head, 0);
	assert_int_equal(piece->strays[0].serial, 7);
	assert_int_equal(piece->strays[1].head, 1); /* it is the last event's, but another line stands before it */
	assert_memory_equal(text.data + piece->strays[1].at, "type=PATH", 9);
	assert_notes(piece, 0, NOTE_EXEC | NOTE_TELL);
	assert_notes(piece, 1, 0);
	/* A child of the shell. */
	assert_notes(piece, 2, NOTE_TELL);
	assert_notes(piece, 3, 0);
	sieve_index_destroy(index);
}

#define AVC(serial) "type=AVC" MSG(serial) "avc:  denied  { ptrace } for  pid=42 comm=\"x\" tclass=process\n"
#define USER(type, serial) "type=" type MSG(serial) "pid=99 uid=0 auid=0 ses=3 msg='op=PAM:session_open res=success'\n"

static void test_security_module(void **state)
{
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(
		&index, SPAN(OPEN("7", "42", "41", "ls", "/etc/hosts") AVC("8") CALL("8", "257", "43", "41", "ls")
				     CWD("8") OPEN("9", "42", "41", "ls", "/etc/hosts")));

	assert_int_equal(piece->event_count, 3);
	assert_int_equal(piece->stray_count, 2);
	assert_int_equal(piece->strays[0].head, 1);
	assert_true(piece->strays[1].call); /* the SYSCALL record itself: it comes late */
	sieve_index_destroy(index);
}

static void test_between(void **state)
{
	struct sieve_index *index;
	const struct sieve_piece *piece =
		read_piece(&index, SPAN(CALL("7", "257", "42", "41", "ls") USER("USER_START", "8") CWD("7")
						USER("USER_CMD", "9") CALL("10", "257", "42", "41", "ls") CWD("10")));

	assert_int_equal(piece->event_count, 2);
	assert_int_equal(piece->stray_count, 3);
	assert_int_equal(piece->strays[0].head, SIEVE_NONE);
	assert_int_equal(piece->strays[0].notes, 0);
	assert_int_equal(piece->strays[1].head, 0);
	assert_int_equal(piece->strays[2].head, SIEVE_NONE);
	assert_int_equal(piece->strays[2].notes, NOTE_TELL);
	sieve_index_destroy(index);
}

static void test_boot(void **state)
{
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(
		&index,
		SPAN(OPEN("90000", "42", "41", "ls", "/etc/hosts") "type=USER_START msg=audit(1795430999.650:5): "
								   "pid=99 uid=0 auid=0 ses=3 msg='x'\n"));

	assert_int_equal(piece->event_count, 1);
	assert_int_equal(piece->stray_count, 1);
	assert_true(piece->strays[0].boot);
	assert_int_equal(piece->strays[0].head, SIEVE_NONE);
	sieve_index_destroy(index);
	/* A line of before the boot behind it: the assembler may hold its event yet. */
	assert_int_equal(doubt_of(SPAN(OPEN("90000", "42", "41", "ls",
					    "/etc/hosts") "type=USER_START msg=audit(1795430999.650:5): pid=99 uid=0 "
							  "auid=0 msg='x'\n" CWD("90000"))),
			 DOUBT_ORDER);
}

#define NODE_LINE(name, serial) \
	"node=" name " type=SYSCALL" MSG(serial) "arch=c000003e syscall=257 success=yes exit=3 ppid=1 pid=42 ses=3\n"

static void test_node(void **state)
{
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(&index, SPAN(NODE_LINE("web1", "7") NODE_LINE("web1", "8")));

	assert_int_equal(piece->event_count, 2);
	assert_int_equal(piece->events[1].serial, 8);
	sieve_index_destroy(index);
	assert_int_equal(doubt_of(SPAN(NODE_LINE("web1", "7") NODE_LINE("web2", "8"))), DOUBT_NODE);
	assert_int_equal(doubt_of(SPAN(NODE_LINE("web1", "7") CWD("7"))), DOUBT_NODE);
	assert_int_equal(doubt_of(SPAN(CWD("7") NODE_LINE("web1", "7"))), DOUBT_NODE);
}

/* While auditd is writing it. */
static void test_no_newline(void **state)
{
	static const struct span text =
		SPAN(OPEN("7", "42", "41", "ls", "/etc/hosts") CALL("8", "59", "43", "41", "bash"));
	struct sieve_index *index;
	const struct sieve_piece *piece = read_piece(&index, span_first(text, text.len - 1));

	assert_int_equal(piece->event_count, 2);
	assert_int_equal(piece->events[1].pid, 43);
	sieve_index_destroy(index);
}

static void test_lines(void **state)
{
	static const char glued[] = OPEN("7", "42", "41", "ls", "/etc/hosts") CALL("8", "59", "43", "41", "bash");
	char text[sizeof(glued)];

	memcpy(text, glued, sizeof(glued));
	*strchr(text, '\n') = ' ';
	assert_int_equal(doubt_of(span_of(glued)), DOUBT_NONE);
	assert_int_equal(doubt_of(span_of(text)), DOUBT_LINE);
	assert_int_equal(doubt_of(SPAN(CWD("7") "\n" CWD("7"))), DOUBT_LINE);
	assert_int_equal(doubt_of(SPAN(CWD("7") "Nov 23 10:48:34 web1 sshd[1]: Accepted password for root\n")),
			 DOUBT_LINE);
	assert_int_equal(doubt_of(SPAN("type=CWD msg=audit(17954x0914.650:7): cwd=\"/\"\n")), DOUBT_LINE);
	/* One header too few in a line must not hide one too many in another. */
	assert_int_equal(doubt_of(SPAN(CWD("7") "type=CWD msg=audiH(1795430914.650:7): cwd=\"/\"\n" CWD("7"))),
			 DOUBT_LINE);
	assert_int_equal(doubt_of(SPAN(CWD("7") "type=SYSCALL msg=audit[1795430914.650:7): pid=1\n")), DOUBT_LINE);
	assert_int_equal(doubt_of(SPAN("type=SYSCALL msg=audit(1795430914.650:): arch=c000003e\n")), DOUBT_LINE);
	assert_int_equal(doubt_of(SPAN("")), DOUBT_NONE);
}

static void test_long_line(void **state)
{
	struct buffer text = { 0 };

	buffer_add(&text, SPAN(CWD("7") "type=CWD" MSG("7") "cwd=\""));
	while (text.len < (size_t)70 << 10)
		buffer_add_byte(&text, 'x');
	buffer_add(&text, SPAN("\"\n"));
	assert_int_equal(doubt_of(buffer_span(&text)), DOUBT_LINE);
	buffer_finish(&text);
}

static bool stop(void *context, uint64_t done)
{
	return true;
}

/* Lines of one process, so many bytes; every so many are followed by that. */
static void repeat(struct buffer *text, size_t bytes, const char *with)
{
	char line[512];

	for (unsigned serial = 1; text->len < bytes; serial++) {
		snprintf(
			line, sizeof(line),
			"type=SYSCALL msg=audit(1795430914.650:%u): arch=c000003e syscall=%s success=yes exit=3 ppid=1 "
			"pid=42 ses=3\n",
			serial, with);
		buffer_add(text, span_of(line));
	}
}

static void test_doubts(void **state)
{
	struct sieve_index *index;
	struct buffer text = { 0 };

	assert_int_equal(doubt_of(SPAN(CALL("7", "257", "4194304", "41", "ls"))), DOUBT_WIDE);
	assert_int_equal(doubt_of(SPAN(CALL("7", "257", "42", "4194304", "ls"))), DOUBT_WIDE);
	assert_int_equal(doubt_of(SPAN("type=CONFIG_CHANGE" MSG(
				 "7") "op=add_rule key=\"x\" list=4 res=1\n"
				      "type=PROCTITLE" MSG("7") "proctitle=\"auditctl -F dir=/proc\"\n")),
			 DOUBT_KEYS);
	/* Another time, the same serial: the assembler would make two events of it. */
	assert_int_equal(doubt_of(SPAN(OPEN("700", "42", "41", "ls",
					    "/x") "type=CWD msg=audit(1795430999.650:7): cwd=\"/\"\n" CWD("700"))),
			 DOUBT_ORDER);
	repeat(&text, (size_t)9 << 20, "257");
	enum sieve_doubt doubt = read_with(&index, buffer_span(&text), (struct reading){ .stop = stop });
	assert_int_equal(doubt, DOUBT_STOPPED);
	sieve_index_destroy(index);
	doubt = read_with(&index, buffer_span(&text), (struct reading){ .piece_max = (size_t)4 << 20 });
	assert_int_equal(doubt, DOUBT_NONE);
	sieve_index_destroy(index);
	text.len = 0;
	repeat(&text, (size_t)9 << 20, "101");
	doubt = read_with(&index, buffer_span(&text), (struct reading){ .piece_max = (size_t)4 << 20 });
	assert_int_equal(doubt, DOUBT_DENSE);
	sieve_index_destroy(index);
	buffer_finish(&text);
}

/* How far a serial may fall is told in bytes, and events count more than theirs: so the assembler counts them. */
static void test_far(void **state)
{
	static const struct span late = SPAN("type=USER_START" MSG("5") "pid=99 uid=0 auid=0 ses=3 msg='x'\n");
	struct buffer text = { 0 };

	for (unsigned lines = 200; lines <= 3200; lines += 1500) {
		text.len = 0;
		buffer_add(&text, SPAN(OPEN("700", "42", "41", "ls", "/x")));
		for (unsigned i = 0; i < lines; i++)
			buffer_add(&text,
				   SPAN("type=DAEMON_ROTATE" MSG("0") "op=rotate-logs auid=0 pid=1 res=success\n"));
		buffer_add(&text, late);
		assert_int_equal(doubt_of(buffer_span(&text)), lines < 500 ? DOUBT_NONE : DOUBT_ORDER);
	}
	buffer_finish(&text);
}

/* Names can mean anything once places were changed: then what has an entry's name may be one. */
static void test_wary(void **state)
{
	struct sieve_index *index;
	const struct sieve_piece *piece =
		read_piece(&index, SPAN(CALL("1", "257", "42", "41", "cat") PATH("1", "0", "/tmp/x", "00:15", "0100644")
						CALL("2", "165", "43", "41", "mount"))); /* mount(2) */

	assert_notes(piece, 0, NOTE_TELL | NOTE_PROC);
	assert_notes(piece, 1, NOTE_TELL);
	sieve_index_destroy(index);
	piece = read_piece(&index,
			   SPAN(CALL("1", "257", "42", "41", "cat") PATH("1", "0", "/tmp/x", "00:15", "0100644")));
	assert_notes(piece, 0, 0);
	sieve_index_destroy(index);
}

/* ---- pieces ---- */

static void test_border(void **state)
{
	static const struct span text =
		SPAN(OPEN("5", "40", "1", "ls", "/etc/hosts") OPEN("6", "40", "1", "ls", "/etc/hosts") CALL(
			"7", "59", "42", "41", "bash") CWD("7") ARGUMENTS("7", "argc=2 a0=\"bash\" a1=\"truffleproc\"")
			     OPEN("8", "43", "42", "bash", "/etc/hosts") OPEN("9", "44", "41", "ls", "/etc/hosts"));
	size_t border = span_find(text, SPAN("type=EXECVE"));
	struct sieve_index *index;

	assert_int_equal(read_with(&index, text, (struct reading){ .piece_max = border }), DOUBT_NONE);
	assert_int_equal(sieve_index_pieces(index), 2);
	const struct sieve_piece *first = sieve_index_piece(index, 0), *second = sieve_index_piece(index, 1);
	assert_int_equal(first->bytes.len, border);
	assert_int_equal(first->max_serial, 7);
	assert_int_equal(first->event_count, 3);
	assert_int_equal(second->offset, border);
	assert_int_equal(second->strays[0].head, SIEVE_NONE);
	assert_int_equal(second->strays[0].notes, NOTE_EXEC | NOTE_TELL);
	/* The shell is known to matter all the same. */
	assert_notes(second, 0, NOTE_TELL);
	sieve_index_destroy(index);
}

/* A log in pieces of any size, by one thread and by two: the same events. */
static void test_any_pieces(void **state)
{
	static const struct span text = SPAN(OPEN("7", "42", "41", "ls", "/etc/hosts") USER("USER_CMD", "8") OPEN(
		"9", "43", "41", "ls", "/proc/1/stat") OPEN("10", "44", "41", "ls", "/etc/hosts"));

	for (size_t max = 1; max < text.len + 2; max += 13) {
		struct sieve_index *index;
		size_t events = 0, pids = 0, len = 0;
		struct reading how = { .piece_max = max, .threads = 1 + max % 5 };
		assert_int_equal(read_with(&index, text, how), DOUBT_NONE);
		for (size_t p = 0; p < sieve_index_pieces(index); p++) {
			const struct sieve_piece *piece = sieve_index_piece(index, p);
			assert_int_equal(piece->offset, len);
			len += piece->bytes.len;
			events += piece->event_count;
			for (size_t i = 0; i < piece->event_count; i++)
				pids += piece->events[i].pid;
		}
		assert_int_equal(len, text.len);
		assert_int_equal(events, 3);
		assert_int_equal(pids, 42 + 43 + 44);
		sieve_index_destroy(index);
	}
}

/* An event of which a line stands so many pieces behind that borders do not reach it. */
static void test_out_of_reach(void **state)
{
#define THREE(serial) CALL(serial, "257", "42", "41", "ls") CWD(serial) PATH(serial, "0", "/x", "fd:00", "0100644")
	static const struct span text = SPAN(CALL("7", "257", "42", "41", "ls") THREE("8") THREE("9") THREE("10")
						     PATH("7", "0", "/x", "fd:00", "0100644"));
	static const struct span near =
		SPAN(CALL("7", "257", "42", "41", "ls") THREE("8") THREE("9") PATH("7", "0", "/x", "fd:00", "0100644"));
	struct sieve_index *index;

	assert_int_equal(read_with(&index, text, (struct reading){ .piece_max = 1 }), DOUBT_ORDER);
	sieve_index_destroy(index);
	assert_int_equal(read_with(&index, text, (struct reading){ 0 }), DOUBT_NONE);
	sieve_index_destroy(index);
	assert_int_equal(read_with(&index, near, (struct reading){ .piece_max = 1 }), DOUBT_NONE);
	sieve_index_destroy(index);
}

/* A file that ends in the middle of a line, which goes on in the next: they are one line to the stream. */
static void test_goes_on(void **state)
{
	static const struct span text = SPAN(OPEN("7", "42", "41", "ls", "/etc/hosts"));
	const struct sieve_index_options options = { .wants_type = wants_type, .shelf = -1 };

	for (size_t cut = text.len - 2; cut <= text.len; cut++) {
		for (int continues = 0; continues < 2; continues++) {
			struct err err;
			uint64_t at;
			struct sieve_index *index = sieve_index_create(&options, &err);
			assert_int_equal(sieve_index_add(index, span_first(text, cut), 0, false), 0);
			assert_int_equal(sieve_index_add(index, SPAN(OPEN("8", "42", "41", "ls", "/x")), 1, continues),
					 0);
			assert_int_equal(sieve_index_read(index, NULL, NULL, &at),
					 cut < text.len && continues ? DOUBT_LINE : DOUBT_NONE);
			sieve_index_destroy(index);
		}
	}
}

static void test_literals(void **state)
{
	static const struct sieve_literal none = { SPAN(""), SPAN(""), false };
	const struct sieve_index_options options = {
		.literals = &none, .literal_count = 1, .wants_type = wants_type, .shelf = -1
	};
	struct err err;

	assert_null(sieve_index_create(&options, &err));
	sieve_index_destroy(NULL);
}

static void make_many(void)
{
	static char texts[LITERALS][16];

	for (unsigned i = 1; i < LITERALS; i++) {
		snprintf(texts[i], sizeof(texts[i]), "no-word-%u", i);
		literals[i] = (struct sieve_literal){ span_of(texts[i]), span_of(texts[i]), i % 2 };
	}
	literal_count = LITERALS;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_faint),
		cmocka_unit_test(test_interleaved),
		cmocka_unit_test(test_security_module),
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_boot),
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_no_newline),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_doubts),
		cmocka_unit_test(test_far),
		cmocka_unit_test(test_wary),
		cmocka_unit_test(test_border),
		cmocka_unit_test(test_any_pieces),
		cmocka_unit_test(test_out_of_reach),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_literals),
	};

	int failed = cmocka_run_group_tests_name("sieve_index", tests, NULL, NULL);
	make_many();
	return failed + cmocka_run_group_tests_name("sieve_index_many", tests, NULL, NULL);
}
