/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * process: who an actor and a target are, all of it read where they are in
 * the kernel: neither can have ended or changed before it is asked.
 */
#ifndef BPF_PROCESS_H
#define BPF_PROCESS_H

#include "bpf/text.h"

static __always_inline struct task_struct *task_of(struct pid *pid)
{
	struct hlist_node *first = READ(pid, tasks[0].first);

	return first ? AS(task_struct, (void *)first - bpf_core_field_offset(struct task_struct, pid_links)) : NULL;
}

static __always_inline struct pid_namespace *namespace_of(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	uint32_t level = BPF_CORE_READ(pid, level);
	struct upid *number = (void *)pid + bpf_core_field_offset(struct pid, numbers);

	if (level > 32) /* MAX_PID_NS_LEVEL */
		return NULL;
	return BPF_CORE_READ((struct upid *)((void *)number + level * bpf_core_type_size(struct upid)), ns);
}

/* As find_vpid(): the namespace's idr is an xarray, a tree of nodes with 64 slots (lib/xarray.c). */
static __always_inline struct pid *pid_in(struct pid_namespace *namespace, uint32_t number)
{
	void *at = BPF_CORE_READ(namespace, idr.idr_rt.xa_head);
	unsigned long index = number - BPF_CORE_READ(namespace, idr.idr_base);

	for (int i = 0; i < 6; i++) {
		if (((unsigned long)at & 3) != 2) /* no node: the entry itself, for the lone index 0 */
			return !at || (i == 0 && index) ? NULL : AS(pid, at);
		struct xa_node *node = (void *)((unsigned long)at - 2);
		unsigned char shift = BPF_CORE_READ(node, shift);
		if (shift > 30 || index >> shift > 63)
			return NULL;
		void *slot = (void *)node + bpf_core_field_offset(struct xa_node, slots) + (index >> shift) * 8;
		index &= (1ul << shift) - 1;
		if (bpf_probe_read_kernel(&at, sizeof(at), slot))
			return NULL;
	}
	return NULL;
}

/* At the top of its namespace: the mount that has no parent, or what covers it (an initramfs lies below the root). */
static __always_inline bool is_top(struct path *root)
{
	struct mount *mount = mount_of(root->mnt);
	struct dentry *dentry = root->dentry;

	for (int i = 0; i < 4; i++) {
		struct mount *parent = READ(mount, mnt_parent);
		if (dentry != READ(mount, mnt.mnt_root))
			return false;
		if (parent == mount)
			return true;
		dentry = READ(mount, mnt_mountpoint);
		mount = parent;
	}
	return false;
}

static __always_inline bool root_moved(struct task_struct *task)
{
	struct path root = { .mnt = task->fs->root.mnt, .dentry = task->fs->root.dentry };

	return task->nsproxy->mnt_ns->ns.inum != config.mnt_ns || !is_top(&root);
}

static __always_inline void process_exe(struct scratch *scratch, struct wire_process *process, enum wire_text which,
					bool own, struct task_struct *task)
{
	struct file *exe = GET(own || config.casts, task, mm, exe_file);

	process->exe_uid = WIRE_NO_ID;
	if (!exe)
		return;
	process->exe_uid = GET(own || config.casts, exe, f_inode, i_uid.val);
	process->exe_mode = GET(own || config.casts, exe, f_inode, i_mode);
	process->flags |= text_path(scratch, which, own, exe);
	if (!GET(own || config.casts, exe, f_path.dentry, d_hash.pprev))
		process->flags |= WIRE_EXE_DELETED;
}

static __always_inline void process_audit(struct wire_process *process, bool own, struct task_struct *task)
{
	process->auid = process->ses = WIRE_NO_ID;
	if (bpf_core_field_exists(task->loginuid))
		process->auid = GET(own || config.casts, task, loginuid.val);
	if (bpf_core_field_exists(task->sessionid))
		process->ses = GET(own || config.casts, task, sessionid);
}

/* `task` may be any thread of it. */
static __always_inline void process_fill(struct scratch *scratch, struct wire_process *process, enum wire_text which,
					 bool own, struct task_struct *task)
{
	struct task_struct *leader = GET(own || config.casts, task, group_leader);
	const struct cred *cred = GET(own || config.casts, task, cred);

	process->pid = GET(own || config.casts, task, tgid);
	process->ppid = GET(own || config.casts, leader, real_parent, tgid);
	process->start_ns = GET(own || config.casts, leader, start_boottime);
	process->uid = GET(own || config.casts, cred, uid.val);
	process->euid = GET(own || config.casts, cred, euid.val);
	process->cgroup = GET(own || config.casts, task, cgroups, dfl_cgrp, kn, id);
	process_audit(process, own, task);
	bpf_core_read(process->comm, sizeof(process->comm), &task->comm);
	process_exe(scratch, process, which, own, task);
}

static __always_inline void actor_fill(struct scratch *scratch, struct task_struct *task)
{
	struct wire_process *actor = &scratch->access.actor;
	struct tty_struct *tty = task->signal->tty;

	actor->flags = root_moved(task) ? WIRE_ROOT_MOVED : 0;
	if (tty)
		bpf_core_read(actor->tty, sizeof(actor->tty), &tty->name);
	process_fill(scratch, actor, WIRE_ACTOR_EXE, true, task);
}

/* fork copies self_exec_id into both of the child's; each execve counts it up. */
static __always_inline bool is_same_program(struct task_struct *actor, struct task_struct *target)
{
	struct task_struct *leader = actor->group_leader;
	uint64_t inherited = leader->parent_exec_id;

	return leader->self_exec_id == inherited && leader->real_parent->tgid == READ(target, tgid) &&
	       READ(target, self_exec_id) == inherited;
}

/* Of the current task, or of one that a tracepoint hands over. */
static __always_inline bool is_in_scope(struct task_struct *task)
{
	uint32_t pid = task->tgid;
	uint64_t *start;

	switch (config.scope_kind) {
	case WIRE_SCOPE_PID:
		start = bpf_map_lookup_elem(&descendants, &pid);
		return start && (!*start || *start == task->group_leader->start_boottime);
	case WIRE_SCOPE_UID:
		return task->cred->uid.val == config.scope;
	case WIRE_SCOPE_CGROUP:
		return task->cgroups->dfl_cgrp->kn->id == config.scope;
	default:
		return true;
	}
}

#endif
