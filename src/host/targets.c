#include "host/targets.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct span read_comm(int proc, const char *name, char room[16])
{
	char path[32];

	snprintf(path, sizeof(path), "%.16s/comm", name);
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, room, 16);
	if (fd >= 0)
		close(fd);
	if (len > 0 && room[len - 1] == '\n')
		len--;
	return (struct span){ room, len > 0 ? (size_t)len : 0 };
}

/* A kernel thread has no exe, and readlink says ENOENT; of others we may not ask, EACCES or EPERM. */
static bool read_exe(int proc, const char *name, char room[PATH_MAX], struct span *exe)
{
	char path[32];

	snprintf(path, sizeof(path), "%.16s/exe", name);
	ssize_t len = readlinkat(proc, path, room, PATH_MAX);
	*exe = (struct span){ room, len > 0 ? (size_t)len : 0 };
	return len >= 0 || errno != ENOENT;
}

static void take_process(struct target_list *list, int proc, const char *name, target_holds *holds, void *context)
{
	char comm_room[16], exe_room[PATH_MAX];
	struct span exe;
	uint64_t pid;
	size_t used = span_decimal(span_of(name), &pid);

	if (!used || name[used] || pid > INT_MAX || !read_exe(proc, name, exe_room, &exe))
		return;
	struct span comm = read_comm(proc, name, comm_room);
	if (!comm.len || !holds(context, comm, exe))
		return;
	if (list->count == AUDIT_TARGETS_MAX) {
		list->left_out++;
		return;
	}
	struct audit_target *target = &list->items[list->count++];
	target->pid = (pid_t)pid;
	snprintf(target->comm, sizeof(target->comm), "%.*s", (int)comm.len, comm.data);
}

static int by_pid(const void *a, const void *b)
{
	const struct audit_target *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

int targets_find(struct target_list *list, const char *proc, target_holds *holds, void *context, struct err *err)
{
	DIR *directory = opendir(proc);

	if (!directory)
		return err_set(err, -errno, "cannot list the processes in %s: %s", proc, strerror(errno));
	for (struct dirent *entry; (entry = readdir(directory));)
		take_process(list, dirfd(directory), entry->d_name, holds, context);
	closedir(directory);
	qsort(list->items, list->count, sizeof(list->items[0]), by_pid);
	return 0;
}
