/* model/syscall.c: the numbers of syscalls.def against libaudit's tables, per architecture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libaudit.h>

#include "model/syscall.h"

static const struct {
	uint32_t arch;
	int machine;
} architectures[] = {
	{ 0xc000003e, MACH_86_64 }, { 0x40000003, MACH_X86 },	  { 0xc00000b7, MACH_AARCH64 },
	{ 0x40000028, MACH_ARM },   { 0xc0000015, MACH_PPC64LE }, { 0x80000015, MACH_PPC64 },
	{ 0x80000016, MACH_S390X }, { 0x00000016, MACH_S390 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The 31-bit table has it, the 64-bit one, whose column both share, does not. */
static bool is_fcntl64_of_s390(int machine, int number)
{
	return machine == MACH_S390 && number == 221;
}

/* What libaudit calls a number that we know has our name; and what it calls by our name, we know by that number. */
static void numbers_are_libaudits(void **state)
{
	for (size_t i = 0; i < COUNT(architectures); i++) {
		unsigned known = 0;
		for (int number = 0; number < 512; number++) {
			enum syscall_id call = syscall_from_number(architectures[i].arch, (uint64_t)number);
			const char *theirs = audit_syscall_to_name(number, architectures[i].machine);
			if (call != CALL_UNKNOWN) {
				assert_non_null(theirs);
				assert_true(span_equal(syscall_name(call), span_of(theirs)));
				known++;
			} else if (theirs && !is_fcntl64_of_s390(architectures[i].machine, number)) {
				assert_int_equal(syscall_from_name(span_of(theirs)), CALL_UNKNOWN);
			}
		}
		assert_true(known >= 30);
	}
}

/* riscv64 has the generic table, as aarch64; libaudit 3.0.9 does not know it. */
static void riscv_is_generic(void **state)
{
	for (uint64_t number = 0; number < 512; number++)
		assert_int_equal(syscall_from_number(0xc00000f3, number), syscall_from_number(0xc00000b7, number));
}

static void names_go_both_ways(void **state)
{
	for (enum syscall_id call = CALL_UNKNOWN + 1; call < CALL_COUNT; call++)
		assert_int_equal(syscall_from_name(syscall_name(call)), call);
	assert_null(syscall_name(CALL_UNKNOWN).data);
	assert_int_equal(syscall_from_name(SPAN("")), CALL_UNKNOWN);
	assert_int_equal(syscall_from_name(SPAN("openat\0")), CALL_UNKNOWN);
}

static void one_number_two_meanings(void **state)
{
	assert_int_equal(syscall_from_number(0x40000003, 26), CALL_ptrace);
	assert_int_equal(syscall_from_number(0xc000003e, 26), CALL_UNKNOWN); /* msync */
	assert_int_equal(syscall_from_number(0xc000003e, 101), CALL_ptrace);
	assert_int_equal(syscall_from_number(0x40000003, 347), CALL_process_vm_readv);
}

/* arch/x86/entry/syscalls/syscall_64.tbl, the x32 part */
static void x32(void **state)
{
	const uint64_t bit = 0x40000000;

	assert_int_equal(syscall_from_number(0xc000003e, bit | 257), CALL_openat);
	assert_int_equal(syscall_from_number(0xc000003e, bit | 520), CALL_execve);
	assert_int_equal(syscall_from_number(0xc000003e, bit | 521), CALL_ptrace);
	assert_int_equal(syscall_from_number(0xc000003e, bit | 539), CALL_process_vm_readv);
	assert_int_equal(syscall_from_number(0xc000003e, bit | 540), CALL_process_vm_writev);
	assert_int_equal(syscall_from_number(0xc000003e, bit | 545), CALL_execveat);
	assert_int_equal(syscall_from_number(0xc000003e, 521), CALL_UNKNOWN);
	assert_int_equal(syscall_from_number(0x40000003, bit | 5), CALL_UNKNOWN);
}

static void outside(void **state)
{
	for (size_t i = 0; i < COUNT(architectures); i++) {
		assert_int_equal(syscall_from_number(architectures[i].arch, 512), CALL_UNKNOWN);
		assert_int_equal(syscall_from_number(architectures[i].arch, UINT64_MAX), CALL_UNKNOWN);
		assert_int_equal(syscall_from_number(architectures[i].arch, (uint64_t)-1 >> 32), CALL_UNKNOWN);
	}
	assert_int_equal(syscall_from_number(0, 257), CALL_UNKNOWN);
	assert_int_equal(syscall_from_number(0xc0000102, 257), CALL_UNKNOWN); /* loongarch64 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_libaudits),
		cmocka_unit_test(riscv_is_generic),
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(one_number_two_meanings),
		cmocka_unit_test(x32),
		cmocka_unit_test(outside),
	};

	return cmocka_run_group_tests_name("syscall", tests, NULL, NULL);
}
