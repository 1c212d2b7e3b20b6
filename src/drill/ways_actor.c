/* Who opens: a thread, a child, a process whose parent is gone. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "drill/stage.h"
#include "drill/variant.h"

#define PLAIN "/proc/{pid}/{entry}"

static int take_plain(struct stage *stage)
{
	return stage_take(stage, stage_open_at(stage, AT_FDCWD, stage_path(stage, PLAIN), O_RDONLY));
}

struct errand {
	struct stage *stage;
	int result;
};

static void *run_errand(void *argument)
{
	struct errand *errand = argument;

	errand->result = take_plain(errand->stage);
	return NULL;
}

int way_thread(struct stage *stage)
{
	struct errand errand = { stage, -EAGAIN };
	pthread_t thread;
	int number = pthread_create(&thread, NULL, run_errand, &errand);

	if (number)
		return stage_fail(stage, "a thread", -number);
	pthread_join(thread, NULL);
	return errand.result;
}

int way_fork(struct stage *stage)
{
	pid_t child = stage_fork(stage);

	if (child == 0)
		stage_leave(take_plain(stage));
	return stage_await(stage, child);
}

/* As vfork has it: the child runs on the parent's memory while the parent waits. */
static int take_borrowed(void *stage)
{
	return -take_plain(stage);
}

int way_vfork(struct stage *stage)
{
	static char stack[1 << 18] __attribute__((aligned(64)));

	pid_t child = clone(take_borrowed, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, stage);
	if (child > 0)
		stage_announce(stage, child);
	return stage_await(stage, child);
}

/* The child's child, whose parent has ended: a daemon. It tells what came of it through a pipe. */
int way_orphan(struct stage *stage)
{
	int ends[2], result = -ECHILD;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return stage_fail(stage, "a pipe", -errno);
	pid_t child = stage_fork(stage);
	if (child == 0) {
		pid_t grandchild = fork();
		if (grandchild != 0) {
			stage_announce(stage, grandchild);
			_exit(grandchild < 0);
		}
		close(ends[0]);
		usleep(20000); /* until it is an orphan */
		int taken = take_plain(stage);
		_exit(write(ends[1], &taken, sizeof(taken)) != sizeof(taken));
	}
	close(ends[1]);
	stage_await(stage, child);
	if (read(ends[0], &result, sizeof(result)) != sizeof(result))
		result = -ECHILD;
	close(ends[0]);
	return result;
}
