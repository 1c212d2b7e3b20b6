/*
 * Of which entry of which process an event is: by its path, or, where that
 * leads nowhere that we see (a chroot, a mount of another namespace or of
 * none), by its inode.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "source/fanotify_parts.h"

static struct procfs_object object_of_inode(const struct fanotify_reader *reader, struct span path,
					    const struct stat *st)
{
	enum entry entry = entry_from_name(span_basename(path));

	if (entry == ENTRY_NONE || entry_tier(entry) == ENTRY_TIER_SYSTEM)
		return (struct procfs_object){ 0 };
	struct procfs_object object = procfs_object_at_end(reader->proc, path, st);
	return object.pid ? object : procfs_object_search(reader->proc, entry, st);
}

struct procfs_object fanotify_find_object(struct fanotify_reader *reader, int fd, uint32_t actor)
{
	struct fanotify_message *message = &reader->message;
	char name[16], room[FANOTIFY_PATH_MAX];
	struct statx st;

	snprintf(name, sizeof(name), "%d", fd);
	ssize_t len = readlinkat(reader->self_fd, name, message->path, sizeof(message->path));
	message->path_len = (uint16_t)(len > 0 ? len : 0);
	if (len <= 0 || statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &st) != 0)
		return (struct procfs_object){ 0 };
	struct span path = { message->path, (size_t)len };
	struct span inner = fanotify_inner_path(reader, path, st.stx_mnt_id, actor, room);
	struct stat inode = { .st_ino = st.stx_ino, .st_dev = makedev(st.stx_dev_major, st.stx_dev_minor) };
	struct procfs_object object = procfs_object_named(inner);
	if (object.entry == ENTRY_NONE)
		object = object_of_inode(reader, path, &inode);
	object.ours = fanotify_is_ours(reader, inode.st_dev);
	return object;
}
