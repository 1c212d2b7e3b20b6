#include "model/syscall.h"

#define TABLE_SIZE 512
#define X32_BIT 0x40000000u /* arch/x86/include/uapi/asm/unistd.h */

enum { COLUMN_X86_64, COLUMN_I386, COLUMN_AARCH64, COLUMN_ARM, COLUMN_PPC64, COLUMN_S390X, COLUMN_COUNT };

#define AT(number, id) [(number) < 0 ? TABLE_SIZE : (number)] = CALL_##id,

/* The last element takes what an architecture does not have. */
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
static const uint8_t tables[COLUMN_COUNT][TABLE_SIZE + 1] = {
	[COLUMN_X86_64] = {
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) AT(x86_64, id)
#include "model/syscalls.def"
#undef CALL
	},
	[COLUMN_I386] = {
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) AT(i386, id)
#include "model/syscalls.def"
#undef CALL
	},
	[COLUMN_AARCH64] = {
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) AT(aarch64, id)
#include "model/syscalls.def"
#undef CALL
	},
	[COLUMN_ARM] = {
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) AT(arm, id)
#include "model/syscalls.def"
#undef CALL
	},
	[COLUMN_PPC64] = {
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) AT(ppc64, id)
#include "model/syscalls.def"
#undef CALL
	},
	[COLUMN_S390X] = {
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) AT(s390x, id)
#include "model/syscalls.def"
#undef CALL
	},
};
#pragma GCC diagnostic pop

static const struct span names[CALL_COUNT] = {
#define CALL(id, x86_64, i386, aarch64, arm, ppc64, s390x) [CALL_##id] = { #id, sizeof(#id) - 1 },
#include "model/syscalls.def"
#undef CALL
};

static int column_of(uint32_t arch)
{
	switch (arch) {
	case 0xc000003e:
		return COLUMN_X86_64;
	case 0x40000003:
		return COLUMN_I386;
	case 0xc00000b7: /* aarch64 */
	case 0xc00000f3: /* riscv64 */
		return COLUMN_AARCH64;
	case 0x40000028:
		return COLUMN_ARM;
	case 0xc0000015: /* ppc64le */
	case 0x80000015: /* ppc64 */
		return COLUMN_PPC64;
	case 0x80000016: /* s390x */
	case 0x00000016: /* s390 */
		return COLUMN_S390X;
	}
	return -1;
}

/* The calls that x32 numbers anew (arch/x86/entry/syscalls/syscall_64.tbl, 512 and up). */
static enum syscall_id from_x32(uint64_t number)
{
	switch (number) {
	case 520:
		return CALL_execve;
	case 521:
		return CALL_ptrace;
	case 539:
		return CALL_process_vm_readv;
	case 540:
		return CALL_process_vm_writev;
	case 545:
		return CALL_execveat;
	}
	return number < TABLE_SIZE ? tables[COLUMN_X86_64][number] : CALL_UNKNOWN;
}

enum syscall_id syscall_from_number(uint32_t arch, uint64_t number)
{
	int column = column_of(arch);

	if (column == COLUMN_X86_64 && number & X32_BIT)
		return from_x32(number & ~(uint64_t)X32_BIT);
	return column >= 0 && number < TABLE_SIZE ? tables[column][number] : CALL_UNKNOWN;
}

enum syscall_id syscall_from_name(struct span name)
{
	for (int call = 1; call < CALL_COUNT; call++)
		if (span_equal(name, names[call]))
			return call;
	return CALL_UNKNOWN;
}

struct span syscall_name(enum syscall_id call)
{
	return names[call];
}
