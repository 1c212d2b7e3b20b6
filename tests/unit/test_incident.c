/* incident: who belongs together, what is told of it in which order, and how little memory it takes. */
#include "incident/incident.h"
#include "incident/purpose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define UNSET 4294967295u
#define HOUR INT64_C(3600000)
#define FINDINGS_MAX 64

/* What a log told, in its order. */
static struct {
	struct incidents *incidents;
	struct summary summary;
	struct finding findings[FINDINGS_MAX];
	size_t count;
	uint64_t serial;
} log_told;

static int setup(void **state)
{
	memset(&log_told, 0, sizeof(log_told));
	log_told.incidents = incidents_create(&log_told.summary);
	assert_non_null(log_told.incidents);
	return 0;
}

static int teardown(void **state)
{
	incidents_destroy(log_told.incidents);
	return 0;
}

static struct process process(uint64_t pid, uint64_t ppid, uint64_t ses, const char *exe)
{
	return (struct process){
		.pid = pid,
		.ppid = ppid,
		.auid = 1000,
		.uid = 0,
		.euid = 0,
		.ses = ses,
		.exe = span_of(exe),
		.script_uid = UNKNOWN_ID,
		.start_ms = TIME_UNKNOWN,
	};
}

static struct access sighting(int64_t time_ms, struct process actor)
{
	return (struct access){
		.time_ms = time_ms,
		.serial = ++log_told.serial,
		.boot = 1,
		.trust = TRUST_KERNEL,
		.sighting = SIGHTING_EXECUTION,
		.verb = VERB_EXEC,
		.request = UNKNOWN_ID,
		.actor = actor,
		.target = process(UNKNOWN_ID, UNKNOWN_ID, UNKNOWN_ID, NULL),
	};
}

static void runs(int64_t time_ms, struct process actor, const char *cmdline)
{
	struct access access = sighting(time_ms, actor);

	access.actor.cmdline = span_of(cmdline);
	incidents_place(log_told.incidents, &access);
}

static void does(int64_t time_ms, struct process actor, enum deed_kind kind, const char *object)
{
	struct deed deed = {
		.kind = kind,
		.time_ms = time_ms,
		.boot = 1,
		.serial = ++log_told.serial,
		.trust = TRUST_KERNEL,
		.count = 1,
		.actor = actor,
		.object = span_of(object),
	};

	incidents_take_deed(log_told.incidents, &deed);
}

static struct finding *found(const struct access *access, unsigned score)
{
	struct finding *finding = &log_told.findings[log_told.count++];

	assert_true(log_told.count <= FINDINGS_MAX);
	*finding = (struct finding){
		.access = *access,
		.risk = score >= 70 ? RISK_HIGH : RISK_REVIEW,
		.score = score,
		.severity = 1,
		.count = 1,
		.first_ms = access->time_ms,
		.last_ms = access->time_ms,
	};
	snprintf(finding->id, sizeof(finding->id), "%016llx", (unsigned long long)access->serial);
	finding->access.lineage = incidents_take_finding(log_told.incidents, finding);
	return finding;
}

static struct finding *reads(int64_t time_ms, struct process actor, enum entry entry, uint64_t target)
{
	struct access access = sighting(time_ms, actor);

	access.sighting = SIGHTING_ACCESS;
	access.verb = VERB_OPEN;
	access.entry = entry;
	access.target.pid = target;
	incidents_place(log_told.incidents, &access);
	return found(&access, entry == ENTRY_MEM ? 80 : 40);
}

static struct finding *says(int64_t time_ms, enum trust trust, uint64_t target, const char *comm)
{
	struct access access = sighting(time_ms, process(77, UNKNOWN_ID, UNKNOWN_ID, NULL));

	access.sighting = SIGHTING_LINE;
	access.verb = VERB_LOG;
	access.trust = trust;
	access.target.pid = target;
	access.target.comm = span_of(comm);
	incidents_place(log_told.incidents, &access);
	return found(&access, 50);
}

/* ---- what comes of it ---- */

static int by_root(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	uint64_t root_x = incidents_root(log_told.incidents, x->access.lineage);
	uint64_t root_y = incidents_root(log_told.incidents, y->access.lineage);

	if (root_x != root_y)
		return root_x < root_y ? -1 : 1;
	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	return x->access.serial < y->access.serial ? -1 : 1;
}

static int by_rank(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	uint64_t rank_x = incidents_rank(log_told.incidents, x->access.lineage, x->first_ms, NULL);
	uint64_t rank_y = incidents_rank(log_told.incidents, y->access.lineage, y->first_ms, NULL);

	return rank_x != rank_y ? (rank_x < rank_y ? -1 : 1) : by_root(a, b);
}

/* Appends "kind kind | kind" to told: the steps of all incidents, in their order. */
static void say_incident(struct buffer *told, const struct incident *incident)
{
	buffer_text(told, told->len ? " | " : "");
	for (size_t i = 0; i < incident->step_count; i++)
		buffer_printf(told, "%s%s", i ? " " : "", step_kind_name(incident->steps[i].kind));
}

static void tell(enum incident_order order, void (*see)(const struct incident *), struct buffer *told)
{
	struct incident incident;

	qsort(log_told.findings, log_told.count, sizeof(struct finding), by_root);
	for (size_t i = 0; i < log_told.count; i++)
		incidents_weigh(log_told.incidents, &log_told.findings[i], true);
	assert_int_equal(incidents_ranked(log_told.incidents, order), log_told.count);
	qsort(log_told.findings, log_told.count, sizeof(struct finding), by_rank);
	for (size_t i = 0; i <= log_told.count; i++) {
		const struct finding *finding = i < log_told.count ? &log_told.findings[i] : NULL;
		if (!incidents_tell(log_told.incidents, finding, &incident))
			continue;
		if (see)
			see(&incident);
		say_incident(told, &incident);
	}
	buffer_add_byte(told, '\0');
}

static void assert_told(const char *expected)
{
	struct buffer told = { 0 };

	tell(INCIDENT_BY_TIME, NULL, &told);
	assert_string_equal(told.data, expected);
	buffer_finish(&told);
}

/* ---- lineages ---- */

static void test_one_session_is_one(void **state)
{
	reads(1000, process(10, 9, 5, "/usr/bin/grep"), ENTRY_MAPS, 800);
	reads(2000, process(20, 8, 5, "/usr/bin/dd"), ENTRY_MEM, 800);
	assert_told("map memory");
}

static void test_two_sessions_are_two(void **state)
{
	reads(1000, process(10, 9, 5, "/usr/bin/grep"), ENTRY_MAPS, 800);
	reads(2000, process(20, 9, 6, "/usr/bin/dd"), ENTRY_MEM, 800);
	assert_told("memory | map");
}

static void test_a_tree_is_one_without_a_session(void **state)
{
	runs(1000, process(900, 1, UNSET, "/usr/sbin/apache2"), "apache2");
	runs(1100, process(901, 900, UNSET, "/usr/bin/sh"), "sh -c x");
	reads(1200, process(902, 901, UNSET, "/usr/bin/grep"), ENTRY_MAPS, 800);
	reads(1300, process(903, 900, UNSET, "/usr/bin/dd"), ENTRY_MEM, 800);
	assert_told("map memory");
}

static void test_a_parent_that_was_never_seen_is_one_all_the_same(void **state)
{
	reads(1200, process(902, 901, UNSET, "/usr/bin/grep"), ENTRY_MAPS, 800);
	reads(1300, process(903, 901, UNSET, "/usr/bin/dd"), ENTRY_MEM, 800);
	assert_told("map memory");
}

static void test_who_starts_all_is_no_parent(void **state)
{
	runs(1000, process(900, 1, UNSET, "/usr/sbin/sshd"), "sshd -D");
	reads(1200, process(902, 900, UNSET, "/usr/bin/grep"), ENTRY_MAPS, 800);
	reads(1300, process(903, 900, UNSET, "/usr/bin/dd"), ENTRY_MEM, 800);
	reads(1400, process(904, 1, UNSET, "/usr/bin/dd"), ENTRY_MEM, 800);
	reads(1500, process(905, 1, UNSET, "/usr/bin/dd"), ENTRY_ENVIRON, 800);
	assert_told("environ | memory | memory | map");
}

static void test_a_script_is_one_in_any_session(void **state)
{
	struct process first = process(10, 9, 5, "/usr/bin/python3"), second = process(20, 19, 6, "/usr/bin/python3");

	first.script = second.script = SPAN("/tmp/x.py");
	reads(1000, first, ENTRY_MAPS, 800);
	reads(2000, process(11, 9, 5, "/usr/bin/cat"), ENTRY_ENVIRON, 800);
	reads(HOUR, second, ENTRY_MEM, 800);
	assert_told("map environ memory");
}

static void test_four_hours_part_stories(void **state)
{
	struct process actor = process(10, 9, 5, "/usr/bin/dd");

	reads(0, actor, ENTRY_MAPS, 800);
	reads(4 * HOUR, actor, ENTRY_MEM, 800);
	reads(8 * HOUR + 1, actor, ENTRY_ENVIRON, 800);
	assert_told("environ | map memory");
}

static void test_pauses_add_up(void **state)
{
	struct process actor = process(10, 9, 5, "/usr/bin/dd");

	reads(0, actor, ENTRY_MAPS, 800);
	reads(3 * HOUR, actor, ENTRY_MEM, 800);
	reads(6 * HOUR, actor, ENTRY_ENVIRON, 800);
	assert_told("map memory environ");
}

static void test_unknown_times_do_not_overflow(void **state)
{
	struct process actor = process(10, 9, 5, "/usr/bin/dd");

	reads(TIME_UNKNOWN, actor, ENTRY_MAPS, 800);
	reads(TIME_UNKNOWN, actor, ENTRY_ENVIRON, 800);
	reads(INT64_MAX, actor, ENTRY_MEM, 800);
	does(INT64_MAX, actor, DEED_CONNECT, "192.0.2.1:443");
	assert_told("memory upload | map environ");
}

static void test_forged_records_stand_apart(void **state)
{
	struct process actor = process(10, 9, 5, "/usr/bin/dd");
	struct access access = sighting(1500, actor);

	reads(1000, actor, ENTRY_MEM, 800);
	access.sighting = SIGHTING_ACCESS;
	access.verb = VERB_OPEN;
	access.entry = ENTRY_MAPS;
	access.trust = TRUST_ANY_USER;
	incidents_place(log_told.incidents, &access);
	found(&access, 20);
	assert_told("map | memory");
}

/* ---- log lines ---- */

static void test_a_line_joins_what_is_near(void **state)
{
	reads(10 * HOUR, process(10, 9, 5, "/usr/bin/dd"), ENTRY_MEM, 800);
	says(10 * HOUR + 299000, TRUST_DAEMON, UNKNOWN_ID, NULL);
	says(10 * HOUR + 301000, TRUST_DAEMON, UNKNOWN_ID, NULL);
	assert_told("tool | memory tool");
}

static void test_a_line_of_anybody_joins_nothing(void **state)
{
	reads(10 * HOUR, process(10, 9, 5, "/usr/bin/dd"), ENTRY_MEM, 800);
	says(10 * HOUR + 1000, TRUST_ANY_USER, UNKNOWN_ID, NULL);
	assert_told("tool | memory");
}

static void test_a_crash_joins_who_reached_it(void **state)
{
	reads(10 * HOUR, process(10, 9, 5, "/usr/bin/dd"), ENTRY_MEM, 800);
	reads(10 * HOUR + 2000, process(11, 9, 6, "/usr/bin/dd"), ENTRY_MAPS, 801);
	says(10 * HOUR + 1800000, TRUST_DAEMON, 800, "sshd");
	assert_told("map | memory crash");
}

/* ---- steps ---- */

static void test_a_whole_story(void **state)
{
	struct process shell = process(9, 8, 5, "/usr/bin/bash"), tool = process(20, 9, 5, "/tmp/x");

	runs(1000, process(10, 9, 5, "/usr/bin/curl"), "curl -O https://example.org/x");
	does(1100, process(10, 9, 5, "/usr/bin/curl"), DEED_CONNECT, "192.0.2.1:443");
	does(1200, shell, DEED_BLIND, "audit rules removed");
	runs(1300, process(11, 9, 5, "/usr/bin/pgrep"), "pgrep sshd");
	reads(1400, tool, ENTRY_MAPS, 800);
	reads(1500, tool, ENTRY_MEM, 800);
	does(1600, tool, DEED_WRITE, "/tmp/out");
	does(1700, process(12, 9, 5, "/usr/bin/cat"), DEED_SHADOW, "/etc/shadow");
	does(1800, process(13, 9, 5, "/usr/bin/scp"), DEED_CONNECT, "192.0.2.1:22");
	runs(1900, process(14, 9, 5, "/usr/bin/rm"), "rm -f /tmp/out");
	assert_told("download download blinding reconnaissance map memory dump shadow upload cleanup");
}

static void test_deeds_alone_are_nothing(void **state)
{
	runs(1300, process(11, 9, 5, "/usr/bin/pgrep"), "pgrep sshd");
	does(1100, process(10, 9, 5, "/usr/bin/curl"), DEED_CONNECT, "192.0.2.1:443");
	assert_told("");
}

static void test_deeds_of_others_are_not_told(void **state)
{
	runs(1300, process(11, 9, 6, "/usr/bin/pgrep"), "pgrep sshd");
	runs(1300, process(12, 9, UNSET, "/usr/bin/pgrep"), "pgrep sshd");
	reads(1400, process(10, 9, 5, "/tmp/x"), ENTRY_MEM, 800);
	assert_told("memory");
}

static void test_what_lies_far_off_is_not_told(void **state)
{
	struct process shell = process(9, 8, 5, "/usr/bin/bash");

	runs(0, process(10, 9, 5, "/usr/bin/curl"), "curl -O https://example.org/x");
	runs(2 * HOUR, process(14, 9, 5, "/usr/bin/rm"), "rm -f /home/a/notes");
	reads(4 * HOUR + 1, shell, ENTRY_MEM, 800);
	runs(5 * HOUR, process(15, 9, 5, "/usr/bin/pgrep"), "pgrep httpd");
	does(8 * HOUR + 2, shell, DEED_REMOVE, "/tmp/out");
	assert_told("memory");
}

static void test_a_dump_comes_behind_its_memory(void **state)
{
	struct process dd = process(20, 9, 5, "/usr/bin/dd");

	runs(1000, dd, "dd if=/proc/800/mem of=/tmp/out");
	reads(1100, dd, ENTRY_MEM, 800);
	assert_told("memory dump");
}

static void test_small_sweeps_add_up(void **state)
{
	for (uint64_t pid = 100; pid < 105; pid++)
		does(1000, process(pid, 9, 5, "/usr/bin/cat"), DEED_SWEEP, NULL);
	reads(1100, process(20, 9, 5, "/usr/bin/dd"), ENTRY_MEM, 800);
	assert_told("reconnaissance memory");
}

static void test_one_look_is_no_sweep(void **state)
{
	for (uint64_t pid = 100; pid < 104; pid++)
		does(1000, process(pid, 9, 5, "/usr/bin/cat"), DEED_SWEEP, NULL);
	reads(1100, process(20, 9, 5, "/usr/bin/dd"), ENTRY_MEM, 800);
	assert_told("memory");
}

static void test_who_checks_passwords_may_read_them(void **state)
{
	does(1000, process(21, 9, 5, "/usr/bin/sudo"), DEED_SHADOW, "/etc/shadow");
	reads(1100, process(20, 9, 5, "/usr/bin/dd"), ENTRY_MEM, 800);
	does(1200, process(22, 9, 5, "/tmp/sudo"), DEED_SHADOW, "/etc/shadow");
	assert_told("memory shadow");
}

/* ---- the whole ---- */

static void see_targets(const struct incident *incident)
{
	assert_int_equal(incident->target_count, 2);
	assert_int_equal(incident->targets[0].pid, 801); /* its memory was reached */
	assert_int_equal(incident->targets[0].entries, 1u << ENTRY_MEM | 1u << ENTRY_MAPS);
	assert_int_equal(incident->targets[1].pid, 800);
	assert_int_equal(incident->actor.pid, 21);
	assert_int_equal(incident->risk, RISK_HIGH);
	assert_int_equal(incident->found_count, 3);
	assert_string_equal(incident->found[0]->incident, incident->id);
	assert_true(incident->score > 80);
}

static void test_actor_targets_and_score(void **state)
{
	struct buffer told = { 0 };

	reads(1000, process(20, 9, 5, "/usr/bin/cat"), ENTRY_ENVIRON, 800);
	reads(1100, process(20, 9, 5, "/usr/bin/cat"), ENTRY_MAPS, 801);
	reads(1200, process(21, 9, 5, "/usr/bin/dd"), ENTRY_MEM, 801);
	tell(INCIDENT_BY_TIME, see_targets, &told);
	assert_string_equal(told.data, "environ map memory");
	buffer_finish(&told);
}

static void see_no_target(const struct incident *incident)
{
	assert_int_equal(incident->target_count, 0);
}

static void test_an_exec_alone_has_no_target(void **state)
{
	struct access access = sighting(1000, process(20, 9, 5, "/tmp/lazagne"));
	struct buffer told = { 0 };

	incidents_place(log_told.incidents, &access);
	found(&access, 70);
	tell(INCIDENT_BY_TIME, see_no_target, &told);
	assert_string_equal(told.data, "tool");
	buffer_finish(&told);
}

/* The scores of all incidents, in their order. */
static struct buffer scores;

static void see_score(const struct incident *incident)
{
	buffer_printf(&scores, "%s%u", scores.len ? " " : "", incident->score);
}

static void assert_scores(const char *expected)
{
	struct buffer told = { 0 };

	tell(INCIDENT_BY_TIME, see_score, &told);
	buffer_add_byte(&scores, '\0');
	assert_string_equal(scores.data, expected);
	buffer_finish(&scores);
	buffer_finish(&told);
}

static void test_what_anybody_could_have_written_gains_nothing(void **state)
{
	struct process actor = process(10, 9, 5, "/usr/bin/dd");
	struct access access = sighting(1500, actor);
	const enum entry entries[] = { ENTRY_MAPS, ENTRY_MEM };

	access.sighting = SIGHTING_ACCESS;
	access.verb = VERB_OPEN;
	access.trust = TRUST_ANY_USER;
	incidents_place(log_told.incidents, &access);
	for (size_t i = 0; i < 2; i++) {
		access.entry = entries[i];
		access.serial++;
		found(&access, 20);
	}
	reads(1000, actor, ENTRY_MAPS, 800);
	reads(1100, actor, ENTRY_MEM, 800);
	assert_scores("20 82");
}

/* Auditing that was weakened counts once: for the whole, or as a rule has counted it for the gravest finding. */
static void test_blinding_counts_once(void **state)
{
	struct process shells[] = { process(500, 400, 3, "/opt/x"), process(600, 400, 4, "/opt/y") };

	for (size_t i = 0; i < 2; i++) {
		struct access access = sighting(2000 + 100 * (int64_t)i, shells[i]);
		access.sighting = SIGHTING_ACCESS;
		access.verb = VERB_OPEN;
		access.entry = ENTRY_MAPS;
		access.target.pid = 812;
		does(1000, shells[i], DEED_BLIND, "audit rules removed");
		incidents_place(log_told.incidents, &access);
		found(&access, 60)->blinded = i;
		access.serial = ++log_told.serial;
		found(&access, 20)->blinded = !i; /* of lesser ones it does not matter */
	}
	assert_scores("60 65");
}

static void test_a_habit_weighs_less(void **state)
{
	for (uint64_t ses = 1; ses <= 20; ses++)
		reads((int64_t)ses, process(10, 9, ses, "/usr/bin/lister"), ENTRY_MAPS, 800);
	for (uint64_t ses = 21; ses <= 25; ses++)
		reads((int64_t)ses, process(10, 9, ses, "/usr/bin/other"), ENTRY_MAPS, 800);
	reads(26, process(10, 9, 26, "/usr/bin/rare"), ENTRY_MAPS, 800);
	assert_scores("45 35 35 35 35 35 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30");
}

static void test_memory_is_no_habit(void **state)
{
	for (uint64_t ses = 1; ses <= 5; ses++)
		reads((int64_t)ses, process(10, 9, ses, "/usr/bin/dd"), ENTRY_MEM, 800);
	assert_scores("80 80 80 80 80");
}

static void see_counts(const struct incident *incident)
{
	assert_int_equal(incident->step_count, 3);
	assert_int_equal(incident->steps[0].count, 2); /* the same connection twice */
	assert_int_equal(incident->steps[0].first_ms, 1000);
	assert_int_equal(incident->steps[0].last_ms, 1100);
	assert_int_equal(incident->steps[1].count, 1);
	assert_int_equal(incident->steps[2].count, 2); /* two targets in a row */
	assert_true(incident->steps[2].target_pid == UNKNOWN_ID);
}

static void test_what_is_done_again_is_counted(void **state)
{
	struct process curl = process(20, 9, 5, "/usr/bin/curl"), dd = process(21, 9, 5, "/usr/bin/dd");
	struct buffer told = { 0 };

	does(1000, curl, DEED_CONNECT, "192.0.2.1:443");
	does(1100, curl, DEED_CONNECT, "192.0.2.1:443");
	does(1200, curl, DEED_CONNECT, "192.0.2.2:443");
	reads(1300, dd, ENTRY_MEM, 800);
	reads(1400, dd, ENTRY_MEM, 801);
	tell(INCIDENT_BY_TIME, see_counts, &told);
	buffer_finish(&told);
}

static void test_orders(void **state)
{
	static const struct {
		enum incident_order order;
		const char *told;
	} cases[] = {
		{ INCIDENT_BY_TIME, "environ environ | memory | map" },
		{ INCIDENT_BY_RISK, "memory | environ environ | map" },
		{ INCIDENT_BY_SCORE, "memory | environ environ | map" },
		{ INCIDENT_BY_COUNT, "environ environ | memory | map" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer told = { 0 };
		teardown(NULL);
		setup(NULL);
		reads(1000, process(10, 9, 5, "/a"), ENTRY_MAPS, 800);
		reads(2000, process(20, 9, 6, "/b"), ENTRY_MEM, 800);
		reads(3000, process(30, 9, 7, "/c"), ENTRY_ENVIRON, 800);
		reads(3000, process(31, 9, 7, "/d"), ENTRY_ENVIRON, 800);
		tell(cases[i].order, NULL, &told);
		assert_string_equal(told.data, cases[i].told);
		buffer_finish(&told);
	}
}

/* More lineages than any table holds, each with something to remember, and then a finding. */
static void test_millions_of_lineages_are_forgotten_and_told(void **state)
{
	struct process last = process(20, 9, 3000000, "/usr/bin/dd");

	for (uint64_t ses = 1; ses <= 200000; ses++) {
		runs((int64_t)ses, process(100, 9, ses, "/usr/bin/curl"), "curl -O https://example.org/x");
		does((int64_t)ses, process(ses + 5, ses + 4, UNSET, "/usr/bin/x"), DEED_CONNECT, "192.0.2.1:443");
	}
	runs(300000, process(100, 9, 3000000, "/usr/bin/curl"), "curl -O https://example.org/x");
	reads(300001, last, ENTRY_MEM, 800);
	assert_told("download memory");
	assert_non_null(strstr(log_told.summary.notes[0].text, "more lineages than are remembered"));
	assert_false(log_told.summary.notes[0].loss);
}

/* ---- purposes ---- */

static struct purpose purpose(const char *exe, const char *cmdline)
{
	struct purposes purposes;
	struct process command = process(1, 1, 1, exe);

	purposes_init(&purposes);
	command.cmdline = span_of(cmdline);
	return purpose_of(&purposes, &command);
}

static void test_every_name_is_found(void **state)
{
	static const struct {
		const char *name;
		const char *kind;
	} names[] = {
#define PURPOSE(text, step) { text, #step },
#include "incident/purposes.def"
#undef PURPOSE
	};
	char exe[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(exe, sizeof(exe), "/usr/bin/%s", names[i].name);
		bool starter = strcmp(names[i].kind, "STARTER") == 0;
		assert_int_equal(purpose(exe, "").starter, starter);
		if (strcmp(names[i].kind, "RECON") == 0)
			assert_int_equal(purpose(exe, "").kind, STEP_RECON);
		if (strcmp(names[i].kind, "SHADOW") == 0)
			assert_int_equal(purpose(exe, "x /etc/shadow").kind, STEP_SHADOW);
		if (!i)
			continue;
		size_t before = strlen(names[i - 1].name), len = strlen(names[i].name);
		assert_true(before < len || (before == len && strcmp(names[i - 1].name, names[i].name) < 0));
	}
}

static void test_purposes(void **state)
{
	static const struct {
		const char *exe, *cmdline;
		enum step_kind kind;
	} cases[] = {
		{ "/usr/bin/git", "git clone https://example.org/x", STEP_DOWNLOAD },
		{ "/usr/bin/git", "git status", STEP_KINDS },
		{ "/usr/bin/pip3", "pip3 install x", STEP_DOWNLOAD },
		{ "/usr/bin/pip3", "pip3 list", STEP_KINDS },
		{ "/usr/sbin/auditctl", "auditctl -D", STEP_BLINDING },
		{ "/usr/sbin/auditctl", "auditctl -a never,filesystem -F fstype=0x9fa0", STEP_BLINDING },
		{ "/usr/sbin/auditctl", "auditctl -l", STEP_KINDS },
		{ "/usr/bin/systemctl", "systemctl stop auditd", STEP_BLINDING },
		{ "/usr/bin/systemctl", "systemctl stop nginx", STEP_KINDS },
		{ "/usr/bin/dd", "dd if=/proc/1/mem of=/tmp/x", STEP_DUMP },
		{ "/usr/bin/dd", "dd if=/dev/zero of=/tmp/x", STEP_KINDS },
		{ "/tmp/renamed", "x -ex dump memory /tmp/x 0 1", STEP_DUMP },
		{ "/usr/bin/cat", "cat /etc/shadow", STEP_SHADOW },
		{ "/usr/bin/cat", "cat /etc/hosts", STEP_KINDS },
		{ "/usr/bin/ln", "ln -sf /dev/null /root/.bash_history", STEP_CLEANUP },
		{ "/usr/bin/ln", "ln -s a b", STEP_KINDS },
		{ "/tmp/ps", "ps", STEP_KINDS },
		{ "/usr/bin/nothing", "nothing", STEP_KINDS },
		{ "", "", STEP_KINDS },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (purpose(cases[i].exe, cases[i].cmdline).kind != cases[i].kind)
			fail_msg("%s: %u", cases[i].cmdline, purpose(cases[i].exe, cases[i].cmdline).kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_one_session_is_one),
		TEST(test_two_sessions_are_two),
		TEST(test_a_tree_is_one_without_a_session),
		TEST(test_a_parent_that_was_never_seen_is_one_all_the_same),
		TEST(test_who_starts_all_is_no_parent),
		TEST(test_a_script_is_one_in_any_session),
		TEST(test_four_hours_part_stories),
		TEST(test_pauses_add_up),
		TEST(test_unknown_times_do_not_overflow),
		TEST(test_forged_records_stand_apart),
		TEST(test_a_line_joins_what_is_near),
		TEST(test_a_line_of_anybody_joins_nothing),
		TEST(test_a_crash_joins_who_reached_it),
		TEST(test_a_whole_story),
		TEST(test_deeds_alone_are_nothing),
		TEST(test_deeds_of_others_are_not_told),
		TEST(test_what_lies_far_off_is_not_told),
		TEST(test_a_dump_comes_behind_its_memory),
		TEST(test_small_sweeps_add_up),
		TEST(test_one_look_is_no_sweep),
		TEST(test_who_checks_passwords_may_read_them),
		TEST(test_actor_targets_and_score),
		TEST(test_blinding_counts_once),
		TEST(test_an_exec_alone_has_no_target),
		TEST(test_what_anybody_could_have_written_gains_nothing),
		TEST(test_a_habit_weighs_less),
		TEST(test_memory_is_no_habit),
		TEST(test_what_is_done_again_is_counted),
		TEST(test_orders),
		TEST(test_millions_of_lineages_are_forgotten_and_told),
		cmocka_unit_test(test_every_name_is_found),
		cmocka_unit_test(test_purposes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
