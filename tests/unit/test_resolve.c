/* src/resolve: every spelling of an access, what names its target, and how sure that is. */
#include "scene.h"

/* The log tells that it is some process's, and does not tell whose. */
#define assert_nobody(access) assert_access(access, UNKNOWN_ID, MEM, DEVICE, false)

/* ---- names ---- */

static void absolute(void **state)
{
	scene_start();
	OPEN("/proc/812/mem");
	const struct access *access = scene_only();
	assert_access(access, 812, MEM, PATH, true);
	assert_int_equal(access->verb, VERB_OPEN);
	assert_int_equal(access->outcome, 0);
	assert_int_equal(access->actor.pid, 500);
	assert_int_equal(access->actor.ppid, 400);
	assert_text(access->actor.exe, "/opt/x");
	assert_text(access->path, "/proc/812/mem");
	assert_text(access->resolved_path, "/proc/812/mem");
	assert_text(access->syscall, "openat");
	assert_false(access->self || access->write || access->path_only || access->incomplete);
	assert_int_equal(access->time_ms, 1795430000250);
	assert_int_equal(access->raw_count, 4);
	assert_int_equal(access->trust, TRUST_KERNEL);
}

/* Every way to write one name. */
static void spellings(void **state)
{
	static const struct {
		const char *name, *cwd;
		enum resolved_by how;
	} cases[] = {
		{ "/proc//812///mem", "/", RESOLVED_PATH },
		{ "//proc/./812/./mem", "/", RESOLVED_PATH },
		{ "/proc/1/../812/mem", "/", RESOLVED_PATH },
		{ "/../../proc/812/fd/../mem", "/", RESOLVED_PATH },
		{ "/proc/self/root/proc/812/mem", "/", RESOLVED_PATH },
		{ "/proc/thread-self/root/proc/812/mem", "/", RESOLVED_PATH },
		{ "/proc/500/root/proc/812/mem", "/", RESOLVED_PATH },
		{ "/proc/self/task/500/root/proc/812/mem", "/", RESOLVED_PATH },
		{ "/proc/self/cwd/mem", "/proc/812", RESOLVED_CWD },
		{ "/proc/500/cwd/812/mem", "/proc", RESOLVED_CWD },
		{ "/tmp/../proc/812/mem", "/", RESOLVED_PATH },
		{ "mem", "/proc/812", RESOLVED_CWD },
		{ "./mem", "/proc/812", RESOLVED_CWD },
		{ "../812/mem", "/proc/500", RESOLVED_CWD },
		{ "../../../proc/812/mem", "/var/log", RESOLVED_CWD },
		{ "812/mem", "/proc", RESOLVED_CWD },
		{ "proc/812/mem", "/", RESOLVED_CWD },
		{ "task/../mem", "/proc/812", RESOLVED_CWD },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_start();
		OPEN(cases[i].name, .event.cwd = cases[i].cwd);
		print_message("%s\n", cases[i].name);
		assert_access_at(scene_only(), 812, ENTRY_MEM, cases[i].how, true, __LINE__);
		assert_text(scene_access(0)->resolved_path, "/proc/812/mem");
	}
}

/* Through another process's root: its files need not be ours. */
static void through_another_root(void **state)
{
	scene_start();
	OPEN("/proc/1/root/proc/812/mem");
	assert_access(scene_only(), 812, MEM, PATH, false);
}

static void entries(void **state)
{
	static const struct {
		const char *name;
		unsigned mode;
		enum entry entry;
	} cases[] = {
		{ "/proc/812/maps", 0100444, ENTRY_MAPS },
		{ "/proc/812/environ", 0100400, ENTRY_ENVIRON },
		{ "/proc/812/smaps", 0100444, ENTRY_SMAPS },
		{ "/proc/812/smaps_rollup", 0100444, ENTRY_SMAPS_ROLLUP },
		{ "/proc/812/numa_maps", 0100444, ENTRY_NUMA_MAPS },
		{ "/proc/812/map_files", 040500, ENTRY_MAP_FILES },
		{ "/proc/812/map_files/400000-401000", 0100755, ENTRY_MAP_FILES },
		{ "/proc/812/pagemap", 0100400, ENTRY_PAGEMAP },
		{ "/proc/812/auxv", 0100400, ENTRY_AUXV },
		{ "/proc/812/stack", 0100400, ENTRY_STACK },
		{ "/proc/812/syscall", 0100400, ENTRY_SYSCALL },
		{ "/proc/812/task/812/environ", 0100400, ENTRY_ENVIRON },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_start();
		OPEN(cases[i].name, .path.mode = cases[i].mode);
		assert_access_at(scene_only(), 812, cases[i].entry, RESOLVED_PATH, true, __LINE__);
	}
}

static void not_an_entry(void **state)
{
	static const char *const names[] = {
		"/proc/812/status", "/proc/812/mem/x",	  "/proc/812/mem.txt",	"/proc/812",
		"/proc/0812/mem",   "/proc/812x/mem",	  "/proc/mem",		"/proc/2147483648/mem",
		"/proc/-1/mem",	    "/proc/0/mem",	  "/proc/812/task/mem", "/proc/812/MEM",
		"/proc/sys/mem",    "/proc/812/kcore",	  "/home/proc/mem",	"/proc/812/task/x/maps",
		"/proc/812/fd/mem", "/proc/812/root/mem",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		scene_start();
		OPEN(names[i], .path.mode = 0100444);
		print_message("%s\n", names[i]);
		assert_int_equal(scene_access_count(), 0);
	}
}

/* Files called so elsewhere: on a disk, or on a file system that nothing calls procfs. */
static void decoys(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .path.dev = "fd:00");
	OPEN("/srv/proc/812/mem", .path.dev = "fd:00");
	OPEN("/tmp/mem", .path.dev = "00:1c");
	OPEN("/tmp/812/mem", .path.dev = "00:1c", .path.mode = 0100644);
	OPEN("/dev/shm/secret", .path.dev = "00:1a");
	OPEN("mem", .event.cwd = "/srv");
	assert_int_equal(scene_access_count(), 0);
}

static void threads(void **state)
{
	scene_start();
	OPEN("/proc/812/task/815/mem");
	const struct access *access = scene_only();
	assert_access(access, 812, MEM, PATH, true);
	assert_text(access->resolved_path, "/proc/812/task/815/mem");
	scene_start();
	OPEN("mem", .event.cwd = "/proc/812/task/815");
	assert_access(scene_only(), 812, MEM, CWD, true);
}

static void system_memory(void **state)
{
	scene_start();
	OPEN("/proc/kcore", .path.mode = 0100400);
	assert_access(scene_only(), UNKNOWN_ID, KCORE, PATH, true);
	scene_start();
	OPEN("/dev/mem", .path = { "/dev/mem", .dev = "00:05", .mode = 020640, .rdev_minor = 1 });
	assert_access(scene_only(), UNKNOWN_ID, DEVMEM, PATH, true);
	scene_start();
	OPEN("/dev/mem", .path = { "/dev/mem", .dev = "00:05", .mode = 020640, .rdev_minor = 3 });
	assert_access(scene_only(), UNKNOWN_ID, DEVMEM, PATH, false);
}

static void names_in_hex(void **state)
{
	scene_start();
	OPEN("mem", .event = { .cwd = "/proc/812", .comm = "a \"b", .exe = "/tmp/a b (deleted)" });
	const struct access *access = scene_only();
	assert_text(access->actor.comm, "a \"b");
	assert_text(access->actor.exe, "/tmp/a b (deleted)");
}

static void too_long(void **state)
{
	static char name[20000];

	memset(name, '/', sizeof(name) - 1);
	memcpy(name + sizeof(name) - 15, "/proc/812/mem", 13);
	name[sizeof(name) - 2] = '\0';
	scene_start();
	OPEN(name);
	assert_access(scene_only(), 812, MEM, PATH, true);
	for (size_t i = 0; i + 16 < sizeof(name); i += 2)
		memcpy(name + i, "/a", 2);
	scene_start();
	OPEN(name);
	for (size_t i = 0; i < scene_access_count(); i++)
		assert_false(scene_access(i)->certain);
}

/* ---- outcomes and flags ---- */

static void attempts(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .error = EACCES);
	assert_access(scene_only(), 812, MEM, PATH, true);
	assert_int_equal(scene_access(0)->outcome, -EACCES);
	scene_start();
	OPEN("/proc/812/mem", .error = ENOENT, .path.missing = true);
	assert_access(scene_only(), 812, MEM, PATH, true);
	assert_int_equal(scene_access(0)->outcome, -ENOENT);
	/* A failed open gives no descriptor. */
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY, .error = EACCES);
	OPEN("mem", .dirfd = 3);
	assert_nobody(scene_only());
}

static void flags(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .flags = O_WRONLY);
	assert_true(scene_only()->write);
	scene_start();
	OPEN("/proc/812/mem", .flags = O_RDWR);
	assert_true(scene_only()->write);
	scene_start();
	OPEN("/proc/812/mem", .flags = O_PATH);
	assert_true(scene_only()->path_only);
	assert_false(scene_only()->write);
	scene_start();
	OPEN("/proc/812/mem", .event.call = CALL_open, .flags = O_RDWR);
	assert_true(scene_only()->write);
	/* The flags of openat2 lie in memory; a record of its own tells them, in octal. */
	scene_start();
	OPEN("/proc/812/mem",
	     .event = { .call = CALL_openat2, .more = { "OPENAT2 oflag=010000000 mode=00 resolve=0x0" } });
	assert_true(scene_only()->path_only);
	scene_start();
	OPEN("/proc/812/mem", .event = { .call = CALL_openat2, .more = { "OPENAT2 oflag=02 mode=00 resolve=0x0" } });
	assert_true(scene_only()->write);
	assert_text(scene_only()->syscall, "openat2");
	scene_start();
	DO(creat, .exit = 3, .paths = { { .name = "/proc/812/mem" } });
	assert_true(scene_only()->write);
}

/* ---- directory descriptors ---- */

static void directory_descriptor(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY, .flags = O_DIRECTORY);
	OPEN("mem", .dirfd = 3, .fd = 4);
	assert_access(scene_only(), 812, MEM, DIRFD, true);
	assert_text(scene_access(0)->path, "mem");
	assert_text(scene_access(0)->resolved_path, "/proc/812/mem");
	OPEN("../813/task/814", .path.mode = DIRECTORY, .dirfd = 3, .fd = 5);
	OPEN("maps", .path.mode = 0100444, .dirfd = 5);
	assert_access(scene_access(0), 813, MAPS, DIRFD, true);
	/* An absolute name does not ask for it. */
	OPEN("/proc/900/mem", .dirfd = 3);
	assert_access(scene_access(0), 900, MEM, PATH, true);
}

/* Of any file system: the host's root is one, too. Certain it is not: something else may be mounted there. */
static void root_descriptor(void **state)
{
	scene_start();
	OPEN("/", .path.mode = DIRECTORY, .path.dev = "fd:00");
	OPEN("proc/812/mem", .dirfd = 3);
	assert_access(scene_only(), 812, MEM, DIRFD, false);
}

static void unknown_descriptor(void **state)
{
	scene_start();
	OPEN("mem", .dirfd = 7, .event.cwd = "/proc/812");
	assert_int_equal(scene_access_count(), 0);
	OPEN("812/mem", .dirfd = 7);
	assert_access(scene_only(), 812, MEM, PATH, false);
}

static void copied_descriptor(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	DO(dup, .a = { 3 }, .exit = 10);
	DO(dup2, .a = { 10, 11 }, .exit = 11);
	DO(dup3, .a = { 11, 12, O_CLOEXEC }, .exit = 12);
	DO(fcntl, .a = { 12, 0, 20 }, .exit = 20);
	DO(fcntl, .a = { 20, 1030, 30 }, .exit = 30);
	OPEN("mem", .dirfd = 30);
	assert_access(scene_only(), 812, MEM, DIRFD, true);
	/* Other commands of fcntl give other numbers. */
	DO(fcntl, .a = { 3, 1 }, .exit = 5);
	OPEN("mem", .dirfd = 5);
	assert_nobody(scene_access(0));
}

static void closed_descriptor(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	DO(close, .a = { 3 });
	OPEN("mem", .dirfd = 3);
	assert_nobody(scene_only());
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	DO(close, .a = { 3 }, .exit = -EBADF);
	OPEN("mem", .dirfd = 3);
	assert_access(scene_only(), 812, MEM, DIRFD, true);
}

static void reused_number(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	OPEN("/proc/813", .path.mode = DIRECTORY);
	OPEN("mem", .dirfd = 3, .fd = 4);
	assert_access(scene_only(), 813, MEM, DIRFD, true);
	/* A file on a disk takes the number. */
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	OPEN("/etc/passwd", .path = { "/etc/passwd", .dev = "fd:00", .mode = 0100644 });
	OPEN("mem", .dirfd = 3);
	assert_nobody(scene_only());
	/* A copy of something that is not known takes it. */
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	DO(dup2, .a = { 9, 3 }, .exit = 3);
	OPEN("mem", .dirfd = 3);
	assert_nobody(scene_only());
}

static void another_process_s_descriptor(void **state)
{
	scene_start();
	OPEN("/proc/812", BY(600), .path.mode = DIRECTORY);
	OPEN("mem", BY(500), .dirfd = 3);
	assert_nobody(scene_only());
}

static void inherited_by_fork(void **state)
{
	scene_start();
	OPEN("/proc/812", BY(400, .ppid = 1), .path.mode = DIRECTORY);
	OPEN("mem", BY(500), .dirfd = 3);
	assert_access(scene_only(), 812, MEM, DIRFD, false);
	/* Its own of that number comes first. */
	OPEN("/proc/813", BY(500), .path.mode = DIRECTORY);
	OPEN("mem", BY(500), .dirfd = 3);
	assert_access(scene_access(0), 813, MEM, DIRFD, true);
}

static void closed_in_child_is_not_the_parents(void **state)
{
	scene_start();
	OPEN("/proc/812", BY(400, .ppid = 1), .path.mode = DIRECTORY);
	DO(close, .a = { 3 });
	OPEN("mem", BY(500), .dirfd = 3);
	assert_nobody(scene_only());
}

static void reused_in_child_is_not_the_parents(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", BY(400, .ppid = 1), .flags = O_PATH);
	OPEN("/etc/passwd", BY(500), .path = { "/etc/passwd", .dev = "fd:00", .mode = 0100644 });
	OPEN("/proc/self/fd/3", BY(500), .path = { "/proc/self/fd/3", .dev = "fd:00", .mode = 0100644 });
	OPEN("/dev/fd/3", BY(500));
	for (size_t i = 0; i + 1 < scene_access_count(); i++)
		assert_int_not_equal(scene_access(i)->target.pid, 812);
}

static void survives_exec(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	EXEC("/opt/y");
	OPEN("mem", BY(500, .exe = "/opt/y"), .dirfd = 3);
	assert_access(scene_only(), 812, MEM, DIRFD, true);
}

static void close_on_exec(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY, .flags = O_CLOEXEC);
	OPEN("mem", .dirfd = 3, .fd = 4);
	assert_access(scene_only(), 812, MEM, DIRFD, true);
	EXEC("/opt/y");
	OPEN("mem", BY(500, .exe = "/opt/y"), .dirfd = 3);
	assert_nobody(scene_access(0));
	/* A copy loses the flag, unless it asks for it. */
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY, .flags = O_CLOEXEC);
	DO(dup, .a = { 3 }, .exit = 4);
	DO(fcntl, .a = { 3, 1030, 0 }, .exit = 5);
	EXEC("/opt/y");
	OPEN("mem", BY(500, .exe = "/opt/y"), .dirfd = 5);
	assert_nobody(scene_only());
	OPEN("mem", BY(500, .exe = "/opt/y"), .dirfd = 4);
	assert_access(scene_access(0), 812, MEM, DIRFD, true);
}

static void cloexec_is_gone_in_an_executed_child(void **state)
{
	scene_start();
	OPEN("/proc/812", BY(400, .ppid = 1), .path.mode = DIRECTORY, .flags = O_CLOEXEC);
	EXEC("/opt/y");
	OPEN("mem", BY(500, .exe = "/opt/y"), .dirfd = 3);
	assert_nobody(scene_only());
}

/* A failed exec closes nothing. */
static void failed_exec(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY, .flags = O_CLOEXEC);
	DO(execve, .exit = -ENOENT, .paths = { { "/opt/y", .missing = true } });
	OPEN("mem", .dirfd = 3);
	assert_access(scene_only(), 812, MEM, DIRFD, true);
}

/* The pid, a day later, is somebody else's. */
static void descriptor_of_a_dead_namesake(void **state)
{
	scene_start();
	OPEN("/proc/812", BY(500, .ses = 3), .path.mode = DIRECTORY);
	EXEC("/opt/y", .ppid = 777, .ses = 9, .at = 90000);
	OPEN("mem", BY(500, .exe = "/opt/y", .ppid = 777, .ses = 9, .at = 90001), .dirfd = 3);
	for (size_t i = 0; i < scene_access_count(); i++)
		assert_false(scene_access(i)->certain);
}

/* ---- descriptor links ---- */

static void reopened_through_a_link(void **state)
{
	static const char *const links[] = { "/proc/self/fd/3", "/dev/fd/3", "/proc/500/fd/3", "/proc/thread-self/fd/3",
					     "/proc/self/task/500/fd/3" };

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		scene_start();
		OPEN("/proc/812/mem", .flags = O_PATH);
		OPEN(links[i], .fd = 4);
		assert_access(scene_access(0), 812, MEM, FD, true);
		assert_false(scene_access(0)->path_only);
		assert_text(scene_access(0)->resolved_path, "/proc/812/mem");
	}
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	OPEN("/dev/fd/3/mem", .fd = 4);
	assert_access(scene_only(), 812, MEM, FD, true);
}

static void link_to_inherited_fd_is_uncertain(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", BY(400, .ppid = 1), .flags = O_PATH);
	OPEN("/proc/self/fd/3", BY(500), .fd = 4);
	assert_access(scene_access(0), 812, MEM, FD, false);
}

static void link_of_another_process(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .flags = O_PATH);
	OPEN("/proc/600/fd/3", .fd = 4);
	assert_access(scene_access(0), UNKNOWN_ID, MEM, DEVICE, false);
	/* Wherever its links lead, it ends at some process's mem. The number of an fd is no pid. */
	OPEN("/proc/600/fd/9/mem", .fd = 4);
	assert_access(scene_access(0), UNKNOWN_ID, MEM, DEVICE, false);
	OPEN("/dev/fd/9/mem", .fd = 4);
	assert_access(scene_access(0), UNKNOWN_ID, MEM, DEVICE, false);
	OPEN("/proc/600/cwd/mem", .fd = 4);
	assert_access(scene_access(0), UNKNOWN_ID, MEM, DEVICE, false);
	OPEN("/proc/600/cwd/proc/812/mem", .fd = 4);
	assert_access(scene_access(0), 812, MEM, PATH, false);
	OPEN("/proc/600/task/601/cwd/812/mem", .fd = 4);
	assert_access(scene_access(0), 812, MEM, PATH, false);
	OPEN("/proc/600/fd/9/812/mem", .fd = 4);
	assert_access(scene_access(0), 812, MEM, PATH, false);
}

/* What lies behind a link of procfs is mostly not on procfs: a container's files have such devices, too. */
static void link_out_tells_no_device(void **state)
{
	static const char *const names[] = { "/proc/self/exe",	       "/proc/600/exe",
					     "/proc/self/fd/9",	       "/dev/fd/9",
					     "/proc/600/cwd/x",	       "/proc/600/ns/pid",
					     "/proc/self/task/500/exe" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		scene_start();
		OPEN(names[i], .path = { names[i], .dev = "00:2f", .mode = 0100755 });
		OPEN("/etc/secret", .path = { "/etc/secret", .dev = "00:2f", .mode = 0100600 });
		assert_int_equal(scene_access_count(), 0);
	}
}

/* dup2 and close that nobody audited: the inode of the object is evidence against the fd. */
static void replaced_descriptor(void **state)
{
	scene_start();
	OPEN("/proc/813/mem", .path.inode = 77);
	OPEN("/proc/812", .path.mode = DIRECTORY, .fd = 5);
	OPEN("mem", .dirfd = 5, .path.inode = 77);
	assert_access(scene_access(0), 813, MEM, INODE, false);
	/* And what only an fd said is no certainty for another name, nor against one. */
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY, .fd = 5);
	OPEN("mem", .dirfd = 5, .path.inode = 78);
	assert_access(scene_access(0), 812, MEM, DIRFD, true);
	OPEN("/tmp/link", .path.inode = 78);
	assert_access(scene_access(0), 812, MEM, INODE, false);
	OPEN("/jail/813/mem", .path.inode = 78);
	assert_access(scene_access(0), 813, MEM, PATH, false);
}

/* The parent had a file under that number, which is no base for a name: the child's is another. */
static void inherited_file_is_no_directory(void **state)
{
	scene_start();
	OPEN("/proc/6120/status", BY(400, .ppid = 1), .path.mode = 0100444, .fd = 22);
	OPEN("mem", BY(500), .dirfd = 22);
	assert_access(scene_only(), UNKNOWN_ID, MEM, DEVICE, false);
	scene_start();
	OPEN("/proc/6120/task", BY(400, .ppid = 1), .path.mode = DIRECTORY, .fd = 22);
	OPEN("environ", BY(500), .dirfd = 22, .path.mode = 0100400);
	assert_access(scene_only(), UNKNOWN_ID, ENVIRON, DEVICE, false);
}

/* openat2 with RESOLVE_IN_ROOT: an absolute name and ".." stay below the descriptor. */
static void in_root(void **state)
{
	static const char *const names[] = { "/812/mem", "812/mem", "/../../812/mem", "/proc/../812/mem" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		scene_start();
		OPEN("/proc", .path.mode = DIRECTORY, .fd = 5);
		OPEN(names[i], .dirfd = 5, .event.call = CALL_openat2,
		     .event.more = { "OPENAT2 oflag=0100000 mode=00 resolve=0x10" });
		assert_access(scene_only(), 812, MEM, DIRFD, true);
	}
	OPEN("/814/mem", .dirfd = 5, .event.call = CALL_openat2,
	     .event.more = { "OPENAT2 oflag=0100000 mode=00 resolve=10" });
	assert_access(scene_access(0), 814, MEM, DIRFD, true);
	OPEN("/813/mem", .dirfd = 5, .event.call = CALL_openat2,
	     .event.more = { "OPENAT2 oflag=0100000 mode=00 resolve=0x8" });
	assert_access(scene_access(0), 813, MEM, PATH, false);
}

/* ---- objects under another name ---- */

static void same_inode(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .path.inode = 77);
	OPEN("/tmp/link", .path.inode = 77);
	assert_access(scene_access(0), 812, MEM, INODE, true);
	assert_text(scene_access(0)->resolved_path, "/proc/812/mem");
	/* Another device's inode is another file; and so is another mode. */
	OPEN("/tmp/link", .path = { "/tmp/link", .inode = 77, .dev = "00:1c" });
	OPEN("/tmp/link", .path = { "/tmp/link", .inode = 77, .mode = 0100444 });
	assert_int_equal(scene_access_count(), 2);
}

static void inode_expires(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .path.inode = 77);
	OPEN("/tmp/link", .path.inode = 77, .event.at = 3700);
	assert_access(scene_access(0), UNKNOWN_ID, MEM, DEVICE, false);
}

/* A name that was not certain is no source of identity. */
static void doubt_is_not_learnt(void **state)
{
	scene_start();
	OPEN("812/mem", .dirfd = 9, .path.inode = 77);
	OPEN("/tmp/link", .path.inode = 77);
	assert_int_equal(scene_access_count(), 1);
}

static void only_the_device(void **state)
{
	scene_start();
	OPEN("/tmp/link");
	assert_int_equal(scene_access_count(), 0);
	scene_start();
	OPEN("/proc/1/status", .path.mode = 0100444);
	OPEN("/tmp/link");
	assert_access(scene_only(), UNKNOWN_ID, MEM, DEVICE, false);
	assert_text(scene_only()->path, "/tmp/link");
	/* Other entries only when the name says so, too. */
	OPEN("/tmp/environ", .path.mode = 0100400);
	assert_access(scene_access(0), UNKNOWN_ID, ENVIRON, DEVICE, false);
	OPEN("/tmp/something", .path.mode = 0100400);
	OPEN("/tmp/environ", .path.mode = 0100444);
	OPEN("/tmp/link", .path.dev = "00:16");
	assert_int_equal(scene_access_count(), 2);
}

static void proctor_s_key(void **state)
{
	scene_start();
	OPEN("/tmp/link", .event.key = "proctor_procfs");
	assert_access(scene_only(), UNKNOWN_ID, MEM, DEVICE, false);
	scene_start();
	OPEN("/tmp/link", .event.key = "other\1proctor_procfs");
	assert_access(scene_only(), UNKNOWN_ID, MEM, DEVICE, false);
	scene_start();
	OPEN("/tmp/link", .event.key = "not_proctor_procfs");
	OPEN("/tmp/link", .event.key = "proctor_procfs", .path.dev = "fd:00");
	assert_int_equal(scene_access_count(), 0);
}

static void keys_that_the_log_explains(void **state)
{
	scene_start();
	EXEC("/usr/sbin/auditctl", .argv = { "auditctl", "-a", "always,exit", "-F", "dir=/proc", "-k", "secrets" });
	OPEN("/tmp/link", .event.key = "secrets");
	assert_access(scene_only(), UNKNOWN_ID, MEM, DEVICE, false);
	scene_start();
	EXEC("/usr/sbin/auditctl", .argv = { "auditctl", "-a", "always,exit", "-F", "dir=/etc", "-k", "secrets" });
	OPEN("/tmp/link", .event.key = "secrets");
	assert_int_equal(scene_access_count(), 0);
	/* A program that calls itself auditctl explains nothing. */
	scene_start();
	EXEC("/tmp/x", .argv = { "auditctl", "-F", "dir=/proc", "-k", "secrets" });
	OPEN("/tmp/link", .event.key = "secrets");
	assert_int_equal(scene_access_count(), 0);
}

static void suffix(void **state)
{
	scene_start();
	OPEN("/mnt/p/812/mem");
	assert_access(scene_only(), 812, MEM, PATH, false);
	scene_start();
	OPEN("/mnt/p/812/task/815/mem");
	assert_access(scene_only(), 812, MEM, PATH, false);
	scene_start();
	OPEN("/mnt/p/812/mem", .path.mode = 0100644);
	OPEN("/mnt/p/812/mem", .path.missing = true, .error = ENOENT);
	OPEN("/mnt/p/x/mem");
	assert_int_equal(scene_access_count(), 0);
}

/* ---- mounts and roots ---- */

static void bind_mount(void **state)
{
	scene_start();
	MOUNT_AT("/mnt/p", { "/proc", .mode = DIRECTORY });
	OPEN("/mnt/p/812/mem");
	assert_access(scene_only(), 812, MEM, MOUNT, true);
	assert_text(scene_only()->resolved_path, "/proc/812/mem");
	scene_start();
	MOUNT_AT("/mnt/one", { "/proc/812", .mode = DIRECTORY });
	OPEN("/mnt/one/mem");
	assert_access(scene_only(), 812, MEM, MOUNT, true);
	OPEN("mem", .event.cwd = "/mnt/one");
	assert_access(scene_access(0), 812, MEM, MOUNT, true);
	OPEN("/mnt/onetwo/mem");
	assert_int_equal(scene_access_count(), 2);
	/* A bind of a bind. */
	MOUNT_AT("/mnt/two", { "/mnt/one", .mode = DIRECTORY });
	OPEN("/mnt/two/maps", .path.mode = 0100444);
	assert_access(scene_access(0), 812, MAPS, MOUNT, true);
}

static void bind_mount_of_the_file(void **state)
{
	scene_start();
	DO(mount, .paths = { { "/tmp/f", .mode = 0100644 }, { "/proc/812/mem", .inode = 77 } });
	OPEN("/tmp/f", .path.inode = 77);
	assert_access(scene_only(), 812, MEM, INODE, true);
}

static void unmounted(void **state)
{
	scene_start();
	MOUNT_AT("/mnt/one", { "/proc/812", .mode = DIRECTORY });
	DO(umount2, .paths = { { "/mnt/one", .mode = DIRECTORY } });
	OPEN("/mnt/one/mem", .path.mode = 0100644);
	assert_int_equal(scene_access_count(), 0);
	/* What failed did not happen. */
	scene_start();
	DO(mount, .exit = -EPERM, .paths = { { "/mnt/one", .mode = DIRECTORY }, { "/proc/812", .mode = DIRECTORY } });
	OPEN("/mnt/one/mem", .path.mode = 0100644);
	assert_int_equal(scene_access_count(), 0);
	scene_start();
	MOUNT_AT("/mnt/one", { "/proc/812", .mode = DIRECTORY });
	MOUNT_AT("/mnt/one", { "/proc/813", .mode = DIRECTORY });
	OPEN("/mnt/one/mem");
	assert_access(scene_only(), 813, MEM, MOUNT, true);
}

/* MS_REMOUNT and changes of propagation mount nothing. */
static void changed_mount(void **state)
{
	scene_start();
	MOUNT_AT("/mnt/one", { "/proc/812", .mode = DIRECTORY });
	DO(mount, .a = { 1, 2, 0, 0x1020 }, .paths = { { "/mnt/one", .mode = DIRECTORY } });
	DO(mount, .a = { 1, 2, 0, 0x44000 }, .paths = { { "/mnt/one", .mode = DIRECTORY } });
	OPEN("/mnt/one/mem");
	assert_access(scene_only(), 812, MEM, MOUNT, true);
}

static void second_procfs(void **state)
{
	scene_start();
	MOUNT_AT("/mnt/p2");
	OPEN("/mnt/p2/812/mem", .path.dev = "00:29");
	assert_access(scene_only(), 812, MEM, MOUNT, false);
	/* Now its device is known for one. */
	OPEN("/tmp/link", .path.dev = "00:29");
	assert_access(scene_access(0), UNKNOWN_ID, MEM, DEVICE, false);
}

static void open_tree(void **state)
{
	scene_start();
	DO(open_tree, .a = { (uint32_t)AT_FDCWD, 0x7f00, 1 }, .exit = 5,
	   .paths = { { "/proc/812", .mode = DIRECTORY } });
	OPEN("mem", .dirfd = 5);
	assert_access(scene_only(), 812, MEM, DIRFD, true);
	/* Attached by move_mount: the source is the empty name of the fd. */
	DO(move_mount, .a = { 5, 0x7f00, (uint32_t)AT_FDCWD, 0x7f00 },
	   .paths = { { "", .mode = DIRECTORY }, { "/mnt/one", .mode = DIRECTORY } });
	OPEN("/mnt/one/maps", .path.mode = 0100444);
	assert_access(scene_access(0), 812, MAPS, MOUNT, true);
}

/* Newer kernels leave the empty name out: the one PATH is the target. */
static void move_mount_of_an_fd(void **state)
{
	scene_start();
	DO(open_tree, .a = { (uint32_t)AT_FDCWD, 0x7f00, 1 }, .exit = 5,
	   .paths = { { "/proc/812", .mode = DIRECTORY } });
	DO(move_mount, .a = { 5, 0x7f00, (uint32_t)AT_FDCWD, 0x7f00 },
	   .paths = { { "/mnt/one", .dev = "fd:00", .mode = DIRECTORY } });
	OPEN("/mnt/one/mem");
	assert_access(scene_only(), 812, MEM, MOUNT, true);
	/* The target can be relative to a descriptor, too. */
	OPEN("/mnt", .path = { "/mnt", .dev = "fd:00", .mode = DIRECTORY }, .fd = 6);
	DO(move_mount, .a = { 5, 0x7f00, 6, 0x7f00 }, .paths = { { "two", .dev = "fd:00", .mode = DIRECTORY } });
	OPEN("/mnt/two/mem");
	assert_access(scene_access(0), 812, MEM, MOUNT, true);
	/* A procfs of fsmount, whose fd no record explains. */
	DO(move_mount, .a = { 9, 0x7f00, (uint32_t)AT_FDCWD, 0x7f00 },
	   .paths = { { "/mnt/p", .dev = "fd:00", .mode = DIRECTORY } });
	OPEN("/mnt/p/812/mem", .path.dev = "00:29");
	assert_access(scene_access(0), 812, MEM, MOUNT, false);
}

/* Another's directory over one's own: /proc/self is no longer oneself. */
static void mounted_over_oneself(void **state)
{
	scene_start();
	MOUNT_AT("/proc/500", { "/proc/812", .mode = DIRECTORY });
	OPEN("/proc/self/mem");
	assert_access(scene_access(0), 812, MEM, MOUNT, true);
	assert_false(scene_access(0)->self);
	OPEN("/proc/thread-self/maps", .path.mode = 0100444);
	assert_access(scene_access(0), 812, MAPS, MOUNT, true);
	/* By the name of self, too, and only of who mounted it. */
	scene_start();
	MOUNT_AT("/proc/self", { "/proc/812", .mode = DIRECTORY });
	OPEN("/proc/self/mem");
	assert_access(scene_access(0), 812, MEM, MOUNT, true);
	OPEN("/proc/self/mem", BY(600));
	assert_true(scene_access(0)->self);
	scene_start();
	DO(mount, .paths = { { .name = "/proc/500/mem" }, { "/proc/812/mem", .inode = 77 } });
	OPEN("/proc/self/mem", .path.inode = 77);
	assert_access(scene_access(0), 812, MEM, INODE, true);
	assert_false(scene_access(0)->self);
	/* A mount of one's own directory elsewhere is of who mounted it, whoever looks into it; so is a root. */
	scene_start();
	MOUNT_AT("/mnt/me", { "/proc/self", .mode = DIRECTORY });
	OPEN("/mnt/me/mem", BY(600));
	assert_access(scene_access(0), 500, MEM, MOUNT, true);
	DO(chroot, .paths = { { "/proc/self", .mode = DIRECTORY } });
	OPEN("/mem", BY(700, .ppid = 500));
	assert_access(scene_access(0), 500, MEM, CHROOT, true);
}

/* One process's directory over another's: who made the mount sees it, who is no relative of his may not. */
static void mount_within_procfs(void **state)
{
	scene_start();
	DO(mount, .pid = 500, .ppid = 400,
	   .paths = { { "/proc/813", .mode = DIRECTORY }, { "/proc/812", .mode = DIRECTORY } });
	OPEN("/proc/813/mem", BY(501, .ppid = 500));
	assert_access(scene_access(0), 812, MEM, MOUNT, true);
	OPEN("/proc/813/mem", BY(502, .ppid = 400));
	assert_access(scene_access(0), 812, MEM, MOUNT, false);
	OPEN("/proc/813/mem", BY(900, .ppid = 1));
	assert_access(scene_access(0), 813, MEM, PATH, false);
}

/* The number of a device that a mount had is given to the procfs of a namespace. */
static void device_of_another_mount(void **state)
{
	scene_start();
	DO(mount, .pid = 600, .paths = { { "/mnt/p2", .dev = "fd:00", .mode = DIRECTORY } });
	OPEN("/mnt/p2/812/mem", BY(600), .path.dev = "00:29");
	assert_access(scene_access(0), 812, MEM, MOUNT, false);
	DO(mount, .pid = 700, .ppid = 1, .paths = { { "/proc", .inode = 1, .mode = DIRECTORY } });
	OPEN("/proc/2/mem", BY(700, .ppid = 1), .path.dev = "00:29");
	assert_access(scene_access(0), UNKNOWN_ID, MEM, MOUNT, false);
	/* There, too, a descriptor of one's own directory is oneself. */
	OPEN("/proc/self", BY(700, .ppid = 1), .path = { "/proc/self", .dev = "00:29", .mode = DIRECTORY }, .fd = 5);
	OPEN("mem", BY(700, .ppid = 1), .dirfd = 5, .path.dev = "00:29");
	assert_int_equal(scene_access(0)->target.pid, 700);
	assert_true(scene_access(0)->self);
}

static void chrooted(void **state)
{
	scene_start();
	DO(chroot, .paths = { { "/proc", .mode = DIRECTORY } });
	OPEN("/812/mem");
	assert_access(scene_only(), 812, MEM, CHROOT, true);
	OPEN("/../../812/maps", .path.mode = 0100444);
	assert_access(scene_access(0), 812, MAPS, CHROOT, true);
	OPEN("maps", .event.cwd = "/812", .path.mode = 0100444);
	assert_access(scene_access(0), 812, MAPS, CHROOT, true);
	/* Nobody else's root; the children's, too. */
	OPEN("/812/mem", BY(600, .ppid = 1));
	assert_access(scene_access(0), 812, MEM, PATH, false);
	OPEN("/812/mem", BY(700, .ppid = 500));
	assert_access(scene_access(0), 812, MEM, CHROOT, true);
	/* A root below the root. */
	DO(chroot, .paths = { { "/812", .mode = DIRECTORY } });
	OPEN("/mem");
	assert_access(scene_access(0), 812, MEM, CHROOT, true);
}

/* In a jail, /proc/1/root leads out of it, and a descriptor of before stays outside. */
static void out_of_the_jail(void **state)
{
	scene_start();
	OPEN("/p", .path = { "/p", .mode = DIRECTORY, .dev = "fd:00" }, .fd = 8);
	OPEN("/proc/812", .path.mode = DIRECTORY, .fd = 9);
	DO(chroot, .paths = { { "/var/lib/a/rather/long/jail", .dev = "fd:00", .mode = DIRECTORY } });
	OPEN("/proc/1/root/proc/812/mem");
	assert_access(scene_access(0), 812, MEM, CHROOT, false);
	OPEN("/proc/self/fd/9/mem");
	assert_access(scene_access(0), 812, MEM, FD, true);
	OPEN("mem", .dirfd = 9);
	assert_access(scene_access(0), 812, MEM, DIRFD, true);
	OPEN("/proc/self/fd/8/x", .path.mode = 0100644);
	assert_int_equal(scene_access_count(), 3);
}

static void mount_of_a_namespace_is_not_everybodys(void **state)
{
	scene_start();
	OPEN("/proc/812/mem");
	DO(mount, .pid = 600, .a = { 1, 2, 3, 0xe }, .paths = { { "/proc", .inode = 1, .mode = DIRECTORY } });
	OPEN("/proc/812/mem");
	assert_access(scene_access(0), 812, MEM, PATH, true);
}

static void new_procfs_over_the_old(void **state)
{
	scene_start();
	DO(mount, .pid = 500, .a = { 1, 2, 3, 0xe }, .paths = { { "/proc", .inode = 1, .mode = DIRECTORY } });
	OPEN("/proc/2/mem", BY(501, .ppid = 500), .path.dev = "00:29");
	assert_access(scene_access(0), UNKNOWN_ID, MEM, MOUNT, false);
}

/* ---- other doors ---- */

static void process_vm(void **state)
{
	scene_start();
	DO(process_vm_readv, .a = { 812, 1, 1, 1 }, .exit = 4096);
	assert_access(scene_only(), 812, NONE, ARGUMENT, true);
	assert_int_equal(scene_only()->verb, VERB_PROCESS_VM_READV);
	assert_false(scene_only()->write);
	scene_start();
	DO(process_vm_writev, .a = { 812, 1, 1, 1 }, .exit = -EPERM);
	assert_access(scene_only(), 812, NONE, ARGUMENT, true);
	assert_int_equal(scene_only()->verb, VERB_PROCESS_VM_WRITEV);
	assert_int_equal(scene_only()->outcome, -EPERM);
	assert_true(scene_only()->write);
	scene_start();
	DO(process_vm_readv, .a = { 0, 1, 1, 1 }, .exit = -ESRCH);
	assert_access(scene_only(), UNKNOWN_ID, NONE, NONE, false);
}

static void traced(void **state)
{
	scene_start();
	DO(ptrace, .a = { 16, 812 }, .more = { "OBJ_PID opid=812 oauid=0 ouid=33 oses=2 ocomm=\"sshd\"" });
	assert_access(scene_only(), 812, NONE, ARGUMENT, true);
	assert_int_equal(scene_only()->verb, VERB_PTRACE);
	assert_int_equal(scene_only()->request, 16);
	assert_text(scene_only()->target.comm, "sshd");
	assert_int_equal(scene_only()->target.uid, 33);
	scene_start();
	DO(ptrace, .a = { 0x4206, 812 }, .exit = -EPERM);
	assert_access(scene_only(), 812, NONE, ARGUMENT, true);
	/* PEEKDATA, CONT, TRACEME and the rest open no door. */
	scene_start();
	for (unsigned request = 0; request < 40; request++)
		if (request != 16)
			DO(ptrace, .a = { request, 812 });
	assert_int_equal(scene_access_count(), 0);
	/* The number of another architecture. */
	scene_start();
	scene_add(&(struct scene_event){ .arch = "40000003", .number = 26, .a = { 16, 812 } });
	assert_access(scene_only(), 812, NONE, ARGUMENT, true);
	scene_add(&(struct scene_event){ .number = 26, .a = { 16, 812 } });
	assert_int_equal(scene_access_count(), 1);
}

static void x32(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .event.number = 0x40000000 + 257);
	assert_access(scene_only(), 812, MEM, PATH, true);
	assert_text(scene_only()->syscall, "openat");
	scene_start();
	scene_add(&(struct scene_event){ .number = 0x40000000 + 539, .a = { 812 } });
	assert_access(scene_only(), 812, NONE, ARGUMENT, true);
}

static void pidfds(void **state)
{
	scene_start();
	DO(pidfd_getfd, .a = { 5, 3 }, .exit = 6);
	assert_access(scene_only(), UNKNOWN_ID, NONE, NONE, false);
	scene_start();
	DO(pidfd_open, .a = { 812 }, .exit = 5);
	DO(pidfd_getfd, .a = { 5, 3 }, .exit = 6);
	assert_access(scene_only(), 812, NONE, FD, true);
	assert_int_equal(scene_only()->verb, VERB_PIDFD_GETFD);
	/* They close on exec. */
	EXEC("/opt/y");
	DO(pidfd_getfd, .exe = "/opt/y", .a = { 5, 3 }, .exit = 6);
	assert_access(scene_access(0), UNKNOWN_ID, NONE, NONE, false);
	/* What is no pidfd names nobody. */
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY, .fd = 5);
	DO(pidfd_getfd, .a = { 5, 3 }, .exit = -EBADF);
	assert_access(scene_only(), UNKNOWN_ID, NONE, NONE, false);
}

static void io_uring(void **state)
{
	const char ring[] = "URINGOP uring_op=18 success=yes exit=0 items=1 ppid=400 pid=500 uid=0 gid=0 euid=0 suid=0 "
			    "fsuid=0 egid=0 sgid=0 fsgid=0 key=(null)";

	/* SQPOLL: no SYSCALL, and nobody's exe: what was seen of the process before tells it. */
	scene_start();
	OPEN("/etc/passwd", .path = { "/etc/passwd", .dev = "fd:00", .mode = 0100644 });
	scene_add(&(struct scene_event){
		.without_syscall = true, .more = { ring }, .paths = { { .name = "/proc/812/mem" } } });
	assert_access(scene_only(), 812, MEM, PATH, true);
	assert_text(scene_only()->actor.exe, "/opt/x");
	assert_int_equal(scene_only()->actor.pid, 500);
	assert_text(scene_only()->syscall, "openat");
	/* With the SYSCALL that carried it: its arguments are not the open's. */
	scene_start();
	DO(io_uring_enter, .a = { 4, 1, 1, 1 }, .exit = 1, .more = { ring }, .paths = { { .name = "mem" } },
	   .cwd = "/proc/812");
	assert_access(scene_only(), 812, MEM, CWD, true);
	assert_false(scene_only()->write);
	/* Another operation is none of ours. */
	scene_start();
	scene_add(&(struct scene_event){
		.without_syscall = true,
		.more = { "URINGOP uring_op=36 success=yes exit=0 items=1 ppid=400 pid=500 uid=0" },
		.paths = { { .name = "/proc/812/mem" } } });
	assert_int_equal(scene_access_count(), 0);
}

static void on_other_architectures(void **state)
{
	static const struct {
		const char *arch;
		unsigned openat, readv;
	} cases[] = {
		{ "c00000b7", 56, 270 },  { "40000028", 322, 376 }, { "c00000f3", 56, 270 },
		{ "c0000015", 286, 351 }, { "80000016", 288, 340 }, { "40000003", 295, 347 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_start();
		OPEN("/proc/812/mem", .event = { .arch = cases[i].arch, .number = cases[i].openat }, .flags = O_RDWR);
		scene_add(&(struct scene_event){ .arch = cases[i].arch, .number = cases[i].readv, .a = { 813 } });
		assert_int_equal(scene_access_count(), 2);
		assert_access(scene_access(1), 812, MEM, PATH, true);
		assert_true(scene_access(1)->write);
		assert_access(scene_access(0), 813, NONE, ARGUMENT, true);
	}
}

/* ---- its own ---- */

static void itself(void **state)
{
	static const char *const names[] = {
		"/proc/self/mem",
		"/proc/thread-self/mem",
		"/proc/500/mem",
		"/proc/self/task/500/mem",
		"/proc/500/task/501/mem",
		"/proc/self/task/501/mem",
		"/proc/self/root/proc/500/mem",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		scene_start();
		OPEN(names[i]);
		assert_access(scene_only(), 500, MEM, SELF, true);
		assert_true(scene_only()->self);
	}
	scene_start();
	OPEN("mem", .event.cwd = "/proc/500");
	assert_true(scene_only()->self);
	scene_start();
	OPEN("/proc/self", .path.mode = DIRECTORY);
	OPEN("mem", .dirfd = 3);
	assert_true(scene_only()->self);
	scene_start();
	DO(process_vm_readv, .a = { 500 });
	assert_true(scene_only()->self);
}

/* After an exec it is still the same process. */
static void itself_after_exec(void **state)
{
	scene_start();
	OPEN("/proc/500", .path.mode = DIRECTORY);
	EXEC("/opt/y");
	OPEN("mem", BY(500, .exe = "/opt/y"), .dirfd = 3);
	assert_true(scene_only()->self);
}

/* "self" of a parent's descriptor was the parent. */
static void self_of_the_parent(void **state)
{
	scene_start();
	OPEN("/proc/self", BY(400, .ppid = 1), .path.mode = DIRECTORY);
	OPEN("mem", BY(500), .dirfd = 3);
	const struct access *access = scene_access(0);
	assert_non_null(access);
	assert_false(access->self);
	assert_true(access->target.pid == 400 || access->target.pid == UNKNOWN_ID);
}

/* The number of one of its own threads, by which gdb and sanitizers go. */
static void own_thread(void **state)
{
	scene_start();
	OPEN("/proc/500/task/501/maps", .path.mode = 0100444);
	OPEN("/proc/501/mem");
	assert_true(scene_access(0)->self);
}

static void failed_thread_open_is_no_proof(void **state)
{
	scene_start();
	OPEN("/proc/500/task/812/mem", .error = ENOENT, .path.missing = true);
	OPEN("/proc/812/mem");
	assert_access(scene_access(0), 812, MEM, PATH, true);
	assert_false(scene_access(0)->self);
	OPEN("/proc/self/task/812/mem", .error = ENOENT, .path.missing = true);
	OPEN("/proc/812/mem");
	assert_false(scene_access(0)->self);
}

/* A thread's number, long after, is some process. */
static void thread_numbers_expire(void **state)
{
	scene_start();
	OPEN("/proc/500/task/812/maps", .path.mode = 0100444);
	OPEN("/proc/812/mem", .event.at = 90000);
	assert_false(scene_access(0)->self);
}

static void clone_that_traces_its_parent(void **state)
{
	scene_start();
	EXEC("/opt/test", .pid = 500);
	DO(ptrace, .pid = 501, .ppid = 500, .exe = "/opt/test", .a = { 16, 500 },
	   .more = { "OBJ_PID opid=500 oauid=0 ouid=0 oses=1 ocomm=\"test\"" });
	assert_true(scene_only()->self);
	assert_access(scene_only(), 500, NONE, SELF, true);
	/* With an execve of its own it is another program. */
	scene_start();
	EXEC("/opt/test", .pid = 500);
	EXEC("/opt/test", .pid = 501, .ppid = 500);
	DO(ptrace, .pid = 501, .ppid = 500, .exe = "/opt/test", .a = { 16, 500 });
	assert_false(scene_only()->self);
	/* Another program than the parent. */
	scene_start();
	EXEC("/opt/test", .pid = 500);
	DO(ptrace, .pid = 501, .ppid = 500, .exe = "/opt/other", .a = { 16, 500 });
	assert_false(scene_only()->self);
	/* Not its parent. */
	scene_start();
	EXEC("/opt/test", .pid = 500);
	DO(ptrace, .pid = 501, .ppid = 400, .exe = "/opt/test", .a = { 16, 500 });
	assert_false(scene_only()->self);
}

/* A log without any execve says nothing of who executed. */
static void unseen_exec_is_no_clone(void **state)
{
	scene_start();
	OPEN("/proc/9/status", BY(500, .exe = "/usr/bin/python3.11"), .path.mode = 0100444);
	DO(ptrace, .pid = 501, .ppid = 500, .exe = "/usr/bin/python3.11", .a = { 16, 500 });
	assert_false(scene_only()->self);
}

/* ---- pid namespaces ---- */

static void children_of_a_namespace(void **state)
{
	scene_start();
	DO(unshare, .pid = 500, .a = { 0x20000000 });
	DO(process_vm_readv, .pid = 501, .ppid = 500, .a = { 2 });
	assert_access(scene_only(), UNKNOWN_ID, NONE, NONE, false);
	/* OBJ_PID counts in the initial namespace. */
	DO(ptrace, .pid = 501, .ppid = 500, .a = { 16, 2 }, .more = { "OBJ_PID opid=812 ouid=0 ocomm=\"sshd\"" });
	assert_access(scene_access(0), 812, NONE, ARGUMENT, true);
	/* And theirs. */
	DO(process_vm_readv, .pid = 502, .ppid = 501, .a = { 2 });
	assert_access(scene_access(0), UNKNOWN_ID, NONE, NONE, false);
	OPEN("/proc/2/mem", BY(501, .ppid = 500), .path.dev = "00:29");
	assert_access(scene_access(0), UNKNOWN_ID, MEM, PATH, false);
	/* The host's procfs still has the host's numbers. */
	OPEN("/proc/1/status", BY(700, .ppid = 1), .path.mode = 0100444);
	OPEN("/proc/812/mem", BY(501, .ppid = 500));
	assert_access(scene_access(0), 812, MEM, PATH, true);
}

static void who_unshares_stays(void **state)
{
	scene_start();
	DO(unshare, .a = { 0x20000000 });
	DO(process_vm_readv, .a = { 812 });
	assert_access(scene_access(0), 812, NONE, ARGUMENT, true);
	OPEN("/proc/812/mem");
	assert_access(scene_access(0), 812, MEM, PATH, true);
}

static void setns_and_clone(void **state)
{
	scene_start();
	DO(setns, .pid = 500, .a = { 4, 0x20000000 });
	DO(process_vm_readv, .pid = 501, .ppid = 500, .a = { 2 });
	assert_access(scene_only(), UNKNOWN_ID, NONE, NONE, false);
	scene_start();
	DO(clone, .pid = 500, .a = { 0x20000011 }, .exit = 501);
	DO(process_vm_readv, .pid = 501, .ppid = 500, .a = { 2 });
	assert_access(scene_only(), UNKNOWN_ID, NONE, NONE, false);
	/* Other namespaces change no number. */
	scene_start();
	DO(unshare, .pid = 500, .a = { 0x00020000 });
	DO(process_vm_readv, .pid = 501, .ppid = 500, .a = { 2 });
	assert_access(scene_only(), 2, NONE, ARGUMENT, true);
}

/* ---- processes ---- */

static void target_s_history(void **state)
{
	scene_start();
	EXEC("/usr/sbin/sshd", .pid = 812, .ppid = 1, .comm = "sshd", .uid = 0);
	OPEN("/proc/812/mem");
	const struct access *access = scene_only();
	assert_text(access->target.exe, "/usr/sbin/sshd");
	assert_text(access->target.comm, "sshd");
	assert_int_equal(access->target.ppid, 1);
	assert_int_equal(access->target.start_ms, 1795430000250);
	scene_start();
	OPEN("/proc/812/mem");
	assert_null(scene_only()->target.exe.data);
}

static void check_program(const char *exe)
{
	OPEN("/proc/500/mem", BY(600));
	assert_true(span_equal(scene_access(0)->target.exe, span_of(exe)));
}

/* History compares a record's words with those of the one before: they may begin alike (here in hex), and come back. */
static void told_in_other_words(void **state)
{
	scene_start();
	OPEN("/etc/a", BY(500, .exe = "/opt/x y"), .path.dev = "fd:00");
	check_program("/opt/x y");
	OPEN("/etc/a", BY(500, .exe = "/opt/x y"), .path.dev = "fd:00");
	OPEN("/etc/a", BY(500, .exe = "/opt/x yz"), .path.dev = "fd:00");
	check_program("/opt/x yz");
	OPEN("/etc/a", BY(500, .exe = "/opt/x y"), .path.dev = "fd:00");
	check_program("/opt/x y");
	OPEN("/etc/a", BY(500, .exe = "/opt/x y", .uid = 7), .path.dev = "fd:00");
	check_program("/opt/x y");
	assert_int_equal(scene_access(0)->target.uid, 7);
}

/* What is created comes with its directory: the object decides, whatever the order of the PATH records. */
static void created(void **state)
{
	scene_start();
	OPEN("/proc/812/mem", .fd = 5, .path.inode = 7);
	DO(openat, .a = { 0xffffff9c, 0x7f00, 0x41 }, .exit = 5,
	   .paths = { { .name = "/tmp/", .dev = "fd:00", .mode = 041777, .parent = true },
		      { .name = "/tmp/mem", .dev = "fd:00" } });
	OPEN("/proc/self/fd/5", .path.dev = "00:17", .path.mode = 0100644);
	assert_int_equal(scene_access_count(), 1);
	DO(openat, .a = { 0xffffff9c, 0x7f00, 0x41 }, .exit = 5,
	   .paths = { { .name = "/tmp/", .dev = "fd:00", .mode = 041777, .parent = true },
		      { .name = "/proc/812/maps", .mode = 0100444 } });
	assert_int_equal(scene_access_count(), 2);
}

static void nodes_do_not_mix(void **state)
{
	scene_start();
	EXEC("/usr/sbin/sshd", .pid = 812, .ppid = 1, .node = "a");
	OPEN("/proc/812", .event.node = "a", .path.mode = DIRECTORY);
	OPEN("/proc/812/mem", .event.node = "b");
	assert_null(scene_only()->target.exe.data);
	assert_text(scene_only()->host, "b");
	OPEN("mem", .event.node = "b", .dirfd = 3, .fd = 4);
	assert_nobody(scene_access(0));
	assert_null(scene_access(0)->resolved_path.data);
	OPEN("maps", .event.node = "a", .dirfd = 3, .fd = 4, .path.mode = 0100444);
	for (size_t i = 0; i < scene_access_count(); i++)
		if (scene_access(i)->entry == ENTRY_MAPS)
			assert_access(scene_access(i), 812, MAPS, DIRFD, true);
	assert_int_equal(scene_access_count(), 3);
}

/* Serials begin anew: what was before the reboot says nothing. */
static void boots_do_not_mix(void **state)
{
	scene_start();
	OPEN("/proc/812", .path.mode = DIRECTORY);
	EXEC("/usr/sbin/sshd", .pid = 812, .ppid = 1);
	scene.serial = 10;
	OPEN("mem", .dirfd = 3, .fd = 4, .event.at = 600);
	OPEN("/proc/812/mem", .event.at = 601);
	assert_int_equal(scene_access_count(), 1);
	assert_null(scene_only()->target.exe.data);
}

static void forged_numbers(void **state)
{
	scene_start();
	scene_add(&(struct scene_event){
		.without_syscall = true,
		.more = { "SYSCALL arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=1 "
			  "a2=0 a3=0 items=1 ppid=1 pid=4294967296 uid=99999999999 comm=\"x\" exe=\"/x\"" },
		.paths = { { .name = "/proc/812/mem" } } });
	assert_access(scene_only(), 812, MEM, PATH, true);
	assert_true(scene_only()->actor.pid == UNKNOWN_ID);
	assert_true(scene_only()->actor.uid == UNKNOWN_ID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absolute),
		cmocka_unit_test(spellings),
		cmocka_unit_test(through_another_root),
		cmocka_unit_test(entries),
		cmocka_unit_test(not_an_entry),
		cmocka_unit_test(decoys),
		cmocka_unit_test(threads),
		cmocka_unit_test(system_memory),
		cmocka_unit_test(names_in_hex),
		cmocka_unit_test(too_long),
		cmocka_unit_test(attempts),
		cmocka_unit_test(flags),
		cmocka_unit_test(directory_descriptor),
		cmocka_unit_test(root_descriptor),
		cmocka_unit_test(unknown_descriptor),
		cmocka_unit_test(copied_descriptor),
		cmocka_unit_test(closed_descriptor),
		cmocka_unit_test(reused_number),
		cmocka_unit_test(another_process_s_descriptor),
		cmocka_unit_test(inherited_by_fork),
		cmocka_unit_test(closed_in_child_is_not_the_parents),
		cmocka_unit_test(reused_in_child_is_not_the_parents),
		cmocka_unit_test(survives_exec),
		cmocka_unit_test(close_on_exec),
		cmocka_unit_test(cloexec_is_gone_in_an_executed_child),
		cmocka_unit_test(failed_exec),
		cmocka_unit_test(descriptor_of_a_dead_namesake),
		cmocka_unit_test(reopened_through_a_link),
		cmocka_unit_test(link_to_inherited_fd_is_uncertain),
		cmocka_unit_test(link_of_another_process),
		cmocka_unit_test(link_out_tells_no_device),
		cmocka_unit_test(replaced_descriptor),
		cmocka_unit_test(inherited_file_is_no_directory),
		cmocka_unit_test(in_root),
		cmocka_unit_test(same_inode),
		cmocka_unit_test(inode_expires),
		cmocka_unit_test(doubt_is_not_learnt),
		cmocka_unit_test(only_the_device),
		cmocka_unit_test(proctor_s_key),
		cmocka_unit_test(keys_that_the_log_explains),
		cmocka_unit_test(suffix),
		cmocka_unit_test(bind_mount),
		cmocka_unit_test(bind_mount_of_the_file),
		cmocka_unit_test(unmounted),
		cmocka_unit_test(changed_mount),
		cmocka_unit_test(second_procfs),
		cmocka_unit_test(open_tree),
		cmocka_unit_test(move_mount_of_an_fd),
		cmocka_unit_test(mounted_over_oneself),
		cmocka_unit_test(mount_within_procfs),
		cmocka_unit_test(device_of_another_mount),
		cmocka_unit_test(chrooted),
		cmocka_unit_test(out_of_the_jail),
		cmocka_unit_test(mount_of_a_namespace_is_not_everybodys),
		cmocka_unit_test(new_procfs_over_the_old),
		cmocka_unit_test(process_vm),
		cmocka_unit_test(traced),
		cmocka_unit_test(x32),
		cmocka_unit_test(pidfds),
		cmocka_unit_test(io_uring),
		cmocka_unit_test(on_other_architectures),
		cmocka_unit_test(itself),
		cmocka_unit_test(itself_after_exec),
		cmocka_unit_test(self_of_the_parent),
		cmocka_unit_test(own_thread),
		cmocka_unit_test(failed_thread_open_is_no_proof),
		cmocka_unit_test(thread_numbers_expire),
		cmocka_unit_test(clone_that_traces_its_parent),
		cmocka_unit_test(unseen_exec_is_no_clone),
		cmocka_unit_test(children_of_a_namespace),
		cmocka_unit_test(who_unshares_stays),
		cmocka_unit_test(setns_and_clone),
		cmocka_unit_test(target_s_history),
		cmocka_unit_test(told_in_other_words),
		cmocka_unit_test(created),
		cmocka_unit_test(nodes_do_not_mix),
		cmocka_unit_test(boots_do_not_mix),
		cmocka_unit_test(forged_numbers),
	};

	return cmocka_run_group_tests_name("resolve", tests, NULL, scene_teardown);
}
