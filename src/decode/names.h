/*
 * names: from the names that interpreting formats write back to the kernel's
 * numbers. Private to src/decode.
 */
#ifndef DECODE_NAMES_H
#define DECODE_NAMES_H

#include "base/span.h"

/* "x86_64" → 0xc000003e; 0 when the name is not known. */
uint32_t names_arch(struct span name);

/* "openat" on that AUDIT_ARCH_* → 257; -1 when it is not known. */
int names_syscall(struct span name, uint32_t arch);

/* "EACCES" → 13; 0 when the name is not known. */
int names_errno(struct span name);

#endif
