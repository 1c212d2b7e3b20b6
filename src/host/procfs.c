#include "host/procfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

#define MOUNTINFO_MAX (16u << 20) /* bytes; containers by the thousand have a few MB */
#define NAMESPACES_MAX 16384	  /* beyond it, each process is read as if it had one of its own */
#define PROCESSES_MAX 65536

/* ---- one text ---- */

static struct span next_field(struct span *line)
{
	size_t len = span_index(*line, ' ');
	struct span field = span_first(*line, len);

	*line = span_skip(*line, len + 1);
	return field;
}

/* "0:21" */
static bool take_minor(struct span device, unsigned *minor)
{
	uint64_t major, number;
	size_t used = span_decimal(device, &major);

	if (!used || major != 0 || used >= device.len || device.data[used] != ':')
		return false;
	device = span_skip(device, used + 1);
	used = span_decimal(device, &number);
	*minor = (unsigned)number;
	return used && used == device.len && number <= UINT32_MAX;
}

static void add(struct procfs_list *list, unsigned minor, struct span root, struct span where, pid_t pid)
{
	struct procfs *item = (struct procfs *)procfs_with_minor(list, minor);
	bool whole = span_equal(root, SPAN("/"));

	/* A directory of procfs that is mounted over something says less than where all of it is. */
	if (item && (item->whole || !whole))
		return;
	if (!item && list->count == PROCFS_MAX) {
		list->left_out++;
		return;
	}
	if (!item)
		item = &list->items[list->count++];
	item->minor = minor;
	item->pid = pid;
	item->whole = whole;
	snprintf(item->where, sizeof(item->where), "%.*s", (int)(where.len < 255 ? where.len : 255), where.data);
}

/* 22 27 0:21 / /proc rw,relatime shared:1 - proc proc rw: any number of fields before the "-". */
static void take_line(struct procfs_list *list, struct span line, pid_t pid)
{
	unsigned minor;

	next_field(&line);
	next_field(&line);
	struct span device = next_field(&line);
	struct span root = next_field(&line);
	struct span where = next_field(&line);
	size_t dash = span_find(line, SPAN(" - "));
	struct span type = span_skip(line, dash + 3);
	type = next_field(&type);
	if (where.len && span_equal(type, SPAN("proc")) && take_minor(device, &minor))
		add(list, minor, root, where, pid);
}

void procfs_parse(struct procfs_list *list, struct span text, pid_t pid)
{
	while (text.len) {
		size_t len = span_index(text, '\n');
		take_line(list, span_first(text, len), pid);
		text = span_skip(text, len + 1);
	}
}

const struct procfs *procfs_with_minor(const struct procfs_list *list, unsigned minor)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].minor == minor)
			return &list->items[i];
	return NULL;
}

/* ---- all of the host ---- */

struct finding_procfs {
	struct procfs_list *list;
	int proc; /* the directory */
	struct buffer text;
	ino_t *seen; /* mount namespaces */
	size_t seen_count;
};

static int read_mountinfo(struct finding_procfs *finding, const char *process, pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/mountinfo", process);
	int fd = openat(finding->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	buffer_reset(&finding->text);
	ssize_t got = 1;
	while (got > 0 && finding->text.len < MOUNTINFO_MAX && buffer_reserve(&finding->text, 65536)) {
		got = read(fd, finding->text.data + finding->text.len, 65536);
		finding->text.len += got > 0 ? (size_t)got : 0;
	}
	int error = errno;
	close(fd);
	if (got < 0)
		return -error;
	procfs_parse(finding->list, buffer_span(&finding->text), pid);
	return got == 0 ? 0 : -E2BIG;
}

/* Whether this process's mount namespace is new to us; what cannot be told is. */
static bool is_new_namespace(struct finding_procfs *finding, const char *process)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "%s/ns/mnt", process);
	if (fstatat(finding->proc, path, &status, 0) < 0)
		return true;
	for (size_t i = 0; i < finding->seen_count; i++)
		if (finding->seen[i] == status.st_ino)
			return false;
	if (finding->seen_count < NAMESPACES_MAX)
		finding->seen[finding->seen_count++] = status.st_ino;
	return true;
}

/* A process that is gone by now has nothing mounted; any other error hides something. */
static void take_process(struct finding_procfs *finding, const char *name)
{
	uint64_t pid;

	if (!span_decimal(span_of(name), &pid) || pid > INT32_MAX || !is_new_namespace(finding, name))
		return;
	int result = read_mountinfo(finding, name, (pid_t)pid);
	if (result < 0 && result != -ENOENT && result != -ESRCH && result != -EINVAL)
		finding->list->unreadable++;
}

static void take_processes(struct finding_procfs *finding)
{
	int fd = openat(finding->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	size_t count = 0;

	if (!directory) {
		finding->list->unreadable++;
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(directory)); count++)
		if (count < PROCESSES_MAX)
			take_process(finding, entry->d_name);
		else
			finding->list->unreadable++;
	closedir(directory);
}

int procfs_find(struct procfs_list *list, const char *proc, struct err *err)
{
	struct finding_procfs finding = { .list = list, .proc = open(proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	int result = finding.proc < 0 ? -errno : 0;

	finding.seen = calloc(NAMESPACES_MAX, sizeof(*finding.seen));
	if (result == 0 && !finding.seen)
		result = -ENOMEM;
	if (result == 0)
		is_new_namespace(&finding, "self");
	if (result == 0)
		result = read_mountinfo(&finding, "self", 0);
	if (result == 0)
		take_processes(&finding);
	else
		err_set(err, result,
			"cannot read %s/self/mountinfo: %s; without it nobody knows where procfs is mounted", proc,
			strerror(-result));
	free(finding.seen);
	buffer_finish(&finding.text);
	if (finding.proc >= 0)
		close(finding.proc);
	return result;
}
