/*
 * reach WAY PID        reaches for a decoy's memory in one way, and reads nothing of it
 * reach stay SECONDS   is a decoy
 *
 * PID is a process that the test started. Prints "done", or "cannot: WHY" with status 77 where this machine does not
 * offer the way; an access that is denied is no error. The ways are the table at the end. With REACH_STAYS in the
 * environment it ends a tenth of a second later.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static pid_t pid;
static char path[256];

static void cannot(const char *what)
{
	printf("cannot: %s: %s\n", what, strerror(errno));
	exit(77);
}

static int must(long result, const char *what)
{
	if (result < 0)
		cannot(what);
	return (int)result;
}

/* Each '#' stands for the pid. */
static const char *name_of(const char *form)
{
	size_t len = 0;

	for (; *form && len + 16 < sizeof(path); form++)
		len += (size_t)snprintf(path + len, 16, *form == '#' ? "%d" : "%c", *form == '#' ? pid : *form);
	path[len] = '\0';
	return path;
}

static void open_name(const char *form)
{
	syscall(SYS_openat, AT_FDCWD, name_of(form), O_RDONLY);
}

static void way_open(void)
{
	syscall(SYS_open, name_of("/proc/#/mem"), O_RDONLY);
}

static void way_openat(void)
{
	open_name("/proc/#/mem");
}

static void way_openat2(void)
{
	struct open_how how = { .flags = O_RDONLY };

	syscall(SYS_openat2, AT_FDCWD, name_of("/proc/#/mem"), &how, sizeof(how));
}

static void way_creat(void)
{
	syscall(SYS_creat, name_of("/proc/#/mem"), 0600);
}

static void way_int80(void)
{
#ifdef __x86_64__
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long result;

	if (low == MAP_FAILED)
		cannot("memory below 4 GiB");
	memcpy(low, name_of("/proc/#/mem"), sizeof(path));
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(5), "b"(low), "c"(O_RDONLY), "d"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	errno = (int)-result;
	must(result, "open of a 32-bit program");
#else
	errno = ENOSYS;
	cannot("int 0x80");
#endif
}

static void way_slashes(void)
{
	open_name("//proc///#//.//mem");
}

static void way_dots(void)
{
	open_name("/proc/1/../#/../#/mem");
}

static void way_task(void)
{
	open_name("/proc/#/task/#/mem");
}

static void way_self_root(void)
{
	open_name("/proc/self/root/proc/#/mem");
}

static void way_maps(void)
{
	open_name("/proc/#/maps");
}

static void way_environ(void)
{
	open_name("/proc/#/environ");
}

static void way_smaps_rollup(void)
{
	open_name("/proc/#/smaps_rollup");
}

static void way_cwd(void)
{
	must(chdir(name_of("/proc/#")), "chdir");
	open_name("mem");
}

static void way_dirfd(void)
{
	int fd = must(open(name_of("/proc/#"), O_PATH), "open");

	syscall(SYS_openat, fd, "mem", O_RDONLY);
}

static void way_dirfd_proc(void)
{
	int fd = must(open("/proc", O_PATH), "open");

	syscall(SYS_openat, fd, name_of("#/mem"), O_RDONLY);
}

static void way_link(void)
{
	char link[] = "/tmp/reach-link-XXXXXX";

	must(mkstemp(link), "mkstemp");
	unlink(link);
	must(symlink(name_of("/proc/#/mem"), link), "symlink");
	syscall(SYS_openat, AT_FDCWD, link, O_RDONLY);
	unlink(link);
}

static void way_opath(void)
{
	int fd = must(open(name_of("/proc/#/mem"), O_PATH), "open");

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
}

static void own_mounts(void)
{
	must(unshare(CLONE_NEWNS), "a mount namespace");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
	must(mount("none", "/mnt", "tmpfs", 0, NULL), "mount of a tmpfs");
	must(mkdir("/mnt/p", 0700), "mkdir");
}

static void way_bind(void)
{
	own_mounts();
	must(mount(name_of("/proc/#"), "/mnt/p", NULL, MS_BIND, NULL), "bind mount");
	open_name("/mnt/p/mem");
}

static void way_bind_file(void)
{
	own_mounts();
	close(must(open("/mnt/harmless", O_CREAT | O_WRONLY, 0600), "open"));
	must(mount(name_of("/proc/#/mem"), "/mnt/harmless", NULL, MS_BIND, NULL), "bind mount");
	open_name("/mnt/harmless");
}

static void way_chroot(void)
{
	own_mounts();
	must(mount("/proc", "/mnt/p", NULL, MS_BIND, NULL), "bind mount");
	must(chroot("/mnt"), "chroot");
	open_name("/p/#/mem");
}

static void way_second_procfs(void)
{
	own_mounts();
	must(mount("proc", "/mnt/p", "proc", 0, NULL), "mount of a procfs");
	open_name("/mnt/p/#/mem");
}

static void way_fsmount(void)
{
	int context = must(syscall(SYS_fsopen, "proc", 0), "fsopen");

	must(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "fsconfig");
	int mounted = must(syscall(SYS_fsmount, context, 0, 0), "fsmount");
	syscall(SYS_openat, mounted, name_of("#/mem"), O_RDONLY);
}

static void way_open_tree(void)
{
	int tree = must(syscall(SYS_open_tree, AT_FDCWD, name_of("/proc/#"), OPEN_TREE_CLONE), "open_tree");

	syscall(SYS_openat, tree, "mem", O_RDONLY);
}

/* A decoy of its own, whose number there says nothing here. */
static void in_namespace(void)
{
	own_mounts();
	must(mount("proc", "/mnt/p", "proc", 0, NULL), "mount of a procfs");
	pid_t decoy = must(fork(), "fork");
	if (decoy == 0) {
		prctl(PR_SET_NAME, "inner_decoy");
		pause();
	}
	usleep(50000);
	snprintf(path, sizeof(path), "/mnt/p/%d/mem", decoy);
	syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
	kill(decoy, SIGKILL);
	waitpid(decoy, NULL, 0);
	exit(0);
}

static void way_pid_namespace(void)
{
	int status = 0;

	must(unshare(CLONE_NEWPID), "a pid namespace");
	pid_t first = must(fork(), "fork");
	if (first == 0)
		in_namespace();
	waitpid(first, &status, 0);
	if (WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
}

static void *open_in_thread(void *unused)
{
	open_name("/proc/#/mem");
	return unused;
}

static void way_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, open_in_thread, NULL) == 0)
		pthread_join(thread, NULL);
}

static void way_fork(void)
{
	pid_t child = must(fork(), "fork");

	if (child == 0) {
		open_name("/proc/#/mem");
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

/* A descriptor that somebody else opened: what is read is the first byte of the decoy's environment, "LANG" or its like. */
static void way_inherit(void)
{
	char byte;
	int fd = open(name_of("/proc/#/environ"), O_RDONLY);
	pid_t child = must(fork(), "fork");
	if (child == 0) {
		prctl(PR_SET_NAME, "heir");
		if (read(fd, &byte, 1) >= 0)
			usleep(100000);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void way_renamed(void)
{
	prctl(PR_SET_NAME, "needrestart");
	open_name("/proc/#/mem");
}

/* Opens, and then is a program that root owns. */
static void way_then_sleep(void)
{
	open_name("/proc/#/maps");
	execl("/usr/bin/sleep", "sleep", "0.4", (char *)NULL);
	cannot("execl");
}

/* Children that are gone when anybody could look at them. */
static void way_brief(void)
{
	for (int i = 0; i < 50; i++) {
		pid_t child = must(fork(), "fork");
		if (child == 0) {
			open_name("/proc/#/auxv");
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
}

/* Among a thousand processes, which all begin and end. */
static void way_crowd(void)
{
	int ends[2], made = 0;
	char byte;

	must(pipe(ends), "pipe");
	for (; made < 1000; made++) {
		pid_t child = fork();
		if (child < 0)
			break;
		if (child == 0) {
			close(ends[1]);
			_exit((int)read(ends[0], &byte, 1));
		}
	}
	open_name("/proc/#/smaps");
	close(ends[1]);
	while (made-- > 0)
		wait(NULL);
}

/* Nothing of the target is read or written: there is no address 0. Asked for no bytes, the kernel does not even check. */
static char spare;

static void way_readv(void)
{
	struct iovec here = { &spare, 1 }, nowhere = { NULL, 1 };

	syscall(SYS_process_vm_readv, pid, &here, 1, &nowhere, 1, 0);
}

static void way_writev(void)
{
	struct iovec here = { &spare, 1 }, nowhere = { NULL, 1 };

	syscall(SYS_process_vm_writev, pid, &here, 1, &nowhere, 1, 0);
}

static void way_attach(void)
{
	if (ptrace(PTRACE_ATTACH, pid, 0, 0) == 0) {
		waitpid(pid, NULL, __WALL);
		ptrace(PTRACE_DETACH, pid, 0, 0);
	}
}

static void way_seize(void)
{
	ptrace(PTRACE_SEIZE, pid, 0, 0);
}

static void way_getfd(void)
{
	int pidfd = must(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");

	syscall(SYS_pidfd_getfd, pidfd, 0, 0);
}

/* Of a child of our own, a descriptor of the decoy's mem. */
static void way_gotfd(void)
{
	int ready[2];
	char byte;

	must(pipe(ready), "pipe");
	pid_t child = must(fork(), "fork");
	if (child == 0) {
		byte = (char)dup2(open(name_of("/proc/#/mem"), O_RDONLY), 100);
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(0);
	}
	if (read(ready[0], &byte, 1) == 1)
		syscall(SYS_pidfd_getfd, must(syscall(SYS_pidfd_open, child, 0), "pidfd_open"), 100, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

struct ring {
	int fd;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *entries;
};

static struct ring make_ring(unsigned flags)
{
	struct ring ring = { .params = { .flags = flags, .sq_thread_idle = 1000 } };

	ring.fd = must(syscall(SYS_io_uring_setup, 8, &ring.params), "io_uring_setup");
	/* Behind the completions lies the array of submissions. */
	size_t size = ring.params.sq_off.array + ring.params.sq_entries * sizeof(unsigned);
	ring.rings = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQ_RING);
	ring.entries = mmap(NULL, 8 * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd,
			    IORING_OFF_SQES);
	if (ring.rings == MAP_FAILED || ring.entries == MAP_FAILED)
		cannot("memory of the ring");
	return ring;
}

/* Submits one request and waits for its end, but for no longer than half a second. */
static void do_ring(struct ring *ring, struct io_uring_sqe entry)
{
	unsigned *tail = (unsigned *)(ring->rings + ring->params.sq_off.tail);
	unsigned *array = (unsigned *)(ring->rings + ring->params.sq_off.array);
	unsigned *done = (unsigned *)(ring->rings + ring->params.cq_off.tail);
	bool thread = ring->params.flags & IORING_SETUP_SQPOLL;

	ring->entries[0] = entry;
	array[0] = 0;
	__atomic_store_n(tail, 1, __ATOMIC_RELEASE);
	must(syscall(SYS_io_uring_enter, ring->fd, thread ? 0 : 1, 0, thread ? IORING_ENTER_SQ_WAKEUP : 0, NULL, 0),
	     "io_uring_enter");
	for (int i = 0; i < 50 && !__atomic_load_n(done, __ATOMIC_ACQUIRE); i++)
		usleep(10000);
}

static struct io_uring_sqe open_entry(void)
{
	return (struct io_uring_sqe){ .opcode = IORING_OP_OPENAT,
				      .fd = AT_FDCWD,
				      .addr = (uint64_t)(uintptr_t)name_of("/proc/#/mem"),
				      .open_flags = O_RDONLY };
}

static void way_uring(void)
{
	struct ring ring = make_ring(0);

	do_ring(&ring, open_entry());
}

static void way_uring_openat2(void)
{
	struct ring ring = make_ring(0);
	struct open_how how = { .flags = O_RDONLY };
	struct io_uring_sqe entry = open_entry();

	entry.opcode = IORING_OP_OPENAT2;
	entry.open_flags = 0;
	entry.len = sizeof(how);
	entry.off = (uint64_t)(uintptr_t)&how;
	do_ring(&ring, entry);
}

static void way_uring_fixed(void)
{
	struct ring ring = make_ring(0);
	int none[4] = { -1, -1, -1, -1 };
	struct io_uring_sqe entry = open_entry();

	must(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, none, 4), "a table of files");
	entry.file_index = 3;
	do_ring(&ring, entry);
}

static void way_uring_thread(void)
{
	struct ring ring = make_ring(IORING_SETUP_SQPOLL);

	do_ring(&ring, open_entry());
}

static void way_uring_async(void)
{
	struct ring ring = make_ring(0);
	struct io_uring_sqe entry = open_entry();

	entry.flags = IOSQE_ASYNC;
	do_ring(&ring, entry);
}

static void way_uring_silent(void)
{
	struct ring ring = make_ring(0);
	struct io_uring_sqe entry = open_entry();

	entry.flags = IOSQE_CQE_SKIP_SUCCESS;
	do_ring(&ring, entry);
}

/* What /proc shows of a thread at the moment of reading: asked for when it is read, not when it is opened. */
static void way_stack(void)
{
	char text[64];
	int fd = open(name_of("/proc/#/stack"), O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text)) < 0)
		cannot("read of stack");
}

/* Another process opens; we are handed a file of our own by fanotify, without a system call that opens. */
static void way_event(void)
{
	struct fanotify_event_metadata event;
	int events = must(syscall(SYS_fanotify_init, FAN_CLASS_NOTIF, O_RDONLY), "fanotify_init");

	must(fanotify_mark(events, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, name_of("/proc/#/mem")), "fanotify_mark");
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_NAME, "helper");
		open_name("/proc/#/mem");
		_exit(0);
	}
	waitpid(child, NULL, 0);
	if (read(events, &event, sizeof(event)) != sizeof(event) || event.fd < 0)
		cannot("read of an event");
}

static void be_nobody(void)
{
	must(setresgid(NOBODY, NOBODY, NOBODY), "another group");
	must(setresuid(NOBODY, NOBODY, NOBODY), "another user");
}

static void way_denied(void)
{
	be_nobody();
	way_openat();
}

static void way_denied_cwd(void)
{
	be_nobody();
	must(chdir(name_of("/proc/#")), "chdir");
	open_name("./mem");
}

static void way_denied_dirfd(void)
{
	be_nobody();
	way_dirfd_proc();
}

static void way_denied_task(void)
{
	be_nobody();
	way_task();
}

static void way_denied_readv(void)
{
	be_nobody();
	way_readv();
}

static void way_denied_seize(void)
{
	be_nobody();
	way_seize();
}

static void way_denied_uring(void)
{
	be_nobody();
	way_uring();
}

static void way_self(void)
{
	syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY);
}

/* As fast as it goes; how many were made is told. */
static void way_flood(void)
{
	const char *times = getenv("REACH_TIMES");
	unsigned made = 0, wanted = times ? (unsigned)strtoul(times, NULL, 10) : 50000;

	name_of("/proc/#/maps");
	for (; made < wanted; made++) {
		long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
		if (fd < 0)
			break;
		close((int)fd);
	}
	printf("made %u\n", made);
}

static const struct {
	const char *name;
	void (*go)(void);
} ways[] = {
#define WAY(name)                 \
	{                         \
#name, way_##name \
	}
	WAY(open),	    WAY(openat),       WAY(openat2),	  WAY(creat),	      WAY(int80),
	WAY(slashes),	    WAY(dots),	       WAY(task),	  WAY(self_root),     WAY(maps),
	WAY(environ),	    WAY(smaps_rollup), WAY(cwd),	  WAY(dirfd),	      WAY(dirfd_proc),
	WAY(link),	    WAY(opath),	       WAY(bind),	  WAY(bind_file),     WAY(chroot),
	WAY(second_procfs), WAY(fsmount),      WAY(open_tree),	  WAY(pid_namespace), WAY(thread),
	WAY(fork),	    WAY(inherit),      WAY(renamed),	  WAY(readv),	      WAY(writev),
	WAY(attach),	    WAY(seize),	       WAY(getfd),	  WAY(gotfd),	      WAY(uring),
	WAY(uring_openat2), WAY(uring_fixed),  WAY(uring_thread), WAY(uring_async),   WAY(uring_silent),
	WAY(denied),	    WAY(denied_cwd),   WAY(denied_dirfd), WAY(denied_task),   WAY(denied_readv),
	WAY(denied_seize),  WAY(denied_uring), WAY(self),	  WAY(flood),	      WAY(then_sleep),
	WAY(brief),	    WAY(crowd),	       WAY(stack),	  WAY(event),
#undef WAY
};

int main(int argc, char **argv)
{
	pid = argc == 3 ? (pid_t)strtol(argv[2], NULL, 10) : 0;
	if (pid > 1 && strcmp(argv[1], "stay") == 0) {
		alarm((unsigned)pid);
		pause();
	}
	for (size_t i = 0; pid > 1 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		ways[i].go();
		printf("done\n");
		if (getenv("REACH_STAYS"))
			usleep(100000);
		return 0;
	}
	fprintf(stderr, "usage: reach WAY PID\n");
	return 2;
}
