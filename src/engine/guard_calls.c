/*
 * seccomp. What a scan does not need fails with EPERM, as if it were not
 * allowed to this user: a library that tries something new goes on without
 * it. What only an intruder would try ends the process.
 */
#include "engine/guard_parts.h"

#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const allowed[] = {
	/* open files */
	"read", "readv", "pread64", "write", "writev", "pwrite64", "lseek", "_llseek", "close", "ftruncate",
	"ftruncate64", "fcntl", "fcntl64", "dup", "dup2", "dup3", "fadvise64", "poll", "ppoll", "ppoll_time64",
	/* looks at files; Landlock does not know these, and they give away names only to who knows them already */
	"fstat", "fstat64", "fstatat64", "newfstatat", "stat", "stat64", "statx",
	/* memory; mapping with PROT_EXEC is not among it */
	"brk", "munmap", "mremap", "madvise", "getrandom", "sysinfo",
	/* threads, time, signals */
	"futex", "futex_time64", "rseq", "set_robust_list", "sched_yield", "sched_getaffinity", "clock_gettime",
	"clock_gettime64", "clock_getres", "gettimeofday", "time", "nanosleep", "clock_nanosleep", "restart_syscall",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", "getrusage",
	/* itself */
	"getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "exit", "exit_group",
};

static const char *const deadly[] = {
	"execve", "execveat", "fork", "vfork",
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
	"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd", "kcmp", "process_madvise",
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
	"capset", "open_by_handle_at", "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_tree",
	"move_mount", "fsopen", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
	"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "keyctl", "add_key",
	"request_key", "memfd_create", "personality", "iopl", "ioperm", "reboot", "swapon", "modify_ldt",
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

/* Argument `index` has none of these bits. */
static int add_without(scmp_filter_ctx filter, const char *name, unsigned index, uint64_t bits)
{
	struct scmp_arg_cmp without = { .arg = index, .op = SCMP_CMP_MASKED_EQ, .datum_a = bits, .datum_b = 0 };

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1, &without);
}

static int add_equal(scmp_filter_ctx filter, const char *name, unsigned index, uint64_t value)
{
	struct scmp_arg_cmp equal = { .arg = index, .op = SCMP_CMP_EQ, .datum_a = value };

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1, &equal);
}

static int add_conditional(scmp_filter_ctx filter)
{
	const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
	int result = add_without(filter, "open", 1, writing);

	result = result ? result : add_without(filter, "openat", 2, writing);
	result = result ? result : add_without(filter, "mmap", 2, PROT_EXEC);
	result = result ? result : add_without(filter, "mmap2", 2, PROT_EXEC);
	result = result ? result : add_without(filter, "mprotect", 2, PROT_EXEC);
	result = result ? result : add_equal(filter, "ioctl", 1, TCGETS);
	result = result ? result : add_equal(filter, "ioctl", 1, TIOCGWINSZ);
	/* abort() */
	result = result ? result : add_equal(filter, "tgkill", 0, (uint64_t)getpid());
	/* glibc names the memory that it maps where the kernel can */
	return result ? result : add_equal(filter, "prctl", 0, PR_SET_VMA);
}

int guard_calls(struct summary *summary, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int result;

	if (!filter)
		return guard_refused(err, ENOMEM, "seccomp's filter");
	/* The other instruction sets of this processor, i386 on amd64, are no way around. */
	result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (result == 0)
		result = add_all(filter, SCMP_ACT_ALLOW, allowed, sizeof(allowed) / sizeof(allowed[0]));
	if (result == 0)
		result = add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, sizeof(deadly) / sizeof(deadly[0]));
	if (result == 0)
		result = add_conditional(filter);
	if (result)
		guard_refused(err, result, "seccomp's filter");
	else if ((result = seccomp_load(filter)) == -EINVAL || result == -ENOSYS) {
		summary_note(summary, false, false,
			     "this kernel offers no seccomp filters: the scan was not kept from other system calls");
		result = 0;
	} else if (result) {
		guard_refused(err, result, "seccomp");
	}
	seccomp_release(filter);
	return result;
}
