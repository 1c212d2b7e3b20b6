/*
 *	/proc/812/fd/5 → /proc/4711/mem      /proc/812/fdinfo/5: flags:	0100002
 *
 * 1. The name is the holder's choice (a bind mount, a chroot), but for its end. The inode says whose entry it is, in our
 *    procfs. In another one the same numbers may be of others: then the target is unknown.
 * 2. A thread can have descriptors of its own (unshare(2) with CLONE_FILES): then its table is looked at, too.
 * 3. Nothing is opened but directories and texts of procfs, so that looking is no access itself.
 */
#include "source/held.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "source/actor_look.h"
#include "source/procfs_object.h"

#define PROCFS_MAGIC 0x9fa0
#define KERNEL_O_PATH 010000000
#define FILES_MAX 65536 /* of one table */
#define SEARCHES_MAX 64 /* of an inode among all processes */
#define ANCESTORS_MAX 64

struct look {
	const struct held_options *options;
	struct held_counts *counts;
	int proc;
	dev_t device; /* of our procfs */
	unsigned searches;
	int64_t boot_ms;
	uint32_t holder;
	bool has_actor; /* what follows is the holder's */
	struct actor_look actor;
	struct process_look target;
	char link[PATH_MAX], resolved[64];
};

/* A file of a table: the table's directory below /proc ("812", "812/task/813"), and the descriptor's number. */
struct place {
	const char *table, *number;
};

/* A pid or a thread's; 0: none. */
static uint32_t number_of(const char *text)
{
	uint64_t value;
	size_t used = span_decimal(span_of(text), &value);

	return used && !text[used] && value <= INT32_MAX ? (uint32_t)value : 0;
}

/* ---- what a descriptor holds ---- */

static bool is_of_procfs(const struct place *place)
{
	char path[80];
	struct statfs st;

	snprintf(path, sizeof(path), "/proc/%s/fd/%.16s", place->table, place->number);
	return statfs(path, &st) == 0 && st.f_type == PROCFS_MAGIC;
}

static struct procfs_object object_of(struct look *look, const struct place *place, struct span path)
{
	struct procfs_object object = { .entry = entry_from_name(span_basename(path)) };
	char name[80];
	struct stat st;

	snprintf(name, sizeof(name), "%s/fd/%.16s", place->table, place->number);
	if (fstatat(look->proc, name, &st, 0) != 0)
		return (struct procfs_object){ 0 };
	if (S_ISCHR(st.st_mode))
		return (struct procfs_object){ .entry = st.st_rdev == makedev(1, 1) ? ENTRY_DEVMEM : ENTRY_NONE };
	if (!is_of_procfs(place))
		return (struct procfs_object){ 0 };
	if (entry_tier(object.entry) == ENTRY_TIER_SYSTEM || st.st_dev != look->device)
		return object;
	struct procfs_object found = procfs_object_at_end(look->proc, path, &st);
	if (!found.pid && look->searches < SEARCHES_MAX) {
		look->searches++;
		found = procfs_object_search(look->proc, object.entry, &st);
	}
	found.ours = true;
	return found.pid ? found : (struct procfs_object){ 0 }; /* its process is gone, and its memory with it */
}

/* Octal; O_PATH when it cannot be read: the descriptor is gone. */
static unsigned long flags_of(const struct look *look, const struct place *place)
{
	char name[80], text[256];

	snprintf(name, sizeof(name), "%s/fdinfo/%.16s", place->table, place->number);
	int fd = openat(look->proc, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
	const char *flags = strstr(text, "flags:");
	return flags ? strtoul(flags + 6, NULL, 8) : KERNEL_O_PATH;
}

/* ---- who holds it ---- */

/* What we started runs our program still. */
static bool is_ours(const struct look *look, const struct process *actor)
{
	char name[32];
	struct stat ours, theirs;

	snprintf(name, sizeof(name), "%u/exe", look->holder);
	return actor->ppid == (uint64_t)getpid() && fstatat(look->proc, "self/exe", &ours, 0) == 0 &&
	       fstatat(look->proc, name, &theirs, 0) == 0 && ours.st_ino == theirs.st_ino &&
	       ours.st_dev == theirs.st_dev;
}

static bool is_in_scope(const struct look *look)
{
	const struct held_options *options = look->options;
	uint32_t pid = look->holder;

	if (options->scope == WIRE_SCOPE_UID)
		return look->actor.uid == options->scope_of;
	for (int i = 0; options->scope == WIRE_SCOPE_PID && pid && i < ANCESTORS_MAX; i++) {
		if (pid == options->scope_of)
			return true;
		pid = process_parent(look->proc, pid);
	}
	return options->scope == WIRE_SCOPE_ALL;
}

static bool tell_actor(struct look *look, struct process *actor)
{
	struct actor_look *seen = &look->actor;

	if (!look->has_actor && !actor_look(look->proc, look->holder, true, seen))
		return false;
	look->has_actor = true;
	if (!process_told(&seen->look, look->boot_ms, actor) || is_ours(look, actor) || !is_in_scope(look))
		return false;
	actor->auid = seen->auid;
	actor->ses = seen->ses;
	actor->cmdline = actor_command(seen->command, seen->command_len);
	return true;
}

/* ---- telling it ---- */

static struct span resolved_path(struct look *look, const struct procfs_object *object)
{
	size_t room = sizeof(look->resolved);
	const char *name = entry_name(object->entry);
	int len = 0;

	if (object->entry == ENTRY_DEVMEM)
		return SPAN("/dev/mem");
	if (entry_tier(object->entry) == ENTRY_TIER_SYSTEM)
		len = snprintf(look->resolved, room, "/proc/%s", name);
	else if (object->pid && object->tid)
		len = snprintf(look->resolved, room, "/proc/%u/task/%u/%s", object->pid, object->tid, name);
	else if (object->pid)
		len = snprintf(look->resolved, room, "/proc/%u/%s", object->pid, name);
	return (struct span){ len ? look->resolved : NULL, (size_t)len };
}

static void tell(struct look *look, const struct procfs_object *object, struct span path, unsigned long flags)
{
	struct access access = {
		.time_ms = look->options->now_ms,
		.host = span_of(look->options->host),
		.origin = { .file = "start" },
		.trust = TRUST_KERNEL,
		.sighting = SIGHTING_ACCESS,
		.verb = VERB_OPEN,
		.entry = object->entry,
		.resolved_by = RESOLVED_HELD,
		.certain = object->pid || entry_tier(object->entry) == ENTRY_TIER_SYSTEM,
		.seen_by = SEEN_BY_START,
		.write = (flags & O_ACCMODE) != O_RDONLY,
		.path = path,
		.resolved_path = resolved_path(look, object),
		.request = UNKNOWN_ID,
		.target = process_unknown,
	};

	if (!tell_actor(look, &access.actor))
		return;
	if (object->pid && process_look(look->proc, object->pid, &look->target))
		process_told(&look->target, look->boot_ms, &access.target);
	if (access.target.pid == access.actor.pid)
		return;
	access.trusted_exe = look->actor.trusted;
	if (look->counts->told == HELD_MAX) {
		look->counts->left_out++;
		return;
	}
	look->counts->told++;
	look->options->take(look->options->context, &access);
}

/* ---- looking ---- */

static void look_at_file(struct look *look, const struct place *place, int table)
{
	ssize_t len = readlinkat(table, place->number, look->link, sizeof(look->link));
	struct span path = { look->link, len > 0 ? (size_t)len : 0 };

	if (!path.len || path.data[0] != '/' || entry_from_name(span_basename(path)) == ENTRY_NONE)
		return;
	struct procfs_object object = object_of(look, place, path);
	if (object.entry == ENTRY_NONE || object.pid == look->holder)
		return;
	unsigned long flags = flags_of(look, place);
	if (!(flags & KERNEL_O_PATH))
		tell(look, &object, path, flags);
}

/* False when not all of it could be seen. */
static bool look_at_table(struct look *look, const char *name)
{
	char path[48];
	struct place place = { .table = name };
	const struct dirent *item;
	unsigned files = 0;

	snprintf(path, sizeof(path), "%s/fd", name);
	int fd = openat(look->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno != EACCES && errno != EPERM;
	DIR *table = fdopendir(fd);
	if (!table) {
		close(fd);
		return false;
	}
	while (files <= FILES_MAX && (item = readdir(table))) {
		if (item->d_name[0] == '.')
			continue;
		files++;
		place.number = item->d_name;
		look_at_file(look, &place, fd);
	}
	closedir(table);
	return files <= FILES_MAX;
}

/* Whether a thread shares the table of its process. Where that cannot be asked (no CONFIG_KCMP), it is taken to. */
static bool shares_table(uint32_t pid, uint32_t thread)
{
	return syscall(SYS_kcmp, (pid_t)pid, (pid_t)thread, KCMP_FILES, 0ul, 0ul) <= 0;
}

static bool look_at_threads(struct look *look)
{
	char name[48];
	const struct dirent *item;
	struct stat st;
	bool whole = true;

	snprintf(name, sizeof(name), "%u/task", look->holder);
	if (fstatat(look->proc, name, &st, 0) != 0 || st.st_nlink <= 3) /* a link for each thread, and two */
		return true;
	int fd = openat(look->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *threads = fd >= 0 ? fdopendir(fd) : NULL;
	while (threads && (item = readdir(threads))) {
		uint32_t thread = number_of(item->d_name);
		if (!thread || shares_table(look->holder, thread))
			continue;
		snprintf(name, sizeof(name), "%u/task/%u", look->holder, thread);
		whole &= look_at_table(look, name);
	}
	if (threads)
		closedir(threads);
	else if (fd >= 0)
		close(fd);
	return whole;
}

static void look_at_process(struct look *look, uint32_t pid)
{
	char name[16];
	struct stat st;

	if (!pid || pid == (uint32_t)getpid())
		return;
	look->holder = pid;
	look->has_actor = false;
	snprintf(name, sizeof(name), "%u", pid);
	/* A mount over it hides it, from us and from ps. */
	bool whole = fstatat(look->proc, name, &st, 0) != 0 || st.st_dev == look->device;
	whole &= look_at_table(look, name);
	whole &= look_at_threads(look);
	look->counts->processes++;
	look->counts->hidden += !whole;
}

void held_look(const struct held_options *options, struct held_counts *counts)
{
	struct look *look = calloc(1, sizeof(*look));
	DIR *directory = opendir("/proc");
	const struct dirent *item;
	struct stat st;

	bool failed = !look || !directory || fstat(dirfd(directory), &st) != 0;
	*counts = (struct held_counts){ .failed = failed };
	if (!failed) {
		look->options = options;
		look->counts = counts;
		look->proc = dirfd(directory);
		look->device = st.st_dev;
		look->boot_ms = process_boot_ms();
		while ((item = readdir(directory)))
			look_at_process(look, number_of(item->d_name));
	}
	if (directory)
		closedir(directory);
	free(look);
}
