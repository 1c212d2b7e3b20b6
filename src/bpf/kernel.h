/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * kernel: what the kernel half reads of the kernel's own structures, and
 * nothing else of them. libbpf moves each access to where the running
 * kernel has the field (CO-RE), so order and offsets here mean nothing.
 * Fields that differ between kernels 6.1 and 6.18 are asked for before use.
 */
#ifndef BPF_KERNEL_H
#define BPF_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/*
 * A chain of fields. Where `direct`, it is read directly, at next to no cost: the verifier knows the type of the first
 * pointer, and what is no memory reads as 0. Else each step takes a call of a helper.
 *
 * Pointers from the current task have types. Others get them by AS, since kernel 6.2 (config.casts); READ is for those.
 */
#define GET(direct, ...) ((direct) ? ___arrow(__VA_ARGS__) : BPF_CORE_READ(__VA_ARGS__))
#define READ(...) GET(config.casts, __VA_ARGS__)
#define AS(type, pointer)                                                                               \
	(config.casts ? (struct type *)bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(struct type)) \
		      : (struct type *)(pointer))

extern void *bpf_rdonly_cast(const void *pointer, uint32_t type) __ksym __weak;

#define EPERM 1
#define EACCES 13

#define PROC_MAGIC 0x9fa0
#define PIDFS_MAGIC 0x50494446

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
	unsigned long bx, cx, dx, si, di, r10, r8, orig_ax;
};

typedef struct {
	uint32_t val;
} kuid_t;

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_bl_node {
	struct hlist_bl_node *next, **pprev;
};

struct qstr {
	const unsigned char *name;
};

struct super_block {
	unsigned long s_magic;
};

struct inode {
	unsigned short i_mode;
	kuid_t i_uid;
	struct super_block *i_sb;
	uint32_t i_rdev;
	void *i_private;
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct inode *f_inode;
	unsigned int f_flags;
	struct path f_path;
	void *private_data;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root, pwd;
};

struct ns_common {
	unsigned int inum;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct xarray {
	void *xa_head;
};

struct xa_node {
	unsigned char shift;
	void *slots[64];
};

struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;
};

struct pid_namespace {
	struct idr idr;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct hlist_head tasks[4];
	struct upid numbers[1];
};

struct proc_inode {
	struct pid *pid;
	struct inode vfs_inode;
};

struct mm_struct {
	unsigned long arg_start, arg_end;
	struct file *exe_file;
};

struct cred {
	kuid_t uid, euid;
};

struct tty_struct {
	char name[64];
};

struct signal_struct {
	struct tty_struct *tty;
};

struct kernfs_node {
	uint64_t id;
	const char *name;
	struct kernfs_node *__parent;
};

struct kernfs_node___before_6_15 {
	struct kernfs_node *parent;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct thread_info {
	uint32_t status;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	struct mm_struct *mm;
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	struct hlist_node pid_links[4];
	uint64_t start_boottime;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	kuid_t loginuid;
	unsigned int sessionid;
	uint64_t parent_exec_id, self_exec_id;
	struct css_set *cgroups;
};

struct linux_binprm {
	const char *filename, *interp;
};

struct filename {
	const char *name;
};

/* What follows is io_uring's. */
struct io_cqe {
	int32_t res;
};

struct io_rsrc_node {
	unsigned long file_ptr;
};

struct io_rsrc_data {
	unsigned int nr;
	struct io_rsrc_node **nodes;
};

struct io_file_table {
	struct io_rsrc_data data;
};

struct io_ring_ctx {
	struct io_file_table file_table;
};

struct io_kiocb {
	uint8_t opcode;
	uint64_t flags;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
};

struct io_open {
	int dfd;
	uint32_t file_slot;
	struct filename *filename;
};

struct io_kiocb___before_6_13 {
	unsigned int flags;
};

struct io_fixed_file {
	unsigned long file_ptr;
};

struct io_file_table___before_6_13 {
	struct io_fixed_file *files;
};

struct io_ring_ctx___before_6_13 {
	unsigned int nr_user_files;
	struct io_file_table___before_6_13 file_table;
};

#pragma clang attribute pop

#endif
