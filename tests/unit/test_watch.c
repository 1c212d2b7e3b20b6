#include "watch_scene.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

/* One whole event: pid 999000 opens mem of 812. */
#define EVENT_HEAD(serial, name)                                                                                       \
	"type=SYSCALL msg=audit(1795430914.650:" serial "): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c " \
	"a1=7ffe a2=0 a3=0 items=1 ppid=2 pid=999000 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 "       \
	"fsgid=0 "                                                                                                     \
	"tty=pts0 ses=1 comm=\"dumper\" exe=\"/usr/bin/dumper\" key=(null)\n"                                          \
	"type=CWD msg=audit(1795430914.650:" serial "): cwd=\"/root\"\n"                                               \
	"type=PATH msg=audit(1795430914.650:" serial "): item=0 name=\"" name                                          \
	"\" inode=7 dev=00:15 mode=0100600 ouid=0 "                                                                    \
	"ogid=0 rdev=00:00 nametype=NORMAL\n"
#define EVENT_END(serial)                                                             \
	"type=PROCTITLE msg=audit(1795430914.650:" serial "): proctitle=\"dumper\"\n" \
	"type=EOE msg=audit(1795430914.650:" serial "): \n"
#define EVENT(serial, name) EVENT_HEAD(serial, name) EVENT_END(serial)
#define MEM(serial) EVENT(serial, "/proc/812/mem")

static void a_finding_is_told_at_once(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7") MEM("8")), PAUSE(1), PAUSE(99), PAUSE(1), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"risk\":\"HighRisk\""), 2);
	assert_int_equal(scene_count(&scene, "\"update\":true"), 1); /* at the end */
	assert_non_null(strstr(scene.output, "\"host\":\"here\""));
	assert_non_null(strstr(scene.output, "\"sensors\":[\"audit\"]"));
	assert_int_equal(scene.summary.findings, 1);
	assert_int_equal(scene.summary.accesses, 2);
	assert_int_equal(scene.summary.serial_gaps, 0);
	assert_string_equal(scene.statuses, "started:0 ended:0 ");
}

static void the_first_event_waits_for_silence_only(void **state)
{
	/* Whether serials before it are missing is not known, so time must tell. */
	static const struct step steps[] = {
		TEXT(MEM("7")), PAUSE(50), ORDER(WATCH_STATUS), PAUSE(60), ORDER(WATCH_STOP), PAUSE(1), END
	};
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"risk\""), 1);
	assert_string_equal(scene.statuses, "started:0 asked:0 ended:0 ");
}

static void a_grown_finding_is_told_again_now_and_then(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7")),
					     PAUSE(200),
					     TEXT(MEM("8")),
					     PAUSE(100),
					     TEXT(MEM("9") MEM("10")),
					     PAUSE(100),
					     PAUSE(9000),
					     PAUSE(900),
					     TEXT(MEM("11")),
					     PAUSE(100),
					     PAUSE(20000),
					     PAUSE(1),
					     END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"risk\""), 3);
	assert_int_equal(scene_count(&scene, "\"update\":true"), 2);
	assert_int_equal(scene_count(&scene, "\"count\":1,"), 1);
	assert_int_equal(scene_count(&scene, "\"count\":4,"), 1);
	assert_int_equal(scene_count(&scene, "\"count\":5,"), 1);
	const char *id = strstr(scene.output, "\"id\":\"");
	char whole[32];
	snprintf(whole, sizeof(whole), "%.24s", id);
	assert_int_equal(scene_count(&scene, whole), 3);
	assert_int_equal(scene.summary.findings, 1);
}

static void a_graver_finding_is_told_at_once(void **state)
{
	static const struct step steps[] = { TEXT(EVENT("7", "/proc/812/maps")),
					     PAUSE(200),
					     TEXT(MEM("8")),
					     PAUSE(1),
					     ORDER(WATCH_STOP),
					     PAUSE(1),
					     END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"entry\":\"maps\""), 2);
	assert_int_equal(scene_count(&scene, "\"rule\":\"maps-then-mem\""), 2);
	assert_int_equal(scene_count(&scene, "\"update\":true"), 1);
	assert_true(strstr(scene.output, "\"update\":true") <
		    strstr(scene.output, "\"entry\":\"mem\"")); /* not at the end */
}

/* What a command line announced keeps its name when it is done. */
static void an_announced_finding_keeps_its_id(void **state)
{
#define EXEC                                                                                                          \
	"type=SYSCALL msg=audit(1795430914.640:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=1 a2=1 a3=0 "  \
	"items=1 ppid=2 pid=999000 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 " \
	"comm=\"dd\" exe=\"/usr/bin/dumper\" key=(null)\n"                                                            \
	"type=EXECVE msg=audit(1795430914.640:7): argc=2 a0=\"dd\" a1=\"if=/proc/812/mem\"\n"                         \
	"type=CWD msg=audit(1795430914.640:7): cwd=\"/root\"\n"                                                       \
	"type=PATH msg=audit(1795430914.640:7): item=0 name=\"/usr/bin/dumper\" inode=9 dev=08:01 mode=0100755 "      \
	"ouid=0 "                                                                                                     \
	"ogid=0 rdev=00:00 nametype=NORMAL\n"                                                                         \
	"type=PROCTITLE msg=audit(1795430914.640:7): proctitle=\"dd\"\n"                                              \
	"type=EOE msg=audit(1795430914.640:7): \n"
	static const struct step steps[] = { TEXT(EXEC), PAUSE(200), TEXT(MEM("8")), PAUSE(200), END };
	struct scene scene;
	char id[32];

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"verb\":\"exec\""), 1);
	assert_int_equal(scene_count(&scene, "\"update\":true"), 1);
	snprintf(id, sizeof(id), "%.24s", strstr(scene.output, "\"id\":\""));
	assert_int_equal(scene_count(&scene, id), 2);
}

static void an_event_without_an_end_is_taken_as_it_is(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7")), PAUSE(200), TEXT(EVENT_HEAD("8", "/proc/813/mem")),
					     PAUSE(99),	     PAUSE(1),	 TEXT(MEM("9")),
					     PAUSE(1),	     END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"resolved_path\":\"/proc/813/mem\""), 1);
	assert_int_equal(scene.summary.accesses, 3);
}

static void records_in_two_pieces_are_one_event(void **state)
{
	static const struct step steps[] = {
		TEXT(EVENT_HEAD("7", "/proc/812/mem")), PAUSE(99), TEXT(EVENT_END("7")), PAUSE(99), PAUSE(1), END
	};
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene.summary.events, 1);
	assert_int_equal(scene.summary.late_records, 0);
	assert_int_equal(scene.summary.incomplete_events, 0);
}

static void a_missing_serial_is_a_gap(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7")), PAUSE(200), TEXT(MEM("10")), PAUSE(200), PAUSE(1), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_string_equal(scene.statuses, "started:0 gap:2 ended:0 ");
	assert_int_equal(scene.summary.accesses, 2);
}

static void a_late_event_fills_the_gap(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7")),	  PAUSE(200),	  TEXT(MEM("10")),
					     PAUSE(200),	  TEXT(MEM("8")), PAUSE(200),
					     ORDER(WATCH_STATUS), PAUSE(1),	  END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene.summary.serial_gaps, 2);
	assert_int_equal(scene.summary.late_events, 1);
	assert_int_equal(scene.summary.accesses, 3);
	assert_int_equal(scene.serials_lost, 1);
	assert_string_equal(scene.statuses, "started:0 gap:2 asked:0 ended:0 ");
}

static void losses_are_told_at_once_but_once_a_second(void **state)
{
	static const struct step steps[] = { LOSE(COUNT_DROPPED, 5),
					     PAUSE(1),
					     LOSE(COUNT_DROPPED, 6),
					     LOSE(COUNT_OVERRUNS, 1),
					     PAUSE(998),
					     PAUSE(1),
					     PAUSE(500),
					     LOSE(COUNT_FORGED, 3),
					     PAUSE(5000),
					     END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_string_equal(scene.statuses, "started:0 gap:5 gap:7 ended:0 ");
	assert_int_equal(summary_status(&scene.summary), 3);
}

static void the_heart_beats(void **state)
{
	static const struct step steps[] = { PAUSE(999), PAUSE(1), PAUSE(500), PAUSE(700), PAUSE(100), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ .heartbeat_ms = 1000 }, steps, false), 0);
	assert_string_equal(scene.statuses, "started:0 heartbeat:0 heartbeat:0 ended:0 ");
	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_string_equal(scene.statuses, "started:0 ended:0 ");
}

static const struct access whole = {
	.time_ms = 1795430914650,
	.trust = TRUST_KERNEL,
	.verb = VERB_OPEN,
	.entry = ENTRY_MEM,
	.resolved_by = RESOLVED_ARGUMENT,
	.certain = true,
	.trusted_exe = true,
	.seen_by = SEEN_BY_BPF,
	.path = { "mem", 3 },
	.syscall = { "openat", 6 },
	.request = UNKNOWN_ID,
	.actor = { .pid = 999000, .ppid = 2, .comm = { "dumper", 6 }, .exe = { "/usr/bin/dumper", 15 }, .start_ms = 1 },
	.target = { .pid = 999001, .comm = { "sshd", 4 }, .exe = { "/usr/sbin/sshd", 14 }, .start_ms = 1795430000000 },
};

static void what_a_sensor_saw_whole_needs_no_stages(void **state)
{
	static const struct step steps[] = { ACCESS(&whole), PAUSE(1), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"bpf\"]"), 1);
	assert_non_null(strstr(scene.output, "\"start\":\"2026-11-23T10:33:20.000Z\""));
}

/* `whole`, by another sensor that knows less of the actor, and so much later. */
static struct access poor_twin(int64_t later_ms)
{
	struct access twin = whole;

	twin.seen_by = SEEN_BY_FANOTIFY;
	twin.time_ms += later_ms;
	twin.actor.exe = twin.syscall = (struct span){ 0 };
	return twin;
}

static void two_sensors_see_one_access(void **state)
{
	struct access poor = poor_twin(-900);
	const struct step steps[] = { ACCESS(&whole), ACCESS(&poor), PAUSE(10000), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, true), 0);
	assert_int_equal(scene_count(&scene, "\"risk\""), 2);
	assert_int_equal(scene_count(&scene, "\"count\":1,"), 2);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"bpf\"]"), 1);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"fanotify\",\"bpf\"],\"update\":true"), 1);
	assert_int_equal(scene.summary.accesses, 1);
	assert_int_equal(scene.summary.findings, 1);
}

static void one_that_does_not_know_its_actor_waits_for_its_twin(void **state)
{
	struct access poor = poor_twin(-900);
	const struct step steps[] = { ACCESS(&poor), PAUSE(99), ACCESS(&whole), PAUSE(10000), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ .accesses = true }, steps, true), 0);
	assert_int_equal(scene_count(&scene, "\"risk\""), 1);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"fanotify\",\"bpf\"]"), 1);
	assert_int_equal(scene_count(&scene, "\"exe\":\"/usr/bin/dumper\""), 1);
	assert_int_equal(scene.summary.accesses, 1);
}

static void what_a_later_twin_knows_is_joined(void **state)
{
	struct access poor = poor_twin(-900);
	const struct step steps[] = { ACCESS(&poor), PAUSE(100), ACCESS(&whole), PAUSE(10000), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, true), 0);
	assert_int_equal(scene_count(&scene, "\"count\":1,"), 2);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"fanotify\"]"), 1);
	const char *update = strchr(scene.output, '\n');
	assert_non_null(strstr(update, "\"sensors\":[\"fanotify\",\"bpf\"],\"update\":true"));
	assert_non_null(strstr(update, "\"exe\":\"/usr/bin/dumper\""));
	assert_non_null(strstr(update, "\"syscall\":\"openat\""));
	assert_int_equal(scene.summary.accesses, 1);
	assert_int_equal(scene.summary.findings, 1);
}

/* Another program that has our map open. */
static pid_t start_holder(void)
{
	int ready[2], map = open("/proc/self/maps", O_RDONLY);
	char byte;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t holder = fork();
	if (holder == 0) {
		execlp("sleep", "sleep", "60", NULL);
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 0); /* it is another program now */
	close(ready[0]);
	close(map);
	return holder;
}

static void what_is_held_at_the_start_is_told_once(void **state)
{
	struct access seen = whole, later = whole;
	const struct step steps[] = { ACCESS(&seen), PAUSE(3000), ACCESS(&later), PAUSE(20000), END };
	struct watch_options options = { .holders = true, .accesses = true, .scope = WIRE_SCOPE_PID };
	pid_t holder = start_holder();
	struct scene scene;

	options.scope_of = (uint64_t)holder;
	seen.actor.pid = later.actor.pid = (uint64_t)holder;
	seen.target.pid = later.target.pid = (uint64_t)getpid();
	seen.entry = later.entry = ENTRY_MAPS;
	seen.time_ms = 1795430000000 + SCENE_START_MS;
	later.time_ms = seen.time_ms + 3000;
	assert_int_equal(scene_run(&scene, options, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"resolved_by\":\"held\""), 1);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"start\"]"), 1);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"bpf\"]"), 1); /* the later one: a second access */
	assert_int_equal(scene.summary.accesses, 2);
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
}

static void a_record_and_what_was_seen_whole_are_twins(void **state)
{
	struct access seen = whole;
	const struct step steps[] = { ACCESS(&seen), PAUSE(1), TEXT(MEM("7")), PAUSE(200), END };
	struct scene scene;

	seen.target.pid = 812;
	seen.time_ms -= 5;
	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, true), 0);
	assert_int_equal(scene.summary.findings, 1);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"audit\",\"bpf\"],\"update\":true"), 1);
}

static void each_is_the_twin_of_one_other(void **state)
{
	struct access poor = poor_twin(10), far = poor_twin(1500);
	const struct step steps[] = {
		ACCESS(&whole), ACCESS(&whole), ACCESS(&whole), ACCESS(&poor), ACCESS(&far), PAUSE(10000), END
	};
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ .accesses = true }, steps, true), 0);
	assert_int_equal(scene.summary.accesses, 4);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"bpf\"]"), 3);
	assert_int_equal(scene_count(&scene, "\"sensors\":[\"fanotify\"]"), 1);
}

static void a_twin_has_no_second_twin(void **state)
{
	struct access poor = poor_twin(10);
	const struct step steps[] = { ACCESS(&whole), ACCESS(&poor), ACCESS(&poor), PAUSE(10000), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, true), 0);
	assert_int_equal(scene.summary.accesses, 2);
}

static void pairs_of_twins_are_counted_by_pairs(void **state)
{
	struct access poor = poor_twin(10);
	const struct step steps[] = { ACCESS(&whole), ACCESS(&poor), ACCESS(&whole), ACCESS(&poor), PAUSE(10000), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, true), 0);
	assert_int_equal(scene.summary.accesses, 2);
	assert_int_equal(scene_count(&scene, "\"count\":2,"), 1);
	assert_int_equal(scene_count(&scene, "\"count\":3,") + scene_count(&scene, "\"count\":4,"), 0);
}

static void an_attempt_is_no_twin_of_a_success(void **state)
{
	struct access denied = poor_twin(1);
	const struct step steps[] = { ACCESS(&whole), ACCESS(&denied), END };
	struct scene scene;

	denied.outcome = -13;
	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, true), 0);
	assert_int_equal(scene.summary.accesses, 2);
}

static void accesses_come_one_by_one(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7") MEM("8") EVENT("9", "/proc/self/maps")), PAUSE(200), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ .accesses = true }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"count\":1,"), 3);
	assert_int_equal(scene_count(&scene, "\"self\":true"), 1);
	assert_int_equal(scene.summary.findings, 2);
}

static void a_broken_sensor_does_not_end_the_others(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7")), PAUSE(200), { .kind = STEP_BREAK }, END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ 0 }, steps, true), 0);
	assert_string_equal(scene.told, "cannot read the scene: it broke");
	assert_int_equal(summary_status(&scene.summary), 3);
	assert_int_equal(scene_count(&scene, "\"risk\""), 1);
}

static void a_filter_holds(void **state)
{
	static const struct step steps[] = { TEXT(MEM("7") EVENT("8", "/proc/814/maps")), PAUSE(200), END };
	struct scene scene;

	assert_int_equal(scene_run(&scene, (struct watch_options){ .filter.risk_min = RISK_HIGH }, steps, false), 0);
	assert_int_equal(scene_count(&scene, "\"risk\""), 1);
	assert_int_equal(scene.summary.findings, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_told_at_once),
		cmocka_unit_test(the_first_event_waits_for_silence_only),
		cmocka_unit_test(a_grown_finding_is_told_again_now_and_then),
		cmocka_unit_test(a_graver_finding_is_told_at_once),
		cmocka_unit_test(an_announced_finding_keeps_its_id),
		cmocka_unit_test(an_event_without_an_end_is_taken_as_it_is),
		cmocka_unit_test(records_in_two_pieces_are_one_event),
		cmocka_unit_test(a_missing_serial_is_a_gap),
		cmocka_unit_test(a_late_event_fills_the_gap),
		cmocka_unit_test(losses_are_told_at_once_but_once_a_second),
		cmocka_unit_test(the_heart_beats),
		cmocka_unit_test(what_a_sensor_saw_whole_needs_no_stages),
		cmocka_unit_test(two_sensors_see_one_access),
		cmocka_unit_test(one_that_does_not_know_its_actor_waits_for_its_twin),
		cmocka_unit_test(what_a_later_twin_knows_is_joined),
		cmocka_unit_test(what_is_held_at_the_start_is_told_once),
		cmocka_unit_test(a_record_and_what_was_seen_whole_are_twins),
		cmocka_unit_test(each_is_the_twin_of_one_other),
		cmocka_unit_test(a_twin_has_no_second_twin),
		cmocka_unit_test(pairs_of_twins_are_counted_by_pairs),
		cmocka_unit_test(an_attempt_is_no_twin_of_a_success),
		cmocka_unit_test(accesses_come_one_by_one),
		cmocka_unit_test(a_broken_sensor_does_not_end_the_others),
		cmocka_unit_test(a_filter_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
