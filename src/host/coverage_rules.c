/*
 * coverage_rules: what the kernel's rules make of each rule that is wanted.
 *
 * The kernel asks the rules of a list in their order, and the first that
 * matches decides, watches included. So each system call of a wanted rule is
 * followed through the list until a rule takes it for certain.
 */
#include <libaudit.h>

#include "host/coverage.h"
#include "host/machine.h"
#include "host/rule_command.h"
#include "host/rule_cover.h"

/* The fate of each system call of one wanted rule. */
struct fate {
	uint32_t left[AUDIT_BITMASK_SIZE]; /* nothing takes it for certain */
	uint32_t shadowed[AUDIT_BITMASK_SIZE];
	const struct kernel_rule *shadow, *partial, *exception;
};

struct comparing {
	const struct coverage_facts *facts;
	struct gaps *gaps;
};

/* ---- texts ---- */

/* A rule that the kernel has already must go before it can come first. */
static void write_mend(struct buffer *to, const struct comparing *comparing, const struct kernel_rule *wanted,
		       const uint32_t *calls, const char *option)
{
	const struct audit_rules *present = &comparing->facts->rules;
	struct kernel_rule some;

	if (!kernel_rule_copy(&some, wanted->data, kernel_rule_size(wanted))) {
		to->failed = true;
		return;
	}
	memcpy(some.data->mask, calls, sizeof(some.data->mask));
	for (size_t i = 0; i < present->count; i++) {
		if (!kernel_rule_equal(&present->items[i], &some))
			continue;
		rule_command_write(&some, "-d", to);
		buffer_text(to, " && ");
	}
	rule_command_write(&some, option, to);
	kernel_rule_finish(&some);
}

static struct span key_of(const struct kernel_rule *rule)
{
	for (unsigned i = 0; i < rule->data->field_count; i++)
		if (rule->data->fields[i] == AUDIT_FILTERKEY)
			return kernel_rule_text(rule, i);
	return (struct span){ 0 };
}

static const char *sees(const struct kernel_rule *rule)
{
	struct span key = key_of(rule);

	if (rule->data->flags == KERNEL_RULE_LIST_URING)
		return "files that are opened through io_uring";
	if (span_equal(key, SPAN("proctor_xmem")))
		return "memory that is read without a file (process_vm_readv, ptrace, pidfd_getfd)";
	if (span_equal(key, SPAN("proctor_mnt")))
		return "mounts and changes of the root: a path may mean another process";
	if (span_equal(key, SPAN("proctor_iouring")))
		return "who sets up io_uring";
	if (span_equal(key, SPAN("proctor_exec")))
		return "which program an actor or a target runs";
	return "who opens other processes' memory, maps and environment";
}

static bool is_32bit(const struct kernel_rule *rule)
{
	for (unsigned i = 0; i < rule->data->field_count; i++)
		if (rule->data->fields[i] == AUDIT_ARCH)
			return rule->data->values[i] == machine_arch(false);
	return false;
}

static void write_unseen(struct buffer *to, const struct comparing *comparing, const struct kernel_rule *rule)
{
	const struct procfs *procfs =
		rule->watches_procfs ? procfs_with_minor(&comparing->facts->procfs, rule->minor) : NULL;

	buffer_text(to, sees(rule));
	if (is_32bit(rule))
		buffer_text(to, ", by 32-bit programs");
	if (procfs && procfs->pid)
		buffer_printf(to, ", on the procfs of minor %u (%s in the mounts of process %d)", procfs->minor,
			      procfs->where, (int)procfs->pid);
	else if (procfs)
		buffer_printf(to, ", on the procfs at %s (minor %u)", procfs->where, procfs->minor);
}

/* ---- one wanted rule ---- */

static bool has_any(const uint32_t *calls, const struct kernel_rule *present)
{
	uint32_t any = 0;

	for (unsigned i = 0; i < AUDIT_BITMASK_SIZE; i++)
		any |= calls[i] & present->data->mask[i];
	return any;
}

static void move_calls(struct fate *fate, const struct kernel_rule *present, bool never)
{
	for (unsigned i = 0; i < AUDIT_BITMASK_SIZE; i++) {
		uint32_t both = fate->left[i] & present->data->mask[i];
		fate->left[i] &= ~both;
		fate->shadowed[i] |= never ? both : 0;
	}
}

static void meet(struct fate *fate, const struct kernel_rule *present, enum rule_cover cover)
{
	bool never = present->data->action == AUDIT_NEVER;
	const struct kernel_rule **slot = never ? &fate->exception : &fate->partial;

	if (cover == COVER_NONE || !has_any(fate->left, present))
		return;
	if (cover == COVER_ALL) {
		move_calls(fate, present, never);
		slot = never ? &fate->shadow : NULL;
	}
	if (slot && !*slot)
		*slot = present;
}

static bool is_any(const uint32_t *mask)
{
	for (unsigned i = 0; i < AUDIT_BITMASK_SIZE; i++)
		if (mask[i])
			return true;
	return false;
}

static void say_missing(const struct comparing *comparing, const struct kernel_rule *wanted, const struct fate *fate)
{
	const struct procfs_list *procfs = &comparing->facts->procfs;
	bool second = wanted->watches_procfs && procfs->count && wanted->minor != procfs->items[0].minor;
	enum gap_kind kind = fate->partial ? GAP_PARTIAL : second ? GAP_SECOND_PROCFS : GAP_MISSING;
	struct gap *gap = gaps_add(comparing->gaps, kind, GAP_RANK_GAP);

	if (!gap)
		return;
	write_unseen(&gap->unseen, comparing, wanted);
	if (fate->partial) {
		buffer_text(&gap->evidence, "this rule sees it only in part: ");
		kernel_rule_write(fate->partial, &gap->evidence);
	} else {
		buffer_text(&gap->evidence, "no audit rule sees it (auditctl -l)");
	}
	if (wanted->data->flags == KERNEL_RULE_LIST_URING)
		buffer_text(&gap->mend, "proctor rules audit --install");
	else
		write_mend(&gap->mend, comparing, wanted, fate->left, "-a");
}

static void say_shadowed(const struct comparing *comparing, const struct kernel_rule *wanted, const struct fate *fate)
{
	struct gap *gap = gaps_add(comparing->gaps, GAP_SHADOWED, GAP_RANK_GAP);

	if (!gap)
		return;
	write_unseen(&gap->unseen, comparing, wanted);
	buffer_text(&gap->evidence, "this rule stands before all that would see it: ");
	kernel_rule_write(fate->shadow, &gap->evidence);
	write_mend(&gap->mend, comparing, wanted, fate->shadowed, "-A");
}

static void say_exception(const struct comparing *comparing, const struct kernel_rule *wanted, const struct fate *fate)
{
	struct gap *gap = gaps_add(comparing->gaps, GAP_EXCEPTION, GAP_RANK_NOTE);

	if (!gap)
		return;
	write_unseen(&gap->unseen, comparing, wanted);
	buffer_text(&gap->unseen, ", as far as the rule below matches");
	buffer_text(&gap->evidence, "this rule keeps it out of the log: ");
	kernel_rule_write(fate->exception, &gap->evidence);
	rule_command_write(fate->exception, "-d", &gap->mend);
}

static void say_unaudited(const struct comparing *comparing)
{
	struct gap *gap = gaps_add(comparing->gaps, GAP_URING, GAP_RANK_GAP);

	if (!gap)
		return;
	buffer_text(&gap->unseen, "files that are opened through io_uring");
	buffer_text(&gap->evidence, "kernels before 5.16 have no audit filter for io_uring");
	buffer_text(&gap->mend, "a newer kernel; or keep programs from io_uring, with seccomp");
}

static void follow(const struct comparing *comparing, const struct kernel_rule *wanted)
{
	const struct audit_rules *rules = &comparing->facts->rules;
	struct fate fate = { 0 };

	memcpy(fate.left, wanted->data->mask, sizeof(fate.left));
	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].data && rules->items[i].data->flags == wanted->data->flags)
			meet(&fate, &rules->items[i], rule_cover(&rules->items[i], wanted, &comparing->facts->procfs));
	if (is_any(fate.shadowed))
		say_shadowed(comparing, wanted, &fate);
	if (is_any(fate.left))
		say_missing(comparing, wanted, &fate);
	else if (fate.exception)
		say_exception(comparing, wanted, &fate);
}

void coverage_find_rules(const struct coverage_facts *facts, const struct audit_rules *wanted, struct gaps *gaps)
{
	struct comparing comparing = { facts, gaps };

	for (size_t i = 0; i < facts->rules.count; i++)
		if (facts->rules.items[i].data)
			coverage_find_blinding(&facts->rules.items[i], gaps);
	for (size_t i = 0; i < wanted->count; i++) {
		const struct kernel_rule *rule = &wanted->items[i];
		bool uring = rule->data && rule->data->flags == KERNEL_RULE_LIST_URING;
		if (uring && facts->uring == URING_UNAUDITED)
			say_unaudited(&comparing);
		else if (rule->data && !(uring && facts->uring == URING_OFF))
			follow(&comparing, rule);
	}
}
