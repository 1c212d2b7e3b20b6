/*
 * One pass over the lines: a rule is words; what matters of them is its list,
 * its action, its system calls, and whether its fields leave procfs in.
 */
#include "source/coverage.h"

#include "source/place.h"

#define SYSCALLS_OPEN 1u
#define SYSCALLS_PTRACE 2u
#define SYSCALLS_PROCESS_VM 4u
#define SYSCALLS_PIDFD_GETFD 8u
#define SYSCALLS_ALL 15u

struct rule {
	struct span list; /* exit, filesystem, task, exclude, user; empty: a watch, or no rule */
	bool never;
	bool has_syscalls;
	unsigned syscalls;
	bool failures;	/* exit=-…, success=0 */
	bool succeeds;	/* success=1, exit=0, exit>=0 */
	bool narrowed;	/* by user, program, … */
	bool elsewhere; /* names an object that is not procfs */
	bool on_procfs; /* names procfs or a part of it */
	bool part_of_procfs;
	bool reads; /* perm holds r, or there is no perm */
	struct span msgtype;
	bool procfs_type; /* fstype=0x9fa0 */
};

static struct span next_word(struct span *line)
{
	struct span s = span_trim(*line);
	size_t len = 0;

	while (len < s.len && s.data[len] != ' ' && s.data[len] != '\t')
		len++;
	*line = span_skip(s, len);
	return span_first(s, len);
}

static bool is_one_of(struct span word, const char *const *names)
{
	for (; *names; names++)
		if (span_equal(word, span_of(*names)))
			return true;
	return false;
}

static unsigned syscalls_of(struct span word)
{
	static const char *const opens[] = { "open", "openat", "openat2", "open_by_handle_at", NULL };
	static const char *const vms[] = { "process_vm_readv", "process_vm_writev", NULL };

	if (span_equal(word, SPAN("all")))
		return SYSCALLS_ALL;
	if (is_one_of(word, opens))
		return SYSCALLS_OPEN;
	if (is_one_of(word, vms))
		return SYSCALLS_PROCESS_VM;
	if (span_equal(word, SPAN("ptrace")))
		return SYSCALLS_PTRACE;
	return span_equal(word, SPAN("pidfd_getfd")) ? SYSCALLS_PIDFD_GETFD : 0;
}

static void take_syscalls(struct rule *rule, struct span list)
{
	rule->has_syscalls = true;
	while (list.len) {
		size_t comma = span_index(list, ',');
		rule->syscalls |= syscalls_of(span_first(list, comma));
		list = span_skip(list, comma + 1);
	}
}

/* always,exit and exit,always mean the same. */
static void take_list(struct rule *rule, struct span word)
{
	size_t comma = span_index(word, ',');
	struct span left = span_first(word, comma), right = span_skip(word, comma + 1);
	bool action_first = span_equal(left, SPAN("always")) || span_equal(left, SPAN("never"));

	rule->list = action_first ? right : left;
	rule->never = span_equal(action_first ? left : right, SPAN("never"));
}

/* "/proc", "/proc/", "/": all of procfs; "/proc/…": a part. */
static void take_path(struct rule *rule, struct span path)
{
	while (path.len > 1 && path.data[path.len - 1] == '/')
		path.len--;
	bool whole = span_equal(path, SPAN("/proc")) || span_equal(path, SPAN("/"));
	rule->on_procfs |= whole || span_starts(path, SPAN("/proc/"));
	rule->part_of_procfs |= !whole && span_starts(path, SPAN("/proc/"));
	rule->elsewhere |= !whole && !span_starts(path, SPAN("/proc/"));
}

static void take_exit(struct rule *rule, struct span op, struct span value)
{
	bool negative = value.len && value.data[0] == '-';

	if (span_equal(op, SPAN("=")) || span_equal(op, SPAN("<")) || span_equal(op, SPAN("<=")))
		rule->failures |= negative;
	if (!negative && (op.data[0] == '=' || op.data[0] == '>'))
		rule->succeeds = true;
}

static void take_field(struct rule *rule, struct span field)
{
	size_t at = 0;

	while (at < field.len && !memchr("=!<>&", field.data[at], 5))
		at++;
	struct span name = span_first(field, at), op = span_skip(field, at);
	size_t op_len = 0;
	while (op_len < op.len && memchr("=!<>&", op.data[op_len], 5))
		op_len++;
	struct span value = span_skip(op, op_len);
	op.len = op_len;
	if (op_len == 0)
		return;
	static const char *const harmless[] = { "arch", "key", "filetype", NULL };
	if (span_equal(name, SPAN("dir")) || span_equal(name, SPAN("path")) || span_equal(name, SPAN("watch")))
		take_path(rule, value);
	else if (span_equal(name, SPAN("perm")))
		rule->reads = span_index(value, 'r') < value.len;
	else if (span_equal(name, SPAN("exit")))
		take_exit(rule, op, value);
	else if (span_equal(name, SPAN("success")))
		*(span_equal(value, SPAN("0")) || span_equal(value, SPAN("no")) ? &rule->failures : &rule->succeeds) =
			true;
	else if (span_equal(name, SPAN("msgtype")))
		rule->msgtype = value;
	else if (span_equal(name, SPAN("fstype")))
		rule->procfs_type = span_equal(value, SPAN("0x9fa0")) || span_equal(value, SPAN("0x9FA0")) ||
				    span_equal(value, SPAN("40864"));
	else if (span_equal(name, SPAN("devminor")))
		rule->on_procfs = true; /* which device that is the host alone knows */
	else if (span_equal(name, SPAN("devmajor")))
		rule->elsewhere |= !span_equal(value, SPAN("0"));
	else if (!is_one_of(name, harmless))
		rule->narrowed = true;
}

static struct rule rule_of(struct span line)
{
	struct rule rule = { .reads = true };

	while (line.len) {
		struct span word = next_word(&line);
		if (word.len != 2 || word.data[0] != '-')
			continue;
		struct span value = next_word(&line);
		switch (word.data[1]) {
		case 'a':
		case 'A':
			take_list(&rule, value);
			break;
		case 'S':
			take_syscalls(&rule, value);
			break;
		case 'F':
			take_field(&rule, value);
			break;
		case 'C':
			rule.narrowed = true;
			break;
		case 'w':
			rule.list = SPAN("exit");
			take_path(&rule, value);
			break;
		case 'p':
			rule.reads = span_index(value, 'r') < value.len;
			break;
		}
	}
	if (!rule.has_syscalls)
		rule.syscalls = SYSCALLS_ALL;
	return rule;
}

static void raise_level(enum coverage_level *level, enum coverage_level to)
{
	*level = *level > to ? *level : to;
}

static void take_exit_rule(struct coverage *coverage, const struct rule *rule)
{
	bool object = rule->elsewhere || rule->on_procfs;
	bool plain = !object && !rule->narrowed && !rule->failures && !rule->succeeds;

	if (rule->never) {
		coverage->blind_exit |= plain && (rule->syscalls & SYSCALLS_OPEN) && coverage->procfs == COVERAGE_NONE;
		return;
	}
	enum coverage_level level = rule->narrowed ? COVERAGE_SOME : COVERAGE_ALL;
	level = rule->failures ? COVERAGE_FAILURES : level;
	bool opens = !rule->elsewhere && rule->reads && (rule->syscalls & SYSCALLS_OPEN) && !coverage->blind_exit;
	if (opens)
		raise_level(&coverage->procfs, level == COVERAGE_ALL && rule->part_of_procfs ? COVERAGE_SOME : level);
	if (object)
		return;
	if (rule->syscalls & SYSCALLS_PTRACE)
		raise_level(&coverage->ptrace, level);
	if (rule->syscalls & SYSCALLS_PROCESS_VM)
		raise_level(&coverage->process_vm, level);
	if (rule->syscalls & SYSCALLS_PIDFD_GETFD)
		raise_level(&coverage->pidfd_getfd, level);
}

static void take_rule(struct coverage *coverage, const struct rule *rule)
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
		struct rule rule = rule_of(line);
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
