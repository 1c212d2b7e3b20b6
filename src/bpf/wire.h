/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * wire: how the kernel half of the eBPF sensor tells its reader of one access:
 * a struct wire_access, and behind it its texts in the order of enum
 * wire_text, each as long as text_len says.
 *
 * Both halves are compiled with it, each for its own machine: so nothing but
 * fixed types is here, and every structure is without holes.
 */
#ifndef BPF_WIRE_H
#define BPF_WIRE_H

#include <stdint.h>

#define WIRE_VERSION 1
#define WIRE_NAME_MAX 16
#define WIRE_TEXT_MAX 4095   /* a mask; when the texts are longer, no more is added */
#define WIRE_ACCESS_MAX 8192 /* a whole access; more is none */

enum wire_call {
	WIRE_CALL_NONE,
	WIRE_CALL_OPEN,
	WIRE_CALL_OPENAT,
	WIRE_CALL_OPENAT2,
	WIRE_CALL_CREAT,
	WIRE_CALL_READV,
	WIRE_CALL_WRITEV,
	WIRE_CALL_PTRACE,
	WIRE_CALL_GETFD,    /* a descriptor of another process */
	WIRE_CALL_GOTFD,    /* the same call, for the entry of a third that the descriptor holds */
	WIRE_CALL_IO_URING, /* openat by io_uring */
	WIRE_CALL_IO_URING2,
	WIRE_CALL_EXEC,	 /* no access: the actor executed its program */
	WIRE_CALL_CHECK, /* none that is told: the kernel asked whether the actor may reach into the target */
};

/* Of the access. */
enum {
	WIRE_BY_NAME = 1,      /* the target is what the path says; no object was seen */
	WIRE_COMPAT = 2,       /* a call of a 32-bit program */
	WIRE_SAME_PROGRAM = 4, /* the actor is a child of the target that executed nothing since */
};

/* Of a process. */
enum {
	WIRE_EXE_WHOLE = 1, /* the path reaches the root */
	WIRE_EXE_DELETED = 2,
	WIRE_ROOT_MOVED = 4,	/* chroot, or another mount namespace than the sensor's */
	WIRE_SCRIPT_OF_ENV = 8, /* in the table of scripts only */
};

/* What an actor could make long comes last: what finds no room is cut. */
enum wire_text {
	WIRE_TARGET_EXE,    /* components from the last to the first, each with its NUL */
	WIRE_TARGET_CGROUP, /* in the unified hierarchy; components, too */
	WIRE_ACTOR_CGROUP,
	WIRE_SCRIPT, /* that the actor's program interprets, as execve was given it */
	WIRE_ACTOR_EXE,
	WIRE_PATH,    /* as the caller passed it */
	WIRE_CMDLINE, /* arguments, each with its NUL */
	WIRE_TEXTS = 8,
};

#define WIRE_NO_ID UINT32_MAX

struct wire_process {
	uint64_t start_ns; /* since boot, CLOCK_BOOTTIME */
	uint64_t cgroup;   /* id in the unified hierarchy, 0 unknown */
	uint32_t pid, ppid, uid, euid, auid, ses;
	uint32_t exe_uid;
	uint16_t exe_mode;
	uint16_t flags;
	char comm[WIRE_NAME_MAX], tty[WIRE_NAME_MAX];
};

struct wire_access {
	uint32_t size; /* texts included */
	uint8_t version, call, flags, reserved1;
	uint64_t time_ns; /* since boot */
	int32_t outcome;  /* 0 or negative errno */
	uint32_t open_flags, request;
	uint32_t actor_tid, target_tid;
	uint32_t reserved2;
	uint16_t text_len[WIRE_TEXTS];
	char entry[WIRE_NAME_MAX]; /* name below /proc/<pid>, or "kcore", "devmem"; empty: none */
	struct wire_process actor, target;
};

/* What the kernel half counts. Every matched access ends in just one of the five behind it. */
enum wire_counter {
	WIRE_MATCHED,
	WIRE_OUT_OF_SCOPE,
	WIRE_OWN,  /* by the sensor's own process */
	WIRE_SELF, /* a process and its own entries */
	WIRE_EMITTED,
	WIRE_DROPPED, /* the ring was full */
	WIRE_COUNTERS,
};

enum wire_scope { WIRE_SCOPE_ALL, WIRE_SCOPE_PID, WIRE_SCOPE_UID, WIRE_SCOPE_CGROUP };

#define WIRE_ENTRIES_MAX 16

/* Constants of the kernel half, set before it is loaded. */
struct wire_config {
	uint64_t entries[WIRE_ENTRIES_MAX][WIRE_NAME_MAX / 8]; /* names, zero-padded; an empty one ends them */
	uint64_t scope;					       /* pid, uid or cgroup id */
	uint64_t wake_ns;				       /* the reader is woken at most once in this time */
	uint32_t scope_kind;
	uint32_t own;	     /* pid of the sensor's process */
	uint32_t mnt_ns;     /* inode number of the sensor's mount namespace */
	uint16_t executions; /* tell of them, too */
	uint16_t casts;	     /* this kernel has bpf_rdonly_cast */
};

#endif
