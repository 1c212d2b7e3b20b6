#include "host/audit_print.h"

#include <libaudit.h>

#include "host/machine.h"

static void write_name(struct buffer *to, struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		buffer_add_byte(to, name.data[i] >= ' ' && name.data[i] <= '~' ? name.data[i] : '?');
}

static void write_head(const struct audit_print *print, struct buffer *to)
{
	const struct audit_scope *scope = &print->wish->scope;

	buffer_text(to, "# Kernel audit rules of proctor " PROCTOR_VERSION ": who reads other processes' memory.\n"
			"# To load them now: auditctl -R FILE. At every boot: keep them as\n"
			"# /etc/audit/rules.d/50-proctor.rules and run augenrules --load.\n");
	if (scope->exe || scope->has_uid || scope->has_auid || scope->pid)
		buffer_text(to, "# SCOPED: they see only what matches exe, uid, auid or pid below.\n");
}

static void write_procfs(const struct procfs_list *procfs, struct buffer *to)
{
	buffer_text(to,
		    "#\n# Instances of procfs and their minors. A new one, as of a new container, needs new rules:\n");
	for (size_t i = 0; i < procfs->count; i++) {
		buffer_printf(to, "#   %u  ", procfs->items[i].minor);
		write_name(to, span_of(procfs->items[i].where));
		if (procfs->items[i].pid)
			buffer_printf(to, " in the mounts of process %d", (int)procfs->items[i].pid);
		buffer_add_byte(to, '\n');
	}
	if (procfs->left_out)
		buffer_printf(to, "#   and %zu more, which are too many: these rules do not see them\n",
			      procfs->left_out);
	if (procfs->unreadable)
		buffer_printf(to, "#   The mounts of %zu processes could not be read: they may have others.\n",
			      procfs->unreadable);
}

static void write_targets(const struct audit_print *print, struct buffer *to)
{
	const struct audit_wish *wish = print->wish;

	buffer_text(to,
		    "#\n# Processes that hold credentials now. Those that start later are not watched: print or\n"
		    "# install the rules again when such processes start, and at every boot. Opens of files\n"
		    "# other than mem, maps, environ and task/, and asynchronous ones of io_uring, are not seen.\n");
	for (size_t i = 0; i < wish->target_count; i++) {
		buffer_printf(to, "#   %d  ", (int)wish->targets[i].pid);
		write_name(to, span_of(wish->targets[i].comm));
		buffer_add_byte(to, '\n');
	}
	if (!wish->target_count)
		buffer_text(to, "#   none\n");
	if (print->targets_left_out)
		buffer_printf(to, "#   and %zu more, which are too many: use the full profile\n",
			      print->targets_left_out);
}

static void write_settings(const struct audit_print *print, struct buffer *to)
{
	uint32_t limit = print->backlog_limit > AUDIT_BACKLOG_WANTED ? print->backlog_limit : AUDIT_BACKLOG_WANTED;

	buffer_printf(to, "\n# Room for a burst: one run of ps makes 428 events under the full profile.\n-b %u\n",
		      limit);
}

static void write_rule(const struct kernel_rule *rule, const char **why, struct buffer *to)
{
	if (rule->why && rule->why != *why)
		buffer_printf(to, "\n# %s\n", rule->why);
	*why = rule->why;
	if (rule->note)
		buffer_printf(to, "# %s\n#", rule->note);
	kernel_rule_write(rule, to);
	buffer_add_byte(to, '\n');
}

void audit_print_write(const struct audit_print *print, struct buffer *to)
{
	const char *why = NULL;

	write_head(print, to);
	if (print->wish->profile == AUDIT_PROFILE_FULL)
		write_procfs(print->wish->procfs, to);
	else
		write_targets(print, to);
	write_settings(print, to);
	for (size_t i = 0; i < print->rules->count; i++)
		write_rule(&print->rules->items[i], &why, to);
	if (print->enable)
		buffer_text(to, "\n# Turns auditing on.\n-e 1\n");
}
