#include "host/machine.h"

#include <libaudit.h>
#include <unistd.h>

static int machine_of(bool is_64bit)
{
	return audit_determine_machine(is_64bit ? "b64" : "b32");
}

uint32_t machine_arch(bool is_64bit)
{
	int machine = machine_of(is_64bit);

	return machine < 0 ? 0 : audit_machine_to_elf(machine);
}

int machine_call(bool is_64bit, const char *name)
{
	int machine = machine_of(is_64bit);

	return machine < 0 ? -1 : audit_name_to_syscall(name, machine);
}

/* x86_64 has this setting only if the kernel was built with the 32-bit entry. */
bool machine_runs_32bit(void)
{
	if (machine_arch(false) == 0)
		return false;
	return machine_of(true) != MACH_86_64 || access("/proc/sys/abi/vsyscall32", F_OK) == 0;
}
