/*
 * lease_probe FOLDER EXE: takes a lease on audit rules for programs that run
 * EXE, says "held ADDED REFUSED KEEPER", and gives it back when standard input ends.
 * lease_probe --recover FOLDER: undoes what a killed one left.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/audit_lease.h"
#include "host/machine.h"

static int recover(const char *folder)
{
	struct err err = { 0 };
	int result = audit_lease_recover(folder, &err);

	printf("recovered %d %s\n", result, err.text);
	return result < 0;
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
	printf("held %zu %zu %d\n", audit_lease_added(lease), audit_lease_refused(lease),
	       (int)audit_lease_keeper(lease));
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
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
	if (argc != 3)
		return 2;
	struct audit_wish wish = { .scope.exe = argv[2], .procfs = &procfs, .runs_32bit = machine_runs_32bit() };
	if (procfs_find(&procfs, "/proc", &err) < 0 || audit_rules_build(&rules, &wish, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	int status = hold(&rules, argv[1]);
	audit_rules_finish(&rules);
	return status;
}
