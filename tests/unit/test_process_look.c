/* What /proc tells of a process: its name may hold anything, and its number may be a thread's. */
#include "source/process_look.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#define BOOT_MS 1795000000000

static struct process_look look_of(const char *stat, const char *status, const char *cgroup)
{
	static struct process_look look;

	look.stat_len = (uint16_t)snprintf(look.stat, sizeof(look.stat), "%s", stat);
	look.status_len = (uint16_t)snprintf(look.status, sizeof(look.status), "%s", status);
	look.cgroup_len = (uint16_t)snprintf(look.cgroup, sizeof(look.cgroup), "%s", cgroup);
	look.exe_len = 0;
	return look;
}

#define REST " S 1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 2263 1 2"

static void the_texts_are_understood(void **state)
{
	struct process_look look =
		look_of("812 (sshd)" REST, "Name:\tsshd\nTgid:\t812\nUid:\t1000\t0\t0\t0\n", "0::/\n");
	struct process process;

	assert_true(process_told(&look, BOOT_MS, &process));
	assert_int_equal(process.pid, 812);
	assert_int_equal(process.ppid, 1);
	assert_int_equal(process.uid, 1000);
	assert_int_equal(process.euid, 0);
	assert_memory_equal(process.comm.data, "sshd", process.comm.len);
	assert_int_equal(process.start_ms, BOOT_MS + 2263 * 1000 / sysconf(_SC_CLK_TCK));
	assert_null(process.exe.data);
	assert_null(process.container.data);
}

static void a_name_holds_anything(void **state)
{
	struct process_look look = look_of("812 (a) S 7 (b) c)" REST, "Name:\tx\nTgid:\t812\n", "");
	struct process process;

	assert_true(process_told(&look, BOOT_MS, &process));
	assert_int_equal(process.ppid, 1);
	assert_int_equal(process.comm.len, 12);
	assert_memory_equal(process.comm.data, "a) S 7 (b) c", 12);
	assert_int_equal(process.uid, UNKNOWN_ID);
}

static void a_thread_is_its_process(void **state)
{
	struct process_look look = look_of("900 (worker)" REST, "Name:\tx\nTgid:\t812\nUid:\t0\t0\t0\t0\n", "");
	struct process process;

	assert_true(process_told(&look, BOOT_MS, &process));
	assert_int_equal(process.pid, 812);
}

static void what_is_none_is_refused(void **state)
{
	static const char *const none[] = { "", "812", "812 (", "812 )(", "x (y) S 1 812", ")", "812 (y" };
	struct process process;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct process_look look = look_of(none[i], "", "");
		assert_false(process_told(&look, BOOT_MS, &process));
	}
	struct process_look cut = look_of("812 (y) S 1 2", "\nUid:", "/");
	assert_true(process_told(&cut, BOOT_MS, &process));
	assert_int_equal(process.start_ms, TIME_UNKNOWN);
	assert_int_equal(process.uid, UNKNOWN_ID);
}

static void assert_container(const char *cgroup, const char *id)
{
	struct span found = process_container(span_of(cgroup));

	assert_int_equal(found.len, id ? strlen(id) : 0);
	if (id)
		assert_memory_equal(found.data, id, found.len);
}

static void containers_are_known_by_their_ids(void **state)
{
#define ID "4f0c0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
	assert_container("0::/system.slice/docker-" ID ".scope\n", ID);
	assert_container("12:pids:/docker/" ID "\n11:cpu:/docker/" ID "\n", ID);
	assert_container("0::/kubepods.slice/kubepods-pod0123.slice/cri-containerd-" ID ".scope", ID);
	assert_container("0::/machine/0257095fc6770677a7126c5eb48a1849\n", "0257095fc6770677a7126c5eb48a1849");
	assert_container("0::/user.slice/user-1000.slice/session-3.scope\n", NULL);
	assert_container("0::/" ID "0\n", NULL);
	assert_container("0::/x" ID "\n", NULL);
	assert_container("", NULL);
}

static void processes_that_are_there_can_be_looked_at(void **state)
{
	int proc = open("/proc", O_PATH | O_DIRECTORY);
	struct process_look look;
	struct process process;

	assert_true(process_look(proc, (uint32_t)getpid(), &look));
	assert_true(process_told(&look, process_boot_ms(), &process));
	assert_int_equal(process.pid, getpid());
	assert_int_equal(process.ppid, getppid());
	assert_int_equal(process.uid, getuid());
	assert_true(span_ends(process.exe, SPAN("test_process_look")));
	assert_false(process_look(proc, 0, &look));
	assert_false(process_look(proc, UINT32_MAX, &look));
	assert_int_equal(look.exe_len + look.stat_len + look.status_len + look.cgroup_len, 0);
	close(proc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_texts_are_understood),
		cmocka_unit_test(a_name_holds_anything),
		cmocka_unit_test(a_thread_is_its_process),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(containers_are_known_by_their_ids),
		cmocka_unit_test(processes_that_are_there_can_be_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
