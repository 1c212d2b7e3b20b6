/*
 * One access to a decoy's memory, by one way in each command. What it reads it
 * throws away: the audit records are the product.
 *
 *   acc open PATH...              read the start of each path, whatever comes of it
 *   acc openat2 PID ENTRY         openat2 with an absolute path, then relative to a directory
 *   acc fork_read                 a child without execve opens its parent's mem
 *   acc fork_exec PROGRAM ENTRY   a child executes PROGRAM on its parent's ENTRY
 *   acc inherit PID ADDRESS       opens mem; a program executed by a child reads through the fd
 *   acc inherit_dirfd PID ENTRY   opens the directory; a program executed by a child opens ENTRY in it
 *   acc readfd FD ADDRESS         (the executed half of inherit)
 *   acc at FD ENTRY               (the executed half of inherit_dirfd)
 *   acc vm_writev PID ADDRESS     process_vm_writev of the bytes that are there already
 *   acc vm_readv PID ADDRESS
 *   acc pidfd_getfd PID FD        pidfd_open, pidfd_getfd, read
 *   acc open_tree PID ENTRY       open_tree(CLONE) on the directory, then open in it
 *   acc move_tree PID ENTRY DIR   the same tree, attached to DIR by move_mount, then open there
 *   acc over_self PID ENTRY       PID's directory mounted over one's own, then open of /proc/self/ENTRY
 *   acc in_root PID ENTRY         openat2 of "/ENTRY" with RESOLVE_IN_ROOT below the directory
 *   acc fsmount PID ENTRY         fsopen, fsconfig, fsmount of a second procfs, then open in it
 *   acc seize PID ADDRESS         PTRACE_SEIZE, INTERRUPT, PEEKDATA, DETACH
 *   acc attach PID                PTRACE_ATTACH, DETACH
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[256];

static int say(const char *what, long result)
{
	printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
	fflush(stdout);
	return result < 0;
}

static int take(int fd, const char *address)
{
	off_t at = address ? (off_t)strtoull(address, NULL, 0) : 0;

	return say("read", at ? pread(fd, buffer, sizeof(buffer), at) : read(fd, buffer, sizeof(buffer)));
}

static int open_paths(char **paths)
{
	for (; *paths; paths++) {
		int fd = (int)syscall(SYS_openat, AT_FDCWD, *paths, O_RDONLY);

		say(*paths, fd);
		if (fd >= 0) {
			take(fd, NULL);
			close(fd);
		}
	}
	return 0;
}

static int open_in(int directory, const char *entry)
{
	int fd = (int)syscall(SYS_openat, directory, entry, O_RDONLY);

	return say(entry, fd) || take(fd, NULL);
}

static int with_openat2(const char *pid, const char *entry)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC };
	char path[64];
	int fd, directory;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, entry);
	fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
	say("openat2", fd);
	how.flags = O_PATH | O_DIRECTORY;
	directory = (int)syscall(SYS_openat2, AT_FDCWD, "/proc", &how, sizeof(how));
	how.flags = O_RDONLY;
	how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
	snprintf(path, sizeof(path), "%s/%s", pid, entry);
	return say("openat2 beneath", syscall(SYS_openat2, directory, path, &how, sizeof(how)));
}

static int run_child(char *const argv[])
{
	pid_t child = fork();

	if (child == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	return waitpid(child, NULL, 0) < 0;
}

static int fork_read(void)
{
	static char secret[] = "DECOY-SECRET-of-the-parent";
	char path[64], address[32];

	if (fork() == 0) {
		int fd;

		snprintf(path, sizeof(path), "/proc/%d/mem", getppid());
		snprintf(address, sizeof(address), "%p", (void *)secret);
		fd = open(path, O_RDONLY);
		_exit(say(path, fd) || take(fd, address));
	}
	wait(NULL);
	return 0;
}

static int move_memory(int writing, const char *pid, const char *address)
{
	struct iovec here = { buffer, 32 };
	struct iovec there = { (void *)(uintptr_t)strtoull(address, NULL, 0), 32 };

	if (!writing)
		return say("process_vm_readv", syscall(SYS_process_vm_readv, atoi(pid), &here, 1, &there, 1, 0));
	/* Written back unchanged: the first 32 bytes of the planted secret. */
	memcpy(buffer, "DECOY-SECRET-not-a-real-password", 32);
	return say("process_vm_writev", syscall(SYS_process_vm_writev, atoi(pid), &here, 1, &there, 1, 0));
}

static int get_fd(const char *pid, const char *theirs)
{
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
	int fd = (int)syscall(SYS_pidfd_getfd, pidfd, atoi(theirs), 0);

	return say("pidfd_getfd", fd) || take(fd, NULL);
}

static int with_open_tree(const char *pid, const char *entry)
{
	char path[64];
	int tree;

	snprintf(path, sizeof(path), "/proc/%s", pid);
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	return say("open_tree", tree) || open_in(tree, entry);
}

static int private_mounts(void)
{
	return say("unshare", unshare(CLONE_NEWNS)) ||
	       say("private", mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static int move_tree(const char *pid, const char *entry, const char *directory)
{
	char path[256];
	int tree;

	snprintf(path, sizeof(path), "/proc/%s", pid);
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (private_mounts() || say("open_tree", tree) ||
	    say("move_mount", syscall(SYS_move_mount, tree, "", AT_FDCWD, directory, MOVE_MOUNT_F_EMPTY_PATH)))
		return 1;
	snprintf(path, sizeof(path), "%s/%s", directory, entry);
	return open_in(AT_FDCWD, path);
}

static int over_self(const char *pid, const char *entry)
{
	char path[64], own[64];

	snprintf(path, sizeof(path), "/proc/%s", pid);
	snprintf(own, sizeof(own), "/proc/%d", getpid());
	if (private_mounts() || say("mount", mount(path, own, NULL, MS_BIND, NULL)))
		return 1;
	snprintf(path, sizeof(path), "/proc/self/%s", entry);
	return open_in(AT_FDCWD, path);
}

static int in_root(const char *pid, const char *entry)
{
	struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT };
	char path[64];
	int directory;

	snprintf(path, sizeof(path), "/proc/%s", pid);
	directory = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof(path), "/%s", entry);
	return say("openat2", syscall(SYS_openat2, directory, path, &how, sizeof(how)));
}

static int with_fsmount(const char *pid, const char *entry)
{
	char path[64];
	int context = (int)syscall(SYS_fsopen, "proc", 0), mount;

	say("fsconfig", syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	mount = (int)syscall(SYS_fsmount, context, 0, 0);
	snprintf(path, sizeof(path), "%s/%s", pid, entry);
	return say("fsmount", mount) || open_in(mount, path);
}

static int trace(int seize, const char *pid, const char *address)
{
	pid_t target = atoi(pid);
	int failed = say("ptrace", ptrace(seize ? PTRACE_SEIZE : PTRACE_ATTACH, target, 0, 0));

	if (failed)
		return 1;
	if (seize)
		ptrace(PTRACE_INTERRUPT, target, 0, 0);
	waitpid(target, NULL, __WALL);
	if (address) {
		errno = 0;
		ptrace(PTRACE_PEEKDATA, target, (void *)(uintptr_t)strtoull(address, NULL, 0), 0);
		say("peek", errno ? -1 : 0);
	}
	return say("detach", ptrace(PTRACE_DETACH, target, 0, 0));
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *a = argc > 2 ? argv[2] : "", *b = argc > 3 ? argv[3] : "";
	char path[64];

#define is(name) (!strcmp(what, name))
	if (is("open"))
		return open_paths(argv + 2);
	if (is("openat2"))
		return with_openat2(a, b);
	if (is("fork_read"))
		return fork_read();
	if (is("fork_exec")) {
		snprintf(path, sizeof(path), "/proc/%d/%s", getpid(), b);
		return run_child((char *[]){ (char *)a, path, NULL });
	}
	if (is("inherit")) {
		snprintf(path, sizeof(path), "/proc/%s/mem", a);
		int fd = open(path, O_RDONLY);
		snprintf(path, sizeof(path), "%d", fd);
		return say("open", fd) || run_child((char *[]){ argv[0], "readfd", path, (char *)b, NULL });
	}
	if (is("inherit_dirfd")) {
		snprintf(path, sizeof(path), "/proc/%s", a);
		int fd = open(path, O_RDONLY | O_DIRECTORY);
		snprintf(path, sizeof(path), "%d", fd);
		return say("open", fd) || run_child((char *[]){ argv[0], "at", path, (char *)b, NULL });
	}
	if (is("readfd"))
		return take(atoi(a), b);
	if (is("at"))
		return open_in(atoi(a), b);
	if (is("vm_readv") || is("vm_writev"))
		return move_memory(is("vm_writev"), a, b);
	if (is("pidfd_getfd"))
		return get_fd(a, b);
	if (is("open_tree"))
		return with_open_tree(a, b);
	if (is("move_tree"))
		return move_tree(a, b, argc > 4 ? argv[4] : "/mnt");
	if (is("over_self"))
		return over_self(a, b);
	if (is("in_root"))
		return in_root(a, b);
	if (is("fsmount"))
		return with_fsmount(a, b);
	if (is("seize") || is("attach"))
		return trace(is("seize"), a, argc > 3 ? b : NULL);
	fprintf(stderr, "acc: no command %s\n", what);
	return 2;
}
