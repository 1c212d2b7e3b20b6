#include "source/coverage.h"

#include "source/audit_rule.h"
#include "source/place.h"

static void raise_level(enum coverage_level *level, enum coverage_level to)
{
	*level = *level > to ? *level : to;
}

static void take_exit_rule(struct coverage *coverage, const struct audit_rule *rule)
{
	bool object = rule->elsewhere || rule->on_procfs;
	bool plain = !object && !rule->narrowed && !rule->failures && !rule->succeeds;

	if (rule->never) {
		coverage->blind_exit |=
			plain && (rule->syscalls & AUDIT_RULE_OPEN) && coverage->procfs == COVERAGE_NONE;
		return;
	}
	enum coverage_level level = rule->narrowed ? COVERAGE_SOME : COVERAGE_ALL;
	level = rule->failures ? COVERAGE_FAILURES : level;
	bool opens = !rule->elsewhere && rule->reads && (rule->syscalls & AUDIT_RULE_OPEN) && !coverage->blind_exit;
	if (opens)
		raise_level(&coverage->procfs, level == COVERAGE_ALL && rule->part_of_procfs ? COVERAGE_SOME : level);
	if (object)
		return;
	if (rule->syscalls & AUDIT_RULE_PTRACE)
		raise_level(&coverage->ptrace, level);
	if (rule->syscalls & AUDIT_RULE_PROCESS_VM)
		raise_level(&coverage->process_vm, level);
	if (rule->syscalls & AUDIT_RULE_PIDFD_GETFD)
		raise_level(&coverage->pidfd_getfd, level);
}

static void take_rule(struct coverage *coverage, const struct audit_rule *rule)
{
	coverage->rules++;
	coverage->listed = true;
	if (span_equal(rule->list, SPAN("exit")))
		take_exit_rule(coverage, rule);
	else if (span_equal(rule->list, SPAN("filesystem")))
		coverage->blind_filesystem |= rule->never && rule->procfs_type;
	else if (span_equal(rule->list, SPAN("task")))
		coverage->blind_task |= rule->never && !rule->narrowed;
	else if (span_equal(rule->list, SPAN("exclude")) && !rule->narrowed) {
		coverage->excludes_syscall |= span_equal_nocase(rule->msgtype, SPAN("SYSCALL"));
		coverage->excludes_path |= span_equal_nocase(rule->msgtype, SPAN("PATH"));
	}
}

struct coverage coverage_of_rules(struct span text)
{
	struct coverage coverage = { 0 };

	while (text.len) {
		size_t newline = span_index(text, '\n');
		struct span line = span_trim(span_first(text, newline));
		text = span_skip(text, newline + 1);
		coverage.listed |= span_equal(line, SPAN("No rules"));
		if (line.len == 0 || line.data[0] != '-')
			continue;
		struct audit_rule rule = audit_rule_of(line);
		if (rule.list.len)
			take_rule(&coverage, &rule);
	}
	return coverage;
}

static void note_blindness(const struct coverage *coverage, const char *host, struct summary *summary)
{
	static const char *const remedy = "nothing found there proves nothing";

	if (coverage->blind_filesystem)
		summary_note(summary, false, false,
			     "%s: the rule -a never,filesystem -F fstype=0x9fa0 blinds every rule on procfs; %s", host,
			     remedy);
	if (coverage->blind_task)
		summary_note(summary, false, false,
			     "%s: the rule -a never,task keeps the system calls of all processes out of the log; %s",
			     host, remedy);
	if (coverage->blind_exit)
		summary_note(summary, false, false,
			     "%s: a rule -a never,exit on opening files stands before every rule that sees them; %s",
			     host, remedy);
	if (coverage->excludes_syscall || coverage->excludes_path)
		summary_note(
			summary, false, false,
			"%s: a rule leaves %s records out of the log, so that who or what was opened is missing; %s",
			host, coverage->excludes_syscall ? "SYSCALL" : "PATH", remedy);
}

static void note_procfs(const struct coverage *coverage, const char *host, struct summary *summary)
{
	static const char *const sayings[] = {
		[COVERAGE_NONE] =
			"no rule covers opens on procfs: reading another process's memory there leaves no record",
		[COVERAGE_FAILURES] = "the rules see opens on procfs only where they were denied",
		[COVERAGE_SOME] = "the rules see opens on procfs only of some users, programs or entries",
		[COVERAGE_ALL] = "the rules see opens on procfs",
	};

	summary_note(summary, false, false, "%s: %s (%lu audit rules)", host, sayings[coverage->procfs],
		     (unsigned long)coverage->rules);
}

static void note_system_calls(const struct coverage *coverage, const char *host, struct summary *summary)
{
	bool ptrace = coverage->ptrace == COVERAGE_NONE, vm = coverage->process_vm == COVERAGE_NONE;
	bool pidfd = coverage->pidfd_getfd == COVERAGE_NONE;

	if (ptrace || vm || pidfd)
		summary_note(summary, false, false, "%s: no rule covers%s%s%s", host, ptrace ? " ptrace" : "",
			     vm ? " process_vm_readv" : "", pidfd ? " pidfd_getfd" : "");
}

void coverage_note(const struct coverage *coverage, const char *host, struct summary *summary)
{
	struct place_shown shown = place_shown(host && *host ? host : "a host");

	if (!coverage->listed)
		return;
	note_procfs(coverage, shown.text, summary);
	note_blindness(coverage, shown.text, summary);
	if (coverage->rules)
		note_system_calls(coverage, shown.text, summary);
}
