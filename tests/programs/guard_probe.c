/*
 * guard_probe [--free] INPUT NEIGHBOUR
 *
 * Confines itself as a scan of INPUT does, then tries to get out, one child
 * process an attempt. The parent is the decoy that the attempts are made on.
 * Prints "ATTEMPT<TAB>what came of it": "succeeded", the errno, or the signal
 * that killed it. With --free it does not confine itself: what fails then,
 * too, proves nothing. With --is-sanitized it tells by its exit status whether
 * it is a build that cannot be confined.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/guard.h"

static const char *input, *neighbour;
static char sibling[4096]; /* a name next to the input that is not there */
static volatile char secret[] = "what the decoy keeps in memory";
static struct sockaddr_in listening;
static pid_t decoy;
static struct {
	struct file_handle handle;
	unsigned char room[MAX_HANDLE_SZ];
} passwd; /* by its handle */

static int open_and_close(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int errno_of(long result)
{
	return result < 0 ? errno : 0;
}

/* ---- the attempts: 0 or an errno ---- */

static int read_input(void)
{
	char byte;
	int fd = open(input, O_RDONLY);

	return fd >= 0 && read(fd, &byte, 1) == 1 ? 0 : errno;
}

static int look_at_input(void)
{
	struct stat st;
	return errno_of(stat(input, &st));
}

static int read_passwd(void)
{
	return open_and_close("/etc/passwd", O_RDONLY);
}

static int read_shadow(void)
{
	return open_and_close("/etc/shadow", O_RDONLY);
}

static int read_by_proc_root(void)
{
	return open_and_close("/proc/self/root/etc/passwd", O_RDONLY);
}

static int read_neighbour(void)
{
	return open_and_close(neighbour, O_RDONLY);
}

static int read_directory(void)
{
	return open_and_close("/", O_RDONLY | O_DIRECTORY);
}

static int read_decoy_mem(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", decoy);
	return open_and_close(path, O_RDONLY);
}

static int write_input(void)
{
	return open_and_close(input, O_RDWR);
}

static int truncate_neighbour(void)
{
	return errno_of(truncate(neighbour, 1));
}

static int make_file(void)
{
	int result = open_and_close(sibling, O_WRONLY | O_CREAT | O_EXCL);

	return result ? result : errno_of(unlink(sibling));
}

static int make_unnamed_file(void)
{
	return open_and_close("/tmp", O_TMPFILE | O_RDWR);
}

static int make_directory(void)
{
	int result = errno_of(mkdir(sibling, 0700));

	return result ? result : errno_of(rmdir(sibling));
}

static int make_link(void)
{
	int result = errno_of(link(input, sibling));

	return result ? result : errno_of(unlink(sibling));
}

static int rename_input(void)
{
	int result = errno_of(rename(input, sibling));

	return result ? result : errno_of(rename(sibling, input));
}

static int change_mode(void)
{
	return errno_of(chmod(input, 0644));
}

static int make_socket(void)
{
	return errno_of(socket(AF_INET, SOCK_STREAM, 0));
}

static int connect_loopback(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return errno_of(fd < 0 ? fd : connect(fd, (struct sockaddr *)&listening, sizeof(listening)));
}

static int make_socketpair(void)
{
	int fds[2];
	return errno_of(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
}

static int execute(void)
{
	execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
	return errno;
}

static int execute_memory(void)
{
	int fd = (int)syscall(SYS_memfd_create, "x", 0);
	char *arguments[] = { (char *)"x", NULL };

	if (fd >= 0 && write(fd, "#!/bin/sh\n", 10) == 10)
		fexecve(fd, arguments, arguments + 1);
	return errno;
}

static int start_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return errno_of(pid);
}

/* What came of it in the thread; an errno that nothing else gives when there was no thread. */
static int in_thread(void *(*run)(void *))
{
	pthread_t thread;
	void *result;

	if (pthread_create(&thread, NULL, run, NULL) != 0 || pthread_join(thread, &result) != 0)
		return ENOTRECOVERABLE;
	return (int)(intptr_t)result;
}

static void *do_nothing(void *context)
{
	return context;
}

static void *try_neighbour(void *context)
{
	return (void *)(intptr_t)read_neighbour();
}

static int start_thread(void)
{
	return in_thread(do_nothing);
}

static int read_neighbour_in_thread(void)
{
	return in_thread(try_neighbour);
}

/* The last argument of clone3 is in memory, where the filter does not look. */
static int start_process_by_clone3(void)
{
	uint64_t arguments[8] = { [4] = SIGCHLD };
	long pid = syscall(SYS_clone3, arguments, sizeof(arguments));

	if (pid == 0)
		_exit(0);
	return errno_of(pid);
}

/* A child that shares memory, as a thread does, and is none. */
static int start_sharing_process(void)
{
	static char stack[64 << 10];
	int pid = clone((int (*)(void *))(void *)do_nothing, stack + sizeof(stack), CLONE_VM | CLONE_FS | CLONE_FILES,
			NULL);

	return errno_of(pid);
}

static int start_in_namespace(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return errno_of(pid);
}

static int map_code(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? errno : 0;
}

static int attach_decoy(void)
{
	return errno_of(ptrace(PTRACE_SEIZE, decoy, NULL, NULL));
}

static int read_decoy_memory(void)
{
	char copy[sizeof(secret)];
	struct iovec here = { copy, sizeof(copy) }, there = { (void *)secret, sizeof(secret) };

	return errno_of(process_vm_readv(decoy, &here, 1, &there, 1, 0));
}

static int write_decoy_memory(void)
{
	char copy[sizeof(secret)] = "overwritten";
	struct iovec here = { copy, sizeof(copy) }, there = { (void *)secret, sizeof(secret) };

	return errno_of(process_vm_writev(decoy, &here, 1, &there, 1, 0));
}

static int open_pidfd(void)
{
	return errno_of(syscall(SYS_pidfd_open, decoy, 0));
}

static int signal_decoy(void)
{
	return errno_of(kill(decoy, SIGUSR1));
}

static int become_root(void)
{
	return errno_of(setresuid(0, 0, 0));
}

static int change_root(void)
{
	return errno_of(chroot("/"));
}

static int new_namespace(void)
{
	return errno_of(unshare(CLONE_NEWUSER));
}

static int mount_something(void)
{
	return errno_of(mount("none", "/mnt", "tmpfs", 0, NULL));
}

static int open_handle(void)
{
	return errno_of(open_by_handle_at(AT_FDCWD, &passwd.handle, O_RDONLY));
}

static int set_up_uring(void)
{
	char parameters[256] = { 0 };
	return errno_of(syscall(SYS_io_uring_setup, 1, parameters));
}

static int type_into_terminal(void)
{
	return errno_of(syscall(SYS_ioctl, STDIN_FILENO, 0x5412 /* TIOCSTI */, "x"));
}

#if defined(__x86_64__)
static int call_as_i386(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "r8", "r9", "r10", "r11"); /* getpid */
	return result == getpid() ? 0 : ENOSYS;
}

static int call_as_x32(void)
{
	return errno_of(syscall(0x40000000 | SYS_getpid));
}
#endif

static const struct attempt {
	const char *name;
	int (*run)(void);
} attempts[] = {
	{ "read the input", read_input },
	{ "look at the input", look_at_input },
	{ "read /etc/passwd", read_passwd },
	{ "read /etc/shadow", read_shadow },
	{ "read /etc/passwd by /proc/self/root", read_by_proc_root },
	{ "read a file next to the input", read_neighbour },
	{ "read a directory", read_directory },
	{ "open another process's mem", read_decoy_mem },
	{ "open the input for writing", write_input },
	{ "truncate a file next to the input", truncate_neighbour },
	{ "make a file", make_file },
	{ "make a file without a name", make_unnamed_file },
	{ "make a directory", make_directory },
	{ "make a link", make_link },
	{ "rename the input", rename_input },
	{ "change the mode of the input", change_mode },
	{ "make a socket", make_socket },
	{ "connect to loopback", connect_loopback },
	{ "make a pair of sockets", make_socketpair },
	{ "execute a program", execute },
	{ "execute memory", execute_memory },
	{ "start a process", start_process },
	{ "start a process by clone3", start_process_by_clone3 },
	{ "start a process that shares memory", start_sharing_process },
	{ "start a process in a namespace", start_in_namespace },
	{ "start a thread", start_thread },
	{ "read a file next to the input in a thread", read_neighbour_in_thread },
	{ "map writable code", map_code },
	{ "attach to another process", attach_decoy },
	{ "read another process's memory", read_decoy_memory },
	{ "write another process's memory", write_decoy_memory },
	{ "open a pidfd", open_pidfd },
	{ "signal another process", signal_decoy },
	{ "become root", become_root },
	{ "change the root directory", change_root },
	{ "make a user namespace", new_namespace },
	{ "mount a file system", mount_something },
	{ "open a file by its handle", open_handle },
	{ "set up io_uring", set_up_uring },
	{ "type into the terminal", type_into_terminal },
#if defined(__x86_64__)
	{ "make a system call of i386", call_as_i386 },
	{ "make a system call of x32", call_as_x32 },
#endif
};

static void listen_on_loopback(void)
{
	socklen_t len = sizeof(listening);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	listening = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)&listening, len) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)&listening, &len) != 0)
		perror("guard_probe: loopback");
}

/* What the attempts need, while it can be had. */
static void prepare(void)
{
	int mount_id;

	decoy = getpid();
	listen_on_loopback();
	passwd.handle.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, "/etc/passwd", &passwd.handle, &mount_id, 0) != 0)
		perror("guard_probe: handle of /etc/passwd");
	signal(SIGUSR1, SIG_IGN);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* Yama shall not be what stops them */
}

/* In the child: 0 succeeded, else an errno; 200 not confined. */
static int attempt(const struct attempt *attempt, bool confined)
{
	static struct summary summary;
	struct guard guard = { .read_paths = &input, .read_count = 1, .threads = true };
	struct err err = { 0 };

	/* Whatever is mounted goes with the process. */
	if (unshare(CLONE_NEWNS) == 0)
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (confined && guard_confine(&guard, &summary, &err) < 0) {
		fprintf(stderr, "guard_probe: %s\n", err.text);
		return 200;
	}
	for (unsigned i = 0; i < SUMMARY_NOTES_MAX && summary.notes[i].count; i++)
		fprintf(stderr, "guard_probe: note: %s\n", summary.notes[i].text);
	return attempt->run();
}

static void show(const char *name, int status)
{
	if (WIFSIGNALED(status))
		printf("%s\tSIG%s\n", name, sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == 0)
		printf("%s\tsucceeded\n", name);
	else
		printf("%s\t%s\n", name,
		       WEXITSTATUS(status) == 200 ? "not confined" : strerrorname_np(WEXITSTATUS(status)));
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--is-sanitized") == 0)
		return guard_works();

	bool confined = argc < 2 || strcmp(argv[1], "--free") != 0;

	argc -= !confined;
	argv += !confined;
	if (argc != 3) {
		fprintf(stderr, "usage: guard_probe [--free] INPUT NEIGHBOUR\n");
		return 2;
	}
	input = argv[1];
	neighbour = argv[2];
	snprintf(sibling, sizeof(sibling), "%s.new", input);
	prepare();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int status = 0;
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0)
			_exit(attempt(&attempts[i], confined));
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 1;
		show(attempts[i].name, status);
	}
	return 0;
}
