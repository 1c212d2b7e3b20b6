#include "cmd/rules_audit.h"

#include <stdio.h>
#include <unistd.h>

#include "cmd/rules_audit_holders.h"
#include "cmd/tell.h"
#include "host/audit_kernel.h"
#include "host/audit_print.h"
#include "host/machine.h"
#include "host/targets.h"

#define ENABLED_LOCKED 2

/* Large, so not on the stack. */
struct auditing {
	struct rules_audit_arguments arguments;
	struct procfs_list procfs;
	struct target_list targets;
	struct audit_wish wish;
	struct audit_rules rules;
};

/* ---- the rules ---- */

static int find_targets(struct auditing *auditing, struct err *err)
{
	struct rules_audit_holders holders;
	int status = rules_audit_holders_open(&holders);

	if (status == 0 && targets_find(&auditing->targets, "/proc", rules_audit_holders_has, &holders, err) < 0) {
		tell("%s", err->text);
		status = STATUS_ERROR;
	}
	rules_audit_holders_close(&holders);
	return status;
}

static int build(struct auditing *auditing)
{
	const struct rules_audit_arguments *arguments = &auditing->arguments;
	struct err err = { 0 };

	if (arguments->profile == AUDIT_PROFILE_TARGETED && find_targets(auditing, &err))
		return STATUS_ERROR;
	auditing->wish = (struct audit_wish){
		.profile = arguments->profile,
		.scope = arguments->scope,
		.procfs = &auditing->procfs,
		.targets = auditing->targets.items,
		.target_count = auditing->targets.count,
		.runs_32bit = machine_runs_32bit(),
	};
	if (procfs_find(&auditing->procfs, "/proc", &err) == 0 &&
	    audit_rules_build(&auditing->rules, &auditing->wish, &err) == 0)
		return 0;
	tell("%s", err.text);
	return STATUS_ERROR;
}

/* ---- printing ---- */

/* A limit that is higher already must not be lowered by the file; without the capability, nobody knows. */
static uint32_t known_backlog_limit(void)
{
	struct audit_state state = { 0 };
	int fd = audit_kernel_open(NULL);

	if (fd < 0)
		return 0;
	audit_kernel_state(fd, &state, NULL);
	close(fd);
	return state.backlog_limit;
}

static int print(const struct auditing *auditing)
{
	const struct audit_print print = {
		.rules = &auditing->rules,
		.wish = &auditing->wish,
		.backlog_limit = known_backlog_limit(),
		.enable = auditing->arguments.enable,
		.targets_left_out = auditing->targets.left_out,
	};
	struct buffer text = { 0 };

	audit_print_write(&print, &text);
	if (text.failed)
		tell("cannot print the audit rules: memory is out");
	else
		fwrite(text.data, 1, text.len, stdout);
	int status = text.failed ? STATUS_ERROR : STATUS_NOTHING;
	buffer_finish(&text);
	return status;
}

/* ---- changing ---- */

static int check_locked(const struct audit_state *state, struct err *err)
{
	if (state->enabled != ENABLED_LOCKED)
		return 0;
	return err_set(err, -EPERM,
		       "the audit rules are locked until reboot (enabled 2): keep the rules as "
		       "/etc/audit/rules.d/50-proctor.rules (`proctor rules audit` prints them) and reboot");
}

static int set(int result, const char *what, struct err *err)
{
	return result < 0 ? err_set(err, result, "the rules are in, but %s failed: %s", what, strerror(-result)) : 0;
}

/* The backlog grows before records come. */
static int install(struct auditing *auditing, int fd, const struct audit_state *state, struct audit_change *change,
		   struct err *err)
{
	int result = audit_rules_install(fd, &auditing->rules, &auditing->arguments.scope, change, err);

	if (result == 0 && state->backlog_limit && state->backlog_limit < AUDIT_BACKLOG_WANTED)
		result =
			set(audit_kernel_set_backlog_limit(fd, AUDIT_BACKLOG_WANTED), "raising the backlog limit", err);
	if (result == 0 && auditing->arguments.enable && !state->enabled)
		result = set(audit_kernel_set_enabled(fd, 1), "turning auditing on", err);
	return result;
}

static void show_change(const struct auditing *auditing, const struct audit_change *change,
			const struct audit_state *state)
{
	bool removes = auditing->arguments.action == RULES_AUDIT_REMOVE;

	printf("audit rules: %zu added, %zu renewed, %zu kept, %zu removed\n", change->added, change->renewed,
	       change->kept, change->removed);
	if (change->refused)
		tell("this kernel has no audit filter for io_uring (it came with 5.16): opens through it are not seen");
	if (change->gone)
		tell("%zu rules were for processes that have ended meanwhile", change->gone);
	if (change->mixed)
		tell("%zu rules have a key of proctor's and one of somebody else's: left alone", change->mixed);
	if (!removes && !state->enabled && !auditing->arguments.enable)
		tell("auditing is off, so nothing is recorded: --enable or `auditctl -e 1` turns it on");
	if (removes && state->backlog_limit == AUDIT_BACKLOG_WANTED)
		tell("the backlog limit stays at %d, and auditing %s", AUDIT_BACKLOG_WANTED,
		     state->enabled ? "on" : "off");
}

static int change_kernel(struct auditing *auditing)
{
	struct audit_change change = { 0 };
	struct audit_state state = { 0 };
	struct err err = { 0 };
	int fd = audit_kernel_open(&err);
	int result = fd < 0 ? fd : audit_kernel_state(fd, &state, &err);

	if (result == 0)
		result = check_locked(&state, &err);
	if (result == 0 && auditing->arguments.action == RULES_AUDIT_INSTALL)
		result = install(auditing, fd, &state, &change, &err);
	else if (result == 0)
		result = audit_rules_remove_ours(fd, &auditing->arguments.scope, &change, &err);
	if (fd >= 0)
		close(fd);
	if (result < 0) {
		tell("%s", err.text);
		return STATUS_ERROR;
	}
	show_change(auditing, &change, &state);
	return STATUS_NOTHING;
}

static int act(struct auditing *auditing)
{
	switch (auditing->arguments.action) {
	case RULES_AUDIT_PRINT:
		return print(auditing);
	case RULES_AUDIT_INSTALL:
	case RULES_AUDIT_REMOVE:
		return change_kernel(auditing);
	case RULES_AUDIT_CHECK:
		return rules_audit_check(&auditing->arguments, &auditing->rules);
	}
	return STATUS_ERROR;
}

static int run(int argc, char **argv)
{
	static struct auditing auditing;
	int status = 0;

	rules_audit_arguments_parse(&auditing.arguments, argc, argv);
	if (auditing.arguments.action != RULES_AUDIT_REMOVE)
		status = build(&auditing);
	if (status == 0)
		status = act(&auditing);
	audit_rules_finish(&auditing.rules);
	return status;
}

const struct command rules_audit = {
	.name = "audit",
	.summary = "the kernel's audit rules for this host: print, install, remove, check",
	.run = run,
};
