/*
 * ways: how a variant is carried out. Each runs in a process of its own, does
 * one thing to the decoy of its stage, and returns 0 when that was done and
 * proven, or a negative errno.
 *
 * `detail` of the variant says what to open or to execute. Put into it are
 * {pid} {tid} {entry} {address} {hex} {length} {dir} {secret} {own}. A command's
 * arguments are separated by '|'.
 */
#ifndef DRILL_WAYS_H
#define DRILL_WAYS_H

struct stage;
typedef int way(struct stage *stage);

/* ways_open.c: names and system calls. */
way way_path, way_long_path, way_in_directory, way_fchdir;
way way_open, way_creat, way_openat2, way_beneath, way_in_root, way_read_write, way_path_then_reopen, way_path_only;
way way_int80_open, way_int80_openat;

/* ways_directory.c: names relative to descriptors. */
way way_pid_directory, way_proc_directory, way_task_directory, way_path_directory, way_dup_directory,
	way_dup3_directory, way_fcntl_directory, way_sent_directory, way_shared_table, way_inherited_directory;

/* ways_link.c */
way way_link, way_link_directory, way_link_chain;

/* ways_mount.c: mounts and namespaces, all in a mount namespace of their own. */
way way_bind_proc, way_bind_pid, way_bind_file, way_chroot_proc, way_chroot_bind, way_pivot_root, way_open_tree,
	way_move_mount, way_over_self, way_second_procfs, way_fsmount, way_pid_namespace, way_pid_namespace_host_procfs,
	way_setns;

/* ways_ring.c: io_uring. */
way way_ring_openat, way_ring_openat2, way_ring_async, way_ring_sqpoll, way_ring_fixed, way_ring_link;

/* ways_actor.c: who opens: threads and children. */
way way_thread, way_fork, way_vfork, way_orphan;

/* ways_handed.c: descriptors that others opened. */
way way_inherited_fork, way_inherited_exec, way_sent, way_held, way_pidfd_getfd, way_pidfd_getfd_helper, way_event;

/* ways_memory.c: system calls on processes. */
way way_vm_readv, way_vm_readv_thread, way_vm_writev, way_attach, way_seize, way_attach_thread, way_int80_attach;

/* ways_program.c */
way way_command, way_script, way_renamed, way_gcore, way_tool, way_tool_opens;

/* ways_benign.c */
way way_silent_command, way_own_entry, way_own_thread, way_stat, way_own_child, way_harmless_name;

/* ways_seed.c: the rest of the three tests. */
way way_crash, way_connect;

#endif
