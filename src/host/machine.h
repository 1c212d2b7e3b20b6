/* machine: the architectures whose programs this kernel runs. */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* The AUDIT_ARCH_* value of this machine's 64-bit or 32-bit programs; 0 when it has none. */
uint32_t machine_arch(bool is_64bit);

/* The number of a system call there, negative when it has none or libaudit does not know it. */
int machine_call(bool is_64bit, const char *name);

/*
 * Whether the kernel runs programs of the 32-bit sister architecture. Where that cannot be told, true: a rule
 * too many costs nothing.
 */
bool machine_runs_32bit(void);

#endif
