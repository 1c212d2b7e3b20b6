/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * objects: what a descriptor holds, and whose it is.
 */
#ifndef BPF_OBJECTS_H
#define BPF_OBJECTS_H

#include "bpf/access.h"

#define DEVICE_MEM (1 << 20 | 1) /* /dev/mem: major 1, minor 1 */

/* Eight bytes of text as they lie in memory. */
#define WORD(text)                                                                                                \
	((uint64_t)(text)[0] | (uint64_t)(text)[1] << 8 | (uint64_t)(text)[2] << 16 | (uint64_t)(text)[3] << 24 | \
	 (uint64_t)(text)[4] << 32 | (uint64_t)(text)[5] << 40 | (uint64_t)(text)[6] << 48 |                      \
	 (uint64_t)(text)[7] << 56)

static __always_inline struct file *file_of(struct task_struct *task, uint32_t fd)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (fd < table->max_fds)
		bpf_probe_read_kernel(&file, sizeof(file), table->fd + fd);
	return file ? AS(file, file) : NULL;
}

static __always_inline struct pid *pid_of_inode(struct inode *inode)
{
	struct proc_inode *object = AS(proc_inode, (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode));

	return READ(object, pid);
}

/* Whether the file is an entry that matters; then *found names it and whose it is. */
static __always_inline bool is_file_of_interest(struct file *file, struct found *found)
{
	struct inode *inode = READ(file, f_inode);

	if (READ(inode, i_sb, s_magic) != PROC_MAGIC) {
		if ((READ(inode, i_mode) & 0170000) != 0020000 || READ(inode, i_rdev) != DEVICE_MEM)
			return false;
		__builtin_memcpy(found->entry, "devmem\0\0\0\0\0\0\0\0\0", WIRE_NAME_MAX);
		return true;
	}
	bpf_probe_read_kernel_str(found->entry, sizeof(found->entry), READ(file, f_path.dentry, d_name.name));
	if (!is_entry(found->entry))
		return false;
	struct pid *pid = pid_of_inode(inode);
	if (pid)
		found->target = task_of(pid);
	return true;
}

/* Since 6.9 a pidfd is a file of pidfs; before, one of no filesystem of its own. */
static __always_inline struct pid *pid_of_pidfd(struct file *file)
{
	struct inode *inode = READ(file, f_inode);

	if (READ(inode, i_sb, s_magic) == PIDFS_MAGIC)
		return AS(pid, READ(inode, i_private));
	uint64_t name = 0;
	bpf_probe_read_kernel_str(&name, sizeof(name), READ(file, f_path.dentry, d_name.name));
	return name == WORD("[pidfd]\0") ? AS(pid, READ(file, private_data)) : NULL;
}

#endif
