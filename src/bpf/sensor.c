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
 * licence.
 */
#include "bpf/access.h"

#include <bpf/bpf_tracing.h>

#ifndef __TARGET_ARCH_x86
#error "the numbers of system calls and the registers below are those of x86"
#endif

#define TS_COMPAT 2
#define X32_BIT 0x40000000
#define DEVICE_MEM (1 << 20 | 1) /* /dev/mem: major 1, minor 1 */

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline enum wire_call call_of(unsigned long number, bool compat)
{
	if (compat)
		switch (number) {
		case 5:
			return WIRE_CALL_OPEN;
		case 8:
			return WIRE_CALL_CREAT;
		case 295:
			return WIRE_CALL_OPENAT;
		case 437:
			return WIRE_CALL_OPENAT2;
		default:
			return WIRE_CALL_NONE;
		}
	switch (number & ~X32_BIT) {
	case 2:
		return WIRE_CALL_OPEN;
	case 85:
		return WIRE_CALL_CREAT;
	case 257:
		return WIRE_CALL_OPENAT;
	case 437:
		return WIRE_CALL_OPENAT2;
	default:
		return WIRE_CALL_NONE;
	}
}

/* The n-th argument, from 0: at the exit of a call the registers still hold them. */
static __always_inline unsigned long argument(struct pt_regs *regs, bool compat, int n)
{
	if (!compat)
		return n == 0 ? regs->di : n == 1 ? regs->si : n == 2 ? regs->dx : regs->r10;
	return (uint32_t)(n == 0 ? regs->bx : n == 1 ? regs->cx : n == 2 ? regs->dx : regs->si);
}

static __always_inline struct file *file_of(struct task_struct *task, uint32_t fd)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (fd < table->max_fds)
		bpf_probe_read_kernel(&file, sizeof(file), table->fd + fd);
	return file;
}

/* Whether the file is an entry that matters; then *found names it and whose it is. */
static __always_inline bool is_file_of_interest(struct file *file, struct found *found)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	if (BPF_CORE_READ(inode, i_sb, s_magic) != PROC_MAGIC) {
		if (BPF_CORE_READ(inode, i_rdev) != DEVICE_MEM || (BPF_CORE_READ(inode, i_mode) & 0170000) != 0020000)
			return false;
		__builtin_memcpy(found->entry, "devmem\0\0\0\0\0\0\0\0\0", WIRE_NAME_MAX);
		return true;
	}
	bpf_probe_read_kernel_str(found->entry, sizeof(found->entry), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (!is_entry(found->entry))
		return false;
	struct proc_inode *object = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	struct pid *pid = BPF_CORE_READ(object, pid);
	if (pid)
		found->target = task_of(pid);
	return true;
}

static __always_inline void opened(struct task_struct *task, struct pt_regs *regs, int fd, enum wire_call call,
				   bool compat)
{
	struct found found = { .actor = task, .call = call };
	struct file *file = file_of(task, fd);

	if (!file || !is_file_of_interest(file, &found))
		return;
	found.path = (void *)argument(regs, compat, call == WIRE_CALL_OPEN || call == WIRE_CALL_CREAT ? 0 : 1);
	found.open_flags = BPF_CORE_READ(file, f_flags);
	if (compat)
		found.flags |= WIRE_COMPAT;
	matched(&found);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(proctor_exit, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	bool compat = task->thread_info.status & TS_COMPAT;
	enum wire_call call = call_of(regs->orig_ax, compat);

	if (call == WIRE_CALL_NONE)
		return 0;
	if (result >= 0)
		opened(task, regs, result, call, compat);
	return 0;
}

/* Children of those in scope are in scope, also when they outlive them. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(proctor_fork, struct task_struct *parent, struct task_struct *child)
{
	uint32_t pid = child->tgid;
	uint64_t start_ns = child->start_boottime;

	if (child->pid == child->tgid && config.scope_kind == WIRE_SCOPE_PID && is_in_scope(parent))
		bpf_map_update_elem(&descendants, &pid, &start_ns, BPF_ANY);
	return 0;
}
