/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * calls: which system call ended, and what its arguments were. At the exit of
 * a call the registers still hold them.
 */
#ifndef BPF_CALLS_H
#define BPF_CALLS_H

#include "bpf/kernel.h"
#include "bpf/wire.h"

#ifndef __TARGET_ARCH_x86
#error "the numbers of system calls and the registers below are those of x86"
#endif

#define TS_COMPAT 2
#define X32_BIT 0x40000000

static __always_inline enum wire_call call_of_32(unsigned long number)
{
	switch (number) {
	case 5:
		return WIRE_CALL_OPEN;
	case 8:
		return WIRE_CALL_CREAT;
	case 26:
		return WIRE_CALL_PTRACE;
	case 295:
		return WIRE_CALL_OPENAT;
	case 347:
		return WIRE_CALL_READV;
	case 348:
		return WIRE_CALL_WRITEV;
	case 437:
		return WIRE_CALL_OPENAT2;
	case 438:
		return WIRE_CALL_GETFD;
	default:
		return WIRE_CALL_NONE;
	}
}

static __always_inline enum wire_call call_of_64(unsigned long number)
{
	switch (number) {
	case 2:
	case X32_BIT | 2:
		return WIRE_CALL_OPEN;
	case 85:
	case X32_BIT | 85:
		return WIRE_CALL_CREAT;
	case 101:
	case X32_BIT | 521:
		return WIRE_CALL_PTRACE;
	case 257:
	case X32_BIT | 257:
		return WIRE_CALL_OPENAT;
	case 310:
	case X32_BIT | 539:
		return WIRE_CALL_READV;
	case 311:
	case X32_BIT | 540:
		return WIRE_CALL_WRITEV;
	case 437:
	case X32_BIT | 437:
		return WIRE_CALL_OPENAT2;
	case 438:
	case X32_BIT | 438:
		return WIRE_CALL_GETFD;
	default:
		return WIRE_CALL_NONE;
	}
}

/* The n-th argument, from 0 to 2. */
static __always_inline unsigned long argument(struct pt_regs *regs, bool compat, int n)
{
	if (compat)
		return (uint32_t)(n == 0 ? regs->bx : n == 1 ? regs->cx : regs->dx);
	return n == 0 ? regs->di : n == 1 ? regs->si : regs->dx;
}

#endif
