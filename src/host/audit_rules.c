/*
 * audit_rules: which rules. What they see and what they cost was measured on
 * kernels 6.1 and 6.18; each says why it is there.
 *
 * Two architectures of one machine number their system calls differently, so
 * each rule comes once for each; a call that an architecture does not have is
 * left out.
 */
#include "host/audit_rules.h"

#include <ctype.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>

#include "host/machine.h"

static const char *const opens[] = { "open", "openat", "openat2", "creat", NULL };
static const char *const memory_calls[] = { "process_vm_readv", "process_vm_writev", "pidfd_getfd", NULL };
static const char *const ptrace_calls[] = { "ptrace", NULL };
static const char *const mounts[] = { "mount", "chroot", "fsopen", "fsmount", "open_tree", "move_mount", NULL };
static const char *const uring_calls[] = { "io_uring_setup", NULL };
static const char *const exec_calls[] = { "execve", "execveat", NULL };

struct building {
	struct audit_rules *rules;
	const struct audit_wish *wish;
	bool is_64bit;
};

/* ---- the list ---- */

struct kernel_rule *audit_rules_add(struct audit_rules *rules, unsigned list, unsigned action)
{
	if (rules->count == rules->capacity) {
		size_t capacity = rules->capacity ? 2 * rules->capacity : 32;
		struct kernel_rule *grown = reallocarray(rules->items, capacity, sizeof(*grown));
		if (!grown) {
			rules->failed = true;
			return NULL;
		}
		rules->items = grown;
		rules->capacity = capacity;
	}
	struct kernel_rule *rule = &rules->items[rules->count++];
	kernel_rule_init(rule, list, action);
	return rule;
}

void audit_rules_finish(struct audit_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		kernel_rule_finish(&rules->items[i]);
	free(rules->items);
	*rules = (struct audit_rules){ 0 };
}

/* ---- one rule ---- */

static void equal(struct kernel_rule *rule, unsigned field, uint32_t value)
{
	kernel_rule_field(rule, field, AUDIT_EQUAL, value);
}

static struct kernel_rule *begin(const struct building *building, const char *const *calls, const char *why)
{
	struct kernel_rule *rule = audit_rules_add(building->rules, AUDIT_FILTER_EXIT, AUDIT_ALWAYS);

	if (!rule)
		return NULL;
	rule->why = why;
	equal(rule, AUDIT_ARCH, machine_arch(building->is_64bit));
	for (; *calls; calls++) {
		int number = machine_call(building->is_64bit, *calls);
		if (number >= 0)
			kernel_rule_call(rule, (unsigned)number);
	}
	return rule;
}

static void finish(const struct building *building, struct kernel_rule *rule, const char *key)
{
	const struct audit_scope *scope = &building->wish->scope;

	if (scope->pid)
		equal(rule, AUDIT_PID, (uint32_t)scope->pid);
	if (scope->has_uid)
		equal(rule, AUDIT_UID, scope->uid);
	if (scope->has_auid)
		equal(rule, AUDIT_LOGINUID, scope->auid);
	if (scope->exe)
		kernel_rule_text_field(rule, AUDIT_EXE, span_of(scope->exe));
	kernel_rule_text_field(rule, AUDIT_FILTERKEY, span_of(key));
	building->rules->failed |= !rule->data;
}

static void add_plain(const struct building *building, const char *const *calls, const char *key, const char *why)
{
	struct kernel_rule *rule = begin(building, calls, why);

	if (rule)
		finish(building, rule, key);
}

/* ---- the rules ---- */

static void add_procfs(const struct building *building)
{
	const struct procfs_list *procfs = building->wish->procfs;

	for (size_t i = 0; i < procfs->count; i++) {
		struct kernel_rule *rule =
			begin(building, opens,
			      "Every open on procfs, however the path is spelt: each instance has a minor of its own.");
		if (!rule)
			return;
		equal(rule, AUDIT_DEVMAJOR, 0);
		equal(rule, AUDIT_DEVMINOR, procfs->items[i].minor);
		rule->watches_procfs = true;
		rule->minor = procfs->items[i].minor;
		finish(building, rule, "proctor_procfs");
	}
}

static void add_target(const struct building *building, pid_t pid, const char *name, unsigned field)
{
	const struct procfs_list *procfs = building->wish->procfs;
	struct kernel_rule *rule = begin(building, opens,
					 "Opens of these processes' memory, maps, environment and threads. The rules "
					 "die with the processes: renew them as such processes start.");
	char path[64];

	if (!rule)
		return;
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	kernel_rule_text_field(rule, field, span_of(path));
	rule->watches_procfs = procfs->count > 0;
	rule->minor = procfs->count ? procfs->items[0].minor : 0;
	finish(building, rule, "proctor_procfs");
}

static void add_targets(const struct building *building)
{
	for (size_t i = 0; i < building->wish->target_count; i++) {
		pid_t pid = building->wish->targets[i].pid;
		add_target(building, pid, "mem", AUDIT_WATCH);
		add_target(building, pid, "maps", AUDIT_WATCH);
		add_target(building, pid, "environ", AUDIT_WATCH);
		add_target(building, pid, "task", AUDIT_DIR);
	}
}

static void add_ptrace(const struct building *building, uint32_t request)
{
	struct kernel_rule *rule = begin(building, ptrace_calls, "A debugger takes hold of a process.");

	if (!rule)
		return;
	equal(rule, AUDIT_ARG0, request);
	finish(building, rule, "proctor_xmem");
}

static void add_exec(const struct building *building)
{
	struct kernel_rule *rule = begin(building, exec_calls, "Which program an actor and a target are.");

	if (!rule)
		return;
	equal(rule, AUDIT_SUCCESS, 1);
	finish(building, rule, "proctor_exec");
}

static void add_architecture(const struct building *building)
{
	if (building->wish->profile == AUDIT_PROFILE_FULL)
		add_procfs(building);
	else
		add_targets(building);
	add_plain(building, memory_calls, "proctor_xmem", "Another process's memory or descriptors, without a file.");
	add_ptrace(building, PTRACE_ATTACH);
	add_ptrace(building, PTRACE_SEIZE);
	add_plain(building, mounts, "proctor_mnt", "What makes a path mean another place.");
	add_plain(building, uring_calls, "proctor_iouring", "Who can open files without a system call for each.");
	add_exec(building);
}

static void add_uring(const struct building *building)
{
	struct kernel_rule *rule = audit_rules_add(building->rules, KERNEL_RULE_LIST_URING, AUDIT_ALWAYS);

	if (!rule)
		return;
	rule->why = "Opens through io_uring, on any device: this list knows no devices.";
	rule->note = "auditctl from 3.1 on can write this rule; --install sets it on kernels from 5.16 on.";
	kernel_rule_call(rule, KERNEL_RULE_URING_OPENAT);
	kernel_rule_call(rule, KERNEL_RULE_URING_OPENAT2);
	finish(building, rule, "proctor_iouring");
}

/* A rules file is split at blanks, whatever stands around them. */
static int check_scope(const struct audit_scope *scope, struct err *err)
{
	struct span exe = span_of(scope->exe);

	if (!scope->exe)
		return 0;
	if (exe.len == 0 || exe.data[0] != '/' || exe.len > 4095)
		return err_set(err, -EINVAL, "'%s' is no absolute path: the kernel compares programs by path",
			       scope->exe);
	for (size_t i = 0; i < exe.len; i++)
		if (isspace((unsigned char)exe.data[i]) || iscntrl((unsigned char)exe.data[i]))
			return err_set(err, -EINVAL,
				       "the path '%s' has white space or control characters, which no rules file can "
				       "hold; scope the rules by uid or pid",
				       scope->exe);
	return 0;
}

int audit_rules_build(struct audit_rules *rules, const struct audit_wish *wish, struct err *err)
{
	struct building building = { .rules = rules, .wish = wish };
	int result = check_scope(&wish->scope, err);

	if (result < 0)
		return result;
	if (wish->target_count > AUDIT_TARGETS_MAX)
		return err_set(err, -E2BIG,
			       "%zu processes are too many to watch one by one (at most %d): use the full profile",
			       wish->target_count, AUDIT_TARGETS_MAX);
	for (int is_64bit = 1; is_64bit >= 0; is_64bit--) {
		building.is_64bit = is_64bit;
		if (machine_arch(is_64bit) && (is_64bit || wish->runs_32bit || !machine_arch(true)))
			add_architecture(&building);
	}
	add_uring(&building);
	return rules->failed ? err_set(err, -ENOMEM, "cannot write the audit rules: memory is out") : 0;
}
