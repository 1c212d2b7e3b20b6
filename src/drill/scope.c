#include "drill/scope.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/audit_lease.h"
#include "host/machine.h"

struct audit_lease *scope_take(struct err *err)
{
	struct procfs_list procfs = { 0 };
	struct audit_rules rules = { 0 };
	struct audit_lease *lease = NULL;
	struct audit_lease_options options = { .enable = true, .backlog_limit = AUDIT_BACKLOG_WANTED };
	struct audit_wish wish = {
		.profile = AUDIT_PROFILE_FULL,
		.scope = { .has_auid = true, .auid = SCOPE_LOGIN },
		.procfs = &procfs,
		.runs_32bit = machine_runs_32bit(),
	};

	if (procfs_find(&procfs, "/proc", err) >= 0 && audit_rules_build(&rules, &wish, err) >= 0)
		lease = audit_lease_take(&rules, &options, err);
	audit_rules_finish(&rules);
	return lease;
}

int scope_enter(struct err *err)
{
	char text[16];
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC),
	    len = snprintf(text, sizeof(text), "%d", SCOPE_LOGIN);
	ssize_t written = fd < 0 ? -1 : write(fd, text, (size_t)len);
	int number = -errno;

	if (fd >= 0)
		close(fd);
	if (written == len)
		return 0;
	return err_set(err, number,
		       "cannot take a login uid of our own, which audit rules for the drill alone need: %s; install "
		       "rules for the whole host (proctor rules audit --install) and use --host-rules",
		       strerror(-number));
}

int scope_release(struct audit_lease *lease, struct err *err)
{
	return audit_lease_release(lease, err);
}
