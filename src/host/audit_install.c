/*
 * audit_install: from the rules that are there to the rules that are wanted.
 *
 *	add what is missing; renew what names a process's files; remove what is ours and superfluous
 *
 * Every step is noted, and a failure takes the steps back in reverse, so that
 * the kernel ends with all of it or with what it had.
 */
#include <libaudit.h>
#include <stdlib.h>

#include "host/audit_kernel.h"

enum step_kind { STEP_ADDED, STEP_REMOVED };

struct step {
	enum step_kind kind;
	const struct kernel_rule *rule;
};

struct installing {
	int fd;
	const struct audit_rules *wanted;
	const struct audit_scope *scope;
	struct audit_rules present;
	struct step *steps;
	size_t step_count;
	struct audit_change *change;
	struct err *err;
};

static const struct kernel_rule *find_rule(const struct audit_rules *rules, const struct kernel_rule *like)
{
	for (size_t i = 0; i < rules->count; i++)
		if (kernel_rule_equal(&rules->items[i], like))
			return &rules->items[i];
	return NULL;
}

static bool has_number(const struct kernel_rule *rule, unsigned field, uint32_t value)
{
	for (unsigned i = 0; i < rule->data->field_count; i++)
		if (rule->data->fields[i] == field && rule->data->fieldflags[i] == AUDIT_EQUAL &&
		    rule->data->values[i] == value)
			return true;
	return false;
}

static bool has_exe(const struct kernel_rule *rule, struct span exe)
{
	for (unsigned i = 0; i < rule->data->field_count; i++)
		if (rule->data->fields[i] == AUDIT_EXE && rule->data->fieldflags[i] == AUDIT_EQUAL &&
		    span_equal(kernel_rule_text(rule, i), exe))
			return true;
	return false;
}

static bool has_field(const struct kernel_rule *rule, unsigned field)
{
	for (unsigned i = 0; i < rule->data->field_count; i++)
		if (rule->data->fields[i] == field)
			return true;
	return false;
}

/* Without a limit in the scope, a rule with that limit is of another scope. */
static bool is_of_scope(const struct audit_scope *scope, const struct kernel_rule *rule)
{
	return (scope->exe ? has_exe(rule, span_of(scope->exe)) : !has_field(rule, AUDIT_EXE)) &&
	       (scope->has_uid ? has_number(rule, AUDIT_UID, scope->uid) : !has_field(rule, AUDIT_UID)) &&
	       (scope->has_auid ? has_number(rule, AUDIT_LOGINUID, scope->auid) : !has_field(rule, AUDIT_LOGINUID)) &&
	       (scope->pid ? has_number(rule, AUDIT_PID, (uint32_t)scope->pid) : !has_field(rule, AUDIT_PID));
}

/*
 * A rule on a path knows the file by its inode, and those of a process that
 * ended are another's when its number comes again.
 */
static bool goes_stale(const struct kernel_rule *rule)
{
	return has_field(rule, AUDIT_WATCH) || has_field(rule, AUDIT_DIR);
}

/* ---- steps ---- */

static void note_step(struct installing *installing, enum step_kind kind, const struct kernel_rule *rule)
{
	installing->steps[installing->step_count++] = (struct step){ kind, rule };
}

static int add(struct installing *installing, const struct kernel_rule *rule)
{
	int result = audit_kernel_add(installing->fd, rule);

	if (result == -EEXIST)
		return 0;
	if (result == -EINVAL && rule->data->flags == KERNEL_RULE_LIST_URING) {
		installing->change->refused++;
		return 0;
	}
	if (result == -ENOENT && goes_stale(rule)) {
		installing->change->gone++;
		return 0;
	}
	if (result < 0)
		return audit_kernel_refused(result, "add", rule, installing->err);
	note_step(installing, STEP_ADDED, rule);
	return 1;
}

static int remove_rule(struct installing *installing, const struct kernel_rule *rule)
{
	int result = audit_kernel_delete(installing->fd, rule);

	if (result == -ENOENT)
		return 0;
	if (result < 0)
		return audit_kernel_refused(result, "remove", rule, installing->err);
	note_step(installing, STEP_REMOVED, rule);
	return 1;
}

static void take_back(struct installing *installing)
{
	while (installing->step_count) {
		const struct step *step = &installing->steps[--installing->step_count];
		if (step->kind == STEP_ADDED)
			audit_kernel_delete(installing->fd, step->rule);
		else
			audit_kernel_add(installing->fd, step->rule);
	}
}

/* ---- the two directions ---- */

static int put(struct installing *installing, const struct kernel_rule *rule)
{
	const struct kernel_rule *present = find_rule(&installing->present, rule);
	struct audit_change *change = installing->change;
	int result = 1;

	if (present && !goes_stale(rule)) {
		change->kept++;
		return 0;
	}
	if (present)
		result = remove_rule(installing, present);
	if (result >= 0)
		result = add(installing, rule);
	if (result > 0)
		*(present ? &change->renewed : &change->added) += 1;
	return result < 0 ? result : 0;
}

static int put_all(struct installing *installing)
{
	int result = 0;

	for (size_t i = 0; installing->wanted && i < installing->wanted->count && result == 0; i++)
		result = put(installing, &installing->wanted->items[i]);
	return result;
}

static int drop_superfluous(struct installing *installing)
{
	int result = 0;

	for (size_t i = installing->present.count; i-- && result >= 0;) {
		const struct kernel_rule *rule = &installing->present.items[i];
		enum kernel_rule_owner owner = kernel_rule_owner(rule);
		bool in_scope = owner != KERNEL_RULE_OTHERS && is_of_scope(installing->scope, rule);
		installing->change->mixed += in_scope && owner == KERNEL_RULE_SHARED;
		if (!in_scope || owner != KERNEL_RULE_OURS ||
		    (installing->wanted && find_rule(installing->wanted, rule)))
			continue;
		result = remove_rule(installing, rule);
		installing->change->removed += result > 0;
	}
	return result < 0 ? result : 0;
}

static int change_rules(struct installing *installing)
{
	int result = audit_kernel_list(installing->fd, &installing->present, installing->err);
	size_t wanted = installing->wanted ? installing->wanted->count : 0;

	if (result < 0)
		return result;
	/* At most one removal of each rule that is there, and one addition of each that is wanted. */
	installing->steps = calloc(installing->present.count + wanted + 1, sizeof(*installing->steps));
	if (!installing->steps)
		return err_set(installing->err, -ENOMEM, "cannot change the audit rules: memory is out");
	result = put_all(installing);
	if (result == 0)
		result = drop_superfluous(installing);
	if (result < 0)
		take_back(installing);
	return result;
}

static int run(struct installing *installing)
{
	*installing->change = (struct audit_change){ 0 };
	int result = change_rules(installing);
	free(installing->steps);
	audit_rules_finish(&installing->present);
	if (result < 0)
		*installing->change = (struct audit_change){ 0 };
	return result;
}

int audit_rules_install(int fd, const struct audit_rules *rules, const struct audit_scope *scope,
			struct audit_change *change, struct err *err)
{
	struct installing installing = { .fd = fd, .wanted = rules, .scope = scope, .change = change, .err = err };

	return run(&installing);
}

int audit_rules_remove_ours(int fd, const struct audit_scope *scope, struct audit_change *change, struct err *err)
{
	struct installing installing = { .fd = fd, .scope = scope, .change = change, .err = err };

	return run(&installing);
}
