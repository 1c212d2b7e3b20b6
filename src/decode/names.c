#include "decode/names.h"

#include <libaudit.h>

/* libaudit's functions take C strings. No name that they know is longer. */
#define NAME_MAX_LEN 47

struct c_name {
	char text[NAME_MAX_LEN + 1];
};

static struct c_name c_name_of(struct span name)
{
	struct c_name to = { "" };

	if (name.len <= NAME_MAX_LEN && name.len)
		memcpy(to.text, name.data, name.len);
	return to;
}

/* Names beside libaudit's: those of go-libaudit and of uname -m. */
static const struct {
	struct span name;
	uint32_t arch;
} arches[] = {
	{ SPAN("x86_64"), 0xc000003e }, { SPAN("i386"), 0x40000003 },	 { SPAN("aarch64"), 0xc00000b7 },
	{ SPAN("arm"), 0x40000028 },	{ SPAN("riscv64"), 0xc00000f3 }, { SPAN("ppc64le"), 0xc0000015 },
	{ SPAN("ppc64"), 0x80000015 },	{ SPAN("ppc"), 0x14 },		 { SPAN("s390x"), 0x80000016 },
	{ SPAN("s390"), 0x16 },		{ SPAN("i686"), 0x40000003 },	 { SPAN("armeb"), 0x28 },
	{ SPAN("mips64"), 0x80000008 }, { SPAN("ia64"), 0xc0000032 },	 { SPAN("riscv32"), 0x400000f3 },
};

uint32_t names_arch(struct span name)
{
	for (size_t i = 0; i < sizeof(arches) / sizeof(*arches); i++)
		if (span_equal(name, arches[i].name))
			return arches[i].arch;
	return 0;
}

int names_syscall(struct span name, uint32_t arch)
{
	struct c_name c = c_name_of(name);
	/* libaudit 3.0 has no riscv64, which shares asm-generic/unistd.h with aarch64. */
	int machine = audit_elf_to_machine(arch == 0xc00000f3 ? 0xc00000b7 : arch);

	return machine < 0 || !c.text[0] ? -1 : audit_name_to_syscall(c.text, machine);
}

int names_errno(struct span name)
{
	struct c_name c = c_name_of(name);

	return c.text[0] ? audit_name_to_errno(c.text) : 0;
}
