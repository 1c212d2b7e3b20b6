/* kernel_rule_text: a rule as an argument list of auditctl(8), which reads arch before -S. */
#include <libaudit.h>
#include <sys/stat.h>

#include "host/kernel_rule.h"
#include "host/machine.h"

#define ALL_CALLS UINT32_MAX

/* uapi linux/audit.h, AUDIT_COMPARE_*: from 1 on. */
static const char *const comparisons[] = {
	[1] = "uid obj_uid", "gid obj_gid",  "euid obj_uid",  "egid obj_gid",  "auid obj_uid",
	"suid obj_uid",	     "sgid obj_gid", "fsuid obj_uid", "fsgid obj_gid", "uid auid",
	"uid euid",	     "uid fsuid",    "uid suid",      "auid fsuid",    "auid suid",
	"auid euid",	     "euid suid",    "euid fsuid",    "suid fsuid",    "gid egid",
	"gid fsgid",	     "gid sgid",     "egid fsgid",    "egid sgid",     "sgid fsgid",
};

bool kernel_rule_is_text(unsigned field)
{
	switch (field) {
	case AUDIT_SUBJ_USER ... AUDIT_SUBJ_CLR:
	case AUDIT_OBJ_USER ... AUDIT_OBJ_LEV_HIGH:
	case AUDIT_WATCH:
	case AUDIT_DIR:
	case AUDIT_EXE:
	case AUDIT_FILTERKEY:
		return true;
	default:
		return false;
	}
}

static const char *list_name(unsigned list)
{
	static const char *const names[] = { "user", "task",	"entry",      "watch",
					     "exit", "exclude", "filesystem", "io_uring" };

	return list < sizeof(names) / sizeof(names[0]) ? names[list] : "unknown";
}

static void write_perm(struct buffer *to, uint32_t perm)
{
	static const char letters[] = "xwra";

	for (unsigned i = 0; i < 4; i++)
		if (perm & 1u << i)
			buffer_add_byte(to, letters[i]);
}

static void write_arch(struct buffer *to, uint32_t arch)
{
	int machine = audit_elf_to_machine(arch);
	const char *name = machine < 0 ? NULL : audit_machine_to_name(machine);

	if (arch && arch == machine_arch(true))
		buffer_text(to, "b64");
	else if (arch && arch == machine_arch(false))
		buffer_text(to, "b32");
	else if (name)
		buffer_text(to, name);
	else
		buffer_printf(to, "0x%x", arch);
}

static void write_name_or_number(struct buffer *to, const char *name, uint32_t number)
{
	if (name)
		buffer_text(to, name);
	else
		buffer_printf(to, "%u", number);
}

static void write_value(struct buffer *to, unsigned field, uint32_t value)
{
	switch (field) {
	case AUDIT_ARCH:
		write_arch(to, value);
		break;
	case AUDIT_ARG0 ... AUDIT_ARG3:
	case AUDIT_FSTYPE:
		buffer_printf(to, "0x%x", value);
		break;
	case AUDIT_EXIT:
		buffer_printf(to, "%d", (int32_t)value);
		break;
	case AUDIT_PERM:
		write_perm(to, value);
		break;
	case AUDIT_MSGTYPE:
		write_name_or_number(to, audit_msg_type_to_name((int)value), value);
		break;
	case AUDIT_FILETYPE:
		write_name_or_number(to, audit_ftype_to_name((int)(value & S_IFMT)), value);
		break;
	case AUDIT_LOGINUID:
		write_name_or_number(to, value == UINT32_MAX ? "unset" : NULL, value);
		break;
	default:
		buffer_printf(to, "%u", value);
		break;
	}
}

static const char *operator_of(uint32_t op)
{
	const char *symbol = audit_operator_to_symbol((int)(op & AUDIT_OPERATORS));

	return symbol ? symbol : "=";
}

static void write_comparison(struct buffer *to, uint32_t number, uint32_t op)
{
	const char *pair = number < sizeof(comparisons) / sizeof(comparisons[0]) ? comparisons[number] : NULL;
	size_t left = pair ? span_index(span_of(pair), ' ') : 0;

	if (pair)
		buffer_printf(to, " -C %.*s%s%s", (int)left, pair, operator_of(op), pair + left + 1);
	else
		buffer_printf(to, " -C %u", number);
}

static void write_keys(struct buffer *to, struct span keys)
{
	while (keys.len) {
		size_t len = span_index(keys, AUDIT_KEY_SEPARATOR);
		buffer_text(to, " -k ");
		buffer_add(to, span_first(keys, len));
		keys = span_skip(keys, len + 1);
	}
}

static void write_field(const struct kernel_rule *rule, struct buffer *to, unsigned n)
{
	const struct audit_rule_data *data = rule->data;
	unsigned field = data->fields[n];
	const char *name = audit_field_to_name((int)field);

	if (field == AUDIT_FILTERKEY) {
		write_keys(to, kernel_rule_text(rule, n));
	} else if (field == AUDIT_FIELD_COMPARE) {
		write_comparison(to, data->values[n], data->fieldflags[n]);
	} else {
		buffer_text(to, " -F ");
		write_name_or_number(to, field == AUDIT_WATCH ? "path" : name, field);
		buffer_text(to, operator_of(data->fieldflags[n]));
		if (kernel_rule_is_text(field))
			buffer_add(to, kernel_rule_text(rule, n));
		else
			write_value(to, field, data->values[n]);
	}
}

static uint32_t arch_of(const struct audit_rule_data *data)
{
	for (unsigned i = 0; i < data->field_count; i++)
		if (data->fields[i] == AUDIT_ARCH && (data->fieldflags[i] & AUDIT_OPERATORS) == AUDIT_EQUAL)
			return data->values[i];
	return machine_arch(true);
}

/* Numbers of io_uring's operations are their own. */
static const char *call_name(const struct audit_rule_data *data, unsigned number)
{
	int machine = audit_elf_to_machine(arch_of(data));

	if (data->flags == KERNEL_RULE_LIST_URING)
		return number == KERNEL_RULE_URING_OPENAT    ? "openat"
		       : number == KERNEL_RULE_URING_OPENAT2 ? "openat2"
							     : NULL;
	return machine < 0 ? NULL : audit_syscall_to_name((int)number, machine);
}

static bool is_all(const struct audit_rule_data *data)
{
	for (unsigned i = 0; i < AUDIT_BITMASK_SIZE - 1; i++)
		if (data->mask[i] != ALL_CALLS)
			return false;
	return true;
}

static void write_calls(const struct kernel_rule *rule, struct buffer *to)
{
	const char *before = " -S ";

	if (is_all(rule->data)) {
		buffer_text(to, " -S all");
		return;
	}
	for (unsigned number = 0; number < 32 * AUDIT_BITMASK_SIZE; number++) {
		if (!kernel_rule_has_call(rule, number))
			continue;
		buffer_text(to, before);
		write_name_or_number(to, call_name(rule->data, number), number);
		before = ",";
	}
}

void kernel_rule_write(const struct kernel_rule *rule, struct buffer *to)
{
	const struct audit_rule_data *data = rule->data;

	if (!data)
		return;
	buffer_printf(to, "-a %s,%s", data->action == AUDIT_NEVER ? "never" : "always",
		      list_name(data->flags & KERNEL_RULE_LIST_MASK));
	for (unsigned i = 0; i < data->field_count; i++)
		if (data->fields[i] == AUDIT_ARCH)
			write_field(rule, to, i);
	if (data->flags == AUDIT_FILTER_EXIT || data->flags == KERNEL_RULE_LIST_URING)
		write_calls(rule, to);
	for (unsigned i = 0; i < data->field_count; i++)
		if (data->fields[i] != AUDIT_ARCH)
			write_field(rule, to, i);
}
