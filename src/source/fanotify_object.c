/*
 * Of which entry of which process an event is: by its path, or, where that
 * leads nowhere that we see (a chroot, a mount of another namespace or of
 * none), by its inode.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "source/fanotify_parts.h"

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
static struct fanotify_object object_of(struct span path)
{
	struct fanotify_object object = { 0 };

	if (span_ends(path, SPAN("//deleted")))
		path.len -= SPAN("//deleted").len;
	if (span_ends(path, SPAN(" (deleted)")))
		path.len -= SPAN(" (deleted)").len;
	object.entry = entry_from_name(last_of(&path));
	if (object.entry == ENTRY_NONE || (entry_tier(object.entry) == ENTRY_TIER_SYSTEM) != (path.len == 0))
		return (struct fanotify_object){ 0 };
	if (path.len == 0)
		return object;
	object.pid = number_of(last_of(&path));
	if (path.len && span_equal(last_of(&path), SPAN("task"))) {
		object.tid = object.pid;
		object.pid = number_of(last_of(&path));
	}
	return object.pid && path.len == 0 ? object : (struct fanotify_object){ 0 };
}

static bool has_inode(const struct fanotify_reader *reader, const char *name, const struct statx *st)
{
	struct stat other;

	return fstatat(reader->proc, name, &other, 0) == 0 && other.st_ino == st->stx_ino &&
	       other.st_dev == makedev(st->stx_dev_major, st->stx_dev_minor);
}

/* "…/12/mem", "…/12/task/13/mem": what the end of the path says, if it is the same inode. */
static struct fanotify_object object_at_end(const struct fanotify_reader *reader, struct span path,
					    const struct statx *st)
{
	struct fanotify_object object = { .entry = entry_from_name(last_of(&path)) };
	char name[64];

	object.pid = number_of(last_of(&path));
	if (object.entry == ENTRY_NONE || !object.pid)
		return (struct fanotify_object){ 0 };
	if (span_ends(path, SPAN("/task"))) {
		object.tid = object.pid;
		last_of(&path);
		object.pid = number_of(last_of(&path));
		snprintf(name, sizeof(name), "%u/task/%u/%s", object.pid, object.tid, entry_name(object.entry));
	} else {
		snprintf(name, sizeof(name), "%u/%s", object.pid, entry_name(object.entry));
	}
	return has_inode(reader, name, st) ? object : (struct fanotify_object){ 0 };
}

/* The same inode, sought in every process. */
static struct fanotify_object search(const struct fanotify_reader *reader, enum entry entry, const struct statx *st)
{
	struct fanotify_object object = { .entry = entry };
	int fd = openat(reader->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *found;
	char name[300];

	while (directory && !object.pid && (found = readdir(directory))) {
		uint32_t pid = number_of(span_of(found->d_name));
		snprintf(name, sizeof(name), "%s/%s", found->d_name, entry_name(entry));
		if (pid && has_inode(reader, name, st))
			object.pid = pid;
	}
	if (directory)
		closedir(directory);
	return object.pid ? object : (struct fanotify_object){ 0 };
}

static struct fanotify_object object_of_inode(const struct fanotify_reader *reader, struct span path,
					      const struct statx *st)
{
	enum entry entry = entry_from_name(span_basename(path));

	if (entry == ENTRY_NONE || entry_tier(entry) == ENTRY_TIER_SYSTEM)
		return (struct fanotify_object){ 0 };
	struct fanotify_object object = object_at_end(reader, path, st);
	return object.pid ? object : search(reader, entry, st);
}

struct fanotify_object fanotify_find_object(struct fanotify_reader *reader, int fd, uint32_t actor)
{
	struct fanotify_message *message = &reader->message;
	char name[16], room[FANOTIFY_PATH_MAX];
	struct statx st;

	snprintf(name, sizeof(name), "%d", fd);
	ssize_t len = readlinkat(reader->self_fd, name, message->path, sizeof(message->path));
	message->path_len = (uint16_t)(len > 0 ? len : 0);
	if (len <= 0 || statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &st) != 0)
		return (struct fanotify_object){ 0 };
	struct span path = { message->path, (size_t)len };
	struct span inner = fanotify_inner_path(reader, path, st.stx_mnt_id, actor, room);
	struct fanotify_object object = object_of(inner);
	if (object.entry == ENTRY_NONE)
		object = object_of_inode(reader, path, &st);
	object.ours = fanotify_is_ours(reader, makedev(st.stx_dev_major, st.stx_dev_minor));
	return object;
}
