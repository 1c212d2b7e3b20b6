/*
 * seccomp. What a scan does not need fails with EPERM, as if it were not
 * allowed to this user: a library that tries something new goes on without
 * it. What only an intruder would try ends the process.
 */
#include "engine/guard_parts.h"

#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const allowed[] = {
	/* files that are open */
	"read",
	"readv",
	"pread64",
	"write",
	"writev",
	"pwrite64",
	"lseek",
	"_llseek",
	"close",
	"ftruncate",
	"ftruncate64",
	"dup2",
	"dup3",
	"fadvise64",
	"fadvise64_64",
	"poll",
	"ppoll",
	"ppoll_time64",
	/* looking at files: Landlock does not know this, and it tells little to who knows the name already */
	"fstat",
	"fstat64",
	"fstatat64",
	"newfstatat",
	"stat",
	"stat64",
	"statx",
	/* memory */
	"brk",
	"munmap",
	"mremap",
	"madvise",
	"getrandom",
	"sysinfo",
	/* threads, time, signals, itself */
	"futex",
	"futex_time64",
	"rseq",
	"set_robust_list",
	"sched_yield",
	"sched_getaffinity",
	"clock_gettime",
	"clock_gettime64",
	"gettimeofday",
	"time",
	"restart_syscall",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sigreturn",
	"sigaltstack",
	"getrusage",
	"getpid",
	"gettid",
	"getuid",
	"geteuid",
	"getgid",
	"getegid",
	"exit",
	"exit_group",
};

/* What is received comes from sockets that sensors opened. */
static const char *const live[] = {
	"sendto",   "wait4", /* the steward */
	"recvfrom", "recvmsg", "recvmmsg", "recvmmsg_time64", "getsockopt", "fsync", "fdatasync",
};

/* Directories whose files come and go. */
static const char *const trees[] = {
	"getdents", "getdents64", "inotify_add_watch", "inotify_rm_watch", "fstatfs", "fstatfs64",
};

static const char *const deadly[] = {
	"execve",
	"execveat",
	"socket",
	"socketpair",
	"connect",
	"bind",
	"listen",
	"accept",
	"accept4",
	"ptrace",
	"process_vm_readv",
	"process_vm_writev",
	"pidfd_open",
	"pidfd_getfd",
	"setuid",
	"setgid",
	"setreuid",
	"setregid",
	"setresuid",
	"setresgid",
	"setgroups",
	"capset",
	"open_by_handle_at",
	"mount",
	"umount2",
	"pivot_root",
	"chroot",
	"unshare",
	"setns",
	"bpf",
	"perf_event_open",
	"userfaultfd",
	"io_uring_setup",
	"init_module",
	"finit_module",
	"kexec_load",
	"keyctl",
	"add_key",
	"request_key",
};

/* What this architecture or this libseccomp does not know stays with the default. */
static int add(scmp_filter_ctx filter, uint32_t action, const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	return number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, action, number, 0);
}

static int add_all(scmp_filter_ctx filter, uint32_t action, const char *const names[], size_t count)
{
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = add(filter, action, names[i]);
	return result;
}

/* Calls that are allowed for some values of one argument. */
struct condition {
	const char *name;
	unsigned argument;
	enum scmp_compare compare;
	uint64_t a, b;
};

#define WITHOUT(bits) SCMP_CMP_MASKED_EQ, (bits), 0 /* none of these bits is set */
#define EQUAL(value) SCMP_CMP_EQ, (value), 0
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY))

static const struct condition conditions[] = {
	{ "open", 1, WITHOUT(WRITING) },    { "openat", 2, WITHOUT(WRITING) },	   { "mmap", 2, WITHOUT(PROT_EXEC) },
	{ "mmap2", 2, WITHOUT(PROT_EXEC) }, { "mprotect", 2, WITHOUT(PROT_EXEC) }, { "fcntl", 1, EQUAL(F_GETFD) },
	{ "fcntl", 1, EQUAL(F_GETFL) },	    { "fcntl64", 1, EQUAL(F_GETFD) },	   { "fcntl64", 1, EQUAL(F_GETFL) },
	{ "ioctl", 1, EQUAL(TCGETS) }, /* isatty; not TIOCSTI, which types into the terminal */
	{ "ioctl", 1, EQUAL(TIOCGWINSZ) },  { "prctl", 0, EQUAL(PR_SET_VMA) }, /* newer C libraries name their memory */
};

/* libsystemd opens a journal's file without waiting for it, and then has its reads wait. */
static const struct condition tree_condition = { "fcntl", 1, EQUAL(F_SETFL) };

static int add_condition(scmp_filter_ctx filter, const struct condition *condition)
{
	struct scmp_arg_cmp compare = { condition->argument, condition->compare, condition->a, condition->b };
	int number = seccomp_syscall_resolve_name(condition->name);

	return number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &compare);
}

/*
 * A thread shares everything with us; a process, or a namespace, would need other flags. Those of clone3 lie in memory
 * where no filter looks, so the C library is told to do with clone.
 */
#define SHARED (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define APART                                                                                                      \
	(CLONE_VFORK | CLONE_PARENT | CLONE_PTRACE | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_IO)

static const struct condition thread_condition = { "clone", 0, SCMP_CMP_MASKED_EQ, SHARED | APART, SHARED };

static int add_threads(scmp_filter_ctx filter)
{
	int result = add(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3");

	return result ? result : add_condition(filter, &thread_condition);
}

static int fill(scmp_filter_ctx filter, const struct guard *guard)
{
	/* abort() signals the own process, by a number that is known only now */
	const struct condition abortion = { "tgkill", 0, EQUAL((uint64_t)getpid()) };
	/* The other instruction sets of this processor, i386 on amd64, are no way around. */
	int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (result == 0)
		result = add_all(filter, SCMP_ACT_ALLOW, allowed, sizeof(allowed) / sizeof(allowed[0]));
	if (result == 0 && guard->live)
		result = add_all(filter, SCMP_ACT_ALLOW, live, sizeof(live) / sizeof(live[0]));
	if (result == 0 && guard->threads)
		result = add_threads(filter);
	if (result == 0 && guard->tree_count)
		result = add_all(filter, SCMP_ACT_ALLOW, trees, sizeof(trees) / sizeof(trees[0]));
	if (result == 0)
		result = add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, sizeof(deadly) / sizeof(deadly[0]));
	if (result == 0 && guard->tree_count)
		result = add_condition(filter, &tree_condition);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]) && result == 0; i++)
		result = add_condition(filter, &conditions[i]);
	return result ? result : add_condition(filter, &abortion);
}

int guard_calls(const struct guard *guard, struct summary *summary, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int result = filter ? fill(filter, guard) : -ENOMEM;

	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	if (result == -EINVAL || result == -ENOSYS) {
		summary_note(summary, false, false,
			     "this kernel offers no seccomp filters: the scan was not kept from other system calls");
		return 0;
	}
	return result ? guard_refused(err, result, "seccomp") : 0;
}
