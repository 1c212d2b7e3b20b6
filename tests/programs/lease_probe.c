/*
 * lease_probe FOLDER EXE: takes a lease on audit rules for programs that run
 * EXE, says "held ADDED REFUSED KEEPER CHILD", and gives it back when standard input ends. CHILD is a process that
 * has inherited all descriptors and outlives a killed lease_probe for a while.
 * lease_probe --recover FOLDER: undoes what a killed one left.
 * lease_probe --broken FOLDER EXE: tries to install, and to lease, rules of which the kernel refuses the last.
 */
#include <libaudit.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/audit_kernel.h"
#include "host/audit_lease.h"
#include "host/machine.h"

#define CHILD_SECONDS 30

static int recover(const char *folder)
{
	struct err err = { 0 };
	int result = audit_lease_recover(folder, &err);

	printf("recovered %d %s\n", result, err.text);
	return result < 0;
}

static void try_broken(struct audit_rules *rules, const char *folder, const char *exe)
{
	struct audit_lease_options options = { .directory = folder, .enable = true, .backlog_limit = 256 };
	struct audit_scope scope = { .exe = exe };
	struct audit_change change;
	struct err err = { 0 };

	struct kernel_rule *rule = audit_rules_add(rules, AUDIT_FILTER_EXIT, AUDIT_ALWAYS);
	kernel_rule_call(rule, 0);
	kernel_rule_text_field(rule, AUDIT_EXE, SPAN("/nonexistent/folder/program"));
	kernel_rule_text_field(rule, AUDIT_FILTERKEY, SPAN("proctor_exec"));
	int fd = audit_kernel_open(&err);
	printf("install %d ", audit_rules_install(fd, rules, &scope, &change, &err));
	printf("%zu %s\n", change.added, err.text);
	close(fd);
	struct audit_lease *lease = audit_lease_take(rules, &options, &err);
	printf("lease %s %s\n", lease ? "taken" : "refused", err.text);
	audit_lease_release(lease, NULL);
}

static int hold(const struct audit_rules *rules, const char *folder)
{
	struct audit_lease_options options = { .directory = folder, .enable = true, .backlog_limit = 256 };
	struct err err = { 0 };
	char byte;

	struct audit_lease *lease = audit_lease_take(rules, &options, &err);
	if (!lease) {
		printf("refused: %s\n", err.text);
		return 1;
	}
	pid_t child = fork();
	if (child == 0) {
		sleep(CHILD_SECONDS);
		_exit(0);
	}
	printf("held %zu %zu %d %d\n", audit_lease_added(lease), audit_lease_refused(lease),
	       (int)audit_lease_keeper(lease), (int)child);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	int result = audit_lease_release(lease, &err);
	printf("released %d %s\n", result, err.text);
	return result < 0;
}

int main(int argc, char **argv)
{
	struct audit_rules rules = { 0 };
	static struct procfs_list procfs;
	struct err err = { 0 };

	if (argc == 3 && strcmp(argv[1], "--recover") == 0)
		return recover(argv[2]);
	bool broken = argc == 4 && strcmp(argv[1], "--broken") == 0;
	if (argc != 3 && !broken)
		return 2;
	struct audit_wish wish = { .scope.exe = argv[argc - 1], .procfs = &procfs, .runs_32bit = machine_runs_32bit() };
	if (procfs_find(&procfs, "/proc", &err) < 0 || audit_rules_build(&rules, &wish, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	int status = 0;
	if (broken)
		try_broken(&rules, argv[2], argv[3]);
	else
		status = hold(&rules, argv[1]);
	audit_rules_finish(&rules);
	return status;
}
