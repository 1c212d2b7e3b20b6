#include <argp.h>
#include <stdlib.h>

#include "cmd/argument.h"
#include "cmd/rules_audit.h"

/* Options without a letter. */
enum option_key {
	OPTION_PROFILE = 256,
	OPTION_EXE,
	OPTION_UID,
	OPTION_AUID,
	OPTION_PID,
	OPTION_INSTALL,
	OPTION_REMOVE,
	OPTION_ENABLE,
	OPTION_CHECK,
	OPTION_JSON,
};

static const struct argp_option options[] = {
	{ .doc = "What to do (the default: print the rules):", .group = 1 },
	{ "install", OPTION_INSTALL, NULL, 0, "Make the kernel's rules with proctor's keys equal to these", 1 },
	{ "remove", OPTION_REMOVE, NULL, 0, "Remove the rules with proctor's keys", 1 },
	{ "check", OPTION_CHECK, NULL, 0, "Tell what auditing on this host does not see, and why", 1 },

	{ .doc = "Which rules:", .group = 2 },
	{ "profile", OPTION_PROFILE, "PROFILE", 0,
	  "full (the default): every open on procfs; targeted: only of processes that hold credentials now", 2 },
	{ "exe", OPTION_EXE, "PATH", 0, "Rules that see only programs that run the file PATH", 2 },
	{ "uid", OPTION_UID, "N", 0, "Rules that see only processes of the user N", 2 },
	{ "auid", OPTION_AUID, "N", 0, "Rules that see only sessions of the user N", 2 },
	{ "pid", OPTION_PID, "N", 0, "Rules that see only the process N", 2 },
	{ "enable", OPTION_ENABLE, NULL, 0, "Turn auditing on, too: with --install, or as a line of what is printed",
	  2 },

	{ .doc = "Output:", .group = 3 },
	{ "json", OPTION_JSON, NULL, 0, "With --check: one JSON object a line", 3 },
	{ 0 },
};

static void set_action(struct rules_audit_arguments *arguments, enum rules_audit_action action,
		       const struct argp_state *state)
{
	if (arguments->action != RULES_AUDIT_PRINT && arguments->action != action)
		argp_error(state, "--install, --remove and --check: one at a time");
	arguments->action = action;
}

static int profile_from_name(const char *name)
{
	if (strcmp(name, "full") == 0)
		return AUDIT_PROFILE_FULL;
	return strcmp(name, "targeted") == 0 ? AUDIT_PROFILE_TARGETED : -1;
}

/* From 0 on, unlike argument_count: root's number is one. The last number means none. */
static uid_t user_number(const struct argp_state *state, const char *option, const char *text)
{
	uint64_t number = 0;
	size_t used = span_decimal(span_of(text), &number);

	if (!used || text[used] || number >= UINT32_MAX)
		argument_refuse(state, "%s: '%s' is no number of a user", option, text);
	return (uid_t)number;
}

static bool take_scope(int key, const char *text, struct audit_scope *scope, const struct argp_state *state)
{
	switch (key) {
	case OPTION_EXE:
		scope->exe = text;
		return true;
	case OPTION_UID:
		scope->uid = user_number(state, "--uid", text);
		return scope->has_uid = true;
	case OPTION_AUID:
		scope->auid = user_number(state, "--auid", text);
		return scope->has_auid = true;
	case OPTION_PID:
		scope->pid = (pid_t)argument_count(state, "--pid", text, INT32_MAX);
		return true;
	}
	return false;
}

static bool take_action(int key, struct rules_audit_arguments *arguments, const struct argp_state *state)
{
	switch (key) {
	case OPTION_INSTALL:
		set_action(arguments, RULES_AUDIT_INSTALL, state);
		return true;
	case OPTION_REMOVE:
		set_action(arguments, RULES_AUDIT_REMOVE, state);
		return true;
	case OPTION_CHECK:
		set_action(arguments, RULES_AUDIT_CHECK, state);
		return true;
	}
	return false;
}

static void check(const struct rules_audit_arguments *arguments, const struct argp_state *state)
{
	if (arguments->json && arguments->action != RULES_AUDIT_CHECK)
		argp_error(state, "--json goes with --check");
	if (arguments->enable && (arguments->action == RULES_AUDIT_REMOVE || arguments->action == RULES_AUDIT_CHECK))
		argp_error(state, "--enable goes with --install, or with rules that are printed");
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct rules_audit_arguments *arguments = state->input;

	switch (key) {
	case OPTION_PROFILE:
		arguments->profile = (enum audit_profile)argument_name(state, "--profile", text,
								       profile_from_name(text), "full, targeted");
		return 0;
	case OPTION_ENABLE:
		arguments->enable = true;
		return 0;
	case OPTION_JSON:
		arguments->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (strcmp(text, "check") != 0)
			argument_refuse(state, "'%s' is nothing that can be done: the one word is check", text);
		set_action(arguments, RULES_AUDIT_CHECK, state);
		return 0;
	case ARGP_KEY_SUCCESS:
		check(arguments, state);
		return 0;
	}
	if (take_scope(key, text, &arguments->scope, state) || take_action(key, arguments, state))
		return 0;
	return ARGP_ERR_UNKNOWN;
}

static const struct argp grammar = {
	.options = options,
	.parser = parse,
	.args_doc = "\ncheck",
	.doc = "Prints the kernel audit rules that show every access to another process's memory on this host, in "
	       "auditctl's syntax."
	       "\vExit status: 0 done, or nothing is unseen; 1 --check: something is unseen; 2 usage error, or the "
	       "kernel refuses.",
};

void rules_audit_arguments_parse(struct rules_audit_arguments *arguments, int argc, char **argv)
{
	*arguments = (struct rules_audit_arguments){ 0 };
	argp_err_exit_status = STATUS_ERROR;
	if (argp_parse(&grammar, argc, argv, 0, NULL, arguments) != 0)
		exit(STATUS_ERROR);
}
