/* held: descriptors of another's entries are found, wherever a process keeps them; what is none of that is not told. */
#include "source/held.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SEEN_MAX 8

/* A decoy, and a process between us and the holder: what we start ourselves is taken for ours. */
struct scene {
	pid_t decoy, between, holder;
	int life; /* the holder ends when it is closed */
	struct held_counts counts;
	size_t count;
	struct seen {
		uint64_t actor, target;
		enum entry entry;
		bool certain, write;
		char resolved[64], command[64], comm[16];
	} seen[SEEN_MAX];
};

static void copy(char *to, size_t room, struct span text)
{
	snprintf(to, room, "%.*s", (int)text.len, text.len ? text.data : "");
}

static void take(void *context, const struct access *access)
{
	struct scene *scene = context;
	struct seen *seen = &scene->seen[scene->count];

	assert_true(scene->count < SEEN_MAX);
	assert_int_equal(access->verb, VERB_OPEN);
	assert_int_equal(access->resolved_by, RESOLVED_HELD);
	assert_int_equal(access->seen_by, SEEN_BY_START);
	assert_int_equal(access->outcome, 0);
	assert_int_equal(access->time_ms, 4711);
	*seen = (struct seen){ .actor = access->actor.pid,
			       .target = access->target.pid,
			       .entry = access->entry,
			       .certain = access->certain,
			       .write = access->write };
	copy(seen->resolved, sizeof(seen->resolved), access->resolved_path);
	copy(seen->command, sizeof(seen->command), access->actor.cmdline);
	copy(seen->comm, sizeof(seen->comm), access->target.comm);
	scene->count++;
}

typedef void holding(pid_t decoy);

static int open_entry(pid_t pid, const char *entry, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, entry);
	return open(path, flags);
}

static void hold(holding *how, pid_t decoy, int ready, int life)
{
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	how(decoy);
	pid_t self = getpid();
	if (write(ready, &self, sizeof(self)) == sizeof(self))
		(void)!read(life, &byte, 1);
	_exit(0);
}

static void begin(struct scene *scene, holding *how, bool ours)
{
	int ready[2], life[2], named[2];
	char byte;

	*scene = (struct scene){ 0 };
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(life), 0);
	scene->life = life[1];
	assert_int_equal(pipe(named), 0);
	scene->decoy = fork();
	if (scene->decoy == 0) {
		prctl(PR_SET_NAME, "decoy");
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(named[0]);
		close(named[1]); /* it has its name: the reader's end says so */
		pause();
	}
	close(named[1]);
	assert_int_equal(read(named[0], &byte, 1), 0);
	close(named[0]);
	scene->between = fork();
	if (scene->between == 0) {
		close(life[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (ours || fork() == 0)
			hold(how, scene->decoy, ready[1], life[0]);
		wait(NULL);
		_exit(0);
	}
	close(life[0]);
	assert_int_equal(read(ready[0], &scene->holder, sizeof(scene->holder)), sizeof(scene->holder));
	close(ready[0]);
	close(ready[1]);
}

static void look(struct scene *scene, enum wire_scope scope, uint64_t scope_of)
{
	const struct held_options options = {
		.host = "here", .now_ms = 4711, .scope = scope, .scope_of = scope_of, .take = take, .context = scene
	};

	scene->count = 0;
	held_look(&options, &scene->counts);
}

static void end(struct scene *scene)
{
	kill(scene->decoy, SIGKILL); /* it has our end of the pipe, too */
	waitpid(scene->decoy, NULL, 0);
	close(scene->life);
	waitpid(scene->between, NULL, 0);
}

static const struct seen *find(const struct scene *scene, enum entry entry)
{
	for (size_t i = 0; i < scene->count; i++)
		if (scene->seen[i].entry == entry)
			return &scene->seen[i];
	return NULL;
}

static void several(pid_t decoy)
{
	open_entry(decoy, "mem", O_RDWR);
	open_entry(decoy, "maps", O_RDONLY);
	open_entry(decoy, "environ", O_PATH);	 /* nothing can be read by it */
	open_entry(getpid(), "smaps", O_RDONLY); /* its own */
	open_entry(decoy, "status", O_RDONLY);	 /* tells nothing */
	open("/tmp", O_RDONLY | O_DIRECTORY);
}

static void descriptors_of_entries_are_told(void **state)
{
	struct scene scene;

	begin(&scene, several, false);
	look(&scene, WIRE_SCOPE_PID, (uint64_t)scene.between);
	assert_int_equal(scene.count, 2);
	assert_int_equal(scene.counts.told, 2);
	const struct seen *mem = find(&scene, ENTRY_MEM), *maps = find(&scene, ENTRY_MAPS);
	assert_non_null(mem);
	assert_non_null(maps);
	assert_int_equal(mem->actor, scene.holder);
	assert_int_equal(mem->target, scene.decoy);
	assert_true(mem->certain && mem->write && !maps->write);
	assert_string_equal(mem->comm, "decoy");
	assert_non_null(strstr(mem->command, "test_held"));
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/mem", scene.decoy);
	assert_string_equal(mem->resolved, path);
	look(&scene, WIRE_SCOPE_PID, (uint64_t)scene.decoy);
	assert_int_equal(scene.count, 0);
	look(&scene, WIRE_SCOPE_UID, 4294000000u);
	assert_int_equal(scene.count, 0);
	assert_true(scene.counts.processes > 2);
	end(&scene);
}

static void what_we_started_is_ours(void **state)
{
	struct scene scene;

	begin(&scene, several, true);
	assert_int_equal(scene.holder, scene.between);
	look(&scene, WIRE_SCOPE_PID, (uint64_t)scene.between);
	assert_int_equal(scene.count, 0);
	end(&scene);
}

static pthread_barrier_t opened;
static pid_t whose;

static void *keep_to_itself(void *argument)
{
	int result = unshare(CLONE_FILES);

	if (result == 0)
		open_entry(whose, "mem", O_RDONLY);
	pthread_barrier_wait(&opened);
	pause();
	return NULL;
}

static void in_a_thread(pid_t decoy)
{
	pthread_t thread;

	whose = decoy;
	pthread_barrier_init(&opened, NULL, 2);
	pthread_create(&thread, NULL, keep_to_itself, NULL);
	pthread_barrier_wait(&opened);
}

static void a_thread_can_have_descriptors_of_its_own(void **state)
{
	struct scene scene;

	begin(&scene, in_a_thread, false);
	if (syscall(SYS_kcmp, scene.holder, scene.holder, 2, 0, 0) < 0) {
		end(&scene);
		skip();
	}
	look(&scene, WIRE_SCOPE_PID, (uint64_t)scene.between);
	assert_int_equal(scene.count, 1);
	assert_int_equal(scene.seen[0].actor, scene.holder);
	assert_int_equal(scene.seen[0].target, scene.decoy);
	end(&scene);
}

/* A procfs that is mounted nowhere: its numbers need not be ours. */
static void of_another_procfs(pid_t decoy)
{
	char path[32];
	int context = (int)syscall(SYS_fsopen, "proc", 0);

	if (context < 0 || syscall(SYS_fsconfig, context, 6 /* FSCONFIG_CMD_CREATE */, NULL, NULL, 0) < 0)
		return;
	int procfs = (int)syscall(SYS_fsmount, context, 0, 0);
	snprintf(path, sizeof(path), "%d/mem", decoy);
	(void)!openat(procfs, path, O_RDONLY);
}

static void of_another_procfs_the_target_is_unknown(void **state)
{
	struct scene scene;

	if (geteuid() != 0)
		skip();
	begin(&scene, of_another_procfs, false);
	look(&scene, WIRE_SCOPE_PID, (uint64_t)scene.between);
	assert_int_equal(scene.count, 1);
	assert_int_equal(scene.seen[0].entry, ENTRY_MEM);
	assert_true(scene.seen[0].target == UNKNOWN_ID);
	assert_false(scene.seen[0].certain);
	assert_string_equal(scene.seen[0].resolved, "");
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_of_entries_are_told),
		cmocka_unit_test(what_we_started_is_ours),
		cmocka_unit_test(a_thread_can_have_descriptors_of_its_own),
		cmocka_unit_test(of_another_procfs_the_target_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
