/*
 * process_look: what /proc tells of a process that is there now.
 *
 * Looking and understanding are two steps, so that a process with the right
 * to look need understand nothing: it hands on the texts as they are.
 */
#ifndef SOURCE_PROCESS_LOOK_H
#define SOURCE_PROCESS_LOOK_H

#include "model/access.h"

/* As they stand in /proc/<pid>; what could not be read is empty. */
struct process_look {
	uint16_t exe_len, stat_len, status_len, cgroup_len;
	char exe[4096]; /* what the link says */
	char stat[1024], status[2048], cgroup[1024];
};

/* Reads them below `proc`, a descriptor of /proc. False when there is no such process. */
bool process_look(int proc, uint32_t pid, struct process_look *look);

/* As process_look, but for its program and what stands in stat: a third of the time. */
bool process_glance(int proc, uint32_t pid, struct process_look *look);

/* The parent of a process that is there; 0: not known, or none. */
uint32_t process_parent(int proc, uint32_t pid);

/*
 * Understands them: pid (of the process, if it was a thread's), ppid, uid, euid, comm, exe, container, start_ms. The texts lie in `look`. `boot_ms` is the
 * time of the boot (process_boot_ms). False when the texts are none of a process.
 */
bool process_told(const struct process_look *look, int64_t boot_ms, struct process *process);

/* When the host booted, in ms since the epoch, from both clocks. */
int64_t process_boot_ms(void);

/*
 * The id of a container in the text of a cgroup file: the last name of 64 or 32 hex digits, without what docker, cri
 * and their like put around it. Empty when there is none.
 */
struct span process_container(struct span cgroup);

#endif
