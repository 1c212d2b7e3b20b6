/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * checks: the kernel asks whether one process may reach into another, and has
 * found that it may. Whoever it refuses by user or capability does not get as
 * far as this hook (kernel/ptrace.c, __ptrace_may_access).
 *
 *	mode 0xa	mem opened; stack, syscall and the like read
 *	mode 0x12	process_vm_readv, ptrace, pidfd_getfd
 *	mode 0x9	maps and environ, and every look at exe, cwd and fd: says too little
 *
 * What a system call asks for whose end is told, is told there, with path and
 * outcome. Left are those that nothing else tells of: reading an event of
 * fanotify opens the file that the event is of.
 */
#ifndef BPF_CHECKS_H
#define BPF_CHECKS_H

#include "bpf/calls.h"
#include "bpf/objects.h"

#include <bpf/bpf_tracing.h>

#define MODE_ATTACH 2
#define MODE_NOAUDIT 4
#define MODE_FSCREDS 8
#define IO_URING_ENTER 426
#define NO_SYSTEM_CALLS (0x10 | 0x00200000) /* PF_IO_WORKER, PF_KTHREAD */

static __always_inline bool is_procfs(struct task_struct *task, uint32_t fd)
{
	struct file *file = file_of(task, fd);

	return file && READ(file, f_inode, i_sb, s_magic) == PROC_MAGIC;
}

/* At its end; or, as a file of procfs that is read from, at its open. */
static __always_inline bool is_told(struct task_struct *task)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	bool compat = task->thread_info.status & TS_COMPAT;
	unsigned long number = regs->orig_ax;

	if (task->flags & NO_SYSTEM_CALLS || number == IO_URING_ENTER)
		return true;
	if ((compat ? call_of_32(number) : call_of_64(number)) != WIRE_CALL_NONE)
		return true;
	return is_procfs(task, argument(regs, compat, 0)) || is_procfs(task, argument(regs, compat, 1));
}

static __always_inline void checked(struct task_struct *target, unsigned int mode)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct found found = { .call = WIRE_CALL_CHECK, .target = target };

	if (!(mode & MODE_ATTACH) || mode & MODE_NOAUDIT || is_told(task) ||
	    (uint32_t)task->real_parent->tgid == config.own)
		return;
	if (mode & MODE_FSCREDS)
		__builtin_memcpy(found.entry, "mem\0\0\0\0\0\0\0\0\0\0\0\0", WIRE_NAME_MAX);
	matched(&found);
}

#endif
