/* Landlock, by its system calls: see the kernel's Documentation/userspace-api/landlock.rst. */
#include "engine/guard_parts.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the header of a newer kernel has it: the one we are compiled with may be older than the one we run on. */
struct ruleset {
	uint64_t files; /* handled_access_fs */
	uint64_t ports; /* handled_access_net, since ABI 4 */
	uint64_t scope; /* since ABI 6 */
};

/* What is handled, and so denied where no rule allows it. */
static struct ruleset everything(long abi)
{
	enum { FIRST_ABI = 13, REFER, TRUNCATE, IOCTL_DEV };
	unsigned rights = abi >= 5 ? IOCTL_DEV : abi >= 3 ? TRUNCATE : abi >= 2 ? REFER : FIRST_ABI;

	return (struct ruleset){
		.files = (UINT64_C(1) << rights) - 1,
		.ports = 3, /* bind and connect, TCP */
		.scope = 3, /* abstract sockets and signals of processes outside */
	};
}

static size_t ruleset_size(long abi)
{
	return abi >= 6	  ? sizeof(struct ruleset)
	       : abi >= 4 ? offsetof(struct ruleset, scope)
			  : offsetof(struct ruleset, ports);
}

/* A file that vanished since is no matter: it can be read no more, which is told when it is its turn. */
static int allow(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = rights,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};

	if (rule.parent_fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : 0;
	int result = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) ? -errno : 0;
	close(rule.parent_fd);
	return result;
}

/* READ_DIR means nothing for a file, and is refused for one. */
static uint64_t tree_rights(const char *path)
{
	struct stat st;
	bool directory = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	return LANDLOCK_ACCESS_FS_READ_FILE | (directory ? LANDLOCK_ACCESS_FS_READ_DIR : 0);
}

int guard_files(const struct guard *guard, struct summary *summary, struct err *err)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	int result = 0;

	if (abi < 1) {
		summary_note(summary, false, false,
			     "this kernel offers no Landlock: the scan was not kept from opening other files");
		return 0;
	}
	struct ruleset attributes = everything(abi);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, ruleset_size(abi), 0);
	if (ruleset < 0)
		return guard_refused(err, errno, "Landlock's ruleset");
	for (size_t i = 0; i < guard->read_count && result == 0; i++)
		result = allow(ruleset, guard->read_paths[i], LANDLOCK_ACCESS_FS_READ_FILE);
	for (size_t i = 0; i < guard->tree_count && result == 0; i++)
		result = allow(ruleset, guard->read_trees[i], tree_rights(guard->read_trees[i]));
	if (result)
		guard_refused(err, result, "Landlock's rules");
	else if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		result = guard_refused(err, errno, "Landlock");
	close(ruleset);
	return result;
}
