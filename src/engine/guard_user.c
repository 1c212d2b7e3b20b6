/*
 * Inputs are opened when it is their turn, and audit.log is root's alone. So
 * one capability stays, CAP_DAC_READ_SEARCH: it reads past permissions, and
 * only where some input needs that. Landlock says what it can reach.
 */
#include "engine/guard_parts.h"

#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534 /* the kernel's overflow uid: it owns nothing */

static uint64_t permitted(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) != 0)
		return 0;
	return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

/* Permitted and effective, nothing to inherit. */
static int set_capabilities(uint64_t set)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i].permitted = data[i].effective = (uint32_t)(set >> (32 * i));
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/* What no program could ever get back; without CAP_SETPCAP there is nothing to take. */
static void drop_bounding(void)
{
	for (unsigned long capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++)
		;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

/* A user namespace may have no other user than its root. */
static void become_nobody(struct summary *summary)
{
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0)
		summary_note(summary, false, false, "the scan could not change its user from root to nobody: %s",
			     strerror(errno));
	prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
}

/* access(2) asks for the real user, who has no capabilities unless it is root. */
static bool is_needed(const struct guard *guard)
{
	if (guard->tree_count) /* files that are not there yet: journals are root's */
		return true;
	for (size_t i = 0; i < guard->read_count; i++)
		if (access(guard->read_paths[i], R_OK) != 0)
			return true;
	return false;
}

int guard_user(const struct guard *guard, struct summary *summary, struct err *err)
{
	uint64_t had = permitted(), kept = 0;
	uid_t real, effective, saved;

	drop_bounding();
	if (getresuid(&real, &effective, &saved) == 0 && (real == 0 || effective == 0 || saved == 0))
		become_nobody(summary);
	if (had == 0)
		return 0;
	if (getuid() == 0 || is_needed(guard))
		kept = had & (UINT64_C(1) << CAP_DAC_READ_SEARCH);
	int result = set_capabilities(kept);
	return result ? guard_refused(err, result, "dropping capabilities") : 0;
}
