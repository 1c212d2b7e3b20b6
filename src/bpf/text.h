/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * text: appending texts to an access. What finds no room is cut.
 *
 * A path is appended as its components from the last to the first, each
 * with its NUL, as the kernel has them; the reader turns them round.
 */
#ifndef BPF_TEXT_H
#define BPF_TEXT_H

#include "bpf/maps.h"

#define PATH_STEPS_MAX 40
#define PATH_LEN_MAX 1024
#define CGROUP_STEPS_MAX 16

/* Where the next piece goes. Masked, because what was checked may be loaded anew, and a verifier before 6.4 forgets then. */
static __always_inline char *text_end(struct scratch *scratch, uint32_t used)
{
	barrier_var(used);
	return scratch->text + (used & WIRE_TEXT_MAX);
}

static __always_inline void text_used(struct scratch *scratch, enum wire_text which, uint32_t before)
{
	scratch->access.text_len[which] = scratch->used - before;
}

/* A string of the caller's memory. */
static __always_inline void text_user(struct scratch *scratch, enum wire_text which, const void *from)
{
	uint32_t used = scratch->used;

	if (used > WIRE_TEXT_MAX)
		return;
	long len = bpf_probe_read_user_str(text_end(scratch, used), TEXT_PIECE, from);
	if (len > 1 && len <= TEXT_PIECE)
		scratch->used = used + len - 1;
	text_used(scratch, which, used);
}

static __always_inline void text_kernel(struct scratch *scratch, enum wire_text which, const void *from)
{
	uint32_t used = scratch->used;

	if (used > WIRE_TEXT_MAX)
		return;
	long len = bpf_probe_read_kernel_str(text_end(scratch, used), TEXT_PIECE, from);
	if (len > 1 && len <= TEXT_PIECE)
		scratch->used = used + len - 1;
	text_used(scratch, which, used);
}

/* The arguments of the caller: its own memory again, so it may have changed them. */
static __always_inline void text_arguments(struct scratch *scratch, struct task_struct *task)
{
	uint32_t used = scratch->used;
	unsigned long start = task->mm->arg_start, end = task->mm->arg_end;
	unsigned long len = end - start;

	if (used > WIRE_TEXT_MAX || end <= start)
		return;
	if (len > TEXT_PIECE)
		len = TEXT_PIECE;
	barrier_var(len);
	if (len <= TEXT_PIECE && bpf_probe_read_user(text_end(scratch, used), len, (void *)start) == 0)
		scratch->used = used + len;
	text_used(scratch, WIRE_CMDLINE, used);
}

/* One component; false when nothing more is to be added. */
static __always_inline bool text_name(struct scratch *scratch, uint32_t before, const void *name)
{
	uint32_t used = scratch->used;

	if (used > WIRE_TEXT_MAX || used - before > PATH_LEN_MAX)
		return false;
	long len = bpf_probe_read_kernel_str(text_end(scratch, used), TEXT_PIECE, name);
	if (len < 1 || len > TEXT_PIECE)
		return false;
	scratch->used = used + len;
	return true;
}

/* As a path, to the root of the unified hierarchy. */
static __always_inline void text_cgroup(struct scratch *scratch, enum wire_text which, struct kernfs_node *node)
{
	uint32_t before = scratch->used;

	for (int i = 0; i < CGROUP_STEPS_MAX && node; i++) {
		struct kernfs_node *parent;
		if (bpf_core_field_exists(node->__parent))
			parent = READ(node, __parent);
		else
			parent = BPF_CORE_READ((struct kernfs_node___before_6_15 *)node, parent);
		if (!parent || !text_name(scratch, before, READ(node, name)))
			break;
		node = parent;
	}
	text_used(scratch, which, before);
}

static __always_inline struct mount *mount_of(struct vfsmount *vfsmount)
{
	return AS(mount, (void *)vfsmount - bpf_core_field_offset(struct mount, mnt));
}

/* From the root of a mount on: through where it is mounted, and so on. True when that came to the top. */
static __always_inline bool text_mounts(struct scratch *scratch, uint32_t before, struct mount *mount)
{
	struct dentry *root = READ(mount, mnt.mnt_root), *dentry = root;

	for (int i = 0; i < PATH_STEPS_MAX; i++) {
		if (dentry != root) {
			if (!text_name(scratch, before, READ(dentry, d_name.name)))
				return false;
			dentry = READ(dentry, d_parent);
			continue;
		}
		struct mount *above = READ(mount, mnt_parent);
		if (above == mount || !above)
			return above;
		dentry = READ(mount, mnt_mountpoint);
		mount = above;
		root = READ(mount, mnt.mnt_root);
	}
	return false;
}

/* WIRE_EXE_WHOLE when the walk came to the top. */
static __always_inline uint32_t text_path(struct scratch *scratch, enum wire_text which, bool own, struct file *file)
{
	uint32_t before = scratch->used;
	struct vfsmount *vfsmount = GET(own || config.casts, file, f_path.mnt);
	struct dentry *root = GET(own || config.casts, vfsmount, mnt_root),
		      *dentry = GET(own || config.casts, file, f_path.dentry), *parent;
	bool whole = false;

	for (int i = 0; i < PATH_STEPS_MAX && dentry != root; i++) {
		if (!text_name(scratch, before, GET(own || config.casts, dentry, d_name.name)))
			break;
		parent = GET(own || config.casts, dentry, d_parent);
		whole = dentry == parent; /* of no directory: a memfd */
		if (whole)
			break;
		dentry = parent;
	}
	if (dentry == root)
		whole = text_mounts(scratch, before, mount_of(vfsmount));
	text_used(scratch, which, before);
	return whole ? WIRE_EXE_WHOLE : 0;
}

#endif
