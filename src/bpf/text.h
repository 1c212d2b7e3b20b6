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
	long len = bpf_probe_read_user_str(scratch->text + used, TEXT_PIECE, from);
	if (len > 1 && len <= TEXT_PIECE)
		scratch->used = used + len - 1;
	text_used(scratch, which, used);
}

static __always_inline void text_kernel(struct scratch *scratch, enum wire_text which, const void *from)
{
	uint32_t used = scratch->used;

	if (used > WIRE_TEXT_MAX)
		return;
	long len = bpf_probe_read_kernel_str(scratch->text + used, TEXT_PIECE, from);
	if (len > 1 && len <= TEXT_PIECE)
		scratch->used = used + len - 1;
	text_used(scratch, which, used);
}

/* The arguments of the caller: its own memory again, so it may have changed them. */
static __always_inline void text_arguments(struct scratch *scratch, struct task_struct *task)
{
	uint32_t used = scratch->used;
	unsigned long start = BPF_CORE_READ(task, mm, arg_start), end = BPF_CORE_READ(task, mm, arg_end);
	unsigned long len = end - start;

	if (used > WIRE_TEXT_MAX || end <= start)
		return;
	if (len > TEXT_PIECE)
		len = TEXT_PIECE;
	if (bpf_probe_read_user(scratch->text + used, len, (void *)start) == 0)
		scratch->used = used + len;
	text_used(scratch, WIRE_CMDLINE, used);
}

/* As a path, to the root of the unified hierarchy. */
static __always_inline void text_cgroup(struct scratch *scratch, enum wire_text which, struct kernfs_node *node)
{
	uint32_t used = scratch->used, before = used;

	for (int i = 0; i < CGROUP_STEPS_MAX && node && used <= WIRE_TEXT_MAX; i++) {
		struct kernfs_node *parent;
		if (bpf_core_field_exists(node->__parent))
			parent = BPF_CORE_READ(node, __parent);
		else
			parent = BPF_CORE_READ((struct kernfs_node___before_6_15 *)node, parent);
		if (!parent)
			break;
		long len = bpf_probe_read_kernel_str(scratch->text + used, TEXT_PIECE, BPF_CORE_READ(node, name));
		if (len < 1 || len > TEXT_PIECE)
			break;
		used += len;
		node = parent;
	}
	scratch->used = used;
	text_used(scratch, which, before);
}

/* WIRE_EXE_WHOLE when the walk came to the root. */
static __always_inline uint32_t text_path(struct scratch *scratch, enum wire_text which, struct vfsmount *vfsmount,
					  struct dentry *dentry)
{
	uint32_t used = scratch->used, before = used, whole = 0;
	struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);

	for (int i = 0; i < PATH_STEPS_MAX && used <= WIRE_TEXT_MAX && used - before <= PATH_LEN_MAX; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		struct mount *above;

		if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
			above = BPF_CORE_READ(mount, mnt_parent);
			whole = above == mount ? WIRE_EXE_WHOLE : 0;
			if (whole || !above)
				break;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			continue;
		}
		long len =
			bpf_probe_read_kernel_str(scratch->text + used, TEXT_PIECE, BPF_CORE_READ(dentry, d_name.name));
		if (len < 1 || len > TEXT_PIECE)
			break;
		used += len;
		if (dentry == parent) { /* of no directory: a memfd */
			whole = WIRE_EXE_WHOLE;
			break;
		}
		dentry = parent;
	}
	scratch->used = used;
	text_used(scratch, which, before);
	return whole;
}

#endif
