/* int80: system calls of i386, made by a 64-bit program. They take addresses below 4 GiB. */
#ifndef DRILL_INT80_H
#define DRILL_INT80_H

/* arch/x86/entry/syscalls/syscall_32.tbl */
#define INT80_OPEN 5
#define INT80_PTRACE 26
#define INT80_OPENAT 295

/* The result, negative errno included; -ENOSYS where there is no such thing. */
long int80(long number, long a, long b, long c, long d);

/* A copy of the text where such a call can reach it, or NULL with errno. */
const char *int80_text(const char *text);

#endif
