/* System calls on another process: no name, no descriptor. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drill/int80.h"
#include "drill/stage.h"
#include "drill/variant.h"

static int move(struct stage *stage, long call, pid_t pid, char *room)
{
	size_t len = strlen(stage->decoy->secret);
	struct iovec here = { room, len }, there = { (void *)(uintptr_t)stage->decoy->address, len };

	stage_moment(stage);
	long moved = syscall(call, pid, &here, 1, &there, 1, 0);
	return moved < 0 ? -errno : moved == (long)len ? 0 : -STAGE_UNPROVEN;
}

static int read_by_call(struct stage *stage, pid_t pid)
{
	char room[DECOY_SECRET_ROOM] = "";
	int result = move(stage, SYS_process_vm_readv, pid, room);

	return result ? result : strcmp(room, stage->decoy->secret) == 0 ? 0 : -STAGE_UNPROVEN;
}

int way_vm_readv(struct stage *stage)
{
	return read_by_call(stage, stage->decoy->pid);
}

int way_vm_readv_thread(struct stage *stage)
{
	return read_by_call(stage, stage->decoy->tid);
}

/* The secret over itself. */
int way_vm_writev(struct stage *stage)
{
	char room[DECOY_SECRET_ROOM];

	snprintf(room, sizeof(room), "%s", stage->decoy->secret);
	return move(stage, SYS_process_vm_writev, stage->decoy->pid, room);
}

/* The secret, a word at a time, of a process that we trace and that stands still. */
static int peek(const struct stage *stage, pid_t pid)
{
	size_t len = strlen(stage->decoy->secret);
	char room[DECOY_SECRET_ROOM + sizeof(long)] = "";

	for (size_t at = 0; at < len; at += sizeof(long)) {
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, pid, (void *)(uintptr_t)(stage->decoy->address + at), NULL);
		if (errno)
			return -errno;
		memcpy(room + at, &word, sizeof(word));
	}
	return memcmp(room, stage->decoy->secret, len) == 0 ? 0 : -STAGE_UNPROVEN;
}

static int peek_and_detach(const struct stage *stage, pid_t pid)
{
	int status, result = waitpid(pid, &status, __WALL) < 0 ? -errno : WIFSTOPPED(status) ? 0 : -ECHILD;

	if (result == 0)
		result = peek(stage, pid);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return result;
}

static int attach(struct stage *stage, pid_t pid)
{
	stage_moment(stage);
	if (syscall(SYS_ptrace, PTRACE_ATTACH, pid, NULL, NULL) < 0)
		return -errno;
	return peek_and_detach(stage, pid);
}

int way_attach(struct stage *stage)
{
	return attach(stage, stage->decoy->pid);
}

int way_attach_thread(struct stage *stage)
{
	return attach(stage, stage->decoy->tid);
}

int way_seize(struct stage *stage)
{
	pid_t pid = stage->decoy->pid;

	stage_moment(stage);
	if (syscall(SYS_ptrace, PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return -errno;
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
		return -errno;
	return peek_and_detach(stage, pid);
}

int way_int80_attach(struct stage *stage)
{
	stage_moment(stage);
	long result = int80(INT80_PTRACE, PTRACE_ATTACH, stage->decoy->pid, 0, 0);
	return result < 0 ? (int)result : peek_and_detach(stage, stage->decoy->pid);
}
