/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * named: what a path says, where no object can be asked: the open was denied,
 * or its end will not be told.
 *
 *	/proc/12/mem	/proc/12/task/13/maps	12/mem in a directory of procfs	mem in /proc/12
 *
 * The text is the caller's, so what it names is possible and not certain.
 */
#ifndef BPF_NAMED_H
#define BPF_NAMED_H

#include "bpf/objects.h"

#define AT_FDCWD -100
#define NAMED_MAX 128 /* of the path; entries have no longer ones */

/*
 * Before 6.7 the verifier follows the function that bpf_loop calls just once, and removes what that one time cannot
 * reach. So this lies in a map, whose contents it cannot know.
 */
struct named {
	uint32_t at;	 /* where the last component begins */
	uint32_t number; /* the component before it */
	uint32_t len;	 /* of the component being read */
	uint32_t word;	 /* its last four bytes */
	uint32_t value;	 /* as a number */
	bool numeric, numbered, procfs, plain;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct named);
} named_rooms SEC(".maps");

struct reading {
	const char *path;
	struct named *named;
};

/* A component ends at '/'. "." is none. */
static __always_inline void end_component(struct named *named)
{
	if (named->len == 4 && named->word == 0x70726f63) /* "proc" */
		named->procfs = true;
	if (named->len > 1 || (named->len == 1 && (named->word & 0xff) != '.')) {
		named->numbered = named->numeric;
		named->number = named->value;
		named->plain = false;
	}
	named->len = named->word = named->value = 0;
	named->numeric = false;
}

static __always_inline void take_byte(struct named *named, char c)
{
	bool digit = c >= '0' && c <= '9';

	named->numeric = digit && (named->numeric || !named->len) && named->len < 9;
	named->value = named->value * 10 + (c - '0');
	named->word = named->word << 8 | (unsigned char)c;
	named->len++;
}

/* For bpf_loop, which the verifier follows once: a plain loop has it try every mixture of bytes. */
static long take_next(uint32_t at, struct reading *reading)
{
	struct named *named = reading->named;

	if (at >= NAMED_MAX)
		return 1;
	char c = reading->path[at];
	if (!c)
		return 1;
	if (c == '/') {
		end_component(named);
		named->at = at + 1;
	} else {
		take_byte(named, c);
	}
	return 0;
}

static __always_inline struct dentry *base_of(struct task_struct *task, int fd)
{
	if (fd == AT_FDCWD)
		return task->fs->pwd.dentry;
	struct file *file = file_of(task, fd);
	return file ? READ(file, f_path.dentry) : NULL;
}

/* Whether the path, relative to the directory `fd`, names an entry; then *found names it and whose it is. */
static __always_inline bool is_named(const char *path, int fd, struct found *found)
{
	struct task_struct *actor = bpf_get_current_task_btf();
	uint32_t zero = 0;
	struct named *named = bpf_map_lookup_elem(&named_rooms, &zero);
	struct reading reading = { path, named };
	struct pid *pid = NULL;

	if (!named)
		return false;
	*named = (struct named){ .plain = true };
	bpf_loop(NAMED_MAX, take_next, &reading, 0);
	uint32_t at = named->at;
	if (at >= NAMED_MAX)
		return false;
	barrier_var(at);
	bpf_probe_read_kernel_str(found->entry, sizeof(found->entry), path + (at & (NAMED_MAX - 1)));
	if (!is_entry(found->entry))
		return false;
	struct dentry *base = path[0] == '/' ? NULL : base_of(actor, fd);
	struct inode *inode = base ? READ(base, d_inode) : NULL;
	bool in_procfs = inode && READ(inode, i_sb, s_magic) == PROC_MAGIC;
	if (named->plain && in_procfs)
		pid = pid_of_inode(inode);
	else if (named->numbered && (named->procfs || in_procfs))
		pid = pid_in(namespace_of(actor), named->number);
	found->target = pid ? task_of(pid) : NULL;
	found->flags |= WIRE_BY_NAME;
	return found->target;
}

#endif
