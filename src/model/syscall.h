/*
 * syscall: numbers of system calls depend on the architecture: 26 is ptrace
 * on i386 and msync on x86_64.
 */
#ifndef MODEL_SYSCALL_H
#define MODEL_SYSCALL_H

#include "base/span.h"

enum syscall_id {
	CALL_UNKNOWN,
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) CALL_##id,
#include "model/syscalls.def"
#undef CALL
	CALL_COUNT
};

/*
 * arch is the audit record's AUDIT_ARCH_* value (uapi/linux/audit.h).
 * CALL_UNKNOWN for what is not in the table, and for architectures that are
 * not: x86_64 (x32 included), i386, aarch64, arm, riscv64, ppc64, ppc64le,
 * s390x, s390.
 */
enum syscall_id syscall_from_number(uint32_t arch, uint64_t number);

enum syscall_id syscall_from_name(struct span name);

/* "openat"; data NULL for CALL_UNKNOWN. */
struct span syscall_name(enum syscall_id call);

#endif
