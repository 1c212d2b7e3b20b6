/* Which events are chosen of a log, for whom: more than those may be, fewer never. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit_lines.h"
#include "sieve/choice.h"

static bool wants_type(const void *context, uint16_t type)
{
	return type == AUDIT_TYPE_URINGOP;
}

static void read_index(struct sieve_index **index, struct span text, size_t piece_max)
{
	const struct sieve_index_options options = { .wants_type = wants_type, .shelf = -1, .piece_max = piece_max };
	struct err err;
	uint64_t at;

	*index = sieve_index_create(&options, &err);
	assert_non_null(*index);
	assert_int_equal(sieve_index_add(*index, text, 0, false), 0);
	assert_int_equal(sieve_index_read(*index, NULL, NULL, &at), DOUBT_NONE);
}

/* "7 9 ": the serials of what is read, in that order, once each as long as they stand together. */
static const char *serials_of(const struct sieve_choice *choice)
{
	static char list[512];
	struct sieve_cursor cursor = { 0 };
	struct sieve_run run;
	uint64_t last = 0, serial = 0;
	size_t len = 0;

	list[0] = 0;
	while (sieve_choice_next(choice, &cursor, &run)) {
		struct span stamp = span_skip(run.bytes, span_find(run.bytes, SPAN("msg=audit(")) + 10);
		span_decimal(span_skip(stamp, span_index(stamp, ':') + 1), &serial);
		if (serial != last)
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%u ", (unsigned)serial);
		last = serial;
	}
	return list;
}

static struct wanted_events *wanted;

/* The log is cut into pieces wherever that can be; piece_max is what stays in one at least. */
static void assert_chosen(struct span text, const struct wanted_events *of, const char *serials)
{
	for (size_t max = text.len; max > 400; max = max * 3 / 4) {
		struct sieve_index *index;
		read_index(&index, text, max);
		struct sieve_choice *choice = sieve_choice_create(index);
		*wanted = *of;
		sieve_choose(choice, wanted);
		assert_string_equal(serials_of(choice), serials);
		assert_int_equal(sieve_choose(choice, wanted), sieve_choose(choice, wanted));
		sieve_choice_destroy(choice);
		sieve_index_destroy(index);
	}
}

static struct wanted_events *want(void)
{
	static struct wanted_events *some;

	some = some ? some : calloc(1, sizeof(*some));
	wanted = wanted ? wanted : calloc(1, sizeof(*wanted));
	assert_non_null(some);
	assert_non_null(wanted);
	memset(some, 0, sizeof(*some));
	return some;
}

static const struct wanted_events *known(uint64_t pid)
{
	struct wanted_events *some = want();

	numbers_put(&some->known, pid);
	return some;
}

#define CAT(serial) OPEN(serial, "42", "41", "cat", "/etc/hosts")
#define OTHER(serial) OPEN(serial, "99", "98", "ls", "/etc/hosts")

/* Of a process, what says something else than the record before. */
static void test_known(void **state)
{
	assert_chosen(SPAN(CAT("1") OTHER("2") CAT("3") CAT("4") OPEN("5", "42", "41", "tac", "/x") OTHER("6")
				   OPEN("7", "42", "41", "tac", "/y") OPEN("8", "42", "1", "tac", "/y") CAT("9")),
		      known(42), "1 5 8 9 ");
	assert_chosen(SPAN(OTHER("1") OTHER("2")), known(42), "");
	/* An execution is told of even where it changes nothing. */
	assert_chosen(SPAN(CAT("1") CALL("2", "59", "42", "41", "cat") CAT("3")), known(42), "1 2 ");
}

/* Where nobody can compare, it is news. */
static void test_unlike(void **state)
{
	assert_chosen(
		SPAN("type=SYSCALL" MSG(
			"1") "arch=c000003e syscall=257 ppid=41 pid=42 auid=7\n"
			     "type=SYSCALL" MSG(
				     "2") "arch=c000003e syscall=257 ppid=41 pid=42 auid=7\n"
					  "type=SYSCALL" MSG(
						  "3") "arch=c000003e syscall=257 ppid=41 pid=42 auid=7 key=\"a\"\n"
						       "type=SYSCALL" MSG(
							       "4") "arch=c000003e syscall=257 ppid=41 pid=42 auid=7 "
								    "key=\"b\"\n"
								    "type=SYSCALL" MSG(
									    "5") "arch=c000003e syscall=257 ppid=41 "
										 "pid=42 auid=7 key=\"b\"\n"
										 "type=SYSCALL" MSG(
											 "6") "arch=c000003e "
											      "syscall=257 pid=42 "
											      "ppid=41 auid=7 "
											      "key=\"b\"\n"
											      "type=SYSCALL" MSG(
												      "7") "arch="
													   "c000003e "
													   "syscall="
													   "257 pid=42 "
													   "ppid=41 "
													   "auid=7 "
													   "key="
													   "\"b\"\n"),
		known(42), "1 2 3 6 7 ");
}

/* A boot, a record of io_uring, and one out of its place: what was said before is not what is said behind. */
static void test_cuts(void **state)
{
	assert_chosen(SPAN(CAT("90000") CAT("90001") "type=SYSCALL msg=audit(1795431914.650:7): arch=c000003e "
						     "syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=0 a3=0 "
						     "items=1 ppid=41 pid=42 auid=0 uid=0 key=(null)\n"
						     "type=SYSCALL msg=audit(1795431914.650:8): arch=c000003e "
						     "syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=0 a3=0 "
						     "items=1 ppid=41 pid=42 auid=0 uid=0 key=(null)\n"),
		      known(42), "90000 7 ");
	assert_chosen(SPAN(CAT("1") CAT("2") "type=URINGOP" MSG("3") "uring_op=18 pid=42 uid=0 key=(null)\n" CAT("4")
				   CAT("5") "type=URINGOP" MSG("6") "uring_op=18 pid=99 key=(null)\n" CAT("7")),
		      known(42), "1 3 4 6 ");
}

static void test_again(void **state)
{
	struct sieve_index *index;

	read_index(&index, SPAN(CAT("1") CAT("2") CAT("6") CAT("5") CAT("7") CAT("8")), 0);
	struct sieve_choice *choice = sieve_choice_create(index);
	*wanted = *known(42);
	sieve_choose(choice, wanted);
	assert_string_equal(serials_of(choice), "1 6 5 7 ");
	sieve_choice_destroy(choice);
	sieve_index_destroy(index);
}

#define SHELL(serial) OPEN(serial, "41", "40", "bash", "/etc/profile")
#define LOGIN(serial) OPEN(serial, "40", "1", "login", "/etc/passwd")

/* Parents come to be known, whether their records stand before or behind the child's; but nothing is told twice. */
static void test_parents(void **state)
{
	assert_chosen(SPAN(LOGIN("1") SHELL("2") LOGIN("3") CAT("4") CAT("5") SHELL("6") LOGIN("7")), known(42),
		      "1 2 4 ");
	assert_chosen(SPAN(LOGIN("1") CAT("2") CAT("3") SHELL("4") SHELL("5") LOGIN("6")), known(42), "1 2 4 ");
	assert_chosen(SPAN(CAT("1") SHELL("2") LOGIN("3") LOGIN("4")), known(42), "1 2 3 ");
	assert_chosen(SPAN(CAT("1") SHELL("2") OPEN("3", "41", "40", "sh", "/x") LOGIN("4") SHELL("5") SHELL("6")),
		      known(42), "1 2 3 4 5 ");
}

/* Processes that share a place in the table: each is news where the other stood in between. */
static void test_shared_place(void **state)
{
	struct wanted_events *some = want();

	numbers_put(&some->known, 42);
	numbers_put(&some->known, 42 + 32768);
	assert_chosen(SPAN(CAT("1") CAT("2") OPEN("3", "32810", "41", "cat", "/x") OPEN("4", "32810", "41", "cat", "/x")
				   CAT("5") CAT("6")),
		      some, "1 3 5 ");
}

#define DEED(serial, pid) CALL(serial, "42", pid, "41", "cat") /* connect */

#define LOOK(serial) CALL(serial, "257", "42", "41", "cat")

static void test_deeds(void **state)
{
	static const struct span log =
		SPAN(LOOK("1") LOOK("2") DEED("3", "42") LOOK("4") DEED("5", "42") DEED("6", "43") DEED("7", "43"));
	struct wanted_events *some = want();

	numbers_put(&some->known, 42);
	numbers_put(&some->doers, 42);
	assert_chosen(log, some, "1 3 5 ");
	memset(some, 0, sizeof(*some));
	numbers_put(&some->followed, 42);
	assert_chosen(log, some, "1 2 3 4 5 ");
	memset(some, 0, sizeof(*some));
	numbers_put(&some->sessions, 3);
	assert_chosen(log, some, "1 3 5 6 7 ");
}

/* What was wanted later is chosen as well, and for whom it was already, nothing is forgotten. */
static void test_rounds(void **state)
{
	struct sieve_index *index;

	read_index(&index, SPAN(CAT("1") CAT("2") OTHER("3") DEED("4", "42") OTHER("5")), 0);
	struct sieve_choice *choice = sieve_choice_create(index);
	*wanted = *known(42);
	assert_int_equal(sieve_choice_events(choice), 5);
	assert_int_equal(sieve_choose(choice, wanted), 1);
	numbers_put(&wanted->doers, 42);
	assert_int_equal(sieve_choose(choice, wanted), 2);
	numbers_put(&wanted->known, 99);
	assert_int_equal(sieve_choose(choice, wanted), 3);
	assert_string_equal(serials_of(choice), "1 3 4 ");
	numbers_put(&wanted->followed, 99);
	assert_int_equal(sieve_choose(choice, wanted), 4);
	sieve_choice_destroy(choice);
	sieve_index_destroy(index);
}

#define TREE(serial, pid, ppid)                                                                                     \
	"type=SYSCALL" MSG(serial) "arch=c000003e syscall=257 success=yes exit=3 ppid=" ppid " pid=" pid " auid=7 " \
				   "ses=4294967295 comm=\"d\" key=(null)\n"

/* Up to the highest ancestor that is not everybody's, and down from there; in whatever order they are in the log. */
static void test_trees(void **state)
{
	struct wanted_events *some = want();

	numbers_put(&some->trees, 50);
	assert_chosen(SPAN(TREE("1", "53", "52") TREE("2", "50", "40") TREE("3", "52", "40") TREE("4", "40", "1")
				   TREE("5", "60", "1") TREE("6", "61", "60") TREE("7", "50", "40")),
		      some, "1 2 3 4 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),  cmocka_unit_test(test_unlike),	    cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_again),  cmocka_unit_test(test_parents),	    cmocka_unit_test(test_deeds),
		cmocka_unit_test(test_rounds), cmocka_unit_test(test_shared_place), cmocka_unit_test(test_trees),
	};

	return cmocka_run_group_tests_name("sieve_choice", tests, NULL, NULL);
}
