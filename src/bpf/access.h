/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * access: whether something is an access that matters, and its way out.
 */
#ifndef BPF_ACCESS_H
#define BPF_ACCESS_H

#include "bpf/process.h"

/* What a program found: an object of procfs, or a process. The actor is the current task. */
struct found {
	struct task_struct *target; /* NULL: none (kcore) */
	uint64_t entry[WIRE_NAME_MAX / 8];
	const void *path; /* in the caller's memory, or NULL */
	const char *kept; /* the path in ours, instead */
	uint32_t call, flags, open_flags, request;
	int32_t outcome;
};

static __always_inline bool is_entry(const uint64_t name[2])
{
	for (int i = 0; i < WIRE_ENTRIES_MAX; i++)
		if (config.entries[i][0] == name[0] && config.entries[i][1] == name[1])
			return name[0];
	return false;
}

static __always_inline void add_script(struct scratch *scratch, struct task_struct *actor)
{
	uint32_t pid = actor->tgid;
	struct script *script = bpf_map_lookup_elem(&scripts, &pid);

	if (script && script->start_ns == actor->group_leader->start_boottime)
		text_kernel(scratch, WIRE_SCRIPT, script->name);
}

static __always_inline void add_target(struct scratch *scratch, struct task_struct *actor, struct task_struct *target)
{
	struct wire_access *access = &scratch->access;

	access->target_tid = READ(target, pid);
	process_fill(scratch, &access->target, WIRE_TARGET_EXE, false, target);
	text_cgroup(scratch, WIRE_TARGET_CGROUP, READ(target, cgroups, dfl_cgrp, kn));
	if (is_same_program(actor, target))
		access->flags |= WIRE_SAME_PROGRAM;
}

static __noinline int emit(struct found *found)
{
	struct task_struct *actor = bpf_get_current_task_btf();
	struct task_struct *target = found->target; /* CO-RE reads a chain from its first name on */
	uint32_t which = found->call == WIRE_CALL_CHECK;
	struct scratch *scratch = bpf_map_lookup_elem(&scratches, &which);

	if (!scratch)
		return 0;
	struct wire_access *access = &scratch->access;
	__builtin_memset(access, 0, sizeof(*access));
	scratch->used = 0;
	access->version = WIRE_VERSION;
	access->call = found->call;
	access->flags = found->flags;
	access->time_ns = bpf_ktime_get_boot_ns();
	access->outcome = found->outcome;
	access->open_flags = found->open_flags;
	access->request = found->request;
	access->actor_tid = actor->pid;
	__builtin_memcpy(access->entry, found->entry, sizeof(access->entry));
	/* In the order of enum wire_text. */
	if (target)
		add_target(scratch, actor, target);
	text_cgroup(scratch, WIRE_ACTOR_CGROUP, actor->cgroups->dfl_cgrp->kn);
	add_script(scratch, actor);
	actor_fill(scratch, actor);
	if (found->kept)
		text_kernel(scratch, WIRE_PATH, found->kept);
	else if (found->path)
		text_user(scratch, WIRE_PATH, found->path);
	text_arguments(scratch, actor);
	submit(scratch, access->time_ns);
	return 0;
}

/* Decides where a matched access ends; the order is that of enum wire_counter. */
static __noinline int matched(struct found *found)
{
	struct task_struct *actor = bpf_get_current_task_btf(), *target = found->target;
	int pid = actor->tgid;

	count(WIRE_MATCHED);
	if (!is_in_scope(actor))
		count(WIRE_OUT_OF_SCOPE);
	else if ((uint32_t)pid == config.own)
		count(WIRE_OWN);
	else if (target && READ(target, tgid) == pid)
		count(WIRE_SELF);
	else
		emit(found);
	return 0;
}

#endif
