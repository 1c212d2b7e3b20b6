/*
 * The names that accesses go by in every output. Later tools rely on them:
 * a name that has been shown once does not change.
 */
#include "model/access.h"

#include <stdio.h>

const struct process process_unknown = {
	.pid = UNKNOWN_ID,
	.ppid = UNKNOWN_ID,
	.auid = UNKNOWN_ID,
	.uid = UNKNOWN_ID,
	.euid = UNKNOWN_ID,
	.ses = UNKNOWN_ID,
	.script_uid = UNKNOWN_ID,
	.start_ms = TIME_UNKNOWN,
};

static const char *const verb_names[] = {
	[VERB_OPEN] = "open",
	[VERB_PROCESS_VM_READV] = "process_vm_readv",
	[VERB_PROCESS_VM_WRITEV] = "process_vm_writev",
	[VERB_PTRACE] = "ptrace",
	[VERB_PIDFD_GETFD] = "pidfd_getfd",
	[VERB_EXEC] = "exec",
	[VERB_LOG] = "log",
	[VERB_WRITE] = "write",
};

static const char *const resolved_by_names[] = {
	[RESOLVED_NONE] = "none",   [RESOLVED_PATH] = "path",	  [RESOLVED_CWD] = "cwd",
	[RESOLVED_DIRFD] = "dirfd", [RESOLVED_FD] = "fd",	  [RESOLVED_INODE] = "inode",
	[RESOLVED_MOUNT] = "mount", [RESOLVED_CHROOT] = "chroot", [RESOLVED_ARGUMENT] = "argument",
	[RESOLVED_SELF] = "self",   [RESOLVED_DEVICE] = "device", [RESOLVED_COMMAND] = "command",
	[RESOLVED_HELD] = "held",   [RESOLVED_CHECK] = "check",
};

static const struct {
	struct span name;
	uint32_t mode;
	enum entry_tier tier;
	const char *gives;
} entries[ENTRY_COUNT] = {
#define ENTRY(id, name, mode, tier, gives) [ENTRY_##id] = { SPAN(name), mode, ENTRY_TIER_##tier, gives },
#include "model/entries.def"
#undef ENTRY
};

const char *verb_name(enum verb verb)
{
	return verb_names[verb];
}

uint64_t access_user(const struct access *access)
{
	const struct process *actor = &access->actor;
	bool is_unset = actor->auid == UNKNOWN_ID || actor->auid == (uint32_t)-1;

	return is_unset ? actor->uid : actor->auid;
}

const char *resolved_by_name(enum resolved_by how)
{
	return resolved_by_names[how];
}

const char *entry_name(enum entry entry)
{
	return entries[entry].name.data;
}

const char *entry_gives(enum entry entry)
{
	return entries[entry].gives;
}

enum entry_tier entry_tier(enum entry entry)
{
	return entries[entry].tier;
}

uint32_t entry_mode(enum entry entry)
{
	return entries[entry].mode;
}

enum entry entry_from_name(struct span name)
{
	for (unsigned entry = ENTRY_NONE + 1; entry < ENTRY_COUNT; entry++)
		if (span_equal(entries[entry].name, name))
			return (enum entry)entry;
	return ENTRY_NONE;
}

/* include/linux/errno.h: never seen by user space, but audit logs them as exit= of interrupted calls. */
static const char *kernel_errno_name(int number)
{
	static const char *const names[] = {
		"ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ENOIOCTLCMD", "ERESTART_RESTARTBLOCK",
	};

	return number >= 512 && number < 517 ? names[number - 512] : NULL;
}

const char *outcome_name(int outcome, char room[16])
{
	const char *name = NULL;

	if (outcome == 0)
		return "success";
	if (outcome < 0 && outcome >= -4095) {
		name = kernel_errno_name(-outcome);
		if (!name)
			name = strerrorname_np(-outcome);
	}
	if (name)
		return name;
	snprintf(room, 16, "%d", outcome);
	return room;
}

const char *access_action(const struct access *access)
{
	switch (access->verb) {
	case VERB_OPEN:
		return access->write ? "write" : "read";
	case VERB_PROCESS_VM_READV:
		return "read";
	case VERB_PROCESS_VM_WRITEV:
	case VERB_WRITE:
		return "write";
	case VERB_PTRACE:
		return "attach";
	case VERB_PIDFD_GETFD:
		return "copy";
	case VERB_EXEC:
		return "execute";
	case VERB_LOG:
		break;
	}
	return access->sighting == SIGHTING_CRASH ? "crash" : "log";
}

const char *seen_by_name(enum seen_by bit)
{
	switch (bit) {
	case SEEN_BY_AUDIT:
		return "audit";
	case SEEN_BY_AUDISP:
		return "audisp";
	case SEEN_BY_JOURNAL:
		return "journal";
	case SEEN_BY_FANOTIFY:
		return "fanotify";
	case SEEN_BY_BPF:
		return "bpf";
	case SEEN_BY_START:
		return "start";
	case SEEN_BY_END:
		break;
	}
	return NULL;
}

bool access_has_target(const struct access *access)
{
	const struct process *target = &access->target;

	return (access->sighting == SIGHTING_ACCESS && access->verb != VERB_WRITE) || target->pid != UNKNOWN_ID ||
	       target->comm.len || target->exe.len;
}

bool access_has_outcome(const struct access *access)
{
	return access->sighting == SIGHTING_ACCESS || access->sighting == SIGHTING_EXECUTION || access->syscall.len;
}
