#include "source/audit_rule.h"

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
		return AUDIT_RULE_ALL;
	if (is_one_of(word, opens))
		return AUDIT_RULE_OPEN;
	if (is_one_of(word, vms))
		return AUDIT_RULE_PROCESS_VM;
	if (span_equal(word, SPAN("ptrace")))
		return AUDIT_RULE_PTRACE;
	return span_equal(word, SPAN("pidfd_getfd")) ? AUDIT_RULE_PIDFD_GETFD : 0;
}

static void take_syscalls(struct audit_rule *rule, struct span list)
{
	rule->has_syscalls = true;
	while (list.len) {
		size_t comma = span_index(list, ',');
		rule->syscalls |= syscalls_of(span_first(list, comma));
		list = span_skip(list, comma + 1);
	}
}

/* always,exit and exit,always mean the same. */
static void take_list(struct audit_rule *rule, struct span word)
{
	size_t comma = span_index(word, ',');
	struct span left = span_first(word, comma), right = span_skip(word, comma + 1);
	bool action_first = span_equal(left, SPAN("always")) || span_equal(left, SPAN("never"));

	rule->list = action_first ? right : left;
	rule->never = span_equal(action_first ? left : right, SPAN("never"));
}

/* "/proc", "/proc/", "/": all of procfs; "/proc/…": a part. */
static void take_path(struct audit_rule *rule, struct span path)
{
	while (path.len > 1 && path.data[path.len - 1] == '/')
		path.len--;
	bool whole = span_equal(path, SPAN("/proc")) || span_equal(path, SPAN("/"));
	rule->on_procfs |= whole || span_starts(path, SPAN("/proc/"));
	rule->part_of_procfs |= !whole && span_starts(path, SPAN("/proc/"));
	rule->elsewhere |= !whole && !span_starts(path, SPAN("/proc/"));
}

static void take_exit(struct audit_rule *rule, struct span op, struct span value)
{
	bool negative = value.len && value.data[0] == '-';

	if (span_equal(op, SPAN("=")) || span_equal(op, SPAN("<")) || span_equal(op, SPAN("<=")))
		rule->failures |= negative;
	if (!negative && (op.data[0] == '=' || op.data[0] == '>'))
		rule->succeeds = true;
}

static bool is_operator(char c)
{
	return c == '=' || c == '!' || c == '<' || c == '>' || c == '&';
}

/* name, operator, value. */
struct field {
	struct span name, op, value;
};

static struct field field_of(struct span text)
{
	struct field field = { .name = text };
	size_t at = 0;

	while (at < text.len && !is_operator(text.data[at]))
		at++;
	field.name.len = at;
	field.op = span_skip(text, at);
	while (at < text.len && is_operator(text.data[at]))
		at++;
	field.value = span_skip(text, at);
	field.op.len -= field.value.len;
	return field;
}

static void take_outcome(struct audit_rule *rule, const struct field *field)
{
	bool failed = span_equal(field->value, SPAN("0")) || span_equal(field->value, SPAN("no"));

	if (span_equal(field->name, SPAN("exit")))
		take_exit(rule, field->op, field->value);
	else
		*(failed ? &rule->failures : &rule->succeeds) = true;
}

static bool is_procfs(struct span magic)
{
	return span_equal_nocase(magic, SPAN("0x9fa0")) || span_equal(magic, SPAN("40864"));
}

static void take_field(struct audit_rule *rule, struct span text)
{
	static const char *const paths[] = { "dir", "path", "watch", NULL };
	static const char *const outcomes[] = { "exit", "success", NULL };
	static const char *const harmless[] = { "arch", "key", "filetype", NULL };
	struct field field = field_of(text);

	if (field.op.len == 0 || is_one_of(field.name, harmless))
		return;
	if (is_one_of(field.name, paths))
		take_path(rule, field.value);
	else if (is_one_of(field.name, outcomes))
		take_outcome(rule, &field);
	else if (span_equal(field.name, SPAN("perm")))
		rule->reads = span_index(field.value, 'r') < field.value.len;
	else if (span_equal(field.name, SPAN("msgtype")))
		rule->msgtype = field.value;
	else if (span_equal(field.name, SPAN("fstype")))
		rule->procfs_type = is_procfs(field.value);
	else if (span_equal(field.name, SPAN("devminor")))
		rule->on_procfs = true; /* which device that is the host alone knows */
	else if (span_equal(field.name, SPAN("devmajor")))
		rule->elsewhere |= !span_equal(field.value, SPAN("0"));
	else
		rule->narrowed = true;
}

static void take_option(struct audit_rule *rule, char option, struct span value)
{
	switch (option) {
	case 'a':
	case 'A':
		take_list(rule, value);
		break;
	case 'S':
		take_syscalls(rule, value);
		break;
	case 'F':
		take_field(rule, value);
		break;
	case 'C':
		rule->narrowed = true;
		break;
	case 'w':
		rule->list = SPAN("exit");
		take_path(rule, value);
		break;
	case 'p':
		rule->reads = span_index(value, 'r') < value.len;
		break;
	default:
		break;
	}
}

struct audit_rule audit_rule_of(struct span line)
{
	struct audit_rule rule = { .reads = true };

	while (line.len) {
		struct span word = next_word(&line);
		if (word.len == 2 && word.data[0] == '-')
			take_option(&rule, word.data[1], next_word(&line));
	}
	if (!rule.has_syscalls)
		rule.syscalls = AUDIT_RULE_ALL;
	return rule;
}
