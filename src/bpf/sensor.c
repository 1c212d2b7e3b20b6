/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * sensor: the kernel half of the eBPF sensor.
 *
 * At the end of a system call that opened something it looks at what the
 * new descriptor holds: if that is an object of procfs, its inode knows the
 * process, whatever the path was. What does not matter must cost next to
 * nothing, for these programs run at the end of every system call of every
 * process: the number of the call is looked at first, the filesystem next,
 * the name last.
 *
 * The kernel lends its helpers to GPL-compatible programs only: this folder
 * may be used under the GPL, version 2, as well as under the project's
 * licence, the Apache License 2.0 (see README.md).
 */
#include "bpf/checks.h"
#include "bpf/uring.h"

#define ATTACH 16
#define SEIZE 0x4206

char LICENSE[] SEC("license") = "GPL"; /* of the two; the kernel has no name for both (include/linux/license.h) */

static __always_inline void opened(struct found *found, uint32_t fd)
{
	struct file *file = file_of(bpf_get_current_task_btf(), fd);

	if (!file || !is_file_of_interest(file, found))
		return;
	found->open_flags = READ(file, f_flags);
	matched(found);
}

/* No object to ask: what the path says, if it is still there. */
static __always_inline void denied(struct found *found, int base)
{
	uint32_t zero = 0;
	struct script *room = bpf_map_lookup_elem(&script_rooms, &zero);

	if (!room || bpf_probe_read_user_str(room->name, sizeof(room->name), found->path) < 2)
		return;
	found->kept = room->name;
	if (is_named(room->name, base, found))
		matched(found);
}

static __always_inline void ended_open(struct found *found, struct pt_regs *regs, bool compat, long result)
{
	bool with_base = found->call == WIRE_CALL_OPENAT || found->call == WIRE_CALL_OPENAT2;

	if (result < 0 && result != -EACCES && result != -EPERM)
		return;
	found->path = (void *)argument(regs, compat, with_base);
	if (result >= 0)
		opened(found, result);
	else
		denied(found, with_base ? (int)argument(regs, compat, 0) : AT_FDCWD);
}

/* The pid is one of the caller's namespace. A process that there is none of is no target. */
static __always_inline void ended_memory(struct found *found, uint32_t number)
{
	struct pid *pid = pid_in(namespace_of(bpf_get_current_task_btf()), number);

	found->target = pid ? task_of(pid) : NULL;
	if (found->target)
		matched(found);
}

/* First whose descriptor it was; then, if it holds an entry of a third process, that. */
static __always_inline void ended_getfd(struct found *found, uint32_t pidfd, long result)
{
	struct file *file = file_of(bpf_get_current_task_btf(), pidfd);
	struct pid *pid = file ? pid_of_pidfd(file) : NULL;

	found->target = pid ? task_of(pid) : NULL;
	if (found->target)
		matched(found);
	if (result < 0)
		return;
	found->target = NULL;
	found->call = WIRE_CALL_GOTFD;
	opened(found, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(proctor_exit, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	bool compat = task->thread_info.status & TS_COMPAT;
	struct found found = {
		.call = compat ? call_of_32(regs->orig_ax) : call_of_64(regs->orig_ax),
		.flags = compat ? WIRE_COMPAT : 0,
		.outcome = result < 0 ? result : 0,
	};

	switch (found.call) {
	case WIRE_CALL_OPEN:
	case WIRE_CALL_CREAT:
	case WIRE_CALL_OPENAT:
	case WIRE_CALL_OPENAT2:
		ended_open(&found, regs, compat, result);
		break;
	case WIRE_CALL_READV:
	case WIRE_CALL_WRITEV:
		ended_memory(&found, argument(regs, compat, 0));
		break;
	case WIRE_CALL_PTRACE:
		found.request = argument(regs, compat, 0);
		if (found.request == ATTACH || found.request == SEIZE)
			ended_memory(&found, argument(regs, compat, 1));
		break;
	case WIRE_CALL_GETFD:
		ended_getfd(&found, argument(regs, compat, 0), result);
		break;
	default:
		break;
	}
	return 0;
}

/* Only where the kernel runs programs of this kind: not loaded elsewhere. */
SEC("lsm/ptrace_access_check")
int BPF_PROG(proctor_check, struct task_struct *target, unsigned int mode)
{
	checked(target, mode);
	return 0;
}

/* Called io_uring_submit_sqe before 6.3: the reader loads the one that there is. */
SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(proctor_submit, struct io_kiocb *request)
{
	submitted(request);
	return 0;
}

SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(proctor_submit_sqe, struct io_kiocb *request)
{
	submitted(request);
	return 0;
}

SEC("tp_btf/io_uring_complete")
int BPF_PROG(proctor_complete, void *ring, void *request)
{
	completed(request);
	return 0;
}

static __always_inline void keep_script(struct script *script, uint32_t pid, struct task_struct *task)
{
	script->start_ns = task->group_leader->start_boottime;
	bpf_map_update_elem(&scripts, &pid, script, BPF_ANY);
}

/* "#!/usr/bin/env python3": env executes the interpreter, and that runs the script still. */
static __always_inline bool is_env(const char *interpreter)
{
	uint64_t text[2] = { 0 };

	bpf_probe_read_kernel_str(text, sizeof(text), interpreter);
	return (text[0] == WORD("/usr/bin") && text[1] == WORD("/env\0\0\0\0")) ||
	       (text[0] == WORD("/bin/env") && !text[1]);
}

/* A file that names an interpreter is executed by it: then the two names differ (fs/exec.c, bprm_change_interp). */
static __always_inline void learn_script(struct task_struct *task, const char *file, const char *interpreter)
{
	uint32_t pid = task->tgid, zero = 0;
	struct script *known = bpf_map_lookup_elem(&scripts, &pid);
	struct script *room = bpf_map_lookup_elem(&script_rooms, &zero);

	if (file != interpreter && room) {
		room->flags = is_env(interpreter) ? WIRE_SCRIPT_OF_ENV : 0;
		bpf_probe_read_kernel_str(room->name, sizeof(room->name), file);
		keep_script(room, pid, task);
	} else if (known && known->flags) {
		known->flags = 0;
	} else if (known) {
		bpf_map_delete_elem(&scripts, &pid);
	}
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(proctor_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	struct found found = { .call = WIRE_CALL_EXEC };

	learn_script(task, program->filename, program->interp);
	found.kept = program->filename;
	if (config.executions)
		matched(&found);
	return 0;
}

/* A child runs what its parent runs until it executes something; and is in scope when its parent is. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(proctor_fork, struct task_struct *parent, struct task_struct *child)
{
	uint32_t pid = child->tgid, from = parent->tgid, zero = 0;
	uint64_t start_ns = child->start_boottime;

	if (child->pid != child->tgid)
		return 0;
	if (config.scope_kind == WIRE_SCOPE_PID && is_in_scope(parent))
		bpf_map_update_elem(&descendants, &pid, &start_ns, BPF_ANY);
	struct script *script = bpf_map_lookup_elem(&scripts, &from);
	struct script *room = bpf_map_lookup_elem(&script_rooms, &zero);
	if (!script || !room || script->start_ns != parent->group_leader->start_boottime)
		return 0;
	__builtin_memcpy(room, script, sizeof(*room));
	room->flags = 0;
	keep_script(room, pid, child);
	return 0;
}
