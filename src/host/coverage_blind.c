/* coverage_blind: rules that keep others from seeing anything. */
#include <libaudit.h>

#include "host/coverage.h"
#include "host/rule_command.h"
#include "host/rule_cover.h"

#define PROCFS_MAGIC 0x9fa0

/* Whether the rule's fields of that kind let the number through; *others says that it has other fields, too. */
static bool matches(const struct kernel_rule *rule, unsigned field, uint32_t number, bool *others)
{
	for (unsigned i = 0; i < rule->data->field_count; i++) {
		if (rule->data->fields[i] == AUDIT_FILTERKEY)
			continue;
		*others |= rule->data->fields[i] != field;
		if (rule->data->fields[i] == field &&
		    !rule_field_holds(number, rule->data->fieldflags[i], rule->data->values[i]))
			return false;
	}
	return true;
}

static bool has_conditions(const struct kernel_rule *rule)
{
	bool others = false;

	matches(rule, AUDIT_FILTERKEY, 0, &others);
	return others;
}

static void say_blind(struct gaps *gaps, enum gap_kind kind, const struct kernel_rule *rule, const char *unseen,
		      bool others)
{
	struct gap *gap = gaps_add(gaps, kind, GAP_RANK_GAP);

	if (!gap)
		return;
	buffer_text(&gap->unseen, unseen);
	if (others)
		buffer_text(&gap->unseen, ", where the rule's other conditions hold");
	kernel_rule_write(rule, &gap->evidence);
	rule_command_write(rule, "-d", &gap->mend);
	if (kind == GAP_TASK_NEVER)
		buffer_text(&gap->mend, ", and restart what has started since");
}

static void find_excluded(struct gaps *gaps, const struct kernel_rule *rule)
{
	static const struct {
		uint32_t type;
		const char *unseen;
	} types[] = {
		{ AUDIT_SYSCALL, "every access: SYSCALL records say who did it" },
		{ AUDIT_PATH, "what was opened: PATH records say it" },
		{ AUDIT_CWD, "what relative paths mean: CWD records say it" },
		{ AUDIT_EXECVE, "arguments of programs: EXECVE records hold them" },
		{ AUDIT_URINGOP, "who opens through io_uring: URINGOP records say it" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		bool others = false;
		if (matches(rule, AUDIT_MSGTYPE, types[i].type, &others))
			say_blind(gaps, GAP_EXCLUDED, rule, types[i].unseen, others);
	}
}

void coverage_find_blinding(const struct kernel_rule *rule, struct gaps *gaps)
{
	bool never = rule->data->action == AUDIT_NEVER, others = false;

	if (rule->data->flags == AUDIT_FILTER_EXCLUDE)
		find_excluded(gaps, rule);
	else if (rule->data->flags == AUDIT_FILTER_TASK && never)
		say_blind(gaps, GAP_TASK_NEVER, rule,
			  "anything that processes do which have started since the rule came", has_conditions(rule));
	else if (rule->data->flags == AUDIT_FILTER_FS && never && matches(rule, AUDIT_FSTYPE, PROCFS_MAGIC, &others))
		say_blind(gaps, GAP_FILESYSTEM_NEVER, rule,
			  "every open on procfs: no rule on a file there matches any more", others);
}
