#include "source/procfs_object.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Takes the last component off. */
static struct span last_of(struct span *path)
{
	struct span name = span_basename(*path);

	path->len -= name.len;
	path->len -= path->len > 0;
	return name;
}

static uint32_t number_of(struct span text)
{
	uint64_t value = 0;

	return text.len && span_decimal(text, &value) == text.len && value < UINT32_MAX ? (uint32_t)value : 0;
}

/* "/12/mem", "/12/task/13/mem", "/kcore" */
struct procfs_object procfs_object_named(struct span path)
{
	struct procfs_object object = { 0 };

	if (span_ends(path, SPAN("//deleted")))
		path.len -= SPAN("//deleted").len;
	if (span_ends(path, SPAN(" (deleted)")))
		path.len -= SPAN(" (deleted)").len;
	object.entry = entry_from_name(last_of(&path));
	if (object.entry == ENTRY_NONE || (entry_tier(object.entry) == ENTRY_TIER_SYSTEM) != (path.len == 0))
		return (struct procfs_object){ 0 };
	if (path.len == 0)
		return object;
	object.pid = number_of(last_of(&path));
	if (path.len && span_equal(last_of(&path), SPAN("task"))) {
		object.tid = object.pid;
		object.pid = number_of(last_of(&path));
	}
	return object.pid && path.len == 0 ? object : (struct procfs_object){ 0 };
}

static bool has_inode(int proc, const char *name, const struct stat *st)
{
	struct stat other;

	return fstatat(proc, name, &other, 0) == 0 && other.st_ino == st->st_ino && other.st_dev == st->st_dev;
}

struct procfs_object procfs_object_at_end(int proc, struct span path, const struct stat *st)
{
	struct procfs_object object = { .entry = entry_from_name(last_of(&path)) };
	char name[64];

	object.pid = number_of(last_of(&path));
	if (object.entry == ENTRY_NONE || !object.pid)
		return (struct procfs_object){ 0 };
	if (span_ends(path, SPAN("/task"))) {
		object.tid = object.pid;
		last_of(&path);
		object.pid = number_of(last_of(&path));
		snprintf(name, sizeof(name), "%u/task/%u/%s", object.pid, object.tid, entry_name(object.entry));
	} else {
		snprintf(name, sizeof(name), "%u/%s", object.pid, entry_name(object.entry));
	}
	return has_inode(proc, name, st) ? object : (struct procfs_object){ 0 };
}

struct procfs_object procfs_object_search(int proc, enum entry entry, const struct stat *st)
{
	struct procfs_object object = { .entry = entry };
	int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *found;
	char name[300];

	while (directory && !object.pid && (found = readdir(directory))) {
		uint32_t pid = number_of(span_of(found->d_name));
		snprintf(name, sizeof(name), "%s/%s", found->d_name, entry_name(entry));
		if (pid && has_inode(proc, name, st))
			object.pid = pid;
	}
	if (directory)
		closedir(directory);
	return object.pid ? object : (struct procfs_object){ 0 };
}
