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

struct named {
	const char *path;
	uint32_t at;	 /* where the last component begins */
	uint32_t number; /* the component before it */
	uint32_t len;	 /* of the component being read */
	uint32_t word;	 /* its last four bytes */
	uint32_t value;	 /* as a number */
	bool numeric, numbered, procfs, plain;
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
static long take_next(uint32_t at, struct named *named)
{
	if (at >= NAMED_MAX)
		return 1;
	char c = named->path[at];
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
		return BPF_CORE_READ(task, fs, pwd.dentry);
	struct file *file = file_of(task, fd);
	return file ? BPF_CORE_READ(file, f_path.dentry) : NULL;
}

/* Whether the path, relative to the directory `fd`, names an entry; then *found names it and whose it is. */
static __always_inline bool is_named(const char *path, int fd, struct found *found)
{
	struct named named = { .path = path, .plain = true };
	struct task_struct *actor = found->actor;
	struct pid *pid = NULL;

	bpf_loop(NAMED_MAX, take_next, &named, 0);
	if (named.at >= NAMED_MAX)
		return false;
	bpf_probe_read_kernel_str(found->entry, sizeof(found->entry), path + named.at);
	if (!is_entry(found->entry))
		return false;
	struct dentry *base = path[0] == '/' ? NULL : base_of(actor, fd);
	struct inode *inode = base ? BPF_CORE_READ(base, d_inode) : NULL;
	bool in_procfs = inode && BPF_CORE_READ(inode, i_sb, s_magic) == PROC_MAGIC;
	if (named.plain && in_procfs)
		pid = pid_of_inode(inode);
	else if (named.numbered && (named.procfs || in_procfs))
		pid = pid_in(namespace_of(actor), named.number);
	found->target = pid ? task_of(pid) : NULL;
	found->flags |= WIRE_BY_NAME;
	return found->target;
}

#endif
